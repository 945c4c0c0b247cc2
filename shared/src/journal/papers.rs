//! Identity papers: the key that clients seal them to, which those who verify are given and nobody else who sits
//! at the matter.
//!
//! A key of papers belongs to one epoch of the matter, and there is one to an epoch at most: when access is taken
//! back, the next epoch has none until a form asks for a paper again. So it turns whenever the matter's key does.

use minicbor::{Decode, Encode};

use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, PublicBundle, Role};
use crate::ids::MatterId;

/// Who opens papers: whoever says who a client is, and may give a key on.
pub const VERIFIES: Caps = Caps::INVITE.union(Caps::GRANT);

/// Purpose byte of the envelope of a key of papers.
pub const PAPERS_PURPOSE: u8 = 5;

/// See [`super::statement::MatterAct::PapersKey`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PapersKey {
    /// The epoch whose papers are sealed to it: the newest.
    #[n(1)]
    pub epoch: u32,
    /// Its public half: a bundle with role `Matter`, which follows the epoch's own key.
    #[n(2)]
    pub key: PublicBundle,
}

impl PapersKey {
    /// Whether it is one for this matter's epoch, whose own key has this id.
    #[must_use]
    pub fn fits(&self, firm: Hash32, matter: MatterId, (epoch, follows): (u32, Kid)) -> bool {
        let key = &self.key;
        self.epoch == epoch
            && key.role == Role::Matter
            && key.subject == matter.0
            && key.firm == firm
            && key.kem.is_some()
            && key.previous == Some(follows)
    }
}
