//! The sizes that `docs/CRYPTO.md` names, and what is said at each edge of a format's shape.

use shared::crypto::age::{
    CHUNK, FileOpen, FileSeal, PART_CHUNKS, SEALED_CHUNK, SEALED_PART, header, meta,
};
use shared::crypto::error::{FormatError, OpenError};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::KemKey;
use shared::crypto::sealed::{
    MAX_RECORD, MAX_SLOT, PAD, RecordKind, SlotKind, inspect_record, inspect_slot,
};
use shared::crypto::signed::{MAX_BODY, MAX_SIGNED};
use shared::crypto::wrapped::{MAX_WRAPPED, recipient_of};
use shared::journal::{checkpoint, cosignature, tile, wire};

#[test]
fn sizes_are_the_ones_of_the_specification() {
    assert_eq!((MAX_BODY, MAX_SIGNED), (65_536, 65_643));
    assert_eq!(MAX_WRAPPED, 5_257);
    assert_eq!((MAX_RECORD, MAX_SLOT, PAD), (8_388_608, 4_096, 256));
    assert_eq!((CHUNK, SEALED_CHUNK), (65_536, 65_552));
    assert_eq!((PART_CHUNKS, SEALED_PART), (64, 4_195_328));
    assert_eq!((header::MAX_HEADER, meta::MAX_META), (16_384, 16_384));
    assert_eq!(checkpoint::MAX_CHECKPOINT, 16_384);
    assert_eq!((cosignature::FRESH, cosignature::CLOCKS), (86_400_000, 3_600_000));
    assert_eq!((tile::WIDTH, wire::MAX_ATTACHMENT), (256, 262_144));
}

/// An envelope of `USK1` as far as can be seen without a key, with so much ciphertext.
fn wrapped(sealed: usize) -> Vec<u8> {
    let length = u32::try_from(sealed).unwrap().to_be_bytes();
    [b"USK1\x01".as_slice(), &[7; 32], &[0; 1120], &length, &vec![0; sealed]].concat()
}

#[test]
fn a_key_envelope_has_its_shape_and_each_other_shape_its_answer() {
    let shape = |bytes: &[u8]| recipient_of(bytes).map(|kid| kid.0);
    for sealed in [0, 1, 4096] {
        assert_eq!(shape(&wrapped(sealed)), Ok([7; 32]), "{sealed}");
    }
    assert_eq!(shape(&wrapped(4097)), Err(FormatError::TooLong));
    assert_eq!(shape(&wrapped(0)[..1160]), Err(FormatError::Length));
    assert_eq!(shape(&wrapped(9)[..1169]), Err(FormatError::Length));
    assert_eq!(shape(&[wrapped(9), vec![0]].concat()), Err(FormatError::Length));
    let with = |at: usize, byte: u8| {
        let mut bytes = wrapped(9);
        bytes[at] = byte;
        shape(&bytes)
    };
    assert_eq!(with(3, b'2'), Err(FormatError::Magic));
    assert_eq!(with(4, 2), Err(FormatError::VersionUnknown(2)));
}

/// A slot or record as far as can be seen without a key, with so much behind its head.
fn envelope(magic: &[u8; 4], kind: u8, sealed: usize) -> Vec<u8> {
    [magic.as_slice(), &[1, kind], &[7; 16], &[0; 64], &vec![0; sealed]].concat()
}

#[test]
fn a_slot_has_its_shape_and_each_other_shape_its_answer() {
    let slot = |sealed| envelope(b"USU1", SlotKind::Device as u8, sealed);
    // A tag alone, a length that no record has, and the largest secret.
    for sealed in [16, 17, 4096 + 16] {
        assert_eq!(inspect_slot(&slot(sealed)), Ok((SlotKind::Device, [7; 16])), "{sealed}");
    }
    assert_eq!(inspect_slot(&slot(15)), Err(FormatError::Length));
    assert_eq!(inspect_slot(&slot(4096 + 17)), Err(FormatError::TooLong));
    assert_eq!(inspect_slot(&envelope(b"USR1", 4, 16)), Err(FormatError::Magic));
    assert_eq!(inspect_slot(&envelope(b"USU1", 9, 16)), Err(FormatError::Value));
    for kind in SlotKind::ALL {
        assert_eq!(inspect_slot(&envelope(b"USU1", *kind as u8, 16)), Ok((*kind, [7; 16])));
    }
}

