//! Holds what a server shows to its journal: a checkpoint that grew out of the one this device knows,
//! and statements that stand under it.

use alloc::string::String;

use minicbor::{Decode, Encode};

use super::checkpoint::{Checkpoint, Note, origin};
use super::cosignature::Witness;
use super::proof::{verify_consistency, verify_inclusion};
use super::tree::leaf_hash;
use super::wire::{Entry, MAX_WITNESSED, Proof};
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::VerifyKey;
use crate::crypto::manifest::CheckpointSeen;
use crate::time::Timestamp;
use crate::vuln;

/// The newest checkpoint that a device verified.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pin {
    /// Number of leaves.
    #[n(1)]
    pub size: u64,
    /// Root over them.
    #[n(2)]
    pub root: Hash32,
    /// The signed note: evidence, should the server ever say otherwise.
    #[n(3)]
    pub note: String,
}

/// Whose journal.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// The firm's fingerprint.
    pub firm: Hash32,
    /// Its log key, from the firm's root statement.
    pub key: VerifyKey,
}

/// A leaf that must stand in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Where.
    pub index: u64,
    /// Its hash.
    pub hash: Hash32,
}

impl Leaf {
    /// The leaf that a statement must be.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self { index: entry.leaf, hash: leaf_hash(sha256(&entry.statement.0), entry.blind) }
    }
}

/// Why a proof was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The checkpoint is malformed, another firm's, or not signed by the firm's log.
    #[error("the checkpoint is not the firm's")]
    Checkpoint,
    /// The checkpoint is the firm's and does not continue the one this device knows: the journal was
    /// forked or rolled back.
    #[error("the journal does not continue the one that this device knows")]
    Forked,
    /// A statement is not in the tree.
    #[error("a statement is missing from the journal")]
    Absent,
}

impl From<&Pin> for CheckpointSeen {
    fn from(pin: &Pin) -> Self {
        Self { size: pin.size, root: pin.root }
    }
}

impl Pin {
    /// Reads a checkpoint without anything to hold it to.
    ///
    /// # Errors
    /// [`Unproven::Checkpoint`].
    pub fn read(note: &str, log: &Log) -> Result<Self, Unproven> {
        let Checkpoint { size, root, .. } = Checkpoint::open(note, &origin(log.firm), &log.key)
            .map_err(|_| Unproven::Checkpoint)?;
        Ok(Self { size, root, note: note.into() })
    }
}

/// Verifies that a proof's checkpoint grew out of the newest one that is known; gives the one to know
/// from now on.
///
/// # Errors
/// [`Unproven::Checkpoint`], [`Unproven::Forked`].
pub fn advance(proof: &Proof, log: &Log, known: Option<&Pin>) -> Result<Pin, Unproven> {
    let pin = Pin::read(&proof.note, log)?;
    match known {
        Some(known) => {
            let path = &proof.consistency;
            let grown = verify_consistency(known.size, known.root, pin.size, pin.root, path);
            if grown.is_err() && !vuln::a21() {
                return Err(Unproven::Forked);
            }
        }
        None if proof.consistency.is_empty() => {}
        None => return Err(Unproven::Forked),
    }
    Ok(pin)
}

/// Whether a leaf stands under a verified checkpoint.
#[must_use]
pub fn stands(pin: &Pin, leaf: Leaf, path: Option<&Vec<Hash32>>) -> bool {
    path.is_some_and(|path| {
        verify_inclusion(leaf.hash, leaf.index, pin.size, pin.root, path).is_ok()
    })
}

/// Verifies a proof with all the leaves that it is about.
///
/// # Errors
/// [`Unproven`].
pub fn verify(
    proof: &Proof,
    log: &Log,
    known: Option<&Pin>,
    leaves: &[Leaf],
) -> Result<Pin, Unproven> {
    let pin = advance(proof, log, known)?;
    let whole = leaves.len() == proof.inclusion.len();
    let mut each = leaves.iter().zip(&proof.inclusion);
    let all = whole && each.all(|(leaf, path)| stands(&pin, *leaf, Some(path)));
    if all { Ok(pin) } else { Err(Unproven::Absent) }
}

/// When one of these witnesses last cosigned a checkpoint that a proof's own continues; `None` when none
/// did. `pin` is what [`advance`] gave for the proof.
///
/// # Errors
/// [`Unproven::Checkpoint`] for a note that is not the firm's or that a bad line spoils,
/// [`Unproven::Forked`] when the proof's checkpoint does not continue what was cosigned.
pub fn witnessed(
    proof: &Proof,
    log: &Log,
    pin: &Pin,
    witnesses: &[Witness],
) -> Result<Option<Timestamp>, Unproven> {
    if proof.witnessed.len() > MAX_WITNESSED {
        return Err(Unproven::Checkpoint);
    }
    let mut newest = None;
    for one in &proof.witnessed {
        let old = Pin::read(&one.note, log)?;
        verify_consistency(old.size, old.root, pin.size, pin.root, &one.consistency)
            .map_err(|_| Unproven::Forked)?;
        let note = Note::parse(&one.note).map_err(|_| Unproven::Checkpoint)?;
        for witness in witnesses {
            let time = note.cosigned_by(log.firm, witness).map_err(|_| Unproven::Checkpoint)?;
            newest = newest.max(time);
        }
    }
    Ok(newest)
}
