//! SHA-256 as public data: digests, labelled digests, and their comparison.

use super::hazmat;
use super::purpose::Purpose;

super::bytes::public_bytes!(
    /// A SHA-256 digest, or a tree's node: public data.
    Hash32, 32
);

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash32 {
    Hash32(hazmat::hash::sha256(&[bytes]))
}

/// SHA-256 of several pieces one after the other.
#[must_use]
pub fn sha256_of(pieces: &[&[u8]]) -> Hash32 {
    Hash32(hazmat::hash::sha256(pieces))
}

/// SHA-256 of a label followed by pieces. The caller sees to it that the pieces have one parse.
#[must_use]
pub fn labelled(purpose: Purpose, pieces: &[&[u8]]) -> Hash32 {
    let mut hasher = Hasher::new();
    hasher.update(purpose.bytes());
    pieces.iter().for_each(|piece| hasher.update(piece));
    hasher.finish()
}

/// SHA-256 of what comes in pieces over time: a file while it is read.
#[derive(Clone, Default)]
pub struct Hasher(hazmat::hash::Sha256State);

impl Hasher {
    /// A hasher that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Hash32 {
        Hash32(self.0.finish())
    }
}

impl core::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Hasher")
    }
}

/// Compares without saying by its timing where two byte strings differ.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    hazmat::hash::equal(a, b)
}

#[cfg(test)]
mod tests {
    use super::super::purpose;
    use super::*;

    #[test]
    fn pieces_are_hashed_one_after_the_other_and_a_label_before_them() {
        let whole = sha256(b"abc");
        assert_eq!(whole.0[..4], [0xba, 0x78, 0x16, 0xbf], "FIPS 180's example");
        assert_eq!(sha256_of(&[b"a", b"", b"bc"]), whole);
        let mut hasher = Hasher::new();
        hasher.update(b"a");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), whole);
        assert_eq!(labelled(purpose::KID, &[b"a", b"bc"]), sha256(b"underseal/v1/kid\0abc"));
    }

    #[test]
    fn equal_is_equal_in_every_byte_and_in_length() {
        assert!(equal(b"", b"") && equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd") && !equal(b"abc", b"ab") && !equal(b"bbc", b"abc"));
    }
}
