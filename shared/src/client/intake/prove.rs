//! The receipt held to the journal: what was handed in stands in it, it is the journal that the
//! invitation knew, and somebody of the firm says to have verified it.

use alloc::vec::Vec;

use super::kept::kept_key;
use super::{Intake, SentV1};
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::pin::question;
use crate::client::proven::{self, ProvenV1};
use crate::client::witness::{Word, witnesses};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::journal::anchor::{self, Leaf};
use crate::journal::wire::ReadProof;
use crate::time::Timestamp;

/// What is known of a receipt beyond the server's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody of the firm verified, at this time, a journal that holds it.
    Confirmed(Timestamp),
    /// Nobody of the firm did, as far as the server passes on; with the time of the last word about the
    /// journal at all. It is asked for again at the next visit.
    Unwitnessed(Option<Timestamp>),
}

impl SentV1 {
    /// Whether a witness confirmed it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.confirmed.map_or(Standing::Unwitnessed(self.heard), Standing::Confirmed)
    }
}

impl<H: Host> Intake<H> {
    /// Asks for the proof of what was sent, and for the word of a witness until there is one; keeps them
    /// with the receipt, and gives it.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] or [`ClientError::Forked`] when the server signed for something that
    /// its journal does not hold; unreachable. The receipt stays what it is.
    pub async fn prove_sent(&self) -> Result<Option<SentV1>, ClientError> {
        let Some(sent) = self.sent() else { return Ok(None) };
        if sent.proven.is_some() && sent.confirmed.is_some() {
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
        let heard = self.portal.known_words(log.firm).await;
        let proof = self.call(&question(Some(&known), &[leaf])).await?;
        let pin = self.portal.hold(&log, Some(&known), &proof, leaf).await?;
        let witnesses = witnesses(&self.invitation.directory);
        let words = self.portal.words(&log, &pin, &proof, &witnesses, &heard).await?;
        let heard = words.iter().map(|word| word.time).max();
        let now = self.portal.host.now();
        let covers = |word: &&Word| word.pin.size > leaf.index && word.is_fresh(now);
        let word = words.iter().filter(covers).max_by_key(|word| word.time);
        let root = self.invitation.root.clone().into();
        let receipt = sent.receipt.clone().into();
        let proven = match word {
            Some(word) => {
                let path = self.path_under(word, leaf).await?;
                let witness = self.invitation.directory.path_to(word.witness);
                let witness = witness.unwrap_or_default().into_iter().skip(1);
                let witness = Some(witness.map(Into::into).collect());
                ProvenV1 { root, receipt, note: word.pin.note.clone(), path, witness }
            }
            None => {
                let path = proof.inclusion.into_iter().next().unwrap_or_default();
                ProvenV1 { root, receipt, note: pin.note, path, witness: None }
            }
        };
        let sent = SentV1 {
            proven: Some(cbor::encode(&proven).into()),
            confirmed: word.map(|word| word.time),
            heard: heard.max(self.invitation.vouched).max(sent.heard),
            ..sent
        };
        self.kept.borrow_mut().sent = Some(sent.clone());
        // Whoever took everything off this device meanwhile wants it to stay so.
        if self.is_kept().await {
            self.keep().await?;
        }
        Ok(Some(sent))
    }

    /// The proof that a leaf stands under what a witness cosigned.
    async fn path_under(&self, word: &Word, leaf: Leaf) -> Result<Vec<Hash32>, ClientError> {
        let (leaves, size) = (alloc::vec![leaf.index], Some(word.pin.size));
        let proof = self.call(&ReadProof { seen: 0, leaves, size }).await?;
        let path = proof.inclusion.into_iter().next();
        if anchor::stands(&word.pin, leaf, path.as_ref()) {
            path.ok_or(ClientError::NotVerified(Thing::Journal))
        } else {
            Err(ClientError::NotVerified(Thing::Journal))
        }
    }

    async fn is_kept(&self) -> bool {
        let kept = self.portal.host.load(&kept_key(self.invite())).await;
        kept.is_ok_and(|kept| kept.is_some())
    }
}
