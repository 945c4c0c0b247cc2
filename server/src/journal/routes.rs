//! The journal's handlers.

use axum::Json;
use axum::extract::State;
use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::stream::Head;
use shared::journal::wire;

use super::signer::Authority;
use super::store::{self, directory, nodes};
use super::{append, policy, read};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::Caller;
use crate::state::AppState;

/// Statements from whoever has a session.
pub(super) async fn append(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::Append>,
) -> Reply<Json<wire::Appended>> {
    let authority = match caller {
        Caller::Staff { account, .. } => Authority::Staff(account),
        Caller::Client { kid, .. } => Authority::Client(kid),
    };
    let mut tx = app.db.begin().await?;
    let taken = append::append(&mut tx, &app, authority, &call).await?;
    Ok(Json(taken.commit(tx).await?))
}

/// The end of a stream.
pub(super) async fn head(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::ReadHead>,
) -> Reply<Json<Head>> {
    let mut read = app.db.read().await?;
    let seated = read::seated(&mut read, &caller, call.stream).await?;
    let permit = policy::may_link(&caller, call.stream, seated)?;
    Ok(Json(store::head(&mut read, *permit).await?))
}

/// A page of several streams.
pub(super) async fn streams(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::ReadStreams>,
) -> Reply<Json<wire::Entries>> {
    let mut read = app.db.read().await?;
    Ok(Json(read::streams(&mut read, &caller, &call).await?))
}

/// A page of the whole journal.
pub(super) async fn entries(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::ReadJournal>,
) -> Reply<Json<wire::Entries>> {
    let permit = policy::may_read_journal(&caller)?;
    let limit = call.limit.clamp(1, wire::MAX_PAGE);
    let mut read = app.db.read().await?;
    let mut entries = store::read_journal(&mut read, &permit, call.leaf, limit + 1).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    Ok(Json(wire::Entries { entries, more }))
}

/// The newest checkpoint, signed afresh: the same size and root make the same note.
pub(super) async fn checkpoint(
    State(app): State<AppState>,
    _caller: Caller,
    _call: Called<wire::ReadCheckpoint>,
) -> Reply<Json<wire::Checkpoint>> {
    let mut read = app.db.read().await?;
    let firm = directory::firm(&mut read).await?.ok_or(ApiError::not_found())?;
    let size = nodes::size(&mut read).await?;
    let root = nodes::root(&mut read, size).await?;
    let note = Checkpoint { origin: origin(firm.fingerprint), size, root }
        .sign(&app.secrets.log)
        .map_err(ApiError::internal)?;
    Ok(Json(wire::Checkpoint { note }))
}

/// Proof that a leaf is in a tree that was.
pub(super) async fn inclusion(
    State(app): State<AppState>,
    _caller: Caller,
    Called { call, .. }: Called<wire::ProveInclusion>,
) -> Reply<Json<wire::Path>> {
    let mut read = app.db.read().await?;
    if call.leaf >= call.size || call.size > nodes::size(&mut read).await? {
        return Err(ApiError::not_found());
    }
    let hashes = nodes::inclusion(&mut read, call.leaf, call.size).await?;
    Ok(Json(wire::Path { hashes }))
}

/// Proof that a tree grew out of a smaller one.
pub(super) async fn consistency(
    State(app): State<AppState>,
    _caller: Caller,
    Called { call, .. }: Called<wire::ProveConsistency>,
) -> Reply<Json<wire::Path>> {
    let mut read = app.db.read().await?;
    if call.from > call.to || call.to > nodes::size(&mut read).await? {
        return Err(ApiError::not_found());
    }
    let hashes = nodes::consistency(&mut read, call.from, call.to).await?;
    Ok(Json(wire::Path { hashes }))
}
