//! A one-time code: what is asked of a client, and how often and how long it is answered.
//!
//! The code is made by the device of whoever asks and lies sealed in the matter. It reaches the person by voice,
//! or by one mail. What they type comes back sealed to the matter, in a file that the client's key signs; a device
//! of the firm compares it, and a person of the firm says what was found.

use minicbor::{Decode, Encode};

use super::statement::RecordRef;
use crate::crypto::age::TAG;
use crate::crypto::keys::Kid;
use crate::crypto::manifest::{FileKind, Manifest};
use crate::time::{HOUR, MINUTE, Timestamp};

/// Digits of a code.
pub const DIGITS: usize = 8;

/// Most answers to one code.
pub const MOST_TRIES: usize = 5;

/// Most answers of one client in an hour, whatever they were asked for.
pub const MOST_IN_AN_HOUR: u64 = 10;

/// How a code reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// Somebody of the firm reads it aloud; the server learns neither code nor number.
    #[n(1)]
    Voice,
    /// The server sends one mail, and so sees the code.
    #[n(2)]
    Mail,
}

/// A client is asked for a code: `{1: client, 2: channel, 3: minutes, 4: record}`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodeAsked {
    /// The client's key.
    #[n(1)]
    pub client: Kid,
    /// How the code reaches the person.
    #[n(2)]
    pub channel: Channel,
    /// For how long it is answered, from when the server took this statement. No clock but the server's is
    /// asked: a person's, or the client's, may be wrong.
    #[n(3)]
    pub minutes: u32,
    /// The code, sealed for those with a seat.
    #[n(4)]
    pub code: RecordRef,
}

impl CodeAsked {
    /// The longest time.
    pub const MOST_MINUTES: u32 = 3 * 24 * 60;

    /// Whether it lasts as long as a code may.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.minutes >= 1 && self.minutes <= Self::MOST_MINUTES
    }

    /// Until when it is answered, where it was taken at an instant.
    #[must_use]
    pub fn ends(&self, taken: Timestamp) -> Timestamp {
        taken.plus(u64::from(self.minutes) * MINUTE)
    }
}

/// Whether a manifest is of an answer as clients hand it in: one version, as long as every code.
#[must_use]
pub fn is_answer(manifest: &Manifest) -> bool {
    let context = &manifest.context;
    context.kind == FileKind::Code
        && context.client.is_some()
        && context.version == 1
        && manifest.sealed_len == (DIGITS + TAG) as u64
}

/// Since when answers count towards the hour's.
#[must_use]
pub const fn hour_before(now: Timestamp) -> Timestamp {
    Timestamp(now.0.saturating_sub(HOUR))
}
