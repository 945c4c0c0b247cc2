//! What a matter holds once its stream was folded ([`super::room`]), and how a device that verified it
//! keeps it ([`super::verified`]).

use alloc::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::blob::CLOCK_SLACK;
use super::error::ClientError;
use super::reissue::KeyEnd;
use super::room::{BROKEN, Room};
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{Kid, PublicBundle, VerifyKey};
use crate::crypto::manifest::{FileContext, FileKind, Manifest};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::documents::plain::MetaV1;
use crate::encoding::B64;
use crate::ids::{InviteId, ObjectId};
use crate::journal::statement::{ClientInvited, Decision, Granted, Placed, RecordRef, Submitted};
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// A grant of an epoch's key.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// What the statement says.
    #[n(1)]
    pub granted: Granted,
    /// The envelope, where the server gave it to us.
    #[n(2)]
    pub(crate) envelope: Option<ByteVec>,
    /// Who granted.
    #[n(3)]
    pub by: Kid,
    /// Its number in the stream.
    #[n(4)]
    pub(crate) seq: u64,
    /// When, as the grantor says.
    #[n(5)]
    pub time: Timestamp,
}

/// Access that was taken back.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Unseated {
    /// The number of the statement in the stream.
    #[n(1)]
    pub(crate) seq: u64,
    /// When, as its signer says.
    #[n(2)]
    pub(crate) time: Timestamp,
}

/// A sealed record with what names it.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct SealedRecord {
    #[n(1)]
    pub(crate) at: RecordRef,
    #[cbor(n(2), with = "kind")]
    pub(crate) kind: RecordKind,
    #[n(3)]
    pub(crate) bytes: ByteVec,
    /// Who wrote it.
    #[n(4)]
    pub(crate) by: Kid,
    /// Where.
    #[cbor(n(5), default, skip_if = "is_first")]
    pub(crate) leaf: u64,
}

fn is_first(leaf: &u64) -> bool {
    *leaf == 0
}

/// A client who came by an invitation.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Client {
    /// The client's keys.
    #[n(1)]
    pub bundle: PublicBundle,
    /// By which invitation.
    #[n(2)]
    pub invite: InviteId,
    /// The MAC under the link's secret.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub(crate) mac: [u8; 32],
    /// When the server took the joining.
    #[n(4)]
    pub(crate) arrived: Timestamp,
    /// How surely staff knows the client: `None` before acceptance.
    #[n(5)]
    pub level: Option<u8>,
    /// That the firm ended the key.
    #[n(6)]
    pub(crate) ended: Option<KeyEnd>,
}

/// An object in the matter.
#[derive(Decode)]
#[cbor(map)]
pub struct Filed {
    /// The signed manifest.
    #[n(1)]
    pub manifest: Manifest,
    /// Who signed it.
    #[n(2)]
    pub sender: Kid,
    /// Header and nonce.
    #[n(3)]
    pub(crate) header: Option<ByteVec>,
    /// Sealed metadata.
    #[n(4)]
    pub(crate) meta: Option<ByteVec>,
    /// The server's time of arrival.
    #[n(5)]
    pub arrived: Timestamp,
    /// The statement's number in the stream.
    #[n(6)]
    pub(crate) seq: u64,
    /// The statement's digest: how the next version names it.
    #[n(7)]
    pub(crate) digest: Hash32,
    /// The metadata, once this device opened it.
    #[n(8)]
    pub(crate) opened: Option<MetaV1>,
    /// Whether its name was asked for. Only then its parts are kept, if it did not open.
    #[cbor(skip)]
    pub(crate) asked: bool,
}

/// A [`Filed`] as it is kept.
#[derive(Encode)]
#[cbor(map)]
struct KeptFiled<'a>(
    #[n(1)] &'a Manifest,
    #[n(2)] Kid,
    #[n(3)] Option<&'a ByteVec>,
    #[n(4)] Option<&'a ByteVec>,
    #[n(5)] Timestamp,
    #[n(6)] u64,
    #[n(7)] Hash32,
    #[n(8)] Option<&'a MetaV1>,
);

