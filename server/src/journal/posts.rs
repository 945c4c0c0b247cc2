//! Who may say what somebody is at the firm, whom a wall keeps from a matter, and whose a duty is. Pure, over
//! facts already fetched; the browser checks the same on reading (`shared::client::posts`).

use shared::crypto::keys::{Caps, Role};
use shared::ids::{AccountId, MatterId};
use shared::journal::posts::{DutyGiven, Post, Posted, WallLifted, WallRaised};
use shared::journal::statement::EndKind;

use super::permit::Permit;
use super::policy::{governs, lacks_capability};
use super::signer::{Part, Signer};
use crate::error::ApiError;

/// A person of staff as the keyring says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// How the person's time with the firm ended, if it did.
    pub ended: Option<EndKind>,
    /// The keys of the person: with one that opens, or with none.
    pub role: Role,
    /// What the person is.
    pub post: Post,
}

/// Officers are made, and made something else, by officers and the root alone.
///
/// # Errors
/// When the signer is neither.
pub fn officers_only(signer: &Signer, person: Option<&Person>) -> Result<(), ApiError> {
    let officer = person.is_some_and(|person| person.post == Post::Officer);
    if signer.part == Part::Root || officer {
        Ok(())
    } else {
        Err(ApiError::invalid("Only an officer says who is an officer."))
    }
}

/// Somebody gets another post by the word of the root, or of staff with `ADMIT` or `KEYS`: never oneself, only
/// one that their keys can hold, and somebody who admits stays.
///
/// # Errors
/// When the signer may not, or the post does not fit the person.
pub fn may_post(
    signer: &Signer,
    maker: Option<&Person>,
    (person, others_admit): (Option<&Person>, bool),
    office: MatterId,
    act: Posted,
) -> Result<Permit<Posted>, ApiError> {
    governs(signer, act.kid)?;
    let person = of_this_firm(person, act.account)?;
    if person.ended.is_some() {
        return Err(ApiError::invalid("The person's time with the firm ended."));
    }
    if [person.post, act.placing.post].contains(&Post::Officer) {
        officers_only(signer, maker)?;
    }
    if !act.placing.fits(person.role, act.caps) || act.placing.matter == Some(office) {
        return Err(ApiError::invalid("The post does not fit the person, or lacks its bounds."));
    }
    let admits = act.caps.contains(Caps::ADMIT) && act.placing.until.is_none();
    if !admits && !others_admit {
        return Err(ApiError::invalid("Nobody would be left who can admit people."));
    }
    Ok(Permit::allow(act))
}

/// What is known when a wall is raised.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// Whether the signer sits at the matter.
    pub seated: bool,
    /// Whether such a wall stands already.
    pub walled: bool,
    /// The firm's own room, which nobody is kept from.
    pub office: MatterId,
}

/// A wall is raised by the root, by staff with `ADMIT`, `KEYS` or `POLICY`, or by whoever shares the matter and
/// sits there: never before oneself, and none twice.
///
/// # Errors
/// When the signer may not, or the person could hold no key.
pub fn may_raise(
    signer: &Signer,
    person: Option<&Person>,
    before: Before,
    act: WallRaised,
) -> Result<Permit<WallRaised>, ApiError> {
    let shares = before.seated && signer.is_staff_with(Caps::GRANT);
    if !lifts(signer) && !shares {
        return Err(lacks_capability());
    }
    let person = of_this_firm(person, act.account)?;
    let fits = signer.kid != act.kid
        && act.matter != before.office
        && person.role == Role::Staff
        && !before.walled;
    if fits {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("No such wall can be raised."))
    }
}

/// A wall is lifted by the root, or by staff with `ADMIT`, `KEYS` or `POLICY` whom it does not keep out.
///
/// # Errors
/// When the signer may not, or no such wall stands.
pub fn may_lift(
    signer: &Signer,
    stands: bool,
    act: WallLifted,
) -> Result<Permit<WallLifted>, ApiError> {
    if !lifts(signer) {
        return Err(lacks_capability());
    }
    if stands && signer.kid != act.kid {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("There is no such wall, or it keeps out who would lift it."))
    }
}

/// A duty is given by the root, or by staff with `ADMIT` or `KEYS`, to people who are with the firm; to
/// oneself, too.
///
/// # Errors
/// When the signer may not, or one of the two is not with the firm, or both are one.
pub fn may_give_duty(
    signer: &Signer,
    known: bool,
    act: DutyGiven,
) -> Result<Permit<DutyGiven>, ApiError> {
    let may = signer.part == Part::Root
        || signer.is_staff_with(Caps::ADMIT)
        || signer.is_staff_with(Caps::KEYS);
    if !may {
        return Err(lacks_capability());
    }
    if known && (act.deputy.is_none() || act.deputy != act.holder) {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("A duty is given to people who are with the firm."))
    }
}

fn lifts(signer: &Signer) -> bool {
    let any = [Caps::ADMIT, Caps::KEYS, Caps::POLICY];
    signer.part == Part::Root || any.iter().any(|caps| signer.is_staff_with(*caps))
}

pub(super) fn of_this_firm(
    person: Option<&Person>,
    account: AccountId,
) -> Result<&Person, ApiError> {
    let person = person.filter(|person| person.account == account);
    person.ok_or(ApiError::invalid("There is no such person in this firm."))
}
