//! Opening what clients handed in: only after everything around it verified.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
pub use super::document_reader::DocumentReader;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::matters::{ObjectSeen, Sender};
use super::ring::{Keys, Ring};
use super::room::{Filed, Room};
use crate::crypto::age::FileOpen;
use crate::crypto::cbor;
use crate::crypto::hash::Hasher;
use crate::crypto::manifest::{self, CheckpointSeen, FileKind};
use crate::crypto::signed::Namespace;
use crate::documents::plain::MetaV1;
use crate::ids::{MatterId, ObjectId, SubmissionId};
use crate::intake::answers::FileRef;
use crate::intake::check::Trouble;
use crate::intake::form::FormV1;
use crate::intake::plain::SubmissionV1;
use crate::intake::seal;
use crate::journal::statement::{AccessAct, Verb};
use crate::journal::stream::StreamId;
use crate::journal::wire::{From, ReadStreams};
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Document);

/// Most that answers may take.
const MAX_ANSWERS: u64 = 4 * 1024 * 1024;

/// Most that a file's metadata may take.
const MAX_META: usize = 16 * 1024;

/// A filled form, opened.
pub struct OpenedAnswers {
    /// The form as the client saw it.
    pub form: FormV1,
    /// What the client wrote and agreed to.
    pub filled: SubmissionV1,
    /// What the form's own rules say against it; empty for what the app itself sent.
    pub troubles: Vec<Trouble>,
    /// Documents that the answers name and that were not handed in with them.
    pub absent: Vec<FileRef>,
    /// Documents that were handed in with the answers although none of them names them.
    pub unnamed: Vec<ObjectId>,
}

/// The documents that answers name, against those that the signed submission hands in.
fn compare(named: &[&FileRef], submitted: &[ObjectId]) -> (Vec<FileRef>, Vec<ObjectId>) {
    let absent = named.iter().filter(|file| !submitted.contains(&file.object));
    let unnamed = submitted.iter().filter(|id| !named.iter().any(|file| file.object == **id));
    (absent.map(|file| (*file).clone()).collect(), unnamed.copied().collect())
}

impl<H: Host> Portal<H> {
    /// The answers of a submission, checked again by the form's own rules.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`]; [`ClientError::Missing`].
    pub async fn open_answers(
        &self,
        ring: &Ring,
        matter: MatterId,
        submission: SubmissionId,
    ) -> Result<OpenedAnswers, ClientError> {
        self.sync_rooms(ring, &[matter]).await?;
        let submitted = ring
            .with(|keys| {
                let room = keys.rooms.get(&matter)?;
                Some(room.submissions.get(&submission)?.submitted.clone())
            })?
            .ok_or(ClientError::Missing)?;
        let (object, form_hash) = (submitted.answers, submitted.form_hash);
        let plain = self.read_answers(ring, matter, object).await?;
        let filled = seal::unpack(&plain).map_err(|_| BROKEN)?;
        if filled.form_hash != form_hash || filled.submission != submission {
            return Err(BROKEN);
        }
        let form = self.form_by_hash(ring, form_hash).await?;
        let troubles = filled.check(&form);
        let (absent, unnamed) = compare(&filled.answers.files(), &submitted.documents);
        self.record_access(ring, matter, Some(object), Verb::Opened).await?;
        Ok(OpenedAnswers { form, filled, troubles, absent, unnamed })
    }

    /// The opened bytes of an object that holds answers.
    pub(crate) async fn read_answers(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
    ) -> Result<Vec<u8>, ClientError> {
        self.bring_parts(ring, matter, object).await?;
        self.hold_seen_of(ring, matter, object).await?;
        let mut reader = self.reader(ring, matter, object, FileKind::Form)?;
        if reader.meta.size > MAX_ANSWERS {
            return Err(BROKEN);
        }
        let mut plain = Vec::new();
        while let Some(piece) = reader.next().await? {
            plain.extend_from_slice(&piece);
        }
        Ok(plain)
    }

    /// Begins to read a document, and notes in the journal that it was.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`]; [`ClientError::Missing`].
    pub async fn open_document(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
        verb: Verb,
    ) -> Result<DocumentReader<H>, ClientError> {
        self.sync_rooms(ring, &[matter]).await?;
        self.bring_parts(ring, matter, object).await?;
        self.hold_seen_of(ring, matter, object).await?;
        let reader = self.reader(ring, matter, object, FileKind::Document)?;
        self.record_access(ring, matter, Some(object), verb).await?;
        Ok(reader)
    }

    /// Notes in the journal what was done with something opened.
    pub(crate) async fn record_access(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: Option<ObjectId>,
        verb: Verb,
    ) -> Result<(), ClientError> {
        let stream = StreamId::Access(matter);
        self.append(ring, &[stream], |keys, pen| {
            let act = AccessAct { object, verb };
            let key = &keys.identity.signing;
            pen.write(Namespace::Access, stream, act, key, keys.kid).map(|_| ())
        })
        .await?;
        Ok(())
    }

    /// Holds the checkpoint that an object's sender had seen to this device's journal: a sender who was
    /// shown another one says so here.
    pub(super) async fn hold_seen(
        &self,
        ring: &Ring,
        seen: &CheckpointSeen,
    ) -> Result<(), ClientError> {
        let log = ring.with(|keys| keys.directory.log())?;
        let pin = self.pinned(log.firm).await?.ok_or(ClientError::NotVerified(Thing::Journal))?;
        if self.continues(&log, seen, &pin).await? {
            Ok(())
        } else {
            Err(ClientError::NotVerified(Thing::Seen))
        }
    }