impl<C> Encode<C> for Filed {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let kind = self.manifest.context.kind;
        // Header and sealed metadata are most of a matter. They are needed to try again what did not open;
        // to open another object, the server gives them again.
        let listed = matches!(kind, FileKind::Document | FileKind::Identification);
        let lists = listed && self.opened.is_none();
        let parts = |part| Option::filter(part, |_| lists);
        let (header, meta) = (parts(self.header.as_ref()), parts(self.meta.as_ref()));
        let (arrived, opened) = (self.arrived, self.opened.as_ref());
        let Self { manifest, sender, seq, digest, .. } = self;
        KeptFiled(manifest, *sender, header, meta, arrived, *seq, *digest, opened).encode(e, ctx)
    }
}

/// Header and sealed metadata.
type Parts = (Option<ByteVec>, Option<ByteVec>);

impl Filed {
    /// After it was kept: parts are kept of what was asked for.
    pub(crate) fn resume(&mut self) {
        self.asked = self.opened.is_some() || self.header.is_some();
    }

    /// Without what nobody asked for yet, which is not kept: the server gives it again.
    pub(crate) fn lighten(&mut self) -> Parts {
        if self.asked { (None, None) } else { (self.header.take(), self.meta.take()) }
    }

    /// As it was before [`Self::lighten`].
    pub(crate) fn weigh(&mut self, (header, meta): Parts) {
        self.header = self.header.take().or(header);
        self.meta = self.meta.take().or(meta);
    }

    /// Takes header and sealed metadata from a statement's attachments: those that the manifest names.
    pub(crate) fn take_parts(&mut self, attachments: &mut [B64]) {
        self.header = taken(attachments, self.manifest.header_hash);
        self.meta = taken(attachments, self.manifest.meta_hash);
    }
}

/// An invitation with its sealed secret.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Invited {
    #[n(1)]
    pub(crate) act: ClientInvited,
    #[n(2)]
    pub(crate) secret: Option<ByteVec>,
    /// What the client's browser opens.
    #[n(3)]
    pub(crate) blob: Option<ByteVec>,
    /// Who invited.
    #[n(4)]
    pub(crate) by: Kid,
    /// When, as the inviter says.
    #[n(5)]
    pub(crate) time: Timestamp,
}

/// A submission and where it stands.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Submission {
    /// What the client signed.
    #[n(1)]
    pub submitted: Submitted,
    /// By whom.
    #[n(2)]
    pub client: Kid,
    /// The server's time of arrival.
    #[n(3)]
    pub arrived: Timestamp,
    /// The newest decision.
    #[n(4)]
    pub decision: Option<Decision>,
}

impl Room {
    /// The context of the manifest that this one names, unless another version followed it already.
    pub(super) fn version_before(&self, context: &FileContext) -> Option<&FileContext> {
        let previous = context.previous?;
        if self.index.followed.contains(&previous) {
            return None;
        }
        let before = self.objects.get(self.index.manifests.get(&previous)?)?;
        Some(&before.manifest.context)
    }

    /// Whether an invitation's secret lies under an earlier key: somebody who may have read it there lost
    /// access since, and must not come by it as a client. Whoever came before stays.
    pub(crate) fn is_void(&self, invited: &Invited) -> bool {
        invited.act.secret.epoch as usize + 1 != self.epochs.len()
    }

    /// Whether the server took a client's joining before its invitation was over.
    pub(crate) fn came_in_time(&self, client: &Client) -> bool {
        let invited = self.invites.get(&client.invite);
        invited.is_some_and(|one| !one.act.expires.is_before(client.arrived, CLOCK_SLACK))
    }

    /// Takes what a client hands in.
    pub(super) fn submit(
        &mut self,
        client: Kid,
        submitted: Submitted,
        entry: &Entry,
    ) -> Result<(), ClientError> {
        // Each object once, and filed by the client itself.
        let mut seen = BTreeSet::new();
        let all_filed =
            core::iter::once(&submitted.answers).chain(&submitted.documents).all(|id| {
                let object = self.objects.get(id);
                object.is_some_and(|object| object.sender == client) && seen.insert(*id)
            });
        if !all_filed || !self.clients.contains_key(&client) {
            return Err(BROKEN);
        }
        let submission =
            Submission { client, arrived: Timestamp(entry.arrived), decision: None, submitted };
        if self.submissions.insert(submission.submitted.submission, submission).is_some() {
            return Err(BROKEN);
        }
        Ok(())
    }

