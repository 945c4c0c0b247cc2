//! Instants, as milliseconds since 1970-01-01T00:00:00Z. No clock lives in this crate: whoever
//! needs the time is given it.

/// An instant in milliseconds since the Unix epoch.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub u64);

/// Milliseconds in a minute.
pub const MINUTE: u64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: u64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: u64 = 24 * HOUR;

impl Timestamp {
    /// This instant moved forward, saturating.
    #[must_use]
    pub const fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Whether the instant lies before `other` by more than `slack` milliseconds.
    #[must_use]
    pub const fn is_before(self, other: Self, slack: u64) -> bool {
        self.0.saturating_add(slack) < other.0
    }
}

/// Whoever knows the time. The product reads a real clock; a test can be any Tuesday.
pub trait Clock {
    /// The present instant.
    fn now(&self) -> Timestamp;
}
