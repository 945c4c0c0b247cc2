//! A client hands in: documents part by part, then the answers with everything that belongs to
//! them, in one append.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{ClientError, Thing};
use super::host::Host;
use super::intake::{FiledDocument, Intake, SentV1};
use super::net;
use super::pen::{self, Pen};
use super::sync::TRIES;
use super::upload::{self, FileFacts, Plan, SealedPart};
use crate::crypto::age::FileSeal;
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::manifest::{self, FileContext, FileKind, Manifest, recipients_hash};
use crate::crypto::signed::{Namespace, Signed};
use crate::documents::plain::MetaV1;
use crate::documents::wire::{CancelUpload, PartKept, StartUpload};
use crate::ids::{ClientId, ObjectId};
use crate::intake::plain::SubmissionV1;
use crate::intake::seal;
use crate::journal::statement::{MatterAct, Submitted};
use crate::journal::wire::{Append, ReadHead};
use crate::problem::Code;
use crate::secret::Secret;

impl<H: Host> Intake<H> {
    /// Begins a document: fresh keys, and an upload at the server.
    ///
    /// # Errors
    /// Unreachable, refused, or [`ClientError::Store`].
    pub async fn begin_document(&self, facts: &FileFacts) -> Result<Plan, ClientError> {
        self.join().await?;
        let plan = self.plan(ObjectId::random(), FileKind::Document, facts)?;
        self.keep_plan(&plan).await?;
        self.start(&plan).await?;
        Ok(plan)
    }

