//! The Merkle tree: against RFC 6962's own words, against `ct-merkle`, and against liars.

use std::collections::HashMap;

use ct_merkle::{ConsistencyProof, InclusionProof, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use sha2::Sha256;
use shared::crypto::age::{CHUNK, PART_CHUNKS};
use shared::crypto::hash::Hash32;
use shared::crypto::manifest::{
    chunk_leaf, chunks_of_plain, part_root, plain_digest, root_of_parts,
};
use shared::journal::proof::{verify_consistency, verify_inclusion};
use shared::journal::tree;

/// A tree that keeps every node, each made of the two below it.
#[derive(Default)]
struct Store {
    nodes: HashMap<(u8, u64), Hash32>,
    size: u64,
}

impl Store {
    fn of(leaves: u64) -> Self {
        let mut store = Self::default();
        (0..leaves).for_each(|i| store.push(leaf(i)));
        store
    }

    fn push(&mut self, leaf: Hash32) {
        let (mut level, mut index, mut hash) = (0, self.size, leaf);
        self.nodes.insert((level, index), hash);
        while index % 2 == 1 {
            hash = tree::node_hash(self.nodes[&(level, index - 1)], hash);
            (level, index) = (level + 1, index / 2);
            self.nodes.insert((level, index), hash);
        }
        self.size += 1;
    }

    fn get(&self) -> impl FnMut(u8, u64) -> Hash32 + '_ {
        |level, index| self.nodes[&(level, index)]
    }
}

fn data(i: u64) -> Vec<u8> {
    i.to_be_bytes().to_vec()
}

fn leaf(i: u64) -> Hash32 {
    tree::hash_leaf(&data(i))
}

fn oracle(leaves: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..leaves).for_each(|i| tree.push(data(i)));
    tree
}

fn hex(text: &str) -> Hash32 {
    Hash32(shared::encoding::read_hex::<32>(text).unwrap())
}

#[test]
fn the_known_roots_come_out() {
    // The inputs and roots that the Certificate Transparency code base pins for its own tree.
    let inputs: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves: Vec<Hash32> = inputs.iter().map(|input| tree::hash_leaf(input)).collect();
    for (n, root) in roots.iter().enumerate() {
        assert_eq!(tree::root_of(&leaves[..n]), hex(root), "size {n}");
    }
}

#[test]
fn what_cannot_be_proven_has_an_empty_proof() {
    let store = Store::of(8);
    for (index, size) in [(0, 0), (1, 1), (5, 5), (6, 5), (9, 8)] {
        assert_eq!(tree::inclusion(index, size, store.get()), [], "leaf {index} of {size}");
    }
    for (old, new) in [(0, 0), (0, 8), (8, 8), (8, 5)] {
        assert_eq!(tree::consistency(old, new, store.get()), [], "{old} in {new}");
    }
}

#[test]
fn every_size_up_to_70_agrees_with_ct_merkle_in_roots_and_proofs() {
    for size in 1..=70u64 {
        let (store, oracle) = (Store::of(size), oracle(size));
        let root = tree::root(size, store.get());
        assert_eq!(root.0, <[u8; 32]>::from(*oracle.root().as_bytes()));
        for index in 0..size {
            let proof = tree::inclusion(index, size, store.get());
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(flat(&proof), theirs.as_bytes(), "leaf {index} of {size}");
            assert_eq!(verify_inclusion(leaf(index), index, size, root, &proof), Ok(()));
            let bytes = InclusionProof::<Sha256>::from_bytes(flat(&proof));
            assert!(oracle.root().verify_inclusion(&data(index), index, &bytes).is_ok());
        }
        for old in 1..size {
            let proof = tree::consistency(old, size, store.get());
            let theirs = oracle.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(flat(&proof), theirs.as_bytes(), "{old} in {size}");
            let old_root = tree::root(old, store.get());
            assert_eq!(verify_consistency(old, old_root, size, root, &proof), Ok(()));
            assert!(ConsistencyProof::<Sha256>::try_from_bytes(flat(&proof)).is_ok());
        }
    }
}

