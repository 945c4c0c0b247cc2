//! The one-time MAC (RFC 8439, 2.5), in 32-bit words. The key's `r` has its four highest bits and,
//! past the first word, its two lowest bits cleared in every word: so the sixteen products of a
//! block are summed in 64 bits without a carry, and what overflows 2^130 comes back times 5 / 4.

use zeroize::Zeroize as _;

/// Bytes of a block, and of the tag.
pub(super) const BLOCK: usize = 16;

/// A MAC in progress.
pub(super) struct Poly1305 {
    /// The sum so far, below 2^130 and a little.
    h: [u32; 5],
    r: [u64; 4],
    /// `r * 5 / 4`, for the words that wrap around.
    s: [u64; 4],
    pad: [u32; 4],
}

impl Drop for Poly1305 {
    fn drop(&mut self) {
        self.h.zeroize();
        self.r.zeroize();
        self.s.zeroize();
        self.pad.zeroize();
    }
}

impl Poly1305 {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let word = |at: usize| u32::from_le_bytes(core::array::from_fn(|i| key[4 * at + i]));
        let r = core::array::from_fn(|at| {
            u64::from(word(at) & if at == 0 { 0x0fff_ffff } else { 0x0fff_fffc })
        });
        let s = r.map(|word| (word >> 2) * 5);
        Self { h: [0; 5], r, s, pad: core::array::from_fn(|at| word(4 + at)) }
    }

    /// `h = (h + block + 2^128) * r`, but for a rest that the next block carries on.
    ///
    /// Each sum is below `2^33 * 2^28 * (1 + 3 * 5 / 4)` and a little, which is less than 2^64.
    #[inline(always)]
    pub(super) fn block(&mut self, block: &[u8; BLOCK]) {
        const LOW: u64 = 0xffff_ffff;
        let (words, _) = block.as_chunks();
        let word = |at: usize| u64::from(self.h[at]) + u64::from(u32::from_le_bytes(words[at]));
        let [h0, h1, h2, h3] = [word(0), word(1), word(2), word(3)];
        let h4 = u64::from(self.h[4]) + 1;
        let ([r0, r1, r2, r3], [s0, s1, s2, s3]) = (self.r, self.s);

        let x0 = h0 * r0 + h1 * s3 + h2 * s2 + h3 * s1 + h4 * s0;
        let x1 = h0 * r1 + h1 * r0 + h2 * s3 + h3 * s2 + h4 * s1;
        let x2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s3 + h4 * s2;
        let x3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s3;
        // Of the word above, `s0` has already brought back all but the two lowest bits.
        let x4 = h4 * (r0 & 3) + (x3 >> 32);

        let y0 = (x0 & LOW) + (x4 >> 2) * 5;
        let y1 = (x1 & LOW) + (x0 >> 32) + (y0 >> 32);
        let y2 = (x2 & LOW) + (x1 >> 32) + (y1 >> 32);
        let y3 = (x3 & LOW) + (x2 >> 32) + (y2 >> 32);
        let y4 = (x4 & 3) + (y3 >> 32);
        self.h = [y0 as u32, y1 as u32, y2 as u32, y3 as u32, y4 as u32];
    }

    /// All of `bytes`, with zeros up to a whole block.
    pub(super) fn padded(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks();
        blocks.iter().for_each(|block| self.block(block));
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            self.block(&block);
        }
    }

    /// The block with both lengths, and then the tag.
    pub(super) fn finish(mut self, aad: usize, text: usize) -> [u8; BLOCK] {
        let mut lengths = [0; BLOCK];
        lengths[..8].copy_from_slice(&(aad as u64).to_le_bytes());
        lengths[8..].copy_from_slice(&(text as u64).to_le_bytes());
        self.block(&lengths);
        self.tag()
    }

    /// `h` modulo 2^130 - 5, plus the pad, modulo 2^128.
    pub(super) fn tag(&self) -> [u8; BLOCK] {
        let h = self.h.map(u64::from);
        // How often 2^130 - 5 is in `h`: what adding 5 carries out of 130 bits.
        let carry = h[..4].iter().fold(5, |carry, word| (carry + word) >> 32);
        let mut carry = ((carry + h[4]) >> 2) * 5;
        let mut tag = [0; BLOCK];
        for ((word, pad), out) in h.iter().zip(self.pad).zip(tag.as_chunks_mut().0) {
            carry += word + u64::from(pad);
            *out = (carry as u32).to_le_bytes();
            carry >>= 32;
        }
        tag
    }
}
