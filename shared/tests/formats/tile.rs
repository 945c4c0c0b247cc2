//! Tiles: the specification's own numbers, addresses in their one form, and every proof out of tiles
//! held to the naive tree and to `ct-merkle`.

use std::collections::BTreeMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use shared::crypto::hash::Hash32;
use shared::journal::tile::{self, TileId, TilePath, Tiles, WIDTH};
use shared::journal::tree;

fn data(i: u64) -> Vec<u8> {
    i.to_be_bytes().to_vec()
}

fn leaf(i: u64) -> Hash32 {
    tree::hash_leaf(&data(i))
}

/// A log that keeps tiles as the server does.
#[derive(Default)]
struct Store {
    tiles: BTreeMap<TileId, Vec<Hash32>>,
    size: u64,
}

impl Store {
    /// Adds leaves in batches of such sizes, over and over, until there are so many.
    fn of(size: u64, batches: &[u64]) -> Self {
        let mut store = Self::default();
        for batch in batches.iter().cycle() {
            let batch = (*batch).min(size - store.size);
            store.add(batch);
            if store.size == size {
                break;
            }
        }
        store
    }

    fn add(&mut self, count: u64) {
        let leaves: Vec<Hash32> = (self.size..self.size + count).map(leaf).collect();
        let begun = tile::begun(self.size, count);
        let begun = begun.into_iter().map(|id| (id, self.tiles[&id].clone())).collect();
        let changed = tile::extend(self.size, &leaves, &begun).unwrap();
        for (id, hashes) in &changed {
            let before = self.tiles.get(id).map_or(0, Vec::len);
            assert!(hashes.len() > before, "{id} was written and did not grow");
        }
        self.tiles.extend(changed);
        self.size += count;
    }

    /// Runs a computation with the tiles that it wants, and no others.
    fn run<R>(&self, compute: impl Fn(&mut dyn FnMut(u8, u64) -> Hash32) -> R) -> R {
        let mut held = Tiles::default();
        for id in tile::holding(tree::wanted(|get| compute(get))) {
            held.insert(id, self.tiles[&id].clone());
        }
        compute(&mut |level, index| held.node(level, index).unwrap())
    }
}

/// The specification's formula: the hash over `D[n * 256^l : (n + 1) * 256^l]`.
fn naive(leaves: &[Hash32], level: u8, at: usize) -> Hash32 {
    let span = WIDTH.pow(u32::from(level));
    tree::root_of(&leaves[at * span..(at + 1) * span])
}

#[test]
fn a_tree_of_70000_has_the_tiles_that_the_specification_counts() {
    let store = Store::of(70_000, &[4096, 1, 255, 257]);
    let wide = |level| {
        let whole = store.tiles.iter().filter(|(id, _)| id.level == level);
        let (whole, begun): (Vec<_>, Vec<_>) = whole.partition(|(_, row)| row.len() == WIDTH);
        (whole.len(), begun.iter().map(|(_, row)| row.len()).collect::<Vec<_>>())
    };
    assert_eq!((wide(0), wide(1), wide(2)), ((273, vec![112]), (1, vec![17]), (0, vec![1])));
    assert_eq!(wide(3), (0, vec![]));
    let leaves: Vec<Hash32> = (0..70_000).map(leaf).collect();
    for (id, row) in &store.tiles {
        assert_eq!(id.width_in(70_000), row.len());
        for at in [0, row.len() / 2, row.len() - 1] {
            let place = usize::try_from(id.index).unwrap() * WIDTH + at;
            assert_eq!(row[at], naive(&leaves, id.level, place), "{id} at {at}");
        }
    }
    // Of 256 leaves there is one whole tile, and one of width 1 above it.
    let small = Store::of(256, &[256]);
    let widths: Vec<_> = small.tiles.values().map(Vec::len).collect();
    assert_eq!(widths, [256, 1]);
}

#[test]
fn widths_follow_from_the_size_alone() {
    for (level, index, size, width) in [
        (0, 0, 0, 0),
        (0, 0, 1, 1),
        (0, 0, 255, 255),
        (0, 0, 1 << 40, 256),
        (0, 1, 256, 0),
        (0, 1, 300, 44),
        (1, 0, 255, 0),
        (1, 0, 256, 1),
        (1, 0, 65_536, 256),
        (2, 0, 65_536, 1),
        (7, 0, u64::MAX, 255),
        (8, 0, u64::MAX, 0),
        (63, 0, u64::MAX, 0),
        (0, u64::MAX, u64::MAX, 0),
    ] {
        assert_eq!(TileId { level, index }.width_in(size), width, "{level}/{index} of {size}");
    }
}

