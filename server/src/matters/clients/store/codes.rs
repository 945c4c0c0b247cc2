//! The rows of one-time codes. SQL and nothing else.

use shared::crypto::keys::Kid;
use shared::crypto::manifest::Manifest;
use shared::ids::{MatterId, RecordId};
use shared::journal::code::{Channel, CodeAsked, hour_before};
use shared::journal::verdict::Verdict;
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;
use crate::matters::clients::codes::{Answer, Asked};

/// A client is asked for a code; one that was asked for before counts no more.
///
/// # Errors
/// When the database refuses.
pub async fn ask(
    tx: &mut Tx,
    matter: MatterId,
    (leaf, now): (u64, Timestamp),
    act: &Permit<CodeAsked>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO code_asked (client, matter, leaf, record, channel, ends) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (client) DO UPDATE SET leaf = excluded.leaf, record = excluded.record, \
         channel = excluded.channel, ends = excluded.ends",
        args![act.client.0, matter, leaf, act.code.record, number(act.channel), act.ends(now)],
    )
    .await?;
    Ok(())
}

/// What is known of the code that a client is asked for.
///
/// # Errors
/// When the database refuses.
pub async fn asked(conn: &mut Conn, client: Kid, now: Timestamp) -> Result<Asked, DbError> {
    let sql = "SELECT ends, leaf FROM code_asked WHERE client = $1";
    let Some(row) = conn.fetch_optional(sql, args![client.0]).await? else {
        return Ok(Asked::default());
    };
    let (ends, leaf): (Timestamp, u64) = (row.get(0)?, row.get(1)?);
    let sql = "SELECT COUNT(*) FROM code_answer WHERE client = $1 AND leaf > $2";
    let tries = conn.fetch_optional(sql, args![client.0, leaf]).await?;
    let sql = "SELECT COUNT(*) FROM code_answer WHERE client = $1 AND time > $2";
    let hour = conn.fetch_optional(sql, args![client.0, hour_before(now)]).await?;
    Ok(Asked {
        ends: Some(ends),
        tries: tries.ok_or(DbError::Shape)?.get(0)?,
        hour: hour.ok_or(DbError::Shape)?.get(0)?,
    })
}

/// Whether a client ever answered a code.
///
/// # Errors
/// When the database refuses.
pub async fn came(conn: &mut Conn, client: Kid) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM code_answer WHERE client = $1 LIMIT 1";
    Ok(conn.fetch_optional(sql, args![client.0]).await?.is_some())
}

/// An answer came.
///
/// # Errors
/// [`DbError::Taken`] when it did before.
pub async fn answer(
    tx: &mut Tx,
    manifest: &Manifest,
    (leaf, now): (u64, Timestamp),
    _: &Permit<Answer>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO code_answer (object, client, leaf, time) VALUES ($1, $2, $3, $4)",
        args![manifest.context.object, manifest.context.sender.0, leaf, now],
    )
    .await?;
    Ok(())
}

/// A verdict ends the code that its client was asked for.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, act: &Permit<Verdict>) -> Result<(), DbError> {
    let sql = "UPDATE code_asked SET ends = 0 WHERE client = $1";
    tx.execute(sql, args![act.client.0]).await?;
    Ok(())
}

/// The matter where a code is to be mailed, and until when.
///
/// # Errors
/// When the database refuses.
pub async fn mailed(
    conn: &mut Conn,
    record: RecordId,
) -> Result<Option<(MatterId, Timestamp)>, DbError> {
    let sql = "SELECT matter, ends FROM code_asked WHERE record = $1 AND channel = 2";
    let row = conn.fetch_optional(sql, args![record]).await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

// The numbers that the act itself has in CBOR.
const fn number(channel: Channel) -> i64 {
    match channel {
        Channel::Voice => 1,
        Channel::Mail => 2,
    }
}
