//! Identifiers: 16 random bytes, made by clients, opaque to the server.
//!
//! On the wire and in addresses an id is 32 lower-case hex digits; in signed bodies it is a
//! 16-byte CBOR byte string. Each kind of thing has its own type, so that a matter's id cannot
//! stand where a document's belongs.

use core::fmt;
use core::str::FromStr;

/// The text was not 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 lower-case hex digits")]
pub struct BadId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// A fresh id from the one source of randomness.
            #[must_use]
            pub fn random() -> Self {
                Self(crate::crypto::rng::random_id())
            }

            /// The id's bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                crate::encoding::write_hex(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                crate::encoding::read_hex::<16>(text).map(Self).ok_or(BadId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <alloc::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes: [u8; 16] = d
                    .bytes()?
                    .try_into()
                    .map_err(|_| minicbor::decode::Error::message("an id has 16 bytes"))?;
                Ok(Self(bytes))
            }
        }
    };
}

id!(
    /// One person of the firm, with a sign-in of their own.
    AccountId
);
id!(
    /// One slot that can unlock an account.
    SlotId
);
id!(
    /// One client matter; the firm's office room is one too.
    MatterId
);
id!(
    /// One invitation of a client.
    InviteId
);
id!(
    /// One invitation of a member of staff.
    EnrolmentId
);
id!(
    /// One ceremony by which the firm's officers recover what somebody lost.
    RecoveryId
);
id!(
    /// One stored object: a document, or the answers of a form.
    ObjectId
);
id!(
    /// One submission: answers with their documents.
    SubmissionId
);
id!(
    /// One form; its versions share the id.
    FormId
);
id!(
    /// One sealed record.
    RecordId
);
id!(
    /// One client person, as named in a public bundle.
    ClientId
);
id!(
    /// One review of who can open which matter.
    ReviewId
);
id!(
    /// One conflict wall: a person who must not see a matter.
    WallId
);
id!(
    /// One way by which a client comes back: a passkey with what it opens.
    BackId
);
id!(
    /// One signed-in browser, as its owner sees it listed; opens nothing.
    SessionId
);
