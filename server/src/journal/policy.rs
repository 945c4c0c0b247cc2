//! Who may change the firm's directory and forms, and who may read which stream. Pure, over facts
//! already fetched. The browser checks the same on reading (`shared::client::directory`).

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role, VerifyKey};
use shared::ids::{AccountId, EnrolmentId, MatterId};
pub use shared::journal::admission::open_self_signed;
use shared::journal::checkpoint::Checkpoint;
use shared::journal::cosignature::{CLOCKS, Witness};
use shared::journal::posts::{Placing, Post};
use shared::journal::statement::{
    Admitted, EndKind, Ended, EnrolmentOffered, FormPublished, Restored, RootAct,
};
use shared::journal::stream::StreamId;
use shared::problem::Code;
use shared::time::Timestamp;

use super::permit::Permit;
use super::posts::{self, Person, of_this_firm};
use super::signer::{Authority, Part, Signer};
use crate::error::ApiError;
use crate::extract::caller::Caller;

/// The firm as its root statement made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firm {
    /// The root's fingerprint.
    pub fingerprint: Hash32,
    /// The root's key.
    pub root: VerifyKey,
    /// The firm's own room.
    pub office: MatterId,
    /// The newest recovery key.
    pub recovery: Option<Kid>,
}

/// A firm comes into being once, in founding, and names this server's log key.
///
/// # Errors
/// When there is one already, or the statement names another log.
pub fn may_found(
    authority: &Authority,
    firm: Option<&Firm>,
    act: RootAct,
    log: &VerifyKey,
) -> Result<Permit<RootAct>, ApiError> {
    if !matches!(authority, Authority::Founding { .. }) || firm.is_some() {
        return Err(already_founded());
    }
    if act.log != *log || !act.root.is_sound() {
        return Err(ApiError::invalid("The root statement does not name this server's log key."));
    }
    Ok(Permit::allow(act))
}

/// What the server knows of an invitation of staff when somebody is to be admitted by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Whoever made it.
    pub maker: Kid,
    /// The role offered.
    pub role: u8,
    /// The capabilities offered.
    pub caps: u32,
    /// The post offered, where one is said.
    pub placing: Option<Placing>,
    /// Who was admitted by it already.
    pub admitted: Option<AccountId>,
    /// Who enrolled by it, with the bundle he handed in.
    pub enrolled: Option<(AccountId, Vec<u8>)>,
}

/// A new member, checked.
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The bundle that its holder signed.
    pub bundle: PublicBundle,
    /// By which invitation; none for the founder.
    pub enrolment: Option<EnrolmentId>,
    /// The post that was offered, where one was said.
    pub placing: Option<Placing>,
}

/// A person is admitted with a bundle that its holder signed: the founder by the root, as is whoever `returned` by
/// shares; everybody else by whoever made the offer and still has `ADMIT`, exactly as offered and enrolled.
///
/// # Errors
/// When the signer may not, or the bundle is not the one offered and enrolled.
pub fn may_admit(
    authority: &Authority,
    signer: &Signer,
    firm: &Firm,
    act: &Admitted,
    offer: Option<&Offer>,
    returned: bool,
) -> Result<Permit<Member>, ApiError> {
    by_root_or_admitter(signer)?;
    let bundle = open_self_signed(&act.bundle)
        .ok_or(ApiError::invalid("The admitted bundle is not signed by its own key."))?;
    let fits = bundle.firm == firm.fingerprint
        && bundle.subject == act.account.0
        && matches!(bundle.role, Role::Staff | Role::Admin);
    if !fits {
        return Err(ApiError::invalid("The admitted bundle is not a person's of this firm."));
    }
    match (authority, act.enrolment, offer) {
        (Authority::Founding { account }, None, None) if *account == act.account => {}
        (_, None, None) if signer.part == Part::Root && returned => {}
        (Authority::Staff(_), Some(_), Some(offer)) => {
            // Only the maker holds what tells the invited person from a stranger.
            if offer.maker != signer.kid {
                return Err(ApiError::invalid("Only the maker of an invitation admits by it."));
            }
            as_offered(act, &bundle, offer)?;
        }
        _ => return Err(ApiError::invalid("Nobody is admitted without an invitation.")),
    }
    let placing = offer.and_then(|offer| offer.placing);
    Ok(Permit::allow(Member { account: act.account, bundle, enrolment: act.enrolment, placing }))
}

