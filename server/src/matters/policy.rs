//! Who may do what at a matter. Pure, over facts already fetched; the browser checks the same on
//! reading (`shared::client::room`). The seat decided here is what every other policy asks about.

use std::collections::BTreeSet;

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role};
use shared::crypto::sealed::RecordKind;
use shared::ids::{InviteId, MatterId, ObjectId};
use shared::journal::statement::{
    AccessAct, ClientAccepted, ClientInvited, ClientJoined, Decided, EpochAct, Granted, RecordRef,
    Submitted,
};
use shared::journal::stream::Head;
use shared::problem::Code;
use shared::time::Timestamp;

use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::policy::lacks_capability;
use crate::journal::signer::{Part, Signer};

/// A signer at a matter.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// Who.
    pub signer: &'a Signer,
    /// The matter.
    pub matter: MatterId,
    /// Whether the signer created it or holds a grant.
    pub seated: bool,
    /// How many key epochs the matter has.
    pub epochs: u32,
}

impl At<'_> {
    // Somebody without a seat learns nothing about the matter, not even that it exists.
    fn seat(&self) -> Result<(), ApiError> {
        let staff = matches!(self.signer.part, Part::Staff { .. });
        if staff && self.seated { Ok(()) } else { Err(ApiError::not_found()) }
    }

    /// Whether the signer has a seat, and may do what the capability says.
    ///
    /// # Errors
    /// When the signer has neither.
    pub fn seat_with(&self, caps: Caps) -> Result<(), ApiError> {
        self.seat()?;
        if self.signer.is_staff_with(caps) { Ok(()) } else { Err(lacks_capability()) }
    }

    fn client(&self) -> Result<(), ApiError> {
        match self.signer.part {
            Part::Client { matter, .. } if matter == self.matter => Ok(()),
            _ => Err(ApiError::not_found()),
        }
    }

    /// Whether the signer may put objects into the matter: staff with a seat, or its client.
    ///
    /// # Errors
    /// Absent and forbidden look alike.
    pub fn files(&self) -> Result<(), ApiError> {
        self.seat().or_else(|_| self.client())
    }

    /// Whether the matter has such a key epoch.
    ///
    /// # Errors
    /// When it has none.
    pub fn epoch(&self, epoch: u32) -> Result<(), ApiError> {
        if epoch < self.epochs {
            Ok(())
        } else {
            Err(ApiError::invalid("The matter has no such key epoch."))
        }
    }
}

/// A matter comes into being by its stream's first statement, from staff with `MATTERS`.
///
/// # Errors
/// When the signer may not, or the statement names another matter than its stream.
pub fn may_create(
    signer: &Signer,
    stream: MatterId,
    seq: u64,
    named: MatterId,
) -> Result<Permit<MatterId>, ApiError> {
    if !signer.is_staff_with(Caps::MATTERS) {
        return Err(lacks_capability());
    }
    if named != stream || seq != 0 {
        return Err(ApiError::invalid(
            "A matter begins with the first statement of its own stream.",
        ));
    }
    Ok(Permit::allow(named))
}

/// A key epoch that its signer may begin, as far as it tells by itself: only for one of these is the rest
/// of the matter read.
pub struct Proposed(EpochAct);

impl Proposed {
    /// Whether access is taken back with it.
    #[must_use]
    pub const fn unseats(&self) -> bool {
        self.0.unseated.is_some()
    }

    /// How far its signer says that the keyring went.
    #[must_use]
    pub const fn known(&self) -> Option<Head> {
        self.0.known
    }
}

/// A key epoch is proposed: the next number, a key that says it is this matter's, and a list in order of
/// those whose access is taken back.
///
/// # Errors
/// When the signer may not, or number, key or list do not fit.
pub fn may_propose_epoch(at: &At<'_>, firm: Hash32, act: EpochAct) -> Result<Proposed, ApiError> {
    at.seat_with(Caps::MATTERS)?;
    if act.unseated.is_some() {
        at.seat_with(Caps::GRANT)?;
    }
    if act.leaving(at.signer.kid).is_none() {
        return Err(unfit_list());
    }
    let fits = act.matter == at.matter
        && act.epoch == at.epochs
        && act.key.role == Role::Matter
        && act.key.subject == at.matter.0
        && act.key.firm == firm;
    if fits {
        Ok(Proposed(act))
    } else {
        Err(ApiError::invalid("The epoch is not the next one, or its key is not this matter's."))
    }
}

/// It begins: access is taken back from staff with a seat, the matter did not have the key before, and the
/// keyring went as far as is said.
///
/// # Errors
/// When the list names somebody else, the key comes back, or the keyring never ended there.
pub fn may_begin_epoch(
    Proposed(act): Proposed,
    keyring_shown: bool,
    seated: &BTreeSet<Kid>,
    earlier: &[PublicBundle],
) -> Result<Permit<EpochAct>, ApiError> {
    if !act.unseated.iter().flatten().all(|kid| seated.contains(kid)) {
        return Err(unfit_list());
    }
    if !keyring_shown {
        return Err(ApiError::invalid("The keyring does not go as far as the epoch says."));
    }
    if earlier.iter().any(|key| key.kem == act.key.kem) {
        // Every reader refuses the stream from here on.
        return Err(ApiError::invalid("The matter had this key before."));
    }
    Ok(Permit::allow(act))
}

fn unfit_list() -> ApiError {
    ApiError::invalid("Access is taken back from colleagues who have it, and named in order.")
}

