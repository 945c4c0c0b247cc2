//! What the acts of namespace 14 come to, one after the other: which shares there are, when each was looked
//! at, and how far each ceremony is. Pure; devices fold the keyring with it and the server holds every new
//! statement to it, so that both refuse the same ([`rules`]).

mod facts;
mod rerooting;
mod returning;
mod rules;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::cosignature::are_alike;
use super::recovery::{Approved, RecoveryAct, Requested, SharesNamed};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::ids::RecoveryId;
use crate::time::{DAY, Timestamp};
use crate::vuln;

pub use facts::{Facts, Standing};
pub use returning::Return;

/// How long the officers' agreement waits before seats pass, so that everybody can object.
pub const DELAY: u64 = DAY;
/// How many more must agree not to wait.
pub const HASTENERS: usize = 2;
/// How long after its last test a share is due for the next: a quarter.
pub const TEST_EVERY: u64 = 92 * DAY;
/// Most shares of a cutting.
pub const MOST_SHARES: usize = 15;

/// When something was said: by its signer's clock, and by the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct When {
    /// The signer's.
    #[n(1)]
    pub time: Timestamp,
    /// The server's.
    #[n(2)]
    pub arrived: Timestamp,
    /// The leaf.
    #[n(3)]
    pub leaf: u64,
}

impl When {
    /// The later of both clocks.
    #[must_use]
    pub fn later(&self) -> Timestamp {
        self.time.max(self.arrived)
    }

    /// Whether both clocks say about the same: where much hangs on when something was said.
    fn is_told_alike(&self) -> bool {
        are_alike(self.time, self.arrived)
    }
}

/// A share that was given to a ceremony.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// What was said.
    #[n(1)]
    pub act: Approved,
    /// By whom: the holder, or whoever typed a sheet.
    #[n(2)]
    pub by: Kid,
    /// When.
    #[n(3)]
    pub at: When,
}

/// How a ceremony ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Somebody said no.
    #[n(0)]
    Cancelled(#[n(0)] Kid),
    /// The seats passed, from this leaf on.
    #[n(1)]
    Passed(#[n(0)] u64),
}

/// A ceremony.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ceremony {
    /// What was asked.
    #[n(1)]
    pub asked: Requested,
    /// Who asked.
    #[n(2)]
    pub by: Kid,
    /// The digest of the asking, from which the code is made that people compare.
    #[n(3)]
    pub digest: Hash32,
    /// When.
    #[n(4)]
    pub at: When,
    /// How many shares it takes.
    #[n(5)]
    pub threshold: u8,
    /// The shares that were given.
    #[n(6)]
    pub approvals: Vec<Approval>,
    /// Who agreed not to wait.
    #[n(7)]
    pub hastened: Vec<Kid>,
    /// How it ended, if it did.
    #[n(8)]
    pub outcome: Option<Outcome>,
    /// Whose account waits, where somebody comes back by shares in their own hands.
    #[n(9)]
    pub returning: Option<Return>,
    /// When the seats passed, by what the root said.
    #[n(10)]
    pub passed_at: Option<Timestamp>,
}

impl Ceremony {
    /// When enough shares were given by people who count still: the latest of what the asking and each of them
    /// says, so that one who sets a clock back wins nothing while another is honest.
    #[must_use]
    pub fn agreed(&self, counts: impl Fn(Kid) -> bool) -> Option<When> {
        if self.returning.is_some() {
            return Some(self.at);
        }
        // All of them: a share that is none must not begin the time to wait for one that comes later.
        let given = self.approvals.iter().filter(|one| counts(one.by));
        // Whoever came back may have given a share that somebody else gave meanwhile.
        let shares: BTreeSet<u8> = given.clone().map(|one| one.act.number).collect();
        if shares.len() < usize::from(self.threshold) {
            return None;
        }
        let last = given.clone().next_back()?.at;
        if vuln::a33() {
            return Some(When { arrived: last.time, ..last });
        }
        let latest = |one: When, other: &Approval| When {
            time: one.time.max(other.at.time),
            arrived: one.arrived.max(other.at.arrived),
            leaf: last.leaf,
        };
        Some(given.fold(self.at, latest))
    }

    /// Whether so many who count still agreed not to wait that nobody does.
    #[must_use]
    pub fn is_hastened(&self, counts: impl Fn(Kid) -> bool) -> bool {
        self.hastened.iter().filter(|kid| counts(**kid)).count() >= HASTENERS
    }

