//! A client at an invitation: opening it, and what the device keeps of it.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

mod drafts;
mod filing;
mod kept;
mod prove;

pub(crate) use kept::KeptV1;
pub(super) use kept::PendingV1;
pub use kept::{EarlierV1, SentV1};
pub(in crate::client) use kept::{KEPT, earlier_key, kept_key};
pub use prove::Standing;

use super::error::{ClientError, Thing};
pub use super::filing::FiledDocument;
use super::host::Host;
use super::invite::{self, Invitation};
use super::turn::Turn;
use super::{Portal, link};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::invite::Fragment;
use crate::crypto::keys::{Identity, VerifyKey};
use crate::encoding::B64;
use crate::ids::{InviteId, MatterId, SubmissionId};
use crate::intake::form::FormV1;
use crate::intake::wire::OpenInvite;
use crate::journal::stream::StreamId;
use crate::time::Timestamp;
use crate::vuln;

/// An invitation that this browser opened and verified.
pub struct Intake<H: Host> {
    pub(crate) portal: Portal<H>,
    invite: InviteId,
    pub(crate) invitation: Rc<Invitation>,
    pub(crate) kept: Rc<RefCell<KeptV1>>,
    pub(crate) identity: Rc<Identity>,
    /// Documents begun together join once.
    pub(crate) joining: Rc<Turn>,
    clock_off: i64,
    keeps: bool,
    earlier: Option<EarlierV1>,
}

impl<H: Host> Clone for Intake<H> {
    fn clone(&self) -> Self {
        Self {
            portal: self.portal.clone(),
            invite: self.invite,
            invitation: Rc::clone(&self.invitation),
            kept: Rc::clone(&self.kept),
            identity: Rc::clone(&self.identity),
            joining: Rc::clone(&self.joining),
            clock_off: self.clock_off,
            keeps: self.keeps,
            earlier: self.earlier.clone(),
        }
    }
}

impl<H: Host> Portal<H> {
    /// Opens an invitation. The first visit brings the link's fragment; later ones find it on the
    /// device. Nothing is used up by opening.
    ///
    /// # Errors
    /// [`ClientError::BadLink`], [`ClientError::NoSecret`], [`ClientError::LinkExpired`],
    /// [`ClientError::LinkUsed`] when another browser used it, [`ClientError::SignIn`] when the
    /// server does not know the secret, [`ClientError::NotVerified`].
    pub async fn open_invite(
        &self,
        invite: InviteId,
        fragment: Option<&str>,
    ) -> Result<Intake<H>, ClientError> {
        let given = fragment.filter(|text| !text.trim_start_matches('#').is_empty());
        // A private window may refuse to keep anything: the link's fragment is enough for a visit.
        let found = match self.kept(invite).await {
            Err(ClientError::Store) if given.is_some() => None,
            other => other?,
        };
        let text = match (given, &found) {
            (Some(text), _) => text.trim_start_matches('#').into(),
            (None, Some(kept)) => kept.fragment.clone(),
            (None, None) => return Err(ClientError::NoSecret),
        };
        let fragment = link::read(&text)?;
        let token = auth_token(&fragment);
        let opened = self.call(&OpenInvite { invite, token }).await?;
        let now = self.host.now();
        let invitation = invite::open(&fragment, invite, &opened.blob.0, now)?;
        if invitation.matter != opened.matter {
            return Err(ClientError::NotVerified(Thing::Invitation));
        }
        let kept = match found {
            // Keys that were made for one firm are not shown to another on the same address.
            Some(kept) if kept.bundle.firm != invitation.directory.firm() => {
                return Err(ClientError::NotVerified(Thing::Invitation));
            }
            Some(kept) => kept,
            None if opened.used => return Err(ClientError::LinkUsed),
            None => KeptV1::make(text, &invitation, now),
        };
        let identity = kept.identity();
        let keeps = self.host.save(&kept_key(invite), &cbor::encode(&kept)).await.is_ok();
        // A device that does not answer knows of nothing earlier.
        let earlier = self.earlier(&invitation, invite).await.unwrap_or_default();
        Ok(Intake {
            portal: self.clone(),
            invite,
            invitation: Rc::new(invitation),
            kept: Rc::new(RefCell::new(kept)),
            identity: Rc::new(identity),
            joining: Rc::default(),
            clock_off: signed_difference(now, opened.now),
            keeps,
            earlier,
        })
    }

    async fn earlier(
        &self,
        invitation: &Invitation,
        invite: InviteId,
    ) -> Result<Option<EarlierV1>, ClientError> {
        let key = earlier_key(invitation.directory.firm(), invitation.matter);
        let Some(bytes) = self.host.load(&key).await? else { return Ok(None) };
        let earlier: EarlierV1 =
            cbor::decode_strict(&bytes, 256).map_err(|_| ClientError::Store)?;
        Ok(Some(earlier).filter(|earlier| earlier.invite != invite))
    }

