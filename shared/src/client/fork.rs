//! A journal that does not continue the one this device knows: the evidence, kept until a person has
//! seen it. Until then nothing is read: a reload must not make anybody overlook it.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::journal::anchor::{Log, Pin};
use crate::journal::checkpoint::Note;
use crate::journal::wire::ReadProof;
use crate::time::Timestamp;

/// Four notes with their signatures.
pub(super) const MAX_FORK: usize = 80 * 1024;

/// What a server said that shows another journal than before: whoever has the firm's log key can check
/// its signatures.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fork {
    /// The checkpoint that was known.
    #[n(1)]
    pub known: String,
    /// The one that came now, which does not continue it.
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
    pub firm: Hash32,
    /// Who had given the known one, where this device had not verified it itself.
    #[n(6)]
    pub known_by: Option<Voucher>,
    /// Who gave the other one, where it is not the journal that the server shows now.
    #[n(7)]
    pub shown_by: Option<Voucher>,
    /// The newest checkpoint that was proven to this device then, where that is neither of the two.
    #[n(8)]
    pub newest: Option<String>,
}

/// Whose word a checkpoint is, besides the log's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Voucher {
    /// The lawyer's who made an invitation.
    #[n(0)]
    Invitation,
    /// A witness's: a member of the firm cosigned it with this key.
    #[n(1)]
    Witness(#[n(0)] Kid),
    /// The server passed it on as cosigned, by nobody whom this device knows.
    #[n(2)]
    Unknown,
}

/// One of two checkpoints that contradict each other.
pub(crate) struct Side<'a> {
    pub(crate) note: &'a str,
    /// `None` for this device's own, and for what the server shows.
    pub(crate) by: Option<Voucher>,
}

impl Fork {
    /// How many records the known journal had, and how many the other one has.
    #[must_use]
    pub fn sizes(&self) -> Option<(u64, u64)> {
        let size = |note: &str| Note::parse(note).ok().map(|note| note.checkpoint.size);
        Some((size(&self.known)?, size(&self.shown)?))
    }

    /// The server's own signed words, for whoever has to judge them.
    pub(crate) fn evidence(&self) -> String {
        let found = format!("Found, in milliseconds since 1970 (UTC): {}", self.found.0);
        let known = said(self.known_by, "Verified by this device before:");
        let shown = said(self.shown_by, "Shown now:");
        let mut parts = alloc::vec![
            "The server did not prove that the journal it shows continues the one it signed before.",
            &found,
            &known,
            &self.known,
            &shown,
            &self.shown,
        ];
        if let Some(same) = &self.same_size {
            parts.extend([
                "Signed now for the size of the first, with another root: the two cannot both be true.",
                same,
            ]);
        }
        if let Some(newest) = &self.newest {
            parts.extend(["The newest one that was proven to this device then:", newest]);
        }
        parts.join("\n\n")
    }

    /// Whether it shows the same contradiction: two tabs may find one.
    fn says_as(&self, other: &Self) -> bool {
        (&self.known, &self.shown) == (&other.known, &other.shown)
    }
}

/// A line above a checkpoint.
fn said(by: Option<Voucher>, otherwise: &str) -> String {
    match by {
        None => otherwise.into(),
        Some(Voucher::Invitation) => "Given in the invitation, by its lawyer:".into(),
        Some(Voucher::Witness(Kid(kid))) => {
            format!("Cosigned by a member of the firm, with the key {}:", Hash32(kid))
        }
        Some(Voucher::Unknown) => "Passed on as cosigned, by nobody known here:".into(),
    }
}

impl<H: Host> Portal<H> {
    /// Two checkpoints of one log without proof that one grew out of the other; keeps them as evidence.
    /// `newest` is the one that was proven to this device last.
    pub(crate) async fn forked(
        &self,
        log: &Log,
        known: Side<'_>,
        shown: Side<'_>,
        newest: &Pin,
    ) -> ClientError {
        let mut fork = Fork {
            known: known.note.into(),
            shown: shown.note.into(),
            same_size: None,
            found: self.host.now(),
            firm: log.firm,
            known_by: known.by,
            shown_by: shown.by,
            newest: (newest.note != shown.note).then(|| newest.note.clone()),
        };
        // Before the server is asked for more: it may keep the page waiting until a person reloads it.
        self.keep_fork(&fork).await;
        fork.same_size = self.said_of_its_size(log, known.note).await;
        if fork.same_size.is_some() {
            self.keep_fork(&fork).await;
        }
        ClientError::Forked(Box::new(fork))
    }

    /// What the server says now for the size of a checkpoint, where that contradicts it.
    async fn said_of_its_size(&self, log: &Log, known: &str) -> Option<String> {
        let known = Note::parse(known).ok()?.checkpoint;
        let call = ReadProof { seen: 0, leaves: Vec::new(), size: Some(known.size) };
        // A server that lies may well refuse to say more, or say something else.
        let said = Pin::read(&self.call(&call).await.ok()?.note, log).ok()?;
        (said.size == known.size && said.root != known.root).then_some(said.note)
    }

    /// The fork that this device found and nobody has seen yet.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn unseen_fork(&self, firm: Hash32) -> Result<Option<Fork>, ClientError> {
        let Some(bytes) = self.host.load(&key(firm)).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, MAX_FORK).map(Some).map_err(|_| ClientError::Store)
    }

    /// Keeps what was found, and what is found out about it; the first find stays until it was seen.
    async fn keep_fork(&self, fork: &Fork) {
        let _alone = self.host.lock(&key(fork.firm)).await;
        let kept = self.unseen_fork(fork.firm).await;
        let more = |kept: &Fork| kept.says_as(fork) && fork.same_size.is_some();
        if kept.is_ok_and(|kept| kept.as_ref().is_none_or(more)) {
            // A device without a store shows it on this page alone.
            let _ = self.host.save(&key(fork.firm), &cbor::encode(fork)).await;
        }
    }

    /// A person has seen it. The device stays with the journal that it knew, and finds the fork again
    /// if the server goes on with it. Another one, that another tab found, is still to be seen.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn acknowledge_fork(&self, fork: &Fork) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(fork.firm)).await;
        match self.unseen_fork(fork.firm).await? {
            Some(other) if !other.says_as(fork) => Ok(()),
            _ => Ok(self.host.remove(&key(fork.firm)).await?),
        }
    }

    /// Keeps nothing of it.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn forget_fork(&self, firm: Hash32) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(firm)).await;
        Ok(self.host.remove(&key(firm)).await?)
    }

    /// Goes on with the newest journal that the server had proven when this was found, and with no other:
    /// the firm put a backup back, and a person of the firm who knows of it says so on this device. All
    /// that was verified under the former journal is forgotten.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn accept_restored(&self, fork: &Fork) -> Result<(), ClientError> {
        // Its signature was checked when it was shown; what is kept here only this device can write.
        let note = fork.newest.as_ref().unwrap_or(&fork.shown);
        let newest = Note::parse(note).map_err(|_| ClientError::Store)?.checkpoint;
        self.forget_ends(fork.firm).await?;
        self.forget_words(fork.firm).await?;
        self.forget_all_verified(fork.firm).await;
        let pin = Pin { size: newest.size, root: newest.root, note: note.clone() };
        self.pin_instead(fork.firm, &pin).await?;
        self.acknowledge_fork(fork).await
    }
}

fn key(firm: Hash32) -> String {
    alloc::format!("fork/{firm}")
}
