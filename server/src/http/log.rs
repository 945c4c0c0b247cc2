//! One line a request: method, path, outcome, time. Never a query, a body, an address or a name.

use std::time::Instant;

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;

use super::request_id::RequestId;
use crate::config::LogFormat;

const LONGEST_PATH: usize = 120;

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
    let path = harmless(request.uri().path()).to_owned();
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let bytes = response.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    tracing::info!(
        request.id = id,
        %method,
        path,
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        bytes,
        "request"
    );
    response
}

// Our own addresses are made of these; whatever else was typed or pasted stays out of the log.
fn harmless(path: &str) -> &str {
    let ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-._".contains(c);
    if path.len() <= LONGEST_PATH && path.chars().all(ours) { path } else { "(other)" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_ours_is_not_logged() {
        assert_eq!(harmless("/api/v1/uploads/00ff/parts/3"), "/api/v1/uploads/00ff/parts/3");
        for typed in ["/Doe%20v.%20Doe", "/Smith", "/%C3%A9", "/a=b", &"/a".repeat(100)] {
            assert_eq!(harmless(typed), "(other)");
        }
    }
}