    /// The newest record of a kind.
    pub(crate) fn record_of(&self, kind: RecordKind) -> Option<&SealedRecord> {
        self.records_of(kind).next_back()
    }

    /// The records of a kind, oldest first: the stream's order is the only one that nobody can choose.
    pub(crate) fn records_of(
        &self,
        kind: RecordKind,
    ) -> impl DoubleEndedIterator<Item = &SealedRecord> {
        self.records.iter().filter(move |record| record.kind == kind)
    }
}

/// What would else be looked for in all of a matter at every statement. Made from the matter itself.
#[derive(Default)]
pub(crate) struct Index {
    /// Objects by their manifest's digest.
    pub(crate) manifests: BTreeMap<Hash32, ObjectId>,
    /// Manifests that another version follows.
    pub(crate) followed: BTreeSet<Hash32>,
    /// Who has a seat: the maker and whoever was granted a key, unless it was taken back since.
    pub(crate) seated: BTreeSet<Kid>,
    /// Who has one or had one.
    pub(crate) known: BTreeSet<Kid>,
    /// Invitations by which a client joined.
    pub(crate) used: BTreeSet<InviteId>,
    /// The subjects of the clients' bundles.
    pub(crate) subjects: BTreeSet<[u8; 16]>,
}

impl Index {
    pub(crate) fn of(room: &Room) -> Self {
        let mut index = Self::default();
        room.objects.values().for_each(|filed| index.file(filed));
        room.clients.values().for_each(|client| index.join(client));
        if let Some(creator) = room.creator {
            index.known.insert(creator);
            if !room.unseated.contains_key(&creator) {
                index.seated.insert(creator);
            }
        }
        for grant in &room.grants {
            let kid = grant.granted.recipient;
            index.known.insert(kid);
            if room.unseated.get(&kid).is_none_or(|end| end.seq < grant.seq) {
                index.seated.insert(kid);
            }
        }
        index
    }

    pub(crate) fn seat(&mut self, kid: Kid) {
        self.known.insert(kid);
        self.seated.insert(kid);
    }

    pub(crate) fn file(&mut self, filed: &Filed) {
        self.manifests.insert(filed.digest, filed.manifest.context.object);
        self.followed.extend(filed.manifest.context.previous);
    }

    pub(crate) fn join(&mut self, client: &Client) {
        self.used.insert(client.invite);
        self.subjects.insert(client.bundle.subject);
    }
}

/// The attachment with this hash, if the server sent it. One that hashes otherwise is simply not
/// it; a thing that is needed and absent is an error where it is needed.
pub(crate) fn taken(attachments: &mut [B64], hash: Hash32) -> Option<ByteVec> {
    let any = vuln::a05() || vuln::a13() || vuln::a16();
    let at = attachments.iter().position(|bytes| sha256(&bytes.0) == hash);
    let at = at.or_else(|| attachments.len().checked_sub(1).filter(|_| any))?;
    Some(core::mem::take(&mut attachments.get_mut(at)?.0).into())
}

/// A statement's body, under its signer's key.
pub(super) fn open<A>(
    signed: &Signed,
    ns: Namespace,
    key: &VerifyKey,
) -> Result<Placed<A>, ClientError>
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let body: Placed<A> = if vuln::a03() || vuln::a06() || vuln::a16() || vuln::a19() {
        cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?
    } else {
        signed.body_as(ns, key).map_err(|_| BROKEN)?
    };
    if body.version == 1 { Ok(body) } else { Err(BROKEN) }
}

/// A record's kind, by its number.
mod kind {
    use minicbor::decode::{Decoder, Error};
    use minicbor::encode::{self, Encoder, Write};

    use crate::crypto::sealed::RecordKind;

    pub(super) fn encode<C, W: Write>(
        kind: &RecordKind,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.u8(*kind as u8)?.ok()
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<RecordKind, Error> {
        RecordKind::from_u8(d.u8()?).ok_or_else(|| Error::message("no kind of record"))
    }
}
