//! The list of matters, for whoever sits at them.

use axum::Json;
use axum::extract::State;
use shared::matters::wire::{ListMatters, ListSeatsToPass, Matters};

use super::store;
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::Caller;
use crate::journal::recovery;
use crate::state::AppState;

const MOST: u32 = 200;

/// The caller's matters. A client knows its one matter already.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<ListMatters>,
) -> Reply<Json<Matters>> {
    let Caller::Staff { kid, .. } = caller else { return Err(ApiError::not_found()) };
    let limit = call.limit.clamp(1, MOST);
    let mut read = app.db.read().await?;
    let mut matters = store::list(&mut read, kid, call.after, limit + 1).await?;
    let more = matters.len() > limit as usize;
    matters.truncate(limit as usize);
    Ok(Json(Matters { matters, more }))
}

/// The matters of a key whose seats the caller passes on.
pub(super) async fn seats_to_pass(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<ListSeatsToPass>,
) -> Reply<Json<Matters>> {
    let Caller::Staff { kid, .. } = caller else { return Err(ApiError::not_found()) };
    let limit = call.limit.clamp(1, MOST);
    let mut read = app.db.read().await?;
    let lost = recovery::may_see_seats(&mut read, kid, call.lost).await?;
    let mut matters = store::list(&mut read, *lost, call.after, limit + 1).await?;
    let more = matters.len() > limit as usize;
    matters.truncate(limit as usize);
    Ok(Json(Matters { matters, more }))
}
