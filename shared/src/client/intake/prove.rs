//! The receipt held to the journal: what was handed in stands in it, and it is the journal that the
//! invitation knew.

use super::kept::kept_key;
use super::{Intake, SentV1};
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::pin::question;
use crate::client::proven::{self, ProvenV1};
use crate::crypto::cbor;

impl<H: Host> Intake<H> {
    /// Asks for the proof of what was sent, once, and keeps it with the receipt; gives the receipt.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] or [`ClientError::Forked`] when the server signed for something that
    /// its journal does not hold; unreachable. The receipt stays what it is.
    pub async fn prove_sent(&self) -> Result<Option<SentV1>, ClientError> {
        let Some(sent) = self.sent() else { return Ok(None) };
        if sent.proven.is_some() {
            return Ok(Some(sent));
        }
        let log = self.invitation.directory.log();
        let leaf = proven::leaf_of(&proven::read(&sent.receipt, &log.key)?);
        // The lawyer vouched for it in the invitation; a device without a store has nothing else.
        let vouched = &self.invitation.checkpoint;
        match self.portal.vouched(&log, vouched).await {
            Err(ClientError::Store) if !self.keeps => {}
            other => other?,
        }
        let known = self.portal.pinned(log.firm).await.ok().flatten();
        let known = known.unwrap_or_else(|| vouched.clone());
        let proof = self.call(&question(Some(&known), &[leaf])).await?;
        let pin = self.portal.hold(&log, Some(&known), &proof, leaf).await?;
        let path = proof.inclusion.into_iter().next().unwrap_or_default();
        let proven = ProvenV1 {
            root: self.invitation.root.clone().into(),
            receipt: sent.receipt.clone().into(),
            note: pin.note,
            path,
        };
        let sent = SentV1 { proven: Some(cbor::encode(&proven).into()), ..sent };
        self.kept.borrow_mut().sent = Some(sent.clone());
        // Whoever took everything off this device meanwhile wants it to stay so.
        if self.is_kept().await {
            self.keep().await?;
        }
        Ok(Some(sent))
    }

    async fn is_kept(&self) -> bool {
        let kept = self.portal.host.load(&kept_key(self.invite())).await;
        kept.is_ok_and(|kept| kept.is_some())
    }
}
