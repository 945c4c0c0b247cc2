//! What every format promises: it opens where it belongs, and nowhere else, and never after a
//! single bit of it has changed.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

mod anchor;
mod bundle;
mod checkpoint;
mod files;
mod limits;
mod links;
mod manifest;
mod opaque;
mod sealed;
mod signed;
mod statement;
mod tile;
mod tree;
mod unlock;
mod wrapped;

/// Runs a check on the bytes with each single bit flipped, and with each beginning and one byte
/// more: none of them may be taken for the real thing.
fn every_mutation(bytes: &[u8], accepts: impl Fn(&[u8]) -> bool) {
    assert!(accepts(bytes), "the bytes themselves must be accepted");
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1 << bit;
            assert!(!accepts(&changed), "byte {at} bit {bit} can be flipped unseen");
        }
    }
    every_length(bytes, accepts);
}

/// Runs a check on each beginning of the bytes, and with one byte more.
fn every_length(bytes: &[u8], accepts: impl Fn(&[u8]) -> bool) {
    for end in 0..bytes.len() {
        assert!(!accepts(&bytes[..end]), "cut to {end} bytes it is still taken");
    }
    for more in [0, 1, 0x80, 0xff] {
        let longer = [bytes, &[more]].concat();
        assert!(!accepts(&longer), "with {more:#x} behind it, it is still taken");
    }
}
