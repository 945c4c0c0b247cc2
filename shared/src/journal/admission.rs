//! A person is invited to the firm, and joins: acts of the stream `keyring`.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::posts::{Placing, Post};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, PublicBundle, Role};
use crate::crypto::sealed::{RecordKind, inspect_record};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::ids::{AccountId, EnrolmentId};
use crate::time::Timestamp;

/// A person of the firm, with the keys and capabilities that everybody accepts from now on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Admitted {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The self-signed bundle (`USS1`, namespace 3): proof that its holder has the signing key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bundle: Vec<u8>,
    /// The enrolment that this answers; none for the founder.
    #[n(3)]
    pub enrolment: Option<EnrolmentId>,
}

/// A bundle that its own signing key signed (`USS1`, namespace 3), or `None`.
#[must_use]
pub fn open_self_signed(bytes: &[u8]) -> Option<PublicBundle> {
    let signed = Signed::parse(bytes).ok()?;
    let bundle: PublicBundle = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
    let key = bundle.verify_key.as_ref()?;
    (signed.signer() == bundle.kid() && signed.verify(Namespace::StaffBundle, key).is_ok())
        .then_some(bundle)
}

/// An invitation of staff: what the server must know to let one person in once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolmentOffered {
    /// Which.
    #[n(1)]
    pub enrolment: EnrolmentId,
    /// SHA-256 of the token derived from the link's secret.
    #[n(2)]
    pub auth_hash: Hash32,
    /// SHA-256 of the sealed blob, which is the statement's attachment.
    #[n(3)]
    pub blob_hash: Hash32,
    /// Until when.
    #[n(4)]
    pub expires: Timestamp,
    /// The role offered; with the capabilities, exactly what the admitted bundle must have.
    #[n(5)]
    pub role: u8,
    /// Capability bits.
    #[n(6)]
    pub caps: u32,
    /// The link's secret as its maker keeps it: a record (`USR1`, kind 4) under the maker's own
    /// account key. With it, and without any room's key, the maker alone can tell the invited one.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub kept: Vec<u8>,
    /// The post offered; where none is said, the role's.
    #[n(8)]
    pub placing: Option<Placing>,
}

impl EnrolmentOffered {
    /// What the newcomer will be.
    #[must_use]
    pub fn post(&self) -> Option<Post> {
        let said = self.placing.map(|placing| placing.post);
        Some(said.unwrap_or(Post::of_bundle(Role::from_u8(self.role)?, Caps(self.caps))))
    }

    /// Whether role and capabilities exist, and are those of the post.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let (Some(role @ (Role::Staff | Role::Admin)), caps) =
            (Role::from_u8(self.role), Caps(self.caps))
        else {
            return false;
        };
        Caps::ALL.contains(caps) && self.placing.is_none_or(|placing| placing.fits(role, caps))
    }

    /// Whether the sealed secret is a record of its kind and of this offer, seen from outside.
    #[must_use]
    pub fn keeps_its_secret(&self) -> bool {
        let (kind, at) = (RecordKind::InviteSecret, self.enrolment.0);
        self.kept.len() <= 1024 && inspect_record(&self.kept) == Ok((kind, at))
    }
}
