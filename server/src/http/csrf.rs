//! Refuses requests that another site makes a browser send. Cookies are SameSite=Strict already;
//! this holds where a browser forgets that.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use shared::problem::Code;

use crate::error::ApiError;
use crate::state::AppState;

/// The layer: reads pass, writes must come from our own pages or from no browser at all.
pub async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let reads = request.method().is_safe();
    if reads || comes_from_here(request.headers(), app.config.public_url.origin()) {
        return next.run(request).await;
    }
    ApiError::new(Code::CrossSite, "This request comes from another site.").into_response()
}

fn comes_from_here(headers: &HeaderMap, origin: &str) -> bool {
    // Browsers send it over https and to localhost, and no page can forge it.
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    match headers.get(header::ORIGIN).map(|value| value.to_str()) {
        Some(Ok(from)) => from.eq_ignore_ascii_case(origin),
        Some(Err(_)) => false,
        // No browser sends a write without either.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        comes_from_here(&headers, "https://portal.example")
    }

    #[test]
    fn only_our_own_pages_and_plain_programs_may_write() {
        assert!(allowed(&[]));
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("origin", "https://portal.example")]));
        for bad in [
            &[("sec-fetch-site", "cross-site")] as &[_],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://portal.example")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://portal.example")],
            &[("origin", "null")],
        ] {
            assert!(!allowed(bad), "{bad:?}");
        }
    }
}
