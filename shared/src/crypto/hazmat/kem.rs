//! X-Wing (ML-KEM-768 with X25519), HPKE base mode over it (KEM 0x647a, HKDF-SHA-256,
//! ChaCha20-Poly1305), and the check of the X25519 share that HPKE leaves out.

#[cfg(feature = "plaintext")]
use alloc::vec::Vec;

use curve25519_dalek::MontgomeryPoint;
use hpke::Deserializable as _;
use hpke::kem::XWing;
#[cfg(feature = "plaintext")]
use hpke::{OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305, kdf::HkdfSha256};

#[cfg(feature = "plaintext")]
pub(crate) use super::expanded::Expanded;
#[cfg(feature = "plaintext")]
use super::expanded::ExpandedXWing;

/// Bytes of a public key.
pub(crate) const PUBLIC: usize = 1216;
/// Bytes of an encapsulated key.
pub(crate) const ENC: usize = 1120;

type PublicKey = <XWing as hpke::Kem>::PublicKey;
#[cfg(feature = "plaintext")]
type EncappedKey = <XWing as hpke::Kem>::EncappedKey;

/// The public key of a seed.
#[cfg(feature = "plaintext")]
pub(crate) fn public(seed: &[u8; 32]) -> [u8; PUBLIC] {
    Expanded::of(seed).public()
}

/// Whether the bytes are a public key: ML-KEM half in range, X25519 half not of small order.
pub(crate) fn is_sound(public: &[u8; PUBLIC]) -> bool {
    let contributes = public.last_chunk::<32>().is_some_and(contributes);
    contributes && PublicKey::from_bytes(public).is_ok()
}

/// Whether the X25519 share of an encapsulated key is not of small order.
pub(crate) fn enc_is_sound(enc: &[u8; ENC]) -> bool {
    enc.last_chunk::<32>().is_some_and(contributes)
}

/// Seals to a public key. `None` when the key is not sound.
#[cfg(feature = "plaintext")]
pub(crate) fn seal(
    to: &[u8; PUBLIC],
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Option<([u8; ENC], Vec<u8>)> {
    if !is_sound(to) {
        return None;
    }
    let to = PublicKey::from_bytes(to).ok()?;
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &to,
        info,
        plaintext,
        aad,
        &mut super::rng::Platform,
    )
    .ok()?;
    let mut out = [0; ENC];
    enc.write_exact(&mut out);
    Some((out, sealed))
}

/// Opens with a key. `None` on every failure, also where the encapsulated share is of small order.
#[cfg(feature = "plaintext")]
pub(crate) fn open(
    key: &Expanded,
    enc: &[u8; ENC],
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let enc = EncappedKey::from_bytes(enc).ok()?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, ExpandedXWing>(
        &OpModeR::Base,
        key,
        &enc,
        info,
        sealed,
        aad,
    )
    .ok()
}

/// Whether an X25519 share gives a result other than zero. Clamped scalars are multiples of eight and too
/// small to be one of a large order, on the curve and on its twist: the shares that give zero, for whatever
/// private key, are exactly those that eight makes zero.
fn contributes(share: &[u8; 32]) -> bool {
    const EIGHT: [bool; 4] = [true, false, false, false];
    MontgomeryPoint(*share).mul_bits_be(EIGHT.into_iter()).to_bytes() != [0; 32]
}

/// Public key and shared secret of a plain X25519 exchange; `None` when the share gives zero.
#[cfg(feature = "plaintext")]
pub(crate) fn x25519(
    secret: &[u8; 32],
    share: &[u8; 32],
) -> Option<([u8; 32], zeroize::Zeroizing<[u8; 32]>)> {
    let secret = x25519_dalek::StaticSecret::from(*secret);
    let shared = secret.diffie_hellman(&x25519_dalek::PublicKey::from(*share));
    let public = x25519_dalek::PublicKey::from(&secret).to_bytes();
    shared.was_contributory().then(|| (public, zeroize::Zeroizing::new(shared.to_bytes())))
}

#[cfg(all(test, feature = "plaintext"))]
mod tests {
    use super::*;

    /// Of 64 digits of hex.
    fn bytes(hex: &str) -> [u8; 32] {
        let digits = |at: usize| hex.get(2 * at..2 * at + 2).unwrap_or_default();
        core::array::from_fn(|at| u8::from_str_radix(digits(at), 16).unwrap_or(0))
    }

    /// Every share of small order there is, in every encoding: of the curve and of its twist, below the
    /// prime and above it.
    fn small() -> Vec<[u8; 32]> {
        let first = |byte: u8| core::array::from_fn(|at| if at == 0 { byte } else { 0 });
        let top = |byte: u8| {
            core::array::from_fn(|at| match at {
                0 => byte,
                31 => 0x7f,
                _ => 0xff,
            })
        };
        let mut all = alloc::vec![
            first(0),
            first(1),
            bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            bytes("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
            top(0xec),
            top(0xed),
            top(0xee),
        ];
        // The highest bit counts for nothing.
        for at in 0..all.len() {
            let mut masked = all[at];
            masked[31] |= 0x80;
            all.push(masked);
        }
        all
    }

    fn gives_zero(share: &[u8; 32], key: [u8; 32]) -> bool {
        let share = x25519_dalek::PublicKey::from(*share);
        !x25519_dalek::StaticSecret::from(key).diffie_hellman(&share).was_contributory()
    }

    #[test]
    fn shares_of_small_order_are_found_by_eight_as_by_any_key() {
        for share in small() {
            assert!(!contributes(&share));
            for key in [[1; 32], [0xff; 32], crate::crypto::rng::random()] {
                assert!(gives_zero(&share, key));
            }
        }
        // Half of all others are on the twist.
        for _ in 0..200 {
            let share: [u8; 32] = crate::crypto::rng::random();
            assert!(contributes(&share) && !gives_zero(&share, crate::crypto::rng::random()));
        }
    }

    #[test]
    fn what_is_sealed_opens_with_the_expanded_key_and_no_other() {
        let seed = [7; 32];
        let key = Expanded::of(&seed);
        let (enc, sealed) = seal(&public(&seed), b"info", b"aad", b"words").expect("a sound key");
        for _ in 0..2 {
            assert_eq!(open(&key, &enc, b"info", b"aad", &sealed).as_deref(), Some(&b"words"[..]));
        }
        assert!(open(&Expanded::of(&[8; 32]), &enc, b"info", b"aad", &sealed).is_none());
        for share in small() {
            let mut weak = enc;
            weak[ENC - 32..].copy_from_slice(&share);
            assert!(!enc_is_sound(&weak) && key.decapsulate(&weak).is_none());
            assert!(open(&key, &weak, b"info", b"aad", &sealed).is_none());
        }
    }
}
