//! The acts: what the bodies of statements say, one type a namespace.
//!
//! Everything here is visible to the server, so no act holds a name, a title, an answer or a
//! reason: those travel in sealed attachments that the act names by SHA-256. An attachment goes
//! to the server beside the statement ([`super::wire::Append`]) and comes back beside it.
//!
//! Enum variants and field numbers are frozen once released: a new meaning takes a new number.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

pub use super::admission::{Admitted, EnrolmentOffered};
pub use super::epoch::EpochAct;
pub use super::leaving::{EndKind, Ended, Restored};
use super::papers::PapersKey;
use super::posts::{DutyGiven, Posted, WallLifted, WallRaised};
use super::stream::Place;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, PublicBundle, VerifyKey};
use crate::crypto::manifest::Manifest;
use crate::ids::{FormId, InviteId, MatterId, ObjectId, RecordId, SubmissionId};
use crate::time::Timestamp;

/// The body of a statement that has a place in a stream: `{1: 1, 2: place, 3: act}`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Placed<A> {
    /// Always 1; an act with another meaning takes a new namespace.
    #[n(1)]
    pub version: u8,
    /// Where the statement stands.
    #[n(2)]
    pub place: Place,
    /// What it says.
    #[n(3)]
    pub act: A,
}

/// The place that a statement's body claims, whatever its act; `None` when the bytes are no
/// statement with a place. Nothing is verified.
#[must_use]
pub fn place_of(statement: &[u8]) -> Option<Place> {
    let body = crate::crypto::signed::body_of(statement).ok()?;
    let mut body = minicbor::Decoder::new(body);
    (body.map().ok()?? == 3 && body.u8().ok()? == 1 && body.u8().ok()? == 1).then_some(())?;
    (body.u8().ok()? == 2).then_some(())?;
    body.decode().ok()
}

/// Which variant of its namespace's act a statement holds, by number; `None` for namespaces that
/// have but one.
#[must_use]
pub fn variant_of(statement: &[u8]) -> Option<u8> {
    let body = crate::crypto::signed::body_of(statement).ok()?;
    let mut body = minicbor::Decoder::new(body);
    body.map().ok()?;
    for _ in 0..2 {
        body.skip().ok()?;
        body.skip().ok()?;
    }
    body.skip().ok()?;
    (body.datatype().ok()? == minicbor::data::Type::Array).then_some(())?;
    body.array().ok()?;
    body.u8().ok()
}

/// Namespace 1, first statement of `keyring`, signed by the firm root itself (signer kid =
/// [`RootAct::fingerprint`]): the firm comes into being.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RootAct {
    /// The firm root's verification key.
    #[n(1)]
    pub root: VerifyKey,
    /// The key that signs checkpoints and receipts.
    #[n(2)]
    pub log: VerifyKey,
    /// The firm's own room, a matter to which all lawyers hold a grant: names of staff, forms.
    #[n(3)]
    pub office: MatterId,
    /// When.
    #[n(4)]
    pub created: Timestamp,
    /// 16 random bytes, so that no two firms share a fingerprint.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub salt: [u8; 16],
}

impl RootAct {
    /// FRF, the firm root fingerprint: SHA-256("underseal/v1/frf\0" || CBOR of this).
    #[must_use]
    pub fn fingerprint(&self) -> Hash32 {
        crate::crypto::hash::labelled(
            crate::crypto::purpose::FRF,
            &[&crate::crypto::cbor::encode(self)],
        )
    }
}

