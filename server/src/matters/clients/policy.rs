//! Who may say who a client is, and what may follow what. Pure; the browser checks the same on reading
//! (`shared::client::standing`).

use shared::crypto::keys::Caps;
use shared::crypto::sealed::RecordKind;
use shared::ids::SubmissionId;
use shared::journal::verdict::{Finding, KeyEnded, Lessened, Need, Verdict, Ways};
use shared::time::Timestamp;

use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::matters::policy::At;

/// What is known of a client when something is found about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether staff accepted it at this matter.
    pub accepted: bool,
    /// What was found last.
    pub before: Option<Finding>,
    /// Whether the paper that is named, if any, is a document of the client's own.
    pub paper_is_own: bool,
    /// Whether the client ever answered a code.
    pub code_came: bool,
    /// The kind of the record that came along.
    pub record: Option<RecordKind>,
    /// When, as the signer says.
    pub time: Timestamp,
}

/// Something is found about a client whom staff accepted, by somebody with a seat and `INVITE`.
///
/// # Errors
/// When the signer may not, there is no such client, or it does not follow what was found before.
pub fn may_find(at: &At<'_>, known: Known, act: Verdict) -> Result<Permit<Verdict>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    if !known.accepted {
        return Err(ApiError::invalid("There is no such client here whom staff accepted."));
    }
    if !act.is_sound(known.time) || !act.finding.follows(known.before) {
        return Err(ApiError::invalid("The verdict does not follow what was found before."));
    }
    if !known.paper_is_own {
        return Err(ApiError::invalid("The paper is no document of this client's."));
    }
    if act.ways.contains(Ways::CODE) && !known.code_came {
        return Err(ApiError::invalid("No code came back from this client."));
    }
    if let Some(reason) = &act.reason {
        at.epoch(reason.epoch)?;
        if known.record != Some(RecordKind::Verdict) {
            return Err(ApiError::invalid("The verdict's reason is a record of another kind."));
        }
    }
    Ok(Permit::allow(act))
}

/// What a matter needs is said by somebody with a seat and `INVITE`; it is no less than it was.
///
/// # Errors
/// When the signer may not, it is none that a client can meet, or it is less.
pub fn may_need(at: &At<'_>, before: Option<&Need>, act: Need) -> Result<Permit<Need>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    if !act.is_sound() {
        return Err(ApiError::invalid("No client can meet what the matter would need."));
    }
    if !before.is_none_or(|before| act.is_at_least(before)) {
        return Err(ApiError::invalid(
            "The matter would need less than it did, and no reason is given.",
        ));
    }
    Ok(Permit::allow(act))
}

/// That a matter needs less than it did is said by somebody with a seat and `INVITE`, with a reason.
///
/// # Errors
/// When the signer may not, it is none that a client can meet, or its reason is none.
pub fn may_need_less(
    at: &At<'_>,
    record: Option<RecordKind>,
    act: Lessened,
) -> Result<Permit<Need>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    at.epoch(act.reason.epoch)?;
    if !act.need.is_sound() {
        return Err(ApiError::invalid("No client can meet what the matter would need."));
    }
    if record != Some(RecordKind::Less) {
        return Err(ApiError::invalid("The reason is a record of another kind."));
    }
    Ok(Permit::allow(act.need))
}

/// A client's key ends by the word of somebody with a seat and `INVITE`, with a reason; once.
///
/// # Errors
/// When the signer may not, the key is none of a client here, or the reason is none.
pub fn may_end_key(
    at: &At<'_>,
    speaks_here: bool,
    (record, time): (Option<RecordKind>, Timestamp),
    act: KeyEnded,
) -> Result<Permit<KeyEnded>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    at.epoch(act.reason.epoch)?;
    if !speaks_here {
        return Err(ApiError::invalid("There is no such client's key here, or it ended."));
    }
    if !act.is_sound(time) {
        return Err(ApiError::invalid("The papers would be shredded before they are."));
    }
    if record != Some(RecordKind::KeyEnded) {
        return Err(ApiError::invalid("The reason is a record of another kind."));
    }
    Ok(Permit::allow(act))
}

/// A submission of this matter is let out of quarantine by somebody with a seat and `INVITE`.
///
/// # Errors
/// When the signer may not, or the submission is not this matter's.
pub fn may_release(
    at: &At<'_>,
    submitted_here: bool,
    act: SubmissionId,
) -> Result<Permit<SubmissionId>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    if submitted_here {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("There is no such submission here."))
    }
}