#[test]
fn an_address_has_one_form() {
    for (text, level, index, width) in [
        ("0/000", 0, 0, 256),
        ("0/001.p/1", 0, 1, 1),
        ("3/999.p/255", 3, 999, 255),
        ("1/x001/000", 1, 1000, 256),
        ("63/x001/x234/067", 63, 1_234_067, 256),
        ("0/x018/x446/x744/x073/x709/x551/615", 0, u64::MAX, 256),
    ] {
        let path = TilePath { tile: TileId { level, index }, width };
        assert_eq!(TilePath::parse(text), Some(path), "{text}");
        assert_eq!(path.to_string(), text);
    }
    for bad in [
        "",
        "0",
        "0/",
        "/000",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "01/000",
        "+1/000",
        "64/000",
        "256/000",
        "-1/000",
        "0/x000",
        "0/x000/001",
        "0/001/002",
        "0/x001/x002",
        "0/x001//002",
        "0/x01/002",
        "0/X001/002",
        "0/+01",
        "0/ 01",
        "0/000/",
        "0/000.p/",
        "0/000.p/0",
        "0/000.p/00",
        "0/000.p/01",
        "0/000.p/256",
        "0/000.p/-1",
        "0/000.p/+1",
        "0/000.p/1/",
        "0/000.p/1.p/1",
        "0/000.p",
        "0/000.P/1",
        "0/%30%30%30",
        "0/\u{661}\u{661}\u{661}",
        "0/x018/x446/x744/x073/x709/x551/616",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "entries/000",
    ] {
        assert_eq!(TilePath::parse(bad), None, "{bad} passed");
    }
}

#[test]
fn a_tile_that_is_not_as_wide_as_the_size_says_is_not_gone_on_with() {
    let id = TileId { level: 0, index: 0 };
    for held in [0, 2, 4, 255] {
        let begun = BTreeMap::from([(id, vec![leaf(0); held])]);
        assert_eq!(tile::extend(3, &[leaf(3)], &begun), None, "{held}");
    }
    assert_eq!(tile::extend(3, &[leaf(3)], &BTreeMap::new()), None);
}

#[test]
fn only_tiles_that_an_addition_goes_on_with_are_asked_for() {
    for (size, added, expected) in [
        (0, 9, &[][..]),
        (300, 0, &[]),
        (300, 1, &[(0, 1)]),
        (256, 1, &[]),
        (256, 256, &[(1, 0)]),
        (511, 1, &[(0, 1), (1, 0)]),
        (65_800, 60_000, &[(0, 257), (1, 1)]),
        (65_800, 65_536, &[(0, 257), (1, 1), (2, 0)]),
    ] {
        let expected =
            expected.iter().map(|(level, index)| TileId { level: *level, index: *index });
        assert_eq!(tile::begun(size, added), expected.collect(), "{size} and {added} more");
    }
}

#[test]
fn an_addition_writes_one_tile_and_a_second_one_time_in_256() {
    for (size, most) in [(1000, 2), (1_000_000, 2), (16_777_215, 4)] {
        let written: Vec<usize> = (size..size + WIDTH as u64)
            .map(|size| {
                let begun = tile::begun(size, 1);
                let row = |id: TileId| (id, vec![leaf(0); id.width_in(size)]);
                let begun = begun.into_iter().map(row).collect();
                tile::extend(size, &[leaf(1)], &begun).unwrap().len()
            })
            .collect();
        assert_eq!(written.iter().filter(|tiles| **tiles > 1).count(), 1, "of {size}");
        assert_eq!(written.iter().max(), Some(&most), "of {size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_out_of_tiles_are_ct_merkles(
        size in 1u64..3000,
        batches in proptest::collection::vec(1u64..700, 1..4),
        seed in any::<(u64, u64, u64)>(),
    ) {
        let store = Store::of(size, &batches);
        // An older tree is proven out of the same tiles.
        let shown = seed.0 % size + 1;
        let (index, old) = (seed.1 % shown, seed.2 % shown);
        let mut oracle: MemoryBackedTree<Sha256, Vec<u8>> = MemoryBackedTree::new();
        (0..shown).for_each(|i| oracle.push(data(i)));
        let root = store.run(|get| tree::root(shown, get));
        prop_assert_eq!(root.0, <[u8; 32]>::from(*oracle.root().as_bytes()));
        let flat = |proof: Vec<Hash32>| -> Vec<u8> {
            proof.iter().flat_map(|hash| hash.0).collect()
        };
        let inclusion = store.run(|get| tree::inclusion(index, shown, get));
        let (inclusion, theirs) =
            (flat(inclusion), oracle.prove_inclusion(usize::try_from(index).unwrap()));
        prop_assert_eq!(&inclusion[..], theirs.as_bytes());
        if old > 0 {
            let consistency = store.run(|get| tree::consistency(old, shown, get));
            let (consistency, theirs) =
                (flat(consistency), oracle.prove_consistency(usize::try_from(shown - old).unwrap()));
            prop_assert_eq!(&consistency[..], theirs.as_bytes());
        }
    }

    #[test]
    fn how_leaves_arrive_makes_no_difference(
        size in 1u64..2000,
        batches in proptest::collection::vec(1u64..300, 1..6),
    ) {
        prop_assert_eq!(Store::of(size, &batches).tiles, Store::of(size, &[size]).tiles);
    }

    #[test]
    fn every_address_comes_back(level in 0u8..64, index in any::<u64>(), width in 1usize..=256) {
        let path = TilePath { tile: TileId { level, index }, width };
        prop_assert_eq!(TilePath::parse(&path.to_string()), Some(path));
    }

    #[test]
    fn noise_is_no_address_or_one_that_is_written_so(text in "[0-9x/.p]{0,24}") {
        if let Some(path) = TilePath::parse(&text) {
            prop_assert_eq!(path.to_string(), text);
        }
    }
}
