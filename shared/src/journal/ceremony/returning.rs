//! Somebody comes back by a quorum of shares in their own hands: the practice of one, where nobody else has a
//! session in which the officers could be asked. What a ceremony is to officers the waiting is here: a day in
//! which whoever has the key that is said to be lost, and every officer, can say no.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::rules::all;
use super::{Ceremonies, Ceremony, Checked, Facts, Unfit, When};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, PublicBundle, Role};
use crate::ids::AccountId;
use crate::journal::recovery::{Requested, Returning};
use crate::vuln;

/// What is kept of a [`Returning`] until the person is admitted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Return {
    /// The account that waits.
    #[n(1)]
    pub account: AccountId,
    /// Its self-signed keys.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bundle: Vec<u8>,
}

impl Ceremonies {
    /// Whether the root may admit this account with these keys and without an offer: its day is over, and
    /// nobody said no.
    #[must_use]
    pub fn has_returned(&self, account: AccountId, bundle: &[u8]) -> bool {
        let theirs = |one: &Return| one.account == account && one.bundle == bundle;
        let back =
            |one: &Ceremony| one.passed().is_some() && one.returning.as_ref().is_some_and(theirs);
        self.sessions().any(back)
    }

    pub(super) fn may_return(
        &self,
        act: &Returning,
        is_root: bool,
        at: &When,
        facts: &Facts,
    ) -> Checked {
        let shares = self.shares.as_ref().ok_or(Unfit("There are no shares yet."))?;
        let keys = act.keys().ok_or(Unfit("The new keys are not signed by themselves."))?;
        let speak = shares.say(facts.firm, &act.words, act.saying()) || vuln::a33();
        let of_person = keys.firm == facts.firm && keys.role == Role::Staff && keys.kem.is_some();
        let goes_on = |one: &Ceremony| self.is_open(one) && one.asked.lost == act.lost;
        all(&[
            (is_root, "Only the firm root lets somebody come back by shares."),
            (shares.generation == act.generation, "The shares are others by now."),
            (speak, "Too few shares speak, or they are others."),
            (of_person, "The new keys are not a person's of this firm."),
            (!facts.people.contains_key(&keys.kid()), "The new keys are somebody's already."),
            (!self.sessions.contains_key(&act.session), "The recovery was asked for before."),
            (!self.sessions().any(goes_on), "A recovery of this key goes on."),
            (at.is_told_alike() || vuln::a33(), "The device's clock is more than an hour off."),
        ])?;
        stays(act.lost, &keys, facts)
    }

    pub(super) fn may_admit_returned(&self, one: &Ceremony, facts: &Facts) -> Checked {
        all(&[(
            !facts.people.contains_key(&one.asked.to),
            "The new keys are somebody's already.",
        )])?;
        stays(one.asked.lost, &one.asked.key, facts)
    }
}

/// Whether the person whose key was lost is still what the new keys say.
fn stays(lost: Kid, keys: &PublicBundle, facts: &Facts) -> Checked {
    let walls = facts.people.get(&lost).is_some_and(|one| !one.walls.is_empty());
    all(&[
        (facts.lawyer(lost), "The key that was lost is no lawyer's who is with the firm."),
        (facts.may(lost, keys.caps), "The new keys may more than the lost key."),
        // There is no key yet that a wall could stand before.
        (!walls, "Walls stand before the lost key: the officers bring this person back."),
    ])
}

impl Ceremony {
    /// What goes on from such a word. The new keys stand where those of a ceremony do.
    pub(super) fn of_return(act: Returning, digest: Hash32, at: When) -> Option<Self> {
        let key = act.keys()?;
        let to = key.kid();
        let Returning { session, generation, lost, account, bundle, .. } = act;
        Some(Self {
            asked: Requested { session, generation, lost, to, key },
            by: to,
            digest,
            at,
            threshold: 0,
            approvals: Vec::new(),
            hastened: Vec::new(),
            outcome: None,
            returning: Some(Return { account, bundle }),
            passed_at: None,
        })
    }
}
