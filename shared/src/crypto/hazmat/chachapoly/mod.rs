//! ChaCha20-Poly1305 (RFC 8439) for browsers with 128-bit vectors: a file is sealed and opened by
//! this in the app's workers. Everywhere else the crate `chacha20poly1305` does it, which is also
//! what the tests hold this to, byte for byte.
//!
//! - [`chacha20`] makes the keystream of four blocks at once, one block in each lane.
//! - [`poly1305`] is plain integer arithmetic: sixteen products a block.
//!
//! The two take turns, a round of the cipher and then a block of the MAC: the cipher waits for the
//! processor's vector units and the MAC for its multiplier, so that the MAC costs almost nothing.
//! One pass over the caller's own buffer, 256 bytes at a time; each group is still in the nearest
//! cache when it is authenticated. A MAC in vector lanes was tried and lost: browsers turn each
//! widening product into three instructions on x86, in the very units that the cipher needs.
//!
//! Opening is one pass too, so the plaintext is in the buffer before the tag has been compared.
//! Nobody can see it there: the buffer is borrowed alone, and on a wrong tag every byte of it is
//! overwritten before the borrow ends. Comparing first would be a pass over the ciphertext for the
//! MAC alone, and a third slower.
//!
//! The profile of such a program compiles `shared` for speed (`opt-level = 3`): for size ("z") this
//! is a third as fast.
//!
//! No secret decides a branch or an address, and there is no `unsafe`: the vector instructions are
//! safe functions where the whole program is compiled with them.

mod chacha20;
mod poly1305;
#[cfg(test)]
mod tests;

use zeroize::Zeroize as _;

use super::hash;
use chacha20::{ChaCha20, GROUP};
use poly1305::{BLOCK, Poly1305};

/// Blocks of the cipher in a group; their numbers advance by so many.
const BLOCKS: u32 = 4;
/// The cipher offers the MAC this many turns a group, and the MAC must not need more.
const _: () = assert!(GROUP / BLOCK <= chacha20::TURNS);

/// Seals `text` in place and returns its tag.
pub(super) fn seal(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], text: &mut [u8]) -> [u8; BLOCK] {
    let (cipher, mut mac) = begin(key, nonce, aad);
    let length = text.len();
    // The MAC goes over the ciphertext, so it is one group behind the cipher.
    let mut behind: &[u8] = &[];
    let mut counter = 1;
    for group in text.chunks_mut(GROUP) {
        let mut blocks = behind.as_chunks().0.iter();
        let stream = cipher.stream(counter, || {
            if let Some(block) = blocks.next() {
                mac.block(block);
            }
        });
        stream.xor(group);
        behind = group;
        counter += BLOCKS;
    }
    mac.padded(behind);
    mac.finish(aad.len(), length)
}

/// Opens `text` in place. When the tag is not its tag, all of `text` is zero and the answer no.
#[must_use]
pub(super) fn open(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    text: &mut [u8],
    tag: &[u8; BLOCK],
) -> bool {
    let (cipher, mut mac) = begin(key, nonce, aad);
    let length = text.len();
    let mut counter = 1;
    for group in text.chunks_mut(GROUP) {
        let (blocks, rest) = group.as_chunks();
        let mut blocks = blocks.iter();
        let stream = cipher.stream(counter, || {
            if let Some(block) = blocks.next() {
                mac.block(block);
            }
        });
        mac.padded(rest);
        stream.xor(group);
        counter += BLOCKS;
    }
    let right = hash::equal(&mac.finish(aad.len(), length), tag);
    if !right {
        text.zeroize();
    }
    right
}

/// The cipher, and the MAC under the key that the cipher's block 0 begins with, past the `aad`.
fn begin(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8]) -> (ChaCha20, Poly1305) {
    let cipher = ChaCha20::new(key, nonce);
    let mut mac = Poly1305::new(&cipher.stream(0, || {}).first_half());
    mac.padded(aad);
    (cipher, mac)
}
