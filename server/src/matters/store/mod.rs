//! The rows of matters: seats, key epochs, invitations, submissions. SQL and nothing else.

pub mod owed;

use std::collections::BTreeSet;

use shared::crypto::keys::Kid;
use shared::crypto::signed::Namespace;
use shared::ids::{InviteId, MatterId, SubmissionId};
use shared::journal::statement::{
    ClientAccepted, ClientInvited, Decided, Decision, EpochAct, Granted, Submitted,
};
use shared::journal::stream::{Head, StreamId};
use shared::matters::wire::Listed;
use shared::time::Timestamp;

use super::policy::Invite;
use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

/// That neither wall nor post keeps a seat's holder from its matter.
macro_rules! open {
    () => {
        " AND NOT EXISTS (SELECT 1 FROM wall \
         WHERE wall.kid = seat.kid AND wall.matter = seat.matter AND wall.lifted = 0) \
         AND NOT EXISTS (SELECT 1 FROM signer AS bound WHERE bound.kid = seat.kid \
         AND bound.only_matter IS NOT NULL AND bound.only_matter <> seat.matter)"
    };
}

/// Whether this key has a seat at a matter: its holder created it or was granted its key, and neither wall nor
/// post keeps them from it.
///
/// # Errors
/// When the database refuses.
pub async fn seated(conn: &mut Conn, kid: Kid, matter: MatterId) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            concat!("SELECT 1 FROM seat WHERE kid = $1 AND matter = $2", open!()),
            args![kid.0, matter],
        )
        .await?;
    Ok(row.is_some())
}

/// How many key epochs a matter has.
///
/// # Errors
/// When the database refuses.
pub async fn epochs(conn: &mut Conn, matter: MatterId) -> Result<u32, DbError> {
    let row =
        conn.fetch_optional("SELECT COUNT(*) FROM epoch WHERE matter = $1", args![matter]).await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// The id of an epoch's key.
///
/// # Errors
/// When the database refuses.
pub async fn epoch_kid(
    conn: &mut Conn,
    matter: MatterId,
    epoch: u32,
) -> Result<Option<Kid>, DbError> {
    let sql = "SELECT kid FROM epoch WHERE matter = $1 AND number = $2";
    let row = conn.fetch_optional(sql, args![matter, epoch]).await?;
    row.map(|row| row.get(0).map(Kid)).transpose()
}

/// The statements that began a matter's epochs, of those before a number.
///
/// # Errors
/// When the database refuses.
pub async fn epoch_statements(
    conn: &mut Conn,
    matter: MatterId,
    before: u64,
) -> Result<Vec<Vec<u8>>, DbError> {
    // The namespace stands behind the magic (CRYPTO 4).
    let begins = (Namespace::EpochKey as u16).to_be_bytes().to_vec();
    let stream = StreamId::Matter(matter).to_string();
    conn.fetch_all(
        "SELECT body FROM statement \
         WHERE stream = $1 AND seq < $2 AND SUBSTR(body, 5, 2) = $3 ORDER BY seq",
        args![stream, before, &begins],
    )
    .await?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// The matter exists now, and its creator sits there.
///
/// # Errors
/// [`DbError::Taken`] when it exists already.
pub async fn create(
    tx: &mut Tx,
    matter: &Permit<MatterId>,
    creator: Kid,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO matter (id, creator, created) VALUES ($1, $2, $3)",
        args![**matter, creator.0, now],
    )
    .await?;
    seat(tx, creator, **matter).await
}

async fn seat(tx: &mut Tx, kid: Kid, matter: MatterId) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO seat (kid, matter) VALUES ($1, $2) ON CONFLICT (kid, matter) DO NOTHING",
        args![kid.0, matter],
    )
    .await?;
    Ok(())
}

/// A key epoch begins; the seats end whose access is taken back with it.
///
/// # Errors
/// [`DbError::Taken`] when the number is taken.
pub async fn begin_epoch(tx: &mut Tx, act: &Permit<EpochAct>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO epoch (matter, number, kid) VALUES ($1, $2, $3)",
        args![act.matter, act.epoch, act.key.kid().0],
    )
    .await?;
    for kid in act.unseated.iter().flatten() {
        tx.execute("DELETE FROM seat WHERE kid = $1 AND matter = $2", args![kid.0, act.matter])
            .await?;
    }
    // Whoever left may have read the secrets of links that nobody used yet.
    tx.execute(
        "UPDATE invite SET expires = 0 WHERE matter = $1 AND used_by IS NULL",
        args![act.matter],
    )
    .await?;
    Ok(())
}

/// The keys of the staff with a seat at a matter.
///
/// # Errors
/// When the database refuses.
pub async fn seated_staff(conn: &mut Conn, matter: MatterId) -> Result<BTreeSet<Kid>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT seat.kid FROM seat JOIN signer ON signer.kid = seat.kid \
             WHERE seat.matter = $1 AND signer.account IS NOT NULL",
            args![matter],
        )
        .await?;
    rows.iter().map(|row| Ok(Kid(row.get(0)?))).collect()
}

