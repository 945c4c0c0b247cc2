//! Sign-in names as rows.

use shared::ids::{AccountId, MatterId};
use shared::keys::wire::{Handle, SeatsCounted};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Value, args};
use crate::journal::permit::Permit;
use crate::journal::policy::Firm;

/// The matters of a person, without the firm's own room.
macro_rules! theirs {
    () => {
        "seat JOIN signer ON signer.kid = seat.kid WHERE signer.account = $1 AND seat.matter <> $2"
    };
}
/// That nobody else sits there who is with the firm and opens matters.
macro_rules! alone {
    () => {
        " AND NOT EXISTS (SELECT 1 FROM seat AS other JOIN signer AS who ON who.kid = other.kid \
         WHERE other.matter = seat.matter AND who.account IS NOT NULL AND who.account <> $1 \
         AND who.ended IS NULL AND who.can_open = 1)"
    };
}

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

/// How much hangs on a person.
///
/// # Errors
/// When the database refuses.
pub async fn seats(
    conn: &mut Conn,
    _permit: &Permit<()>,
    firm: &Firm,
    account: AccountId,
    now: Timestamp,
) -> Result<SeatsCounted, DbError> {
    const MATTERS: &str = concat!("SELECT COUNT(*) FROM ", theirs!());
    const ALONE: &str = concat!("SELECT COUNT(*) FROM ", theirs!(), alone!());
    const LOST: &str = concat!(
        "SELECT COUNT(*) FROM ",
        theirs!(),
        alone!(),
        " AND NOT EXISTS (SELECT 1 FROM seat AS spare WHERE spare.matter = seat.matter \
         AND spare.kid = $3)"
    );
    const LINKS: &str = concat!(
        "SELECT COUNT(*) FROM invite WHERE used_by IS NULL AND expires >= $3 \
         AND matter IN (SELECT seat.matter FROM ",
        theirs!(),
        ")"
    );
    let office: MatterId = firm.office;
    let recovery = firm.recovery.map_or([0; 32], |kid| kid.0);
    Ok(SeatsCounted {
        matters: count(conn, MATTERS, args![account, office]).await?,
        alone: count(conn, ALONE, args![account, office]).await?,
        lost: count(conn, LOST, args![account, office, recovery]).await?,
        links: count(conn, LINKS, args![account, office, now]).await?,
    })
}

async fn count(conn: &mut Conn, sql: &'static str, asked: &[Value]) -> Result<u64, DbError> {
    conn.fetch_optional(sql, asked).await?.ok_or(DbError::Shape)?.get(0)
}
