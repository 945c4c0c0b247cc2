//! Opening what clients handed in: only after everything around it verified.

use alloc::vec::Vec;

use super::Portal;
pub use super::document_reader::DocumentReader;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::papers::is_paper;
use super::ring::{Keys, Ring};
use super::room::{Filed, Room};
use crate::crypto::age::FileOpen;
use crate::crypto::cbor;
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
        let documents = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let submission = room.submissions.get(&submission).ok_or(ClientError::Missing)?;
            let waits = room.waits(submission);
            if waits {
                Err(ClientError::Quarantined)
            } else {
                Ok(submission.submitted.documents.clone())
            }
        })??;
        let (form, filled, object) = self.read_submission(ring, matter, submission).await?;
        let troubles = filled.check(&form);
        let (absent, unnamed) = compare(&filled.answers.files(), &documents);
        self.record_access(ring, matter, Some(object), Verb::Opened).await?;
        Ok(OpenedAnswers { form, filled, troubles, absent, unnamed })
    }

    /// A submission's answers with their form, whether or not it waits: who shows them asks that first.
    pub(super) async fn read_submission(
        &self,
        ring: &Ring,
        matter: MatterId,
        submission: SubmissionId,
    ) -> Result<(FormV1, SubmissionV1, ObjectId), ClientError> {
        let (object, form_hash) = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let submission = room.submissions.get(&submission).ok_or(ClientError::Missing)?;
            Ok::<_, ClientError>((submission.submitted.answers, submission.submitted.form_hash))
        })??;
        let filled = self.read_answers(ring, matter, object).await.and_then(|plain| {
            let filled = seal::unpack(&plain).map_err(|_| BROKEN)?;
            let fits = filled.form_hash == form_hash && filled.submission == submission;
            if fits { Ok(filled) } else { Err(BROKEN) }
        });
        let filled = self.heed(ring, filled).await?;
        let form = self.form_by_hash(ring, form_hash).await?;
        Ok((form, filled, object))
    }

    /// The opened bytes of an object that holds answers.
    pub(crate) async fn read_answers(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
    ) -> Result<Vec<u8>, ClientError> {
        self.read_whole(ring, matter, object, FileKind::Form, MAX_ANSWERS).await
    }

    /// The opened bytes of a small object of this kind.
    pub(crate) async fn read_whole(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
        kind: FileKind,
        most: u64,
    ) -> Result<Vec<u8>, ClientError> {
        self.bring_parts(ring, matter, &[object]).await?;
        self.hold_seen_of(ring, matter, object).await?;
        let mut reader = self.reader(ring, matter, object, kind)?;
        if reader.meta.size > most {
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
        let waits = ring.with(|keys| {
            keys.rooms.get(&matter).is_some_and(|room| room.waiting_objects().contains(&object))
        })?;
        if waits {
            return Err(ClientError::Quarantined);
        }
        // Its time is over by what was signed: it is not asked for again, whatever a server still has.
        let now = self.host.now();
        let gone = |keys: &Keys| {
            let shreds = keys.rooms.get(&matter).and_then(|room| room.shreds(object));
            shreds.is_some_and(|shreds| shreds <= now) && !vuln::a38()
        };
        if ring.with(gone)? {
            return Err(ClientError::Shredded);
        }
        self.bring_parts(ring, matter, &[object]).await?;
        self.hold_seen_of(ring, matter, object).await?;
        let kind = ring.with(|keys| match filed(keys, matter, object) {
            Ok(filed) if is_paper(&filed.manifest.context) => FileKind::Identification,
            _ => FileKind::Document,
        })?;
        let reader = self.reader(ring, matter, object, kind);
        let mut reader = self.heed(ring, reader).await?;
        reader.ring = Some(ring.clone());
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

    pub(crate) fn reader(
        &self,
        ring: &Ring,
        matter: MatterId,
        object: ObjectId,
        kind: FileKind,
    ) -> Result<DocumentReader<H>, ClientError> {
        let (open, manifest, meta) = ring.with_mut(|keys| {
            let context = filed(keys, matter, object)?.manifest.context.clone();
            keys.key_of(&context)?;
            let key = keys.opened_key_of(&context).ok_or(ClientError::Missing)?;
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
            ring: None,
            open,
            meta,
            part: 0,
            sealed: Vec::new(),
            plain: Vec::new(),
            manifest,
        })
    }
}

fn filed(keys: &Keys, matter: MatterId, object: ObjectId) -> Result<&Filed, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    room.objects.get(&object).ok_or(ClientError::Missing)
}

/// Whether a client filed it whom nobody accepted: quarantined.
pub(super) fn is_stranger(room: &Room, filed: &Filed) -> bool {
    let waits = room.clients.get(&filed.sender).is_some_and(|client| client.level.is_none());
    waits && !vuln::a19()
}

/// Opens an object's header and metadata.
pub(crate) fn unseal(
    filed: &Filed,
    key: &crate::crypto::keys::MatterKey,
) -> Result<(FileOpen, MetaV1), ClientError> {
    let context = filed.manifest.context.hash();
    // What has another hash than the manifest says was not taken, and does not verify.
    let header = filed.header.as_ref().ok_or(BROKEN)?;
    let sealed_meta = filed.meta.as_ref().ok_or(BROKEN)?;
    let open = FileOpen::new(header, context, key.kem()).map_err(|_| BROKEN)?;
    let meta = open.open_meta(sealed_meta).map_err(|_| BROKEN)?;
    // EXPOSE: the metadata goes straight into its type.
    let meta: MetaV1 = cbor::decode_strict(meta.expose(), MAX_META).map_err(|_| BROKEN)?;
    let fits = filed.manifest.sealed_len == manifest::sealed_len(meta.size)
        && filed.manifest.chunks == manifest::chunks_of_plain(meta.size);
    if fits { Ok((open, meta)) } else { Err(BROKEN) }
}
