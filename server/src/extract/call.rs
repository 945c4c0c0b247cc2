//! Reads a request as the [`Call`] it claims to be, with our own problem when it is not, and
//! mounts a handler at the route that the call names.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::http::{HeaderMap, header};
use axum::routing::{Router, post};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::call::Call;
use shared::problem::Code;

use crate::error::{ApiError, Reply};
use crate::http::limits::{APPEND_BODY, CALL_BODY};
use crate::state::AppState;

/// A request that could be read.
pub struct Called<C> {
    /// What is asked.
    pub call: C,
    /// The version that the request wants to replace.
    pub if_match: Option<u64>,
}

/// Mounts the handler of a call.
pub fn on<C, H, T>(router: Router<AppState>, handler: H) -> Router<AppState>
where
    C: Call,
    H: Handler<T, AppState>,
    T: 'static,
{
    router.route(C::ROUTE, post(handler))
}

impl<C: Call> FromRequest<AppState> for Called<C> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &AppState) -> Reply<Self> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(ApiError::unsupported_type("The body must be JSON."));
        }
        let if_match = if_match(&parts.headers)?;
        let most = if C::ROUTE.ends_with("/append") || C::ROUTE.ends_with("/found") {
            APPEND_BODY
        } else {
            CALL_BODY
        };
        let bytes = collect(body, most, app.config.body_deadline).await?;
        let call = serde_json::from_slice(&bytes)
            .map_err(|_| ApiError::bad_request("The request is not of the form this call has."))?;
        Ok(Self { call, if_match })
    }
}

/// The whole body, within a size and a time.
///
/// # Errors
/// 413, 408, or 400 when the connection broke.
pub async fn collect(body: Body, most: usize, deadline: Duration) -> Reply<Bytes> {
    let collected = tokio::time::timeout(deadline, Limited::new(body, most).collect());
    match collected.await {
        Err(_) => Err(too_slow()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(ApiError::new(Code::TooLarge, "The request is larger than this call takes."))
        }
        Ok(Err(_)) => Err(ApiError::bad_request("The request broke off.")),
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
    }
}

/// The body took too long.
#[must_use]
pub const fn too_slow() -> ApiError {
    ApiError::timed_out("The request took too long to arrive.")
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|text| {
        text.split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    })
}

fn if_match(headers: &HeaderMap) -> Reply<Option<u64>> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let version = value.to_str().ok().and_then(shared::headers::version);
    version.map(Some).ok_or(ApiError::bad_request("If-Match names no version."))
}