    /// The documents that were begun and are not filed.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn unfinished(&self) -> Result<Vec<Plan>, ClientError> {
        let host = &self.portal.host;
        let mut plans = Vec::new();
        for key in host.keys(&format!("upload/{}/", self.invite())).await? {
            if let Some(bytes) = host.load(&key).await? {
                plans.push(Plan::read(&bytes)?);
            }
        }
        Ok(plans)
    }

    /// Which parts of a document the server has, out of those that this device sealed itself and
    /// whose roots agree; the others must be sent (again).
    ///
    /// # Errors
    /// Unreachable, or refused.
    pub async fn kept_parts(&self, plan: &Plan) -> Result<Vec<u32>, ClientError> {
        let upload = self.start(plan).await?;
        Ok(upload
            .into_iter()
            .filter(|part| plan.root_of(part.index) == Some(part.root))
            .map(|part| part.index)
            .collect())
    }

    async fn start(&self, plan: &Plan) -> Result<Vec<PartKept>, ClientError> {
        let call = StartUpload {
            object: plan.object(),
            matter: self.matter(),
            sealed_len: plan.sealed_len(),
        };
        Ok(self.call(&call).await?.kept)
    }

    /// Sends one sealed part. Its fingerprint is kept on the device first.
    ///
    /// # Errors
    /// [`ClientError::FileChanged`] when the part was sealed before with other bytes;
    /// [`ClientError::NotVerified`] when the server confirms something else.
    pub async fn send_part(
        &self,
        plan: &Plan,
        part: SealedPart<H::Sealed>,
    ) -> Result<(), ClientError> {
        plan.note(&part)?;
        self.keep_plan(plan).await?;
        let (index, root) = (part.index, part.root);
        let host = &*self.portal.host;
        let kept = match net::put_part(host, plan.object(), part).await {
            Err(ClientError::Refused(Code::Unauthenticated)) => {
                // The caller seals and sends the part again: the bytes are gone.
                self.open_session().await?;
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
    pub async fn file_document(
        &self,
        plan: &Plan,
        digest: Hash32,
    ) -> Result<FiledDocument, ClientError> {
        let facts = plan.facts();
        let filed =
            FiledDocument { object: plan.object(), name: facts.name.clone(), size: facts.size };
        let done = self.kept.borrow().filed.iter().any(|known| known.object == filed.object);
        if !done {
            self.append(|pen| self.write_manifest(pen, plan, digest)).await?;
            self.kept.borrow_mut().filed.push(filed.clone());
            self.keep().await?;
        }
        self.portal
            .host
            .remove(&self.plan_key(plan.object()))
            .await
            .or_else(|_| self.storeless())?;
        Ok(filed)
    }

    /// Gives a document up.
    ///
    /// # Errors
    /// Unreachable; the device forgets it all the same.
    pub async fn cancel_document(&self, object: ObjectId) -> Result<(), ClientError> {
        self.portal.host.remove(&self.plan_key(object)).await.or_else(|_| self.storeless())?;
        self.call(&CancelUpload { object }).await?;
        Ok(())
    }

    /// Hands in. What was signed is kept before it is sent, so that a crash, a reload or a lost
    /// answer ends in the same single submission.
    ///
    /// # Errors
    /// Unreachable or refused: then nothing was taken, or the repetition will find that it was.
    pub async fn submit(
        &self,
        filled: &SubmissionV1,
        documents: &[ObjectId],
    ) -> Result<SentV1, ClientError> {
        if let Some(sent) = self.sent() {
            return Ok(sent);
        }
        let is_this = filled.submission == self.submission()
            && filled.form_hash == self.form().hash()
            && filled.notice_hash == self.form().notice_hash();
        if !is_this {
            return Err(ClientError::Unfit);
        }
        self.join().await?;
        if let Some(sent) = self.finish_pending(documents).await? {
            return Ok(sent);
        }
        let (plan, digest) = self.send_answers(filled).await?;
        for _ in 0..TRIES {
            let append = self.sign_submission(&plan, digest, documents).await?;
            match self.send_submission(&append, documents).await {
                Err(ClientError::Refused(Code::StreamMoved)) => {
                    self.kept.borrow_mut().pending = None;
                }
                other => return other,
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    async fn send_answers(&self, filled: &SubmissionV1) -> Result<(Plan, Hash32), ClientError> {
        let plain = Secret::new(seal::pack(filled));
        // EXPOSE: sealed below, part by part.
        let plain = plain.expose();
        let facts = FileFacts {
            name: "answers".into(),
            mime: "application/cbor".into(),
            size: plain.len() as u64,
            modified: 0,
        };
        // Every attempt is a new object under a new key: an attempt that was cut off leaves an
        // upload without a manifest, which the server sweeps.
        let object = ObjectId::random();
        let plan = self.plan(object, FileKind::Form, &facts)?;
        self.start(&plan).await?;
        for index in 0..plan.parts() {
            let (start, len) = plan.range(index);
            let (start, len) = (start as usize, len as usize);
            let piece = plain.get(start..start + len).ok_or(ClientError::Unfit)?;
            // EXPOSE: the job is used in place of a worker.
            let part = upload::seal_part(plan.job().expose(), index, facts.size, piece)?;
            plan.note(&part)?;
            net::put_part(&*self.portal.host, object, part.map(Into::into)).await?;
        }
        Ok((plan, sha256(plain)))
    }

    async fn sign_submission(
        &self,
        plan: &Plan,
        digest: Hash32,
        documents: &[ObjectId],
    ) -> Result<Append, ClientError> {
        let head = self.call(&ReadHead { stream: self.stream() }).await?;
        let mut pen = Pen::new(self.portal.host.now(), [(self.stream(), head)]);
        self.write_manifest(&mut pen, plan, digest)?;
        let act = MatterAct::Submitted(Submitted {
            submission: self.submission(),
            answers: plan.object(),
            documents: documents.to_vec(),
            form_hash: self.form().hash(),
            notice_hash: self.form().notice_hash(),
        });
        pen.write(Namespace::Matter, self.stream(), act, &self.identity.signing, self.kid())?;
        let append = pen.append();
        let bytes = serde_json::to_vec(&append).map_err(|_| ClientError::Unfit)?;
        self.kept.borrow_mut().pending = Some(bytes.into());
        self.keep().await?;
        Ok(append)
    }

    /// Repeats what was signed before a crash, if anything was.
    async fn finish_pending(&self, documents: &[ObjectId]) -> Result<Option<SentV1>, ClientError> {
        let pending = self.kept.borrow().pending.clone();
        let Some(bytes) = pending else { return Ok(None) };
        let append: Append = serde_json::from_slice(&bytes).map_err(|_| ClientError::Store)?;
        match self.send_submission(&append, documents).await {
            Ok(sent) => Ok(Some(sent)),
            // It never arrived, and the stream has moved on: sign anew.
            Err(ClientError::Refused(Code::StreamMoved | Code::InvalidStatement)) => {
                self.kept.borrow_mut().pending = None;
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    async fn send_submission(
        &self,
        append: &Append,
        documents: &[ObjectId],
    ) -> Result<SentV1, ClientError> {
        let reply = self.call(append).await?;
        let broken = ClientError::NotVerified(Thing::Receipt);
        let (statement, receipt) = append
            .statements
            .last()
            .zip(reply.receipts.last())
            .filter(|_| append.statements.len() == reply.receipts.len())
            .ok_or_else(|| broken.clone())?;
        let digest = Signed::parse(&statement.0).map_err(|_| broken)?.digest();
        let read = pen::read_receipt(&receipt.0, digest, &self.log_key())?;
        let sent = SentV1 {
            receipt: receipt.0.clone(),
            number: read.leaf,
            time: read.time,
            documents: self
                .filed()
                .into_iter()
                .filter(|filed| documents.contains(&filed.object))
                .collect(),
        };
        {
            let mut kept = self.kept.borrow_mut();
            kept.pending = None;
            kept.sent = Some(sent.clone());
        }
        self.keep().await?;
        Ok(sent)
    }

    fn plan(
        &self,
        object: ObjectId,
        kind: FileKind,
        facts: &FileFacts,
    ) -> Result<Plan, ClientError> {
        let invitation = &self.invitation;
        let context = FileContext {
            format: 1,
            firm: invitation.directory.firm(),
            client: Some(ClientId(self.subject())),
            matter: invitation.matter,
            epoch: invitation.epoch,
            object,
            version: 1,
            kind,
            sender: self.kid(),
            previous: None,
        };
        let key = invitation.key.kem.as_ref().ok_or(ClientError::Unfit)?;
        let seal = FileSeal::new(context.hash(), &[key]).map_err(|_| ClientError::Unfit)?;
        Ok(Plan::begin(context, facts, &seal))
    }

    fn write_manifest(
        &self,
        pen: &mut Pen,
        plan: &Plan,
        digest: Hash32,
    ) -> Result<(), ClientError> {
        let facts = plan.facts();
        let context = plan.context();
        let seal = plan.seal()?;
        let meta = MetaV1 {
            name: facts.name,
            mime: facts.mime,
            size: facts.size,
            modified: facts.modified,
            digest,
            form_hash: Some(self.form().hash()),
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
            recipients_hash: recipients_hash(&[self.invitation.key.kid()]),
            time: pen.now(),
            seq_seen: pen.next_seq(self.stream()),
            checkpoint_seen: None,
        };
        let key = &self.identity.signing;
        pen.write(Namespace::Manifest, self.stream(), manifest, key, self.kid()).map(|_| ())
    }

    /// Signs acts at the matter's head and appends them.
    async fn append(
        &self,
        mut write: impl FnMut(&mut Pen) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        for _ in 0..TRIES {
            let head = self.call(&ReadHead { stream: self.stream() }).await?;
            let mut pen = Pen::new(self.portal.host.now(), [(self.stream(), head)]);
            write(&mut pen)?;
            match self.call(&pen.append()).await {
                Ok(reply) => return pen.check(&reply, &self.log_key()).map(|_| ()),
                Err(ClientError::Refused(Code::StreamMoved)) => {}
                Err(other) => return Err(other),
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    fn plan_key(&self, object: ObjectId) -> String {
        format!("upload/{}/{object}", self.invite())
    }

    async fn keep_plan(&self, plan: &Plan) -> Result<(), ClientError> {
        // EXPOSE: the device's store seals what it keeps.
        let bytes = plan.encode();
        let saved = self.portal.host.save(&self.plan_key(plan.object()), bytes.expose()).await;
        saved.or_else(|_| self.storeless())
    }

    /// A device that said at arrival that it keeps nothing is not failing now.
    fn storeless(&self) -> Result<(), ClientError> {
        if self.keeps() { Err(ClientError::Store) } else { Ok(()) }
    }
}
