//! What a program without a store remembers of a firm's journal from one run to the next, so that nobody
//! shows it an older one, or a stream without its end (CRYPTO 10). Nothing in it is secret.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::{Keys, Ring};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::journal::anchor::Pin;
use crate::journal::checkpoint::{Note, origin};
use crate::journal::release::AcceptedRelease;
use crate::journal::stream::{Head, StreamId};

/// The largest memory: a note with its signatures, and ends of some thousand streams.
pub const MAX_MEMORY: usize = 256 * 1024;

/// The bytes. See CRYPTO 10.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MemoryV1 {
    /// Always 1.
    #[n(1)]
    format: u8,
    /// Whose journal.
    #[n(2)]
    pub firm: Hash32,
    /// The newest checkpoint that was verified.
    #[n(3)]
    pub pin: Pin,
    /// Where the streams that were read end, in their order.
    #[n(4)]
    pub ends: Vec<(StreamId, Head)>,
    /// The release that the firm had accepted last.
    #[n(5)]
    pub accepted: Option<AcceptedRelease>,
}

impl MemoryV1 {
    /// Reads what was kept, strictly.
    ///
    /// # Errors
    /// [`ClientError::Store`] for anything that is not written as it would be written here.
    pub fn read(bytes: &[u8]) -> Result<Self, ClientError> {
        let memory: Self =
            cbor::decode_strict(bytes, MAX_MEMORY).map_err(|_| ClientError::Store)?;
        let said = Note::parse(&memory.pin.note).map_err(|_| ClientError::Store)?.checkpoint;
        let pinned = said.origin == origin(memory.firm)
            && (said.size, said.root) == (memory.pin.size, memory.pin.root);
        let sorted = memory.ends.is_sorted_by(|(a, _), (b, _)| a < b);
        if memory.format == 1 && pinned && sorted { Ok(memory) } else { Err(ClientError::Store) }
    }

    /// Whether nothing of another memory would be forgotten with this one in its place: the same firm, no
    /// smaller journal, and every stream at least as long. That they are one journal was shown when this one
    /// was verified.
    #[must_use]
    pub fn goes_as_far_as(&self, other: &Self) -> bool {
        let end = |stream| {
            let at = self.ends.binary_search_by(|(name, _)| name.cmp(stream)).ok()?;
            self.ends.get(at).map(|(_, head)| head.next)
        };
        self.firm == other.firm
            && self.pin.size >= other.pin.size
            && other.ends.iter().all(|(stream, head)| end(stream) >= Some(head.next))
    }

    /// As it is kept.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        cbor::encode(self)
    }
}

impl<H: Host> Portal<H> {
    /// Takes up what was remembered: before anything is asked.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn recall(&self, memory: &MemoryV1) -> Result<(), ClientError> {
        self.pin_instead(memory.firm, &memory.pin).await?;
        self.remember_ends(memory.firm, memory.ends.iter().copied()).await
    }

    /// What is to be remembered of what was verified here.
    ///
    /// # Errors
    /// When locked, or nothing was verified yet.
    pub async fn memory(
        &self,
        ring: &Ring,
        accepted: Option<AcceptedRelease>,
    ) -> Result<MemoryV1, ClientError> {
        let firm = ring.with(Keys::firm)?;
        let pin = self.pinned(firm).await?.ok_or(ClientError::NotVerified(Thing::Journal))?;
        let ends = self.ends(firm).await?.into_iter().collect();
        Ok(MemoryV1 { format: 1, firm, pin, ends, accepted })
    }
}
