//! The firm's root, which a quorum can make anew: its key at each place of the journal.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::directory::{BROKEN, Directory};
use super::error::ClientError;
use crate::crypto::keys::{Kid, VerifyKey};
use crate::journal::reroot::Rerooted;
use crate::journal::statement::{RootAct, place_of};
use crate::time::Timestamp;

/// A root after the first.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct LaterRoot {
    #[n(1)]
    key: VerifyKey,
    /// What the root says after this leaf is by this key.
    #[n(2)]
    leaf: u64,
    /// When it was made, as its maker says.
    #[n(3)]
    time: Timestamp,
    /// The statement that made it.
    #[cbor(n(4), with = "minicbor::bytes")]
    statement: Vec<u8>,
}

impl Directory {
    /// The root statement's content; its key is the first root's ([`Self::root_key`]).
    #[must_use]
    pub const fn root(&self) -> &RootAct {
        &self.root
    }

    /// The key with which the root signs now.
    #[must_use]
    pub fn root_key(&self) -> &VerifyKey {
        self.later_roots.last().map_or(&self.root().root, |later| &later.key)
    }

    /// The key with which the root signed at this leaf.
    pub(super) fn root_key_at(&self, leaf: u64) -> &VerifyKey {
        let later = self.later_roots.iter().rfind(|later| later.leaf < leaf);
        later.map_or(&self.root().root, |later| &later.key)
    }

    /// Every key with which the root ever signed, the newest first.
    pub(super) fn root_keys(&self) -> impl Iterator<Item = &VerifyKey> {
        let later = self.later_roots.iter().rev().map(|later| &later.key);
        later.chain([&self.root().root])
    }

    /// When the root was made anew, each time.
    pub fn rerooted(&self) -> impl Iterator<Item = Timestamp> {
        self.later_roots.iter().map(|later| later.time)
    }

    /// The statements that made the roots under which something before this place was said, for a path.
    pub(super) fn roots_before(&self, seq: u64) -> impl Iterator<Item = &Vec<u8>> {
        let made = move |later: &&LaterRoot| {
            place_of(&later.statement).is_some_and(|place| place.seq < seq)
        };
        self.later_roots.iter().filter(made).map(|later| &later.statement)
    }

    /// How often the root had been made anew before this leaf, for its own word; none for anybody else's.
    pub(super) fn root_changes_before(&self, kid: Kid, leaf: u64) -> Option<usize> {
        let before = self.later_roots.iter().filter(|later| later.leaf < leaf).count();
        (kid == Kid::of_root(self.firm())).then_some(before)
    }

    /// Whether the root was made anew after this leaf, for its own word.
    pub(super) fn root_changes_after(&self, kid: Kid, leaf: u64) -> bool {
        let after = self.later_roots.iter().any(|later| later.leaf >= leaf);
        after && kid == Kid::of_root(self.firm())
    }

    /// Takes a new root, which a quorum may make.
    pub(super) fn reroot(
        &mut self,
        act: &Rerooted,
        statement: &[u8],
        (leaf, time): (u64, Timestamp),
    ) -> Result<(), ClientError> {
        if !act.is_proven(self.firm()) || self.root_keys().any(|known| *known == act.root) {
            return Err(BROKEN);
        }
        let statement = statement.to_vec();
        self.later_roots.push(LaterRoot { key: act.root, leaf, time, statement });
        Ok(())
    }
}

#[cfg(all(test, feature = "plaintext"))]
#[path = "roots_tests.rs"]
mod tests;
