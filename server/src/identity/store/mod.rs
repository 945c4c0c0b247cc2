//! The rows of accounts, tries to sign in, and people who wait. SQL and nothing else.

use shared::crypto::hash::Hash32;
use shared::crypto::sealed::SlotKind;
use shared::encoding::B64;
use shared::identity::wire::secrets::OwnSecrets;
use shared::identity::wire::{AccountOpened, Enrol, NewAccount, Slot, Waiting};
use shared::ids::{AccountId, EnrolmentId};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

pub mod back;
pub mod factors;
pub mod sessions;

/// What sign-in needs of an account.
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// The sign-in name.
    pub handle: String,
    /// OPAQUE's record.
    pub record: Vec<u8>,
    /// The hash of the recovery token.
    pub recovery_hash: Hash32,
    /// The version of record and slots.
    pub version: u64,
    /// Whether the keyring admitted the person.
    pub admitted: bool,
}

const ACCOUNT: &str = "SELECT account.id, handle, record, recovery_hash, version, \
     CAST(CASE WHEN signer.kid IS NULL THEN 0 ELSE 1 END AS BIGINT) \
     FROM account LEFT JOIN signer ON signer.account = account.id AND signer.ended IS NULL \
     WHERE handle = $1";
const ACCOUNT_BY_ID: &str = "SELECT account.id, handle, record, recovery_hash, version, \
     CAST(CASE WHEN signer.kid IS NULL THEN 0 ELSE 1 END AS BIGINT) \
     FROM account LEFT JOIN signer ON signer.account = account.id AND signer.ended IS NULL \
     WHERE account.id = $1";

fn account(row: &crate::db::Row) -> Result<Account, DbError> {
    Ok(Account {
        id: row.get(0)?,
        handle: row.get(1)?,
        record: row.get(2)?,
        recovery_hash: row.get(3)?,
        version: row.get(4)?,
        admitted: row.get(5)?,
    })
}

/// The account of a sign-in name.
///
/// # Errors
/// When the database refuses.
pub async fn by_handle(conn: &mut Conn, handle: &str) -> Result<Option<Account>, DbError> {
    conn.fetch_optional(ACCOUNT, args![handle]).await?.as_ref().map(account).transpose()
}

/// An account.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(conn: &mut Conn, id: AccountId) -> Result<Option<Account>, DbError> {
    conn.fetch_optional(ACCOUNT_BY_ID, args![id]).await?.as_ref().map(account).transpose()
}

/// A new account.
///
/// # Errors
/// [`DbError::Taken`] when the id or the name is.
pub async fn insert(tx: &mut Tx, new: &Permit<NewAccount>) -> Result<(), DbError> {
    let record = new.record.as_ref().map_or(&[][..], |record| &record.0);
    tx.execute(
        "INSERT INTO account (id, handle, record, secrets, recovery_hash, version) \
         VALUES ($1, $2, $3, $4, $5, 1)",
        args![new.account, new.handle.as_str(), record, &new.secrets.0, new.recovery_hash],
    )
    .await?;
    insert_slots(tx, new.account, &new.slots).await
}

async fn insert_slots(tx: &mut Tx, account: AccountId, slots: &[Slot]) -> Result<(), DbError> {
    for (place, slot) in slots.iter().enumerate() {
        tx.execute(
            "INSERT INTO slot (account, id, place, kind, sealed) VALUES ($1, $2, $3, $4, $5)",
            args![account, slot.slot, place as u64, u32::from(slot.kind), &slot.sealed.0],
        )
        .await?;
    }
    Ok(())
}

/// What a device needs to unlock an account, with what it shows the next time.
///
/// # Errors
/// When the database refuses.
pub async fn opened(conn: &mut Conn, id: AccountId, known: B64) -> Result<AccountOpened, DbError> {
    let row = conn
        .fetch_optional("SELECT secrets, version, handle FROM account WHERE id = $1", args![id])
        .await?
        .ok_or(DbError::Shape)?;
    let slots = conn
        .fetch_all("SELECT id, kind, sealed FROM slot WHERE account = $1 ORDER BY place", args![id])
        .await?
        .iter()
        .map(|row| Ok(Slot { slot: row.get(0)?, kind: row.get(1)?, sealed: B64(row.get(2)?) }))
        .collect::<Result<_, DbError>>()?;
    let (secrets, version, handle) = (B64(row.get(0)?), row.get(1)?, row.get(2)?);
    Ok(AccountOpened { account: id, handle, slots, secrets, version, known })
}

