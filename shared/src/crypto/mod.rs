//! Formats and keys, byte for byte as in `docs/CRYPTO.md`.
//!
//! ```text
//! firm root            Ed25519 seed; its fingerprint (FRF) travels in the fragment of links
//!  └ keyring           signed statements: who belongs to the firm, with which keys and capabilities
//!     └ identity       Ed25519 seed + X-Wing seed of one person ........................ [`keys`]
//!        └ AMK         account master key, sealed in slots ............................. [`slots`]
//!           └ slot     passphrase (OPAQUE) + device secret, or recovery code .. [`opaque`] [`recovery`]
//! matter epoch key     X-Wing seed, at the same time an age identity ................... [`keys`]
//!  ├ grants            the seed, signed inside and sealed to one recipient ............. [`wrapped`]
//!  ├ record key        small sealed things of the matter ............................... [`sealed`]
//!  └ file keys         one each object, inside an age header .......................... [`age`]
//! ```
//!
//! Above the line are types that are hard to misuse; below it, in [`hazmat`], the primitives: no
//! other module imports a cipher crate. Without the feature `plaintext` nothing here can open or
//! seal what people write; what remains is what a server needs to check.

pub mod bytes;
pub mod cbor;
pub mod error;
pub mod hash;
pub mod purpose;
pub mod rng;

pub(crate) mod hazmat;

pub mod age;
pub mod back;
pub mod bundle;
pub mod fingerprint;
pub mod invite;
pub mod keys;
pub mod manifest;
pub mod opaque;
pub mod recovery;
pub mod sealed;
pub mod share_word;
pub mod shares;
pub mod signed;
pub mod slots;
pub mod spoken;
pub mod wrapped;
