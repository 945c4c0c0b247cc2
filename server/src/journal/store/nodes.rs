//! The tree as rows: the roots of its complete subtrees, and roots and proofs made of them. The
//! arithmetic is `shared::journal::tree`'s; here its questions are put to the database.

use std::collections::BTreeMap;

use shared::crypto::hash::Hash32;
use shared::journal::tree;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};

/// How many leaves the tree has.
///
/// # Errors
/// When the database refuses.
pub async fn size(conn: &mut Conn) -> Result<u64, DbError> {
    let row = conn
        .fetch_optional("SELECT idx FROM node WHERE level = 0 ORDER BY idx DESC LIMIT 1", args![])
        .await?;
    row.map_or(Ok(0), |row| row.get::<u64>(0).map(|last| last + 1))
}

/// Adds the next leaf and every subtree that it completes.
///
/// # Errors
/// [`DbError::Taken`] when there is a leaf at that number.
pub async fn push(tx: &mut Tx, size: u64, leaf: Hash32) -> Result<(), DbError> {
    let nodes = compute(tx, |get| tree::append(size, leaf, get)).await?;
    for node in nodes {
        tx.execute(
            "INSERT INTO node (level, idx, hash) VALUES ($1, $2, $3)",
            args![u32::from(node.level), node.index, node.hash],
        )
        .await?;
    }
    Ok(())
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// When the database refuses, or the tree is smaller.
pub async fn root(conn: &mut Conn, size: u64) -> Result<Hash32, DbError> {
    compute(conn, |get| tree::root(size, get)).await
}

/// The proof that a leaf is in the tree of a size.
///
/// # Errors
/// As [`root`].
pub async fn inclusion(conn: &mut Conn, leaf: u64, size: u64) -> Result<Vec<Hash32>, DbError> {
    compute(conn, |get| tree::inclusion(leaf, size, get)).await
}

/// The proof that a smaller tree is the beginning of a larger one.
///
/// # Errors
/// As [`root`].
pub async fn consistency(conn: &mut Conn, from: u64, to: u64) -> Result<Vec<Hash32>, DbError> {
    compute(conn, |get| tree::consistency(from, to, get)).await
}

// Runs the computation twice: once to learn which nodes it wants, once with them at hand.
async fn compute<R>(
    conn: &mut Conn,
    run: impl Fn(&mut dyn FnMut(u8, u64) -> Hash32) -> R,
) -> Result<R, DbError> {
    let mut nodes = BTreeMap::new();
    for (level, index) in tree::wanted(|get| run(get)) {
        let row = conn
            .fetch_optional(
                "SELECT hash FROM node WHERE level = $1 AND idx = $2",
                args![u32::from(level), index],
            )
            .await?
            .ok_or(DbError::Shape)?;
        nodes.insert((level, index), row.get::<Hash32>(0)?);
    }
    Ok(run(&mut |level, index| nodes.get(&(level, index)).copied().unwrap_or(Hash32([0; 32]))))
}