/// An account's sealed secrets.
///
/// # Errors
/// When the database refuses.
pub async fn own_secrets(conn: &mut Conn, id: AccountId) -> Result<OwnSecrets, DbError> {
    let row = conn
        .fetch_optional("SELECT secrets, version FROM account WHERE id = $1", args![id])
        .await?
        .ok_or(DbError::Shape)?;
    Ok(OwnSecrets { secrets: B64(row.get(0)?), version: row.get(1)? })
}

/// Replaces an account's sealed secrets when they are still at `version`; answers whether they were.
///
/// # Errors
/// When the database refuses.
pub async fn replace_secrets(
    tx: &mut Tx,
    id: AccountId,
    version: u64,
    secrets: &Permit<B64>,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE account SET secrets = $1, version = version + 1 WHERE id = $2 AND version = $3",
            args![&secrets.0, id, version],
        )
        .await?;
    Ok(touched > 0)
}

/// Whoever changes an account's factors does so one after the other: what may go is judged by what is there.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<(), DbError> {
    tx.execute("UPDATE account SET version = version + 1 WHERE id = $1", args![id]).await?;
    Ok(())
}

/// One more slot, in the last place.
///
/// # Errors
/// [`DbError::Taken`] when the account has a slot of this id.
pub async fn add_slot(tx: &mut Tx, id: AccountId, slot: &Slot) -> Result<(), DbError> {
    tx.execute("UPDATE account SET version = version + 1 WHERE id = $1", args![id]).await?;
    insert_last(tx, id, slot).await
}

async fn insert_last(tx: &mut Tx, id: AccountId, slot: &Slot) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO slot (account, id, place, kind, sealed) VALUES ($1, $2, \
         (SELECT COALESCE(MAX(place), 0) + 1 FROM slot WHERE account = $1), $3, $4)",
        args![id, slot.slot, u32::from(slot.kind), &slot.sealed.0],
    )
    .await?;
    Ok(())
}

/// Replaces record and passphrase's slots when they are still at `version`; answers whether they were.
///
/// # Errors
/// When the database refuses.
pub async fn replace_unlock(
    tx: &mut Tx,
    id: AccountId,
    version: u64,
    record: &[u8],
    slots: &[Slot],
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE account SET record = $1, version = version + 1 WHERE id = $2 AND version = $3",
            args![record, id, version],
        )
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM slot WHERE account = $1 AND kind = $2",
        args![id, u32::from(SlotKind::Opaque as u8)],
    )
    .await?;
    for slot in slots {
        insert_last(tx, id, slot).await?;
    }
    Ok(true)
}

/// Ends all sessions of an account but one, and every sign-in that is under way.
///
/// # Errors
/// When the database refuses.
pub async fn end_other_sessions(tx: &mut Tx, id: AccountId, kept: Hash32) -> Result<(), DbError> {
    tx.execute("DELETE FROM session WHERE account = $1 AND hash <> $2", args![id, kept]).await?;
    tx.execute("DELETE FROM attempt WHERE account = $1", args![id]).await?;
    tx.execute("DELETE FROM ceremony WHERE account = $1", args![id]).await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// When the database refuses.
pub async fn end_session(tx: &mut Tx, hash: Hash32) -> Result<(), DbError> {
    tx.execute("DELETE FROM session WHERE hash = $1", args![hash]).await?;
    Ok(())
}

/// A try to sign in that waits for its second message.
pub struct Attempt {
    /// The name that was given.
    pub handle: String,
    /// The account, if there is one that may sign in.
    pub account: Option<AccountId>,
    /// OPAQUE's state.
    pub state: Vec<u8>,
    /// Until when it may be finished.
    pub expires: Timestamp,
}

/// Keeps a try.
///
/// # Errors
/// When the database refuses.
pub async fn insert_attempt(tx: &mut Tx, hash: Hash32, attempt: &Attempt) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO attempt (hash, handle, account, state, expires) VALUES ($1, $2, $3, $4, $5)",
        args![hash, attempt.handle.as_str(), attempt.account, &attempt.state, attempt.expires],
    )
    .await?;
    Ok(())
}

