//! Public bundles and keys.

use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{
    Caps, Identity, KemKey, KemPublic, Kid, MatterKey, PublicBundle, Role, SigningKey,
};
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
fn a_key_is_kept_as_its_seed_and_comes_back_from_it() {
    let (signing, kem, matter) =
        (SigningKey::generate(), KemKey::generate(), MatterKey::generate());
    assert_eq!(SigningKey::from_seed(*signing.seed()).public(), signing.public());
    assert_eq!(KemKey::from_seed(*kem.seed()).public(), kem.public());
    assert_eq!(MatterKey::from_seed(matter.seed()).public(), matter.public());
    assert_eq!(matter.kem().public(), matter.public());
    let seed = [0x5e; 32];
    assert_eq!(*SigningKey::from_seed(seed).seed(), seed);
    assert_eq!(
        (*KemKey::from_seed(seed).seed(), *MatterKey::from_seed(&seed).seed()),
        (seed, seed)
    );
    assert_ne!(SigningKey::generate().seed(), signing.seed());
}

#[test]
fn a_matter_keys_bundle_says_whose_it_is_and_which_key_it_follows() {
    let (key, matter, before) = (MatterKey::generate(), MatterId([2; 16]), Kid([6; 32]));
    for previous in [None, Some(before)] {
        let expected = PublicBundle {
            role: Role::Matter,
            subject: matter.0,
            firm: FIRM,
            verify_key: None,
            kem: Some(key.public()),
            created: Timestamp(7),
            previous,
            caps: Caps::NONE,
        };
        assert_eq!(key.bundle(matter, FIRM, Timestamp(7), previous), expected);
    }
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
fn each_role_has_its_own_number_and_its_own_keys() {
    let person = staff();
    for (number, role, signs, opens) in [
        (1, Role::Staff, true, true),
        (2, Role::Admin, true, false),
        (3, Role::Client, true, true),
        (4, Role::Matter, false, true),
        (5, Role::Recovery, false, true),
        (6, Role::Log, true, false),
        (7, Role::Root, true, false),
    ] {
        assert_eq!(Role::from_u8(number), Some(role));
        assert_eq!(role as u8, number);
        for (signing, opening) in [(true, true), (true, false), (false, true), (false, false)] {
            let bundle = PublicBundle {
                role,
                verify_key: person.verify_key.filter(|_| signing),
                kem: person.kem.clone().filter(|_| opening),
                ..person.clone()
            };
            let read = decode_strict::<PublicBundle>(&encode(&bundle), 4096);
            let fits = (signing, opening) == (signs, opens);
            assert_eq!(read.ok(), fits.then_some(bundle), "{role:?} {signing} {opening}");
        }
    }
    assert_eq!([0, 8, 255].map(Role::from_u8), [None; 3]);
}

#[test]
fn a_bundle_of_another_version_or_kem_is_refused_by_itself() {
    let read = |bytes: &[u8]| minicbor::decode::<PublicBundle>(bytes).is_ok();
    let bytes = encode(&staff());
    assert!(read(&bytes));
    let mut later = bytes.clone();
    // A map of nine, key 1, version.
    assert_eq!(later[..3], [0xa9, 1, 1]);
    later[2] = 2;
    assert!(!read(&later));
    let at = bytes.windows(4).position(|four| four == [6, 0x19, 0x64, 0x7a]).unwrap();
    let mut other = bytes.clone();
    other[at + 3] = 0x7b;
    assert!(!read(&other));
    let unnamed = [&[0xa8], &bytes[1..at], &bytes[at + 4..]].concat();
    assert!(!read(&unnamed));
}

#[test]
fn capabilities_are_sets() {
    let each = [1, 2, 4, 8, 16, 32, 64, 128].map(Caps);
    let named = [
        Caps::GRANT,
        Caps::KEYS,
        Caps::RETENTION,
        Caps::POLICY,
        Caps::FORMS,
        Caps::INVITE,
        Caps::MATTERS,
        Caps::ADMIT,
    ];
    assert_eq!(named, each);
    assert_eq!(each.into_iter().fold(Caps::NONE, |all, one| all | one), Caps::ALL);
    let two = Caps::GRANT | Caps::INVITE;
    assert_eq!(two | Caps::GRANT, two);
    assert_eq!(two.union(Caps::GRANT), two);
    assert!(two.contains(Caps::GRANT) && two.contains(two) && two.contains(Caps::NONE));
    assert!(Caps::ALL.contains(two));
    assert!(!two.contains(Caps::ALL) && !two.contains(Caps::GRANT | Caps::ADMIT));
    assert!(!Caps::NONE.contains(Caps::GRANT));
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
