//! The commonest passwords, as a set that is small to fetch: of each the first bits of its hash, sorted, and
//! the gaps between them in Rice's code. `docs/PASSPHRASES.md` has the format and where the passwords are from.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::normal::folded;
use crate::crypto::hash::sha256;

/// How a file begins.
const MAGIC: [u8; 4] = *b"UCP1";
/// Bits of a password's hash: a word that is not in the list is taken for one of 100,000 once in 687,000 times.
const HASH_BITS: u32 = 36;
/// How far each tier reaches, as a power of ten.
const TIERS: [u8; 3] = [3, 4, 5];
/// A tier's head: how far it reaches, its parameter, its count.
const HEAD: usize = 6;
/// No password of the list is longer, in characters.
pub const LONGEST: usize = 20;
/// And none shorter.
pub const SHORTEST: usize = 3;

/// A file is not such a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a list of common passwords")]
pub struct BadList;

/// The commonest passwords in tiers: the first thousand, ten thousand, hundred thousand.
#[derive(Clone, Default)]
pub struct CommonList {
    tiers: Vec<Tier>,
}

#[derive(Clone)]
struct Tier {
    digits: u8,
    /// Sorted.
    hashes: Vec<u64>,
}

impl CommonList {
    /// No list: it could not be fetched.
    #[must_use]
    pub const fn none() -> Self {
        Self { tiers: Vec::new() }
    }

    /// Reads the file, to its last bit.
    ///
    /// # Errors
    /// [`BadList`] for anything that [`encode`] does not write.
    pub fn read(bytes: &[u8]) -> Result<Self, BadList> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(BadList)?;
        let (&count, rest) = rest.split_first().ok_or(BadList)?;
        let heads = rest.get(..usize::from(count) * HEAD).ok_or(BadList)?;
        let mut bits = Bits { bytes: &rest[heads.len()..], at: 0 };
        let tiers = heads
            .chunks_exact(HEAD)
            .map(|head| Tier::read(head.try_into().map_err(|_| BadList)?, &mut bits))
            .collect::<Result<_, _>>()?;
        bits.end()?;
        Ok(Self { tiers })
    }

    /// How many passwords it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tiers.iter().map(|tier| tier.hashes.len()).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it holds a password, which is given in small letters.
    #[must_use]
    pub fn knows(&self, password: &str) -> bool {
        self.digits(password).is_some()
    }

    /// Among how many of the commonest it is, as a power of ten.
    #[must_use]
    pub(super) fn digits(&self, password: &str) -> Option<f32> {
        if self.tiers.is_empty() || !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
            return None;
        }
        let hash = hash(password);
        let tier = self.tiers.iter().find(|tier| tier.hashes.binary_search(&hash).is_ok())?;
        Some(f32::from(tier.digits))
    }
}

impl Tier {
    fn read(head: [u8; HEAD], bits: &mut Bits<'_>) -> Result<Self, BadList> {
        let [digits, parameter, count @ ..] = head;
        let count = u32::from_be_bytes(count) as usize;
        // Every password takes a bit at the least, so no list asks for more memory than it is long.
        if u32::from(parameter) >= HASH_BITS || count > bits.left() {
            return Err(BadList);
        }
        let mut hashes = Vec::with_capacity(count);
        let mut next = 0_u64;
        for _ in 0..count {
            let hash = next + bits.number(u32::from(parameter))?;
            if hash >> HASH_BITS != 0 {
                return Err(BadList);
            }
            hashes.push(hash);
            next = hash + 1;
        }
        Ok(Self { digits, hashes })
    }
}

fn hash(password: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = sha256(password.as_bytes()).0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> (u64::BITS - HASH_BITS)
}

/// Writes the list of these passwords, commonest first: the first hundred thousand that differ in more than
/// capitals and are neither shorter nor longer than the list's bounds.
#[must_use]
pub fn encode<'a>(passwords: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let most = TIERS.map(|digits| 10_usize.pow(u32::from(digits)));
    let mut seen = BTreeSet::new();
    let mut tiers = TIERS.map(|_| Vec::new());
    for password in passwords {
        let password = folded(password);
        if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
            continue;
        }
        let Some(tier) = most.iter().position(|most| seen.len() < *most) else { break };
        let hash = hash(&password);
        if seen.insert(hash) {
            tiers[tier].push(hash);
        }
    }
    let (mut heads, mut bits) = (Vec::new(), Writer::default());
    for (digits, hashes) in TIERS.into_iter().zip(&mut tiers) {
        hashes.sort_unstable();
        let parameter = parameter(hashes.len());
        heads.extend([digits, parameter]);
        heads.extend((hashes.len() as u32).to_be_bytes());
        let mut next = 0;
        for hash in hashes {
            bits.number(*hash - next, u32::from(parameter));
            next = *hash + 1;
        }
    }
    [&MAGIC[..], &[TIERS.len() as u8], &heads, &bits.bytes].concat()
}

/// The power of two below the mean gap.
fn parameter(count: usize) -> u8 {
    let mean = (1_u64 << HASH_BITS) / count.max(1) as u64;
    mean.max(1).ilog2().min(HASH_BITS - 1) as u8
}

/// Bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    fn bit(&mut self) -> Result<u64, BadList> {
        let byte = self.bytes.get(self.at / 8).ok_or(BadList)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Ok(u64::from(bit))
    }

    /// A number in Rice's code: how many times the power of two, in ones and a zero, and the rest in bits.
    fn number(&mut self, parameter: u32) -> Result<u64, BadList> {
        let mut times = 0_u64;
        while self.bit()? == 1 {
            times += 1;
        }
        let mut rest = 0;
        for _ in 0..parameter {
            rest = rest << 1 | self.bit()?;
        }
        // A hundred thousand bytes of ones are no number.
        if times >> (HASH_BITS - parameter) != 0 {
            return Err(BadList);
        }
        Ok(times << parameter | rest)
    }

    /// Nothing follows but zeros to the end of the byte.
    fn end(mut self) -> Result<(), BadList> {
        if self.left() > 7 {
            return Err(BadList);
        }
        while self.left() > 0 {
            if self.bit()? == 1 {
                return Err(BadList);
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    used: usize,
}

impl Writer {
    fn bit(&mut self, bit: bool) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.used % 8);
        }
        self.used += 1;
    }

    fn number(&mut self, number: u64, parameter: u32) {
        for _ in 0..number >> parameter {
            self.bit(true);
        }
        self.bit(false);
        for place in (0..parameter).rev() {
            self.bit(number >> place & 1 == 1);
        }
    }
}