    async fn kept(&self, invite: InviteId) -> Result<Option<KeptV1>, ClientError> {
        let Some(bytes) = self.host.load(&kept_key(invite)).await? else { return Ok(None) };
        KeptV1::read(&bytes).map(Some)
    }
}

/// What shows the server that this browser holds the link.
pub(super) fn auth_token(fragment: &Fragment) -> B64 {
    if vuln::a22() {
        // EXPOSE: the fault of row A22, in no other build: the secret itself goes out.
        return B64(fragment.secret.bytes().to_vec());
    }
    // EXPOSE: the token is made to be shown; the link's secret cannot be got from it.
    B64(fragment.secret.derive().auth.expose().to_vec())
}

fn signed_difference(ours: Timestamp, theirs: u64) -> i64 {
    let difference = i128::from(ours.0) - i128::from(theirs);
    i64::try_from(difference).unwrap_or(i64::MAX)
}

impl<H: Host> Intake<H> {
    /// Which invitation.
    #[must_use]
    pub const fn invite(&self) -> InviteId {
        self.invite
    }

    /// The firm's name.
    #[must_use]
    pub fn firm_name(&self) -> &str {
        &self.invitation.firm_name
    }

    /// The lawyer who invites.
    #[must_use]
    pub fn lawyer_name(&self) -> &str {
        &self.invitation.lawyer_name
    }

    /// Who will read the answers, as the lawyer says.
    #[must_use]
    pub fn readers(&self) -> &[String] {
        &self.invitation.readers
    }

    /// Until when the link can be used.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.invitation.expires
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &FormV1 {
        &self.invitation.form
    }

    /// The firm's fingerprint: 12 groups of 5 digits, the same that the firm prints.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        crate::crypto::fingerprint::digits(self.invitation.directory.firm())
    }

    /// The number that the lawyer's page shows, too, if nobody stands between: six groups of five digits, to be
    /// compared by voice.
    #[must_use]
    pub fn spoken_code(&self) -> String {
        let invitation = &self.invitation;
        crate::crypto::fingerprint::spoken(
            self.firm(),
            invitation.by,
            self.kid(),
            invitation.blob_hash,
        )
    }

    /// How far this device's clock is ahead of the server's, in milliseconds.
    #[must_use]
    pub const fn clock_off(&self) -> i64 {
        self.clock_off
    }

    /// Whether this device keeps drafts.
    #[must_use]
    pub const fn keeps(&self) -> bool {
        self.keeps
    }

    /// What was sent, if it was.
    #[must_use]
    pub fn sent(&self) -> Option<SentV1> {
        self.kept.borrow().sent.clone()
    }

    /// What was handed in from this device by an earlier link of the same matter.
    #[must_use]
    pub const fn earlier(&self) -> Option<&EarlierV1> {
        self.earlier.as_ref()
    }

    pub(crate) async fn keep_earlier(&self, earlier: &EarlierV1) -> Result<(), ClientError> {
        let key = earlier_key(self.firm(), self.matter());
        match self.portal.host.save(&key, &cbor::encode(earlier)).await {
            Err(_) if !self.keeps => Ok(()),
            other => Ok(other?),
        }
    }

    /// The documents that are filed already.
    #[must_use]
    pub fn filed(&self) -> Vec<FiledDocument> {
        self.kept.borrow().filed.clone()
    }

    /// The submission that this visit is about; the same on every return.
    #[must_use]
    pub fn submission(&self) -> SubmissionId {
        self.kept.borrow().submission
    }

    pub(crate) async fn keep(&self) -> Result<(), ClientError> {
        let bytes = cbor::encode(&*self.kept.borrow());
        match self.portal.host.save(&kept_key(self.invite), &bytes).await {
            // Without a store the visit lasts as long as the page: that was said at arrival.
            Err(_) if !self.keeps => Ok(()),
            other => Ok(other?),
        }
    }

    pub(crate) fn log_key(&self) -> VerifyKey {
        self.invitation.directory.root().log
    }

    pub(crate) fn stream(&self) -> StreamId {
        StreamId::Matter(self.matter())
    }

    pub(crate) fn firm(&self) -> Hash32 {
        self.invitation.directory.firm()
    }

    pub(crate) fn matter(&self) -> MatterId {
        self.invitation.matter
    }

    pub(crate) fn subject(&self) -> [u8; 16] {
        self.kept.borrow().bundle.subject
    }

    pub(crate) fn kid(&self) -> crate::crypto::keys::Kid {
        self.kept.borrow().bundle.kid()
    }
}