fn flat(proof: &[Hash32]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn a_proof_shows_its_own_leaf_index_size_and_root_only() {
    for size in 1..=20u64 {
        let store = Store::of(size);
        let root = tree::root(size, store.get());
        for index in 0..size {
            let proof = tree::inclusion(index, size, store.get());
            let holds = |leaf, index, size, root, proof: &[Hash32]| {
                verify_inclusion(leaf, index, size, root, proof).is_ok()
            };
            assert!(!holds(leaf(99), index, size, root, &proof));
            assert!(!holds(leaf(index), index, size, Hash32([0; 32]), &proof));
            for other in (0..size + 3).filter(|other| *other != index) {
                assert!(!holds(leaf(index), other, size, root, &proof), "{index} at {other}");
            }
            for at in 0..proof.len() {
                let mut bad = proof.clone();
                bad[at].0[31] ^= 1;
                assert!(!holds(leaf(index), index, size, root, &bad));
                bad.remove(at);
                assert!(!holds(leaf(index), index, size, root, &bad));
            }
            let longer = [proof.as_slice(), &[root]].concat();
            assert!(!holds(leaf(index), index, size, root, &longer));
        }
    }
}

#[test]
fn a_rewritten_or_shrunk_log_has_no_consistency_proof() {
    for size in 2..=24u64 {
        let honest = Store::of(size);
        let root = tree::root(size, honest.get());
        for old in 1..size {
            let old_root = tree::root(old, honest.get());
            let proof = tree::consistency(old, size, honest.get());
            // A log whose first leaf was changed offers its own proof.
            let mut forged = Store::default();
            forged.push(leaf(1000));
            (1..size).for_each(|i| forged.push(leaf(i)));
            let forged_root = tree::root(size, forged.get());
            let forged_proof = tree::consistency(old, size, forged.get());
            let holds = |old, old_root, size, root, proof: &[Hash32]| {
                verify_consistency(old, old_root, size, root, proof).is_ok()
            };
            assert!(!holds(old, old_root, size, forged_root, &forged_proof));
            assert!(!holds(old, old_root, size, forged_root, &proof));
            // A shorter log than the pinned one.
            assert!(!holds(size, root, old, old_root, &proof));
            assert!(!holds(size, root, old, old_root, &[]));
            for at in 0..proof.len() {
                let mut bad = proof.clone();
                bad[at].0[0] ^= 0x80;
                assert!(!holds(old, old_root, size, root, &bad), "{old} in {size}, hash {at}");
                bad.remove(at);
                assert!(!holds(old, old_root, size, root, &bad));
            }
            let longer = [proof.as_slice(), &[root]].concat();
            assert!(!holds(old, old_root, size, root, &longer));
        }
    }
}

#[test]
fn nothing_and_the_same_need_no_proof_but_the_same_root() {
    let (a, b) = (Hash32([1; 32]), Hash32([2; 32]));
    let empty = tree::empty_root();
    assert_eq!(tree::root(0, |_, _| a), empty);
    assert!(verify_consistency(0, empty, 5, a, &[]).is_ok());
    assert!(verify_consistency(0, a, 5, a, &[]).is_err());
    assert!(verify_consistency(5, a, 5, a, &[]).is_ok());
    assert!(verify_consistency(5, a, 5, b, &[]).is_err());
    assert!(verify_consistency(5, a, 5, a, &[b]).is_err());
    assert!(verify_consistency(1, a, 2, b, &[]).is_err());
    assert!(verify_inclusion(a, 0, 0, empty, &[]).is_err());
}

#[test]
fn the_wanted_nodes_are_the_ones_that_are_asked_for() {
    let store = Store::of(37);
    let listed = tree::wanted(|get| tree::inclusion(20, 37, get));
    let mut asked = Vec::new();
    tree::inclusion(20, 37, |level, index| {
        asked.push((level, index));
        store.nodes[&(level, index)]
    });
    assert_eq!(listed, asked);
    assert!(!listed.is_empty());
}

#[test]
fn the_root_over_parts_is_the_root_over_chunks() {
    let part = PART_CHUNKS as u64;
    let sizes = (1..=200).chain([part * 4, part * 4 + 1, part * 5 - 1, part * 9 + 7, part * 16]);
    for chunks in sizes {
        let leaves: Vec<Hash32> = (0..chunks).map(|i| chunk_leaf(&data(i))).collect();
        let parts: Vec<Hash32> = leaves.chunks(PART_CHUNKS).map(part_root).collect();
        assert_eq!(root_of_parts(&parts, chunks), Some(tree::root_of(&leaves)), "{chunks} chunks");
        assert_eq!(root_of_parts(&parts, chunks + part), None);
        assert_eq!(root_of_parts(&parts[1..], chunks), None);
    }
    assert_eq!(root_of_parts(&[], 0), None);
}

#[test]
fn the_digest_of_a_file_is_the_root_over_its_parts() {
    let part = PART_CHUNKS * CHUNK;
    let bytes: Vec<u8> = (0..2 * part + 5).map(|at| (at % 251) as u8).collect();
    for len in [1, CHUNK, CHUNK + 1, part, part + 1, 2 * part + 5] {
        let leaves = |part: &[u8]| part.chunks(CHUNK).map(chunk_leaf).collect::<Vec<_>>();
        let roots: Vec<_> =
            bytes[..len].chunks(part).map(|part| part_root(&leaves(part))).collect();
        let root = root_of_parts(&roots, chunks_of_plain(len as u64));
        assert_eq!(Some(plain_digest(&bytes[..len])), root, "{len} bytes");
    }
    assert_eq!(plain_digest(&[]), chunk_leaf(&[]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_logs_agree_with_ct_merkle(size in 1u64..700, seed in any::<(u64, u64)>()) {
        let (index, old) = (seed.0 % size, seed.1 % size);
        let (store, oracle) = (Store::of(size), oracle(size));
        let root = tree::root(size, store.get());
        prop_assert_eq!(root.0, <[u8; 32]>::from(*oracle.root().as_bytes()));
        let proof = tree::inclusion(index, size, store.get());
        prop_assert!(verify_inclusion(leaf(index), index, size, root, &proof).is_ok());
        let old_root = tree::root(old, store.get());
        let proof = tree::consistency(old, size, store.get());
        prop_assert!(verify_consistency(old, old_root, size, root, &proof).is_ok());
    }

    #[test]
    fn noise_is_never_a_proof(
        index in any::<u64>(),
        size in any::<u64>(),
        proof in proptest::collection::vec(any::<[u8; 32]>().prop_map(Hash32), 0..70),
    ) {
        let root = Hash32([0x5a; 32]);
        prop_assert!(verify_inclusion(leaf(0), index, size, root, &proof).is_err());
        prop_assert!(verify_consistency(index.max(1), leaf(1), size, root, &proof).is_err());
    }
}
