//! Which matters are owed a key, and how far the keyring went when one was made.

use shared::ids::MatterId;
use shared::journal::stream::{Head, StreamId};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, args};

/// Whether somebody sits at a matter whose time with the firm ended, or who is kept from it: it is owed a new
/// key.
///
/// # Errors
/// When the database refuses.
pub async fn owes_key(conn: &mut Conn, matter: MatterId, now: Timestamp) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM seat JOIN signer ON signer.kid = seat.kid \
             LEFT JOIN wall ON wall.kid = seat.kid AND wall.matter = seat.matter AND wall.lifted = 0 \
             WHERE seat.matter = $1 AND (signer.ended IS NOT NULL OR signer.until < $2 \
             OR signer.only_matter <> $1 OR wall.id IS NOT NULL)",
            args![matter, now],
        )
        .await?;
    Ok(row.is_some())
}

/// Whether this was the end of the keyring when a statement came.
///
/// # Errors
/// When the database refuses.
pub async fn keyring_ended(conn: &mut Conn, known: Head, before: u64) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM statement WHERE stream = $1 AND seq = $2 AND digest = $3 AND leaf < $4",
            args![StreamId::Keyring.to_string(), known.next.saturating_sub(1), known.last, before],
        )
        .await?;
    Ok(row.is_some() && known.next > 0)
}