    /// From when on the seats can pass, once enough shares were given by people who count still.
    #[must_use]
    pub fn ready(&self, counts: impl Fn(Kid) -> bool) -> Option<Timestamp> {
        let agreed = self.agreed(&counts)?.later();
        Some(if self.is_hastened(&counts) { agreed } else { agreed.plus(DELAY) })
    }

    /// Whether this person gave a share.
    #[must_use]
    pub fn approved_by(&self, kid: Kid) -> bool {
        self.approvals.iter().any(|one| one.by == kid)
    }

    /// The leaf from which on seats pass.
    #[must_use]
    pub const fn passed(&self) -> Option<u64> {
        match self.outcome {
            Some(Outcome::Passed(leaf)) => Some(leaf),
            _ => None,
        }
    }

    fn may_pass(&self, at: &When, agreed: Option<When>, hastened: bool) -> bool {
        let Some(agreed) = agreed else { return false };
        let waited = |from: Timestamp, to: Timestamp| to >= from.plus(DELAY);
        let both = waited(agreed.time, at.time) && waited(agreed.arrived, at.arrived);
        both || hastened || vuln::a33()
    }
}

/// All that was said of recovery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ceremonies {
    #[n(1)]
    shares: Option<SharesNamed>,
    #[n(2)]
    named: Option<When>,
    #[n(3)]
    tests: BTreeMap<u8, (Timestamp, Kid)>,
    #[n(4)]
    sessions: BTreeMap<RecoveryId, Ceremony>,
}

/// An act does not fit what was said before, or its signer may not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub &'static str);

type Checked = Result<(), Unfit>;

impl Ceremonies {
    /// Whether nothing was ever said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The shares that count, with when they were named.
    #[must_use]
    pub fn shares(&self) -> Option<(&SharesNamed, Timestamp)> {
        Some((self.shares.as_ref()?, self.named?.time))
    }

    /// When a share was last looked at; never since it was made.
    #[must_use]
    pub fn tested(&self, number: u8) -> Option<Timestamp> {
        self.tests.get(&number).map(|(time, _)| *time)
    }

    /// Who looked at a share last.
    #[must_use]
    pub fn tester(&self, number: u8) -> Option<Kid> {
        self.tests.get(&number).map(|(_, by)| *by)
    }

    /// When a share is to be looked at next.
    #[must_use]
    pub fn due(&self, number: u8) -> Option<Timestamp> {
        let named = self.named?.time;
        Some(self.tested(number).unwrap_or(named).plus(TEST_EVERY))
    }

    /// A ceremony.
    #[must_use]
    pub fn session(&self, session: RecoveryId) -> Option<&Ceremony> {
        self.sessions.get(&session)
    }

    /// All of them.
    pub fn sessions(&self) -> impl Iterator<Item = &Ceremony> {
        self.sessions.values()
    }

    /// Whether a ceremony goes on: a new cutting ends all that were begun.
    #[must_use]
    pub fn is_open(&self, ceremony: &Ceremony) -> bool {
        let counts = |shares: &SharesNamed| shares.generation == ceremony.asked.generation;
        ceremony.outcome.is_none() && self.shares.as_ref().is_some_and(counts)
    }

    /// Keys whose seats pass to this one, at this leaf: what the root grants to it where one of them sits
    /// counts.
    pub fn pass_to(&self, to: Kid, leaf: u64) -> impl Iterator<Item = Kid> {
        let passed = move |one: &&Ceremony| {
            one.asked.to == to && one.passed().is_some_and(|from| from < leaf)
        };
        self.sessions.values().filter(passed).map(|one| one.asked.lost)
    }

    /// Keys whose seats this person passes on, and so reads what they could.
    pub fn conducted_by(&self, kid: Kid) -> impl Iterator<Item = Kid> {
        let theirs = move |one: &&Ceremony| one.by == kid && one.passed().is_some();
        self.sessions.values().filter(theirs).map(|one| one.asked.lost)
    }

