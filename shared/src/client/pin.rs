//! The newest checkpoint that this device verified, and everything that is shown held to it.
//!
//! The pin lives in the device's store, so that all tabs share it. A journal that does not continue it
//! stops whoever asked, with the two checkpoints as evidence.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::ends::Ends;
use super::error::{ClientError, Thing};
use super::fork::{Side, Voucher};
use super::host::Host;
use super::sync::TRIES;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::CheckpointSeen;
use crate::journal::anchor::{self, Leaf, Log, Pin, Unproven};
use crate::journal::statement::place_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::{Entry, From, MAX_PAGE, News, Proof, ReadProof, ReadStreams};
use crate::problem::Code;
use crate::vuln;

/// A page as it came, and what this device knew when it asked. Nothing of it is verified.
pub(crate) struct Asked {
    call: ReadStreams,
    known: Option<Pin>,
    ends: Ends,
    pub(crate) page: News,
}

/// A page that the journal is proven to hold.
pub(crate) struct Proven {
    pub(crate) news: News,
    /// The stream of each entry.
    pub(crate) streams: Vec<StreamId>,
    /// Streams that hold a statement that stands in no journal, or end before an end that this device has
    /// seen.
    pub(crate) refused: Vec<StreamId>,
}

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// The largest pin: a note with its signatures.
pub(super) const MAX_PIN: usize = 32 * 1024;

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
                let pin = Pin::read(&proof.note, log).map_err(|_| BROKEN)?;
                // In a box, as below: what seldom happens would make every reader's future larger.
                return Err(Box::pin(self.contradicts(log, known, &pin, None)).await);
            }
            (Err(_), _) => return Err(BROKEN),
        };
        self.agree_and_pin(log, &pin, known, None).await?;
        Ok(pin)
    }

    /// Pins a verified checkpoint, unless the device knows a newer one. What is pinned must be the same
    /// journal: either the checkpoint is proven to continue it, or that is asked for now.
    ///
    /// Another tab may be at the same, answered with another continuation. So what is pinned is looked at
    /// again under the lock, where nobody else pins; what is new there is asked about without the lock, and
    /// looked at again.
    ///
    /// `by` says whose word the checkpoint is, where it is not the server's own answer: evidence names it.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when the two are not one journal; [`ClientError::Store`]; unreachable.
    async fn agree_and_pin(
        &self,
        log: &Log,
        pin: &Pin,
        continues: Option<&Pin>,
        by: Option<Voucher>,
    ) -> Result<(), ClientError> {
        let this = CheckpointSeen::from(pin);
        // Mostly the journal has not grown, and nothing is written.
        if self.pinned(log.firm).await?.is_some_and(|pinned| this == (&pinned).into()) {
            return Ok(());
        }
        let mut agrees = continues.map(CheckpointSeen::from);
        for _ in 0..TRIES {
            let other = {
                let _alone = self.host.lock(&key(log.firm)).await;
                match self.pinned(log.firm).await? {
                    Some(pinned) if agrees != Some((&pinned).into()) => pinned,
                    pinned => return self.pin_after(log.firm, pinned, pin).await,
                }
            };
            Box::pin(self.agree(log, &other, pin, by)).await?;
            agrees = Some((&other).into());
        }
        Err(ClientError::Refused(Code::Busy))
    }

    /// Pins what was proven to be one journal with the pinned checkpoint. For whoever holds the lock.
    async fn pin_after(
        &self,
        firm: Hash32,
        pinned: Option<Pin>,
        pin: &Pin,
    ) -> Result<(), ClientError> {
        match pinned {
            Some(pinned) if pinned.size >= pin.size => return Ok(()),
            Some(_) => {}
            // What was verified under a journal that this device lost is not gone on with under another.
            None => self.forget_all_verified(firm).await,
        }
        Ok(self.host.save(&key(firm), &cbor::encode(pin)).await?)
    }

    /// Asks for proof that of two verified checkpoints, one of which is pinned, one grew out of the other.
    ///
    /// # Errors
    /// [`ClientError::Forked`] when there is none; unreachable.
    async fn agree(
        &self,
        log: &Log,
        pinned: &Pin,
        pin: &Pin,
        by: Option<Voucher>,
    ) -> Result<(), ClientError> {
        let (old, new) = if pinned.size <= pin.size { (pinned, pin) } else { (pin, pinned) };
        if self.continues(log, &old.into(), new).await? {
            Ok(())
        } else {
            Err(self.contradicts(log, pinned, pin, by).await)
        }
    }

    /// What came does not go with what this device had verified.
    async fn contradicts(
        &self,
        log: &Log,
        known: &Pin,
        pin: &Pin,
        by: Option<Voucher>,
    ) -> ClientError {
        let (known, shown) = (Side { note: &known.note, by: None }, Side { note: &pin.note, by });
        self.forked(log, known, shown, pin).await
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
        let proof = match self.call(&asked).await {
            // A server that signed a tree and has it no more has no proof of it.
            Err(ClientError::Refused(Code::NotFound)) => return Ok(false),
            other => other?,
        };
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
        let asked = self.ask(log.firm, alloc::vec![from]).await?;
        let Proven { news, refused, .. } = self.prove_page(log, asked).await?;
        if refused.is_empty() { Ok(news) } else { Err(ClientError::NotVerified(thing)) }
    }

    /// Asks for a page of several streams.
    ///
    /// # Errors
    /// Unreachable, or refused; [`ClientError::Store`].
    pub(crate) async fn ask(&self, firm: Hash32, from: Vec<From>) -> Result<Asked, ClientError> {
        let known = self.pinned(firm).await?;
        let ends = self.ends(firm).await?;
        let call = ReadStreams { from, limit: MAX_PAGE, seen: seen(known.as_ref()) };
        let page = self.call(&call).await?;
        Ok(Asked { call, known, ends, page })
    }

    /// Holds a page to the journal: it is what was asked for, and each of its streams is proven, or named
    /// among those that are not.
    ///
    /// # Errors
    /// As [`Portal::prove_standing`].
    pub(crate) async fn prove_page(&self, log: &Log, asked: Asked) -> Result<Proven, ClientError> {
        let Asked { call, known, ends, page } = asked;
        let streams = as_asked(&call.from, &page.entries).ok_or(BROKEN)?;
        if page.more && page.entries.is_empty() {
            // A server that promises more and gives nothing would keep us here for ever.
            return Err(ClientError::Unreadable);
        }
        let pin = self.advance(log, known.as_ref(), &page.proof).await?;
        let mut paths = page.proof.inclusion.iter();
        let mut refused = Vec::new();
        let mut each = page.entries.iter().zip(&streams).peekable();
        while let Some((entry, stream)) = each.next() {
            // The last of a stream names all before it.
            let last = each.peek().is_none_or(|(_, next)| *next != stream);
            if last && !anchor::stands(&pin, Leaf::of(entry), paths.next()) {
                refused.push(*stream);
            }
        }
        self.hold_ends(log.firm, &ends, &call.from, (&page, &streams), &mut refused).await?;
        Ok(Proven { news: page, streams, refused })
    }

    /// Holds this device's journal to the checkpoint of an invitation, for which its lawyer vouched, and
    /// pins it unless the device knows a newer one.
    ///
    /// # Errors
    /// As [`Portal::agree_and_pin`].
    pub(crate) async fn vouched(&self, log: &Log, pin: &Pin) -> Result<(), ClientError> {
        self.agree_and_pin(log, pin, None, Some(Voucher::Invitation)).await
    }

    /// Forgets the firm's journal.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn unpin(&self, firm: Hash32) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(firm)).await;
        Ok(self.host.remove(&key(firm)).await?)
    }

    /// Pins another journal, deliberately.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn pin_instead(&self, firm: Hash32, pin: &Pin) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(firm)).await;
        Ok(self.host.save(&key(firm), &cbor::encode(pin)).await?)
    }
}

