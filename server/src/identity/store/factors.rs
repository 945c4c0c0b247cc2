//! The rows of passkeys, authenticator apps and ceremonies.

use shared::crypto::hash::Hash32;
use shared::encoding::B64;
use shared::identity::wire::factors::{Factors, Passkey};
use shared::ids::{AccountId, SlotId};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};

/// What a ceremony is for: none is finished as another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in by a passkey alone.
    SignIn,
    /// The second factor after the passphrase.
    Second,
    /// Making a passkey.
    New,
    /// Showing a factor again.
    StepUp,
    /// Making a passkey by which a client comes back; the way's id stands where an account's would.
    NewBack,
    /// Coming back by one.
    Back,
}

impl Purpose {
    const fn number(self) -> i64 {
        match self {
            Self::SignIn => 1,
            Self::Second => 2,
            Self::New => 3,
            Self::StepUp => 4,
            Self::NewBack => 5,
            Self::Back => 6,
        }
    }
}

/// Something to sign that was given out.
pub struct Ceremony {
    /// What for.
    pub purpose: Purpose,
    /// For whose passkey; none where any will do.
    pub account: Option<AccountId>,
    /// As the check wants it back.
    pub state: Vec<u8>,
    /// Until when.
    pub expires: Timestamp,
}

/// Keeps a ceremony.
///
/// # Errors
/// When the database refuses.
pub async fn insert_ceremony(tx: &mut Tx, hash: Hash32, new: &Ceremony) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO ceremony (hash, kind, account, state, expires) VALUES ($1, $2, $3, $4, $5)",
        args![hash, new.purpose.number(), new.account, &new.state, new.expires],
    )
    .await?;
    Ok(())
}

/// A ceremony of this purpose, if it is not over.
///
/// # Errors
/// When the database refuses.
pub async fn ceremony(
    conn: &mut Conn,
    hash: Hash32,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Ceremony>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT account, state, expires FROM ceremony \
             WHERE hash = $1 AND kind = $2 AND expires >= $3",
            args![hash, purpose.number(), now],
        )
        .await?;
    row.map(|row| {
        Ok(Ceremony { purpose, account: row.get(0)?, state: row.get(1)?, expires: row.get(2)? })
    })
    .transpose()
}

/// Takes a ceremony out: it is finished once. Whether it was still there.
///
/// # Errors
/// When the database refuses.
pub async fn take_ceremony(tx: &mut Tx, hash: Hash32) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM ceremony WHERE hash = $1", args![hash]).await? == 1)
}

/// A passkey as it is checked.
pub struct PasskeyRow {
    /// Whose.
    pub account: AccountId,
    /// As the check wants it.
    pub state: Vec<u8>,
}

/// A passkey of this credential id.
///
/// # Errors
/// When the database refuses.
pub async fn passkey(conn: &mut Conn, credential: &[u8]) -> Result<Option<PasskeyRow>, DbError> {
    let row = conn
        .fetch_optional("SELECT account, state FROM passkey WHERE id = $1", args![credential])
        .await?;
    row.map(|row| Ok(PasskeyRow { account: row.get(0)?, state: row.get(1)? })).transpose()
}

/// A passkey that is kept from now on.
pub struct NewPasskeyRow<'a> {
    /// Its credential id.
    pub credential: &'a [u8],
    /// Whose.
    pub account: AccountId,
    /// The slot that it opens.
    pub slot: Option<SlotId>,
    /// As the check wants it.
    pub state: &'a [u8],
    /// Where it was made.
    pub device: &'a str,
}

/// Keeps a passkey.
///
/// # Errors
/// [`DbError::Taken`] when this one is known already.
pub async fn insert_passkey(
    tx: &mut Tx,
    new: &NewPasskeyRow<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO passkey (id, account, slot, state, device, added, used) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        args![new.credential, new.account, new.slot, new.state, new.device, now],
    )
    .await?;
    Ok(())
}

/// Writes down a passkey's use, when it is still as it was read: of two uses of one counter, one counts.
/// Whether it did.
///
/// # Errors
/// When the database refuses.
pub async fn use_passkey(
    tx: &mut Tx,
    credential: &[u8],
    (was, is): (&[u8], &[u8]),
    now: Timestamp,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE passkey SET state = $1, used = $2 WHERE id = $3 AND state = $4",
            args![is, now, credential, was],
        )
        .await?;
    Ok(touched == 1)
}

/// Forgets a passkey of an account, with the slot that it opened.
///
/// # Errors
/// When the database refuses.
pub async fn remove_passkey(
    tx: &mut Tx,
    account: AccountId,
    credential: &[u8],
) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM slot WHERE account = $1 AND id IN \
         (SELECT slot FROM passkey WHERE account = $1 AND id = $2)",
        args![account, credential],
    )
    .await?;
    tx.execute("DELETE FROM passkey WHERE account = $1 AND id = $2", args![account, credential])
        .await?;
    Ok(())
}

/// An authenticator app as its codes are checked.
pub struct AuthenticatorRow {
    /// Makes its secret.
    pub nonce: Vec<u8>,
}

/// The authenticator app of an account.
///
/// # Errors
/// When the database refuses.
pub async fn authenticator(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Option<AuthenticatorRow>, DbError> {
    let row = conn
        .fetch_optional("SELECT nonce FROM authenticator WHERE account = $1", args![account])
        .await?;
    row.map(|row| Ok(AuthenticatorRow { nonce: row.get(0)? })).transpose()
}

/// Keeps an authenticator app in the place of another; the step that proved it is used up.
///
/// # Errors
/// When the database refuses.
pub async fn put_authenticator(
    tx: &mut Tx,
    account: AccountId,
    nonce: &[u8],
    step: u64,
    now: Timestamp,
) -> Result<(), DbError> {
    remove_authenticator(tx, account).await?;
    tx.execute(
        "INSERT INTO authenticator (account, nonce, step, added) VALUES ($1, $2, $3, $4)",
        args![account, nonce, step, now],
    )
    .await?;
    Ok(())
}

/// Uses a step up; whether it was later than all that were used.
///
/// # Errors
/// When the database refuses.
pub async fn use_step(tx: &mut Tx, account: AccountId, step: u64) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE authenticator SET step = $1 WHERE account = $2 AND step < $1",
            args![step, account],
        )
        .await?;
    Ok(touched == 1)
}

/// Forgets an account's authenticator app.
///
/// # Errors
/// When the database refuses.
pub async fn remove_authenticator(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    tx.execute("DELETE FROM authenticator WHERE account = $1", args![account]).await?;
    Ok(())
}

/// What an account has.
///
/// # Errors
/// When the database refuses.
pub async fn factors(conn: &mut Conn, account: AccountId) -> Result<Factors, DbError> {
    let passkeys = conn
        .fetch_all(
            "SELECT id, slot, device, added, used FROM passkey WHERE account = $1 \
             ORDER BY added, id",
            args![account],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Passkey {
                credential: B64(row.get(0)?),
                slot: row.get(1)?,
                device: row.get(2)?,
                added: row.get(3)?,
                used: row.get(4)?,
            })
        })
        .collect::<Result<_, DbError>>()?;
    let code = conn
        .fetch_optional("SELECT added FROM authenticator WHERE account = $1", args![account])
        .await?;
    let row = conn
        .fetch_optional("SELECT record, version FROM account WHERE id = $1", args![account])
        .await?
        .ok_or(DbError::Shape)?;
    Ok(Factors {
        account,
        version: row.get(1)?,
        passkeys,
        code: code.map(|row| row.get(0)).transpose()?,
        passphrase: !row.get::<Vec<u8>>(0)?.is_empty(),
    })
}
