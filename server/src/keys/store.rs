//! Sign-in names as rows.

use shared::keys::wire::Handle;

use crate::db::Conn;
use crate::db::pool::DbError;

/// The sign-in names of everybody who was admitted, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn handles(conn: &mut Conn) -> Result<Vec<Handle>, DbError> {
    conn.fetch_all(
        "SELECT account.id, handle FROM account JOIN signer ON signer.account = account.id \
         ORDER BY handle",
        &[],
    )
    .await?
    .iter()
    .map(|row| Ok(Handle { account: row.get(0)?, handle: row.get(1)? }))
    .collect()
}
