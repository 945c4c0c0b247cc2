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
use crate::crypto::invite::Fragment;
use crate::crypto::keys::{Caps, Identity, PublicBundle, Role};
use crate::crypto::rng;
use crate::ids::{InviteId, MatterId, SubmissionId};
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
    /// The last acts, signed and perhaps sent: repeated until their receipts came.
    #[n(10)]
    pub(crate) pending: Option<ByteVec>,
    /// What was sent, with the server's receipt.
    #[n(11)]
    pub(crate) sent: Option<SentV1>,
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

pub(super) fn earlier_key(matter: MatterId) -> String {
    format!("sent/{matter}")
}

pub(super) fn kept_key(invite: InviteId) -> String {
    format!("invite/{invite}")
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
            pending: None,
            sent: None,
        }
    }

    pub(in crate::client) fn fragment(&self) -> Result<Fragment, ClientError> {
        link::read(&self.fragment)
    }
}
