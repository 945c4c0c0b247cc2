//! What a person is at the firm, whom they must not see, and which duties they have: acts of the stream
//! `keyring`.
//!
//! A post takes effect by its place in the firm's tree, as an end does: what somebody signed is judged by the
//! post that they had there.

use minicbor::{Decode, Encode};

use crate::crypto::keys::{Caps, Kid, Role};
use crate::ids::{AccountId, MatterId, WallId};
use crate::time::Timestamp;

/// What a person is at the firm. Numbers are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum Post {
    /// Owns the firm or answers for it: may everything.
    #[n(1)]
    Officer = 1,
    /// Manages people, keys and retention; holds no key for content.
    #[n(2)]
    Administrator = 2,
    /// Opens matters.
    #[n(3)]
    Lawyer = 3,
    /// Works at matters that lawyers let them into, and invites clients.
    #[n(4)]
    Paralegal = 4,
    /// Sees who belongs to the firm, and no matter.
    #[n(5)]
    Reception = 5,
    /// Sets policy and retention, and sees no matter.
    #[n(6)]
    Compliance = 6,
    /// Reads the journal, and no matter.
    #[n(7)]
    Auditor = 7,
    /// Works at matters that lawyers let them into, until a day.
    #[n(8)]
    Contractor = 8,
    /// Reads one matter.
    #[n(9)]
    ThirdParty = 9,
}

impl Post {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Officer,
        Self::Administrator,
        Self::Lawyer,
        Self::Paralegal,
        Self::Reception,
        Self::Compliance,
        Self::Auditor,
        Self::Contractor,
        Self::ThirdParty,
    ];

    /// The post of a number.
    #[must_use]
    pub const fn from_u8(number: u8) -> Option<Self> {
        match number {
            1..=9 => Some(Self::ALL[number as usize - 1]),
            _ => None,
        }
    }

    /// The keys of whoever holds it: with a key that opens, or with none. A post of the one is never given to
    /// a person with the other.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Officer
            | Self::Lawyer
            | Self::Paralegal
            | Self::Contractor
            | Self::ThirdParty => Role::Staff,
            Self::Administrator | Self::Reception | Self::Compliance | Self::Auditor => Role::Admin,
        }
    }

    /// The most that it may.
    #[must_use]
    pub const fn caps(self) -> Caps {
        match self {
            Self::Officer => Caps::ALL,
            Self::Administrator => {
                Caps::KEYS.union(Caps::RETENTION).union(Caps::POLICY).union(Caps::ADMIT)
            }
            Self::Lawyer => Caps::GRANT.union(Caps::FORMS).union(Caps::INVITE).union(Caps::MATTERS),
            Self::Paralegal => Caps::INVITE,
            Self::Compliance => Caps::RETENTION.union(Caps::POLICY),
            Self::Reception | Self::Auditor | Self::Contractor | Self::ThirdParty => Caps::NONE,
        }
    }

    /// What somebody is of whom nobody said it: who was admitted before there were posts.
    #[must_use]
    pub const fn of_bundle(role: Role, caps: Caps) -> Self {
        match role {
            Role::Staff if Self::Lawyer.caps().contains(caps) => Self::Lawyer,
            Role::Staff => Self::Officer,
            _ => Self::Administrator,
        }
    }
}

/// A post with its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Placing {
    /// Which.
    #[n(1)]
    pub post: Post,
    /// The last moment of it; a contractor has one, an officer none.
    #[n(2)]
    pub until: Option<Timestamp>,
    /// The one matter of a third party.
    #[n(3)]
    pub matter: Option<MatterId>,
}

impl Placing {
    /// A post without bounds.
    #[must_use]
    pub const fn of(post: Post) -> Self {
        Self { post, until: None, matter: None }
    }

    /// The same, unless keys of this role with these capabilities say it already.
    #[must_use]
    pub fn said_beside(self, role: Role, caps: Caps) -> Option<Self> {
        (self != Self::of(Post::of_bundle(role, caps))).then_some(self)
    }

    /// Whether its bounds are those of the post, and keys of this role with these capabilities can hold it.
    #[must_use]
    pub fn fits(&self, role: Role, caps: Caps) -> bool {
        let bounds = match self.post {
            Post::Officer => self.until.is_none(),
            Post::Contractor => self.until.is_some(),
            _ => true,
        };
        bounds
            && self.matter.is_some() == (self.post == Post::ThirdParty)
            && self.post.role() == role
            && self.post.caps().contains(caps)
    }
}

