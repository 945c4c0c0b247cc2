//! Files: age v1 (C2SP age.md), with one context stanza of our own in front.
//!
//! - [`header`]: the text in front: stanzas and their MAC, parsed strictly.
//! - [`stanza`]: the `mlkem768x25519` recipient, wrap and unwrap side by side.
//! - [`stream`]: the payload's chunks, each a pure function of key, number and bytes.
//! - [`file`]: one file being sealed or opened; [`meta`]: its sealed name and type.
//! - [`scrypt`]: files under a passphrase; [`identity`]: keys as age writes them.
//! - [`foreign`]: age files that are not ours, for exports and for the outside test suites.

#[cfg(feature = "plaintext")]
pub mod file;
#[cfg(feature = "plaintext")]
pub mod foreign;
pub mod header;
#[cfg(feature = "plaintext")]
pub mod identity;
#[cfg(feature = "plaintext")]
pub mod meta;
#[cfg(feature = "plaintext")]
pub mod scrypt;
#[cfg(feature = "plaintext")]
pub mod stanza;
#[cfg(feature = "plaintext")]
pub mod stream;

/// Bytes of plaintext in a full chunk.
pub const CHUNK: usize = 65_536;
/// Bytes of a chunk's tag.
pub const TAG: usize = 16;
/// Bytes of a full sealed chunk.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// Chunks in a full part: a part is 4 MiB of plaintext and a perfect subtree.
pub const PART_CHUNKS: usize = 64;
/// Bytes of a full sealed part.
pub const SEALED_PART: usize = PART_CHUNKS * SEALED_CHUNK;
/// Bytes of the nonce after the header.
pub const NONCE: usize = 16;

#[cfg(feature = "plaintext")]
pub use file::{FileOpen, FileSeal, open_all, seal_all};
#[cfg(feature = "plaintext")]
pub use stream::PayloadKey;
