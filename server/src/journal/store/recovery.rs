//! The statements about recovery, as they were taken. SQL and nothing else.

use shared::crypto::signed::Namespace;
use shared::journal::stream::StreamId;
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, args};

/// A statement with where it stands.
pub struct Said {
    /// All bytes.
    pub body: Vec<u8>,
    /// Its leaf.
    pub leaf: u64,
    /// When it came.
    pub arrived: Timestamp,
}

/// Those before a leaf, in order.
///
/// # Errors
/// When the database refuses.
pub async fn said(conn: &mut Conn, before: u64) -> Result<Vec<Said>, DbError> {
    // The namespace stands behind the magic (CRYPTO 4).
    let of_recovery = (Namespace::Recovery as u16).to_be_bytes().to_vec();
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    conn.fetch_all(
        "SELECT body, leaf, arrived FROM statement \
         WHERE stream = $1 AND leaf < $2 AND SUBSTR(body, 5, 2) = $3 ORDER BY seq",
        args![StreamId::Keyring.to_string(), before, &of_recovery],
    )
    .await?
    .iter()
    .map(|row| Ok(Said { body: row.get(0)?, leaf: row.get(1)?, arrived: row.get(2)? }))
    .collect()
}

/// The statement with which the keyring begins: the root's own.
///
/// # Errors
/// When the database refuses, or there is none.
pub async fn first(conn: &mut Conn) -> Result<Vec<u8>, DbError> {
    let sql = "SELECT body FROM statement WHERE stream = $1 AND seq = 0";
    let row = conn.fetch_optional(sql, args![StreamId::Keyring.to_string()]).await?;
    row.ok_or(DbError::Shape)?.get(0)
}
