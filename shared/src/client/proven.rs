//! A receipt that can be checked by itself: with the firm's root statement, a checkpoint, and the proof
//! that what was handed in stands under it (CRYPTO 10).

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::path::root_fingerprint;
use super::witness;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::VerifyKey;
use crate::crypto::signed::{Namespace, Signed};
use crate::journal::anchor::{Leaf, verify};
use crate::journal::receipt::Receipt;
use crate::journal::tree::leaf_hash;
use crate::journal::wire::Proof;
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Receipt);
/// The largest one: three statements' worth.
pub const MAX_PROVEN: usize = 64 * 1024;

/// The bytes. See CRYPTO 10.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct ProvenV1 {
    /// The firm's root statement.
    #[n(1)]
    pub(crate) root: ByteVec,
    /// The receipt.
    #[n(2)]
    pub(crate) receipt: ByteVec,
    /// A checkpoint.
    #[n(3)]
    pub(crate) note: String,
    /// The proof of inclusion.
    #[n(4)]
    pub(crate) path: Vec<Hash32>,
    /// Where a witness cosigned the checkpoint: the admissions that lead from the root to that person.
    #[n(5)]
    pub(crate) witness: Option<Vec<ByteVec>>,
}

/// What a proven receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The firm's fingerprint: to be compared with what the firm says of itself.
    pub firm: Hash32,
    /// The receipt.
    pub receipt: Receipt,
    /// Statements under the checkpoint.
    pub size: u64,
    /// When somebody of the firm said to have verified that checkpoint, by that person's clock; `None`
    /// where the log alone speaks for it.
    pub confirmed: Option<Timestamp>,
}

/// Checks a proven receipt, alone and without a network.
///
/// # Errors
/// [`ClientError::NotVerified`] when any part of it does not hold.
pub fn check(bytes: &[u8]) -> Result<Proven, ClientError> {
    let proven: ProvenV1 = cbor::decode_strict(bytes, MAX_PROVEN).map_err(|_| BROKEN)?;
    let firm = root_fingerprint(&proven.root).ok_or(BROKEN)?;
    let mut directory = Directory::begin(&proven.root, firm).map_err(|_| BROKEN)?;
    let log = directory.log();
    let receipt = read(&proven.receipt, &log.key)?;
    let confirmed = match &proven.witness {
        Some(path) => Some(confirmed(&mut directory, path, &proven.note)?),
        None => None,
    };
    let proof = Proof {
        note: proven.note,
        consistency: Vec::new(),
        inclusion: alloc::vec![proven.path],
        witnessed: Vec::new(),
    };
    let pin = verify(&proof, &log, None, &[leaf_of(&receipt)]).map_err(|_| BROKEN)?;
    Ok(Proven { firm, receipt, size: pin.size, confirmed })
}

/// When the person to whom these admissions lead cosigned the checkpoint.
fn confirmed(
    directory: &mut Directory,
    path: &[ByteVec],
    note: &str,
) -> Result<Timestamp, ClientError> {
    path.iter().try_for_each(|statement| directory.follow(statement)).map_err(|_| BROKEN)?;
    let found = witness::cosigners(directory.firm(), note, &witness::witnesses(directory));
    let times = found.map_err(|_| BROKEN)?.into_iter().map(|(_, time)| time);
    times.max().ok_or(BROKEN)
}

/// The leaf that a receipt promises.
pub(crate) fn leaf_of(receipt: &Receipt) -> Leaf {
    Leaf { index: receipt.leaf, hash: leaf_hash(receipt.statement, receipt.blind) }
}

/// Reads a receipt of this log.
///
/// # Errors
/// [`ClientError::NotVerified`].
pub(crate) fn read(bytes: &[u8], log: &VerifyKey) -> Result<Receipt, ClientError> {
    let signed = Signed::parse(bytes).map_err(|_| BROKEN)?;
    signed.body_as(Namespace::Receipt, log).map_err(|_| BROKEN)
}
