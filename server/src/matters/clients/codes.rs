//! Who may ask a client for a one-time code, and which answers are taken. Pure; devices check the same on
//! reading (`shared::client::codes`), but for the hour's bound.

use shared::crypto::keys::Caps;
use shared::crypto::manifest::Manifest;
use shared::crypto::sealed::RecordKind;
use shared::journal::code::{CodeAsked, MOST_IN_AN_HOUR, MOST_TRIES, is_answer};
use shared::journal::verdict::{Finding, Verdict, Ways};
use shared::matters::mail::MailState;
use shared::problem::Code;
use shared::time::{HOUR, Timestamp};

use super::mail::store::Send;
use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::signer::Signer;
use crate::matters::policy::At;

/// A client whom staff accepted is asked for a code by somebody with a seat and `INVITE`.
///
/// # Errors
/// When the signer may not, there is no such client, or the code lasts too long or is not there.
pub fn may_ask(
    at: &At<'_>,
    accepted: bool,
    record: Option<RecordKind>,
    act: CodeAsked,
) -> Result<Permit<CodeAsked>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    if !accepted {
        return Err(ApiError::invalid("There is no such client here whom staff accepted."));
    }
    at.epoch(act.code.epoch)?;
    if record != Some(RecordKind::Code) || !act.is_sound() {
        return Err(ApiError::invalid("The code lasts too long, or is a record of another kind."));
    }
    Ok(Permit::allow(act))
}

/// How a mail with a code fares is for whoever may ask for one.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_see(signer: &Signer, seated: bool) -> Result<(), ApiError> {
    if seated && signer.is_staff_with(Caps::INVITE) { Ok(()) } else { Err(ApiError::not_found()) }
}

/// A mail goes out while its code is answered, and once; one that came to nothing may be handed over again.
///
/// # Errors
/// When the code ended, or a mail waits or went out.
pub fn may_mail(before: MailState, send: Send, now: Timestamp) -> Result<Permit<Send>, ApiError> {
    if matches!(before, MailState::Waiting | MailState::Sent) {
        return Err(ApiError::new(Code::AlreadyExists, "This code was handed over already."));
    }
    if now <= send.ends {
        Ok(Permit::allow(send))
    } else {
        Err(ApiError::bad_request("No code is asked for, or not any more."))
    }
}

/// Whether a verdict ends the code that its client was asked for.
#[must_use]
pub const fn ends(act: &Verdict) -> bool {
    act.ways.contains(Ways::CODE) || matches!(act.finding, Finding::Failed)
}

/// What is known when an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Until when the newest code is answered; `None` where none was asked for, or a verdict ended it.
    pub ends: Option<Timestamp>,
    /// How many answers to it came.
    pub tries: u64,
    /// How many came from this client within the hour, to whatever code.
    pub hour: u64,
}

/// An answer, allowed.
pub struct Answer(());

/// An answer is taken while its code is asked for, a few times, and not too often in an hour.
///
/// # Errors
/// When it is late, one too many, or none.
pub fn may_answer(
    asked: Asked,
    now: Timestamp,
    manifest: &Manifest,
) -> Result<Permit<Answer>, ApiError> {
    let open = asked.ends.is_some_and(|ends| now <= ends) && asked.tries < MOST_TRIES as u64;
    if !open || !is_answer(manifest) {
        return Err(ApiError::invalid("No code is asked for, or not any more."));
    }
    if asked.hour >= MOST_IN_AN_HOUR {
        return Err(ApiError::too_many(HOUR / 1000));
    }
    Ok(Permit::allow(Answer(())))
}
