//! Sealed bytes: uploads in parts, objects, downloads.
//!
//! An upload begins with its length ([`policy::may_begin`]); its parts are hashed while they arrive
//! ([`part`]) and made durable before a row says so ([`upload`]). A signed manifest turns it into an
//! object ([`acts`]), if it says exactly what arrived. Objects go out as streams ([`content`]).
//! Nothing here can open any of it.

use axum::Router;
use axum::routing::{get, put};
use shared::documents::wire;

use crate::extract::call::on;
use crate::state::AppState;

pub mod acts;
pub mod content;
pub mod headers;
pub mod part;
pub mod policy;
mod routes;
pub mod store;
pub mod upload;

/// The routes of documents.
pub fn router() -> Router<AppState> {
    let router = Router::new()
        .route("/api/v1/uploads/{object}/parts/{index}", put(routes::put_part))
        .route("/api/v1/objects/{object}/content", get(routes::content));
    let router = on::<wire::StartUpload, _, _>(router, routes::start);
    on::<wire::CancelUpload, _, _>(router, routes::cancel)
}
