//! What a matter is called, as only those with a seat may read it.

use alloc::string::String;

use minicbor::{Decode, Encode};

/// A matter's description.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DescriptionV1 {
    /// The client, as the firm calls them.
    #[n(1)]
    pub client: String,
    /// What it is about, in a few words.
    #[n(2)]
    pub title: String,
    /// Practice area.
    #[n(3)]
    pub practice: String,
    /// Marks every view and print.
    #[n(4)]
    pub label: Label,
}

/// How the firm marks a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Label {
    /// The default: any client information is confidential.
    #[n(1)]
    Confidential,
    /// Confidential, and privileged.
    #[n(2)]
    Privileged,
    /// Never shared with a client.
    #[n(3)]
    Internal,
}