fn as_offered(act: &Admitted, bundle: &PublicBundle, offer: &Offer) -> Result<(), ApiError> {
    if offer.admitted.is_some() {
        return Err(ApiError::invalid("Somebody was admitted by this invitation already."));
    }
    let same_person = offer
        .enrolled
        .as_ref()
        .is_some_and(|(account, bytes)| *account == act.account && *bytes == act.bundle);
    if !same_person {
        return Err(ApiError::invalid("The admitted bundle is not the one that was enrolled."));
    }
    if offer.role != bundle.role as u8 || offer.caps != bundle.caps.0 {
        return Err(ApiError::invalid("The admitted role or capabilities are not those offered."));
    }
    Ok(())
}

/// The recovery key is the root's word alone.
///
/// # Errors
/// When anybody else names one, or the bundle is no recovery key of this firm.
pub fn may_name_recovery(
    signer: &Signer,
    firm: &Firm,
    bundle: PublicBundle,
) -> Result<Permit<PublicBundle>, ApiError> {
    if signer.part != Part::Root {
        return Err(ApiError::invalid("Only the firm root names the recovery key."));
    }
    if bundle.role != Role::Recovery || bundle.firm != firm.fingerprint {
        return Err(ApiError::invalid("The bundle is no recovery key of this firm."));
    }
    if firm.recovery.is_some() {
        return Err(ApiError::invalid("The firm has a recovery key."));
    }
    Ok(Permit::allow(bundle))
}

/// Staff is invited by the root or by somebody with `ADMIT`, to a post that exists; an officer by officers.
///
/// # Errors
/// When the signer may not, or the role is no person's.
pub fn may_offer(
    signer: &Signer,
    maker: Option<&Person>,
    offer: EnrolmentOffered,
) -> Result<Permit<EnrolmentOffered>, ApiError> {
    by_root_or_admitter(signer)?;
    if offer.post() == Some(Post::Officer) {
        posts::officers_only(signer, maker)?;
    }
    if !offer.is_sound() {
        return Err(ApiError::invalid("The offered role or capabilities do not exist."));
    }
    if !offer.keeps_its_secret() {
        return Err(ApiError::invalid("The offer does not keep its link's secret."));
    }
    Ok(Permit::allow(offer))
}

/// Somebody's time with the firm ends by the word of the root, or of staff with `ADMIT` or `KEYS`: never of
/// their own, and never that of the last person who admits. Who is suspended can also leave.
///
/// # Errors
/// When the signer may not, there is no such person, or nobody would be left to admit.
pub fn may_end(
    signer: &Signer,
    person: Option<&Person>,
    others_admit: bool,
    act: Ended,
) -> Result<Permit<Ended>, ApiError> {
    governs(signer, act.kid)?;
    let before = of_this_firm(person, act.account)?.ended;
    let leaves_now = (before, act.kind) == (Some(EndKind::Suspended), EndKind::Left);
    if before.is_some() && !leaves_now {
        return Err(ApiError::invalid("The person's time with the firm ended before."));
    }
    if !others_admit {
        return Err(ApiError::invalid("Nobody would be left who can admit people."));
    }
    Ok(Permit::allow(act))
}

/// Somebody who was suspended comes back by such a word.
///
/// # Errors
/// When the signer may not, or the person is not suspended.
pub fn may_restore(
    signer: &Signer,
    person: Option<&Person>,
    act: Restored,
) -> Result<Permit<Restored>, ApiError> {
    governs(signer, act.kid)?;
    if of_this_firm(person, act.account)?.ended == Some(EndKind::Suspended) {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("The person is not suspended."))
    }
}

/// Whoever may end somebody's time may know first how many matters hang on them.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_count(signer: &Signer) -> Result<Permit<()>, ApiError> {
    if signer.is_staff_with(Caps::ADMIT) || signer.is_staff_with(Caps::KEYS) {
        Ok(Permit::allow(()))
    } else {
        Err(ApiError::not_found())
    }
}

pub(super) fn governs(signer: &Signer, of: Kid) -> Result<(), ApiError> {
    let may = signer.part == Part::Root
        || signer.is_staff_with(Caps::ADMIT)
        || signer.is_staff_with(Caps::KEYS);
    if !may {
        return Err(lacks_capability());
    }
    if signer.kid == of {
        return Err(ApiError::invalid("Nobody says this of themselves."));
    }
    Ok(())
}

