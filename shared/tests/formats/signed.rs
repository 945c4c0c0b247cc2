//! `USS1`.

use proptest::prelude::*;
use shared::crypto::error::{FormatError, SignatureError};
use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::signed::{MAX_BODY, MAX_SIGNED, Namespace, Signed, body_of};

use super::every_mutation;

const SIGNER: Kid = Kid([7; 32]);

fn sign(body: &[u8]) -> (SigningKey, Signed) {
    let key = SigningKey::generate();
    let signed = Signed::sign(Namespace::Manifest, &key, SIGNER, body).unwrap();
    (key, signed)
}

#[test]
fn no_bit_of_a_statement_can_change() {
    let (key, signed) = sign(&[0x18, 0x2a]);
    every_mutation(signed.as_bytes(), |bytes| {
        Signed::parse(bytes)
            .is_ok_and(|signed| signed.verify(Namespace::Manifest, &key.public()).is_ok())
    });
}

#[test]
fn a_statement_is_good_in_its_own_namespace_only() {
    let (key, signed) = sign(&[0]);
    for namespace in Namespace::ALL {
        let verdict = signed.verify(namespace, &key.public());
        if namespace == Namespace::Manifest {
            assert_eq!(verdict, Ok(()));
        } else {
            assert_eq!(verdict, Err(SignatureError::WrongNamespace));
        }
    }
    // Relabelled, it no longer verifies anywhere.
    for namespace in Namespace::ALL.into_iter().filter(|ns| *ns != Namespace::Manifest) {
        let mut bytes = signed.as_bytes().to_vec();
        bytes[4..6].copy_from_slice(&(namespace as u16).to_be_bytes());
        let moved = Signed::parse(&bytes).unwrap();
        assert_eq!(moved.verify(namespace, &key.public()), Err(SignatureError::Invalid));
    }
}

#[test]
fn another_key_and_another_suite_are_refused() {
    let (_, signed) = sign(&[0]);
    let other = SigningKey::generate().public();
    assert_eq!(signed.verify(Namespace::Manifest, &other), Err(SignatureError::Invalid));
    for suite in [0, 2, 255] {
        let mut bytes = signed.as_bytes().to_vec();
        bytes[6] = suite;
        assert_eq!(Signed::parse(&bytes), Err(FormatError::VersionUnknown(suite)));
    }
    for number in [0u16, 23, 0xffff] {
        let mut bytes = signed.as_bytes().to_vec();
        bytes[4..6].copy_from_slice(&number.to_be_bytes());
        assert_eq!(Signed::parse(&bytes), Err(FormatError::Value));
    }
}

#[test]
fn a_body_that_is_too_large_is_neither_signed_nor_read() {
    let (key, _) = sign(&[]);
    let largest = vec![0; MAX_BODY];
    let signed = Signed::sign(Namespace::Form, &key, SIGNER, &largest).unwrap();
    assert_eq!(signed.as_bytes().len(), MAX_SIGNED);
    assert!(Signed::parse(signed.as_bytes()).is_ok());
    let larger = vec![0; MAX_BODY + 1];
    assert_eq!(Signed::sign(Namespace::Form, &key, SIGNER, &larger), Err(FormatError::TooLong));
    assert_eq!(Signed::parse(&vec![0; MAX_SIGNED + 1]), Err(FormatError::TooLong));
}

#[test]
fn a_body_that_is_not_canonical_is_refused_although_the_signature_holds() {
    // 0x18 0x05 is five, written long.
    let (key, signed) = sign(&[0x18, 0x05]);
    assert_eq!(
        signed.body_as::<u8>(Namespace::Manifest, &key.public()),
        Err(SignatureError::Body(FormatError::NotCanonical))
    );
    let (key, signed) = sign(&[0x05]);
    assert_eq!(signed.body_as::<u8>(Namespace::Manifest, &key.public()), Ok(5));
}

#[test]
fn a_statement_begins_as_its_kind_and_signer_say_and_may_be_empty() {
    for body in [&[][..], &[0x18, 0x2a]] {
        let (key, signed) = sign(body);
        let bytes = signed.as_bytes();
        assert!(bytes.starts_with(&Signed::opening(Namespace::Manifest, SIGNER)));
        assert_eq!(bytes.len(), 107 + body.len());
        assert_eq!((signed.body(), body_of(bytes)), (body, Ok(body)));
        let read = Signed::parse(bytes).unwrap();
        assert_eq!((read.namespace(), read.signer()), (Namespace::Manifest, SIGNER));
        assert_eq!(read.verify(Namespace::Manifest, &key.public()), Ok(()));
        assert_eq!(read.into_bytes(), bytes);
    }
    let (_, signed) = sign(&[]);
    for (end, why) in [(106, FormatError::Length), (0, FormatError::Length)] {
        assert_eq!(Signed::parse(&signed.as_bytes()[..end]), Err(why));
        assert_eq!(body_of(&signed.as_bytes()[..end]), Err(why));
    }
    let mut other = signed.into_bytes();
    other[0] = b'u';
    assert_eq!(Signed::parse(&other), Err(FormatError::Magic));
}

proptest! {
    #[test]
    fn whatever_is_signed_comes_back(body in proptest::collection::vec(any::<u8>(), 0..600)) {
        let (key, signed) = sign(&body);
        let read = Signed::parse(signed.as_bytes()).unwrap();
        prop_assert_eq!(read.body(), &body);
        prop_assert_eq!(read.signer(), SIGNER);
        prop_assert_eq!(read.digest(), signed.digest());
        prop_assert!(read.verify(Namespace::Manifest, &key.public()).is_ok());
    }

    #[test]
    fn noise_is_never_a_statement(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assume!(!bytes.starts_with(b"USS1"));
        prop_assert!(Signed::parse(&bytes).is_err());
        // Behind the magic, noise must not get through either, and must not panic.
        let _ = Signed::parse(&[b"USS1".as_slice(), &bytes].concat());
    }
}
