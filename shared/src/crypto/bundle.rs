//! Public keys as the firm knows them: the bundle that a statement carries, and the id that
//! everything else names it by.

use alloc::boxed::Box;

use minicbor::{Decode, Encode};

use super::error::FormatError;
use super::hash::{self, Hash32};
use super::{cbor, hazmat, purpose};
use crate::time::Timestamp;

super::bytes::public_bytes!(
    /// A key's id: SHA-256("underseal/v1/kid\0" || bundle). Security decisions use all 32 bytes.
    Kid, 32
);

impl Kid {
    /// The firm root signs before there is any bundle: its id is the firm's fingerprint.
    #[must_use]
    pub const fn of_root(firm: Hash32) -> Self {
        Self(firm.0)
    }

    /// The id of a bare verification key, which only the log uses.
    #[must_use]
    pub fn of_key(key: &VerifyKey) -> Self {
        Self(hash::labelled(purpose::KID, &[&key.0]).0)
    }
}

super::bytes::public_bytes!(
    /// An Ed25519 public key.
    VerifyKey, 32
);

impl VerifyKey {
    /// Whether the signature is this key's over the message, by the strict rules.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        hazmat::sign::verify(&self.0, message, signature)
    }

    /// Whether this is a canonical point of large order: a key that can bind its holder.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        hazmat::sign::is_sound(&self.0)
    }
}

/// Bytes of an X-Wing public key.
pub const KEM_PUBLIC: usize = hazmat::kem::PUBLIC;

/// An X-Wing public key, checked when it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct KemPublic(Box<[u8; KEM_PUBLIC]>);

impl KemPublic {
    /// Reads a public key.
    ///
    /// # Errors
    /// When the length is wrong, the ML-KEM half is out of range, or the X25519 half is of small
    /// order and would make the shared secret predictable.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let bytes: &[u8; KEM_PUBLIC] = bytes.try_into().map_err(|_| FormatError::Length)?;
        if hazmat::kem::is_sound(bytes) {
            Ok(Self(Box::new(*bytes)))
        } else {
            Err(FormatError::Value)
        }
    }

    #[cfg(feature = "plaintext")]
    pub(crate) fn of_seed(seed: &[u8; 32]) -> Self {
        Self(Box::new(hazmat::kem::public(seed)))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEM_PUBLIC] {
        &self.0
    }
}

impl core::fmt::Debug for KemPublic {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KemPublic({})", hash::sha256(self.0.as_slice()))
    }
}

impl<C> Encode<C> for KemPublic {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(self.0.as_slice())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for KemPublic {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::parse(d.bytes()?).map_err(|_| minicbor::decode::Error::message("not an X-Wing key"))
    }
}

/// What a key is for. Numbers are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    /// A lawyer or assistant: signs and opens.
    Staff = 1,
    /// Runs the firm's portal: signs, opens nothing.
    Admin = 2,
    /// A client of the firm.
    Client = 3,
    /// The key of one epoch of one matter: opens, signs nothing.
    Matter = 4,
    /// The firm's recovery key: opens, signs nothing.
    Recovery = 5,
    /// The server's key for checkpoints and receipts.
    Log = 6,
    /// The firm root.
    Root = 7,
}

impl Role {
    /// The role of a number.
    #[must_use]
    pub const fn from_u8(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Staff,
            2 => Self::Admin,
            3 => Self::Client,
            4 => Self::Matter,
            5 => Self::Recovery,
            6 => Self::Log,
            7 => Self::Root,
            _ => return None,
        })
    }

    /// (has a signing key, has a KEM key)
    const fn keys(self) -> (bool, bool) {
        match self {
            Self::Staff | Self::Client => (true, true),
            Self::Admin | Self::Log | Self::Root => (true, false),
            Self::Matter | Self::Recovery => (false, true),
        }
    }
}

impl<C> Encode<C> for Role {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u8(*self as u8)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Role {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::from_u8(d.u8()?).ok_or_else(|| minicbor::decode::Error::message("unknown role"))
    }
}

