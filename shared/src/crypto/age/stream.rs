//! The payload's chunks: age's STREAM. Chunk `i` is a pure function of key, number, last or not,
//! and bytes, so that many workers can seal one file, and an interrupted upload can go on.
//!
//! The rule that all depends on: of one number under one key, never let two different chunks leave.
//! Whoever resumes an upload keeps the root of what it sealed before (`client/upload.rs`).

use alloc::vec::Vec;

use super::{CHUNK, NONCE, SEALED_CHUNK, TAG};
use crate::crypto::error::OpenError;
use crate::crypto::hazmat;
use crate::crypto::keys::FileKey;
use crate::secret::Secret;

/// The key of one file's payload.
pub struct PayloadKey(Secret<[u8; 32]>);

impl PayloadKey {
    /// HKDF(file key, nonce, "payload").
    pub(crate) fn derive(file_key: &FileKey, nonce: &[u8; NONCE]) -> Self {
        Self(Secret::new(*hazmat::kdf::hkdf(file_key.bytes(), nonce, &[b"payload"])))
    }

    /// The key of these bytes: in a worker, from [`Self::bytes`].
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bytes, for a worker of one's own.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        // EXPOSE: handed to the caller, who owes the reason.
        self.0.expose()
    }

    /// Appends the sealed chunk. A chunk before the last is full; the last is empty only when the
    /// file is.
    ///
    /// # Panics
    /// When the chunk has a length that its number forbids: such a file would open nowhere.
    pub fn seal_chunk(&self, index: u64, last: bool, plaintext: &[u8], out: &mut Vec<u8>) {
        let fits = if last {
            plaintext.len() <= CHUNK && (!plaintext.is_empty() || index == 0)
        } else {
            plaintext.len() == CHUNK
        };
        assert!(fits, "chunk {index} has a length that its place forbids");
        hazmat::aead::seal_into(self.bytes(), &nonce(index, last), &[], plaintext, out);
    }

    /// Appends the chunk's plaintext. On failure `out` is as it was.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] when the chunk is altered, of another number, or wrongly last.
    pub fn open_chunk(
        &self,
        index: u64,
        last: bool,
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), OpenError> {
        let fits = if last {
            sealed.len() <= SEALED_CHUNK
                && (sealed.len() > TAG || (index == 0 && sealed.len() == TAG))
        } else {
            sealed.len() == SEALED_CHUNK
        };
        if fits && hazmat::aead::open_into(self.bytes(), &nonce(index, last), &[], sealed, out) {
            Ok(())
        } else {
            Err(OpenError::Tampered)
        }
    }
}

/// Eleven bytes of number, one that says whether this is the last.
fn nonce(index: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}
