//! The directory is the stream `keyring`; the server adds only sign-in names.

use axum::Json;
use axum::Router;
use axum::extract::State;
use shared::keys::wire::{
    CountMatters, CountSeats, Handles, ListHandles, MattersCounted, SeatsCounted,
};

pub mod store;

use crate::error::{ApiError, Reply};
use crate::extract::Caller;
use crate::extract::call::{Called, on};
use crate::journal::store::directory;
use crate::journal::{policy, review};
use crate::state::AppState;

/// The routes of keys.
pub fn router() -> Router<AppState> {
    let router = on::<ListHandles, _, _>(Router::new(), list);
    let router = on::<CountMatters, _, _>(router, count_matters);
    on::<CountSeats, _, _>(router, count_seats)
}

/// How much hangs on a person, for those who may end their time with the firm.
async fn count_seats(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<CountSeats>,
) -> Reply<Json<SeatsCounted>> {
    let Caller::Staff { account, .. } = caller else {
        return Err(ApiError::not_found());
    };
    let mut read = app.db.read().await?;
    let signer =
        directory::staff(&mut read, account, app.now()).await?.ok_or(ApiError::not_found())?;
    let permit = policy::may_count(&signer)?;
    let firm = directory::firm(&mut read).await?.ok_or(ApiError::not_found())?;
    Ok(Json(store::seats(&mut read, &permit, &firm, call.account, app.now()).await?))
}

/// How many matters there are, for those who may begin a review of them.
async fn count_matters(
    State(app): State<AppState>,
    caller: Caller,
    Called { .. }: Called<CountMatters>,
) -> Reply<Json<MattersCounted>> {
    let Caller::Staff { account, .. } = caller else {
        return Err(ApiError::not_found());
    };
    let mut read = app.db.read().await?;
    let signer =
        directory::staff(&mut read, account, app.now()).await?.ok_or(ApiError::not_found())?;
    review::may_count(&signer)?;
    let firm = directory::firm(&mut read).await?.ok_or(ApiError::not_found())?;
    Ok(Json(MattersCounted { matters: review::store::matters(&mut read, firm.office).await? }))
}

/// The sign-in names of all staff, for staff.
async fn list(
    State(app): State<AppState>,
    caller: Caller,
    Called { .. }: Called<ListHandles>,
) -> Reply<Json<Handles>> {
    let Caller::Staff { .. } = caller else {
        return Err(ApiError::not_found());
    };
    let mut read = app.db.read().await?;
    Ok(Json(Handles { handles: store::handles(&mut read).await? }))
}
