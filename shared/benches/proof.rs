//! What a device spends on the proofs of one answer, in the wasm that browsers run: part of
//! `cargo xtask bench journal`, which runs it in Node and reads the lines that begin with `figure`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed measurement")]

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::signed::{Namespace, Signed};
use shared::journal::anchor::{Leaf, Log, Pin, verify};
use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::proof::{verify_consistency, verify_inclusion};
use shared::journal::tree;
use shared::journal::wire::Proof;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

const SIZE: u64 = 1_000_000;
const ROUNDS: usize = 15;
/// The clock of a page tells milliseconds: what is shorter is done so many times.
const TIMES: usize = 100;

/// Every node of a tree.
struct Tree(Vec<Vec<Hash32>>);

impl Tree {
    fn of(size: u64) -> Self {
        let leaves: Vec<Hash32> = (0..size).map(|i| tree::hash_leaf(&i.to_be_bytes())).collect();
        let mut rows = vec![leaves];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            let pairs = row.as_chunks::<2>().0;
            rows.push(pairs.iter().map(|[a, b]| tree::node_hash(*a, *b)).collect());
        }
        Self(rows)
    }

    fn node(&self, level: u8, index: u64) -> Hash32 {
        self.0[usize::from(level)][usize::try_from(index).unwrap()]
    }

    fn root(&self, size: u64) -> Hash32 {
        tree::root(size, |level, index| self.node(level, index))
    }
}

/// The median of some rounds, in milliseconds for one time.
fn median(mut once: impl FnMut(usize)) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = js_sys::Date::now();
            (0..TIMES).for_each(&mut once);
            (js_sys::Date::now() - begun) / TIMES as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

#[wasm_bindgen_test]
fn proofs_of_a_tree_of_a_million_leaves() {
    let nodes = Tree::of(SIZE);
    let root = nodes.root(SIZE);
    let firm = Hash32([0xab; 32]);
    let key = SigningKey::generate();
    let log = Log { firm, key: key.public() };
    let note = Checkpoint { origin: origin(firm), size: SIZE, root }.sign(&key).unwrap();
    // Sizes and places that are nothing round, each once.
    let asked: Vec<(Pin, Leaf, Proof)> = (0..TIMES as u64)
        .map(|i| {
            let (old, index) = (SIZE / 2 + i * 4999 + 1, (i * 9973 + 7) % SIZE);
            let get = |level, index| nodes.node(level, index);
            let proof = Proof {
                note: note.clone(),
                consistency: tree::consistency(old, SIZE, get),
                inclusion: vec![tree::inclusion(index, SIZE, get)],
                witnessed: Vec::new(),
            };
            let pin = Pin { size: old, root: nodes.root(old), note: String::new() };
            (pin, Leaf { index, hash: nodes.node(0, index) }, proof)
        })
        .collect();
    let hashes = median(|i| {
        let (pin, leaf, proof) = &asked[i];
        let stands = verify_inclusion(leaf.hash, leaf.index, SIZE, root, &proof.inclusion[0]);
        let grown = verify_consistency(pin.size, pin.root, SIZE, root, &proof.consistency);
        assert_eq!((stands, grown), (Ok(()), Ok(())));
    });
    let whole = median(|i| {
        let (pin, leaf, proof) = &asked[i];
        assert!(verify(proof, &log, Some(pin), &[*leaf]).is_ok());
    });
    console_log!("figure journal.proof_check_1m_ms {whole}");
    console_log!("figure journal.proof_hashes_1m_ms {hashes}");
}

#[wasm_bindgen_test]
fn a_statement_is_read_and_verified() {
    let key = SigningKey::generate();
    let body = cbor::encode(&vec![7u64; 40]);
    let made = Signed::sign(Namespace::Matter, &key, Kid([7; 32]), &body).unwrap();
    let (bytes, public) = (made.into_bytes(), key.public());
    let one = median(|_| {
        let signed = Signed::parse(&bytes).unwrap();
        assert!(signed.body_as::<Vec<u64>>(Namespace::Matter, &public).is_ok());
    });
    console_log!("figure journal.statement_ms {one}");
}
