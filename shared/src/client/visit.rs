//! A client uses an invitation: joining with keys of its own, and sessions in its name.

use super::error::ClientError;
use super::host::Host;
use super::intake::{Intake, auth_token};
use super::pen;
use super::sync::TRIES;
use crate::call::Call;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::signed::{Namespace, Signed};
use crate::encoding::B64;
use crate::identity::wire::{FinishKeySession, StartKeySession};
use crate::intake::wire::{InviteOpened, OpenInvite, RedeemInvite};
use crate::journal::statement::{ClientJoined, Placed, SessionProof};
use crate::problem::Code;

impl<H: Host> Intake<H> {
    /// Uses the invitation: from here on it is this browser's. Safe to repeat.
    ///
    /// # Errors
    /// [`ClientError::LinkUsed`], [`ClientError::LinkExpired`], or unreachable.
    pub async fn join(&self) -> Result<(), ClientError> {
        // Two statements of joining would contradict each other: the second one waits, and finds
        // that all is done.
        let _turn = self.joining.take().await;
        if self.kept.borrow().confirmed {
            return Ok(());
        }
        for _ in 0..TRIES {
            let joined = self.joining().await?;
            let token = auth_token(&self.kept.borrow().fragment()?);
            let call = RedeemInvite {
                invite: self.invite(),
                token,
                joined: B64(joined.as_bytes().to_vec()),
            };
            match self.portal.call(&call).await {
                Ok(reply) => {
                    pen::read_receipt(&reply.receipt.0, &joined, &self.log_key())?;
                    self.kept.borrow_mut().confirmed = true;
                    return self.keep().await;
                }
                Err(ClientError::Refused(Code::StreamMoved)) => {
                    self.kept.borrow_mut().joined = None;
                }
                Err(other) => return Err(other),
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    /// The statement of joining: the one that was signed before, or a new one at the head.
    async fn joining(&self) -> Result<Signed, ClientError> {
        let before = self.kept.borrow().joined.clone();
        if let Some(bytes) = before {
            return Signed::parse(&bytes).map_err(|_| ClientError::Store);
        }
        let opened = self.reopen().await?;
        let signed = {
            let kept = self.kept.borrow();
            let fragment = kept.fragment()?;
            let bundle = cbor::encode(&kept.bundle);
            let link = fragment.secret.derive();
            let mac = link.ci_mac(&bundle, self.invite(), self.invitation.blob_hash);
            let act = ClientJoined { invite: self.invite(), bundle: kept.bundle.clone(), mac };
            let place = opened.head.place(self.stream(), self.portal.host.now());
            let body = cbor::encode(&Placed { version: 1, place, act });
            let key = &self.identity.signing;
            Signed::sign(Namespace::ClientBundle, key, kept.bundle.kid(), &body)
                .map_err(|_| ClientError::Unfit)?
        };
        self.kept.borrow_mut().joined = Some(signed.as_bytes().to_vec().into());
        self.keep().await?;
        Ok(signed)
    }

    async fn reopen(&self) -> Result<InviteOpened, ClientError> {
        let token = auth_token(&self.kept.borrow().fragment()?);
        self.portal.call(&OpenInvite { invite: self.invite(), token }).await
    }

    /// A call in this client's name; opens a session again where the old one ended.
    pub(crate) async fn call<C: Call>(&self, call: &C) -> Result<C::Reply, ClientError> {
        match self.portal.call(call).await {
            Err(ClientError::Refused(Code::Unauthenticated)) => {
                self.open_session().await?;
                self.portal.call(call).await
            }
            other => other,
        }
    }

    /// Proves this client's key for a session.
    pub(crate) async fn open_session(&self) -> Result<(), ClientError> {
        let challenge = self.portal.call(&StartKeySession {}).await?.nonce.0;
        let nonce = challenge.try_into().map_err(|_| ClientError::Unreadable)?;
        let firm: Hash32 = self.invitation.directory.firm();
        let body = cbor::encode(&SessionProof { nonce, firm });
        let kid = self.kept.borrow().bundle.kid();
        let proof = Signed::sign(Namespace::Session, &self.identity.signing, kid, &body)
            .map_err(|_| ClientError::Unfit)?;
        let proof = B64(proof.as_bytes().to_vec());
        self.portal.call(&FinishKeySession { proof }).await?;
        Ok(())
    }
}
