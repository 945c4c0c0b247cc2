//! An attacker's own ChaCha20-Poly1305 (RFC 8439), which does what no honest one offers: it finds a
//! ciphertext with one tag that opens under two keys.

/// A key, and what its tag covers besides the ciphertext.
pub struct Under<'a> {
    pub key: [u8; 32],
    pub nonce: [u8; 12],
    pub aad: &'a [u8],
}

impl Under<'_> {
    fn block(&self, counter: u32) -> [u8; 64] {
        let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
        let mut state = [0_u32; 16];
        let constant = b"expand 32-byte k".chunks(4).map(word);
        let counter = [counter].into_iter();
        let words = constant.chain(self.key.chunks(4).map(word)).chain(counter);
        state.iter_mut().zip(words.chain(self.nonce.chunks(4).map(word))).for_each(|(a, b)| *a = b);
        let mut mixed = state;
        for _ in 0..10 {
            for column in 0..4 {
                quarter(&mut mixed, [column, column + 4, column + 8, column + 12]);
            }
            for at in 0..4 {
                quarter(&mut mixed, [at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4]);
            }
        }
        let mut out = [0; 64];
        for (bytes, (a, b)) in out.chunks_mut(4).zip(mixed.iter().zip(state)) {
            bytes.copy_from_slice(&a.wrapping_add(b).to_le_bytes());
        }
        out
    }

    /// What plaintext is added to.
    pub fn stream(&self, len: usize) -> Vec<u8> {
        (1..).flat_map(|counter| self.block(counter)).take(len).collect()
    }

    /// The key of the MAC: r, and s.
    fn one_time(&self) -> (Field, u128) {
        let block = self.block(0);
        let half = |at: usize| u128::from_le_bytes(block[at..at + 16].try_into().unwrap());
        (Field::new(half(0) & 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff, 0), half(16))
    }

    /// Everything that the MAC reads, in blocks.
    fn maced(&self, sealed: &[u8]) -> Vec<u128> {
        let mut bytes = Vec::new();
        for part in [self.aad, sealed] {
            bytes.extend_from_slice(part);
            bytes.resize(bytes.len().next_multiple_of(16), 0);
        }
        bytes.extend_from_slice(&(self.aad.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&(sealed.len() as u64).to_le_bytes());
        bytes.chunks(16).map(|block| u128::from_le_bytes(block.try_into().unwrap())).collect()
    }

    /// The polynomial's value, and the powers of r that stand at two blocks of the ciphertext.
    fn value(&self, sealed: &[u8], free: (usize, usize)) -> (Field, [Field; 2]) {
        let (r, _) = self.one_time();
        let blocks = self.maced(sealed);
        let value = blocks
            .iter()
            .fold(Field::new(0, 0), |sum, block| sum.add(Field::new(*block, 1)).mul(r));
        let power = |at: usize| {
            let behind = blocks.len() - self.aad.len().div_ceil(16) - at;
            (0..behind).fold(Field::new(1, 0), |power, _| power.mul(r))
        };
        (value, [power(free.0), power(free.1)])
    }

    fn tag(&self, sealed: &[u8]) -> [u8; 16] {
        let (value, _) = self.value(sealed, (0, 0));
        value.canonical().0.wrapping_add(self.one_time().1).to_le_bytes()
    }

    /// As everybody seals.
    pub fn seal(&self, plaintext: &[u8]) -> Vec<u8> {
        let stream = self.stream(plaintext.len());
        let mut sealed: Vec<u8> = plaintext.iter().zip(stream).map(|(a, b)| a ^ b).collect();
        let tag = self.tag(&sealed);
        sealed.extend_from_slice(&tag);
        sealed
    }
}

