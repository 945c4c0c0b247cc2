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
use crate::journal::checkpoint::Note;
use crate::journal::statement::place_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::{
    Entry, From, MAX_PAGE, News, Proof, ReadProof, ReadStreams, last_of_each_stream,
};
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// The largest pin: a note with its signatures.
const MAX_PIN: usize = 32 * 1024;

/// What a server said that shows another journal than before: whoever has the firm's log key can check
/// its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The checkpoint that this device had verified.
    pub known: String,
    /// The one that the server shows now, which does not continue it.
    pub shown: String,
    /// What the server says for the size of the known one, asked afterwards, where that has another root:
    /// the two are of one size, and cannot both be true.
    pub same_size: Option<String>,
}

impl Fork {
    /// The server's own signed words, for whoever has to judge them.
    pub(crate) fn evidence(&self) -> String {
        let mut parts = alloc::vec![
            "The server did not prove that the journal it shows continues the one it signed before.",
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
        // Another tab may have gone on meanwhile: what it was shown must be this very journal.
        let newest = self.pinned(log.firm).await?;
        if let Some(newest) = newest.filter(|newest| Some(newest) != known) {
            self.agree(log, &newest, &pin).await?;
            if newest.size >= pin.size {
                return Ok(pin);
            }
        }
        if known != Some(&pin) {
            self.keep_pin(log.firm, &pin).await?;
        }
        Ok(pin)
    }

    /// Asks for proof that of two verified checkpoints one grew out of the other.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when there is none; unreachable.
    async fn agree(&self, log: &Log, one: &Pin, other: &Pin) -> Result<(), ClientError> {
        let (old, new) = if one.size <= other.size { (one, other) } else { (other, one) };
        if old.size == new.size {
            return if old.root == new.root {
                Ok(())
            } else {
                Err(self.forked(old, &new.note).await)
            };
        }
        let asked = ReadProof { seen: old.size, leaves: Vec::new(), size: Some(new.size) };
        let proof = self.call(&asked).await?;
        match anchor::advance(&proof, log, Some(old)) {
            Ok(found) if found.root == new.root => Ok(()),
            _ => Err(self.forked(old, &new.note).await),
        }
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

    /// A page of several streams, and which of them hold a statement that stands in no journal, or end
    /// before an end that this device has seen.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`].
    pub(crate) async fn page_of_each(
        &self,
        log: &Log,
        from: Vec<From>,
    ) -> Result<(News, Vec<StreamId>), ClientError> {
        let known = self.pinned(log.firm).await?;
        let ends = self.ends(log.firm).await?;
        let call = ReadStreams { from, limit: MAX_PAGE, seen: seen(known.as_ref()) };
        let page = self.call(&call).await?;
        if !is_asked(&call.from, &page.entries) {
            return Err(BROKEN);
        }
        if page.more && page.entries.is_empty() {
            // A server that promises more and gives nothing would keep us here for ever.
            return Err(ClientError::Unreadable);
        }
        let pin = self.advance(log, known.as_ref(), &page.proof).await?;
        let mut paths = page.proof.inclusion.iter();
        let mut unproven: Vec<StreamId> = last_of_each_stream(&page.entries)
            .filter(|entry| !anchor::stands(&pin, Leaf::of(entry), paths.next()))
            .filter_map(|entry| place_of(&entry.statement.0).map(|place| place.stream))
            .collect();
        unproven.extend(self.hold_ends(log.firm, &ends, &call.from, &page).await?);
        Ok((page, unproven))
    }

    /// Holds this device's journal to a checkpoint that a trusted person vouched for, and pins it unless
    /// the device knows a newer one.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the two are not one journal; [`ClientError::Store`]; unreachable.
    pub(crate) async fn vouched(&self, log: &Log, pin: &Pin) -> Result<(), ClientError> {
        if let Some(known) = self.pinned(log.firm).await? {
            self.agree(log, &known, pin).await?;
            if known.size >= pin.size {
                return Ok(());
            }
        }
        self.keep_pin(log.firm, pin).await
    }

    /// Forgets the firm's journal.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn unpin(&self, firm: Hash32) -> Result<(), ClientError> {
        Ok(self.host.remove(&key(firm)).await?)
    }

    async fn keep_pin(&self, firm: Hash32, pin: &Pin) -> Result<(), ClientError> {
        Ok(self.host.save(&key(firm), &cbor::encode(pin)).await?)
    }

    async fn forked(&self, known: &Pin, shown: &str) -> ClientError {
        let call = ReadProof { seen: 0, leaves: Vec::new(), size: Some(known.size) };
        // A server that lies may well refuse to say more, or say something else.
        let same_size = self.call(&call).await.ok().map(|proof| proof.note);
        let same_size = same_size.filter(|note| {
            let said = Note::parse(note).map(|note| note.checkpoint);
            said.is_ok_and(|said| said.size == known.size && said.root != known.root)
        });
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

/// Whether a page holds what was asked for and nothing else: the streams in the order of the question,
/// each from where it was wanted.
fn is_asked(from: &[From], entries: &[Entry]) -> bool {
    let mut streams = from.iter();
    let mut next: Option<From> = None;
    entries.iter().all(|entry| {
        let Some(place) = place_of(&entry.statement.0) else { return false };
        while next.as_ref().is_none_or(|next| next.stream != place.stream) {
            match streams.next() {
                Some(one) => next = Some(one.clone()),
                None => return false,
            }
        }
        let fits = vuln::a20() || next.as_ref().is_some_and(|next| next.seq == place.seq);
        if let Some(next) = &mut next {
            next.seq = place.seq.saturating_add(1);
        }
        fits
    })
}

/// The size of the known tree, for questions.
fn seen(known: Option<&Pin>) -> u64 {
    known.map_or(0, |pin| pin.size)
}

fn key(firm: Hash32) -> String {
    alloc::format!("pin/{firm}")
}
