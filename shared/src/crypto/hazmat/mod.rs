//! The primitives, one a file and without policy. Only here are cipher crates imported; everything
//! takes and gives plain bytes, and the modules above give those bytes their types and contexts.

#[cfg(feature = "plaintext")]
pub(crate) mod aead;
pub(crate) mod argon2id;
#[cfg(all(feature = "plaintext", target_arch = "wasm32", target_feature = "simd128"))]
mod chachapoly;
#[cfg(feature = "plaintext")]
mod expanded;
pub(crate) mod hash;
#[cfg(feature = "plaintext")]
pub(crate) mod kdf;
pub(crate) mod kem;
#[cfg(feature = "plaintext")]
pub(crate) mod often;
pub(crate) mod opaque;
pub(crate) mod rng;
#[cfg(feature = "plaintext")]
pub(crate) mod scrypt;
#[cfg(feature = "plaintext")]
pub(crate) mod shamir;
pub(crate) mod sign;

#[cfg(all(test, feature = "plaintext"))]
mod published;
#[cfg(all(test, feature = "plaintext"))]
mod wycheproof;
