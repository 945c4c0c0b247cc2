//! Ed25519 (RFC 8032) with the strict verification that admits one reading of every signature.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// The public key of a seed.
pub(crate) fn public(seed: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

/// Signs; the public half is always recomputed from the seed, never taken from outside.
pub(crate) fn sign(seed: &[u8; 32], message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(seed).sign(message).to_bytes()
}

/// Verifies: no weak keys, no non-canonical scalars or points.
pub(crate) fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .is_ok()
}

/// Whether the bytes are a point of large order in canonical form.
pub(crate) fn is_sound(public: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| !key.is_weak() && key.to_edwards().compress().to_bytes() == *public)
}
