//! `USU1` and `USR1`.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use proptest::prelude::*;
use shared::crypto::error::{FormatError, OpenError};
use shared::crypto::keys::{Kek, RecordKey};
use shared::crypto::sealed::{
    MAX_RECORD, MAX_SLOT, RecordKind, SlotKind, inspect_record, inspect_slot, open_record,
    open_slot, seal_record, seal_slot,
};

use super::every_mutation;

const REF: [u8; 16] = [3; 16];
const CTX: &[u8] = &[0xa1, 1, 2];

fn key() -> RecordKey {
    RecordKey::from_bytes([0x11; 32])
}

#[test]
fn no_bit_of_a_record_can_change() {
    let sealed = seal_record(&key(), RecordKind::Note, REF, CTX, b"seen on Tuesday").unwrap();
    every_mutation(&sealed, |bytes| open_record(&key(), RecordKind::Note, REF, CTX, bytes).is_ok());
}

#[test]
fn no_bit_of_a_slot_can_change() {
    let kek = Kek::from_bytes([7; 32]);
    let sealed = seal_slot(&kek, SlotKind::Opaque, REF, CTX, &[9; 32]).unwrap();
    every_mutation(&sealed, |bytes| open_slot(&kek, SlotKind::Opaque, REF, CTX, bytes).is_ok());
}

#[test]
fn a_record_opens_as_its_own_kind_reference_place_and_key_only() {
    let sealed = seal_record(&key(), RecordKind::Note, REF, CTX, b"x").unwrap();
    let error = |key: &RecordKey, kind, reference, ctx| {
        open_record(key, kind, reference, ctx, &sealed).err()
    };
    assert_eq!(error(&key(), RecordKind::Note, REF, CTX), None);
    for kind in RecordKind::ALL.iter().filter(|kind| **kind != RecordKind::Note) {
        assert_eq!(error(&key(), *kind, REF, CTX), Some(OpenError::WrongPlace), "{kind:?}");
    }
    let wrong_place = Some(OpenError::WrongPlace);
    assert_eq!(error(&key(), RecordKind::Note, [4; 16], CTX), wrong_place);
    let tampered = Some(OpenError::Tampered);
    assert_eq!(error(&key(), RecordKind::Note, REF, &[]), tampered);
    assert_eq!(error(&key(), RecordKind::Note, REF, &[0xa1, 1, 3]), tampered);
    let other = RecordKey::from_bytes([0x12; 32]);
    assert_eq!(error(&other, RecordKind::Note, REF, CTX), tampered);
}

#[test]
fn a_slot_is_no_record_and_a_record_no_slot_under_the_same_bytes_of_key() {
    let kek = Kek::from_bytes([0x11; 32]);
    let slot = seal_slot(&kek, SlotKind::Passkey, REF, CTX, &[0; 256]).unwrap();
    let mut as_record = slot.clone();
    as_record[..4].copy_from_slice(b"USR1");
    for bytes in [&slot, &as_record] {
        assert!(open_record(&key(), RecordKind::Matter, REF, CTX, bytes).is_err());
    }
    assert!(inspect_record(&slot).is_err() && inspect_slot(&slot).is_ok());
    let record = seal_record(&key(), RecordKind::Matter, REF, CTX, b"x").unwrap();
    assert!(open_slot(&kek, SlotKind::Passkey, REF, CTX, &record).is_err());
    assert_eq!(inspect_record(&record), Ok((RecordKind::Matter, REF)));
}

#[test]
fn unknown_suites_and_kinds_have_their_own_answers() {
    let sealed = seal_record(&key(), RecordKind::Note, REF, CTX, b"x").unwrap();
    for suite in [0, 2, 255] {
        let mut bytes = sealed.clone();
        bytes[4] = suite;
        let error = open_record(&key(), RecordKind::Note, REF, CTX, &bytes).err();
        assert_eq!(error, Some(OpenError::VersionUnknown(suite)));
        assert_eq!(inspect_record(&bytes), Err(FormatError::VersionUnknown(suite)));
    }
    for kind in [0, 200, 255] {
        let mut bytes = sealed.clone();
        bytes[5] = kind;
        assert_eq!(inspect_record(&bytes), Err(FormatError::Value));
    }
}

