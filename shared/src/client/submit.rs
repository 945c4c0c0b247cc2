//! A client hands in: the answers with everything that belongs to them, in one append.

use alloc::vec::Vec;

use super::error::{ClientError, Thing};
use super::filing::{Filing as _, Signing, write_manifest};
use super::host::Host;
use super::intake::{EarlierV1, Intake, PendingV1, SentV1};
use super::net;
use super::pen::{self, Pen};
use super::sync::TRIES;
use super::upload::{self, FileFacts, Plan};
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::FileKind;
use crate::crypto::signed::Namespace;
use crate::ids::ObjectId;
use crate::intake::plain::SubmissionV1;
use crate::intake::seal;
use crate::journal::anchor::Pin;
use crate::journal::code::DIGITS;
use crate::journal::statement::{MatterAct, Submitted};
use crate::journal::wire::{Append, ReadHead};
use crate::problem::Code;
use crate::secret::Secret;

/// What is on the page when somebody presses the button.
struct Wish<'a> {
    says: Hash32,
    documents: &'a [ObjectId],
}

impl Wish<'_> {
    fn is(&self, signed: &PendingV1) -> bool {
        let sorted = |list: &[ObjectId]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list
        };
        self.says == signed.says && sorted(self.documents) == sorted(&signed.documents)
    }
}

