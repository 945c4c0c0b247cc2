//! Who signed a statement, and on whose session it arrived.

use shared::crypto::keys::{Caps, Kid, VerifyKey};
use shared::ids::{AccountId, InviteId, MatterId};

use crate::error::ApiError;

/// A key that this firm knows, with what it may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// The key's id.
    pub kid: Kid,
    /// The key.
    pub key: VerifyKey,
    /// Whose it is.
    pub part: Part,
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The firm root's.
    Root,
    /// A member of staff's.
    Staff {
        /// The person.
        account: AccountId,
        /// What the keyring lets the person do.
        caps: Caps,
    },
    /// A client's, at one matter.
    Client {
        /// The matter.
        matter: MatterId,
        /// The invitation the client came by.
        invite: InviteId,
    },
}

impl Signer {
    /// Whether this is a member of staff with all of these capabilities.
    #[must_use]
    pub const fn is_staff_with(&self, needed: Caps) -> bool {
        matches!(self.part, Part::Staff { caps, .. } if caps.contains(needed))
    }
}

/// On whose word statements arrive. A signature proves who wrote a statement; this proves that the
/// same person hands it in, so that a copied statement is of no use to a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// The founder, on an empty server: the root, then this account.
    Founding {
        /// The account being made.
        account: AccountId,
    },
    /// Somebody who holds an invitation's link.
    Redeeming {
        /// The invitation.
        invite: InviteId,
    },
    /// Whoever showed a quorum of shares.
    Sheets,
    /// A session of staff.
    Staff(AccountId),
    /// A session of a client.
    Client(Kid),
}

impl Authority {
    /// Whether the signer's statements may arrive this way.
    ///
    /// # Errors
    /// [`ApiError`] when somebody else's session brings them.
    pub fn covers(&self, signer: &Signer) -> Result<(), ApiError> {
        let covered = match (self, signer.part) {
            // The root has no session of its own: the founder's device brings its statements, and
            // the signature is what counts.
            (Self::Founding { .. } | Self::Staff(_) | Self::Sheets, Part::Root) => true,
            (
                Self::Founding { account } | Self::Staff(account),
                Part::Staff { account: of, .. },
            ) => *account == of,
            (Self::Redeeming { invite }, Part::Client { invite: by, .. }) => *invite == by,
            (Self::Client(kid), Part::Client { .. }) => *kid == signer.kid,
            _ => false,
        };
        if covered {
            Ok(())
        } else {
            Err(ApiError::invalid(
                "The statement is signed by somebody else than this session's person.",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: AccountId = AccountId([1; 16]);
    const OTHER: AccountId = AccountId([2; 16]);

    fn signer(part: Part) -> Signer {
        Signer { kid: Kid([7; 32]), key: VerifyKey([7; 32]), part }
    }

    #[test]
    fn a_session_brings_only_its_own_persons_statements() {
        let staff = |account| signer(Part::Staff { account, caps: Caps::ALL });
        let client = signer(Part::Client { matter: MatterId([3; 16]), invite: InviteId([4; 16]) });
        let root = signer(Part::Root);
        for (authority, who, good) in [
            (Authority::Staff(ME), staff(ME), true),
            (Authority::Staff(ME), staff(OTHER), false),
            (Authority::Staff(ME), client, false),
            (Authority::Staff(ME), root, true),
            (Authority::Founding { account: ME }, root, true),
            (Authority::Founding { account: ME }, staff(OTHER), false),
            (Authority::Client(Kid([7; 32])), client, true),
            (Authority::Client(Kid([8; 32])), client, false),
            (Authority::Client(Kid([7; 32])), staff(ME), false),
            (Authority::Client(Kid([7; 32])), root, false),
            (Authority::Redeeming { invite: InviteId([4; 16]) }, client, true),
            (Authority::Redeeming { invite: InviteId([5; 16]) }, client, false),
            (Authority::Redeeming { invite: InviteId([4; 16]) }, root, false),
            (Authority::Sheets, root, true),
            (Authority::Sheets, staff(ME), false),
            (Authority::Sheets, client, false),
        ] {
            assert_eq!(authority.covers(&who).is_ok(), good, "{authority:?} {who:?}");
        }
    }

    #[test]
    fn only_staff_has_capabilities() {
        assert!(!signer(Part::Root).is_staff_with(Caps::NONE));
        let some = signer(Part::Staff { account: ME, caps: Caps::GRANT });
        assert!(some.is_staff_with(Caps::GRANT) && !some.is_staff_with(Caps::GRANT | Caps::FORMS));
    }
}
