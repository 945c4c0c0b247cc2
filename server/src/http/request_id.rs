//! Gives every request a name, and every failure the problem body that carries it.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::ApiError;

/// The header that carries the name back.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request: ours, never the caller's.
#[derive(Clone)]
pub struct RequestId(pub String);

/// The layer: outside everything that may fail.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let id = shared::encoding::to_hex(&shared::crypto::rng::random::<8>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let mut response = finish(response, &id, api);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn finish(mut response: Response, id: &str, api: bool) -> Response {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        let kept: Vec<_> = response.headers_mut().remove("set-cookie").into_iter().collect();
        let mut problem = error.into_problem(id);
        problem.headers_mut().extend(kept.into_iter().map(|c| (axum::http::header::SET_COOKIE, c)));
        return problem;
    }
    // What axum or a layer answers by itself still has to look like ours.
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if api => {
            let allow = response.headers_mut().remove(axum::http::header::ALLOW);
            let mut problem = ApiError::bad_request_as(
                StatusCode::METHOD_NOT_ALLOWED,
                "This address takes another method.",
            )
            .into_problem(id);
            if let Some(allow) = allow {
                problem.headers_mut().insert(axum::http::header::ALLOW, allow);
            }
            problem
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            ApiError::internal("a handler panicked").into_problem(id)
        }
        _ => response,
    }
}
