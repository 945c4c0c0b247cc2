//! Documents on their way into a matter, whoever hands them in: a client at an invitation
//! ([`super::intake`]) or somebody of the firm ([`super::staff_filing`]). What differs is who signs,
//! and what the device keeps of a document that is not filed yet; the way is the same.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::error::{ClientError, Thing};
use super::host::Host;
use super::pen::Pen;
use super::upload::{FileFacts, Plan, SealedPart, seal_part};
use super::{Portal, net};
use crate::call::Call;
use crate::crypto::age::FileSeal;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, PublicBundle, SigningKey};
use crate::crypto::manifest::{
    self, CheckpointSeen, FileContext, FileKind, Manifest, recipients_hash,
};
use crate::crypto::signed::Namespace;
use crate::documents::plain::MetaV1;
use crate::documents::wire::{CancelUpload, PartKept, StartUpload};
use crate::ids::ObjectId;
use crate::journal::anchor::Pin;
use crate::journal::stream::StreamId;
use crate::problem::Code;

/// A document that is sealed, delivered and filed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FiledDocument {
    /// Which.
    #[n(1)]
    pub object: ObjectId,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// Its length in bytes.
    #[n(3)]
    pub size: u64,
}

/// Somebody who can hand documents in to a matter.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait Filing<H: Host> {
    /// The core.
    fn portal(&self) -> &Portal<H>;

    /// Makes sure that the matter takes documents from this sender.
    async fn ready(&self) -> Result<(), ClientError>;

    /// What a new object is bound to, and the key of the matter that it is sealed to.
    ///
    /// # Errors
    /// When locked, or the matter has no key.
    fn place(
        &self,
        object: ObjectId,
        kind: FileKind,
    ) -> Result<(FileContext, PublicBundle), ClientError>;

    /// A call in the sender's name.
    async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, ClientError>;

    /// The server does not know the session any more. When it could be opened again, the caller
    /// repeats what it did; else this is the error.
    async fn session_ended(&self) -> Result<(), ClientError>;

    /// Keeps a document that is not filed yet, as far as this sender's device may.
    async fn keep_plan(&self, plan: &Plan) -> Result<(), ClientError>;

    /// Forgets it.
    async fn forget_plan(&self, object: ObjectId) -> Result<(), ClientError>;

    /// Signs the manifest and appends it, unless it is known that the document is filed.
    async fn file(&self, plan: &Plan, filed: &FiledDocument) -> Result<(), ClientError>;

    /// Fresh keys for an object.
    ///
    /// # Errors
    /// As [`Filing::place`].
    fn plan(
        &self,
        object: ObjectId,
        kind: FileKind,
        facts: &FileFacts,
    ) -> Result<Plan, ClientError> {
        let (context, key) = self.place(object, kind)?;
        let kem = key.kem.as_ref().ok_or(ClientError::Unfit)?;
        let seal = FileSeal::new(context.hash(), &[kem]).map_err(|_| ClientError::Unfit)?;
        Ok(Plan::begin(context, facts, &seal))
    }

    /// Begins an upload at the server, or finds the one that was begun: the parts that it has.
    ///
    /// # Errors
    /// Unreachable, or refused.
    async fn start(&self, plan: &Plan) -> Result<Vec<PartKept>, ClientError> {
        let call = StartUpload {
            object: plan.object(),
            matter: plan.context().matter,
            sealed_len: plan.sealed_len(),
        };
        Ok(self.ask(&call).await?.kept)
    }

    /// Begins a document: fresh keys, and an upload at the server.
    ///
    /// # Errors
    /// Unreachable, refused, or [`ClientError::Store`].
    async fn begin_document(&self, facts: &FileFacts) -> Result<Plan, ClientError> {
        self.begin_file(facts, FileKind::Document).await
    }

    /// Begins a file of this kind: a document, or an identity paper, which those who verify open alone.
    ///
    /// # Errors
    /// As [`Filing::begin_document`].
    async fn begin_file(&self, facts: &FileFacts, kind: FileKind) -> Result<Plan, ClientError> {
        self.ready().await?;
        let plan = self.plan(ObjectId::random(), kind, facts)?;
        self.keep_plan(&plan).await?;
        self.start(&plan).await?;
        Ok(plan)
    }

    /// Which parts of a document the server has, out of those that this device sealed itself and
    /// whose roots agree; the others must be sent (again).
    ///
    /// # Errors
    /// Unreachable, or refused.
    async fn kept_parts(&self, plan: &Plan) -> Result<Vec<u32>, ClientError> {
        let upload = self.start(plan).await?;
        Ok(upload
            .into_iter()
            .filter(|part| plan.root_of(part.index) == Some(part.root))
            .map(|part| part.index)
            .collect())
    }

    /// Sends one sealed part. Its root is kept first.
    ///
    /// # Errors
    /// [`ClientError::FileChanged`] when the part was sealed before with other bytes;
    /// [`ClientError::NotVerified`] when the server confirms something else.
    async fn send_part(&self, plan: &Plan, part: SealedPart<H::Sealed>) -> Result<(), ClientError> {
        plan.note(&part)?;
        self.keep_plan(plan).await?;
        let (index, root) = (part.index, part.root);
        let host = &*self.portal().host;
        let kept = match net::put_part(host, plan.object(), part).await {
            Err(ClientError::Refused(Code::Unauthenticated)) => {
                // The caller seals and sends the part again: the bytes are gone.
                self.session_ended().await?;
                return Err(ClientError::Unreachable);
            }
            other => other?,
        };
        if kept == (PartKept { index, root }) {
            Ok(())
        } else {
            Err(ClientError::NotVerified(Thing::Receipt))
        }
    }

    /// Files a document whose parts are all kept, with its sealed name, type and digest.
    ///
    /// # Errors
    /// Unreachable or refused; repeating it is safe.
    async fn file_document(&self, plan: &Plan) -> Result<FiledDocument, ClientError> {
        let facts = plan.facts();
        let filed = FiledDocument { object: plan.object(), name: facts.name, size: facts.size };
        self.file(plan, &filed).await?;
        self.forget_plan(plan.object()).await?;
        Ok(filed)
    }

    /// Seals and sends one part of a document that is in memory whole, in place of a worker.
    ///
    /// # Errors
    /// As [`Filing::send_part`]; [`ClientError::FileChanged`] when the bytes are too few.
    async fn seal_and_send(
        &self,
        plan: &Plan,
        index: u32,
        bytes: &[u8],
    ) -> Result<(), ClientError> {
        let (start, len) = plan.range(index);
        let piece = usize::try_from(start).ok().zip(usize::try_from(start + len).ok());
        let piece = piece.and_then(|(start, end)| bytes.get(start..end));
        let piece = piece.ok_or(ClientError::FileChanged)?;
        // EXPOSE: the job is used in place of a worker.
        let part = seal_part(plan.job().expose(), index, plan.facts().size, piece)?;
        self.send_part(plan, part.map(Into::into)).await
    }

    /// Hands in a document that is in memory whole: begins it, seals and sends each part, files it.
    ///
    /// # Errors
    /// As those steps.
    async fn hand_in(&self, facts: &FileFacts, bytes: &[u8]) -> Result<FiledDocument, ClientError> {
        self.hand_in_as(facts, bytes, FileKind::Document).await
    }

    /// The same of a file of this kind.
    ///
    /// # Errors
    /// As those steps.
    async fn hand_in_as(
        &self,
        facts: &FileFacts,
        bytes: &[u8],
        kind: FileKind,
    ) -> Result<FiledDocument, ClientError> {
        let plan = self.begin_file(facts, kind).await?;
        for index in 0..plan.parts() {
            self.seal_and_send(&plan, index, bytes).await?;
        }
        self.file_document(&plan).await
    }

    /// Gives a document up.
    ///
    /// # Errors
    /// Unreachable; the device forgets it all the same.
    async fn cancel_document(&self, object: ObjectId) -> Result<(), ClientError> {
        self.forget_plan(object).await?;
        self.ask(&CancelUpload { object }).await?;
        Ok(())
    }
}

