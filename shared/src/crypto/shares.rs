//! Shares of the firm's recovery key: cut, committed to, printed as a sheet, and put together again.
//!
//! A share is 32 random-looking bytes with a number. Its commitment stands in the keyring, so that a share
//! which is wrong, exchanged, or of an earlier cutting is named before anything is tried with it. A sheet is
//! 40 bytes in sixteen groups of five characters; each group checks itself, so that a misread one is named.

#![cfg(feature = "plaintext")]

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::hash::{Hash32, labelled};
use super::hazmat::shamir;
use super::keys::KemKey;
use super::purpose;
use crate::secret::Secret;

/// Groups on a sheet.
pub const GROUPS: usize = 16;
/// Characters in a group: four that carry, one that checks.
const GROUP: usize = 5;
/// Bytes on a sheet: version, generation, number, share, beginning of the firm's fingerprint.
const SHEET: usize = 1 + 2 + 1 + 32 + 4;
const VERSION: u8 = 1;
/// Crockford's: nothing that is taken for something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One share of one cutting of the firm's recovery key.
pub struct Share {
    firm: Hash32,
    generation: u16,
    number: u8,
    bytes: Secret<[u8; 32]>,
}

/// What was typed is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    /// Not sixteen groups of five.
    #[error("a sheet has sixteen groups of five characters, eighty in all; these are {0}")]
    Count(usize),
    /// A group does not check.
    #[error("group {0} is misread")]
    Group(usize),
    /// All groups check, but not together: some are of another sheet, or in another order.
    #[error("this is not one whole sheet")]
    Whole,
    /// A sheet of another firm.
    #[error("this is another firm's sheet")]
    Firm,
}

impl Share {
    /// Cuts a key into shares, numbered from 1; `None` unless `2 <= threshold <= count`.
    #[must_use]
    pub fn split(
        key: &KemKey,
        firm: Hash32,
        generation: u16,
        threshold: u8,
        count: u8,
    ) -> Option<Vec<Self>> {
        let pieces = shamir::split(key.seed(), threshold, count)?;
        let share = |(number, bytes): shamir::Piece| Self::of(firm, generation, number, *bytes);
        Some(pieces.into_iter().map(share).collect())
    }

    /// A share from its parts.
    #[must_use]
    pub fn of(firm: Hash32, generation: u16, number: u8, bytes: [u8; 32]) -> Self {
        Self { firm, generation, number, bytes: Secret::new(bytes) }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// Whose firm's it is.
    #[must_use]
    pub const fn firm(&self) -> Hash32 {
        self.firm
    }

    /// Which cutting it is of.
    #[must_use]
    pub const fn generation(&self) -> u16 {
        self.generation
    }

    /// The share itself, for an envelope that seals it at once.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        // EXPOSE: handed to the caller, who owes the reason.
        self.bytes.expose()
    }

    /// SHA-256("underseal/v1/share\0" || FRF || generation in two bytes || number || share). A share has 256
    /// bits of its own chance, so that this says nothing about it.
    #[must_use]
    pub fn commitment(&self) -> Hash32 {
        let generation = self.generation.to_be_bytes();
        labelled(purpose::SHARE, &[&self.firm.0, &generation, &[self.number], self.bytes()])
    }

    /// The sheet: sixteen groups of five characters.
    #[must_use]
    pub fn sheet(&self) -> Secret<String> {
        let mut out = Zeroizing::new([0; SHEET]);
        out[0] = VERSION;
        out[1..3].copy_from_slice(&self.generation.to_be_bytes());
        out[3] = self.number;
        out[4..36].copy_from_slice(self.bytes());
        out[36..].copy_from_slice(&self.firm.0[..4]);
        let groups: Vec<String> = (0..GROUPS).map(|at| group(&out, at)).collect();
        Secret::new(groups.join(" "))
    }

    /// Reads a sheet of this firm, in any case and with any spacing; O is taken for 0, I and L for 1.
    ///
    /// # Errors
    /// Says which group was misread, so that one can look again.
    pub fn parse(sheet: &Secret<String>, firm: Hash32) -> Result<Self, BadSheet> {
        // EXPOSE: read in place.
        let typed = sheet.expose().bytes().filter(u8::is_ascii_alphanumeric);
        let typed: Zeroizing<Vec<u8>> = Zeroizing::new(typed.map(plain).collect());
        if typed.len() != GROUPS * GROUP {
            return Err(BadSheet::Count(typed.len()));
        }
        let mut bytes = Zeroizing::new([0; SHEET]);
        for (at, five) in typed.chunks(GROUP).enumerate() {
            let value = five.iter().take(GROUP - 1).try_fold(0u32, |sum, character| {
                let digit = ALPHABET.iter().position(|one| one == character)?;
                Some(sum << 5 | digit as u32)
            });
            let value = value.ok_or(BadSheet::Group(at + 1))?;
            put(&mut bytes, at, value);
            if check(at, value) != five[GROUP - 1] {
                return Err(BadSheet::Group(at + 1));
            }
        }
        let [version, g0, g1, number, rest @ ..] = &*bytes;
        let (share, of) = rest.split_first_chunk::<32>().ok_or(BadSheet::Whole)?;
        if *version != VERSION || *number == 0 {
            return Err(BadSheet::Whole);
        }
        if !firm.0.starts_with(of) {
            return Err(BadSheet::Firm);
        }
        Ok(Self::of(firm, u16::from_be_bytes([*g0, *g1]), *number, *share))
    }
}

/// Puts shares together; the caller compares the public half with the one on record. `None` when these are
/// no shares of one cutting.
#[must_use]
pub fn combine(shares: &[Share]) -> Option<KemKey> {
    let first = shares.first()?;
    let alike = |one: &Share| (one.firm, one.generation) == (first.firm, first.generation);
    if !shares.iter().all(alike) {
        return None;
    }
    let pieces: Vec<(u8, &[u8; 32])> = shares.iter().map(|one| (one.number, one.bytes())).collect();
    shamir::combine(&pieces).map(|seed| KemKey::from_seed(*seed))
}

