//! The handlers of uploads and downloads.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use shared::call::Done;
use shared::documents::wire::{CancelUpload, PartKept, StartUpload, Upload};
use shared::ids::ObjectId;
use shared::problem::Code;

use super::{content, headers, part, upload};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::Caller;
use crate::state::AppState;

/// Begins an upload, or says where it stands.
pub(super) async fn start(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<StartUpload>,
) -> Reply<Json<Upload>> {
    Ok(Json(upload::start(&app, &caller, &call).await?))
}

/// Keeps one part.
pub(super) async fn put_part(
    State(app): State<AppState>,
    caller: Caller,
    Path((object, index)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Reply<Json<PartKept>> {
    let object: ObjectId = object.parse().map_err(|_| ApiError::not_found())?;
    let index = shared::headers::part(&index).ok_or_else(ApiError::not_found)?;
    let announced = headers::announced_root(&headers)?;
    let (permit, length) = upload::expected(&app, &caller, object, index).await?;
    let arrived = part::receive(body, length, app.config.body_deadline).await?;
    if arrived.root != announced {
        return Err(ApiError::new(
            Code::DigestMismatch,
            "The bytes that arrived are not those announced. Nothing was kept.",
        ));
    }
    Ok(Json(upload::keep(&app, &caller, &permit, index, arrived).await?))
}

/// Gives an upload up.
pub(super) async fn cancel(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<CancelUpload>,
) -> Reply<Json<Done>> {
    upload::cancel(&app, &caller, call.object).await?;
    Ok(Json(Done {}))
}

/// Sends an object's sealed bytes.
pub(super) async fn content(
    State(app): State<AppState>,
    caller: Caller,
    Path(object): Path<String>,
    headers: HeaderMap,
) -> Reply<Response> {
    let object: ObjectId = object.parse().map_err(|_| ApiError::not_found())?;
    content::send(&app, &caller, object, &headers).await
}
