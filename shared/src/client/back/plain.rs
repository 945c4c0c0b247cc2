//! What a client comes back to, and what a device keeps to add to it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use zeroize::{Zeroize as _, Zeroizing};

use crate::client::error::{ClientError, Thing};
use crate::client::intake::KeptV1;
use crate::crypto::back::BackPlace;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, RecordKey};
use crate::identity::back::BackBy;
use crate::ids::{BackId, InviteId, MatterId};
use crate::time::Timestamp;

const MAX: usize = 1024 * 1024;

/// The record's content: what the device holds of each invitation of one matter.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct BackV1 {
    #[n(1)]
    version: u8,
    #[n(2)]
    pub(super) matter: MatterId,
    /// When the passkey was made.
    #[n(3)]
    pub(super) made: Timestamp,
    #[n(4)]
    pub(super) visits: Vec<VisitV1>,
}

/// One invitation: what the device holds of it, and what the page shows before the link is opened again.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct VisitV1 {
    #[n(1)]
    pub(super) invite: InviteId,
    /// [`KeptV1`], keys and all, without the receipt's proof, which can be asked for again.
    #[n(2)]
    pub(super) kept: ByteVec,
    #[n(3)]
    pub(super) firm_name: String,
    #[n(4)]
    pub(super) lawyer_name: String,
    /// The form's title, in the client's language.
    #[n(5)]
    pub(super) form: String,
    /// The number to be compared by voice.
    #[n(6)]
    pub(super) spoken: String,
    /// Until when the link can be opened.
    #[n(7)]
    pub(super) expires: Timestamp,
}

impl Drop for VisitV1 {
    fn drop(&mut self) {
        self.kept.zeroize();
    }
}

impl VisitV1 {
    pub(super) fn kept(&self) -> Result<KeptV1, ClientError> {
        KeptV1::read(&self.kept).map_err(|_| BROKEN)
    }
}

pub(super) const BROKEN: ClientError = ClientError::NotVerified(Thing::Back);

/// A way back as a device holds it that made it, or came by it: enough to add to it without another touch.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct HeldV1 {
    #[n(1)]
    pub(super) firm: Hash32,
    #[n(2)]
    pub(super) matter: MatterId,
    /// The key for which the passkey is registered.
    #[n(3)]
    pub(super) client: Kid,
    #[n(4)]
    pub(super) back: BackId,
    /// Of the record that this device knows to be the newest.
    #[n(5)]
    pub(super) number: u64,
    /// SHA-256 of the passkey's credential id (or what stands for it with words), and of the slot.
    #[n(6)]
    pub(super) credential: Hash32,
    #[n(7)]
    pub(super) slot: Hash32,
    /// When the passkey was made.
    #[n(8)]
    pub(super) made: Timestamp,
    /// The record's key.
    #[cbor(n(9), with = "minicbor::bytes")]
    key: [u8; 32],
    #[n(10)]
    pub(super) visits: Vec<VisitV1>,
    /// Absent for a passkey.
    #[n(11)]
    pub(super) by: Option<BackBy>,
}

impl Drop for HeldV1 {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// A way back as it begins.
pub(super) struct Beginning {
    pub(super) place: BackPlace,
    pub(super) matter: MatterId,
    pub(super) number: u64,
    pub(super) credential: Hash32,
    pub(super) slot: Hash32,
    pub(super) made: Timestamp,
    pub(super) visits: Vec<VisitV1>,
    pub(super) by: Option<BackBy>,
}

impl HeldV1 {
    pub(super) fn new(beginning: Beginning, key: &RecordKey) -> Self {
        let Beginning { place, matter, number, credential, slot, made, visits, by } = beginning;
        let BackPlace { firm, client, back } = place;
        let key = *key.bytes();
        Self { firm, matter, client, back, number, credential, slot, made, key, visits, by }
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ClientError> {
        cbor::decode_strict(bytes, MAX).map_err(|_| ClientError::Store)
    }

    pub(super) const fn place(&self) -> BackPlace {
        BackPlace { firm: self.firm, client: self.client, back: self.back }
    }

    pub(super) fn key(&self) -> RecordKey {
        RecordKey::from_bytes(self.key)
    }

    /// What is held of each invitation, where all of it can be read.
    #[cfg(any(test, feature = "fuzz"))]
    pub(crate) fn visits(&self) -> Option<Vec<KeptV1>> {
        self.visits.iter().map(|visit| visit.kept().ok()).collect()
    }

    /// Takes a visit in, in the place of what was known of the same invitation.
    pub(super) fn take(&mut self, visit: VisitV1) {
        self.visits.retain(|one| one.invite != visit.invite);
        self.visits.push(visit);
    }
}

pub(super) fn pack(held: &HeldV1) -> Zeroizing<Vec<u8>> {
    let HeldV1 { matter, made, .. } = *held;
    Zeroizing::new(cbor::encode(&BackV1 { version: 1, matter, made, visits: held.visits.clone() }))
}

pub(super) fn unpack(bytes: &[u8]) -> Result<BackV1, ClientError> {
    let read: BackV1 = cbor::decode_strict(bytes, MAX).map_err(|_| BROKEN)?;
    if read.version == 1 { Ok(read) } else { Err(BROKEN) }
}

/// Where a device keeps the way back to a matter.
pub(in crate::client) fn back_key(firm: Hash32, matter: MatterId) -> String {
    format!("{BACKS}{firm}/{matter}")
}

/// Where everything that is kept of ways back begins.
pub(super) const BACKS: &str = "back/";
