//! What the acts of namespace 14 come to, one after the other: which shares there are, when each was looked
//! at, and how far each ceremony is. Pure; devices fold the keyring with it and the server holds every new
//! statement to it, so that both refuse the same ([`rules`]).

mod rules;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::cosignature::CLOCKS;
use super::recovery::{Approved, RecoveryAct, Requested, SharesNamed};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid};
use crate::ids::{MatterId, RecoveryId};
use crate::time::{DAY, Timestamp};
use crate::vuln;

/// How long the officers' agreement waits before seats pass, so that everybody can object.
pub const DELAY: u64 = DAY;
/// How many more must agree not to wait.
pub const HASTENERS: usize = 2;
/// How long after its last test a share is due for the next: a quarter.
pub const TEST_EVERY: u64 = 92 * DAY;
/// Most shares of a cutting.
pub const MOST_SHARES: usize = 15;

/// A person whom an act names, as the keyring has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether they can be given keys: lawyers can, administrators cannot.
    pub opens: bool,
    /// What they may; nothing once their time with the firm ended.
    pub caps: Caps,
    /// Whether they are with the firm.
    pub stands: bool,
    /// Whether their post is until a day, or for one matter.
    pub bound: bool,
    /// The matters that conflict walls keep them from.
    pub walls: BTreeSet<MatterId>,
}

/// What else is asked of the keyring for an act.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The firm.
    pub firm: Hash32,
    /// The recovery key.
    pub recovery: Option<Kid>,
    /// Those of [`Ceremonies::asks`] whom the firm knows.
    pub people: BTreeMap<Kid, Standing>,
}

impl Facts {
    /// A lawyer who is with the firm, without a last day and not for one matter alone.
    fn lawyer(&self, kid: Kid) -> bool {
        self.receives(kid) && self.people.get(&kid).is_some_and(|one| !one.bound)
    }

    /// Somebody who is with the firm and can be given keys.
    fn receives(&self, kid: Kid) -> bool {
        self.people.get(&kid).is_some_and(|one| one.stands && one.opens)
    }

    /// Whether every wall before the one stands before the other, too: who comes back comes back behind them.
    fn as_walled(&self, lost: Kid, to: Kid) -> bool {
        let walls = |kid| self.people.get(&kid).map(|one| &one.walls);
        walls(lost).zip(walls(to)).is_some_and(|(lost, to)| lost.is_subset(to))
    }

    fn may(&self, kid: Kid, caps: Caps) -> bool {
        self.people.get(&kid).is_some_and(|one| one.stands && one.caps.contains(caps))
    }
}

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
        let (time, arrived) = (self.time, self.arrived);
        !time.is_before(arrived, CLOCKS) && !arrived.is_before(time, CLOCKS)
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
}

impl Ceremony {
    /// When enough shares were given: the latest of what the asking and each of them says, so that one who
    /// sets a clock back wins nothing while another is honest.
    #[must_use]
    pub fn agreed(&self) -> Option<When> {
        // All of them: a share that is none must not begin the time to wait for one that comes later.
        let quorum = self.approvals.get(usize::from(self.threshold).checked_sub(1)?..)?;
        let last = quorum.last()?.at;
        if vuln::a33() {
            return Some(When { arrived: last.time, ..last });
        }
        let latest = |one: When, other: &Approval| When {
            time: one.time.max(other.at.time),
            arrived: one.arrived.max(other.at.arrived),
            leaf: last.leaf,
        };
        Some(self.approvals.iter().fold(self.at, latest))
    }

    /// Whether so many agreed not to wait that nobody does.
    #[must_use]
    pub fn is_hastened(&self) -> bool {
        self.hastened.len() >= HASTENERS
    }

    /// From when on the seats can pass, once enough shares were given.
    #[must_use]
    pub fn ready(&self) -> Option<Timestamp> {
        let agreed = self.agreed()?.later();
        Some(if self.is_hastened() { agreed } else { agreed.plus(DELAY) })
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

    fn may_pass(&self, at: &When) -> bool {
        let Some(agreed) = self.agreed() else { return false };
        let waited = |from: Timestamp, to: Timestamp| to >= from.plus(DELAY);
        let both = waited(agreed.time, at.time) && waited(agreed.arrived, at.arrived);
        both || self.is_hastened() || vuln::a33()
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
    tests: BTreeMap<u8, Timestamp>,
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
        self.tests.get(&number).copied()
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
            RecoveryAct::Passed(session) => {
                let one = self.sessions.get(session);
                asks.extend(one.into_iter().flat_map(|one| [one.by, one.asked.to, one.asked.lost]));
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
            RecoveryAct::SharesNamed(named) => {
                (self.shares, self.named) = (Some(named), Some(at));
                self.tests.clear();
            }
            RecoveryAct::Tested(tested) => drop(self.tests.insert(tested.number, at.time)),
            RecoveryAct::Requested(asked) => {
                let (approvals, hastened, outcome) = (Vec::new(), Vec::new(), None);
                let session = asked.session;
                let asked =
                    Ceremony { asked, by, digest, at, threshold, approvals, hastened, outcome };
                self.sessions.insert(session, asked);
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
                one.outcome = Some(Outcome::Passed(at.leaf));
            }
        }
    }
}

#[cfg(all(test, feature = "plaintext"))]
mod tests;
