//! The journal's handlers.

use axum::Json;
use axum::extract::State;
use shared::call::Done;
use shared::journal::stream::Head;
use shared::journal::wire::{self, Entries};

use super::prove::{Question, cosigned, prove, witnessed};
use super::signer::Authority;
use super::store;
use super::{append, grave, policy, read};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{Caller, Session};
use crate::state::AppState;

/// Statements from whoever has a session.
pub(super) async fn append(
    State(app): State<AppState>,
    session: Session,
    Called { call, .. }: Called<wire::Append>,
) -> Reply<Json<wire::Appended>> {
    let authority = match session.caller {
        Caller::Staff { account, .. } => Authority::Staff(account),
        Caller::Client { kid, .. } => Authority::Client(kid),
    };
    let mut tx = app.db.begin().await?;
    if grave::is_grave(&mut tx, &call, app.now()).await? {
        session.fresh(&app)?;
    }
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
) -> Reply<Json<wire::News>> {
    let mut read = app.db.read().await?;
    let Entries { entries, more } = read::streams(&mut read, &caller, &call).await?;
    let question = Question { seen: call.seen, leaves: &read::lasts(&entries), size: None };
    let proof = prove(&mut read, &app, &question).await?;
    Ok(Json(wire::News { entries, more, proof }))
}

/// A page of the whole journal.
pub(super) async fn entries(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::ReadJournal>,
) -> Reply<Json<wire::Entries>> {
    let permit = policy::may_read_journal(&caller)?;
    let mut read = app.db.read().await?;
    Ok(Json(read::journal(&mut read, &permit, &call).await?))
}

/// A checkpoint with proofs of what the caller asks about.
pub(super) async fn proof(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::ReadProof>,
) -> Reply<Json<wire::Proof>> {
    if call.leaves.len() > wire::MAX_LEAVES {
        return Err(ApiError::bad_request("At most 1000 leaves are proven at once."));
    }
    let mut read = app.db.read().await?;
    let question = Question { seen: call.seen, leaves: &call.leaves, size: call.size };
    let mut proof = prove(&mut read, &app, &question).await?;
    if call.size.is_none() {
        proof.witnessed = witnessed(&mut read, &app, &caller).await?;
    }
    Ok(Json(proof))
}

/// A member of staff stands witness.
pub(super) async fn cosign(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<wire::Cosign>,
) -> Reply<Json<Done>> {
    let mut read = app.db.read().await?;
    let permit = cosigned(&mut read, &app, &caller, &call).await?;
    drop(read);
    let mut tx = app.db.begin().await?;
    store::cosignatures::keep(&mut tx, &permit).await?;
    tx.without_statement("a cosignature is about the journal, not in it").await?;
    Ok(Json(Done {}))
}
