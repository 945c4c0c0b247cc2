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

    /// Holds a proof to the checkpoint that was known when it was asked for, and the leaves to the proof,
    /// and pins what it says.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the journal does not continue the known one,
    /// [`ClientError::NotVerified`] when the proof does not hold.
    pub(crate) async fn hold(
        &self,
        log: &Log,
        known: Option<&Pin>,
        proof: &Proof,
        leaves: &[Leaf],
    ) -> Result<Pin, ClientError> {
        let pin = match (anchor::verify(proof, log, known, leaves), known) {
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

    /// Asks where these statements stand, and holds the answer to the pin.
    ///
    /// # Errors
    /// As [`Portal::hold`]; unreachable.
    pub(crate) async fn prove_standing(
        &self,
        log: &Log,
        leaves: &[Leaf],
    ) -> Result<(Pin, Proof), ClientError> {
        let known = self.pinned(log.firm).await?;
        let proof = self.call(&question(known.as_ref(), leaves)).await?;
        let pin = self.hold(log, known.as_ref(), &proof, leaves).await?;
        Ok((pin, proof))
    }

    /// A page of streams, each of which the journal is proven to hold as it is shown here.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`].
    pub(crate) async fn page(&self, log: &Log, from: Vec<From>) -> Result<News, ClientError> {
        let known = self.pinned(log.firm).await?;
        let call = ReadStreams { from, limit: MAX_PAGE, seen: seen(known.as_ref()) };
        let page = self.call(&call).await?;
        if page.more && page.entries.is_empty() {
            // A server that promises more and gives nothing would keep us here for ever.
            return Err(ClientError::Unreadable);
        }
        let leaves: Vec<Leaf> = last_of_each_stream(&page.entries).map(Leaf::of).collect();
        self.hold(log, known.as_ref(), &page.proof, &leaves).await?;
        Ok(page)
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