/// Whether a matter's key can be given to this key's holder: staff that opens and that neither wall nor post
/// keeps from it, or a client of this matter whom staff accepted. (The recovery key is the firm's row's business.)
///
/// # Errors
/// When the database refuses.
pub async fn can_be_granted(
    conn: &mut Conn,
    kid: Kid,
    matter: MatterId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM signer WHERE kid = $1 AND can_open = 1 AND ended IS NULL \
             AND (account IS NOT NULL OR (matter = $2 AND level IS NOT NULL)) \
             AND (until IS NULL OR until >= $3) AND (only_matter IS NULL OR only_matter = $2) \
             AND NOT EXISTS (SELECT 1 FROM wall \
             WHERE wall.kid = signer.kid AND wall.matter = $2 AND wall.lifted = 0)",
            args![kid.0, matter, now],
        )
        .await?;
    Ok(row.is_some())
}

/// A key was given: its recipient sits at the matter.
///
/// # Errors
/// When the database refuses.
pub async fn grant(tx: &mut Tx, matter: MatterId, act: &Permit<Granted>) -> Result<(), DbError> {
    seat(tx, act.recipient, matter).await
}

/// A client is invited.
///
/// # Errors
/// [`DbError::Taken`] when the invitation's id is taken.
pub async fn invite(
    tx: &mut Tx,
    matter: MatterId,
    leaf: u64,
    act: &Permit<ClientInvited>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO invite (id, matter, leaf, auth_hash, blob_hash, expires) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![act.invite, matter, leaf, act.auth_hash, act.blob_hash, act.expires],
    )
    .await?;
    Ok(())
}

/// An invitation, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn find_invite(conn: &mut Conn, invite: InviteId) -> Result<Option<Invite>, DbError> {
    let row = conn
        .fetch_optional("SELECT matter, expires, used_by FROM invite WHERE id = $1", args![invite])
        .await?;
    row.map(|row| {
        let used_by = row.get::<Option<shared::crypto::hash::Hash32>>(2)?.map(|kid| Kid(kid.0));
        Ok(Invite { matter: row.get(0)?, expires: row.get(1)?, used_by })
    })
    .transpose()
}

/// The keys of the clients who came to a matter.
///
/// # Errors
/// When the database refuses.
pub async fn clients(conn: &mut Conn, matter: MatterId) -> Result<Vec<Kid>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT kid FROM signer WHERE matter = $1 AND invite IS NOT NULL ORDER BY kid",
            args![matter],
        )
        .await?;
    rows.iter().map(|row| Ok(Kid(row.get(0)?))).collect()
}

/// By which invitation a client came to a matter whose key did not end.
///
/// # Errors
/// When the database refuses.
pub async fn came_by(
    conn: &mut Conn,
    matter: MatterId,
    client: Kid,
) -> Result<Option<InviteId>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT invite FROM signer WHERE kid = $1 AND matter = $2 AND ended IS NULL",
            args![client.0, matter],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Staff accepted a client.
///
/// # Errors
/// When the database refuses.
pub async fn accept(tx: &mut Tx, act: &Permit<ClientAccepted>) -> Result<(), DbError> {
    tx.execute(
        "UPDATE signer SET level = $1 WHERE kid = $2",
        args![u32::from(act.level), act.client.0],
    )
    .await?;
    Ok(())
}

/// A client handed in.
///
/// # Errors
/// [`DbError::Taken`] when the submission's id is taken.
pub async fn submit(
    tx: &mut Tx,
    matter: MatterId,
    client: Kid,
    leaf: u64,
    act: &Permit<Submitted>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO submission (id, matter, client, leaf) VALUES ($1, $2, $3, $4)",
        args![act.submission, matter, client.0, leaf],
    )
    .await?;
    Ok(())
}

/// Whether a submission belongs to a matter.
///
/// # Errors
/// When the database refuses.
pub async fn submitted_here(
    conn: &mut Conn,
    matter: MatterId,
    submission: SubmissionId,
) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM submission WHERE id = $1 AND matter = $2",
            args![submission, matter],
        )
        .await?;
    Ok(row.is_some())
}

/// Staff said how a submission stands.
///
/// # Errors
/// When the database refuses.
pub async fn decide(tx: &mut Tx, act: &Permit<Decided>) -> Result<(), DbError> {
    tx.execute(
        "UPDATE submission SET decision = $1 WHERE id = $2",
        args![number(act.decision), act.submission],
    )
    .await?;
    Ok(())
}

// The numbers that the act itself has in CBOR.
const fn number(decision: Decision) -> i64 {
    match decision {
        Decision::Accepted => 1,
        Decision::Declined => 2,
        Decision::AskedBack => 3,
    }
}

/// A page of the matters at which a key has a seat, by id, with the ends of their streams.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    conn: &mut Conn,
    kid: Kid,
    after: Option<MatterId>,
    limit: u32,
) -> Result<Vec<Listed>, DbError> {
    // No id sorts before the empty one.
    let after = after.map_or_else(Vec::new, |matter| matter.0.to_vec());
    let rows = conn
        .fetch_all(
            concat!(
                "SELECT matter FROM seat WHERE kid = $1 AND matter > $2",
                open!(),
                " ORDER BY matter LIMIT $3"
            ),
            args![kid.0, &after, limit],
        )
        .await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let matter: MatterId = row.get(0)?;
        let stream = conn
            .fetch_optional(
                "SELECT next, last, changed FROM stream WHERE name = $1",
                args![StreamId::Matter(matter).to_string()],
            )
            .await?
            .ok_or(DbError::Shape)?;
        let head = Head { next: stream.get(0)?, last: stream.get(1)? };
        listed.push(Listed { matter, head, changed: stream.get::<Timestamp>(2)?.0 });
    }
    Ok(listed)
}
