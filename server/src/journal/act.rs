//! What a statement says, read strictly and verified: its place, its act, and the attachments that
//! the act names. Pure; the keys come from the caller.

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, VerifyKey};
use shared::crypto::manifest::Manifest;
use shared::crypto::sealed::{RecordKind, inspect_record};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::ids::{MatterId, RecordId};
use shared::journal::code::CodeAsked;
use shared::journal::recovery::RecoveryAct;
use shared::journal::release::PolicyAct;
use shared::journal::review::ReviewAct;
use shared::journal::statement::{
    AccessAct, ClientJoined, EpochAct, FormPublished, KeyringAct, MatterAct, Placed, RootAct,
};
use shared::journal::stream::{Place, StreamId};
use shared::journal::verdict::{IdentityAct, KeyEnded, Lessened, Verdict};

use super::signer::{Part, Signer};
use crate::error::ApiError;

/// An act in the stream where it belongs.
#[allow(clippy::large_enum_variant, reason = "one at a time, on the stack of one request")]
pub enum Act {
    /// The firm comes into being.
    Root(RootAct),
    /// People and keys of the firm.
    Keyring(KeyringAct),
    /// Shares of the recovery key, and recoveries by them.
    Recovery(RecoveryAct),
    /// A client comes to a matter.
    Joined(MatterId, ClientJoined),
    /// A matter's key epoch begins.
    Epoch(MatterId, EpochAct),
    /// An object is filed.
    Filed(MatterId, Manifest),
    /// Anything else at a matter.
    Matter(MatterId, MatterAct),
    /// Who a client of a matter is.
    Identity(MatterId, IdentityAct),
    /// A form is published.
    Form(FormPublished),
    /// The firm decides something for all its matters.
    Policy(PolicyAct),
    /// Whether everybody who can open a matter still should.
    Review(ReviewAct),
    /// Somebody opened something.
    Access(MatterId, AccessAct),
}

/// An attachment that an act names, and what it must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// SHA-256 of the bytes.
    pub hash: Hash32,
    /// What they are.
    pub kind: Kind,
}

impl Name {
    /// The kind of the record, where the attachment is one.
    #[must_use]
    pub fn record_kind(&self, bytes: &[u8]) -> Option<RecordKind> {
        matches!(self.kind, Kind::Record(_)).then_some(())?;
        inspect_record(bytes).ok().map(|(kind, _)| kind)
    }
}

/// What an attachment is, as far as that can be seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `USK1` to this recipient.
    Envelope(Kid),
    /// `USR1` of this record.
    Record(RecordId),
    /// An age header of ours with its nonce, for the context with this hash.
    Header(Hash32),
    /// Sealed otherwise; only those with the right key can say more.
    Opaque,
}

/// The signer that a statement itself brings: the firm root, or a client who joins. `None` for all
/// other statements, whose signer must be known already.
///
/// # Errors
/// When the body is not what its namespace says, or the signer's id is not the brought key's.
pub fn brought_signer(signed: &Signed) -> Result<Option<Signer>, ApiError> {
    let signer = match signed.namespace() {
        Namespace::Root => {
            let act = stranger::<RootAct>(signed)?.act;
            let kid = Kid::of_root(act.fingerprint());
            Signer { kid, key: act.root, part: Part::Root }
        }
        Namespace::ClientBundle => {
            let body = stranger::<ClientJoined>(signed)?;
            let StreamId::Matter(matter) = body.place.stream else { return Err(misplaced()) };
            let ClientJoined { invite, bundle, .. } = body.act;
            let key = bundle
                .verify_key
                .ok_or(ApiError::invalid("The client's bundle has no signing key."))?;
            Signer { kid: bundle.kid(), key, part: Part::Client { matter, invite } }
        }
        _ => return Ok(None),
    };
    if signer.kid == signed.signer() {
        Ok(Some(signer))
    } else {
        Err(ApiError::invalid("The statement's signer is not the key it brings."))
    }
}

/// Verifies a statement under its signer's key and reads its act, which must stand in a stream of
/// its kind.
///
/// # Errors
/// When the signature, the body's shape or the pairing of namespace and stream does not hold.
pub fn read(signed: &Signed, key: &VerifyKey) -> Result<(Place, Act), ApiError> {
    match signed.namespace() {
        Namespace::Root => in_keyring(open(signed, key)?, Act::Root),
        Namespace::Keyring => in_keyring(open(signed, key)?, Act::Keyring),
        Namespace::Recovery => in_keyring(open(signed, key)?, Act::Recovery),
        Namespace::ClientBundle => at_matter(open(signed, key)?, Act::Joined),
        Namespace::EpochKey => at_matter(open(signed, key)?, Act::Epoch),
        Namespace::Manifest => at_matter(open(signed, key)?, Act::Filed),
        Namespace::Matter => at_matter(open(signed, key)?, Act::Matter),
        Namespace::IdVerdict => at_matter(open(signed, key)?, Act::Identity),
        Namespace::Form => {
            let Placed { place, act, .. } = open::<FormPublished>(signed, key)?;
            if place.stream == StreamId::Forms {
                Ok((place, Act::Form(act)))
            } else {
                Err(misplaced())
            }
        }
        Namespace::Policy => {
            let Placed { place, act, .. } = open::<PolicyAct>(signed, key)?;
            let placed = place.stream == StreamId::Policy;
            if placed { Ok((place, Act::Policy(act))) } else { Err(misplaced()) }
        }
        Namespace::Review => {
            let Placed { place, act, .. } = open::<ReviewAct>(signed, key)?;
            let placed = place.stream == StreamId::Reviews;
            if placed { Ok((place, Act::Review(act))) } else { Err(misplaced()) }
        }
        Namespace::Access => {
            let Placed { place, act, .. } = open::<AccessAct>(signed, key)?;
            let StreamId::Access(matter) = place.stream else { return Err(misplaced()) };
            Ok((place, Act::Access(matter, act)))
        }
        _ => Err(ApiError::invalid("Statements of this kind do not stand in a stream.")),
    }
}