/// Asks where leaves stand in a tree that grew out of the known one.
pub(crate) fn question(known: Option<&Pin>, leaves: &[Leaf]) -> ReadProof {
    let leaves = leaves.iter().map(|leaf| leaf.index).collect();
    ReadProof { seen: seen(known), leaves, size: None }
}

/// The stream of each entry of a page, if it holds what was asked for and nothing else: the streams in the
/// order of the question, each from where it was wanted.
fn as_asked(from: &[From], entries: &[Entry]) -> Option<Vec<StreamId>> {
    let mut asked = from.iter();
    let mut next: Option<From> = None;
    let mut streams = Vec::with_capacity(entries.len());
    for entry in entries {
        let place = place_of(&entry.statement.0)?;
        while next.as_ref().is_none_or(|next| next.stream != place.stream) {
            next = Some(asked.next()?.clone());
        }
        let fits = vuln::a20() || next.as_ref().is_some_and(|next| next.seq == place.seq);
        if !fits {
            return None;
        }
        if let Some(next) = &mut next {
            next.seq = place.seq.saturating_add(1);
        }
        streams.push(place.stream);
    }
    Some(streams)
}

/// The size of the known tree, for questions.
fn seen(known: Option<&Pin>) -> u64 {
    known.map_or(0, |pin| pin.size)
}

fn key(firm: Hash32) -> String {
    alloc::format!("pin/{firm}")
}
