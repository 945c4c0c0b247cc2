//! Receipts: the server's signed word that a statement is in the tree.

use minicbor::{Decode, Encode};

use super::stream::StreamId;
use crate::crypto::hash::Hash32;
use crate::time::Timestamp;

/// Namespace 13, signed by the log key (signer kid = SHA-256 label `kid` over the log key): a
/// statement stands at this leaf. Whoever holds a receipt can later demand its inclusion.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// Digest of the statement.
    #[n(1)]
    pub statement: Hash32,
    /// Its stream.
    #[n(2)]
    pub stream: StreamId,
    /// Its number there.
    #[n(3)]
    pub seq: u64,
    /// Its leaf in the firm's tree.
    #[n(4)]
    pub leaf: u64,
    /// The leaf's blind.
    #[n(5)]
    pub blind: Hash32,
    /// The server's time.
    #[n(6)]
    pub time: Timestamp,
}
