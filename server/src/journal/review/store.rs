//! Reviews as rows.

use shared::ids::{MatterId, ReviewId};
use shared::journal::review::{Closed, Opened};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

/// The review that is open.
///
/// # Errors
/// When the database refuses.
pub async fn open(conn: &mut Conn) -> Result<Option<ReviewId>, DbError> {
    let row = conn.fetch_optional("SELECT id FROM review WHERE closed IS NULL", &[]).await?;
    row.map(|row| row.get(0)).transpose()
}

/// One begins.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx, leaf: u64, act: &Permit<Opened>) -> Result<(), DbError> {
    tx.execute("INSERT INTO review (id, leaf) VALUES ($1, $2)", args![act.review, leaf]).await?;
    Ok(())
}

/// It ends.
///
/// # Errors
/// When the database refuses.
pub async fn close(tx: &mut Tx, now: Timestamp, act: &Permit<Closed>) -> Result<(), DbError> {
    tx.execute("UPDATE review SET closed = $2 WHERE id = $1", args![act.review, now]).await?;
    Ok(())
}

/// How many matters there are where somebody of the firm sits, without the firm's own room.
///
/// # Errors
/// When the database refuses.
pub async fn matters(conn: &mut Conn, office: MatterId) -> Result<u64, DbError> {
    conn.fetch_optional(
        "SELECT COUNT(DISTINCT seat.matter) FROM seat JOIN signer ON signer.kid = seat.kid \
         WHERE signer.account IS NOT NULL AND signer.ended IS NULL AND seat.matter <> $1",
        args![office],
    )
    .await?
    .ok_or(DbError::Shape)?
    .get(0)
}