/// Who signs a manifest, and what stands in it of the sender's.
pub(crate) struct Signing<'a> {
    pub(crate) signer: (&'a SigningKey, Kid),
    /// The key of the matter that the object is sealed to.
    pub(crate) sealed_to: Kid,
    /// The form that the object answers to, if it does.
    pub(crate) form_hash: Option<Hash32>,
    /// The newest checkpoint that the sender's device verified.
    pub(crate) seen: Option<Pin>,
}

/// Writes the manifest of an object whose parts are all kept.
pub(crate) fn write_manifest(
    pen: &mut Pen,
    plan: &Plan,
    by: &Signing<'_>,
) -> Result<(), ClientError> {
    let facts = plan.facts();
    let context = plan.context();
    let stream = StreamId::Matter(context.matter);
    let seal = plan.seal()?;
    let meta = MetaV1 {
        name: facts.name,
        mime: facts.mime,
        size: facts.size,
        modified: facts.modified,
        digest: plan.digest().ok_or(ClientError::Refused(Code::UploadIncomplete))?,
        form_hash: by.form_hash,
        note: None,
    };
    let meta = seal.seal_meta(&cbor::encode(&meta)).map_err(|_| ClientError::Unfit)?;
    let manifest = Manifest {
        format: 1,
        context,
        header_hash: pen.attach(seal.header_and_nonce()),
        sealed_len: plan.sealed_len(),
        chunks: manifest::chunks_of_plain(facts.size),
        ct_root: plan.root().ok_or(ClientError::Refused(Code::UploadIncomplete))?,
        meta_hash: pen.attach(meta),
        recipients_hash: recipients_hash(&[by.sealed_to]),
        time: pen.now(),
        seq_seen: pen.next_seq(stream),
        checkpoint_seen: by.seen.as_ref().map(CheckpointSeen::from),
    };
    let (key, kid) = by.signer;
    pen.write(Namespace::Manifest, stream, manifest, key, kid).map(|_| ())
}
