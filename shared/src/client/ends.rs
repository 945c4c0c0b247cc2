//! Where each stream ended when this device last read it. A journal proves that what is shown stands in
//! it; that nothing more does, only who was there before can tell.

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
use crate::vuln;

/// Ends of some ten thousand streams.
const MAX_ENDS: usize = 2 * 1024 * 1024;

impl<H: Host> Portal<H> {
    /// Which of the asked streams contradict what this device saw of them: they end earlier, or have
    /// another statement where it saw the last. Remembers the ends of the others.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn hold_ends(
        &self,
        firm: Hash32,
        asked: &[From],
        page: &News,
    ) -> Result<Vec<StreamId>, ClientError> {
        let key = key(firm);
        let known: Vec<(StreamId, Head)> = match self.host.load(&key).await? {
            Some(bytes) => cbor::decode_strict(&bytes, MAX_ENDS).map_err(|_| ClientError::Store)?,
            None => Vec::new(),
        };
        let mut ends: BTreeMap<StreamId, Head> = known.into_iter().collect();
        let (mut broken, mut news) = (Vec::new(), false);
        for from in asked {
            let known = ends.get(&from.stream).copied().unwrap_or(Head::EMPTY);
            let mut end = Head { next: from.seq, last: known.last };
            let mut same = true;
            for entry in &page.entries {
                let place = place_of(&entry.statement.0);
                let Some(place) = place.filter(|place| place.stream == from.stream) else {
                    continue;
                };
                end = Head { next: place.seq.saturating_add(1), last: sha256(&entry.statement.0) };
                same &= end.next != known.next || end.last == known.last;
            }
            if (!same || (!page.more && end.next < known.next)) && !vuln::a21() {
                broken.push(from.stream);
            } else if end.next > known.next {
                ends.insert(from.stream, end);
                news = true;
            }
        }
        if news {
            let ends: Vec<(StreamId, Head)> = ends.into_iter().collect();
            self.host.save(&key, &cbor::encode(&ends)).await?;
        }
        Ok(broken)
    }
}

fn key(firm: Hash32) -> String {
    alloc::format!("ends/{firm}")
}
