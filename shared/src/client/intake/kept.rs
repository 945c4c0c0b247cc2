//! What a device keeps of its invitations.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::client::error::ClientError;
use crate::client::filing::FiledDocument;
use crate::client::invite::Invitation;
use crate::client::link;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::invite::Fragment;
use crate::crypto::keys::{Caps, Identity, KemKey, PublicBundle, Role, SigningKey};
use crate::crypto::rng;
use crate::ids::{InviteId, MatterId, ObjectId, SubmissionId};
use crate::journal::stream::Head;
use crate::time::Timestamp;

/// What the device keeps for an invitation: all of it secret.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct KeptV1 {
    /// The fragment: the link's secret and the fingerprint's beginning.
    #[n(1)]
    pub(super) fragment: String,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(super) signing: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    pub(super) kem: [u8; 32],
    #[n(4)]
    pub(in crate::client) bundle: PublicBundle,
    #[n(5)]
    pub(crate) submission: SubmissionId,
    /// The statement by which this browser joins, once it was signed.
    #[n(7)]
    pub(in crate::client) joined: Option<ByteVec>,
    /// Whether the server confirmed the joining.
    #[n(8)]
    pub(in crate::client) confirmed: bool,
    /// Documents that are filed.
    #[n(9)]
    pub(crate) filed: Vec<FiledDocument>,
    /// What was sent, with the server's receipt.
    #[n(11)]
    pub(crate) sent: Option<SentV1>,
    /// Tries at handing in, signed and perhaps sent, of which it is not known that the server will
    /// never take them.
    #[n(12)]
    pub(in crate::client) pending: Vec<PendingV1>,
    /// Documents whose manifest is signed and perhaps sent.
    #[n(13)]
    pub(super) filings: Vec<FilingV1>,
}

/// A try at handing in: repeated, byte for byte, until its receipt came.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(in crate::client) struct PendingV1 {
    /// The acts as they are sent.
    #[n(1)]
    pub(in crate::client) append: ByteVec,
    /// What it says: `SubmissionV1::says`.
    #[n(2)]
    pub(in crate::client) says: Hash32,
    /// The documents that it names.
    #[n(3)]
    pub(in crate::client) documents: Vec<ObjectId>,
    /// The end of the matter's stream that it was signed for.
    #[n(4)]
    pub(in crate::client) place: Head,
}

/// A document's manifest, signed: repeated, byte for byte, until its receipt came.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct FilingV1 {
    /// The document.
    #[n(1)]
    pub(super) object: ObjectId,
    /// The act as it is sent.
    #[n(2)]
    pub(super) append: ByteVec,
}

/// What was sent: the receipt's content, kept on this device alone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SentV1 {
    /// The server's signed receipt for the submission (`USS1`).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub receipt: Vec<u8>,
    /// The leaf it promises: the receipt's number.
    #[n(2)]
    pub number: u64,
    /// The server's time.
    #[n(3)]
    pub time: Timestamp,
    /// The documents that went along.
    #[n(4)]
    pub documents: Vec<FiledDocument>,
    /// Whether something was changed after this had been sent and before its receipt came: what was
    /// changed is not handed in.
    #[n(5)]
    pub older: bool,
    /// The receipt with its proof ([`crate::client::proven`]), once it was asked for.
    #[n(6)]
    pub proven: Option<ByteVec>,
    /// When somebody of the firm last said to have verified the journal up to and with this submission,
    /// by that person's clock.
    #[n(7)]
    pub confirmed: Option<Timestamp>,
    /// When somebody of the firm last said so of the journal at all.
    #[n(8)]
    pub heard: Option<Timestamp>,
}

/// That something was handed in to a matter from this device: what the matter's next link finds.
/// Neither answers nor names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EarlierV1 {
    /// By which invitation; its own address still shows the receipt.
    #[n(1)]
    pub invite: InviteId,
    /// The receipt's number.
    #[n(2)]
    pub number: u64,
    /// The server's time.
    #[n(3)]
    pub time: Timestamp,
}

// Two firms may use one address, one after the other: what was written for one is not for the other,
// whatever the server calls their matters.
pub(in crate::client) fn earlier_key(firm: Hash32, matter: MatterId) -> String {
    format!("sent/{firm}/{matter}")
}

/// Where everything that is kept of invitations begins.
pub(in crate::client) const KEPT: &str = "invite/";

pub(in crate::client) fn kept_key(invite: InviteId) -> String {
    format!("{KEPT}{invite}")
}

impl KeptV1 {
    pub(super) fn make(fragment: String, invitation: &Invitation, now: Timestamp) -> Self {
        let identity = Identity::generate(Role::Client);
        let firm = invitation.directory.firm();
        let bundle = identity.bundle(Role::Client, rng::random_id(), firm, now, None, Caps::NONE);
        let kem = identity.kem.as_ref().map_or([0; 32], |kem| *kem.seed());
        Self {
            fragment,
            signing: *identity.signing.seed(),
            kem,
            bundle,
            submission: SubmissionId::random(),
            joined: None,
            confirmed: false,
            filed: Vec::new(),
            sent: None,
            pending: Vec::new(),
            filings: Vec::new(),
        }
    }

    pub(in crate::client) fn read(bytes: &[u8]) -> Result<Self, ClientError> {
        cbor::decode_strict(bytes, 4 * 1024 * 1024).map_err(|_| ClientError::Store)
    }

    /// The keys, their public halves computed.
    pub(in crate::client) fn identity(&self) -> Identity {
        Identity {
            signing: SigningKey::from_seed(self.signing),
            kem: Some(KemKey::from_seed(self.kem)),
        }
    }

    pub(in crate::client) fn fragment(&self) -> Result<Fragment, ClientError> {
        link::read(&self.fragment)
    }
}