/// Changes two blocks of a ciphertext so that one tag fits under both keys, and adds it.
pub fn collide(
    one: &Under<'_>,
    two: &Under<'_>,
    mut sealed: Vec<u8>,
    free: (usize, usize),
) -> Vec<u8> {
    assert!(sealed.len().is_multiple_of(16));
    for at in [free.0, free.1] {
        sealed[at * 16..at * 16 + 16].fill(0);
    }
    let keys = [one, two].map(|key| (key.value(&sealed, free), key.one_time().1));
    let [((sum, [a, b]), s), ((other_sum, [c, d]), other_s)] = keys;
    let determinant = a.mul(d).sub(b.mul(c)).inverse();
    for tag in 1_u128.. {
        for carry in 0..9 {
            // What the two sums lack, with the free blocks at zero.
            let lack = Field::new(tag.wrapping_sub(s), carry % 3).sub(sum);
            let other = Field::new(tag.wrapping_sub(other_s), carry / 3).sub(other_sum);
            let x = lack.mul(d).sub(other.mul(b)).mul(determinant).canonical();
            let y = other.mul(a).sub(lack.mul(c)).mul(determinant).canonical();
            if x.1 == 0 && y.1 == 0 {
                sealed[free.0 * 16..free.0 * 16 + 16].copy_from_slice(&x.0.to_le_bytes());
                sealed[free.1 * 16..free.1 * 16 + 16].copy_from_slice(&y.0.to_le_bytes());
                assert_eq!([one.tag(&sealed), two.tag(&sealed)], [tag.to_le_bytes(); 2]);
                sealed.extend_from_slice(&tag.to_le_bytes());
                return sealed;
            }
        }
    }
    unreachable!("one in sixteen fits")
}

fn quarter(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    for (x, y, z, turn) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        state[x] = state[x].wrapping_add(state[y]);
        state[z] = (state[z] ^ state[x]).rotate_left(turn);
    }
}

const LIMB: u64 = (1 << 26) - 1;

/// A number modulo 2^130 - 5, in limbs of 26 bits.
#[derive(Clone, Copy)]
struct Field([u64; 5]);

impl Field {
    /// `high * 2^128 + low`.
    fn new(low: u128, high: u8) -> Self {
        let limb = |at: u32| (low >> (26 * at)) as u64 & LIMB;
        Self([limb(0), limb(1), limb(2), limb(3), limb(4) | u64::from(high) << 24])
    }

    fn carried(mut limbs: [u64; 5]) -> Self {
        for _ in 0..3 {
            for at in 0..5 {
                let carry = limbs[at] >> 26;
                limbs[at] &= LIMB;
                let (next, times) = if at == 4 { (0, 5) } else { (at + 1, 1) };
                limbs[next] += carry * times;
            }
        }
        Self(limbs)
    }

    fn add(self, other: Self) -> Self {
        Self::carried(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }

    fn sub(self, other: Self) -> Self {
        // Four times the modulus keeps every limb above zero.
        let four = |at: usize| 4 * if at == 0 { LIMB - 4 } else { LIMB };
        Self::carried(std::array::from_fn(|at| self.0[at] + four(at) - other.0[at]))
    }

    fn mul(self, other: Self) -> Self {
        let mut limbs = [0; 5];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                let times = if i + j < 5 { 1 } else { 5 };
                limbs[(i + j) % 5] += a * b * times;
            }
        }
        Self::carried(limbs)
    }

    /// By Fermat: the power 2^130 - 7.
    fn inverse(self) -> Self {
        (0..130).rev().fold(Self::new(1, 0), |power, bit| {
            let squared = power.mul(power);
            if bit >= 3 || bit == 0 { squared.mul(self) } else { squared }
        })
    }

    /// Below the modulus, as low 128 bits and the two above them.
    fn canonical(self) -> (u128, u8) {
        let mut limbs = Self::carried(self.0).0;
        let all = limbs[1..].iter().all(|limb| *limb == LIMB);
        if all && limbs[0] >= LIMB - 4 {
            limbs = [limbs[0] - (LIMB - 4), 0, 0, 0, 0];
        }
        let low = limbs.iter().enumerate().fold(0_u128, |low, (at, limb)| {
            low.wrapping_add(u128::from(*limb).wrapping_shl(26 * at as u32))
        });
        (low, (limbs[4] >> 24) as u8)
    }
}
