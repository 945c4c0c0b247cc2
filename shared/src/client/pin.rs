//! The newest checkpoint that this device verified, and everything that is shown held to it.
//!
//! The pin lives in the device's store, so that all tabs share it. A journal that does not continue it
//! stops whoever asked, with the two checkpoints as evidence.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::error::{ClientError, Thing};
use super::fork::Fork;
use super::host::Host;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::CheckpointSeen;
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

impl<H: Host> Portal<H> {
    /// The newest checkpoint that this device verified. There is no going on from it while a fork of it
    /// was found that nobody has seen.
    ///
    /// # Errors
    /// [`ClientError::Store`]; [`ClientError::Forked`].
    pub(crate) async fn pinned(&self, firm: Hash32) -> Result<Option<Pin>, ClientError> {
        if let Some(fork) = self.unseen_fork(firm).await? {
            return Err(ClientError::Forked(Box::new(fork)));
        }
        let Some(bytes) = self.host.load(&key(firm)).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, MAX_PIN).map(Some).map_err(|_| ClientError::Store)
    }

    /// Holds a proof's checkpoint to the one that was known when it was asked for, and pins it.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the journal does not continue the known one,
    /// [`ClientError::NotVerified`] when the checkpoint is not the firm's.
    pub(crate) async fn advance(
        &self,
        log: &Log,
        known: Option<&Pin>,
        proof: &Proof,
    ) -> Result<Pin, ClientError> {
        let pin = match (anchor::advance(proof, log, known), known) {
            (Ok(pin), _) => pin,
            (Err(Unproven::Forked), Some(known)) => {
                return Err(self.forked(log, known, &proof.note).await);
            }
            (Err(_), _) => return Err(BROKEN),
        };
        self.agree_and_pin(log, &pin, known).await?;
        Ok(pin)
    }

    /// Pins a verified checkpoint, unless the device knows a newer one. What is pinned must be the same
    /// journal: either the checkpoint is proven to continue it, or that is asked for now (another tab may
    /// have gone on meanwhile).
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the two are not one journal; [`ClientError::Store`]; unreachable.
    async fn agree_and_pin(
        &self,
        log: &Log,
        pin: &Pin,
        continues: Option<&Pin>,
    ) -> Result<(), ClientError> {
        let pinned = self.pinned(log.firm).await?;
        if let Some(other) = pinned.as_ref().filter(|pinned| Some(*pinned) != continues) {
            self.agree(log, other, pin).await?;
        }
        match pinned {
            Some(pinned) if pinned.size >= pin.size => return Ok(()),
            Some(_) => {}
            // What was verified under a journal that this device lost is not gone on with under another.
            None => self.forget_all_verified(log.firm).await,
        }
        self.keep_pin(log.firm, pin).await
    }

    /// Asks for proof that of two verified checkpoints one grew out of the other.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when there is none; unreachable.
    async fn agree(&self, log: &Log, one: &Pin, other: &Pin) -> Result<(), ClientError> {
        let (old, new) = if one.size <= other.size { (one, other) } else { (other, one) };
        if self.continues(log, &old.into(), new).await? {
            Ok(())
        } else {
            Err(self.forked(log, old, &new.note).await)
        }
    }

    /// Whether a verified checkpoint grew out of one that somebody else had seen.
    ///
    /// # Errors
    /// Unreachable.
    pub(crate) async fn continues(
        &self,
        log: &Log,
        seen: &CheckpointSeen,
        pin: &Pin,
    ) -> Result<bool, ClientError> {
        if seen.size >= pin.size {
            return Ok((seen.size, seen.root) == (pin.size, pin.root));
        }
        let asked = ReadProof { seen: seen.size, leaves: Vec::new(), size: Some(pin.size) };
        let proof = self.call(&asked).await?;
        let seen = Pin { size: seen.size, root: seen.root, note: String::new() };
        let found = anchor::advance(&proof, log, Some(&seen));
        Ok(found.is_ok_and(|found| (found.size, found.root) == (pin.size, pin.root)))
    }

    /// As [`Portal::advance`], and one leaf held to it.
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
        let (news, refused) = self.page_of_each(log, alloc::vec![from]).await?;
        if refused.is_empty() { Ok(news) } else { Err(ClientError::NotVerified(thing)) }
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
        let mut refused: Vec<StreamId> = last_of_each_stream(&page.entries)
            .filter(|entry| !anchor::stands(&pin, Leaf::of(entry), paths.next()))
            .filter_map(|entry| place_of(&entry.statement.0).map(|place| place.stream))
            .collect();
        self.hold_ends(log.firm, &ends, &call.from, &page, &mut refused).await?;
        Ok((page, refused))
    }

    /// Holds this device's journal to a checkpoint that a trusted person vouched for, and pins it unless
    /// the device knows a newer one.
    ///
    /// # Errors
    /// As [`Portal::agree_and_pin`].
    pub(crate) async fn vouched(&self, log: &Log, pin: &Pin) -> Result<(), ClientError> {
        self.agree_and_pin(log, pin, None).await
    }

    /// Forgets the firm's journal.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn unpin(&self, firm: Hash32) -> Result<(), ClientError> {
        Ok(self.host.remove(&key(firm)).await?)
    }

    pub(crate) async fn keep_pin(&self, firm: Hash32, pin: &Pin) -> Result<(), ClientError> {
        Ok(self.host.save(&key(firm), &cbor::encode(pin)).await?)
    }

    pub(crate) async fn forked(&self, log: &Log, known: &Pin, shown: &str) -> ClientError {
        let call = ReadProof { seen: 0, leaves: Vec::new(), size: Some(known.size) };
        // A server that lies may well refuse to say more, or say something else.
        let same_size = self.call(&call).await.ok().map(|proof| proof.note);
        let same_size = same_size.filter(|note| {
            let said = Note::parse(note).map(|note| note.checkpoint);
            said.is_ok_and(|said| said.size == known.size && said.root != known.root)
        });
        let (known, found) = (known.note.clone(), self.host.now());
        let fork = Fork { known, shown: shown.into(), same_size, found, firm: log.firm };
        self.keep_fork(&fork).await;
        ClientError::Forked(Box::new(fork))
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
