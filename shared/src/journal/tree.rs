//! The Merkle tree of RFC 6962, over nodes that never change.
//!
//! A node `(level, index)` is the root over the leaves `index << level .. (index + 1) << level`, and
//! exists once all of them do. Roots and proofs are computed from such nodes alone; who keeps
//! them ([`super::tile`]) gives a closure that fetches one. To learn which ones a computation wants,
//! before asking a database for all of them at once, run it under [`wanted`].

use alloc::vec::Vec;

use crate::crypto::hash::{Hash32, sha256, sha256_of};

/// Hash of a leaf's data: SHA-256(0x00 || data).
#[must_use]
pub fn hash_leaf(data: &[u8]) -> Hash32 {
    sha256_of(&[&[0], data])
}

/// Hash of a statement's leaf: SHA-256(0x00 || digest of the statement || blind). The blind keeps
/// published tiles from telling whether a guessed statement is in the tree.
#[must_use]
pub fn leaf_hash(statement: Hash32, blind: Hash32) -> Hash32 {
    sha256_of(&[&[0], &statement.0, &blind.0])
}

/// Hash of an inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node_hash(left: Hash32, right: Hash32) -> Hash32 {
    sha256_of(&[&[1], &left.0, &right.0])
}

/// The root of the empty tree.
#[must_use]
pub fn empty_root() -> Hash32 {
    sha256(&[])
}

/// The root over leaf hashes that are all at hand.
#[must_use]
pub fn root_of(leaves: &[Hash32]) -> Hash32 {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(1 << split(leaves.len() as u64));
            node_hash(root_of(left), root_of(right))
        }
    }
}

/// The root of the tree of the first `size` leaves.
pub fn root(size: u64, mut get: impl FnMut(u8, u64) -> Hash32) -> Hash32 {
    if size == 0 { empty_root() } else { range(0, size, &mut get) }
}

/// The proof that leaf `index` is in the tree of this size. Empty when it cannot be.
pub fn inclusion(index: u64, size: u64, mut get: impl FnMut(u8, u64) -> Hash32) -> Vec<Hash32> {
    let mut proof = Vec::new();
    if index < size {
        path(index, 0, size, &mut get, &mut proof);
    }
    proof
}

/// The proof that the tree of `new` leaves begins with the tree of `old`. Empty when there is
/// nothing to prove.
pub fn consistency(old: u64, new: u64, mut get: impl FnMut(u8, u64) -> Hash32) -> Vec<Hash32> {
    let mut proof = Vec::new();
    if old > 0 && old < new {
        subproof(old, 0, new, true, &mut get, &mut proof);
    }
    proof
}

/// Which nodes a computation asks for, as `(level, index)`.
pub fn wanted<R>(compute: impl FnOnce(&mut dyn FnMut(u8, u64) -> Hash32) -> R) -> Vec<(u8, u64)> {
    let mut asked = Vec::new();
    compute(&mut |level, index| {
        asked.push((level, index));
        Hash32([0; 32])
    });
    asked
}

/// The exponent of the largest power of two below `n`, for `n` of at least 2.
const fn split(n: u64) -> u32 {
    (n - 1).ilog2()
}

/// The hash over leaves `start .. start + n`, where `start` is a multiple of the power of two at or
/// above `n`.
fn range(start: u64, n: u64, get: &mut impl FnMut(u8, u64) -> Hash32) -> Hash32 {
    if n.is_power_of_two() {
        let level = n.trailing_zeros();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a u64 has at most 63 trailing zeros"
        )]
        return get(level as u8, start >> level);
    }
    let left = 1 << split(n);
    let left_hash = range(start, left, get);
    node_hash(left_hash, range(start + left, n - left, get))
}

fn path(
    index: u64,
    start: u64,
    n: u64,
    get: &mut impl FnMut(u8, u64) -> Hash32,
    out: &mut Vec<Hash32>,
) {
    if n == 1 {
        return;
    }
    let left = 1 << split(n);
    if index < left {
        path(index, start, left, get, out);
        out.push(range(start + left, n - left, get));
    } else {
        path(index - left, start + left, n - left, get, out);
        out.push(range(start, left, get));
    }
}

fn subproof(
    old: u64,
    start: u64,
    n: u64,
    whole: bool,
    get: &mut impl FnMut(u8, u64) -> Hash32,
    out: &mut Vec<Hash32>,
) {
    if old == n {
        // The verifier has the old root itself; below it, it needs this subtree.
        if !whole {
            out.push(range(start, n, get));
        }
        return;
    }
    let left = 1 << split(n);
    if old <= left {
        subproof(old, start, left, whole, get, out);
        out.push(range(start + left, n - left, get));
    } else {
        subproof(old - left, start + left, n - left, false, get, out);
        out.push(range(start, left, get));
    }
}