/// A key goes to somebody who can be given one: staff with a KEM key, the recovery key, or a
/// client of this matter whom staff accepted.
///
/// # Errors
/// When the signer may not, or the recipient is none of these.
pub fn may_grant(
    at: &At<'_>,
    recipient_known: bool,
    act: Granted,
) -> Result<Permit<Granted>, ApiError> {
    at.seat_with(Caps::GRANT)?;
    at.epoch(act.epoch)?;
    if recipient_known {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("The recipient is nobody who can hold a matter's key."))
    }
}

/// The firm's root passes a seat that somebody lost on to their new key, and gives nothing else.
///
/// # Errors
/// When no recovery came to that, or the matter has no such epoch.
pub fn may_pass_seat(at: &At<'_>, passes: bool, act: Granted) -> Result<Permit<Granted>, ApiError> {
    if at.signer.part != Part::Root || !passes {
        return Err(ApiError::not_found());
    }
    at.epoch(act.epoch)?;
    Ok(Permit::allow(act))
}

/// A sealed description, from somebody with a seat; of the firm itself, from somebody who also may
/// set its policy.
///
/// # Errors
/// When the signer has no seat or may not, or the record is sealed to no epoch of the matter.
pub fn may_describe(
    at: &At<'_>,
    kind: Option<RecordKind>,
    act: RecordRef,
) -> Result<Permit<RecordRef>, ApiError> {
    match kind {
        Some(RecordKind::Firm) => at.seat_with(Caps::POLICY)?,
        _ => at.seat()?,
    }
    at.epoch(act.epoch)?;
    Ok(Permit::allow(act))
}

/// An invitation of a client, from somebody with a seat and `INVITE`.
///
/// # Errors
/// When the signer may not, or the secret is sealed to no epoch of the matter.
pub fn may_invite(at: &At<'_>, act: ClientInvited) -> Result<Permit<ClientInvited>, ApiError> {
    at.seat_with(Caps::INVITE)?;
    at.epoch(act.secret.epoch)?;
    Ok(Permit::allow(act))
}

/// An invitation as the server keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invite {
    /// The matter.
    pub matter: MatterId,
    /// Until when.
    pub expires: Timestamp,
    /// By whom it was used.
    pub used_by: Option<Kid>,
}

impl Invite {
    /// The same when its time is over, unless it was used.
    #[must_use]
    pub fn over(self) -> Self {
        let expires = if self.used_by.is_none() { Timestamp(0) } else { self.expires };
        Self { expires, ..self }
    }
}

/// A client comes by an invitation of this matter: once, in time, with a client's keys.
///
/// # Errors
/// When the invitation is another's, over or used, or the bundle is no client's of this firm,
/// or names a client who came to this matter before.
pub fn may_join(
    matter: MatterId,
    firm: Hash32,
    invite: Option<&Invite>,
    subject_taken: bool,
    now: Timestamp,
    act: ClientJoined,
) -> Result<Permit<ClientJoined>, ApiError> {
    let invite = invite.filter(|invite| invite.matter == matter).ok_or(ApiError::not_found())?;
    if invite.used_by.is_some() {
        return Err(ApiError::new(
            Code::InvitationUsed,
            "The invitation was used by another browser.",
        ));
    }
    if invite.expires < now {
        return Err(ApiError::new(Code::InvitationExpired, "The invitation's time is over."));
    }
    if act.bundle.role != Role::Client || act.bundle.firm != firm {
        return Err(ApiError::invalid("The bundle is no client's of this firm."));
    }
    if subject_taken {
        return Err(ApiError::invalid("Another client of this matter has this id."));
    }
    Ok(Permit::allow(act))
}

/// Staff accepts a client's key: one that came to this matter by the invitation named.
///
/// # Errors
/// When the signer has no seat, or no such client came.
pub fn may_accept(
    at: &At<'_>,
    came_by: Option<InviteId>,
    act: ClientAccepted,
) -> Result<Permit<ClientAccepted>, ApiError> {
    at.seat()?;
    if came_by == Some(act.invite) && matches!(act.level, 1 | 2) {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("No such client came to this matter by this invitation."))
    }
}

/// A client hands in objects that it filed itself, each once.
///
/// # Errors
/// When the signer is no client of this matter, or an object is missing or somebody else's.
pub fn may_submit(
    at: &At<'_>,
    all_filed_by_signer: bool,
    act: Submitted,
) -> Result<Permit<Submitted>, ApiError> {
    at.client()?;
    if !all_filed_by_signer {
        return Err(ApiError::invalid(
            "A submission names an object that its sender has not filed here.",
        ));
    }
    let mut objects: Vec<ObjectId> = act.documents.clone();
    objects.push(act.answers);
    let count = objects.len();
    objects.sort_unstable();
    objects.dedup();
    if objects.len() == count {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("A submission names an object twice."))
    }
}

/// Staff with a seat says how a submission of this matter stands.
///
/// # Errors
/// When the signer has no seat, or the submission is not this matter's.
pub fn may_decide(
    at: &At<'_>,
    submitted_here: bool,
    act: Decided,
) -> Result<Permit<Decided>, ApiError> {
    at.seat()?;
    if submitted_here {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("There is no such submission here."))
    }
}

/// Somebody with a seat says what was opened.
///
/// # Errors
/// When the signer has no seat, or the object is not this matter's.
pub fn may_note_access(
    at: &At<'_>,
    object_here: bool,
    act: AccessAct,
) -> Result<Permit<AccessAct>, ApiError> {
    at.seat()?;
    if object_here {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("There is no such object here."))
    }
}