/// Takes a try out: it can be finished once.
///
/// # Errors
/// When the database refuses.
pub async fn take_attempt(tx: &mut Tx, hash: Hash32) -> Result<Option<Attempt>, DbError> {
    let row = tx
        .fetch_optional(
            "DELETE FROM attempt WHERE hash = $1 RETURNING handle, account, state, expires",
            args![hash],
        )
        .await?;
    row.map(|row| {
        Ok(Attempt {
            handle: row.get(0)?,
            account: row.get(1)?,
            state: row.get(2)?,
            expires: row.get(3)?,
        })
    })
    .transpose()
}

/// Keeps a challenge.
///
/// # Errors
/// When the database refuses.
pub async fn insert_challenge(
    tx: &mut Tx,
    hash: Hash32,
    expires: Timestamp,
) -> Result<(), DbError> {
    tx.execute("INSERT INTO challenge (hash, expires) VALUES ($1, $2)", args![hash, expires])
        .await?;
    Ok(())
}

/// Takes a challenge out: it can be answered once. Until when it holds.
///
/// # Errors
/// When the database refuses.
pub async fn take_challenge(tx: &mut Tx, hash: Hash32) -> Result<Option<Timestamp>, DbError> {
    let row = tx
        .fetch_optional("DELETE FROM challenge WHERE hash = $1 RETURNING expires", args![hash])
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// An invitation of staff as the door needs it.
pub struct Offer {
    /// The hash of its token.
    pub auth_hash: Hash32,
    /// Until when.
    pub expires: Timestamp,
    /// The role offered.
    pub role: u8,
    /// The capabilities offered.
    pub caps: u32,
    /// Whether somebody was admitted by it.
    pub admitted: bool,
    /// The sealed blob.
    pub blob: Vec<u8>,
}

/// An invitation of staff, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn offer(conn: &mut Conn, enrolment: EnrolmentId) -> Result<Option<Offer>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT auth_hash, expires, role, caps, admitted, body FROM enrolment_offer \
             JOIN attachment ON attachment.leaf = enrolment_offer.leaf \
             AND attachment.hash = enrolment_offer.blob_hash WHERE enrolment_offer.id = $1",
            args![enrolment],
        )
        .await?;
    row.map(|row| {
        Ok(Offer {
            auth_hash: row.get(0)?,
            expires: row.get(1)?,
            role: row.get(2)?,
            caps: row.get(3)?,
            admitted: row.get::<Option<AccountId>>(4)?.is_some(),
            blob: row.get(5)?,
        })
    })
    .transpose()
}

/// Who enrolled by an invitation: the account and its bundle.
///
/// # Errors
/// When the database refuses.
pub async fn enrolled(
    conn: &mut Conn,
    enrolment: EnrolmentId,
) -> Result<Option<(AccountId, Vec<u8>)>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT account, bundle FROM enrolled WHERE enrolment = $1",
            args![enrolment],
        )
        .await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Somebody enrolled.
///
/// # Errors
/// [`DbError::Taken`] when somebody else did.
pub async fn enrol(tx: &mut Tx, call: &Enrol) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO enrolled (enrolment, account, bundle, mac, name) VALUES ($1, $2, $3, $4, $5)",
        args![call.enrolment, call.account.account, &call.bundle.0, &call.mac.0, &call.name.0],
    )
    .await?;
    Ok(())
}

/// Those who enrolled and were not admitted yet.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(conn: &mut Conn, _permit: &Permit<()>) -> Result<Vec<Waiting>, DbError> {
    conn.fetch_all(
        "SELECT enrolment, enrolled.account, handle, bundle, mac, name FROM enrolled \
         JOIN account ON account.id = enrolled.account \
         LEFT JOIN signer ON signer.account = enrolled.account \
         WHERE signer.kid IS NULL ORDER BY enrolment",
        &[],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Waiting {
            enrolment: row.get(0)?,
            account: row.get(1)?,
            handle: row.get(2)?,
            bundle: B64(row.get(3)?),
            mac: B64(row.get(4)?),
            name: B64(row.get(5)?),
        })
    })
    .collect()
}
