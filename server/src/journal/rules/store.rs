//! How long staff stay signed in, as the firm said last. SQL and nothing else.

use shared::journal::policy::SessionRules;

use super::super::permit::Permit;
use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};

/// What the firm said last; `None` where it said nothing.
///
/// # Errors
/// When the database refuses.
pub async fn sessions(conn: &mut Conn) -> Result<Option<SessionRules>, DbError> {
    let row = conn
        .fetch_optional("SELECT idle_minutes, absolute_hours FROM session_rules WHERE id = 1", &[])
        .await?;
    row.map(|row| Ok(SessionRules { idle_minutes: row.get(0)?, absolute_hours: row.get(1)? }))
        .transpose()
}

/// It says something else from now on.
///
/// # Errors
/// When the database refuses.
pub async fn set_sessions(
    tx: &mut Tx,
    leaf: u64,
    act: &Permit<SessionRules>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO session_rules (id, leaf, idle_minutes, absolute_hours) \
         VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE SET leaf = excluded.leaf, \
         idle_minutes = excluded.idle_minutes, absolute_hours = excluded.absolute_hours",
        args![leaf, act.idle_minutes, act.absolute_hours],
    )
    .await?;
    Ok(())
}