/// What a key's holder may do, as a set of bits that the keyring grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Caps(#[n(0)] pub u32);

impl Caps {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Give others the key of a matter.
    pub const GRANT: Self = Self(1);
    /// Approve steps in the life of keys.
    pub const KEYS: Self = Self(2);
    /// Set and lift retention and holds.
    pub const RETENTION: Self = Self(4);
    /// Set the firm's policies.
    pub const POLICY: Self = Self(8);
    /// Publish forms.
    pub const FORMS: Self = Self(16);
    /// Invite clients.
    pub const INVITE: Self = Self(32);
    /// Open matters and their epochs.
    pub const MATTERS: Self = Self(64);
    /// Admit people to the firm.
    pub const ADMIT: Self = Self(128);
    /// Every bit that has a meaning.
    pub const ALL: Self = Self(255);

    /// Whether all of `others` are in this set.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl core::ops::BitOr for Caps {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

/// The number of the one KEM: X-Wing as HPKE registers it.
pub const KEM_ID: u16 = 0x647a;

/// A public bundle: `{1: 1, 2: role, 3: subject, 4: firm, 5: verify key, 6: 0x647a, 7: kem key,
/// 8: created, 9: previous kid, 10: caps}`; 5, 6, 7 and 9 are absent where they do not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicBundle {
    /// What the keys are for.
    pub role: Role,
    /// Whose they are: the id of an account, a client or a matter.
    pub subject: [u8; 16],
    /// The firm's fingerprint.
    pub firm: Hash32,
    /// The signing key's public half.
    pub verify_key: Option<VerifyKey>,
    /// The KEM key's public half.
    pub kem: Option<KemPublic>,
    /// When it was made.
    pub created: Timestamp,
    /// The bundle that this one follows.
    pub previous: Option<Kid>,
    /// What its holder may do.
    pub caps: Caps,
}

impl PublicBundle {
    /// The bundle's id.
    #[must_use]
    pub fn kid(&self) -> Kid {
        Kid(hash::labelled(purpose::KID, &[&cbor::encode(self)]).0)
    }

    /// Whether the role has the keys it must have and none it must not, and only known bits.
    fn fits_its_role(&self) -> bool {
        let (signs, opens) = self.role.keys();
        self.verify_key.is_some() == signs
            && self.verify_key.is_none_or(|key| key.is_sound())
            && self.kem.is_some() == opens
            && Caps::ALL.contains(self.caps)
    }
}

/// The bundle as it stands in CBOR.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Fields {
    #[n(1)]
    version: u8,
    #[n(2)]
    role: Role,
    #[cbor(n(3), with = "minicbor::bytes")]
    subject: [u8; 16],
    #[n(4)]
    firm: Hash32,
    #[n(5)]
    verify_key: Option<VerifyKey>,
    #[n(6)]
    kem_id: Option<u16>,
    #[n(7)]
    kem: Option<KemPublic>,
    #[n(8)]
    created: Timestamp,
    #[n(9)]
    previous: Option<Kid>,
    #[n(10)]
    caps: Caps,
}

impl<C> Encode<C> for PublicBundle {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        Fields {
            version: 1,
            role: self.role,
            subject: self.subject,
            firm: self.firm,
            verify_key: self.verify_key,
            kem_id: self.kem.as_ref().map(|_| KEM_ID),
            kem: self.kem.clone(),
            created: self.created,
            previous: self.previous,
            caps: self.caps,
        }
        .encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for PublicBundle {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let fields = Fields::decode(d, ctx)?;
        let known = fields.version == 1 && fields.kem_id == fields.kem.as_ref().map(|_| KEM_ID);
        let bundle = Self {
            role: fields.role,
            subject: fields.subject,
            firm: fields.firm,
            verify_key: fields.verify_key,
            kem: fields.kem,
            created: fields.created,
            previous: fields.previous,
            caps: fields.caps,
        };
        if known && bundle.fits_its_role() {
            Ok(bundle)
        } else {
            Err(minicbor::decode::Error::message("the bundle does not fit its role"))
        }
    }
}
