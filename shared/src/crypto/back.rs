//! How a client comes back: a slot that a passkey's PRF opens, with a key in it, and under that key a record with
//! what the client's device holds. The slot never changes; the record is sealed anew, under a higher number, when
//! there is more to come back to.

#![cfg(feature = "plaintext")]

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::error::{FormatError, OpenError};
use super::hash::{Hash32, sha256};
use super::keys::{Kek, Kid, RecordKey};
use super::recovery::RecoveryCode;
use super::sealed::{self, RecordKind, SlotKind};
use super::{cbor, hazmat, purpose};
use crate::ids::BackId;
use crate::secret::Secret;

/// The product's rules for what is sealed here; raised when they change.
const SECURITY: u32 = 1;
/// Bytes of the firm's fingerprint that a passkey remembers.
const FIRM: usize = 20;

/// Where a way back belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackPlace {
    /// The firm.
    pub firm: Hash32,
    /// The client's key, for which the passkey was registered.
    pub client: Kid,
    /// Which way.
    pub back: BackId,
}

/// What the slot is bound to, and with a number the record:
/// `{1: firm, 2: client's kid, 3: way, 4: security version, 5: number}`, 5 absent for the slot.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Bound {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    client: Kid,
    #[n(3)]
    back: BackId,
    #[n(4)]
    security: u32,
    #[n(5)]
    number: Option<u64>,
}

impl BackPlace {
    fn bound(&self, number: Option<u64>) -> Vec<u8> {
        let Self { firm, client, back } = *self;
        cbor::encode(&Bound { firm, client, back, security: SECURITY, number })
    }

    /// What the passkey remembers, as WebAuthn's user handle: the way's id and the beginning of the firm's
    /// fingerprint. No server can change it.
    #[must_use]
    pub fn handle(&self) -> Vec<u8> {
        [self.back.as_bytes().as_slice(), self.firm.0.get(..FIRM).unwrap_or_default()].concat()
    }

    /// Whether a passkey that remembers this is one of this place.
    #[must_use]
    pub fn is_remembered(&self, handle: &[u8]) -> bool {
        self.handle() == handle
    }
}

/// The slot key of a client's passkey: `HKDF(prf, "", "underseal/v1/back\0")`.
#[must_use]
pub fn kek_from_prf(prf: &[u8; 32]) -> Kek {
    Kek::from_bytes(*hazmat::kdf::hkdf(prf, &[], &[purpose::BACK.bytes()]))
}

/// What the twelve words of a client give. They are made by the device and never chosen: the server, which keeps the
/// slot, could guess at leisure what a person chooses.
pub struct BackWords<'a>(pub &'a RecoveryCode);

impl BackWords<'_> {
    fn derive(&self, label: purpose::Purpose) -> [u8; 32] {
        *hazmat::kdf::hkdf(self.0.entropy(), &[], &[label.bytes()])
    }

    /// The slot key: `HKDF(code, "", "underseal/v1/back-words\0")`.
    #[must_use]
    pub fn kek(&self) -> Kek {
        Kek::from_bytes(self.derive(purpose::BACK_WORDS))
    }

    /// Which way they open: the first 16 bytes of `HKDF(code, "", "underseal/v1/back-way\0")`.
    #[must_use]
    pub fn way(&self) -> BackId {
        let [way @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
            self.derive(purpose::BACK_WAY);
        BackId(way)
    }

    /// What shows the server that someone holds them: `HKDF(code, "", "underseal/v1/back-auth\0")`.
    #[must_use]
    pub fn token(&self) -> Secret<[u8; 32]> {
        Secret::new(self.derive(purpose::BACK_AUTH))
    }

    /// What the server keeps of the token: its SHA-256, in the place of a passkey's credential id.
    #[must_use]
    pub fn proof(&self) -> Hash32 {
        // EXPOSE: hashed in place.
        sha256(self.token().expose())
    }
}

/// Seals the record's key for a passkey, or for words.
///
/// # Errors
/// Never, of a key's length.
pub fn seal_key(kek: &Kek, place: &BackPlace, key: &RecordKey) -> Result<Vec<u8>, FormatError> {
    sealed::seal_slot(kek, SlotKind::Back, place.back.0, &place.bound(None), key.bytes())
}

