//! The keystream (RFC 8439, 2.3): four blocks at once. Lane `i` of the sixteen vectors is block
//! `i`, so that a round needs no shuffles; the blocks are turned back into rows at the end.
//!
//! Written out rather than in loops: the sixteen vectors stay in registers even where the compiler
//! was asked for small code and would not unroll.

use core::arch::wasm32::{
    u16x8_shuffle, u32x4, u32x4_add, u32x4_shl, u32x4_shr, u32x4_shuffle, u32x4_splat, u64x2,
    u64x2_extract_lane, u64x2_shuffle, v128, v128_or, v128_xor,
};

use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of keystream made at once.
pub(super) const GROUP: usize = 256;
/// How often [`ChaCha20::stream`] lets something else run.
pub(super) const TURNS: usize = 20;

/// Key and nonce as the cipher's state: its constants, the key, a counter of 0, the nonce.
pub(super) struct ChaCha20([u32; 16]);

impl Drop for ChaCha20 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ChaCha20 {
    pub(super) fn new(key: &[u8; 32], nonce: &[u8; 12]) -> Self {
        let mut state = [0; 16];
        state[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        let words = key.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word));
        state[4..12].iter_mut().zip(words).for_each(|(place, word)| *place = word);
        let words = nonce.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word));
        state[13..].iter_mut().zip(words).for_each(|(place, word)| *place = word);
        Self(state)
    }

    /// The keystream from block `counter` on. After each of the twenty rounds `turn` may do
    /// something of its own.
    #[inline(always)]
    pub(super) fn stream(&self, counter: u32, mut turn: impl FnMut()) -> Stream {
        let all = |at: usize| u32x4_splat(self.0[at]);
        let mut x = [
            all(0),
            all(1),
            all(2),
            all(3),
            all(4),
            all(5),
            all(6),
            all(7),
            all(8),
            all(9),
            all(10),
            all(11),
            u32x4(counter, counter + 1, counter + 2, counter + 3),
            all(13),
            all(14),
            all(15),
        ];
        for _ in 0..TURNS / 2 {
            quarters(&mut x, [0, 4, 8, 12], [1, 5, 9, 13]);
            quarters(&mut x, [2, 6, 10, 14], [3, 7, 11, 15]);
            turn();
            quarters(&mut x, [0, 5, 10, 15], [1, 6, 11, 12]);
            quarters(&mut x, [2, 7, 8, 13], [3, 4, 9, 14]);
            turn();
        }
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = x;
        let s = &self.0;
        Stream([
            row([a, b, c, d], [s[0], s[1], s[2], s[3]], 0),
            row([e, f, g, h], [s[4], s[5], s[6], s[7]], 0),
            row([i, j, k, l], [s[8], s[9], s[10], s[11]], 0),
            row([m, n, o, p], [counter, s[13], s[14], s[15]], 1),
        ])
    }
}

/// Two quarter rounds side by side: one alone waits for itself, and four do not fit in registers.
#[inline(always)]
fn quarters(x: &mut [v128; 16], [a, b, c, d]: [usize; 4], [e, f, g, h]: [usize; 4]) {
    x[a] = u32x4_add(x[a], x[b]);
    x[d] = left_16(v128_xor(x[d], x[a]));
    x[e] = u32x4_add(x[e], x[f]);
    x[h] = left_16(v128_xor(x[h], x[e]));

    x[c] = u32x4_add(x[c], x[d]);
    x[b] = left::<12>(v128_xor(x[b], x[c]));
    x[g] = u32x4_add(x[g], x[h]);
    x[f] = left::<12>(v128_xor(x[f], x[g]));

    x[a] = u32x4_add(x[a], x[b]);
    x[d] = left::<8>(v128_xor(x[d], x[a]));
    x[e] = u32x4_add(x[e], x[f]);
    x[h] = left::<8>(v128_xor(x[h], x[e]));

    x[c] = u32x4_add(x[c], x[d]);
    x[b] = left::<7>(v128_xor(x[b], x[c]));
    x[g] = u32x4_add(x[g], x[h]);
    x[f] = left::<7>(v128_xor(x[f], x[g]));
}

/// Each lane rotated left.
#[inline(always)]
fn left<const BITS: u32>(v: v128) -> v128 {
    v128_or(u32x4_shl(v, BITS), u32x4_shr(v, 32 - BITS))
}

/// By 16 bits the halves of each lane change places, which is cheaper than to shift.
#[inline(always)]
fn left_16(v: v128) -> v128 {
    u16x8_shuffle::<1, 0, 3, 2, 5, 4, 7, 6>(v, v)
}

/// One row of each block's state: from words across the blocks, plus what the state began with; its
/// first word goes up by `step` from block to block.
#[inline(always)]
fn row([a, b, c, d]: [v128; 4], [first, second, third, fourth]: [u32; 4], step: u32) -> [v128; 4] {
    let (ab, cd) = (u32x4_shuffle::<0, 4, 1, 5>(a, b), u32x4_shuffle::<0, 4, 1, 5>(c, d));
    let (ef, gh) = (u32x4_shuffle::<2, 6, 3, 7>(a, b), u32x4_shuffle::<2, 6, 3, 7>(c, d));
    let begun = |block: u32| u32x4(first + block * step, second, third, fourth);
    [
        u32x4_add(u64x2_shuffle::<0, 2>(ab, cd), begun(0)),
        u32x4_add(u64x2_shuffle::<1, 3>(ab, cd), begun(1)),
        u32x4_add(u64x2_shuffle::<0, 2>(ef, gh), begun(2)),
        u32x4_add(u64x2_shuffle::<1, 3>(ef, gh), begun(3)),
    ]
}

/// Four blocks of keystream: first by row of the state, then by block.
pub(super) struct Stream([[v128; 4]; 4]);

impl Stream {
    /// Goes over a group, or over the shorter end of a text.
    #[inline(always)]
    pub(super) fn xor(self, text: &mut [u8]) {
        if let Ok(group) = text.try_into() {
            self.xor_group(group);
        } else {
            let mut group = Zeroizing::new([0; GROUP]);
            group[..text.len()].copy_from_slice(text);
            self.xor_group(&mut group);
            text.copy_from_slice(&group[..text.len()]);
        }
    }

    #[inline(always)]
    fn xor_group(&self, group: &mut [u8; GROUP]) {
        let (pieces, _) = group.as_chunks_mut();
        for (row, blocks) in self.0.iter().enumerate() {
            for (block, stream) in blocks.iter().enumerate() {
                let piece = &mut pieces[4 * block + row];
                *piece = bytes(v128_xor(vector(piece), *stream));
            }
        }
    }

    /// The first 32 bytes of the first block: a MAC's key.
    pub(super) fn first_half(&self) -> Zeroizing<[u8; 32]> {
        let mut half = Zeroizing::new([0; 32]);
        half[..16].copy_from_slice(&bytes(self.0[0][0]));
        half[16..].copy_from_slice(&bytes(self.0[1][0]));
        half
    }
}

/// Compiles to one load.
#[inline(always)]
fn vector(bytes: &[u8; 16]) -> v128 {
    let number = u128::from_le_bytes(*bytes);
    u64x2(number as u64, (number >> 64) as u64)
}

/// Compiles to one store.
#[inline(always)]
fn bytes(v: v128) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&u64x2_extract_lane::<0>(v).to_le_bytes());
    bytes[8..].copy_from_slice(&u64x2_extract_lane::<1>(v).to_le_bytes());
    bytes
}
