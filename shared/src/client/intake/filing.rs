//! A client's documents: part by part, and kept on the device until they are filed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Intake;
use super::kept::FilingV1;
use crate::call::Call;
use crate::client::Portal;
use crate::client::error::ClientError;
use crate::client::filing::{FiledDocument, Filing};
use crate::client::host::Host;
use crate::client::pen::{self, Pen};
use crate::client::sync::TRIES;
use crate::client::upload::Plan;
use crate::crypto::keys::PublicBundle;
use crate::crypto::manifest::{FileContext, FileKind};
use crate::ids::{ClientId, ObjectId};
use crate::journal::wire::{Append, ReadHead};
use crate::problem::Code;

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

    /// The manifest's append: the one that was signed before, or a new one at the head. It is kept
    /// before it is sent.
    async fn manifest(&self, plan: &Plan) -> Result<Append, ClientError> {
        let object = plan.object();
        let known = {
            let kept = self.kept.borrow();
            kept.filings.iter().find(|one| one.object == object).map(|one| one.append.clone())
        };
        if let Some(bytes) = known {
            return serde_json::from_slice(&bytes).map_err(|_| ClientError::Store);
        }
        let head = self.call(&ReadHead { stream: self.stream() }).await?;
        let mut pen = Pen::new(self.portal.host.now(), [(self.stream(), head)]);
        self.sign_manifest(&mut pen, plan, self.seen().await)?;
        let append = pen.append();
        let bytes = serde_json::to_vec(&append).map_err(|_| ClientError::Unfit)?;
        self.kept.borrow_mut().filings.push(FilingV1 { object, append: bytes.into() });
        self.keep().await?;
        Ok(append)
    }

    async fn forget_manifest(&self, object: ObjectId) -> Result<(), ClientError> {
        let before = self.kept.borrow().filings.len();
        self.kept.borrow_mut().filings.retain(|one| one.object != object);
        if self.kept.borrow().filings.len() == before { Ok(()) } else { self.keep().await }
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
        let key = invitation.key_for(kind).ok_or(ClientError::Unfit)?;
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
        Ok((context, key.clone()))
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
        self.forget_manifest(object).await?;
        let removed = self.portal.host.remove(&self.plan_key(object)).await;
        removed.or_else(|_| self.storeless())
    }

    async fn file(&self, plan: &Plan, filed: &FiledDocument) -> Result<(), ClientError> {
        let done = self.kept.borrow().filed.iter().any(|known| known.object == filed.object);
        if done {
            return Ok(());
        }
        for _ in 0..TRIES {
            let append = self.manifest(plan).await?;
            match self.call(&append).await {
                Ok(reply) => {
                    pen::check_again(&append, &reply, &self.log_key())?;
                    {
                        let mut kept = self.kept.borrow_mut();
                        kept.filings.retain(|one| one.object != filed.object);
                        kept.filed.push(filed.clone());
                    }
                    return self.keep().await;
                }
                // It never arrived, and the stream has moved on: sign anew.
                Err(ClientError::Refused(Code::StreamMoved)) => {
                    self.forget_manifest(filed.object).await?;
                }
                Err(other) => {
                    // The server read it and will never take it.
                    if other == ClientError::Refused(Code::InvalidStatement) {
                        self.forget_manifest(filed.object).await?;
                    }
                    return Err(other);
                }
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }
}
