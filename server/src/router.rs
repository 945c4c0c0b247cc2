//! The table of contents: every feature's routes, and the layers around them.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::{csrf, headers, log, request_id, security_txt, static_files, well_known};
use crate::state::AppState;
use crate::{documents, identity, intake, journal, keys, matters};

/// Everything the server answers. Tests and `main` make the same thing.
pub fn build(app: AppState) -> Router {
    Router::new()
        .merge(identity::router())
        .merge(keys::router())
        .merge(matters::router())
        .merge(intake::router())
        .merge(documents::router())
        .merge(journal::router())
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/.well-known/security.txt", get(security_txt::serve))
        .route("/.well-known/{*name}", get(well_known::serve))
        .fallback(static_files::serve)
        // Every reader of a body sets its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), csrf::layer))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(log::layer))
        .layer(from_fn(request_id::layer))
        .layer(from_fn_with_state(app.clone(), headers::layer))
        .with_state(app)
}

/// Whether the process runs at all.
async fn livez() -> &'static str {
    "alive\n"
}

/// Whether it can do its work: rows, schema, sealed bytes.
async fn readyz(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if let Err(error) = crate::db::migrate::check(&app.db).await {
        tracing::warn!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "database\n");
    }
    if let Err(error) = app.blobs.probe().await {
        tracing::warn!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "blobs\n");
    }
    (StatusCode::OK, "ready\n")
}
