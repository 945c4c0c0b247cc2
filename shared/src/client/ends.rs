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
use crate::journal::wire::{From, News};

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

    /// Which of the asked streams contradict what this device saw of them: they end before the end that
    /// was known when they were asked for, or have another statement where it knows the last. Remembers
    /// the ends of the others.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn hold_ends(
        &self,
        firm: Hash32,
        before: &Ends,
        asked: &[From],
        page: &News,
    ) -> Result<Vec<StreamId>, ClientError> {
        // What was read or written since the question: an answer that was given earlier need not have it,
        // and must not contradict it.
        let newest = self.ends(firm).await?;
        let (mut broken, mut news) = (Vec::new(), Vec::new());
        for from in asked {
            let of = |ends: &Ends| ends.get(&from.stream).copied().unwrap_or(Head::EMPTY);
            let known = [of(before), of(&newest)];
            let (mut end, mut same) = (None, true);
            for entry in &page.entries {
                let place = place_of(&entry.statement.0);
                let Some(place) = place.filter(|place| place.stream == from.stream) else {
                    continue;
                };
                let (next, last) = (place.seq.saturating_add(1), sha256(&entry.statement.0));
                same &= known.iter().all(|one| next != one.next || last == one.last);
                end = Some(Head { next, last });
            }
            let next = end.map_or(from.seq, |end| end.next);
            if !same || (!page.more && next < known[0].next) {
                broken.push(from.stream);
            } else {
                news.extend(end.map(|end| (from.stream, end)));
            }
        }
        self.keep_ends(firm, news).await?;
        Ok(broken)
    }

    /// Remembers ends that are newer than the known ones.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn keep_ends(
        &self,
        firm: Hash32,
        seen: impl IntoIterator<Item = (StreamId, Head)>,
    ) -> Result<(), ClientError> {
        let mut ends = self.ends(firm).await?;
        let mut news = false;
        for (stream, end) in seen {
            if end.next > ends.get(&stream).map_or(0, |known| known.next) {
                ends.insert(stream, end);
                news = true;
            }
        }
        if news {
            let ends: Vec<(StreamId, Head)> = ends.into_iter().collect();
            self.host.save(&key(firm), &cbor::encode(&ends)).await?;
        }
        Ok(())
    }
}

fn key(firm: Hash32) -> String {
    alloc::format!("ends/{firm}")
}