impl<H: Host> Intake<H> {
    /// Hands in. What was signed is kept before it is sent, so that a crash, a reload or a lost
    /// answer ends in the same single submission.
    ///
    /// Somebody who changes an answer after a try whose answer was lost gets what is on the page now
    /// handed in, unless the server holds the earlier try already: then [`SentV1::older`] says so.
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
        let wish = Wish { says: filled.says(), documents };
        if let Some(sent) = self.settle(&wish).await? {
            return Ok(sent);
        }
        let plan = self.send_sealed(FileKind::Form, Secret::new(seal::pack(filled))).await?;
        for _ in 0..TRIES {
            let signed = self.sign_submission(&plan, &wish).await?;
            match self.send_submission(&signed, &wish).await {
                Err(ClientError::Refused(Code::StreamMoved)) => self.give_up(&signed).await?,
                other => return other,
            }
            // What took the place may be an earlier try of ours that was on its way all along.
            if let Some(sent) = self.settle(&wish).await? {
                return Ok(sent);
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    /// Types a one-time code back: sealed for the firm, under this client's key. Whether it is right, a device
    /// of the firm finds; neither the server nor this browser learns it.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when these are not as many digits as a code has; unreachable; refused where no
    /// code is asked for, or not any more.
    pub async fn answer_code(&self, typed: &str) -> Result<(), ClientError> {
        let digits: Vec<u8> = typed.bytes().filter(u8::is_ascii_digit).collect();
        if digits.len() != DIGITS {
            return Err(ClientError::Unfit);
        }
        let plan = self.send_sealed(FileKind::Code, Secret::new(digits)).await?;
        for _ in 0..TRIES {
            let head = self.call(&ReadHead { stream: self.stream() }).await?;
            let mut pen = Pen::new(self.portal.host.now(), [(self.stream(), head)]);
            self.sign_manifest(&mut pen, &plan, self.seen().await)?;
            let append = pen.append();
            match self.call(&append).await {
                Err(ClientError::Refused(Code::StreamMoved)) => {}
                other => return pen::check_again(&append, &other?, &self.log_key()).map(drop),
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    async fn send_sealed(
        &self,
        kind: FileKind,
        plain: Secret<Vec<u8>>,
    ) -> Result<Plan, ClientError> {
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
        let plan = self.plan(object, kind, &facts)?;
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
        Ok(plan)
    }

    async fn sign_submission(
        &self,
        plan: &Plan,
        wish: &Wish<'_>,
    ) -> Result<PendingV1, ClientError> {
        let head = self.call(&ReadHead { stream: self.stream() }).await?;
        let mut pen = Pen::new(self.portal.host.now(), [(self.stream(), head)]);
        self.sign_manifest(&mut pen, plan, self.seen().await)?;
        let act = MatterAct::Submitted(Submitted {
            submission: self.submission(),
            answers: plan.object(),
            documents: wish.documents.to_vec(),
            form_hash: self.form().hash(),
            notice_hash: self.form().notice_hash(),
        });
        pen.write(Namespace::Matter, self.stream(), act, &self.identity.signing, self.kid())?;
        let bytes = serde_json::to_vec(&pen.append()).map_err(|_| ClientError::Unfit)?;
        let documents = wish.documents.to_vec();
        let signed = PendingV1 { append: bytes.into(), says: wish.says, documents, place: head };
        self.kept.borrow_mut().pending.push(signed.clone());
        self.keep().await?;
        Ok(signed)
    }

    /// Finds out what became of earlier tries, if there were any.
    async fn settle(&self, wish: &Wish<'_>) -> Result<Option<SentV1>, ClientError> {
        let mut tries = self.kept.borrow().pending.clone();
        // Of several that were signed for one place the server takes the first that comes: let it be
        // the one that says what is on the page.
        tries.sort_by_key(|signed| !wish.is(signed));
        for signed in &tries {
            if !wish.is(signed) && self.is_free(signed).await? {
                continue;
            }
            match self.send_submission(signed, wish).await {
                Ok(sent) => return Ok(Some(sent)),
                // It never arrived, and cannot be taken any more: sign anew.
                Err(ClientError::Refused(
                    Code::StreamMoved | Code::InvalidStatement | Code::UploadIncomplete,
                )) => self.give_up(signed).await?,
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    /// Whether the place that a try was signed for is still free, as the server says: then it does not
    /// hold the try.
    async fn is_free(&self, signed: &PendingV1) -> Result<bool, ClientError> {
        Ok(self.call(&ReadHead { stream: self.stream() }).await? == signed.place)
    }

    async fn give_up(&self, signed: &PendingV1) -> Result<(), ClientError> {
        self.kept.borrow_mut().pending.retain(|one| one.append != signed.append);
        self.keep().await
    }

    async fn send_submission(
        &self,
        signed: &PendingV1,
        wish: &Wish<'_>,
    ) -> Result<SentV1, ClientError> {
        let append: Append =
            serde_json::from_slice(&signed.append).map_err(|_| ClientError::Store)?;
        let reply = self.call(&append).await?;
        let read = pen::check_again(&append, &reply, &self.log_key())?;
        let broken = ClientError::NotVerified(Thing::Receipt);
        let (read, receipt) = read.last().zip(reply.receipts.last()).ok_or(broken)?;
        let sent = SentV1 {
            receipt: receipt.0.clone(),
            number: read.leaf,
            time: read.time,
            documents: self
                .filed()
                .into_iter()
                .filter(|filed| signed.documents.contains(&filed.object))
                .collect(),
            older: !wish.is(signed),
            proven: None,
            confirmed: None,
            heard: None,
        };
        {
            let mut kept = self.kept.borrow_mut();
            kept.pending = Vec::new();
            kept.sent = Some(sent.clone());
        }
        self.keep().await?;
        // The next link of this matter says that something was handed in before.
        let earlier = EarlierV1 { invite: self.invite(), number: sent.number, time: sent.time };
        self.keep_earlier(&earlier).await?;
        Ok(sent)
    }

    /// The newest checkpoint that this device verified; the lawyer's, before it asked for one of its own
    /// and where it keeps none.
    pub(super) async fn seen(&self) -> Pin {
        let vouched = &self.invitation.checkpoint;
        let own = self.portal.pinned(self.invitation.directory.firm()).await.ok().flatten();
        own.filter(|own| own.size >= vouched.size).unwrap_or_else(|| vouched.clone())
    }

    pub(super) fn sign_manifest(
        &self,
        pen: &mut Pen,
        plan: &Plan,
        seen: Pin,
    ) -> Result<(), ClientError> {
        let key = self.invitation.key_for(plan.context().kind).ok_or(ClientError::Unfit)?;
        let signing = Signing {
            signer: (&self.identity.signing, self.kid()),
            sealed_to: key.kid(),
            form_hash: Some(self.form().hash()),
            seen: Some(seen),
        };
        write_manifest(pen, plan, &signing)
    }
}
