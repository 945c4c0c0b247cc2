//! How the core reaches the server. The browser gives it fetch, the command line HTTP, the tests
//! the router itself.

use alloc::string::String;
use alloc::vec::Vec;

/// The methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Sealed bytes down.
    Get,
    /// Every call.
    Post,
    /// Sealed bytes up.
    Put,
}

/// What the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentType {
    /// `application/json`.
    Json,
    /// `application/octet-stream`.
    Octets,
}

/// One request. Only sealed bytes, ids, tokens and signed statements ever stand in it.
pub struct Request {
    /// How.
    pub method: Method,
    /// Where, from the root.
    pub path: String,
    /// What; empty for `Get`.
    pub body: Vec<u8>,
    /// The body's type.
    pub content_type: ContentType,
    /// SHA-256 of the body, to be sent as `Content-Digest` (RFC 9530).
    pub digest: Option<[u8; 32]>,
    /// To be sent as a strong `If-Match`.
    pub if_match: Option<u64>,
    /// First and last byte wanted, both inclusive.
    pub range: Option<(u64, u64)>,
}

/// One answer.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The whole body; the core asks for pieces where a body would be large.
    pub body: Vec<u8>,
}

/// No answer came: no network, or the server is gone. The request may have been carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached")]
pub struct Unreachable;

/// Sends requests with the session's cookie.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait Transport {
    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came.
    async fn send(&self, request: Request) -> Result<Response, Unreachable>;
}