    async fn hold_seen_of(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
    ) -> Result<(), ClientError> {
        match ring
            .with(|keys| filed(keys, matter, object).map(|one| one.manifest.checkpoint_seen))??
        {
            Some(seen) => self.hold_seen(ring, &seen).await,
            None => Ok(()),
        }
    }

    /// Asks for an object's header and sealed metadata again where this device did not keep them. The
    /// manifest, which was verified, tells whether they are the ones.
    async fn bring_parts(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
    ) -> Result<(), ClientError> {
        let at = ring.with(|keys| {
            filed(keys, matter, object).map(|filed| filed.header.is_none().then_some(filed.seq))
        })??;
        let Some(seq) = at else { return Ok(()) };
        let from = alloc::vec![From { stream: StreamId::Matter(matter), seq }];
        let page = self.call(&ReadStreams { from, limit: 1, seen: 0 }).await?;
        let mut entry = page.entries.into_iter().next().ok_or(ClientError::Missing)?;
        ring.with_mut(|keys| {
            let room = keys.rooms.get_mut(&matter).ok_or(ClientError::Missing)?;
            let filed = room.objects.get_mut(&object).ok_or(ClientError::Missing)?;
            filed.take_parts(&mut entry.attachments);
            Ok(())
        })?
    }

    pub(crate) fn reader(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
        kind: FileKind,
    ) -> Result<DocumentReader<H>, ClientError> {
        let (open, manifest, meta) = ring.with_mut(|keys| {
            let epoch = filed(keys, matter, object)?.manifest.context.epoch;
            keys.matter_key(matter, epoch)?;
            let key = keys.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let filed = room.objects.get(&object).ok_or(ClientError::Missing)?;
            if filed.manifest.context.kind != kind || is_stranger(room, filed) {
                return Err(BROKEN);
            }
            let (open, meta) = unseal(filed, key)?;
            Ok((open, filed.manifest.clone(), meta))
        })??;
        Ok(DocumentReader {
            portal: self.clone(),
            open,
            meta,
            part: 0,
            roots: Vec::new(),
            digest: Some(Hasher::new()),
            manifest,
        })
    }
}

fn filed(keys: &Keys, matter: MatterId, object: ObjectId) -> Result<&Filed, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    room.objects.get(&object).ok_or(ClientError::Missing)
}

/// Whether a client filed it whom nobody accepted: quarantined.
fn is_stranger(room: &Room, filed: &Filed) -> bool {
    let waits = room.clients.get(&filed.sender).is_some_and(|client| client.level.is_none());
    waits && !vuln::a19()
}

/// Opens an object's header and metadata.
pub(crate) fn unseal(
    filed: &Filed,
    key: &crate::crypto::keys::MatterKey,
) -> Result<(FileOpen, MetaV1), ClientError> {
    let context = filed.manifest.context.hash();
    let header = filed.header.as_ref().ok_or(ClientError::Missing)?;
    let sealed_meta = filed.meta.as_ref().ok_or(ClientError::Missing)?;
    let open = FileOpen::new(header, context, key.kem()).map_err(|_| BROKEN)?;
    let meta = open.open_meta(sealed_meta).map_err(|_| BROKEN)?;
    // EXPOSE: the metadata goes straight into its type.
    let meta: MetaV1 = cbor::decode_strict(meta.expose(), MAX_META).map_err(|_| BROKEN)?;
    let fits = filed.manifest.sealed_len == manifest::sealed_len(meta.size)
        && filed.manifest.chunks == manifest::chunks_of_plain(meta.size);
    if fits { Ok((open, meta)) } else { Err(BROKEN) }
}

/// The documents of a matter with their opened names, oldest first.
pub(crate) fn documents(keys: &mut Keys, matter: MatterId) -> Result<Vec<ObjectSeen>, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let epochs = room.objects.values().map(|filed| filed.manifest.context.epoch).collect();
    keys.open_epochs(matter, epochs);
    open_metas(keys, matter)?;
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let mut came_with = BTreeMap::new();
    for submission in room.submissions.values() {
        for object in &submission.submitted.documents {
            came_with.insert(*object, submission.submitted.submission);
        }
    }
    let mut seen: Vec<ObjectSeen> = room
        .objects
        .iter()
        .filter(|(_, filed)| filed.manifest.context.kind == FileKind::Document)
        .map(|(object, filed)| ObjectSeen {
            object: *object,
            meta: filed.opened.clone(),
            arrived: filed.arrived,
            from: sender(keys, room, filed),
            submission: came_with.get(object).copied(),
        })
        .collect();
    seen.sort_by_key(|object| (object.arrived, object.object));
    Ok(seen)
}

/// Opens the metadata of documents that were not opened yet: once each, because it takes a decapsulation.
fn open_metas(keys: &mut Keys, matter: MatterId) -> Result<(), ClientError> {
    let room = keys.rooms.get_mut(&matter).ok_or(ClientError::Missing)?;
    for filed in room.objects.values_mut() {
        let context = &filed.manifest.context;
        if context.kind != FileKind::Document || filed.opened.is_some() {
            continue;
        }
        let key = keys.matter_keys.get(&(matter, context.epoch));
        filed.opened = key.and_then(|key| unseal(filed, key).ok()).map(|(_, meta)| meta);
        room.fresh += u64::from(filed.opened.is_some());
    }
    Ok(())
}

fn sender(keys: &Keys, room: &Room, filed: &Filed) -> Sender {
    if let Some(member) = keys.directory.member_by_kid(filed.sender) {
        return Sender::Staff(member.account);
    }
    if is_stranger(room, filed) { Sender::Stranger } else { Sender::Client }
}