impl From<Post> for Placing {
    fn from(post: Post) -> Self {
        Self::of(post)
    }
}

/// See [`super::statement::KeyringAct::Posted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Posted {
    /// The person.
    #[n(1)]
    pub account: AccountId,
    /// The person's key.
    #[n(2)]
    pub kid: Kid,
    /// The post.
    #[n(3)]
    pub placing: Placing,
    /// What the person may: the post's capabilities, or fewer.
    #[n(4)]
    pub caps: Caps,
}

impl Posted {
    /// Whether the bounds are those of the post, and the capabilities among its own.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.placing.fits(self.placing.post.role(), self.caps)
    }
}

/// See [`super::statement::KeyringAct::WallRaised`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WallRaised {
    /// Which wall.
    #[n(1)]
    pub wall: WallId,
    /// The person.
    #[n(2)]
    pub account: AccountId,
    /// The person's key.
    #[n(3)]
    pub kid: Kid,
    /// The matter that the person must not see.
    #[n(4)]
    pub matter: MatterId,
}

/// See [`super::statement::KeyringAct::WallLifted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WallLifted {
    /// Which wall.
    #[n(1)]
    pub wall: WallId,
    /// Before whom it stood.
    #[n(2)]
    pub kid: Kid,
}

/// What somebody answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Duty {
    /// The protection of personal data.
    #[n(1)]
    DataProtection,
    /// The supervision of the others' work.
    #[n(2)]
    Supervision,
    /// The firm's keys, and the officers who can recover them.
    #[n(3)]
    Keys,
}

impl Duty {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::DataProtection, Self::Supervision, Self::Keys];
}

/// See [`super::statement::KeyringAct::DutyGiven`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DutyGiven {
    /// Which.
    #[n(1)]
    pub duty: Duty,
    /// Whose it is; none where it is taken from everybody.
    #[n(2)]
    pub holder: Option<Kid>,
    /// Who stands in.
    #[n(3)]
    pub deputy: Option<Kid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_has_its_number_and_its_bounds() {
        for (at, post) in Post::ALL.into_iter().enumerate() {
            assert_eq!(Post::from_u8(at as u8 + 1), Some(post));
            assert_eq!(post as usize, at + 1);
            let (role, caps) = (post.role(), post.caps());
            let until = Some(Timestamp(1));
            let matter = Some(MatterId([1; 16]));
            let fits = |until, matter| Placing { post, until, matter }.fits(role, caps);
            assert_eq!(fits(None, None), !matches!(post, Post::Contractor | Post::ThirdParty));
            assert_eq!(fits(until, None), !matches!(post, Post::Officer | Post::ThirdParty));
            assert_eq!(fits(None, matter), post == Post::ThirdParty);
            let other = if role == Role::Staff { Role::Admin } else { Role::Staff };
            assert!(!Placing { post, until, matter }.fits(other, Caps::NONE));
            assert!(
                post == Post::Officer || !fits(until, None) || {
                    let stronger = Placing { post, until, matter: None };
                    !stronger.fits(role, Caps::ALL)
                }
            );
        }
        assert_eq!((Post::from_u8(0), Post::from_u8(10)), (None, None));
    }

    #[test]
    fn nobody_without_a_key_that_opens_may_give_one() {
        let content = [Caps::GRANT, Caps::MATTERS, Caps::INVITE, Caps::FORMS];
        for post in Post::ALL.into_iter().filter(|post| post.role() == Role::Admin) {
            assert!(content.iter().all(|caps| !post.caps().contains(*caps)), "{post:?}");
        }
    }

    #[test]
    fn who_was_admitted_before_there_were_posts_is_what_their_keys_say() {
        let of = Post::of_bundle;
        assert_eq!(of(Role::Staff, Caps::ALL), Post::Officer);
        assert_eq!(of(Role::Staff, Post::Lawyer.caps()), Post::Lawyer);
        assert_eq!(of(Role::Staff, Caps::NONE), Post::Lawyer);
        assert_eq!(of(Role::Staff, Caps::GRANT | Caps::ADMIT), Post::Officer);
        assert_eq!(of(Role::Admin, Post::Administrator.caps()), Post::Administrator);
    }
}
