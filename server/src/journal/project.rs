//! What statements say, written into the tables that answer questions. The door ([`super::append`]) does
//! it with each statement that it takes, and a rebuilding ([`super::rebuild`]) with all that were
//! taken: there is no other way into these tables.

use shared::crypto::keys::VerifyKey;
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Signed;
use shared::journal::posts::{Posted, WallRaised};
use shared::journal::receipt::Receipt;
use shared::journal::statement::{Admitted, KeyringAct, place_of};
use shared::journal::stream::Place;
use shared::problem::Code;
use shared::time::Timestamp;

use super::act::{self, Act};
use super::policy::{self, Firm};
use super::signer::{Authority, Signer};
use super::store::{self, directory};
use super::{posts, recovery, review, rules};
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::{documents, matters};

/// The next statement of its stream, read and verified.
pub struct Next {
    /// Who signed.
    pub signer: Signer,
    /// Its place.
    pub place: Place,
    /// What it says.
    pub act: Act,
}

/// How a statement is kept.
pub struct Kept<'a> {
    /// On whose word it came.
    pub authority: &'a Authority,
    /// Where it stands.
    pub at: &'a Receipt,
    /// The kind of the record that its act names, where it names one.
    pub record: Option<RecordKind>,
}

/// A statement that is being projected: who signed it, where it stands, and when it came.
pub struct Stand<'a> {
    /// On whose word.
    pub authority: &'a Authority,
    /// Who signed.
    pub signer: &'a Signer,
    /// Its place in its stream.
    pub place: Place,
    /// Its leaf in the tree.
    pub leaf: u64,
    /// The server's time.
    pub now: Timestamp,
    /// The kind of the record that its act names, where it names one.
    pub record: Option<RecordKind>,
}

/// Reads a statement of this signer, which must be the next of its stream.
///
/// # Errors
/// When the signature, the shape or the place does not hold.
pub async fn read(tx: &mut Tx, signed: &Signed, signer: Signer) -> Reply<Next> {
    let (place, act) = act::read(signed, &signer.key)?;
    store::head(tx, place.stream).await?.advance(&place, signed.digest()).map_err(|_| moved())?;
    Ok(Next { signer, place, act })
}

/// The key a statement says it is signed with: known to the firm, or brought along. Whose time with the firm has
/// a last day is judged by the later of what they say and when it came, as devices judge it.
///
/// # Errors
/// When it is neither.
pub async fn signer_of(tx: &mut Tx, signed: &Signed, now: Timestamp) -> Reply<Signer> {
    let said = place_of(signed.as_bytes()).map_or(now, |place| place.time.max(now));
    match act::brought_signer(signed)? {
        Some(signer) => Ok(signer),
        None => directory::signer(tx, signed.signer(), said)
            .await?
            .ok_or(ApiError::invalid("The statement is signed by nobody this firm knows.")),
    }
}

/// Writes down what a kept statement says, if its signer may say it. `log` is the server's own key.
///
/// # Errors
/// When a policy refuses, or the database.
pub async fn project(tx: &mut Tx, log: &VerifyKey, kept: &Kept<'_>, next: Next) -> Reply<()> {
    let Kept { authority, at, record } = *kept;
    let Next { signer, place, act } = next;
    store::advance(tx, at).await?;
    let (leaf, now) = (at.leaf, at.time);
    let stand = Stand { authority, signer: &signer, place, leaf, now, record };
    let firm = directory::firm(tx).await?;
    if let Act::Root(act) = act {
        let permit = policy::may_found(authority, firm.as_ref(), act, log)?;
        return Ok(directory::found(tx, &permit).await?);
    }
    let firm = firm.ok_or(ApiError::invalid("There is no firm here yet."))?;
    feature(tx, &stand, &firm, act).await
}

