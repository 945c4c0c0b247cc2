//! Opening a file in parts, so that workers can do it side by side: [`super::upload`] the other way.
//!
//! A part alone proves that each of its chunks belongs to this file, at this place. That no part is
//! missing and that these are the bytes that the sender signed is only known when all are there:
//! [`super::read::DocumentReader::complete`].

use super::error::{ClientError, Thing};
use super::upload::part_count;
use crate::crypto::age::{PART_CHUNKS, PayloadKey, SEALED_CHUNK, SEALED_PART};
use crate::crypto::hash::Hash32;
use crate::crypto::manifest;

/// The sealed bytes of a part: where they begin, and how many. `None` when a payload of this length
/// has no such part, or no payload this length.
#[must_use]
pub fn part_range(index: u32, sealed_len: u64) -> Option<(u64, u64)> {
    let size = manifest::plain_len(sealed_len)?;
    let start = u64::from(index) * SEALED_PART as u64;
    (index < part_count(size)).then(|| (start, (sealed_len - start).min(SEALED_PART as u64)))
}

/// One part being opened, chunk by chunk: constant memory, no I/O, no hashing. This is what workers
/// run.
pub struct PartOpen {
    key: PayloadKey,
    /// The next chunk's number in the file, and how many chunks the file has.
    at: u64,
    chunks: u64,
    /// Sealed bytes still to come, and chunks opened so far.
    rest: u64,
    opened: usize,
}

impl PartOpen {
    /// Part `index` of a payload of `sealed_len` bytes; `key` is
    /// [`super::read::DocumentReader::job`].
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the key is none, or the payload has no such part.
    pub fn begin(key: &[u8], index: u32, sealed_len: u64) -> Result<Self, ClientError> {
        let (_, rest) = part_range(index, sealed_len).ok_or(ClientError::Unfit)?;
        let chunks = manifest::chunks_of_sealed(sealed_len).ok_or(ClientError::Unfit)?;
        let key = PayloadKey::from_bytes(key.try_into().map_err(|_| ClientError::Unfit)?);
        let at = u64::from(index) * PART_CHUNKS as u64;
        Ok(Self { key, at, chunks, rest, opened: 0 })
    }

    /// Bytes of the next sealed chunk; `None` when all are opened.
    #[must_use]
    pub fn next_len(&self) -> Option<usize> {
        (self.rest > 0).then(|| self.rest.min(SEALED_CHUNK as u64) as usize)
    }

    /// Opens the next chunk where it lies, and gives what was in it.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`]: it is not the chunk that was sealed for this place. Nothing of it
    /// is left in the room.
    pub fn open<'room>(&mut self, room: &'room mut [u8]) -> Result<&'room mut [u8], ClientError> {
        const BROKEN: ClientError = ClientError::NotVerified(Thing::Document);
        if self.next_len() != Some(room.len()) {
            return Err(BROKEN);
        }
        self.rest -= room.len() as u64;
        let last = self.at + 1 == self.chunks;
        let plain = self.key.open_chunk_in_place(self.at, last, room).map_err(|_| BROKEN)?;
        self.at += 1;
        self.opened += 1;
        Ok(plain)
    }

    /// The RFC 6962 root, from the leaves of all its chunks in their order, sealed or opened.
    #[must_use]
    pub fn root(&self, leaves: &[Hash32]) -> Option<Hash32> {
        let all = self.next_len().is_none() && leaves.len() == self.opened;
        all.then(|| manifest::part_root(leaves))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::crypto::age::{CHUNK, TAG};
    use crate::crypto::manifest::chunk_leaf;
    use alloc::vec;
    use alloc::vec::Vec;

    const KEY: [u8; 32] = [7; 32];

    /// A payload of so many bytes, sealed, chunk by chunk.
    fn sealed(size: usize) -> Vec<Vec<u8>> {
        let key = PayloadKey::from_bytes(KEY);
        let chunks = manifest::chunks_of_plain(size as u64);
        let seal = |index: u64| {
            let len = CHUNK.min(size - index as usize * CHUNK);
            let mut out = Vec::new();
            key.seal_chunk(index, index + 1 == chunks, &vec![index as u8; len], &mut out);
            out
        };
        (0..chunks).map(seal).collect()
    }

    fn open(index: u32, len: usize, chunks: &[Vec<u8>]) -> Result<(Vec<u8>, Hash32), ClientError> {
        let mut part = PartOpen::begin(&KEY, index, len as u64)?;
        let (mut plain, mut leaves) = (Vec::new(), Vec::new());
        for chunk in chunks {
            leaves.push(chunk_leaf(chunk));
            plain.extend_from_slice(part.open(&mut chunk.clone())?);
        }
        Ok((plain, part.root(&leaves).ok_or(ClientError::Unfit)?))
    }

    #[test]
    fn parts_give_what_was_sealed_and_the_root_that_is_signed() {
        for size in [0, 1, CHUNK, PART_CHUNKS * CHUNK, PART_CHUNKS * CHUNK + 1] {
            let chunks = sealed(size);
            let len = chunks.iter().map(Vec::len).sum();
            let (mut roots, mut plain) = (Vec::new(), 0);
            for (index, part) in (0..).zip(chunks.chunks(PART_CHUNKS)) {
                let (bytes, root) = open(index, len, part).unwrap();
                roots.push(root);
                plain += bytes.len();
            }
            let leaves: Vec<_> = chunks.iter().map(|chunk| chunk_leaf(chunk)).collect();
            let count = chunks.len() as u64;
            assert_eq!(plain, size);
            assert_eq!(manifest::root_of_parts(&roots, count), Some(manifest::part_root(&leaves)));
            assert_eq!(part_range(roots.len() as u32, len as u64), None);
        }
    }

    #[test]
    fn a_chunk_that_is_altered_moved_missing_or_cut_does_not_open() {
        let chunks = sealed(2 * CHUNK + 9);
        let len: usize = chunks.iter().map(Vec::len).sum();
        let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut chunks = chunks.clone();
            change(&mut chunks);
            open(0, len, &chunks).is_ok()
        };
        assert!(with(&|_| {}));
        assert!(!with(&|chunks| chunks[1][77] ^= 1));
        assert!(!with(&|chunks| chunks.swap(0, 1)));
        assert!(!with(&|chunks| drop(chunks.remove(1))));
        assert!(!with(&|chunks| drop(chunks.pop())));
        assert!(!with(&|chunks| chunks.push(chunks[0].clone())));
        assert!(!with(&|chunks| {
            chunks[2].pop();
        }));
        // Of a longer file, the last chunk of a shorter one is none.
        assert!(open(0, len + CHUNK + TAG, &chunks).is_err());
        assert!(open(1, len, &[]).is_err());
        assert!(PartOpen::begin(&KEY[1..], 0, len as u64).is_err());
    }

    #[test]
    fn what_does_not_open_leaves_nothing_in_the_room() {
        let mut chunk = sealed(100).remove(0);
        chunk[3] ^= 1;
        let mut part = PartOpen::begin(&KEY, 0, chunk.len() as u64).unwrap();
        assert!(part.open(&mut chunk).is_err());
        assert!(chunk[..100].iter().all(|byte| *byte == 0));
    }
}
