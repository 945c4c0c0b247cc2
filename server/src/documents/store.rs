//! The rows of uploads, parts and objects. SQL and nothing else.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::manifest::Manifest;
use shared::ids::{MatterId, ObjectId};
use shared::journal::stream::StreamId;
use shared::time::Timestamp;

use super::policy::Upload;
use crate::blob::BlobKey;
use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;

/// An upload under way.
///
/// # Errors
/// When the database refuses.
pub async fn upload(conn: &mut Conn, object: ObjectId) -> Result<Option<Upload>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT matter, signer, sealed_len FROM upload WHERE object = $1",
            args![object],
        )
        .await?;
    row.map(|row| {
        Ok(Upload {
            object,
            matter: row.get(0)?,
            signer: Kid(row.get(1)?),
            sealed_len: row.get(2)?,
        })
    })
    .transpose()
}

/// How many uploads somebody has begun and not filed.
///
/// # Errors
/// When the database refuses.
pub async fn unfinished(conn: &mut Conn, signer: Kid) -> Result<u64, DbError> {
    let row = conn
        .fetch_optional("SELECT COUNT(*) FROM upload WHERE signer = $1", args![signer.0])
        .await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// An upload begins.
///
/// # Errors
/// [`DbError::Taken`] when the object's id is an upload's already.
pub async fn begin(tx: &mut Tx, upload: &Permit<Upload>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO upload (object, matter, signer, sealed_len, begun) VALUES ($1, $2, $3, $4, $5)",
        args![upload.object, upload.matter, upload.signer.0, upload.sealed_len, now],
    )
    .await?;
    Ok(())
}

/// A part that is stored durably.
pub struct Part {
    /// From 0.
    pub index: u32,
    /// Its length.
    pub len: u64,
    /// The root over its chunks.
    pub root: Hash32,
    /// Where its bytes are.
    pub blob: BlobKey,
}

/// The parts of an upload or object, by index.
///
/// # Errors
/// When the database refuses.
pub async fn parts(conn: &mut Conn, object: ObjectId) -> Result<Vec<Part>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT idx, len, root, blob FROM part WHERE object = $1 ORDER BY idx",
            args![object],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let blob = BlobKey::parse(&row.get::<String>(3)?).ok_or(DbError::Shape)?;
            Ok(Part { index: row.get(0)?, len: row.get(1)?, root: row.get(2)?, blob })
        })
        .collect()
}

/// The root of one part that is kept.
///
/// # Errors
/// When the database refuses.
pub async fn part(
    conn: &mut Conn,
    object: ObjectId,
    index: u32,
) -> Result<Option<Hash32>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT root FROM part WHERE object = $1 AND idx = $2",
            args![object, index],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// A part counts from now on.
///
/// # Errors
/// [`DbError::Taken`] when there is one with its index.
pub async fn keep_part(tx: &mut Tx, upload: &Permit<Upload>, part: &Part) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO part (object, idx, len, root, blob) VALUES ($1, $2, $3, $4, $5)",
        args![upload.object, part.index, part.len, part.root, part.blob.as_str()],
    )
    .await?;
    Ok(())
}

/// An upload is given up with all its parts; answers where their bytes are.
///
/// # Errors
/// When the database refuses.
pub async fn cancel(tx: &mut Tx, upload: &Permit<Upload>) -> Result<Vec<BlobKey>, DbError> {
    let parts = parts(tx, upload.object).await?;
    tx.execute("DELETE FROM part WHERE object = $1", args![upload.object]).await?;
    tx.execute("DELETE FROM upload WHERE object = $1", args![upload.object]).await?;
    Ok(parts.into_iter().map(|part| part.blob).collect())
}

/// An upload becomes an object; its parts keep their rows.
///
/// # Errors
/// [`DbError::Taken`] when the object exists already, or its version has followed another.
pub async fn file(tx: &mut Tx, leaf: u64, manifest: &Permit<Manifest>) -> Result<(), DbError> {
    let context = &manifest.context;
    tx.execute(
        "INSERT INTO object (id, matter, sender, leaf, sealed_len, ct_root, previous) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            context.object,
            context.matter,
            context.sender.0,
            leaf,
            manifest.sealed_len,
            manifest.ct_root,
            context.previous,
        ],
    )
    .await?;
    tx.execute("DELETE FROM upload WHERE object = $1", args![context.object]).await?;
    Ok(())
}

/// A statement of a matter, by its digest.
///
/// # Errors
/// When the database refuses.
pub async fn statement(
    conn: &mut Conn,
    matter: MatterId,
    digest: Hash32,
) -> Result<Option<Vec<u8>>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT body FROM statement WHERE digest = $1 AND stream = $2",
            args![digest, StreamId::Matter(matter).to_string()],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// An object that is filed.
pub struct Object {
    /// Its matter.
    pub matter: MatterId,
    /// Who filed it.
    pub sender: Kid,
    /// Length of its sealed payload.
    pub sealed_len: u64,
    /// The root over its chunks.
    pub ct_root: Hash32,
}

/// An object, if it is filed.
///
/// # Errors
/// When the database refuses.
pub async fn object(conn: &mut Conn, object: ObjectId) -> Result<Option<Object>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT matter, sender, sealed_len, ct_root FROM object WHERE id = $1",
            args![object],
        )
        .await?;
    row.map(|row| {
        Ok(Object {
            matter: row.get(0)?,
            sender: Kid(row.get(1)?),
            sealed_len: row.get(2)?,
            ct_root: row.get(3)?,
        })
    })
    .transpose()
}

/// Whether an object is filed in a matter.
///
/// # Errors
/// When the database refuses.
pub async fn filed_in(conn: &mut Conn, matter: MatterId, id: ObjectId) -> Result<bool, DbError> {
    Ok(object(conn, id).await?.is_some_and(|object| object.matter == matter))
}

/// Whether an object is filed in a matter by this sender.
///
/// # Errors
/// When the database refuses.
pub async fn filed_by(
    conn: &mut Conn,
    matter: MatterId,
    sender: Kid,
    id: ObjectId,
) -> Result<bool, DbError> {
    let found = object(conn, id).await?;
    Ok(found.is_some_and(|object| object.matter == matter && object.sender == sender))
}
