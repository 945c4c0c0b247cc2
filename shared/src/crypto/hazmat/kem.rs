//! X-Wing (ML-KEM-768 with X25519), HPKE base mode over it (KEM 0x647a, HKDF-SHA-256,
//! ChaCha20-Poly1305), and the check of the X25519 share that HPKE leaves out.

#[cfg(feature = "plaintext")]
use alloc::vec::Vec;

use hpke::Deserializable as _;
use hpke::kem::XWing;
#[cfg(feature = "plaintext")]
use hpke::{
    OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::Kem as _,
};

/// Bytes of a public key.
pub(crate) const PUBLIC: usize = 1216;
/// Bytes of an encapsulated key.
pub(crate) const ENC: usize = 1120;

type PublicKey = <XWing as hpke::Kem>::PublicKey;
#[cfg(feature = "plaintext")]
type PrivateKey = <XWing as hpke::Kem>::PrivateKey;
#[cfg(feature = "plaintext")]
type EncappedKey = <XWing as hpke::Kem>::EncappedKey;

/// The public key of a seed.
#[cfg(feature = "plaintext")]
pub(crate) fn public(seed: &[u8; 32]) -> [u8; PUBLIC] {
    let mut out = [0; PUBLIC];
    XWing::sk_to_pk(&private(seed)).write_exact(&mut out);
    out
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

/// Opens with a seed. `None` on every failure.
#[cfg(feature = "plaintext")]
pub(crate) fn open(
    seed: &[u8; 32],
    enc: &[u8; ENC],
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    if !enc_is_sound(enc) && !crate::vuln::a30() {
        return None;
    }
    let enc = EncappedKey::from_bytes(enc).ok()?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private(seed),
        &enc,
        info,
        sealed,
        aad,
    )
    .ok()
}

/// Whether an X25519 share gives a result other than zero. Clamped scalars are multiples of the
/// cofactor, so the answer is the same for every private key and needs none: the shares that
/// give zero are exactly those of small order.
fn contributes(share: &[u8; 32]) -> bool {
    x25519_dalek::StaticSecret::from([1; 32])
        .diffie_hellman(&x25519_dalek::PublicKey::from(*share))
        .was_contributory()
}

#[cfg(feature = "plaintext")]
fn private(seed: &[u8; 32]) -> PrivateKey {
    PrivateKey::from_bytes(seed).expect("every 32 bytes are an X-Wing seed")
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
