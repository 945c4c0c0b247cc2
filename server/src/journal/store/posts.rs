//! What people are at the firm, and conflict walls, as rows. SQL and nothing else.

use shared::crypto::keys::Kid;
use shared::ids::{MatterId, WallId};
use shared::journal::posts::{Post, Posted, WallLifted, WallRaised};
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

/// A post by its number, where one was said.
///
/// # Errors
/// [`DbError::Shape`] for a number that is none.
pub fn read(number: Option<i64>) -> Result<Option<Post>, DbError> {
    let post = |number| Post::from_u8(u8::try_from(number).ok()?);
    number.map(|number| post(number).ok_or(DbError::Shape)).transpose()
}

/// A person has another post.
///
/// # Errors
/// When the database refuses.
pub async fn post(tx: &mut Tx, act: &Permit<Posted>) -> Result<(), DbError> {
    let placing = act.placing;
    tx.execute(
        "UPDATE signer SET caps = $1, post = $2, until = $3, only_matter = $4 WHERE kid = $5",
        args![act.caps.0, Some(placing.post as u8), placing.until, placing.matter, act.kid.0],
    )
    .await?;
    Ok(())
}

/// A wall stands.
///
/// # Errors
/// [`DbError::Taken`] when its id is taken.
pub async fn raise(tx: &mut Tx, act: &Permit<WallRaised>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO wall (id, kid, matter, lifted) VALUES ($1, $2, $3, 0)",
        args![act.wall, act.kid.0, act.matter],
    )
    .await?;
    Ok(())
}

/// A wall stands no longer.
///
/// # Errors
/// When the database refuses.
pub async fn lift(tx: &mut Tx, act: &Permit<WallLifted>) -> Result<(), DbError> {
    tx.execute("UPDATE wall SET lifted = 1 WHERE id = $1", args![act.wall]).await?;
    Ok(())
}

/// Whether a wall stands between this key's holder and a matter.
///
/// # Errors
/// When the database refuses.
pub async fn walled(conn: &mut Conn, kid: Kid, matter: MatterId) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM wall WHERE kid = $1 AND matter = $2 AND lifted = 0",
            args![kid.0, matter],
        )
        .await?;
    Ok(row.is_some())
}

/// Whether this wall stands before this key's holder.
///
/// # Errors
/// When the database refuses.
pub async fn stands(conn: &mut Conn, wall: WallId, kid: Kid) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM wall WHERE id = $1 AND kid = $2 AND lifted = 0",
            args![wall, kid.0],
        )
        .await?;
    Ok(row.is_some())
}

/// Whether this person's post ended by itself before this instant.
///
/// # Errors
/// When the database refuses.
pub async fn is_over(conn: &mut Conn, kid: Kid, now: Timestamp) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM signer WHERE kid = $1 AND until < $2";
    Ok(conn.fetch_optional(sql, args![kid.0, now]).await?.is_some())
}

/// Whether the seat of this key's holder at a matter ought to end.
///
/// # Errors
/// When the database refuses.
pub async fn must_leave(
    conn: &mut Conn,
    kid: Kid,
    matter: MatterId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM signer \
             LEFT JOIN wall ON wall.kid = signer.kid AND wall.matter = $2 AND wall.lifted = 0 \
             WHERE signer.kid = $1 AND (signer.ended IS NOT NULL OR signer.until < $3 \
             OR signer.only_matter <> $2 OR wall.id IS NOT NULL)",
            args![kid.0, matter, now],
        )
        .await?;
    Ok(row.is_some())
}