    /// The people of whom an act of this signer's asks how they stand.
    #[must_use]
    pub fn asks(&self, act: &RecoveryAct, by: Kid) -> BTreeSet<Kid> {
        let mut asks = BTreeSet::from([by]);
        match act {
            RecoveryAct::SharesNamed(named) => {
                let held = named.shares.iter().filter_map(|one| one.held.as_ref());
                asks.extend(held.map(|held| held.holder));
            }
            RecoveryAct::Requested(asked) => asks.extend([asked.lost, asked.to]),
            RecoveryAct::Returning(act) => {
                asks.extend(act.keys().map(|keys| keys.kid()).into_iter().chain([act.lost]));
            }
            RecoveryAct::Passed(session)
            | RecoveryAct::Approved(Approved { session, .. })
            | RecoveryAct::Hastened(session) => {
                let Some(one) = self.sessions.get(session) else { return asks };
                asks.extend([one.by, one.asked.to, one.asked.lost]);
                asks.extend(
                    one.approvals.iter().map(|given| given.by).chain(one.hastened.iter().copied()),
                );
            }
            RecoveryAct::Rerooted(act) => {
                let shares = act.by_quorum().map(|by| by.shares.shares).unwrap_or_default();
                asks.extend(
                    shares.iter().filter_map(|one| one.held.as_ref()).map(|held| held.holder),
                );
            }
            _ => {}
        }
        asks
    }

    /// Whether an act may be said. `is_root` says that the firm's root signed it.
    ///
    /// # Errors
    /// [`Unfit`] with the reason.
    pub fn may(
        &self,
        act: &RecoveryAct,
        (by, is_root): (Kid, bool),
        at: &When,
        facts: &Facts,
    ) -> Checked {
        match act {
            RecoveryAct::SharesNamed(named) => self.may_name(named, is_root, facts),
            RecoveryAct::Tested(tested) => self.may_test(*tested, by, facts),
            RecoveryAct::Requested(asked) => self.may_ask(asked, by, at, facts),
            RecoveryAct::Approved(act) => self.may_approve(act, by, at, facts),
            RecoveryAct::Hastened(session) => self.may_hasten(*session, by, facts),
            RecoveryAct::Cancelled(session) => self.may_cancel(*session, by, facts),
            RecoveryAct::Passed(session) => self.may_pass(*session, is_root, at, facts),
            RecoveryAct::Returning(act) => self.may_return(act, is_root, at, facts),
            RecoveryAct::Rerooted(act) => self.may_reroot(act, is_root, at, facts),
        }
    }

    /// The same by a person whose clock and the server's agree: before it is signed.
    ///
    /// # Errors
    /// [`Unfit`] with the reason.
    pub fn may_now(&self, act: &RecoveryAct, by: Kid, facts: &Facts) -> Checked {
        let now = Timestamp(0);
        self.may(act, (by, false), &When { time: now, arrived: now, leaf: 0 }, facts)
    }

    /// Takes an act that may be said ([`Self::may`]).
    pub fn take(&mut self, act: RecoveryAct, by: Kid, digest: Hash32, at: When) {
        let threshold = self.shares.as_ref().map_or(u8::MAX, |shares| shares.threshold);
        match act {
            RecoveryAct::SharesNamed(named) => self.cut_anew(named, at),
            RecoveryAct::Rerooted(act) => {
                let Ok(by) = act.by_quorum() else { return };
                self.cut_anew(by.shares, at);
            }
            RecoveryAct::Tested(tested) => drop(self.tests.insert(tested.number, (at.time, by))),
            RecoveryAct::Requested(asked) => {
                let (approvals, hastened) = (Vec::new(), Vec::new());
                let (outcome, returning, passed_at) = (None, None, None);
                let session = asked.session;
                let one = Ceremony {
                    asked,
                    by,
                    digest,
                    at,
                    threshold,
                    approvals,
                    hastened,
                    outcome,
                    returning,
                    passed_at,
                };
                self.sessions.insert(session, one);
            }
            RecoveryAct::Returning(act) => {
                let session = act.session;
                let one = Ceremony::of_return(act, digest, at);
                self.sessions.extend(one.map(|one| (session, one)));
            }
            RecoveryAct::Approved(act) => {
                let Some(one) = self.sessions.get_mut(&act.session) else { return };
                one.approvals.push(Approval { act, by, at });
            }
            RecoveryAct::Hastened(session) => {
                let Some(one) = self.sessions.get_mut(&session) else { return };
                one.hastened.push(by);
            }
            RecoveryAct::Cancelled(session) => {
                let Some(one) = self.sessions.get_mut(&session) else { return };
                one.outcome = Some(Outcome::Cancelled(by));
            }
            RecoveryAct::Passed(session) => {
                let Some(one) = self.sessions.get_mut(&session) else { return };
                (one.outcome, one.passed_at) = (Some(Outcome::Passed(at.leaf)), Some(at.time));
            }
        }
    }

    fn cut_anew(&mut self, named: SharesNamed, at: When) {
        (self.shares, self.named) = (Some(named), Some(at));
        self.tests.clear();
    }
}

#[cfg(all(test, feature = "plaintext"))]
mod tests;