/// Opens the record's key.
///
/// # Errors
/// See [`OpenError`].
pub fn open_key(kek: &Kek, place: &BackPlace, slot: &[u8]) -> Result<RecordKey, OpenError> {
    let ctx = place.bound(None);
    let key = sealed::open_slot(kek, SlotKind::Back, place.back.0, &ctx, slot)?;
    // EXPOSE: the bytes move into their type.
    let key = key.expose().as_slice().try_into().map_err(|_| OpenError::Tampered)?;
    Ok(RecordKey::from_bytes(key))
}

/// Seals what the client comes back to, as the one of this number.
///
/// # Errors
/// When it is too large for a record.
pub fn seal(
    key: &RecordKey,
    place: &BackPlace,
    number: u64,
    plaintext: &[u8],
) -> Result<Vec<u8>, FormatError> {
    let ctx = place.bound(Some(number));
    sealed::seal_record(key, RecordKind::Back, place.back.0, &ctx, plaintext)
}

/// Opens what the client comes back to, which must be the one of this number.
///
/// # Errors
/// See [`OpenError`].
pub fn open(
    key: &RecordKey,
    place: &BackPlace,
    number: u64,
    record: &[u8],
) -> Result<Secret<Vec<u8>>, OpenError> {
    sealed::open_record(key, RecordKind::Back, place.back.0, &place.bound(Some(number)), record)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::crypto::slots;

    const PRF: [u8; 32] = [7; 32];

    fn place() -> BackPlace {
        let (firm, client) = (Hash32([1; 32]), Kid([2; 32]));
        BackPlace { firm, client, back: BackId([3; 16]) }
    }

    #[test]
    fn a_slot_opens_for_its_passkey_in_its_place_alone() {
        let (here, key) = (place(), RecordKey::from_bytes([9; 32]));
        let slot = seal_key(&kek_from_prf(&PRF), &here, &key).unwrap();
        let opened = open_key(&kek_from_prf(&PRF), &here, &slot).unwrap();
        assert_eq!(opened.bytes(), key.bytes());
        for kek in [kek_from_prf(&[8; 32]), slots::kek_from_prf(&PRF)] {
            assert!(open_key(&kek, &here, &slot).is_err());
        }
        for elsewhere in [
            BackPlace { firm: Hash32([4; 32]), ..here },
            BackPlace { client: Kid([4; 32]), ..here },
            BackPlace { back: BackId([4; 16]), ..here },
        ] {
            assert!(open_key(&kek_from_prf(&PRF), &elsewhere, &slot).is_err());
        }
    }

    #[test]
    fn words_open_what_is_theirs_and_say_nothing_of_each_other() {
        let (code, other) = (RecoveryCode::generate(), RecoveryCode::generate());
        let (words, other) = (BackWords(&code), BackWords(&other));
        let here = BackPlace { back: words.way(), ..place() };
        let key = RecordKey::from_bytes([9; 32]);
        let slot = seal_key(&words.kek(), &here, &key).unwrap();
        assert_eq!(open_key(&words.kek(), &here, &slot).unwrap().bytes(), key.bytes());
        // EXPOSE: tests compare, and try the token as a key.
        let token = *words.token().expose();
        let recovery = slots::kek_from_recovery(&code);
        for kek in [other.kek(), Kek::from_bytes(token), kek_from_prf(&token), recovery] {
            assert!(open_key(&kek, &here, &slot).is_err());
        }
        assert!(words.way() != other.way() && token != *code.auth_token().expose());
        assert_eq!(words.proof(), sha256(&token));
    }

    #[test]
    fn a_record_opens_under_its_own_number_alone() {
        let (here, key) = (place(), RecordKey::from_bytes([9; 32]));
        let record = seal(&key, &here, 2, b"keys").unwrap();
        // EXPOSE: a test compares.
        assert_eq!(open(&key, &here, 2, &record).unwrap().expose(), b"keys");
        for number in [0, 1, 3] {
            assert!(open(&key, &here, number, &record).is_err());
        }
        let elsewhere = BackPlace { client: Kid([4; 32]), ..here };
        assert!(open(&key, &elsewhere, 2, &record).is_err());
    }

    #[test]
    fn a_passkey_remembers_way_and_firm() {
        let here = place();
        assert_eq!(here.handle().len(), 36);
        assert!(here.is_remembered(&here.handle()));
        for elsewhere in [
            BackPlace { firm: Hash32([4; 32]), ..here },
            BackPlace { back: BackId([4; 16]), ..here },
        ] {
            assert!(!elsewhere.is_remembered(&here.handle()));
        }
        assert!(!here.is_remembered(&[]));
    }
}
