//! The tree as rows: one a tile, and roots and proofs made of them. The arithmetic is
//! `shared::journal::tile`'s and `shared::journal::tree`'s; here its questions are put to the database,
//! all of one answer's at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use shared::crypto::hash::Hash32;
use shared::journal::tile::{self, TileId, Tiles};
use shared::journal::tree;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, Value, args};

/// Tiles asked for in one statement; a page of 64 streams ends in as many at most, and its proofs climb
/// over a few more.
const BATCH: usize = 96;
/// Leaves that are read at once when tiles are made of statements.
const LEAVES: u32 = 4096;

static READ: LazyLock<String> = LazyLock::new(|| {
    let pair = |at: usize| format!("(${}, ${})", 2 * at + 1, 2 * at + 2);
    let pairs: Vec<String> = (0..BATCH).map(pair).collect();
    format!(
        "SELECT level, idx, hashes FROM tile WHERE (level, idx) IN (VALUES {})",
        pairs.join(", ")
    )
});

/// How many leaves the tree has.
///
/// # Errors
/// When the database refuses.
pub async fn size(conn: &mut Conn) -> Result<u64, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT idx, CAST(LENGTH(hashes) AS BIGINT) FROM tile WHERE level = 0 \
             ORDER BY idx DESC LIMIT 1",
            args![],
        )
        .await?;
    row.map_or(Ok(0), |row| Ok(row.get::<u64>(0)? * tile::WIDTH as u64 + row.get::<u64>(1)? / 32))
}

/// Adds leaves to a tree of this size.
///
/// # Errors
/// [`DbError::Tile`] when the tree is of another size; when the database refuses.
pub async fn extend(tx: &mut Tx, size: u64, leaves: &[Hash32]) -> Result<(), DbError> {
    let begun = read(tx, &tile::begun(size, leaves.len() as u64)).await?;
    let first = TileId { level: 0, index: size / tile::WIDTH as u64 };
    let changed = tile::extend(size, leaves, &begun).ok_or(DbError::Tile(first))?;
    for (tile, hashes) in changed {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        tx.execute(
            "INSERT INTO tile (level, idx, hashes) VALUES ($1, $2, $3) \
             ON CONFLICT (level, idx) DO UPDATE SET hashes = $3",
            args![u32::from(tile.level), tile.index, &bytes],
        )
        .await?;
    }
    Ok(())
}

/// Makes the tiles of the statements that are not in the tree yet: after a change of the schema.
///
/// # Errors
/// When the database refuses.
pub async fn fill(tx: &mut Tx) -> Result<(), DbError> {
    let mut at = size(tx).await?;
    loop {
        let rows = tx
            .fetch_all(
                "SELECT digest, blind FROM statement WHERE leaf >= $1 ORDER BY leaf LIMIT $2",
                args![at, LEAVES],
            )
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let leaf = |row: &crate::db::Row| Ok(tree::leaf_hash(row.get(0)?, row.get(1)?));
        let leaves = rows.iter().map(leaf).collect::<Result<Vec<_>, DbError>>()?;
        extend(tx, at, &leaves).await?;
        at += leaves.len() as u64;
    }
}

/// Runs a computation over the tree: once to learn which nodes it wants, once with them at hand.
///
/// # Errors
/// [`DbError::Tile`] when a tile that it wants is missing or too short; when the database refuses.
pub async fn compute<R>(
    conn: &mut Conn,
    run: impl Fn(&mut dyn FnMut(u8, u64) -> Hash32) -> R,
) -> Result<R, DbError> {
    let wanted = tree::wanted(|get| run(get));
    let mut held = Tiles::default();
    for (tile, hashes) in read(conn, &tile::holding(wanted.iter().copied())).await? {
        held.insert(tile, hashes);
    }
    if let Some((level, index)) =
        wanted.into_iter().find(|(level, index)| held.node(*level, *index).is_none())
    {
        let missing = tile::holding([(level, index)]).into_iter().next();
        return Err(missing.map_or(DbError::Shape, DbError::Tile));
    }
    Ok(run(&mut |level, index| held.node(level, index).unwrap_or(Hash32([0; 32]))))
}

/// The beginning of a tile, as many hashes as asked for; `None` where the tree has not so many.
///
/// # Errors
/// [`DbError::Tile`] when the tree has it and its row is missing or too short; when the database refuses.
pub async fn beginning(
    conn: &mut Conn,
    tile: TileId,
    width: usize,
) -> Result<Option<Vec<u8>>, DbError> {
    if tile.width_in(size(conn).await?) < width {
        return Ok(None);
    }
    let row = conn
        .fetch_optional(
            "SELECT hashes FROM tile WHERE level = $1 AND idx = $2",
            args![u32::from(tile.level), tile.index],
        )
        .await?;
    let bytes: Vec<u8> = row.ok_or(DbError::Tile(tile))?.get(0)?;
    bytes.get(..width * 32).map(|bytes| Some(bytes.to_vec())).ok_or(DbError::Tile(tile))
}

/// Those of some tiles that there are.
async fn read(
    conn: &mut Conn,
    tiles: &BTreeSet<TileId>,
) -> Result<BTreeMap<TileId, Vec<Hash32>>, DbError> {
    let tiles: Vec<TileId> = tiles.iter().copied().collect();
    let mut found = BTreeMap::new();
    for some in tiles.chunks(BATCH) {
        // The statement has room for a whole batch: the last tile fills it up.
        let padded = some.iter().chain(some.last().into_iter().cycle()).take(BATCH);
        let asked: Vec<Value> = padded
            .flat_map(|tile| [Value::from(u32::from(tile.level)), Value::from(tile.index)])
            .collect();
        for row in conn.fetch_all(READ.as_str(), &asked).await? {
            let level = u8::try_from(row.get::<u32>(0)?).map_err(|_| DbError::Shape)?;
            let tile = TileId { level, index: row.get(1)? };
            found.insert(tile, hashes(&row.get::<Vec<u8>>(2)?).ok_or(DbError::Tile(tile))?);
        }
    }
    Ok(found)
}

fn hashes(bytes: &[u8]) -> Option<Vec<Hash32>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().copied().map(Hash32).collect())
}
