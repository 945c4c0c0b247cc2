//! How the core reaches the server. The browser gives it fetch, the command line HTTP, the tests
//! the router itself.

use alloc::string::String;
use alloc::vec::Vec;

use crate::crypto::hash::Hash32;
use crate::documents::wire::ROOT_HEADER;
use crate::headers;

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

/// What a request carries.
pub enum Body<S = Vec<u8>> {
    /// Nothing: `Get`.
    Empty,
    /// A call, as `application/json`.
    Json(Vec<u8>),
    /// Sealed bytes, as `application/octet-stream`.
    Sealed(S),
}

impl<S> Body<S> {
    /// The media type to be named.
    #[must_use]
    pub const fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            Self::Sealed(_) => Some("application/octet-stream"),
        }
    }
}

impl<S: AsRef<[u8]>> AsRef<[u8]> for Body<S> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Empty => &[],
            Self::Json(bytes) => bytes,
            Self::Sealed(bytes) => bytes.as_ref(),
        }
    }
}

/// One request. Only sealed bytes, ids, tokens and signed statements ever stand in it.
pub struct Request<S = Vec<u8>> {
    /// How.
    pub method: Method,
    /// Where, from the root.
    pub path: String,
    /// What.
    pub body: Body<S>,
    /// The root over the chunks of the body, to be sent as [`ROOT_HEADER`] in base64url.
    pub root: Option<Hash32>,
    /// To be sent as a strong `If-Match`.
    pub if_match: Option<u64>,
    /// First and last byte wanted, both inclusive.
    pub range: Option<(u64, u64)>,
}

impl<S> Request<S> {
    /// Its headers, all but the session's cookie: names in lower case, and their values.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let kind = self.body.media_type().map(|kind| ("content-type", kind.into()));
        let root = self.root.map(|root| (ROOT_HEADER, headers::say_root(root)));
        let version = self.if_match.map(|version| ("if-match", headers::say_version(version)));
        let range = self.range.map(|range| ("range", headers::say_range(range)));
        [kind, root, version, range].into_iter().flatten().collect()
    }
}

/// One answer.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The whole body; the core asks for pieces where a body would be large.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether it holds what was asked for.
    #[must_use]
    pub const fn is_content(&self) -> bool {
        matches!(self.status, 200 | 206)
    }
}

/// An answer to a request for sealed bytes.
pub enum Received<S> {
    /// They came: as this transport holds them, and how many.
    Sealed(S, u64),
    /// Something else came.
    Other(Response),
}

/// No answer came: no network, or the server is gone. The request may have been carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached")]
pub struct Unreachable;

/// Sends requests with the session's cookie.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait Transport: 'static {
    /// Sealed bytes as this transport holds them. In the browser they lie outside of the program's
    /// memory, so that a part of a document is not copied in and out again on its way.
    type Sealed: From<Vec<u8>>;

    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came.
    async fn send(&self, request: Request<Self::Sealed>) -> Result<Response, Unreachable>;
    /// Sends one request for sealed bytes, which stay where this transport holds such: in the browser,
    /// outside of the program's memory.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came.
    async fn receive(
        &self,
        request: Request<Self::Sealed>,
    ) -> Result<Received<Self::Sealed>, Unreachable> {
        let response = self.send(request).await?;
        if !response.is_content() {
            return Ok(Received::Other(response));
        }
        let len = response.body.len() as u64;
        Ok(Received::Sealed(response.body.into(), len))
    }
}
