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
use crate::journal::statement::place_of;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From, News};
use crate::vuln;

/// Ends of some ten thousand streams.
const MAX_ENDS: usize = 2 * 1024 * 1024;

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
    /// The page is in the question's order.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn hold_ends(
        &self,
        firm: Hash32,
        before: &Ends,
        asked: &[From],
        page: &News,
        refused: &mut Vec<StreamId>,
    ) -> Result<(), ClientError> {
        // What was read or written since the question: an answer that was given earlier need not have it,
        // and must not contradict it.
        let newest = self.ends(firm).await?;
        let mut entries = page.entries.iter().peekable();
        for from in asked {
            let of = |ends: &Ends| ends.get(&from.stream).copied().unwrap_or(Head::EMPTY);
            let known = [of(before), of(&newest)];
            let (mut next, mut same) = (from.seq, true);
            while let Some(entry) = entries.next_if(|entry| is_of(entry, from.stream)) {
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
        let mut ends = self.ends(firm).await?;
        let mut news = false;
        for (stream, head) in heads {
            let known = ends.entry(stream).or_insert(Head::EMPTY);
            if head.next > known.next {
                (*known, news) = (head, true);
            }
        }
        if news {
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
        Ok(self.host.remove(&key(firm)).await?)
    }
}

fn is_of(entry: &Entry, stream: StreamId) -> bool {
    place_of(&entry.statement.0).is_some_and(|place| place.stream == stream)
}

fn key(firm: Hash32) -> String {
    alloc::format!("ends/{firm}")
}
