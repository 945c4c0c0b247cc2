//! The directory: who belongs to the firm, with which keys and capabilities.
//!
//! It has no table of its own to believe in: it is the stream `keyring`, read from its first
//! statement, under the firm root whose fingerprint came by another way (an invitation's link, or
//! the founder's own device). [`wire`] lists sign-in names only.

pub mod wire;

#[cfg(feature = "plaintext")]
pub mod plain;