/// Twenty bits of the sheet: the group's number in it.
fn value(bytes: &[u8; SHEET], at: usize) -> u32 {
    let bit = |bit: usize| u32::from(bytes[bit / 8] >> (7 - bit % 8) & 1);
    (at * 20..at * 20 + 20).fold(0, |sum, at| sum << 1 | bit(at))
}

fn put(bytes: &mut [u8; SHEET], at: usize, value: u32) {
    for bit in 0..20 {
        let (to, is) = (at * 20 + bit, (value >> (19 - bit) & 1) as u8);
        bytes[to / 8] |= is << (7 - to % 8);
    }
}

/// The character that checks a group: five bits of SHA-256("underseal/v1/sheet\0" || place || value).
fn check(at: usize, value: u32) -> u8 {
    let Hash32(hash) = labelled(purpose::SHEET, &[&[at as u8], &value.to_be_bytes()]);
    ALPHABET[usize::from(hash[0] >> 3)]
}

fn group(bytes: &[u8; SHEET], at: usize) -> String {
    let value = value(bytes, at);
    let digit = |shift: u32| ALPHABET[(value >> shift & 31) as usize];
    let four = [digit(15), digit(10), digit(5), digit(0), check(at, value)];
    four.iter().map(|character| char::from(*character)).collect()
}

const fn plain(typed: u8) -> u8 {
    match typed.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use alloc::borrow::ToOwned as _;
    use alloc::string::ToString as _;

    use super::*;

    const FIRM: Hash32 = Hash32([0xf1; 32]);

    fn read(text: &str) -> Result<Share, BadSheet> {
        Share::parse(&Secret::new(text.to_owned()), FIRM)
    }

    fn same(one: &Share, other: &Share) -> bool {
        one.commitment() == other.commitment()
    }

    #[test]
    fn a_sheet_is_read_however_it_is_typed() {
        let key = KemKey::generate();
        for share in Share::split(&key, FIRM, 3, 2, 3).unwrap() {
            let sheet = share.sheet().expose().clone();
            assert_eq!(sheet.split(' ').count(), GROUPS);
            assert!(same(&read(&sheet).ok().unwrap(), &share));
            let otherwise =
                sheet.to_lowercase().replace(' ', "-\n").replace('0', "o").replace('1', "l");
            assert!(same(&read(&otherwise).ok().unwrap(), &share));
        }
    }

    #[test]
    fn a_misread_group_is_named() {
        let share = Share::of(FIRM, 1, 2, [0x3c; 32]);
        let sheet = share.sheet().expose().clone();
        let mut missed = 0;
        for at in 0..GROUPS {
            for other in ALPHABET {
                let mut bytes = sheet.clone().into_bytes();
                let place = at * (GROUP + 1) + 1;
                if bytes[place] == *other {
                    continue;
                }
                bytes[place] = *other;
                match read(core::str::from_utf8(&bytes).unwrap()) {
                    Err(BadSheet::Group(named)) => assert_eq!(named, at + 1),
                    // One in thirty-two passes its group; the commitment in the keyring tells it.
                    Ok(other) => {
                        assert!(!same(&other, &share));
                        missed += 1;
                    }
                    Err(_) => missed += 1,
                }
            }
        }
        assert!(missed < GROUPS * 31 / 8, "{missed}");
        assert_eq!(read("").err(), Some(BadSheet::Count(0)));
        let short: String = sheet.chars().skip(1).collect();
        assert_eq!(read(&short).err(), Some(BadSheet::Count(79)));
        assert_eq!(
            read(&sheet.replacen(char::is_alphanumeric, "U", 1)).err(),
            Some(BadSheet::Group(1))
        );
        let other = Share::of(Hash32([1; 32]), 1, 2, [0x3c; 32]).sheet().expose().to_string();
        assert_eq!(read(&other).err(), Some(BadSheet::Firm));
    }

    #[test]
    fn groups_in_another_order_are_no_sheet() {
        let sheet = Share::of(FIRM, 1, 2, [0x3c; 32]).sheet().expose().clone();
        let mut groups: Vec<&str> = sheet.split(' ').collect();
        let same = groups[4] == groups[6];
        groups.swap(4, 6);
        assert!(same || matches!(read(&groups.join(" ")).err(), Some(BadSheet::Group(_))));
    }

    #[test]
    fn a_quorum_gives_the_key_and_a_wrong_share_another() {
        let key = KemKey::generate();
        let mut shares = Share::split(&key, FIRM, 1, 2, 3).unwrap();
        assert!(combine(&shares[1..]).unwrap().public() == key.public());
        let other = Share::split(&key, FIRM, 2, 2, 3).unwrap().remove(0);
        assert!(other.commitment() != shares[0].commitment());
        shares[0] = other;
        assert!(combine(&shares).is_none(), "of two cuttings");
        shares[0] = Share::of(FIRM, 1, 1, [9; 32]);
        assert!(combine(&shares[..2]).unwrap().public() != key.public());
    }

    #[test]
    fn a_commitment_is_to_firm_cutting_number_and_bytes() {
        let one = Share::of(FIRM, 1, 2, [5; 32]).commitment();
        for other in [
            Share::of(Hash32([0; 32]), 1, 2, [5; 32]),
            Share::of(FIRM, 2, 2, [5; 32]),
            Share::of(FIRM, 1, 3, [5; 32]),
            Share::of(FIRM, 1, 2, [6; 32]),
        ] {
            assert_ne!(other.commitment(), one);
        }
    }
}
