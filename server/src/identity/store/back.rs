//! The rows of ways back. SQL and nothing else.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::identity::back::BackBy;
use shared::ids::{BackId, MatterId};

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::identity::back_policy::{Kept, Renewed};
use crate::journal::permit::Permit;

/// A way back.
pub struct BackRow {
    /// Whose key.
    pub client: Kid,
    /// The passkey's credential id; of words, what the server keeps of their token.
    pub credential: Vec<u8>,
    /// As the check wants it; of words, nothing.
    pub state: Vec<u8>,
    /// What its PRF opens, or the words.
    pub slot: Vec<u8>,
    /// What the client comes back to.
    pub record: Vec<u8>,
    /// What the client's key said of it last.
    pub said: Vec<u8>,
    /// The record's number.
    pub number: u64,
    /// By what else than a passkey.
    pub by: Option<BackBy>,
}

/// Passkeys stand as 0, words as 1.
const WORDS: i64 = 1;

/// Keeps a way back, in the place of the one that this key had.
///
/// # Errors
/// [`DbError::Taken`] when the passkey or the way is another key's.
pub async fn keep(tx: &mut Tx, matter: MatterId, new: &Permit<Kept>) -> Result<(), DbError> {
    forget(tx, new.client).await?;
    tx.execute(
        "INSERT INTO way_back (client, matter, id, credential, state, slot, record, said, number, words) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            new.client.0,
            matter,
            new.back,
            &new.credential,
            &new.state,
            &new.slot,
            &new.record,
            &new.said,
            1_u64,
            i64::from(new.by.is_some()),
        ],
    )
    .await?;
    Ok(())
}

/// Puts a record in the place of the one before; whether that was still there.
///
/// # Errors
/// When the database refuses.
pub async fn renew(tx: &mut Tx, new: &Permit<Renewed>) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE way_back SET record = $1, said = $2, number = $3 \
             WHERE client = $4 AND number = $5",
            args![&new.record, &new.said, new.number, new.client.0, new.number - 1],
        )
        .await?;
    Ok(touched == 1)
}

/// Forgets the way back of a key.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, client: Kid) -> Result<(), DbError> {
    tx.execute("DELETE FROM way_back WHERE client = $1", args![client.0]).await?;
    Ok(())
}

/// The way back of a passkey.
///
/// # Errors
/// When the database refuses.
pub async fn of_passkey(conn: &mut Conn, credential: &[u8]) -> Result<Option<BackRow>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT client, credential, state, slot, record, said, number, words FROM way_back \
             WHERE credential = $1 AND words = 0",
            args![credential],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The way back of words.
///
/// # Errors
/// When the database refuses.
pub async fn of_words(conn: &mut Conn, way: BackId) -> Result<Option<BackRow>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT client, credential, state, slot, record, said, number, words FROM way_back \
             WHERE id = $1 AND words = 1",
            args![way],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The way back of a key.
///
/// # Errors
/// When the database refuses.
pub async fn of_client(conn: &mut Conn, client: Kid) -> Result<Option<BackRow>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT client, credential, state, slot, record, said, number, words FROM way_back \
             WHERE client = $1",
            args![client.0],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &crate::db::Row) -> Result<BackRow, DbError> {
    Ok(BackRow {
        client: Kid(row.get::<Hash32>(0)?.0),
        credential: row.get(1)?,
        state: row.get(2)?,
        slot: row.get(3)?,
        record: row.get(4)?,
        said: row.get(5)?,
        number: row.get(6)?,
        by: (row.get::<i64>(7)? == WORDS).then_some(BackBy::Words),
    })
}

/// Writes a passkey's use down, when it is still as it was read. Whether it was.
///
/// # Errors
/// When the database refuses.
pub async fn touch(
    tx: &mut Tx,
    credential: &[u8],
    (was, is): (&[u8], &[u8]),
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE way_back SET state = $1 WHERE credential = $2 AND state = $3",
            args![is, credential, was],
        )
        .await?;
    Ok(touched == 1)
}

/// What the clients of a matter said of their ways back.
///
/// # Errors
/// When the database refuses.
pub async fn at(conn: &mut Conn, matter: MatterId) -> Result<Vec<Vec<u8>>, DbError> {
    let sql = "SELECT said FROM way_back WHERE matter = $1 ORDER BY client";
    let rows = conn.fetch_all(sql, args![matter]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}