/// Versions of a form follow each other without gaps.
///
/// # Errors
/// When the signer lacks `FORMS`, or the version is not the next.
pub fn may_publish(
    signer: &Signer,
    newest: Option<u32>,
    form: FormPublished,
) -> Result<Permit<FormPublished>, ApiError> {
    if !signer.is_staff_with(Caps::FORMS) {
        return Err(lacks_capability());
    }
    if newest.unwrap_or(0).checked_add(1) != Some(form.version) {
        return Err(ApiError::invalid("The form's version is not the next one."));
    }
    Ok(Permit::allow(form))
}

/// A stream that the caller may look at.
pub struct Readable {
    /// Which.
    pub stream: StreamId,
    /// Whether its sealed attachments come along.
    pub attachments: bool,
}

/// Who may read a stream: any staff the keyring, the policy and the forms, whoever sits at a matter its
/// streams. `seated` is asked of the matter, or of the office for the forms.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_read(
    caller: &Caller,
    stream: StreamId,
    seated: bool,
) -> Result<Permit<Readable>, ApiError> {
    let attachments = match (caller, stream) {
        // Blobs of enrolments are for the invited person, who asks by token.
        (Caller::Staff { .. }, StreamId::Keyring | StreamId::Reviews) => false,
        (Caller::Staff { .. }, StreamId::Forms | StreamId::Policy) => seated,
        (Caller::Staff { .. }, StreamId::Matter(_) | StreamId::Access(_)) if seated => true,
        _ => return Err(ApiError::not_found()),
    };
    Ok(Permit::allow(Readable { stream, attachments }))
}

/// Who may ask for a stream's end: whoever reads it, and a client for its own matter, whose stream
/// it writes to.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_link(
    caller: &Caller,
    stream: StreamId,
    seated: bool,
) -> Result<Permit<StreamId>, ApiError> {
    match (caller, stream) {
        (Caller::Client { matter, .. }, StreamId::Matter(asked)) if *matter == asked => {
            Ok(Permit::allow(stream))
        }
        _ => may_read(caller, stream, seated).map(|_| Permit::allow(stream)),
    }
}

/// The journal as a whole is for staff.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_read_journal(caller: &Caller) -> Result<Permit<()>, ApiError> {
    match caller {
        Caller::Staff { .. } => Ok(Permit::allow(())),
        Caller::Client { .. } => Err(ApiError::not_found()),
    }
}

/// A cosignature that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Whose.
    pub kid: Kid,
    /// The size of the checkpoint.
    pub size: u64,
    /// When it was made, by its witness's clock.
    pub time: Timestamp,
    /// Its line.
    pub line: String,
}

/// Staff stands witness to the journal, each for itself, with the key that the keyring gives.
///
/// # Errors
/// When the caller is no staff, the clock of its device is far off, or the line is not its cosignature of
/// this checkpoint.
pub fn may_cosign(
    caller: &Caller,
    signer: Option<&Signer>,
    firm: &Firm,
    checkpoint: &Checkpoint,
    line: &str,
    now: Timestamp,
) -> Result<Permit<Cosigned>, ApiError> {
    let (Caller::Staff { kid, .. }, Some(signer)) = (caller, signer) else {
        return Err(ApiError::not_found());
    };
    if signer.kid != *kid {
        return Err(ApiError::not_found());
    }
    let witness = Witness { kid: *kid, key: signer.key };
    let time = checkpoint
        .cosigned(firm.fingerprint, &witness, line)
        .map_err(|_| ApiError::invalid("The line does not cosign this checkpoint."))?;
    if time.is_before(now, CLOCKS) || now.is_before(time, CLOCKS) {
        return Err(ApiError::bad_request("The device's clock is more than an hour off."));
    }
    let size = checkpoint.size;
    Ok(Permit::allow(Cosigned { kid: *kid, size, time, line: line.to_owned() }))
}

/// There is a firm already.
#[must_use]
pub const fn already_founded() -> ApiError {
    ApiError::new(Code::AlreadyFounded, "A firm lives here already.")
}

/// The signer has not the capability that the act needs.
#[must_use]
pub fn lacks_capability() -> ApiError {
    ApiError::invalid("The signer has not the capability that this act needs.")
}

fn by_root_or_admitter(signer: &Signer) -> Result<(), ApiError> {
    if signer.part == Part::Root || signer.is_staff_with(Caps::ADMIT) {
        Ok(())
    } else {
        Err(lacks_capability())
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
