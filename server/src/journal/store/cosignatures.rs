//! Cosignatures as rows: the newest of each member of staff. SQL and nothing else.

use shared::ids::MatterId;
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Row, Tx, args};
use crate::journal::permit::Permit;
use crate::journal::policy::Cosigned;

/// A cosignature as it is handed out.
pub struct Line {
    /// The size of the checkpoint.
    pub size: u64,
    /// The signature line, with its line end.
    pub line: String,
}

/// Keeps a cosignature, unless a newer one of the same member is kept.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, new: &Permit<Cosigned>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO cosignature (kid, size, made, line) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (kid) DO UPDATE SET size = $2, made = $3, line = $4 \
         WHERE cosignature.size <= $2 AND cosignature.made <= $3",
        args![new.kid, new.size, new.time, new.line.as_str()],
    )
    .await?;
    Ok(())
}

/// Those made since an instant, by whomever; the largest checkpoints first.
///
/// # Errors
/// When the database refuses.
pub async fn since(conn: &mut Conn, time: Timestamp, most: u32) -> Result<Vec<Line>, DbError> {
    conn.fetch_all(
        "SELECT size, line FROM cosignature WHERE made >= $1 ORDER BY size DESC, kid LIMIT $2",
        args![time, most],
    )
    .await?
    .iter()
    .map(line)
    .collect()
}

/// The same, by those who sit at a matter.
///
/// # Errors
/// When the database refuses.
pub async fn since_at(
    conn: &mut Conn,
    matter: MatterId,
    time: Timestamp,
    most: u32,
) -> Result<Vec<Line>, DbError> {
    conn.fetch_all(
        "SELECT size, line FROM cosignature JOIN seat ON seat.kid = cosignature.kid \
         WHERE seat.matter = $1 AND made >= $2 ORDER BY size DESC, cosignature.kid LIMIT $3",
        args![matter, time, most],
    )
    .await?
    .iter()
    .map(line)
    .collect()
}

/// Those of one checkpoint, by whomever.
///
/// # Errors
/// When the database refuses.
pub async fn of_size(conn: &mut Conn, size: u64, most: u32) -> Result<Vec<Line>, DbError> {
    conn.fetch_all(
        "SELECT size, line FROM cosignature WHERE size = $1 ORDER BY made DESC, kid LIMIT $2",
        args![size, most],
    )
    .await?
    .iter()
    .map(line)
    .collect()
}

fn line(row: &Row) -> Result<Line, DbError> {
    Ok(Line { size: row.get(0)?, line: row.get(1)? })
}