/// The attachments that an act names.
#[must_use]
pub fn names(act: &Act) -> Vec<Name> {
    let name = |hash, kind| Name { hash, kind };
    match act {
        Act::Keyring(KeyringAct::Invited(offer)) => vec![name(offer.blob_hash, Kind::Opaque)],
        Act::Filed(_, manifest) => {
            vec![
                name(manifest.header_hash, Kind::Header(manifest.context.hash())),
                name(manifest.meta_hash, Kind::Opaque),
            ]
        }
        Act::Matter(_, MatterAct::Granted(granted) | MatterAct::PapersGranted(granted)) => {
            vec![name(granted.envelope_hash, Kind::Envelope(granted.recipient))]
        }
        Act::Matter(_, MatterAct::Described(record)) => {
            vec![name(record.hash, Kind::Record(record.record))]
        }
        Act::Matter(_, MatterAct::Invited(invited)) => {
            vec![
                name(invited.blob_hash, Kind::Opaque),
                name(invited.secret.hash, Kind::Record(invited.secret.record)),
            ]
        }
        Act::Identity(_, IdentityAct::Found(Verdict { reason: Some(reason), .. })) => {
            vec![name(reason.hash, Kind::Record(reason.record))]
        }
        Act::Identity(_, IdentityAct::Asked(CodeAsked { code, .. })) => {
            vec![name(code.hash, Kind::Record(code.record))]
        }
        Act::Policy(PolicyAct::Kinds(record))
        | Act::Identity(
            _,
            IdentityAct::NeededLess(Lessened { reason: record, .. })
            | IdentityAct::KeyEnded(KeyEnded { reason: record, .. }),
        ) => {
            vec![name(record.hash, Kind::Record(record.record))]
        }
        Act::Form(published) => {
            vec![name(published.definition.hash, Kind::Record(published.definition.record))]
        }
        Act::Root(_)
        | Act::Recovery(_)
        | Act::Policy(_)
        | Act::Review(_)
        | Act::Identity(..)
        | Act::Keyring(
            KeyringAct::Admitted(_)
            | KeyringAct::RecoveryKey(_)
            | KeyringAct::Ended(_)
            | KeyringAct::Restored(_)
            | KeyringAct::Posted(_)
            | KeyringAct::WallRaised(_)
            | KeyringAct::WallLifted(_)
            | KeyringAct::DutyGiven(_),
        )
        | Act::Joined(..)
        | Act::Epoch(..)
        | Act::Access(..)
        | Act::Matter(
            _,
            MatterAct::Created(_)
            | MatterAct::PapersKey(_)
            | MatterAct::Accepted(_)
            | MatterAct::Submitted(_)
            | MatterAct::Decided(_),
        ) => Vec::new(),
    }
}

fn in_keyring<A>(body: Placed<A>, act: fn(A) -> Act) -> Result<(Place, Act), ApiError> {
    if body.place.stream == StreamId::Keyring {
        Ok((body.place, act(body.act)))
    } else {
        Err(misplaced())
    }
}

fn at_matter<A>(body: Placed<A>, act: fn(MatterId, A) -> Act) -> Result<(Place, Act), ApiError> {
    let StreamId::Matter(matter) = body.place.stream else { return Err(misplaced()) };
    Ok((body.place, act(matter, body.act)))
}

fn misplaced() -> ApiError {
    ApiError::invalid("The statement stands in a stream of another kind.")
}

fn open<A>(signed: &Signed, key: &VerifyKey) -> Result<Placed<A>, ApiError>
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let body: Placed<A> = signed
        .body_as(signed.namespace(), key)
        .map_err(|_| ApiError::invalid("The statement's signature or body does not hold."))?;
    version_one(body)
}

// The key stands in the body itself: it is read first, and verified with right after.
fn stranger<A>(signed: &Signed) -> Result<Placed<A>, ApiError>
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let body = cbor::decode_strict(signed.body(), MAX_BODY)
        .map_err(|_| ApiError::invalid("The statement's body is malformed."))?;
    version_one(body)
}

fn version_one<A>(body: Placed<A>) -> Result<Placed<A>, ApiError> {
    if body.version == 1 {
        Ok(body)
    } else {
        Err(ApiError::invalid("The statement has an unknown version."))
    }
}