/// Hands the act to its feature.
async fn feature(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: Act) -> Reply<()> {
    match act {
        Act::Root(_) => Ok(()),
        Act::Keyring(act) => keyring(tx, stand, firm, act).await,
        // The statements are all that is kept of it, and the root's key.
        Act::Recovery(act) => recovery::take(tx, stand, firm, &act).await,
        Act::Joined(matter, act) => matters::acts::join(tx, stand, firm, matter, act).await,
        Act::Epoch(matter, act) => matters::acts::begin_epoch(tx, stand, firm, matter, act).await,
        Act::Filed(matter, act) => documents::acts::file(tx, stand, firm, matter, act).await,
        Act::Matter(matter, act) => matters::acts::take(tx, stand, firm, matter, act).await,
        Act::Identity(matter, act) => matters::clients::acts::take(tx, stand, matter, act).await,
        Act::Access(matter, act) => matters::acts::note_access(tx, stand, matter, act).await,
        Act::Review(act) => review::take(tx, stand, firm, act).await,
        Act::Policy(act) => rules::take(tx, stand, firm, act).await,
        Act::Form(act) => {
            let newest = directory::newest_form(tx, act.form).await?;
            let permit = policy::may_publish(stand.signer, newest, act)?;
            Ok(directory::publish(tx, stand.leaf, &permit).await?)
        }
    }
}

async fn keyring(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: KeyringAct) -> Reply<()> {
    match act {
        KeyringAct::Admitted(act) => admit(tx, stand, firm, act).await?,
        KeyringAct::RecoveryKey(bundle) => {
            let permit = policy::may_name_recovery(stand.signer, firm, bundle)?;
            directory::name_recovery(tx, &permit).await?;
        }
        KeyringAct::Invited(offer) => {
            let maker = directory::person(tx, stand.signer.kid).await?;
            let permit = policy::may_offer(stand.signer, maker.as_ref(), offer)?;
            directory::offer(tx, stand.leaf, &permit).await?;
        }
        KeyringAct::Ended(act) => {
            let person = directory::person(tx, act.kid).await?;
            let governed = directory::others_admit(tx, act.kid).await?;
            let permit = policy::may_end(stand.signer, person.as_ref(), governed, act)?;
            directory::end(tx, &permit).await?;
        }
        KeyringAct::Restored(act) => {
            let person = directory::person(tx, act.kid).await?;
            let permit = policy::may_restore(stand.signer, person.as_ref(), act)?;
            directory::restore(tx, &permit).await?;
        }
        KeyringAct::Posted(act) => post(tx, stand, firm, act).await?,
        KeyringAct::WallRaised(act) => raise(tx, stand, firm, act).await?,
        KeyringAct::WallLifted(act) => {
            let stands = store::posts::stands(tx, act.wall, act.kid).await?;
            let permit = posts::may_lift(stand.signer, stands, act)?;
            store::posts::lift(tx, &permit).await?;
        }
        KeyringAct::DutyGiven(act) => {
            let mut known = true;
            for kid in act.holder.iter().chain(&act.deputy) {
                let person = directory::person(tx, *kid).await?;
                known = known && person.is_some_and(|person| person.ended.is_none());
            }
            // The statement is all that is kept of it.
            drop(posts::may_give_duty(stand.signer, known, act)?);
        }
    }
    Ok(())
}

async fn post(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: Posted) -> Reply<()> {
    let maker = directory::person(tx, stand.signer.kid).await?;
    let person = directory::person(tx, act.kid).await?;
    let others = directory::others_admit(tx, act.kid).await?;
    let whom = (person.as_ref(), others);
    let permit = posts::may_post(stand.signer, maker.as_ref(), whom, firm.office, act)?;
    Ok(store::posts::post(tx, &permit).await?)
}

async fn raise(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: WallRaised) -> Reply<()> {
    let person = directory::person(tx, act.kid).await?;
    let before = posts::Before {
        seated: matters::store::seated(tx, stand.signer.kid, act.matter).await?,
        walled: store::posts::walled(tx, act.kid, act.matter).await?,
        office: firm.office,
    };
    let permit = posts::may_raise(stand.signer, person.as_ref(), before, act)?;
    Ok(store::posts::raise(tx, &permit).await?)
}

async fn admit(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: Admitted) -> Reply<()> {
    let offer = match act.enrolment {
        Some(enrolment) => directory::offered(tx, enrolment).await?,
        None => None,
    };
    let returned = offer.is_none() && recovery::returned(tx, &act, stand.leaf).await?;
    let (authority, signer) = (stand.authority, stand.signer);
    let permit = policy::may_admit(authority, signer, firm, &act, offer.as_ref(), returned)?;
    Ok(directory::admit(tx, &permit).await?)
}

/// The stream a statement of the call stands in moved on.
#[must_use]
pub const fn moved() -> ApiError {
    ApiError::new(Code::StreamMoved, "The stream moved on: read its end and sign again.")
}
