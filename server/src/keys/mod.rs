//! The directory is the stream `keyring`; the server adds only sign-in names.

use axum::Json;
use axum::Router;
use axum::extract::State;
use shared::keys::wire::{Handles, ListHandles};

pub mod store;

use crate::error::{ApiError, Reply};
use crate::extract::Caller;
use crate::extract::call::{Called, on};
use crate::state::AppState;

/// The routes of keys.
pub fn router() -> Router<AppState> {
    on::<ListHandles, _, _>(Router::new(), list)
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
