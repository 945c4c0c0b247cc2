//! What was typed, kept on this device alone; and what a device forgets.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::super::unlock::ACCOUNTS;
use super::Intake;
use super::kept::{KEPT, KeptV1, earlier_key, kept_key};
use crate::client::back::back_key;
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::ids::SubmissionId;
use crate::intake::draft::DraftV1;
use crate::time::Timestamp;

impl<H: Host> Intake<H> {
    /// Keeps what was typed, on this device alone.
    ///
    /// # Errors
    /// [`ClientError::Store`] when the device keeps nothing; what was kept before stands.
    pub async fn save_draft(&self, draft: &[u8]) -> Result<(), ClientError> {
        Ok(self.portal.host.save(&self.draft_key(), draft).await?)
    }

    /// What was kept last for this form; else what was kept last for another form of the matter, for
    /// the caller to carry over.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn draft(&self) -> Result<Option<Vec<u8>>, ClientError> {
        let host = &self.portal.host;
        let own = self.draft_key();
        if let Some(draft) = host.load(&own).await? {
            return Ok(Some(draft));
        }
        let mut newest: Option<(Timestamp, Vec<u8>)> = None;
        for key in host.keys(&self.drafts()).await? {
            let Some(bytes) = host.load(&key).await? else { continue };
            let Ok(draft) = DraftV1::from_bytes(&bytes) else { continue };
            // What is left after handing in says nothing: it must not hide what does.
            if draft.answers.iter().next().is_none() {
                continue;
            }
            if newest.as_ref().is_none_or(|(saved, _)| *saved < draft.saved) {
                newest = Some((draft.saved, bytes));
            }
        }
        Ok(newest.map(|(_, draft)| draft))
    }

    /// Takes what was typed for other forms of the matter off this device where it was handed in: by
    /// this visit, or before. What nobody handed in stays.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn forget_sent_drafts(&self) -> Result<(), ClientError> {
        let host = &self.portal.host;
        let own = self.draft_key();
        let mut sent = self.sent_before().await?;
        sent.insert(self.submission());
        for key in host.keys(&self.drafts()).await? {
            if key != own && self.submission_at(&key).await?.is_some_and(|id| sent.contains(&id)) {
                host.remove(&key).await?;
            }
        }
        Ok(())
    }

    /// The submissions that this device handed in; of those that it said were older than what was on
    /// the page, the draft is not handed in.
    async fn sent_before(&self) -> Result<BTreeSet<SubmissionId>, ClientError> {
        let host = &self.portal.host;
        let mut sent = BTreeSet::new();
        for key in host.keys(KEPT).await? {
            let Some(bytes) = host.load(&key).await? else { continue };
            let Ok(kept) = KeptV1::read(&bytes) else { continue };
            if kept.sent.is_some_and(|sent| !sent.older) {
                sent.insert(kept.submission);
            }
        }
        Ok(sent)
    }

    async fn submission_at(&self, key: &str) -> Result<Option<SubmissionId>, ClientError> {
        let Some(bytes) = self.portal.host.load(key).await? else { return Ok(None) };
        Ok(DraftV1::from_bytes(&bytes).ok().map(|draft| draft.submission))
    }

    /// Drafts belong to the matter, so that a second link of the same matter finds what still fits.
    fn drafts(&self) -> String {
        format!("draft/{}/{}/", self.firm(), self.matter())
    }

    /// A form that changed gets a draft of its own: what it does not ask any more stays in the other,
    /// and whoever goes back to the first link finds every word again.
    fn draft_key(&self) -> String {
        [self.drafts(), self.form().hash().to_string()].concat()
    }

    /// Takes back what this visit put on the device, before it goes on in memory alone. What other
    /// links of the matter left here is theirs.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn step_back(&self) -> Result<(), ClientError> {
        let host = &self.portal.host;
        let own = self.draft_key();
        if self.submission_at(&own).await? == Some(self.submission()) {
            host.remove(&own).await?;
        }
        host.remove(&kept_key(self.invite)).await?;
        for key in host.keys(&format!("upload/{}/", self.invite)).await? {
            host.remove(&key).await?;
        }
        Ok(())
    }

    /// Forgets everything that this device keeps of the matter, other forms' words included: for
    /// somebody who wants nothing left here.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn forget(&self) -> Result<(), ClientError> {
        let host = &self.portal.host;
        for key in host.keys(&self.drafts()).await? {
            host.remove(&key).await?;
        }
        host.remove(&earlier_key(self.firm(), self.matter())).await?;
        host.remove(&back_key(self.firm(), self.matter())).await?;
        self.step_back().await?;
        // Of the firm's journal, too, nothing stays, unless another link is in use here, or somebody of
        // staff works on this device, whose journal it is as well.
        if host.keys(KEPT).await?.is_empty() && host.keys(ACCOUNTS).await?.is_empty() {
            self.portal.unpin(self.firm()).await?;
            self.portal.forget_words(self.firm()).await?;
            self.portal.forget_fork(self.firm()).await?;
        }
        Ok(())
    }
}
