//! The newest checkpoint that this device verified, and everything that is shown held to it.
//!
//! The pin lives in the device's store, so that all tabs share it. A journal that does not continue it
//! stops whoever asked, with the two checkpoints as evidence.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::journal::anchor::{self, Leaf, Log, Pin, Unproven};
use crate::journal::statement::place_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::{
    From, MAX_PAGE, News, Proof, ReadProof, ReadStreams, last_of_each_stream,
};

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// The largest pin: a note with its signatures.
const MAX_PIN: usize = 32 * 1024;

/// Evidence that a server signed two journals: whoever has the firm's log key can check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The checkpoint that this device had verified.
    pub known: String,
    /// The one that the server shows now, which does not continue it.
    pub shown: String,
    /// What the server signs for the size of the known one, asked afterwards: with another root, the
    /// two are the same journal at the same size, and cannot both be true.
    pub same_size: Option<String>,
}

impl Fork {
    /// The server's own signed words, for whoever has to judge them.
    pub(crate) fn evidence(&self) -> String {
        let mut parts = alloc::vec![
            "The server signed a journal that does not continue the one it signed before.",
            "Verified by this device before:",
            &self.known,
            "Shown now:",
            &self.shown,
        ];
        if let Some(same) = &self.same_size {
            parts.extend(["Signed now for the size of the first:", same]);
        }
        parts.join("\n\n")
    }
}

impl<H: Host> Portal<H> {
    /// The newest checkpoint that this device verified.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn pinned(&self, firm: Hash32) -> Result<Option<Pin>, ClientError> {
        let Some(bytes) = self.host.load(&key(firm)).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, MAX_PIN).map(Some).map_err(|_| ClientError::Store)
    }

    /// Holds a proof's checkpoint to the one that was known when it was asked for, and pins it.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the journal does not continue the known one,
    /// [`ClientError::NotVerified`] when the checkpoint is not the firm's.
    async fn advance(
        &self,
        log: &Log,
        known: Option<&Pin>,
        proof: &Proof,
    ) -> Result<Pin, ClientError> {
        let pin = match (anchor::advance(proof, log, known), known) {
            (Ok(pin), _) => pin,
            (Err(Unproven::Forked), Some(known)) => {
                return Err(self.forked(known, &proof.note).await);
            }
            (Err(_), _) => return Err(BROKEN),
        };
        // Another tab may have gone on meanwhile.
        let newest = self.pinned(log.firm).await?;
        match newest {
            Some(newest) if newest.size > pin.size => {}
            Some(newest) if newest.size == pin.size => {
                if newest.root != pin.root {
                    return Err(self.forked(&newest, &pin.note).await);
                }
            }
            _ => self.keep_pin(log.firm, &pin).await?,
        }
        Ok(pin)
    }

    /// The same, and one leaf held to it.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`]; [`ClientError::NotVerified`] when the leaf is not in the tree.
    pub(crate) async fn hold(
        &self,
        log: &Log,
        known: Option<&Pin>,
        proof: &Proof,
        leaf: Leaf,
    ) -> Result<Pin, ClientError> {
        let pin = self.advance(log, known, proof).await?;
        if anchor::stands(&pin, leaf, proof.inclusion.first()) { Ok(pin) } else { Err(BROKEN) }
    }

    /// Asks for the newest checkpoint, and pins it.
    ///
    /// # Errors
    /// [`ClientError::Forked`], [`ClientError::NotVerified`]; unreachable.
    pub(crate) async fn prove_standing(&self, log: &Log) -> Result<Pin, ClientError> {
        let known = self.pinned(log.firm).await?;
        let proof = self.call(&question(known.as_ref(), &[])).await?;
        self.advance(log, known.as_ref(), &proof).await
    }

    /// A page of streams, each of which the journal is proven to hold as it is shown here.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`]; [`ClientError::NotVerified`] of that thing for a statement that
    /// stands in no journal.
    pub(crate) async fn page(
        &self,
        log: &Log,
        from: From,
        thing: Thing,
    ) -> Result<News, ClientError> {
        let (news, unproven) = self.page_of_each(log, alloc::vec![from]).await?;
        if unproven.is_empty() { Ok(news) } else { Err(ClientError::NotVerified(thing)) }
    }

    /// A page of several streams, and which of them hold a statement that stands in no journal.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`].
    pub(crate) async fn page_of_each(
        &self,
        log: &Log,
        from: Vec<From>,
    ) -> Result<(News, Vec<Option<StreamId>>), ClientError> {
        let known = self.pinned(log.firm).await?;
        let call = ReadStreams { from, limit: MAX_PAGE, seen: seen(known.as_ref()) };
        let page = self.call(&call).await?;
        if page.more && page.entries.is_empty() {
            // A server that promises more and gives nothing would keep us here for ever.
            return Err(ClientError::Unreadable);
        }
        let pin = self.advance(log, known.as_ref(), &page.proof).await?;
        let mut paths = page.proof.inclusion.iter();
        let unproven = last_of_each_stream(&page.entries)
            .filter(|entry| !anchor::stands(&pin, Leaf::of(entry), paths.next()))
            .map(|entry| place_of(&entry.statement.0).map(|place| place.stream))
            .collect();
        Ok((page, unproven))
    }

    /// Pins a checkpoint that a trusted person vouched for, unless this device knows a newer one.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn pin_first(&self, firm: Hash32, pin: &Pin) -> Result<(), ClientError> {
        match self.pinned(firm).await? {
            Some(known) if known.size >= pin.size => Ok(()),
            _ => self.keep_pin(firm, pin).await,
        }
    }

    async fn keep_pin(&self, firm: Hash32, pin: &Pin) -> Result<(), ClientError> {
        Ok(self.host.save(&key(firm), &cbor::encode(pin)).await?)
    }

    async fn forked(&self, known: &Pin, shown: &str) -> ClientError {
        let call = ReadProof { seen: 0, leaves: Vec::new(), size: Some(known.size) };
        // A server that lies may well refuse to say more.
        let same_size = self.call(&call).await.ok().map(|proof| proof.note);
        ClientError::Forked(Box::new(Fork {
            known: known.note.clone(),
            shown: shown.into(),
            same_size,
        }))
    }
}

/// Asks where leaves stand in a tree that grew out of the known one.
pub(crate) fn question(known: Option<&Pin>, leaves: &[Leaf]) -> ReadProof {
    let leaves = leaves.iter().map(|leaf| leaf.index).collect();
    ReadProof { seen: seen(known), leaves, size: None }
}

/// The size of the known tree, for questions.
fn seen(known: Option<&Pin>) -> u64 {
    known.map_or(0, |pin| pin.size)
}

fn key(firm: Hash32) -> String {
    alloc::format!("pin/{firm}")
}
