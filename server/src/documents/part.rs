//! One part while it arrives: its bytes are hashed once, chunk by chunk as they come, and kept in the
//! pieces they came in, so that nothing is copied.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use shared::crypto::age::SEALED_CHUNK;
use shared::crypto::hash::{Hash32, Hasher};
use shared::crypto::manifest::part_root;
use shared::problem::Code;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{ApiError, Reply, busy};
use crate::extract::call::too_slow;

/// Most parts in memory at once, of all senders together: a quarter of a gigabyte.
static ROOM: Semaphore = Semaphore::const_new(64);

/// A part that arrived whole.
pub struct Arrived {
    /// Its bytes, in pieces.
    pub pieces: Vec<Bytes>,
    /// The RFC 6962 root over its chunks.
    pub root: Hash32,
    /// The part's place among those in memory.
    pub room: SemaphorePermit<'static>,
}

/// Receives a part of exactly this length.
///
/// # Errors
/// When it is longer or shorter, breaks off, or takes too long, or too many are under way.
pub async fn receive(mut body: Body, length: u64, deadline: Duration) -> Reply<Arrived> {
    let until = tokio::time::Instant::now() + deadline;
    let room = ROOM.try_acquire().map_err(|_| busy())?;
    let mut part = Arriving::new(length);
    while let Some(frame) =
        tokio::time::timeout_at(until, body.frame()).await.map_err(|_| too_slow())?
    {
        let frame = frame.map_err(|_| ApiError::bad_request("The part broke off."))?;
        if let Ok(piece) = frame.into_data() {
            part.take(piece)?;
        }
    }
    let (pieces, root) = part.finish()?;
    Ok(Arrived { pieces, root, room })
}

struct Arriving {
    left: u64,
    pieces: Vec<Bytes>,
    chunk: Hasher,
    in_chunk: usize,
    leaves: Vec<Hash32>,
}

impl Arriving {
    fn new(length: u64) -> Self {
        Self {
            left: length,
            pieces: Vec::new(),
            chunk: leaf_hasher(),
            in_chunk: 0,
            leaves: Vec::new(),
        }
    }

    fn take(&mut self, piece: Bytes) -> Reply<()> {
        self.left = self
            .left
            .checked_sub(piece.len() as u64)
            .ok_or(ApiError::new(Code::TooLarge, "The part is longer than it should be."))?;
        let mut rest: &[u8] = &piece;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(SEALED_CHUNK - self.in_chunk));
            self.chunk.update(now);
            self.in_chunk += now.len();
            if self.in_chunk == SEALED_CHUNK {
                self.end_chunk();
            }
            rest = later;
        }
        self.pieces.push(piece);
        Ok(())
    }

    fn end_chunk(&mut self) {
        self.leaves.push(core::mem::replace(&mut self.chunk, leaf_hasher()).finish());
        self.in_chunk = 0;
    }

    fn finish(mut self) -> Reply<(Vec<Bytes>, Hash32)> {
        if self.left > 0 {
            return Err(ApiError::bad_request("The part is shorter than it should be."));
        }
        if self.in_chunk > 0 {
            self.end_chunk();
        }
        Ok((self.pieces, part_root(&self.leaves)))
    }
}

// The leaf of a chunk is SHA-256(0x00 || chunk).
fn leaf_hasher() -> Hasher {
    let mut hasher = Hasher::new();
    hasher.update(&[0]);
    hasher
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use shared::crypto::manifest::chunk_leaf;

    use super::*;

    fn arrive(bytes: &[u8], piece: usize) -> (Vec<Bytes>, Hash32) {
        let mut part = Arriving::new(bytes.len() as u64);
        for piece in bytes.chunks(piece) {
            part.take(Bytes::copy_from_slice(piece)).unwrap();
        }
        part.finish().unwrap()
    }

    #[test]
    fn the_pieces_that_a_part_comes_in_do_not_matter() {
        let bytes: Vec<u8> = (0..2 * SEALED_CHUNK + 17).map(|n| (n % 251) as u8).collect();
        let leaves: Vec<_> = bytes.chunks(SEALED_CHUNK).map(chunk_leaf).collect();
        for piece in [1000, SEALED_CHUNK - 1, SEALED_CHUNK, SEALED_CHUNK + 1, bytes.len()] {
            let (pieces, root) = arrive(&bytes, piece);
            assert_eq!(root, part_root(&leaves));
            assert_eq!(pieces.concat(), bytes);
        }
    }

    #[test]
    fn a_part_of_another_length_is_refused() {
        let mut long = Arriving::new(3);
        assert!(long.take(Bytes::from_static(b"four")).is_err());
        let mut short = Arriving::new(5);
        short.take(Bytes::from_static(b"four")).unwrap();
        assert!(short.finish().is_err());
    }
}
