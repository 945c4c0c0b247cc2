//! How mails fare: neither an address nor a code. SQL and nothing else.

use shared::ids::RecordId;
use shared::matters::mail::{CodeMail, MailState};
use shared::time::{MINUTE, Timestamp};

use crate::db::pool::DbError;
use crate::db::{Conn, Db, Tx, args};
use crate::journal::permit::Permit;

/// A mail that waits and was not heard of for so long is lost with the process that held its address.
const SILENCE: u64 = 2 * MINUTE;

/// A mail that may be sent.
pub struct Send {
    /// Which code it brings.
    pub record: RecordId,
    /// Until when.
    pub ends: Timestamp,
}

/// How a mail fares.
///
/// # Errors
/// When the database refuses.
pub async fn find(conn: &mut Conn, record: RecordId, now: Timestamp) -> Result<CodeMail, DbError> {
    let sql = "SELECT state, tries, heard, next FROM code_mail WHERE record = $1";
    let Some(row) = conn.fetch_optional(sql, args![record]).await? else {
        return Ok(CodeMail::plain(MailState::Never));
    };
    let heard: Timestamp = row.get(2)?;
    let state = match read(row.get(0)?)? {
        MailState::Waiting if heard.plus(SILENCE) < now => MailState::Lost,
        other => other,
    };
    Ok(CodeMail { state, tries: row.get(1)?, next: row.get(3)? })
}

/// A mail is handed over; one that came to nothing may be again.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx, send: &Permit<Send>, now: Timestamp) -> Result<(), DbError> {
    tx.execute("DELETE FROM code_mail WHERE record = $1 OR ends < $2", args![send.record, now])
        .await?;
    let state = number(MailState::Waiting);
    tx.execute(
        "INSERT INTO code_mail (record, ends, state, tries, heard, next) \
         VALUES ($1, $2, $3, 0, $4, $4)",
        args![send.record, send.ends, state, now],
    )
    .await?;
    Ok(())
}

/// What became of a try.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    db: &Db,
    record: RecordId,
    (state, tries, next): (MailState, u32, Timestamp),
    now: Timestamp,
) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.execute(
        "UPDATE code_mail SET state = $1, tries = $2, heard = $3, next = $4 WHERE record = $5",
        args![number(state), tries, now, next, record],
    )
    .await?;
    tx.without_statement("how a mail fares is the server's own affair").await
}

const fn number(state: MailState) -> i64 {
    match state {
        MailState::Waiting => 1,
        MailState::Sent => 2,
        MailState::Refused => 3,
        MailState::GaveUp => 4,
        MailState::NoRelay | MailState::Never | MailState::Lost => 0,
    }
}

const fn read(number: i64) -> Result<MailState, DbError> {
    match number {
        1 => Ok(MailState::Waiting),
        2 => Ok(MailState::Sent),
        3 => Ok(MailState::Refused),
        4 => Ok(MailState::GaveUp),
        _ => Err(DbError::Shape),
    }
}
