//! Statements, their streams and their attachments as rows. SQL and nothing else.

pub mod cosignatures;
pub mod directory;
pub mod posts;
pub mod projections;
pub mod recovery;
pub mod tiles;

use std::collections::BTreeMap;

use shared::crypto::hash::Hash32;
use shared::encoding::B64;
use shared::journal::receipt::Receipt;
use shared::journal::stream::{Head, StreamId};
use shared::journal::wire::Entry;
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{self, Conn, Tx, args};
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

/// When the newest statement arrived.
///
/// # Errors
/// When the database refuses.
pub async fn last_arrival(conn: &mut Conn) -> Result<Option<Timestamp>, DbError> {
    let newest = "SELECT arrived FROM statement ORDER BY leaf DESC LIMIT 1";
    let row = conn.fetch_optional(newest, args![]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// Keeps a statement with its receipt.
///
/// # Errors
/// [`DbError::Taken`] when its place, its leaf or its digest is taken.
pub async fn insert(
    tx: &mut Tx,
    at: &Receipt,
    statement: &[u8],
    receipt: &[u8],
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO statement (leaf, stream, seq, digest, body, blind, arrived, receipt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            at.leaf,
            at.stream.to_string(),
            at.seq,
            at.statement,
            statement,
            at.blind,
            at.time,
            receipt
        ],
    )
    .await?;
    Ok(())
}

/// Moves a stream's end to a statement that is kept.
///
/// # Errors
/// When the database refuses.
pub async fn advance(tx: &mut Tx, at: &Receipt) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO stream (name, next, last, changed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET next = $2, last = $3, changed = $4",
        args![at.stream.to_string(), at.seq + 1, at.statement, at.time],
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

/// A statement without its attachments, and how many bytes it has with them.
pub struct Weighed {
    /// The statement.
    pub entry: Entry,
    /// Bytes.
    pub bytes: usize,
}

/// Statements of one stream from a number on; attachments are weighed where the reader may have them.
///
/// # Errors
/// When the database refuses.
pub async fn read_stream(
    conn: &mut Conn,
    readable: &Permit<Readable>,
    from: u64,
    limit: u32,
) -> Result<Vec<Weighed>, DbError> {
    conn.fetch_all(
        "SELECT body, leaf, blind, arrived, (SELECT \
         CAST(COALESCE(SUM(LENGTH(attachment.body)), 0) AS BIGINT) FROM attachment \
         WHERE attachment.leaf = statement.leaf) FROM statement \
         WHERE stream = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
        args![readable.stream.to_string(), from, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let beside: u64 = if readable.attachments { row.get(4)? } else { 0 };
        weighed(row, beside)
    })
    .collect()
}

/// The attachments of a stream's statements, from the first number up to the second, by leaf: for a
/// reader who may have them.
///
/// # Errors
/// When the database refuses.
pub async fn attachments(
    conn: &mut Conn,
    readable: &Permit<Readable>,
    (from, to): (u64, u64),
) -> Result<BTreeMap<u64, Vec<B64>>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT attachment.leaf, attachment.body FROM statement \
             JOIN attachment ON attachment.leaf = statement.leaf \
             WHERE stream = $1 AND seq >= $2 AND seq < $3 ORDER BY attachment.leaf, hash",
            args![readable.stream.to_string(), from, to],
        )
        .await?;
    let mut found: BTreeMap<u64, Vec<B64>> = BTreeMap::new();
    for row in rows {
        found.entry(row.get(0)?).or_default().push(B64(row.get(1)?));
    }
    Ok(found)
}

/// A statement with all that is kept of it.
pub struct Row {
    /// Its leaf.
    pub leaf: u64,
    /// The name of its stream.
    pub stream: String,
    /// Its number there.
    pub seq: u64,
    /// Its digest.
    pub digest: Hash32,
    /// `USS1`.
    pub body: Vec<u8>,
    /// The leaf's blind.
    pub blind: Hash32,
    /// The server's time of arrival.
    pub arrived: Timestamp,
    /// `USS1`, namespace 13.
    pub receipt: Vec<u8>,
}

/// Statements of all streams from a leaf on, as they are kept.
///
/// # Errors
/// When the database refuses.
pub async fn kept(tx: &mut Tx, leaf: u64, limit: u32) -> Result<Vec<Row>, DbError> {
    tx.fetch_all(
        "SELECT leaf, stream, seq, digest, body, blind, arrived, receipt FROM statement \
         WHERE leaf >= $1 ORDER BY leaf LIMIT $2",
        args![leaf, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Row {
            leaf: row.get(0)?,
            stream: row.get(1)?,
            seq: row.get(2)?,
            digest: row.get(3)?,
            body: row.get(4)?,
            blind: row.get(5)?,
            arrived: row.get(6)?,
            receipt: row.get(7)?,
        })
    })
    .collect()
}

/// What is kept beside one statement, each under its hash.
///
/// # Errors
/// When the database refuses.
pub async fn beside(tx: &mut Tx, leaf: u64) -> Result<Vec<(Hash32, Vec<u8>)>, DbError> {
    tx.fetch_all("SELECT hash, body FROM attachment WHERE leaf = $1 ORDER BY hash", args![leaf])
        .await?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
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
) -> Result<Vec<Weighed>, DbError> {
    conn.fetch_all(
        "SELECT body, leaf, blind, arrived FROM statement \
         WHERE leaf >= $1 ORDER BY leaf LIMIT $2",
        args![leaf, limit],
    )
    .await?
    .iter()
    .map(|row| weighed(row, 0))
    .collect()
}

fn weighed(row: &db::Row, beside: u64) -> Result<Weighed, DbError> {
    let entry = Entry {
        statement: B64(row.get(0)?),
        leaf: row.get(1)?,
        blind: row.get(2)?,
        arrived: row.get(3)?,
        attachments: Vec::new(),
    };
    let beside = usize::try_from(beside).map_err(|_| DbError::Shape)?;
    Ok(Weighed { bytes: entry.statement.0.len() + beside, entry })
}
