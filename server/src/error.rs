//! The one place where a status is chosen. A handler says what went wrong ([`ApiError`]); the
//! outermost layer writes it as a problem ([`shared::problem::Problem`]) with the request's id.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::problem::{Code, Problem};

use crate::blob::BlobError;
use crate::db::pool::DbError;

/// What went wrong, for whoever asked.
#[derive(Debug, Clone)]
pub struct ApiError {
    code: Code,
    status: StatusCode,
    detail: &'static str,
    retry_after: Option<u64>,
    /// What only the log may know.
    cause: Option<String>,
}

/// What handlers return.
pub type Reply<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with the status that its code always has.
    #[must_use]
    pub const fn new(code: Code, detail: &'static str) -> Self {
        Self { code, status: status(code), detail, retry_after: None, cause: None }
    }

    /// The request could not be read.
    #[must_use]
    pub const fn bad_request(detail: &'static str) -> Self {
        Self::new(Code::BadRequest, detail)
    }

    /// The body is of a type that this route does not take.
    #[must_use]
    pub const fn unsupported_type(detail: &'static str) -> Self {
        Self::bad_request_as(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// The body did not arrive in time.
    #[must_use]
    pub const fn timed_out(detail: &'static str) -> Self {
        Self::bad_request_as(StatusCode::REQUEST_TIMEOUT, detail)
    }

    /// The request must name the version that it replaces.
    #[must_use]
    pub const fn precondition_required(detail: &'static str) -> Self {
        Self::bad_request_as(StatusCode::PRECONDITION_REQUIRED, detail)
    }

    /// A bad request with a status that says more than 400.
    #[must_use]
    pub const fn bad_request_as(status: StatusCode, detail: &'static str) -> Self {
        let mut error = Self::new(Code::BadRequest, detail);
        error.status = status;
        error
    }

    /// Absent, or not for this caller.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here for you.")
    }

    /// No session, or one that ended.
    #[must_use]
    pub const fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Sign in first.")
    }

    /// A statement or attachment that does not hold up.
    #[must_use]
    pub const fn invalid(detail: &'static str) -> Self {
        Self::new(Code::InvalidStatement, detail)
    }

    /// Too many tries, with the time to wait.
    #[must_use]
    pub const fn too_many(seconds: u64) -> Self {
        let mut error =
            Self::new(Code::TooManyTries, "Too many tries. Wait a little, then try again.");
        error.retry_after = Some(seconds);
        error
    }

    /// The server failed; the reason goes to the log only.
    #[must_use]
    pub fn internal(cause: impl core::fmt::Display) -> Self {
        let mut error = Self::new(Code::Internal, "The server failed. Nothing was changed.");
        error.cause = Some(cause.to_string());
        error
    }

    /// What code may act on.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The whole of it, for whoever runs the server.
    #[must_use]
    pub fn for_operators(&self) -> String {
        match &self.cause {
            Some(cause) => format!("The server failed: {cause}."),
            None => self.detail.to_owned(),
        }
    }

    /// The finished answer, which names the request.
    #[must_use]
    pub fn into_problem(self, request_id: &str) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(request.id = request_id, cause, "request failed");
        }
        let name = serde_json::to_value(self.code).ok();
        let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or("internal");
        let problem = Problem {
            kind: Cow::Owned(format!("urn:underseal:problem:{name}")),
            title: Cow::Borrowed(self.status.canonical_reason().unwrap_or("Problem")),
            status: self.status.as_u16(),
            code: self.code,
            detail: Cow::Borrowed(self.detail),
            request_id: request_id.to_owned(),
            retry_after: self.retry_after,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

const fn status(code: Code) -> StatusCode {
    match code {
        Code::BadRequest => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::StreamMoved
        | Code::AlreadyExists
        | Code::InvitationUsed
        | Code::UploadIncomplete
        | Code::AlreadyFounded
        | Code::LastFactor => StatusCode::CONFLICT,
        Code::InvalidStatement | Code::DigestMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Stale => StatusCode::PRECONDITION_FAILED,
        Code::InvitationExpired => StatusCode::GONE,
        Code::SignInFailed
        | Code::SetupCode
        | Code::CrossSite
        | Code::StepUp
        | Code::PasskeyCopied => StatusCode::FORBIDDEN,
        Code::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Full => storage_full(),
            DbError::Busy => busy(),
            DbError::Taken => Self::new(Code::AlreadyExists, "This id is taken."),
            DbError::Shape | DbError::Tile(_) | DbError::Other(_) => Self::internal(error),
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => storage_full(),
            BlobError::Busy => busy(),
            BlobError::Missing | BlobError::Denied | BlobError::NoBucket | BlobError::Other(_) => {
                Self::internal(error)
            }
        }
    }
}

const fn storage_full() -> ApiError {
    ApiError::new(
        Code::StorageFull,
        "The server's storage is full. Nothing of this request was kept; what was confirmed before is safe.",
    )
}

/// The server is busy or restarting.
#[must_use]
pub const fn busy() -> ApiError {
    let mut error =
        ApiError::new(Code::Busy, "The server is busy. The same request may be sent again.");
    error.retry_after = Some(1);
    error
}

impl IntoResponse for ApiError {
    // The body is written by `http::request_id`, which knows the request's name.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The status of a range that lies outside the object (RFC 9110 section 15.5.17).
pub const OUTSIDE: StatusCode = StatusCode::RANGE_NOT_SATISFIABLE;
