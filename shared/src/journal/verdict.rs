//! What the firm says of a client's identity: acts of namespace 11, in the matter's stream.
//!
//! A verdict is bound to the client's key and says what was found, in which ways, and until when. Its reason
//! is for people: it travels sealed. What a matter needs decides which verdicts are enough; until then what
//! the client hands in waits apart, unless it is released.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::code::CodeAsked;
use super::statement::RecordRef;
use crate::crypto::keys::Kid;
use crate::ids::{ObjectId, SubmissionId};
use crate::time::{DAY, Timestamp};

/// Namespace 11, stream `matter/<id>`. Staff with a seat and `INVITE`: whoever may bring a client in says who
/// came.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum IdentityAct {
    /// What was found about a client. Attachment: the reason (`USR1`, kind 20), where one is named.
    #[n(0)]
    Found(#[n(0)] Verdict),
    /// What the matter needs from now on: no less than it did. The newest holds.
    #[n(1)]
    Needed(#[n(0)] Need),
    /// A submission is let out of quarantine although its client is not verified.
    #[n(2)]
    Released(#[n(0)] SubmissionId),
    /// A client is asked for a one-time code; the newest counts. Attachment: the code (`USR1`, kind 50).
    #[n(3)]
    Asked(#[n(0)] CodeAsked),
    /// The matter needs less from now on than it did, or another thing. Attachment: the reason (`USR1`, kind 61).
    #[n(8)]
    NeededLess(#[n(0)] Lessened),
    /// A client's key speaks no more: it was lost, and the person is verified again under another. Attachment: the
    /// reason (`USR1`, kind 71).
    #[n(9)]
    KeyEnded(#[n(0)] KeyEnded),
}

/// Ways of knowing somebody, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Ways(#[n(0)] pub u8);

impl Ways {
    /// None.
    pub const NONE: Self = Self(0);
    /// The spoken code was compared by voice.
    pub const SPOKEN: Self = Self(1);
    /// A one-time code came back.
    pub const CODE: Self = Self(2);
    /// An identity paper was looked at.
    pub const PAPER: Self = Self(4);
    /// Questions were answered as the firm knows the answers.
    pub const QUESTIONS: Self = Self(8);
    /// Somebody of the firm met the person.
    pub const MET: Self = Self(16);
    /// All of them.
    pub const ALL: Self = Self(31);

    /// Both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of these are among them.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each alone, in order.
    pub fn each(self) -> impl Iterator<Item = Self> {
        let all = [Self::SPOKEN, Self::CODE, Self::PAPER, Self::QUESTIONS, Self::MET];
        all.into_iter().filter(move |one| self.contains(*one))
    }

    /// Whether all of them exist.
    #[must_use]
    pub const fn is_known(self) -> bool {
        Self::ALL.contains(self)
    }
}

/// What was found about a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Finding {
    /// The person reached by a known telephone or address has this key.
    #[n(1)]
    Contact,
    /// A paper is being looked at.
    #[n(2)]
    InReview,
    /// It is the person whom the firm takes them for.
    #[n(3)]
    Verified,
    /// It is not, or that could not be shown.
    #[n(4)]
    Failed,
}

impl Finding {
    /// Whether it may come after what was found before: nobody who failed is verified without another look.
    #[must_use]
    pub const fn follows(self, before: Option<Self>) -> bool {
        !matches!((before, self), (Some(Self::Failed), Self::Verified | Self::Failed))
    }
}

impl IdentityAct {
    /// When it has identity papers shredded, where it does.
    #[must_use]
    pub const fn shred(&self) -> Option<Timestamp> {
        match self {
            Self::Found(verdict) => verdict.shred,
            Self::KeyEnded(act) => act.shred,
            _ => None,
        }
    }
}

/// See [`IdentityAct::Found`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Verdict {
    /// The client's key: what was looked at is this key's holder, and nobody else.
    #[n(1)]
    pub client: Kid,
    /// What was found.
    #[n(2)]
    pub finding: Finding,
    /// In which ways; none while a paper is looked at, and of somebody who failed.
    #[n(3)]
    pub ways: Ways,
    /// Until when it counts; absent where it does not end by itself.
    #[n(4)]
    pub expires: Option<Timestamp>,
    /// The client's document that was looked at.
    #[n(5)]
    pub paper: Option<ObjectId>,
    /// Why, sealed for those with a seat.
    #[n(6)]
    pub reason: Option<RecordRef>,
    /// When the client's identity papers are shredded, those that were filed by now and the one that is named; said
    /// by whoever verifies. Absent where none is.
    #[n(7)]
    pub shred: Option<Timestamp>,
}

impl Verdict {
    /// Whether it says something, said at this instant.
    #[must_use]
    pub fn is_sound(&self, at: Timestamp) -> bool {
        const CONTACT: Ways = Ways::SPOKEN.union(Ways::CODE).union(Ways::MET);
        let open = self.expires.is_none_or(|end| end > at);
        let decides = matches!(self.finding, Finding::Verified | Finding::Failed);
        self.ways.is_known()
            && self.shred.is_none_or(|shred| decides && shred >= at)
            && match self.finding {
                Finding::Contact => {
                    CONTACT.contains(self.ways)
                        && !self.ways.is_empty()
                        && self.paper.is_none()
                        && open
                }
                Finding::InReview => {
                    self.ways.is_empty() && self.paper.is_some() && self.expires.is_none()
                }
                Finding::Verified => {
                    !self.ways.is_empty()
                        && self.ways.contains(Ways::PAPER) == self.paper.is_some()
                        && open
                }
                // Whoever is turned away is owed a reason.
                Finding::Failed => {
                    self.ways.is_empty() && self.expires.is_none() && self.reason.is_some()
                }
            }
    }
}

/// What a matter needs before what its clients hand in is opened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Need {
    /// Any of these is enough, each being all of its ways together; none at all where the link is enough.
    #[n(1)]
    pub enough: Vec<Ways>,
    /// After so many days a client is to be verified again; absent where never.
    #[n(2)]
    pub again: Option<u32>,
}

impl Need {
    /// Most ways of being enough.
    pub const MOST: usize = 8;
    /// Most days until somebody is to be verified again.
    pub const MOST_DAYS: u32 = 3660;

    /// The link is enough.
    pub const NOTHING: Self = Self { enough: Vec::new(), again: None };

    /// Whether it is one that a client can meet, written the one way.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let rising = self.enough.is_sorted_by(|one, next| one < next);
        let days = self.again.is_none_or(|days| (1..=Self::MOST_DAYS).contains(&days));
        let real = self.enough.iter().all(|ways| ways.is_known() && !ways.is_empty());
        rising && real && days && self.enough.len() <= Self::MOST
    }

    /// Whether whoever meets this meets what was needed before, and no later.
    #[must_use]
    pub fn is_at_least(&self, before: &Self) -> bool {
        let covered = self.enough.iter().all(|ways| before.is_met_by(*ways));
        let again = before.again.is_none_or(|most| self.again.is_some_and(|days| days <= most));
        before.is_nothing() || (!self.is_nothing() && covered && again)
    }

    /// Whether the link alone is enough.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.enough.is_empty()
    }

    /// Whether these ways are enough.
    #[must_use]
    pub fn is_met_by(&self, ways: Ways) -> bool {
        self.is_nothing() || self.enough.iter().any(|all| ways.contains(*all))
    }

    /// Until when what was found at an instant counts here; `None` without an end.
    #[must_use]
    pub fn ends(&self, found: Timestamp, expires: Option<Timestamp>) -> Option<Timestamp> {
        let again = self.again.map(|days| found.plus(u64::from(days) * DAY));
        match (again, expires) {
            (Some(again), Some(end)) => Some(again.min(end)),
            (again, end) => again.or(end),
        }
    }
}

/// See [`IdentityAct::NeededLess`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Lessened {
    /// What the matter needs from now on.
    #[n(1)]
    pub need: Need,
    /// Why that is enough, sealed for those with a seat.
    #[n(2)]
    pub reason: RecordRef,
}

/// See [`IdentityAct::KeyEnded`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyEnded {
    /// The key.
    #[n(1)]
    pub client: Kid,
    /// Why, sealed for those with a seat.
    #[n(2)]
    pub reason: RecordRef,
    /// When the identity papers that were filed with the key are shredded; said by whoever verifies. No verdict on
    /// the key says it any more. Absent where there is none.
    #[n(3)]
    pub shred: Option<Timestamp>,
}

impl KeyEnded {
    /// Whether it says something, said at this instant.
    #[must_use]
    pub fn is_sound(&self, at: Timestamp) -> bool {
        self.shred.is_none_or(|shred| shred >= at)
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
