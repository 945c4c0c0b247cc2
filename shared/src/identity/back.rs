//! What a client signs of its way back: namespace 22, in no stream. The server keeps it with the passkey, so that
//! it registers none for a key that did not say so, and gives it back, so that a device finds that passkey, slot
//! and record belong together.

use minicbor::{Decode, Encode};

use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::sealed::{RecordKind, SlotKind, inspect_record, inspect_slot};
use crate::ids::BackId;
use crate::time::Timestamp;

/// The largest record that a server keeps for a client: receipts and names, no documents.
pub const MAX_RECORD: usize = 128 * 1024;

/// By what else than a passkey a client comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum BackBy {
    /// By twelve words that the client's device made.
    #[n(1)]
    Words,
}

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BackSaid {
    /// 1.
    #[n(1)]
    pub version: u8,
    /// The firm.
    #[n(2)]
    pub firm: Hash32,
    /// Which way.
    #[n(3)]
    pub back: BackId,
    /// 1 for the first record, one more for each that takes the place of another.
    #[n(4)]
    pub number: u64,
    /// SHA-256 of the passkey's credential id, or of what the server keeps of the words' token.
    #[n(5)]
    pub credential: Hash32,
    /// SHA-256 of the slot.
    #[n(6)]
    pub slot: Hash32,
    /// SHA-256 of the record.
    #[n(7)]
    pub record: Hash32,
    /// When, as the client's device says.
    #[n(8)]
    pub time: Timestamp,
    /// Absent for a passkey.
    #[n(9)]
    pub by: Option<BackBy>,
}

impl BackSaid {
    /// Whether it speaks of these bytes.
    #[must_use]
    pub fn is_of(&self, credential: &[u8], slot: &[u8], record: &[u8]) -> bool {
        self.version == 1
            && self.credential == sha256(credential)
            && self.slot == sha256(slot)
            && self.record == sha256(record)
    }

    /// Whether slot and record are what a server can tell that they should be.
    #[must_use]
    pub fn fits(&self, slot: &[u8], record: &[u8]) -> bool {
        let own = self.back.0;
        record.len() <= MAX_RECORD
            && inspect_slot(slot).is_ok_and(|found| found == (SlotKind::Back, own))
            && inspect_record(record).is_ok_and(|found| found == (RecordKind::Back, own))
    }
}
