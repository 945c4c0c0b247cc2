//! Public bundles and keys.

use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Identity, KemPublic, MatterKey, PublicBundle, Role};
use shared::ids::MatterId;
use shared::time::Timestamp;

use super::every_mutation;

const FIRM: Hash32 = Hash32([9; 32]);

fn staff() -> PublicBundle {
    Identity::generate(Role::Staff).bundle(
        Role::Staff,
        [1; 16],
        FIRM,
        Timestamp(1_700_000_000_000),
        None,
        Caps::GRANT | Caps::INVITE,
    )
}

#[test]
fn a_bundle_survives_its_encoding_and_its_kid_covers_every_bit() {
    let bundle = staff();
    let bytes = encode(&bundle);
    every_mutation(&bytes, |bytes| {
        decode_strict::<PublicBundle>(bytes, 4096).is_ok_and(|other| other.kid() == bundle.kid())
    });
}

#[test]
fn a_bundle_has_the_keys_of_its_role_and_no_others() {
    let good = staff();
    let matter = MatterKey::generate().bundle(MatterId([2; 16]), FIRM, Timestamp(1), None);
    let admin = Identity::generate(Role::Admin).bundle(
        Role::Admin,
        [3; 16],
        FIRM,
        Timestamp(1),
        None,
        Caps::RETENTION,
    );
    for bundle in [&good, &matter, &admin] {
        assert_eq!(decode_strict::<PublicBundle>(&encode(bundle), 4096).as_ref(), Ok(bundle));
    }
    let bad = [
        PublicBundle { kem: None, ..good.clone() },
        PublicBundle { verify_key: None, ..good.clone() },
        PublicBundle { kem: good.kem.clone(), ..admin },
        PublicBundle { verify_key: good.verify_key, ..matter.clone() },
        PublicBundle { kem: None, ..matter },
        PublicBundle { caps: Caps(256), ..good.clone() },
        // A signing key that any signature fits: the neutral point.
        PublicBundle {
            verify_key: Some([[1].as_slice(), &[0; 31]].concat().as_slice().try_into().unwrap()),
            ..good
        },
    ];
    for bundle in bad {
        let read = decode_strict::<PublicBundle>(&encode(&bundle), 4096);
        assert_eq!(read, Err(FormatError::NotCanonical), "{bundle:?}");
    }
}

#[test]
fn a_kem_key_whose_x25519_half_is_of_small_order_is_refused() {
    let sound = *MatterKey::generate().public().as_bytes();
    assert!(KemPublic::parse(&sound).is_ok());
    let mut small = [[0; 32]; 3];
    small[1][0] = 1;
    // 2^255 - 18 is 1 in another spelling.
    small[2] = [0xff; 32];
    small[2][0] = 0xee;
    small[2][31] = 0x7f;
    for point in small {
        let mut key = sound;
        key[1184..].copy_from_slice(&point);
        assert_eq!(KemPublic::parse(&key), Err(FormatError::Value), "{point:?}");
    }
    let mut key = sound;
    // A coefficient of 4095 is past ML-KEM's modulus of 3329.
    key[..2].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(KemPublic::parse(&key), Err(FormatError::Value));
    assert_eq!(KemPublic::parse(&sound[1..]), Err(FormatError::Length));
}
