//! A journal that does not continue the one this device knows: the evidence, kept until a person has
//! seen it. Until then nothing is read: a reload must not make anybody overlook it.

use alloc::string::String;

use minicbor::{Decode, Encode};

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::journal::anchor::Pin;
use crate::journal::checkpoint::Note;
use crate::time::Timestamp;

/// Three notes with their signatures.
const MAX_FORK: usize = 64 * 1024;

/// What a server said that shows another journal than before: whoever has the firm's log key can check
/// its signatures.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fork {
    /// The checkpoint that this device had verified.
    #[n(1)]
    pub known: String,
    /// The one that the server shows now, which does not continue it.
    #[n(2)]
    pub shown: String,
    /// What the server says for the size of the known one, asked afterwards, where that has another root:
    /// the two are of one size, and cannot both be true.
    #[n(3)]
    pub same_size: Option<String>,
    /// When this device found it.
    #[n(4)]
    pub found: Timestamp,
    /// The firm whose journal it is.
    #[n(5)]
    pub(crate) firm: Hash32,
}

impl Fork {
    /// How many records the device had verified, and how many the server shows.
    #[must_use]
    pub fn sizes(&self) -> Option<(u64, u64)> {
        let size = |note: &str| Note::parse(note).ok().map(|note| note.checkpoint.size);
        Some((size(&self.known)?, size(&self.shown)?))
    }

    /// The server's own signed words, for whoever has to judge them.
    pub(crate) fn evidence(&self) -> String {
        let found = alloc::format!("Found, in milliseconds since 1970 (UTC): {}", self.found.0);
        let mut parts = alloc::vec![
            "The server did not prove that the journal it shows continues the one it signed before.",
            &found,
            "Verified by this device before:",
            &self.known,
            "Shown now:",
            &self.shown,
        ];
        if let Some(same) = &self.same_size {
            parts.extend([
                "Signed now for the size of the first, with another root: the two cannot both be true.",
                same,
            ]);
        }
        parts.join("\n\n")
    }
}

impl<H: Host> Portal<H> {
    /// The fork that this device found and nobody has seen yet.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn unseen_fork(&self, firm: Hash32) -> Result<Option<Fork>, ClientError> {
        let Some(bytes) = self.host.load(&key(firm)).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, MAX_FORK).map(Some).map_err(|_| ClientError::Store)
    }

    /// Keeps what was found; the first find stays until it was seen.
    pub(crate) async fn keep_fork(&self, fork: &Fork) {
        if matches!(self.unseen_fork(fork.firm).await, Ok(None)) {
            // A device without a store shows it on this page alone.
            let _ = self.host.save(&key(fork.firm), &cbor::encode(fork)).await;
        }
    }

    /// A person has seen it. The device stays with the journal that it knew, and finds the fork again
    /// if the server goes on with it.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn acknowledge_fork(&self, fork: &Fork) -> Result<(), ClientError> {
        self.forget_fork(fork.firm).await
    }

    /// Keeps nothing of it.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn forget_fork(&self, firm: Hash32) -> Result<(), ClientError> {
        Ok(self.host.remove(&key(firm)).await?)
    }

    /// Goes on with the journal that the server showed, and with no other: the firm put a backup back,
    /// and a person of the firm who knows of it says so on this device. All that was verified under the
    /// former journal is forgotten.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn accept_restored(&self, fork: &Fork) -> Result<(), ClientError> {
        // Its signature was checked when it was shown; what is kept here only this device can write.
        let shown = Note::parse(&fork.shown).map_err(|_| ClientError::Store)?.checkpoint;
        self.forget_ends(fork.firm).await?;
        self.forget_words(fork.firm).await?;
        self.forget_all_verified(fork.firm).await;
        let pin = Pin { size: shown.size, root: shown.root, note: fork.shown.clone() };
        self.keep_pin(fork.firm, &pin).await?;
        self.acknowledge_fork(fork).await
    }
}

fn key(firm: Hash32) -> String {
    alloc::format!("fork/{firm}")
}
