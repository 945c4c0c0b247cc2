//! Verifies what the server says of the tree (RFC 9162 sections 2.1.3.2 and 2.1.4.2). The server is
//! the adversary here: a proof of any length and content is input.

use super::tree::{empty_root, node_hash};
use crate::crypto::hash::Hash32;

/// A proof did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the journal's proof does not hold")]
pub struct BadProof;

/// Checks that `leaf` stands at `index` in the tree of this size and root.
///
/// # Errors
/// When the proof shows anything else.
pub fn verify_inclusion(
    leaf: Hash32,
    index: u64,
    size: u64,
    root: Hash32,
    proof: &[Hash32],
) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(BadProof);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(*sibling, hash);
            // A right edge has no sibling on some levels: climb to where it has one.
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(hash, *sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 && hash == root { Ok(()) } else { Err(BadProof) }
}

/// Checks that the tree `(new_size, new_root)` begins with the tree `(old_size, old_root)`.
///
/// # Errors
/// When the proof shows anything else, and when the new tree is smaller than the old.
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash32,
    new_size: u64,
    new_root: Hash32,
    proof: &[Hash32],
) -> Result<(), BadProof> {
    if old_size > new_size {
        return Err(BadProof);
    }
    if old_size == 0 || old_size == new_size {
        let old_holds = if old_size == 0 { old_root == empty_root() } else { old_root == new_root };
        // Every tree begins with the empty one; nothing is left to prove in either case.
        return if old_holds && proof.is_empty() { Ok(()) } else { Err(BadProof) };
    }
    // A tree of a power of two is itself the first node of the path.
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(BadProof)?;
        (*first, rest)
    };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    let left_edge = at.trailing_ones();
    (at, last) = (at >> left_edge, last >> left_edge);
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return Err(BadProof);
        }
        if at % 2 == 1 || at == last {
            old_hash = node_hash(*sibling, old_hash);
            new_hash = node_hash(*sibling, new_hash);
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new_hash = node_hash(new_hash, *sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 && old_hash == old_root && new_hash == new_root { Ok(()) } else { Err(BadProof) }
}
