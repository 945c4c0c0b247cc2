//! Statements, their streams and their attachments as rows. SQL and nothing else.

pub mod cosignatures;
pub mod directory;
pub mod nodes;

use shared::crypto::hash::Hash32;
use shared::encoding::B64;
use shared::journal::receipt::Receipt;
use shared::journal::stream::{Head, StreamId};
use shared::journal::wire::Entry;

use crate::db::pool::DbError;
use crate::db::{Conn, Row, Tx, args};
use crate::journal::permit::Permit;
use crate::journal::policy::Readable;

/// The end of a stream.
///
/// # Errors
/// When the database refuses.
pub async fn head(conn: &mut Conn, stream: StreamId) -> Result<Head, DbError> {
    let row = conn
        .fetch_optional("SELECT next, last FROM stream WHERE name = $1", args![stream.to_string()])
        .await?;
    row.map_or(Ok(Head::EMPTY), |row| Ok(Head { next: row.get(0)?, last: row.get(1)? }))
}

/// The receipt of a statement that is kept already.
///
/// # Errors
/// When the database refuses.
pub async fn receipt_of(conn: &mut Conn, digest: Hash32) -> Result<Option<Vec<u8>>, DbError> {
    let row = conn
        .fetch_optional("SELECT receipt FROM statement WHERE digest = $1", args![digest])
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Keeps a statement with its receipt, and moves its stream's end.
///
/// # Errors
/// [`DbError::Taken`] when its place, its leaf or its digest is taken.
pub async fn insert(
    tx: &mut Tx,
    at: &Receipt,
    statement: &[u8],
    receipt: &[u8],
) -> Result<(), DbError> {
    let stream = at.stream.to_string();
    tx.execute(
        "INSERT INTO statement (leaf, stream, seq, digest, body, blind, arrived, receipt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            at.leaf,
            stream.as_str(),
            at.seq,
            at.statement,
            statement,
            at.blind,
            at.time,
            receipt
        ],
    )
    .await?;
    tx.execute(
        "INSERT INTO stream (name, next, last, changed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET next = $2, last = $3, changed = $4",
        args![stream, at.seq + 1, at.statement, at.time],
    )
    .await?;
    Ok(())
}

/// Keeps an attachment beside its statement.
///
/// # Errors
/// When the database refuses.
pub async fn attach(tx: &mut Tx, leaf: u64, hash: Hash32, bytes: &[u8]) -> Result<(), DbError> {
    // A statement may name the same bytes twice; they are kept once.
    tx.execute(
        "INSERT INTO attachment (leaf, hash, body) VALUES ($1, $2, $3) \
         ON CONFLICT (leaf, hash) DO NOTHING",
        args![leaf, hash, bytes],
    )
    .await?;
    Ok(())
}

/// Statements of one stream from a number on, without attachments.
///
/// # Errors
/// When the database refuses.
pub async fn read_stream(
    conn: &mut Conn,
    readable: &Permit<Readable>,
    from: u64,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    conn.fetch_all(
        "SELECT body, leaf, blind, arrived FROM statement \
         WHERE stream = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
        args![readable.stream.to_string(), from, limit],
    )
    .await?
    .iter()
    .map(entry)
    .collect()
}

/// The attachments of one statement, for a reader who may have them.
///
/// # Errors
/// When the database refuses.
pub async fn attachments(
    conn: &mut Conn,
    _readable: &Permit<Readable>,
    leaf: u64,
) -> Result<Vec<B64>, DbError> {
    conn.fetch_all("SELECT body FROM attachment WHERE leaf = $1 ORDER BY hash", args![leaf])
        .await?
        .iter()
        .map(|row| row.get(0).map(B64))
        .collect()
}

/// Statements of all streams from a leaf on, without attachments.
///
/// # Errors
/// When the database refuses.
pub async fn read_journal(
    conn: &mut Conn,
    _permit: &Permit<()>,
    leaf: u64,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    conn.fetch_all(
        "SELECT body, leaf, blind, arrived FROM statement \
         WHERE leaf >= $1 ORDER BY leaf LIMIT $2",
        args![leaf, limit],
    )
    .await?
    .iter()
    .map(entry)
    .collect()
}

fn entry(row: &Row) -> Result<Entry, DbError> {
    Ok(Entry {
        statement: B64(row.get(0)?),
        leaf: row.get(1)?,
        blind: row.get(2)?,
        arrived: row.get(3)?,
        attachments: Vec::new(),
    })
}
