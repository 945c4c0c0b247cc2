//! One line a request: method, route, outcome, sizes, time. Never what stands in an address, a query
//! or a body: a route is logged as the router writes it.

use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;

use super::request_id::RequestId;
use crate::config::LogFormat;
use crate::error::ApiError;

/// Whether text is a filter for log lines.
#[must_use]
pub fn is_filter(text: &str) -> bool {
    EnvFilter::try_new(text).is_ok()
}

/// Starts logging to standard output; a second start changes nothing.
///
/// # Errors
/// When the filter is not one.
pub fn start(format: LogFormat, filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| error.to_string())?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    // An error here only says that logging has begun already.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(lines.finish()),
        LogFormat::Json => tracing::subscriber::set_global_default(lines.json().finish()),
    };
    Ok(())
}

/// The layer.
pub async fn layer(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched
        .as_ref()
        .map_or_else(|| unrouted(request.uri().path()), MatchedPath::as_str)
        .to_owned();
    let received = length(request.headers(), request.body().size_hint().exact());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    // What went wrong is written further out, so its size is not known yet.
    let sent = match response.extensions().get::<ApiError>() {
        Some(_) => None,
        None => length(response.headers(), response.body().size_hint().exact()),
    };
    tracing::info!(
        request.id = id,
        %method,
        route,
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        received_bytes = received,
        sent_bytes = sent,
        "request"
    );
    response
}

fn length(headers: &HeaderMap, exact: Option<u64>) -> Option<u64> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    said.and_then(|text| text.parse().ok()).or(exact)
}

/// What the pages' own addresses and files are called: nobody's link, and nothing that was typed.
fn unrouted(path: &str) -> &'static str {
    match path {
        _ if path.starts_with("/i/") => "/i/{*}",
        _ if path == "/back" || path.starts_with("/back/") => "/back/{*}",
        _ if path.starts_with("/api/") => "/api/{*}",
        _ => "/{*}",
    }
}
