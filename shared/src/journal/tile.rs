//! The tree in tiles, as C2SP tlog-tiles cuts it: tile `(level, index)` is a row of up to 256 hashes
//! side by side, those of leaves on level 0, above it the roots of whole tiles of the level below.
//!
//! What stands between is hashed again when it is wanted, so that a tree of a million leaves is some
//! four thousand tiles, of which an addition touches one or two.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use super::tree::{node_hash, root_of};
use crate::crypto::hash::Hash32;

/// Hashes in a whole tile.
pub const WIDTH: usize = 256;
/// Levels of the tree that one level of tiles stands for: `2^8` is [`WIDTH`].
const HEIGHT: u8 = 8;
/// The highest level that an address names.
const TOP: u8 = 63;

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaves.
    pub level: u8,
    /// Its place in its level.
    pub index: u64,
}

impl fmt::Display for TileId {
    /// `<L>/<N>`, as its address ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.level)?;
        let mut groups = Vec::new();
        let mut rest = self.index;
        loop {
            groups.push(rest % 1000);
            rest /= 1000;
            if rest == 0 {
                break;
            }
        }
        while let Some(group) = groups.pop() {
            if groups.is_empty() {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        Ok(())
    }
}

impl TileId {
    /// How many of its hashes a tree of this size has: 0 to [`WIDTH`].
    #[must_use]
    pub fn width_in(self, size: u64) -> usize {
        let on_level = above(size, self.level);
        let before = self.index.saturating_mul(WIDTH as u64);
        usize::try_from(on_level.saturating_sub(before)).unwrap_or(WIDTH).min(WIDTH)
    }
}

/// An address below `tile/`: a whole tile, or the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    /// Which.
    pub tile: TileId,
    /// How many hashes: 1 to [`WIDTH`].
    pub width: usize,
}

impl TilePath {
    /// Reads `<L>/<N>[.p/<W>]`. One tile has one address.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (path, width) = match path.split_once(".p/") {
            Some((path, width)) => {
                let width = usize::from(number::<u8>(width)?);
                (path, (width > 0).then_some(width)?)
            }
            None => (path, WIDTH),
        };
        let (level, index) = path.split_once('/')?;
        let level = number::<u8>(level).filter(|level| *level <= TOP)?;
        let mut value: u64 = 0;
        for group in index.split('/') {
            let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
            value = value.checked_mul(1000)?.checked_add(group)?;
        }
        let tile = TileId { level, index: value };
        // Three digits a group, where the `x` stand, and that no group is idle: the writer's one way.
        (tile.to_string() == path).then_some(Self { tile, width })
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tile)?;
        if self.width < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// A decimal number as it is written: no sign, no zero in front.
fn number<N: core::str::FromStr + ToString>(text: &str) -> Option<N> {
    let value: N = text.parse().ok()?;
    let written: String = value.to_string();
    (written == text).then_some(value)
}

/// How many hashes stand on a level of tiles in a tree of this size.
fn above(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0)
}

/// Tiles at hand, with the nodes of the tree that they hold.
#[derive(Debug, Default)]
pub struct Tiles(BTreeMap<TileId, Vec<Vec<Hash32>>>);

impl Tiles {
    /// Takes a tile in: its hashes side by side.
    pub fn insert(&mut self, tile: TileId, hashes: Vec<Hash32>) {
        let mut rows = alloc::vec![hashes];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            let pairs = row.as_chunks::<2>().0;
            rows.push(pairs.iter().map(|[left, right]| node_hash(*left, *right)).collect());
        }
        self.0.insert(tile, rows);
    }

    /// The node `(level, index)` of the tree, if its tile is at hand and reaches so far.
    #[must_use]
    pub fn node(&self, level: u8, index: u64) -> Option<Hash32> {
        let (tile, row, at) = place(level, index);
        self.0.get(&tile)?.get(usize::from(row))?.get(at).copied()
    }
}

/// The tiles that hold some nodes of the tree.
pub fn holding(nodes: impl IntoIterator<Item = (u8, u64)>) -> BTreeSet<TileId> {
    nodes.into_iter().map(|(level, index)| place(level, index).0).collect()
}

/// In which tile a node of the tree is found, in which row above its hashes, and where in that row.
fn place(level: u8, index: u64) -> (TileId, u8, usize) {
    let row = level % HEIGHT;
    let in_row = HEIGHT - row;
    let tile = TileId { level: level / HEIGHT, index: index >> in_row };
    let at = index & ((1 << in_row) - 1);
    #[expect(clippy::cast_possible_truncation, reason = "less than 256")]
    (tile, row, at as usize)
}

/// The tiles that are begun, and that leaves added to a tree of this size go on with.
#[must_use]
pub fn begun(size: u64, added: u64) -> BTreeSet<TileId> {
    let after = size.saturating_add(added);
    (0..=TOP)
        .take_while(|level| above(after, *level) > above(size, *level))
        .map(|level| (level, above(size, level)))
        .filter(|(_, on_level)| on_level % WIDTH as u64 > 0)
        .map(|(level, on_level)| TileId { level, index: on_level / WIDTH as u64 })
        .collect()
}

/// The tiles that change when leaves are added to a tree of this size, given those that are [`begun`];
/// `None` when one of these is not as wide as the size says.
#[must_use]
pub fn extend(
    size: u64,
    leaves: &[Hash32],
    begun: &BTreeMap<TileId, Vec<Hash32>>,
) -> Option<BTreeMap<TileId, Vec<Hash32>>> {
    let mut changed: BTreeMap<TileId, Vec<Hash32>> = BTreeMap::new();
    for (place, leaf) in (size..).zip(leaves) {
        let (mut level, mut at, mut hash) = (0, place, *leaf);
        loop {
            let tile = TileId { level, index: at / WIDTH as u64 };
            let hashes = changed
                .entry(tile)
                .or_insert_with(|| begun.get(&tile).cloned().unwrap_or_default());
            if hashes.len() as u64 != at % WIDTH as u64 {
                return None;
            }
            hashes.push(hash);
            if hashes.len() < WIDTH {
                break;
            }
            hash = root_of(hashes);
            at /= WIDTH as u64;
            level += 1;
        }
    }
    Some(changed)
}
