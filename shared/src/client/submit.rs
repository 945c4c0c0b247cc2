//! A client hands in: documents part by part, then the answers with everything that belongs to
//! them, in one append.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{ClientError, Thing};
use super::filing::{FiledDocument, Filing, Signing, write_manifest};
use super::host::Host;
use super::intake::{EarlierV1, Intake, SentV1};
use super::pen::{self, Pen};
use super::sync::TRIES;
use super::upload::{self, FileFacts, Plan};
use super::{Portal, net};
use crate::call::Call;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::PublicBundle;
use crate::crypto::manifest::{FileContext, FileKind};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{ClientId, ObjectId};
use crate::intake::plain::SubmissionV1;
use crate::intake::seal;
use crate::journal::statement::{MatterAct, Submitted};
use crate::journal::wire::{Append, ReadHead};
use crate::problem::Code;
use crate::secret::Secret;

impl<H: Host> Intake<H> {
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
        self.sign_manifest(&mut pen, plan, digest)?;
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
        // The next link of this matter says that something was handed in before.
        let earlier = EarlierV1 { invite: self.invite(), number: sent.number, time: sent.time };
        self.keep_earlier(&earlier).await?;
        Ok(sent)
    }

    fn sign_manifest(&self, pen: &mut Pen, plan: &Plan, digest: Hash32) -> Result<(), ClientError> {
        let signing = Signing {
            signer: (&self.identity.signing, self.kid()),
            sealed_to: self.invitation.key.kid(),
            form_hash: Some(self.form().hash()),
        };
        write_manifest(pen, plan, digest, &signing)
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

    /// A device that said at arrival that it keeps nothing is not failing now.
    fn storeless(&self) -> Result<(), ClientError> {
        if self.keeps() { Err(ClientError::Store) } else { Ok(()) }
    }
}

impl<H: Host> Filing<H> for Intake<H> {
    fn portal(&self) -> &Portal<H> {
        &self.portal
    }

    async fn ready(&self) -> Result<(), ClientError> {
        self.join().await
    }

    fn place(
        &self,
        object: ObjectId,
        kind: FileKind,
    ) -> Result<(FileContext, PublicBundle), ClientError> {
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
        Ok((context, invitation.key.clone()))
    }

    async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, ClientError> {
        self.call(call).await
    }

    async fn session_ended(&self) -> Result<(), ClientError> {
        self.open_session().await
    }

    async fn keep_plan(&self, plan: &Plan) -> Result<(), ClientError> {
        // EXPOSE: the device's store seals what it keeps.
        let bytes = plan.encode();
        let saved = self.portal.host.save(&self.plan_key(plan.object()), bytes.expose()).await;
        saved.or_else(|_| self.storeless())
    }

    async fn forget_plan(&self, object: ObjectId) -> Result<(), ClientError> {
        let removed = self.portal.host.remove(&self.plan_key(object)).await;
        removed.or_else(|_| self.storeless())
    }

    async fn file(
        &self,
        plan: &Plan,
        digest: Hash32,
        filed: &FiledDocument,
    ) -> Result<(), ClientError> {
        let done = self.kept.borrow().filed.iter().any(|known| known.object == filed.object);
        if done {
            return Ok(());
        }
        self.append(|pen| self.sign_manifest(pen, plan, digest)).await?;
        self.kept.borrow_mut().filed.push(filed.clone());
        self.keep().await
    }
}