/// Namespace 2, stream `keyring`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum KeyringAct {
    /// A person joins. Signed by the root or by staff with `ADMIT`.
    #[n(0)]
    Admitted(#[n(0)] Admitted),
    /// The firm recovery key. Signed by the root.
    #[n(1)]
    RecoveryKey(#[n(0)] PublicBundle),
    /// A person is invited. Signed by the root or by staff with `ADMIT`.
    #[n(2)]
    Invited(#[n(0)] EnrolmentOffered),
    /// A person leaves or is suspended. Signed by the root or by staff with `ADMIT` or `KEYS`.
    #[n(3)]
    Ended(#[n(0)] Ended),
    /// A suspended person comes back. Signed as an end is.
    #[n(4)]
    Restored(#[n(0)] Restored),
    /// What a person is from now on. Signed by the root or by staff with `ADMIT` or `KEYS`.
    #[n(5)]
    Posted(#[n(0)] Posted),
    /// A person must not see a matter. Signed by the root, by staff with `ADMIT`, `KEYS` or `POLICY`, or by
    /// staff with `GRANT` and a seat there.
    #[n(6)]
    WallRaised(#[n(0)] WallRaised),
    /// A wall stands no longer. Signed by the root or by staff with `ADMIT`, `KEYS` or `POLICY`.
    #[n(7)]
    WallLifted(#[n(0)] WallLifted),
    /// A duty is somebody's. Signed as a post is.
    #[n(8)]
    DutyGiven(#[n(0)] DutyGiven),
}

/// Namespace 4, stream `matter/<id>`: a client has come by invitation. Signed by the client's own
/// key, which the statement itself brings; authorised by the invitation's token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClientJoined {
    /// The invitation.
    #[n(1)]
    pub invite: InviteId,
    /// The client's public keys, role `Client`.
    #[n(2)]
    pub bundle: PublicBundle,
    /// HMAC under the link secret over bundle, invitation and blob: only staff can check it.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub mac: [u8; 32],
}

/// Namespace 7, stream `matter/<id>`: an object is filed. Attachments: the file's header with its
/// nonce, and its sealed metadata.
pub type ManifestAct = Manifest;

/// Namespace 8, stream `matter/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum MatterAct {
    /// The matter comes into being; always the stream's first statement. Staff with `MATTERS`.
    #[n(0)]
    Created(#[n(0)] MatterId),
    /// A person can open the matter from now on. Attachment: the key envelope (`USK1`). Staff
    /// with `GRANT`; the recipient's kid is staff's, the recovery key's or an accepted client's.
    #[n(1)]
    Granted(#[n(0)] Granted),
    /// The matter's sealed description changed. Attachment: the record (`USR1`). Staff with a seat.
    #[n(2)]
    Described(#[n(0)] RecordRef),
    /// A client is invited. Attachments: the invitation's blob, and the link secret as a record
    /// for staff. Staff with `INVITE`.
    #[n(3)]
    Invited(#[n(0)] ClientInvited),
    /// Staff checked a client's MAC and accepts the client's key. Staff with a seat.
    #[n(4)]
    Accepted(#[n(0)] ClientAccepted),
    /// A client hands in answers and documents. Signed by that client.
    #[n(5)]
    Submitted(#[n(0)] Submitted),
    /// A submission changes state. Staff with a seat.
    #[n(6)]
    Decided(#[n(0)] Decided),
    /// The newest epoch has a key for identity papers. Staff with a seat who verifies.
    #[n(8)]
    PapersKey(#[n(0)] PapersKey),
    /// A person can open the papers of an epoch. Attachment: the key envelope (`USK1`). Staff with a seat who
    /// verifies, or the root; the recipient verifies and has a seat, or is the recovery key.
    #[n(9)]
    PapersGranted(#[n(0)] Granted),
}

/// See [`MatterAct::Granted`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Granted {
    /// Which epoch's key.
    #[n(1)]
    pub epoch: u32,
    /// To whom.
    #[n(2)]
    pub recipient: Kid,
    /// SHA-256 of the envelope.
    #[n(3)]
    pub envelope_hash: Hash32,
}

/// A sealed record attached to a statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordRef {
    /// The record's id; a later statement with the same id replaces it.
    #[n(1)]
    pub record: RecordId,
    /// The epoch whose record key seals it.
    #[n(2)]
    pub epoch: u32,
    /// SHA-256 of the sealed record.
    #[n(3)]
    pub hash: Hash32,
}

/// See [`MatterAct::Invited`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClientInvited {
    /// Which.
    #[n(1)]
    pub invite: InviteId,
    /// SHA-256 of the token derived from the link's secret.
    #[n(2)]
    pub auth_hash: Hash32,
    /// SHA-256 of the sealed blob.
    #[n(3)]
    pub blob_hash: Hash32,
    /// Until when it can be opened and used.
    #[n(4)]
    pub expires: Timestamp,
    /// The link secret, sealed for those with a seat.
    #[n(5)]
    pub secret: RecordRef,
}

/// See [`MatterAct::Accepted`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClientAccepted {
    /// The client's key.
    #[n(1)]
    pub client: Kid,
    /// The invitation it came by.
    #[n(2)]
    pub invite: InviteId,
    /// 1: by the link alone; 2: confirmed by voice or in person.
    #[n(3)]
    pub level: u8,
}

/// See [`MatterAct::Submitted`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Submitted {
    /// Made by the client when the form was opened, so that a retry is the same submission.
    #[n(1)]
    pub submission: SubmissionId,
    /// The object that holds the answers.
    #[n(2)]
    pub answers: ObjectId,
    /// The objects handed in with them, in the client's order.
    #[n(3)]
    pub documents: Vec<ObjectId>,
    /// Hash of the form as the client saw it.
    #[n(4)]
    pub form_hash: Hash32,
    /// Hash of the notice that was shown before the first question.
    #[n(5)]
    pub notice_hash: Hash32,
}

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Decision {
    /// Taken on.
    #[n(1)]
    Accepted,
    /// Turned down.
    #[n(2)]
    Declined,
    /// The client is asked for more.
    #[n(3)]
    AskedBack,
}

/// See [`MatterAct::Decided`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Decided {
    /// Which submission.
    #[n(1)]
    pub submission: SubmissionId,
    /// How.
    #[n(2)]
    pub decision: Decision,
}

/// Namespace 9, stream `forms`: a version of a form is published. Attachment: the definition,
/// sealed as a record of the office room. Staff with `FORMS`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FormPublished {
    /// The form.
    #[n(1)]
    pub form: FormId,
    /// 1, then without gaps.
    #[n(2)]
    pub version: u32,
    /// Hash of the definition, which holds a random salt so that a template cannot be recognised.
    #[n(3)]
    pub form_hash: Hash32,
    /// The sealed definition.
    #[n(4)]
    pub definition: RecordRef,
}

/// Namespace 18, stream `access/<matter>`: somebody with a seat did something with what he opened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AccessAct {
    /// The object, or none for the whole matter.
    #[n(1)]
    pub object: Option<ObjectId>,
    /// What was done.
    #[n(2)]
    pub verb: Verb,
}

/// What was done with something opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Verb {
    /// Shown on screen.
    #[n(1)]
    Opened,
    /// Saved as a file.
    #[n(2)]
    Downloaded,
    /// Taken out as part of an export.
    #[n(3)]
    Exported,
}

/// Namespace 17, never in a stream: proves that the holder of a client key asks for a session.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SessionProof {
    /// The server's challenge, used once.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    /// The firm, so that a proof for one firm is none for another.
    #[n(2)]
    pub firm: Hash32,
}
