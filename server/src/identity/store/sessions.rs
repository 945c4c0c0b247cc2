//! The rows of sessions, as their owners list and end them.

use shared::crypto::hash::Hash32;
use shared::identity::wire::sessions::Listed;
use shared::ids::{AccountId, SessionId};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};

/// The sessions of an account that hold at `now`, were opened and used since these instants; `here` is the
/// hash of the one that asks.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    conn: &mut Conn,
    account: AccountId,
    here: Hash32,
    (opened, used, now): (Timestamp, Timestamp, Timestamp),
) -> Result<Vec<Listed>, DbError> {
    conn.fetch_all(
        "SELECT id, device, network, opened, used, hash FROM session \
         WHERE account = $1 AND expires >= $2 AND used >= $3 AND opened >= $4 ORDER BY used DESC, id",
        args![account, now, used, opened],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            session: row.get(0)?,
            device: row.get(1)?,
            network: row.get(2)?,
            opened: row.get(3)?,
            used: row.get(4)?,
            here: row.get::<Hash32>(5)? == here,
        })
    })
    .collect()
}

/// Ends a session of an account by its name.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, account: AccountId, session: SessionId) -> Result<(), DbError> {
    tx.execute("DELETE FROM session WHERE account = $1 AND id = $2", args![account, session])
        .await?;
    Ok(())
}

/// A factor was shown in a session.
///
/// # Errors
/// When the database refuses.
pub async fn step_up(tx: &mut Tx, hash: Hash32, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE session SET stepped = $1 WHERE hash = $2", args![now, hash]).await?;
    Ok(())
}
