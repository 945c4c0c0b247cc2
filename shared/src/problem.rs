//! The only error that crosses the wire: RFC 9457 problem details with a stable code.

use alloc::borrow::Cow;
use alloc::string::String;

/// What went wrong, as the client's code may act on it. Never changed, only added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The request could not be read as what it claims to be.
    BadRequest,
    /// No session, or one that ended.
    Unauthenticated,
    /// Absent, or not for this caller: the two look alike.
    NotFound,
    /// The stream moved on: read its head and sign again.
    StreamMoved,
    /// This id is taken by other bytes.
    AlreadyExists,
    /// A statement or attachment does not hold up: signature, shape, capability or place.
    InvalidStatement,
    /// The row was replaced by somebody else meanwhile.
    Stale,
    /// The invitation's time is over.
    InvitationExpired,
    /// The invitation was used, by another browser.
    InvitationUsed,
    /// Wrong name, passphrase, code or link secret.
    SignInFailed,
    /// Too many tries; wait as long as `Retry-After` says.
    TooManyTries,
    /// Larger than this route takes.
    TooLarge,
    /// The bytes received are not the bytes announced.
    DigestMismatch,
    /// Parts are missing.
    UploadIncomplete,
    /// The server's storage is full; nothing of this request was kept.
    StorageFull,
    /// The server is busy or restarting; the same request may be sent again.
    Busy,
    /// The firm exists already.
    AlreadyFounded,
    /// The set-up code is missing or wrong.
    SetupCode,
    /// The request comes from another site.
    CrossSite,
    /// This needs a factor that was shown within five minutes.
    StepUp,
    /// A factor that cannot go: it is the account's last.
    LastFactor,
    /// The passkey's counter went back: it may have been copied.
    PasskeyCopied,
    /// The server failed; the request's id names the log line.
    #[serde(other)]
    Internal,
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// One short phrase.
    pub title: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// What code may act on.
    pub code: Code,
    /// One sentence, never an echo of the input.
    pub detail: Cow<'static, str>,
    /// Names the log line.
    pub request_id: String,
    /// Seconds to wait, where that helps; as the header `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}
