//! A person leaves the firm, or is suspended, and comes back: acts of the stream `keyring`.
//!
//! An end takes effect by its place in the firm's tree. What the person signed stands as far as it stands
//! before the end's leaf; nothing behind it does.

use minicbor::{Decode, Encode};

use crate::crypto::keys::Kid;
use crate::ids::AccountId;

/// How somebody's time with the firm ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum EndKind {
    /// For good. Whoever comes back comes by a new invitation, with new keys.
    #[n(1)]
    Left,
    /// Until somebody says otherwise.
    #[n(2)]
    Suspended,
}

/// See [`super::statement::KeyringAct::Ended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ended {
    /// The person.
    #[n(1)]
    pub account: AccountId,
    /// The person's key: what was compared is what ends.
    #[n(2)]
    pub kid: Kid,
    /// For good, or for now.
    #[n(3)]
    pub kind: EndKind,
}

/// See [`super::statement::KeyringAct::Restored`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Restored {
    /// The person.
    #[n(1)]
    pub account: AccountId,
    /// The person's key.
    #[n(2)]
    pub kid: Kid,
}