#[test]
fn two_texts_of_one_bucket_have_the_same_length() {
    let length =
        |n: usize| seal_record(&key(), RecordKind::Note, REF, CTX, &vec![b'a'; n]).unwrap().len();
    assert_eq!(length(0), length(255));
    assert_eq!(length(256), length(511));
    assert_eq!(length(256) - length(255), 256);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_sealed() {
    let too_long = vec![0; MAX_RECORD + 1];
    assert_eq!(
        seal_record(&key(), RecordKind::Note, REF, CTX, &too_long),
        Err(FormatError::TooLong)
    );
    let kek = Kek::from_bytes([7; 32]);
    let too_long = vec![0; MAX_SLOT + 1];
    assert_eq!(seal_slot(&kek, SlotKind::Device, REF, CTX, &too_long), Err(FormatError::TooLong));
    let full = seal_slot(&kek, SlotKind::Device, REF, CTX, &[5; MAX_SLOT]).unwrap();
    let opened = open_slot(&kek, SlotKind::Device, REF, CTX, &full).unwrap();
    assert!(*opened.expose() == [5; MAX_SLOT]);
    let largest = vec![0x80; MAX_RECORD];
    let sealed = seal_record(&key(), RecordKind::Note, REF, CTX, &largest).unwrap();
    let opened = open_record(&key(), RecordKind::Note, REF, CTX, &sealed).unwrap();
    assert!(*opened.expose() == largest);
}

#[test]
fn a_ciphertext_made_for_two_keys_is_stopped_by_the_commitment() {
    // With the commitment of key A and a body that only key B opens, neither opens it: A fails at
    // the cipher, B at the commitment, before the cipher runs.
    let a = seal_record(&key(), RecordKind::Note, REF, CTX, b"for a").unwrap();
    let other = RecordKey::from_bytes([0x12; 32]);
    let b = seal_record(&other, RecordKind::Note, REF, CTX, b"for b").unwrap();
    let mut mixed = a[..86].to_vec();
    mixed.extend_from_slice(&b[86..]);
    for key in [key(), other] {
        let error = open_record(&key, RecordKind::Note, REF, CTX, &mixed).err();
        assert_eq!(error, Some(OpenError::Tampered));
    }
}

/// Opens what was sealed by hand, with this padded text, and one bit of the commitment flipped under a tag
/// that covers the wrong one.
fn by_hand(padded: &[u8], flipped: Option<usize>) -> Result<Vec<u8>, OpenError> {
    let (salt, kind) = ([9; 32], RecordKind::Note as u8);
    let mut okm = [0; 64];
    hkdf::Hkdf::<sha2::Sha256>::new(Some(&salt), &[0x11; 32])
        .expand_multi_info(&[b"underseal/v1/record\0", &[kind, 0], CTX], &mut okm)
        .unwrap();
    if let Some(at) = flipped {
        okm[32 + at] ^= 1;
    }
    let (cipher, commitment) = okm.split_at(32);
    let mut bytes = [b"USR1\x01".as_slice(), &[kind], &REF, &salt, commitment].concat();
    let aad = [&bytes, CTX].concat();
    let mut text = padded.to_vec();
    let tag = ChaCha20Poly1305::new_from_slice(cipher)
        .unwrap()
        .encrypt_inout_detached(&Nonce::from([0; 12]), &aad, text.as_mut_slice().into())
        .unwrap();
    bytes.extend_from_slice(&text);
    bytes.extend_from_slice(&tag);
    open_record(&key(), RecordKind::Note, REF, CTX, &bytes).map(|text| text.expose().clone())
}

fn padded(text: &[u8], length: usize) -> Vec<u8> {
    let mut padded = text.to_vec();
    padded.resize(length, 0);
    padded
}

#[test]
fn the_commitment_is_compared_although_the_tag_holds() {
    let text = padded(b"x\x80", 256);
    assert_eq!(by_hand(&text, None), Ok(b"x".to_vec()));
    for at in [0, 31] {
        assert_eq!(by_hand(&text, Some(at)), Err(OpenError::Tampered));
    }
}

#[test]
fn padding_has_one_form_although_the_tag_holds() {
    assert_eq!(by_hand(&padded(b"\x80", 256), None), Ok(vec![]));
    let full = padded(&[padded(b"x", 256), b"\x80".to_vec()].concat(), 512);
    assert_eq!(by_hand(&full, None).map(|text| text.len()), Ok(256));
    // Another mark, none at all, and more zeros than it takes.
    for bad in [padded(b"x\x81", 256), padded(b"x", 256), padded(b"", 256), padded(b"x\x80", 512)] {
        assert_eq!(by_hand(&bad, None), Err(OpenError::Tampered));
    }
}

proptest! {
    #[test]
    fn whatever_is_sealed_comes_back(
        text in proptest::collection::vec(any::<u8>(), 0..1200),
        reference in any::<[u8; 16]>(),
        ctx in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let sealed = seal_record(&key(), RecordKind::Form, reference, &ctx, &text).unwrap();
        let opened = open_record(&key(), RecordKind::Form, reference, &ctx, &sealed).unwrap();
        prop_assert!(*opened.expose() == text);
        let again = seal_record(&key(), RecordKind::Form, reference, &ctx, &text).unwrap();
        prop_assert_ne!(sealed, again, "every sealing has its own salt");
    }
}
