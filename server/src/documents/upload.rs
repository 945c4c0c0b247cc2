//! Uploads, step by step: begin or ask, keep a part, give up. The bytes are durable before their
//! row is, and the row is what counts.

use shared::crypto::hash::Hash32;
use shared::documents::wire::{PartKept, StartUpload, Upload as Standing};
use shared::ids::ObjectId;
use shared::problem::Code;

use super::part::Arrived;
use super::policy::{self, Upload};
use super::store::{self, Part};
use crate::blob::BlobKey;
use crate::db::pool::DbError;
use crate::db::{Conn, Tx};
use crate::error::{ApiError, Reply};
use crate::extract::caller::Caller;
use crate::journal::permit::Permit;
use crate::matters;
use crate::state::App;

/// Begins an upload, or says where it stands.
pub(super) async fn start(app: &App, caller: &Caller, call: &StartUpload) -> Reply<Standing> {
    let mut tx = app.db.begin().await?;
    tx.lock_journal().await?;
    let kid = policy::kid_of(caller);
    if let Some(object) = store::object(&mut tx, call.object).await? {
        let same = object.matter == call.matter
            && object.sender == kid
            && object.sealed_len == call.sealed_len;
        return if same { standing(&mut tx, call.object, true).await } else { Err(taken()) };
    }
    let seated = matters::store::seated(&mut tx, kid, call.matter).await?;
    let begun = store::upload(&mut tx, call.object).await?;
    let unfinished = if begun.is_some() { 0 } else { store::unfinished(&mut tx, kid).await? };
    let permit = policy::may_begin(caller, seated, unfinished, call)?;
    match begun {
        Some(begun) if begun != *permit => return Err(taken()),
        Some(_) => {}
        None => store::begin(&mut tx, &permit, app.now()).await?,
    }
    let standing = standing(&mut tx, call.object, false).await?;
    tx.without_statement("an upload is no act until its manifest is appended").await?;
    Ok(standing)
}

async fn standing(conn: &mut Conn, object: ObjectId, filed: bool) -> Reply<Standing> {
    let parts = store::parts(conn, object).await?;
    let kept = parts.iter().map(|part| PartKept { index: part.index, root: part.root }).collect();
    Ok(Standing { kept, filed })
}

/// The caller's upload, and how long its part must be.
pub(super) async fn expected(
    app: &App,
    caller: &Caller,
    object: ObjectId,
    index: u32,
) -> Reply<(Permit<Upload>, u64)> {
    let mut read = app.db.read().await?;
    let permit = policy::may_continue(caller, store::upload(&mut read, object).await?)?;
    let length = policy::part_len(permit.sealed_len, index)
        .ok_or(ApiError::bad_request("The upload has no such part."))?;
    Ok((permit, length))
}

/// Keeps a part that arrived; the same bytes again are fine, others are not.
pub(super) async fn keep(
    app: &App,
    caller: &Caller,
    upload: &Permit<Upload>,
    index: u32,
    arrived: Arrived,
) -> Reply<PartKept> {
    let Arrived { pieces, root, room: _until_it_is_written } = arrived;
    let kept = PartKept { index, root };
    let mut read = app.db.read().await?;
    if let Some(known) = store::part(&mut read, upload.object, index).await? {
        return same(known, kept);
    }
    drop(read);
    let len = pieces.iter().map(|piece| piece.len() as u64).sum();
    let blob = BlobKey::random();
    app.blobs.put(&blob, pieces).await?;
    let part = Part { index, len, root, blob };
    match settle(app, caller, upload.object, &part).await {
        Ok(Settled::Ready(tx)) => {
            commit(app, tx, &part).await?;
            Ok(kept)
        }
        Ok(Settled::Twice(known)) => {
            discard(app, &[part.blob]).await;
            same(known, kept)
        }
        Err(error) => {
            discard(app, &[part.blob]).await;
            Err(error)
        }
    }
}

enum Settled {
    Ready(Tx),
    Twice(Hash32),
}

/// Writes the part's row, unless the upload ended or somebody was faster meanwhile.
async fn settle(app: &App, caller: &Caller, object: ObjectId, part: &Part) -> Reply<Settled> {
    let mut tx = app.db.begin().await?;
    tx.lock_journal().await?;
    let permit = policy::may_continue(caller, store::upload(&mut tx, object).await?)?;
    if let Some(known) = store::part(&mut tx, object, part.index).await? {
        return Ok(Settled::Twice(known));
    }
    store::keep_part(&mut tx, &permit, part).await?;
    Ok(Settled::Ready(tx))
}

async fn commit(app: &App, tx: Tx, part: &Part) -> Reply<()> {
    let committed = tx.without_statement("a part is no act until its manifest is appended").await;
    // A full disk undid the commit. Any other failure may hide one that happened after all: then
    // the blob is left to the sweep, which looks for its row first.
    if matches!(committed, Err(DbError::Full)) {
        discard(app, core::slice::from_ref(&part.blob)).await;
    }
    Ok(committed?)
}

fn same(known: Hash32, kept: PartKept) -> Reply<PartKept> {
    if known == kept.root { Ok(kept) } else { Err(taken()) }
}

/// Gives an upload up. Somebody else's, or none, is left alone without a word.
pub(super) async fn cancel(app: &App, caller: &Caller, object: ObjectId) -> Reply<()> {
    let mut tx = app.db.begin().await?;
    tx.lock_journal().await?;
    let filed = store::object(&mut tx, object).await?;
    if filed.is_some_and(|object| object.sender == policy::kid_of(caller)) {
        return Err(ApiError::new(Code::AlreadyExists, "The object is filed already."));
    }
    let Ok(permit) = policy::may_continue(caller, store::upload(&mut tx, object).await?) else {
        return Ok(());
    };
    let blobs = store::cancel(&mut tx, &permit).await?;
    tx.without_statement("an upload is no act until its manifest is appended").await?;
    discard(app, &blobs).await;
    Ok(())
}

/// Removes bytes that no row names. One that stays behind is found by the sweep.
async fn discard(app: &App, blobs: &[BlobKey]) {
    for blob in blobs {
        if let Err(error) = app.blobs.delete(blob).await {
            tracing::warn!(%error, "a blob without a row stays until the sweep");
        }
    }
}

const fn taken() -> ApiError {
    ApiError::new(Code::AlreadyExists, "This id is taken by other bytes.")
}
