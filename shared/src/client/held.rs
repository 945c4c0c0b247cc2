//! What a matter holds once its stream was folded ([`super::room`]).

use alloc::vec::Vec;

use crate::crypto::keys::{Kid, PublicBundle};
use crate::crypto::manifest::Manifest;
use crate::crypto::sealed::RecordKind;
use crate::ids::InviteId;
use crate::journal::statement::{ClientInvited, Decision, Granted, RecordRef, Submitted};
use crate::time::Timestamp;

/// A grant of an epoch's key.
pub struct Grant {
    /// What the statement says.
    pub granted: Granted,
    /// The envelope, where the server gave it to us.
    pub(crate) envelope: Option<Vec<u8>>,
    /// Who granted.
    pub by: Kid,
    /// Its number in the stream.
    pub(crate) seq: u64,
    /// When, as the grantor says.
    pub time: Timestamp,
}

/// A sealed record with what names it.
pub(crate) struct SealedRecord {
    pub(crate) at: RecordRef,
    pub(crate) kind: RecordKind,
    pub(crate) bytes: Vec<u8>,
    /// Who wrote it.
    pub(crate) by: Kid,
}

/// A client who came by an invitation.
pub struct Client {
    /// The client's keys.
    pub bundle: PublicBundle,
    /// By which invitation.
    pub invite: InviteId,
    /// The MAC under the link's secret.
    pub(crate) mac: [u8; 32],
    /// When the server took the joining.
    pub(crate) arrived: Timestamp,
    /// How surely staff knows the client: `None` before acceptance.
    pub level: Option<u8>,
}

/// An object in the matter.
pub struct Filed {
    /// The signed manifest.
    pub manifest: Manifest,
    /// Who signed it.
    pub sender: Kid,
    /// Header and nonce.
    pub(crate) header: Option<Vec<u8>>,
    /// Sealed metadata.
    pub(crate) meta: Option<Vec<u8>>,
    /// The server's time of arrival.
    pub arrived: Timestamp,
    /// The statement itself, for evidence and export.
    pub(crate) statement: Vec<u8>,
}

/// An invitation with its sealed secret.
pub(crate) struct Invited {
    pub(crate) act: ClientInvited,
    pub(crate) secret: Option<Vec<u8>>,
    /// What the client's browser opens.
    pub(crate) blob: Option<Vec<u8>>,
    /// Who invited.
    pub(crate) by: Kid,
    /// When, as the inviter says.
    pub(crate) time: Timestamp,
}

/// A submission and where it stands.
pub struct Submission {
    /// What the client signed.
    pub submitted: Submitted,
    /// By whom.
    pub client: Kid,
    /// The server's time of arrival.
    pub arrived: Timestamp,
    /// The newest decision.
    pub decision: Option<Decision>,
}
