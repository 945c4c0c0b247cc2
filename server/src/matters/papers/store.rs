//! The rows of identity papers. SQL and nothing else.

use shared::crypto::cbor;
use shared::crypto::keys::{Kid, PublicBundle};
use shared::crypto::manifest::Manifest;
use shared::crypto::signed::MAX_BODY;
use shared::ids::{MatterId, ObjectId};
use shared::journal::papers::PapersKey;
use shared::journal::verdict::{KeyEnded, Verdict};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Row, Tx, args};
use crate::journal::permit::Permit;

fn bundle(row: &Row) -> Result<PublicBundle, DbError> {
    let bytes: Vec<u8> = row.get(0)?;
    cbor::decode_strict(&bytes, MAX_BODY).map_err(|_| DbError::Shape)
}

/// The keys that a matter's papers were ever sealed to.
///
/// # Errors
/// When the database refuses.
pub async fn keys(conn: &mut Conn, matter: MatterId) -> Result<Vec<PublicBundle>, DbError> {
    let sql = "SELECT bundle FROM papers_key WHERE matter = $1 ORDER BY epoch";
    conn.fetch_all(sql, args![matter]).await?.iter().map(bundle).collect()
}

/// The key of an epoch's papers.
///
/// # Errors
/// When the database refuses.
pub async fn key(
    conn: &mut Conn,
    matter: MatterId,
    epoch: u32,
) -> Result<Option<PublicBundle>, DbError> {
    let sql = "SELECT bundle FROM papers_key WHERE matter = $1 AND epoch = $2";
    conn.fetch_optional(sql, args![matter, epoch]).await?.as_ref().map(bundle).transpose()
}

/// A key of papers begins.
///
/// # Errors
/// [`DbError::Taken`] when its epoch has one.
pub async fn begin(
    tx: &mut Tx,
    matter: MatterId,
    leaf: u64,
    act: &Permit<PapersKey>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO papers_key (matter, epoch, leaf, bundle) VALUES ($1, $2, $3, $4)",
        args![matter, act.epoch, leaf, &cbor::encode(&act.key)],
    )
    .await?;
    Ok(())
}

/// A client filed a paper.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    tx: &mut Tx,
    leaf: u64,
    manifest: &Manifest,
    client: &Permit<Kid>,
) -> Result<(), DbError> {
    let context = &manifest.context;
    tx.execute(
        "INSERT INTO paper (object, matter, client, leaf, sealed) VALUES ($1, $2, $3, $4, 1)",
        args![context.object, context.matter, client.0, leaf],
    )
    .await?;
    Ok(())
}

/// Whether an object is a paper that is sealed to those who verify.
///
/// # Errors
/// When the database refuses.
pub async fn is_sealed(conn: &mut Conn, object: ObjectId) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM paper WHERE object = $1 AND sealed = 1";
    Ok(conn.fetch_optional(sql, args![object]).await?.is_some())
}

/// The papers that were filed with a key are shredded when its end says, or sooner where a verdict says so.
///
/// # Errors
/// When the database refuses.
pub async fn shred_of_ended(tx: &mut Tx, act: &Permit<KeyEnded>) -> Result<(), DbError> {
    let Some(shred) = act.shred else { return Ok(()) };
    tx.execute(
        "UPDATE paper SET shred = $1 WHERE client = $2 AND sealed = 1 \
         AND (shred IS NULL OR shred > $1)",
        args![shred, act.client.0],
    )
    .await?;
    Ok(())
}

/// The client's papers are shredded when a verdict says, or sooner where an earlier one says so.
///
/// # Errors
/// When the database refuses.
pub async fn shred(
    tx: &mut Tx,
    matter: MatterId,
    leaf: u64,
    verdict: &Permit<Verdict>,
) -> Result<(), DbError> {
    let (Some(shred), client) = (verdict.shred, verdict.client.0) else { return Ok(()) };
    if let Some(paper) = verdict.paper {
        tx.execute(
            "INSERT INTO paper (object, matter, client, leaf, sealed, shred) \
             VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (object) DO NOTHING",
            args![paper, matter, client, leaf, shred],
        )
        .await?;
    }
    // Of those that are no papers by themselves, the one that is named alone.
    let named = verdict.paper.map_or_else(Vec::new, |paper| paper.0.to_vec());
    tx.execute(
        "UPDATE paper SET shred = $1 WHERE client = $2 AND (sealed = 1 OR object = $3) \
         AND (shred IS NULL OR shred > $1)",
        args![shred, client, &named],
    )
    .await?;
    Ok(())
}

/// Whether a paper's time is over: nobody is handed it any more.
///
/// # Errors
/// When the database refuses.
pub async fn is_over(conn: &mut Conn, object: ObjectId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM paper WHERE object = $1 AND shred <= $2";
    Ok(conn.fetch_optional(sql, args![object, now]).await?.is_some())
}

/// Some papers whose time is over and whose bytes are there still.
///
/// # Errors
/// When the database refuses.
pub async fn due(conn: &mut Conn, now: Timestamp) -> Result<Vec<ObjectId>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT object FROM paper WHERE shred <= $1 AND NOT EXISTS \
             (SELECT 1 FROM shredded WHERE shredded.object = paper.object) \
             ORDER BY shred, object LIMIT 100",
            args![now],
        )
        .await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A paper's bytes are gone. The rows of its parts stay: by them the journal can be made anew.
///
/// # Errors
/// When the database refuses.
pub async fn gone(tx: &mut Tx, object: ObjectId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO shredded (object, time) VALUES ($1, $2) ON CONFLICT (object) DO NOTHING",
        args![object, now],
    )
    .await?;
    Ok(())
}
