//! The rows of what was found about clients. SQL and nothing else.

pub mod codes;

use shared::crypto::cbor;
use shared::crypto::keys::Kid;
use shared::crypto::signed::MAX_BODY;
use shared::ids::{MatterId, SubmissionId};
use shared::journal::verdict::{Finding, KeyEnded, Need, Verdict};

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

/// Whether staff accepted this client at this matter.
///
/// # Errors
/// When the database refuses.
pub async fn accepted(conn: &mut Conn, matter: MatterId, client: Kid) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM signer WHERE kid = $1 AND matter = $2 AND level IS NOT NULL \
             AND ended IS NULL",
            args![client.0, matter],
        )
        .await?;
    Ok(row.is_some())
}

/// Whether this is the key of a client of this matter, and did not end.
///
/// # Errors
/// When the database refuses.
pub async fn speaks(conn: &mut Conn, matter: MatterId, client: Kid) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM signer WHERE kid = $1 AND matter = $2 AND invite IS NOT NULL \
             AND ended IS NULL",
            args![client.0, matter],
        )
        .await?;
    Ok(row.is_some())
}

/// A client's key ends, and with it every session and the way back.
///
/// # Errors
/// When the database refuses.
pub async fn end_key(tx: &mut Tx, act: &Permit<KeyEnded>) -> Result<(), DbError> {
    tx.execute("UPDATE signer SET ended = 1 WHERE kid = $1", args![act.client.0]).await?;
    tx.execute("DELETE FROM session WHERE kid = $1", args![act.client.0]).await?;
    tx.execute("DELETE FROM way_back WHERE client = $1", args![act.client.0]).await?;
    Ok(())
}

/// What was found last about a client.
///
/// # Errors
/// When the database refuses.
pub async fn finding(conn: &mut Conn, client: Kid) -> Result<Option<Finding>, DbError> {
    let row = conn
        .fetch_optional("SELECT finding FROM client_identity WHERE client = $1", args![client.0])
        .await?;
    row.map(|row| read(row.get(0)?)).transpose()
}

/// Something was found about a client.
///
/// # Errors
/// When the database refuses.
pub async fn find(
    tx: &mut Tx,
    matter: MatterId,
    leaf: u64,
    act: &Permit<Verdict>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO client_identity (client, matter, leaf, finding, ways, expires) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (client) DO UPDATE SET leaf = excluded.leaf, finding = excluded.finding, \
         ways = excluded.ways, expires = excluded.expires",
        args![act.client.0, matter, leaf, number(act.finding), u32::from(act.ways.0), act.expires],
    )
    .await?;
    Ok(())
}

/// What a matter needs to know of its clients; `None` where it never said.
///
/// # Errors
/// When the database refuses.
pub async fn need(conn: &mut Conn, matter: MatterId) -> Result<Option<Need>, DbError> {
    let row = conn
        .fetch_optional("SELECT need FROM matter_need WHERE matter = $1", args![matter])
        .await?;
    row.map(|row| {
        let need: Vec<u8> = row.get(0)?;
        cbor::decode_strict(&need, MAX_BODY).map_err(|_| DbError::Shape)
    })
    .transpose()
}

/// A matter needs this from now on.
///
/// # Errors
/// When the database refuses.
pub async fn set_need(
    tx: &mut Tx,
    matter: MatterId,
    leaf: u64,
    act: &Permit<Need>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO matter_need (matter, leaf, need) VALUES ($1, $2, $3) \
         ON CONFLICT (matter) DO UPDATE SET leaf = excluded.leaf, need = excluded.need",
        args![matter, leaf, &cbor::encode(&**act)],
    )
    .await?;
    Ok(())
}

/// A submission was let out of quarantine.
///
/// # Errors
/// [`DbError::Taken`] when it was before.
pub async fn release(tx: &mut Tx, leaf: u64, act: &Permit<SubmissionId>) -> Result<(), DbError> {
    tx.execute("INSERT INTO released (submission, leaf) VALUES ($1, $2)", args![**act, leaf])
        .await?;
    Ok(())
}

// The numbers that the act itself has in CBOR.
const fn number(finding: Finding) -> i64 {
    match finding {
        Finding::Contact => 1,
        Finding::InReview => 2,
        Finding::Verified => 3,
        Finding::Failed => 4,
    }
}

const fn read(number: i64) -> Result<Finding, DbError> {
    match number {
        1 => Ok(Finding::Contact),
        2 => Ok(Finding::InReview),
        3 => Ok(Finding::Verified),
        4 => Ok(Finding::Failed),
        _ => Err(DbError::Shape),
    }
}
