//! What a document is called, as only those who can open it may read it.

use alloc::string::String;

use minicbor::{Decode, Encode};

use crate::crypto::hash::Hash32;

/// A file's metadata, sealed beside it under its own key (CRYPTO 9).
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MetaV1 {
    /// Its name, as the sender's device calls it.
    #[n(1)]
    pub name: String,
    /// Its type, as the sender's browser guessed; never trusted, only shown.
    #[n(2)]
    pub mime: String,
    /// Its length in bytes.
    #[n(3)]
    pub size: u64,
    /// When the sender's device says it was changed last, in milliseconds.
    #[n(4)]
    pub modified: u64,
    /// The file's digest: the RFC 6962 root over its chunks, made while they are sealed.
    #[n(5)]
    pub digest: Hash32,
    /// The form it answers, if any.
    #[n(6)]
    pub form_hash: Option<Hash32>,
    /// A word of the sender's.
    #[n(7)]
    pub note: Option<String>,
}