#[test]
fn a_record_has_its_shape_and_each_other_shape_its_answer() {
    let record = |sealed| envelope(b"USR1", RecordKind::Note as u8, sealed);
    for sealed in [256 + 16, 512 + 16, 8_388_608 + 256 + 16] {
        assert_eq!(inspect_record(&record(sealed)), Ok((RecordKind::Note, [7; 16])), "{sealed}");
    }
    // Nothing inside, and what is no multiple of 256.
    for sealed in [15, 16, 17, 255 + 16, 256, 257 + 16, 512] {
        assert_eq!(inspect_record(&record(sealed)), Err(FormatError::Length), "{sealed}");
    }
    let larger = record(8_388_608 + 256 + 17);
    assert_eq!(inspect_record(&larger), Err(FormatError::TooLong));
    for kind in RecordKind::ALL {
        assert_eq!(inspect_record(&envelope(b"USR1", *kind as u8, 272)), Ok((*kind, [7; 16])));
    }
    assert_eq!(inspect_record(&envelope(b"USR1", 12, 272)), Err(FormatError::Value));
}

#[test]
fn metadata_has_room_for_so_much_and_each_other_length_its_answer() {
    let (key, ctx) = (KemKey::from_seed([3; 32]), Hash32([4; 32]));
    let seal = FileSeal::new(ctx, &[&key.public()]).unwrap();
    let open = FileOpen::new(&seal.header_and_nonce(), ctx, &key).unwrap();
    let largest = seal.seal_meta(&[7; 16_384]).unwrap();
    assert_eq!(open.open_meta(&largest).unwrap().expose(), &[7; 16_384]);
    assert_eq!(largest.len(), 69 + 16_384 + 256 + 16);
    assert_eq!(seal.seal_meta(&[7; 16_385]), Err(FormatError::TooLong));
    let error = |bytes: &[u8]| open.open_meta(bytes).err();
    assert_eq!(error(&[largest, vec![0]].concat()), Some(OpenError::Format(FormatError::TooLong)));
    // A head and a tag, which nothing that is padded is as short as; and less.
    let small = seal.seal_meta(b"").unwrap();
    assert_eq!(error(&small[..85]), Some(OpenError::Tampered));
    assert_eq!(error(&small[..84]), Some(OpenError::Format(FormatError::Length)));
    let with = |at: usize, byte: u8| {
        let mut bytes = small.clone();
        bytes[at] = byte;
        error(&bytes)
    };
    assert_eq!(with(3, b'2'), Some(OpenError::Format(FormatError::Magic)));
    assert_eq!(with(4, 2), Some(OpenError::VersionUnknown(2)));
}

#[test]
fn what_follows_a_header_is_a_nonce_and_nothing_more() {
    let key = KemKey::from_seed([3; 32]);
    let seal = FileSeal::new(Hash32([4; 32]), &[&key.public()]).unwrap();
    let with = |length: usize| {
        let mut bytes = seal.header_and_nonce();
        bytes.resize(length, 0);
        header::inspect(&bytes).map(|shape| shape.recipients)
    };
    let length = seal.header_and_nonce().len();
    assert_eq!(with(length), Ok(1));
    assert_eq!([with(length - 1), with(length + 1)], [Err(FormatError::Length); 2]);
    assert_eq!(with(16_384 + 16), Err(FormatError::Length));
    assert_eq!(with(16_384 + 17), Err(FormatError::TooLong));
}

#[test]
fn the_state_of_an_interrupted_upload_has_a_limit() {
    let error = |length: usize| FileSeal::from_resume(&vec![0; length]).err();
    assert_eq!(error(header::MAX_HEADER + 256), Some(FormatError::NotCanonical));
    assert_eq!(error(header::MAX_HEADER + 257), Some(FormatError::TooLong));
}
