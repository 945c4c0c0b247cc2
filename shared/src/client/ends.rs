//! Where each stream ended when this device last read it or wrote to it. A journal proves that what is shown
//! stands in it; that nothing more does, only who was there before can tell.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{From, News};
use crate::vuln;

/// Ends of some ten thousand streams.
pub(super) const MAX_ENDS: usize = 2 * 1024 * 1024;

/// The newest known end of each stream.
pub(crate) type Ends = BTreeMap<StreamId, Head>;

impl<H: Host> Portal<H> {
    /// The ends that this device knows.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn ends(&self, firm: Hash32) -> Result<Ends, ClientError> {
        let Some(bytes) = self.host.load(&key(firm)).await? else { return Ok(Ends::new()) };
        let known: Vec<(StreamId, Head)> =
            cbor::decode_strict(&bytes, MAX_ENDS).map_err(|_| ClientError::Store)?;
        Ok(known.into_iter().collect())
    }

    /// Adds to `refused` the asked streams that contradict what this device knows of them: they end before
    /// the end that was known when they were asked for, or have another statement where it knows the last.
    /// The page is in the question's order; `streams` are its entries' own.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn hold_ends(
        &self,
        firm: Hash32,
        before: &Ends,
        asked: &[From],
        (page, streams): (&News, &[StreamId]),
        refused: &mut Vec<StreamId>,
    ) -> Result<(), ClientError> {
        // What was read or written since the question: an answer that was given earlier need not have it,
        // and must not contradict it.
        let newest = self.ends(firm).await?;
        let mut entries = page.entries.iter().zip(streams).peekable();
        for from in asked {
            let of = |ends: &Ends| ends.get(&from.stream).copied().unwrap_or(Head::EMPTY);
            let known = [of(before), of(&newest)];
            let (mut next, mut same) = (from.seq, true);
            while let Some((entry, _)) = entries.next_if(|(_, stream)| **stream == from.stream) {
                next = next.saturating_add(1);
                for end in known.iter().filter(|end| end.next == next) {
                    same &= sha256(&entry.statement.0) == end.last;
                }
            }
            let stands = same && (page.more || next >= known[0].next);
            if !stands && !refused.contains(&from.stream) && !vuln::a21() {
                refused.push(from.stream);
            }
        }
        Ok(())
    }

    /// Remembers where streams end, as far as that is news: to be told of statements that were taken in or
    /// written, and of no others. What was refused must not close the true stream.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn remember_ends(
        &self,
        firm: Hash32,
        heads: impl IntoIterator<Item = (StreamId, Head)>,
    ) -> Result<(), ClientError> {
        let heads: Vec<(StreamId, Head)> = heads.into_iter().collect();
        // Most reads bring nothing new: for that nobody waits.
        if !add(&mut self.ends(firm).await?, &heads) {
            return Ok(());
        }
        let _alone = self.host.lock(&key(firm)).await;
        let mut ends = self.ends(firm).await?;
        if add(&mut ends, &heads) {
            let ends: Vec<(StreamId, Head)> = ends.into_iter().collect();
            self.host.save(&key(firm), &cbor::encode(&ends)).await?;
        }
        Ok(())
    }

    /// Forgets all ends of the firm's streams.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn forget_ends(&self, firm: Hash32) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(firm)).await;
        Ok(self.host.remove(&key(firm)).await?)
    }
}

/// Adds what is news; whether anything was.
fn add(ends: &mut Ends, heads: &[(StreamId, Head)]) -> bool {
    let mut news = false;
    for (stream, head) in heads {
        let known = ends.entry(*stream).or_insert(Head::EMPTY);
        if head.next > known.next {
            (*known, news) = (*head, true);
        }
    }
    news
}

fn key(firm: Hash32) -> String {
    alloc::format!("ends/{firm}")
}
