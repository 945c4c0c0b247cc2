//! What only people of the firm may read about each other, kept as records of the office room.

use alloc::string::String;

use minicbor::{Decode, Encode};

use crate::ids::AccountId;

/// The firm as its people and clients call it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FirmV1 {
    /// The name on the door.
    #[n(1)]
    pub name: String,
}

/// A person's name.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonV1 {
    /// Whose.
    #[n(1)]
    pub account: AccountId,
    /// As clients see it.
    #[n(2)]
    pub name: String,
}
