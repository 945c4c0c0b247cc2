//! Rows that are the server's own affair and no feature's: sessions, counters of tries, its own
//! secrets, and the clean-up of what expired.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::ids::{AccountId, SessionId};
use shared::time::Timestamp;

use super::pool::DbError;
use super::{Conn, Db, Tx, args};
use crate::extract::place::Place;

/// A session as it is kept.
pub struct SessionRow {
    /// Of a person of staff.
    pub account: Option<AccountId>,
    /// Of a client.
    pub kid: Option<Kid>,
    /// When a factor was last shown.
    pub stepped: Timestamp,
    /// When it was opened.
    pub opened: Timestamp,
    /// The moment of its last use, as far as it was written down.
    pub used: Timestamp,
    /// When it ends in any case.
    pub expires: Timestamp,
}

/// Keeps a session under the hash of its token, with where it is opened: nothing of a client.
///
/// # Errors
/// When the database refuses.
pub async fn insert_session(
    tx: &mut Tx,
    hash: Hash32,
    row: &SessionRow,
    at: &Place,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO session \
         (hash, id, account, kid, device, network, opened, stepped, used, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            hash,
            SessionId::random(),
            row.account,
            row.kid,
            at.device.as_str(),
            at.network.as_str(),
            row.opened,
            row.stepped,
            row.used,
            row.expires
        ],
    )
    .await?;
    Ok(())
}

/// The session of a token's hash.
///
/// # Errors
/// When the database refuses.
pub async fn session(conn: &mut Conn, hash: Hash32) -> Result<Option<SessionRow>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT account, kid, stepped, used, expires, opened FROM session WHERE hash = $1",
            args![hash],
        )
        .await?;
    row.map(|row| {
        Ok(SessionRow {
            account: row.get(0)?,
            kid: row.get(1)?,
            stepped: row.get(2)?,
            used: row.get(3)?,
            expires: row.get(4)?,
            opened: row.get(5)?,
        })
    })
    .transpose()
}

/// Writes down that a session was used, and in which neighbourhood.
///
/// # Errors
/// When the database refuses.
pub async fn use_session(
    db: &Db,
    hash: Hash32,
    network: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE session SET used = $1, network = $2 WHERE hash = $3",
        args![now, network, hash],
    )
    .await?;
    tx.without_statement("a session was used").await
}

/// Counts one more try of a kind in an hour; gives how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn count_try(db: &Db, kind: i64, subject: &[u8], hour: u64) -> Result<u64, DbError> {
    let mut tx = db.begin().await?;
    let row = tx
        .fetch_optional(
            "INSERT INTO counter (kind, subject, hour, tries) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (kind, subject, hour) DO UPDATE SET tries = counter.tries + 1 \
             RETURNING tries",
            args![kind, subject, hour],
        )
        .await?;
    let tries = row.map(|row| row.get::<u64>(0)).transpose()?.unwrap_or(1);
    tx.without_statement("a counter of tries").await?;
    Ok(tries)
}

/// Takes one try back.
///
/// # Errors
/// When the database refuses.
pub async fn forgive_try(db: &Db, kind: i64, subject: &[u8], hour: u64) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE counter SET tries = tries - 1 \
         WHERE kind = $1 AND subject = $2 AND hour = $3 AND tries > 0",
        args![kind, subject, hour],
    )
    .await?;
    tx.without_statement("a counter of tries").await
}

/// A value that the server makes once and keeps. The first of several replicas wins; the others
/// read what it wrote.
///
/// # Errors
/// When the database refuses.
pub async fn kept(
    db: &Db,
    name: &'static str,
    make: impl Fn() -> Vec<u8>,
) -> Result<Vec<u8>, DbError> {
    let mut tx = db.begin().await?;
    tx.execute(
        "INSERT INTO server_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        args![name, &make()],
    )
    .await?;
    let row = tx
        .fetch_optional("SELECT value FROM server_state WHERE name = $1", args![name])
        .await?
        .ok_or(DbError::Shape)?;
    let value = row.get(0)?;
    tx.without_statement("the server's own secrets").await?;
    Ok(value)
}

/// Removes what expired: sessions, tries, challenges, ceremonies, counters before `hour`, uploads begun before
/// `old`.
///
/// # Errors
/// When the database refuses.
pub async fn clean(db: &Db, now: Timestamp, hour: u64, old: u64) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.execute("DELETE FROM session WHERE expires < $1", args![now]).await?;
    tx.execute("DELETE FROM attempt WHERE expires < $1", args![now]).await?;
    tx.execute("DELETE FROM challenge WHERE expires < $1", args![now]).await?;
    tx.execute("DELETE FROM ceremony WHERE expires < $1", args![now]).await?;
    tx.execute("DELETE FROM counter WHERE hour < $1", args![hour]).await?;
    tx.execute(
        "DELETE FROM part WHERE object IN (SELECT object FROM upload WHERE begun < $1)",
        args![old],
    )
    .await?;
    tx.execute("DELETE FROM upload WHERE begun < $1", args![old]).await?;
    tx.without_statement("clean-up of what expired").await
}
