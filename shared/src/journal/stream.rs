//! Streams: hash-chained sequences of statements.

use alloc::format;
use core::fmt;
use core::str::FromStr;

use minicbor::{Decode, Encode};

use crate::crypto::hash::Hash32;
use crate::ids::MatterId;
use crate::time::Timestamp;
use crate::vuln;

/// Names a stream. As text: `keyring`, `forms`, `policy`, `reviews`, `matter/<32 hex>`, `access/<32 hex>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// The firm's people and keys.
    Keyring,
    /// The firm's published forms.
    Forms,
    /// What the firm decides for all its matters.
    Policy,
    /// Reviews of who can open which matter.
    Reviews,
    /// One matter: its keys, grants, clients, documents and submissions.
    Matter(MatterId),
    /// Who opened what of one matter.
    Access(MatterId),
}

impl StreamId {
    /// The matter whose own stream this is.
    #[must_use]
    pub const fn matter(self) -> Option<MatterId> {
        match self {
            Self::Matter(matter) => Some(matter),
            Self::Keyring | Self::Forms | Self::Policy | Self::Reviews | Self::Access(_) => None,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("keyring"),
            Self::Forms => f.write_str("forms"),
            Self::Policy => f.write_str("policy"),
            Self::Reviews => f.write_str("reviews"),
            Self::Matter(id) => write!(f, "matter/{id}"),
            Self::Access(id) => write!(f, "access/{id}"),
        }
    }
}

/// The text names no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a stream")]
pub struct BadStream;

impl FromStr for StreamId {
    type Err = BadStream;
    fn from_str(text: &str) -> Result<Self, BadStream> {
        match text.split_once('/') {
            None if text == "keyring" => Ok(Self::Keyring),
            None if text == "forms" => Ok(Self::Forms),
            None if text == "policy" => Ok(Self::Policy),
            None if text == "reviews" => Ok(Self::Reviews),
            Some(("matter", id)) => id.parse().map(Self::Matter).map_err(|_| BadStream),
            Some(("access", id)) => id.parse().map(Self::Access).map_err(|_| BadStream),
            _ => Err(BadStream),
        }
    }
}

impl serde::Serialize for StreamId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for StreamId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<C> Encode<C> for StreamId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&format!("{self}"))?.ok()
    }
}

impl<'b, C> Decode<'b, C> for StreamId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?.parse().map_err(|_| minicbor::decode::Error::message("not the name of a stream"))
    }
}

/// Where a statement stands, and when its signer says it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Place {
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// 0 for a stream's first statement, then without gaps.
    #[n(2)]
    pub seq: u64,
    /// Digest of the stream's previous statement; 32 zero bytes before the first.
    #[n(3)]
    pub prev: Hash32,
    /// The signer's claim of the time.
    #[n(4)]
    pub time: Timestamp,
}

/// A stream's end: what the next statement must link to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, Encode, Decode,
)]
#[cbor(map)]
pub struct Head {
    /// The number the next statement takes.
    #[n(1)]
    pub next: u64,
    /// Digest of the last statement; 32 zero bytes for an empty stream.
    #[n(2)]
    pub last: Hash32,
}

impl Head {
    /// The head of a stream that has no statement yet.
    pub const EMPTY: Self = Self { next: 0, last: Hash32([0; 32]) };

    /// The place of the next statement.
    #[must_use]
    pub const fn place(self, stream: StreamId, time: Timestamp) -> Place {
        Place { stream, seq: self.next, prev: self.last, time }
    }

    /// The head after a statement at `place` with this digest, or why it does not follow.
    ///
    /// # Errors
    /// [`NotNext`] when the number or the link is not this head's.
    pub fn advance(self, place: &Place, digest: Hash32) -> Result<Self, NotNext> {
        let follows = place.seq == self.next && place.prev == self.last;
        if !follows && !vuln::a20() {
            return Err(NotNext);
        }
        let next = self.next.checked_add(1).ok_or(NotNext)?;
        Ok(Self { next, last: digest })
    }
}

/// The statement does not follow the stream's head: a gap, a fork or a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the statement does not follow the stream's last one")]
pub struct NotNext;
