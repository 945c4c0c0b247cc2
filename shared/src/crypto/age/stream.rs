//! The payload's chunks: age's STREAM. Chunk `i` is a pure function of key, number, last or not,
//! and bytes, so that many workers can seal one file, and an interrupted upload can go on.
//!
//! The rule that all depends on: of one number under one key, never let two different chunks leave.
//! Whoever resumes an upload keeps the root of what it sealed before (`client/upload.rs`).

use alloc::vec::Vec;

use super::{CHUNK, NONCE, TAG};
use crate::crypto::error::OpenError;
use crate::crypto::hazmat;
use crate::crypto::keys::FileKey;
use crate::secret::Secret;
use crate::vuln;

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

    /// Seals a chunk where it lies and returns its tag, which follows it. A chunk before the last is
    /// full; the last is empty only when the file is.
    ///
    /// # Panics
    /// When the chunk has a length that its number forbids: such a file would open nowhere.
    #[must_use]
    pub fn seal_chunk_in_place(&self, index: u64, last: bool, chunk: &mut [u8]) -> [u8; TAG] {
        assert!(fits(index, last, chunk.len()), "{FORBIDDEN} {index}");
        hazmat::aead::seal_in_place(self.bytes(), &nonce(index, last), &[], chunk)
    }

    /// Appends the sealed chunk.
    ///
    /// # Panics
    /// As [`Self::seal_chunk_in_place`].
    pub fn seal_chunk(&self, index: u64, last: bool, plaintext: &[u8], out: &mut Vec<u8>) {
        assert!(fits(index, last, plaintext.len()), "{FORBIDDEN} {index}");
        hazmat::aead::seal_into(self.bytes(), &nonce(index, last), &[], plaintext, out);
    }

    /// Opens a sealed chunk where it lies; the plaintext is all of it but the tag. On failure no
    /// plaintext is in it.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] when the chunk is altered, of another number, or wrongly last.
    pub fn open_chunk_in_place<'chunk>(
        &self,
        index: u64,
        last: bool,
        sealed: &'chunk mut [u8],
    ) -> Result<&'chunk mut [u8], OpenError> {
        let (text, tag) = sealed.split_last_chunk_mut::<TAG>().ok_or(OpenError::Tampered)?;
        let nonce = nonce(index, last);
        if fits(index, last, text.len())
            && ((vuln::a18() && vuln::without_tag_in_place(self.bytes(), &nonce, text))
                || hazmat::aead::open_in_place(self.bytes(), &nonce, &[], text, tag))
        {
            Ok(text)
        } else {
            Err(OpenError::Tampered)
        }
    }

    /// Appends the chunk's plaintext. On failure `out` is as it was.
    ///
    /// # Errors
    /// As [`Self::open_chunk_in_place`].
    pub fn open_chunk(
        &self,
        index: u64,
        last: bool,
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), OpenError> {
        let length = sealed.len().checked_sub(TAG).ok_or(OpenError::Tampered)?;
        let nonce = nonce(index, last);
        if fits(index, last, length)
            && (hazmat::aead::open_into(self.bytes(), &nonce, &[], sealed, out)
                || (vuln::a18() && vuln::without_tag(self.bytes(), &nonce, sealed, out)))
        {
            Ok(())
        } else {
            Err(OpenError::Tampered)
        }
    }
}

const FORBIDDEN: &str = "a length that its place forbids, in chunk";

/// Whether a chunk of so much plaintext may have this number.
const fn fits(index: u64, last: bool, length: usize) -> bool {
    if last { length <= CHUNK && (length > 0 || index == 0) } else { length == CHUNK }
}

/// Eleven bytes of number, one that says whether this is the last.
fn nonce(index: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    if vuln::a17() {
        return nonce;
    }
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nonce_is_the_number_and_whether_it_is_the_last() {
        let number = 0x0102_0304_0506_0708;
        assert_eq!(nonce(number, false), [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
        assert_eq!(nonce(number, true), [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
    }

    /// Whether a chunk of so much plaintext opens at its place although its tag is good.
    fn opens(index: u64, last: bool, length: usize) -> bool {
        let key = PayloadKey::from_bytes([5; 32]);
        let mut sealed = Vec::new();
        let text = alloc::vec![6; length];
        hazmat::aead::seal_into(key.bytes(), &nonce(index, last), &[], &text, &mut sealed);
        let opened = key.open_chunk(index, last, &sealed, &mut Vec::new()).is_ok();
        let in_place = key.open_chunk_in_place(index, last, &mut sealed).is_ok();
        assert_eq!(opened, in_place, "{index} {last} {length}");
        opened
    }

    #[test]
    fn a_chunk_has_a_length_that_its_place_allows() {
        for (index, last, length) in
            [(0, true, 0), (0, true, 1), (0, true, CHUNK), (3, true, 1), (3, true, CHUNK)]
        {
            assert!(opens(index, last, length), "{index} {last} {length}");
        }
        assert!(opens(0, false, CHUNK) && opens(3, false, CHUNK));
        for (index, last, length) in [
            (3, true, 0),
            (0, true, CHUNK + 1),
            (3, true, CHUNK + 1),
            (0, false, 0),
            (0, false, CHUNK - 1),
            (3, false, CHUNK + 1),
        ] {
            assert!(!opens(index, last, length), "{index} {last} {length}");
        }
    }

    #[test]
    #[should_panic(expected = "a length that its place forbids")]
    fn a_short_chunk_before_the_last_is_not_sealed() {
        PayloadKey::from_bytes([5; 32]).seal_chunk(0, false, &[1; CHUNK - 1], &mut Vec::new());
    }

    #[test]
    #[should_panic(expected = "a length that its place forbids")]
    fn a_short_chunk_before_the_last_is_not_sealed_in_place() {
        let _ = PayloadKey::from_bytes([5; 32]).seal_chunk_in_place(0, false, &mut [1; CHUNK - 1]);
    }
}
