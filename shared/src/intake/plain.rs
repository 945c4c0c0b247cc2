//! What only people may read: the answers as they are sealed and handed in.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroize;

use super::answers::{ANSWERS_BYTES, AnswersV1, Signature};
use super::check::{Path, Trouble, TroubleKind, check_agreed, check_submitted};
use super::codec::{Unreadable, pack, unpack};
use super::draft::DraftV1;
use super::form::FormV1;
use super::logic::Shown;
use super::value::{Date, Language};
use crate::crypto::hash::{Hash32, sha256};
use crate::ids::SubmissionId;
use crate::secret::Secret;
use crate::time::Timestamp;

/// No submission is longer than this when encoded.
pub const SUBMISSION_BYTES: usize = ANSWERS_BYTES + 64 * 1024;

/// A form filled in, as it is sealed in the browser: the content of the object that
/// [`crate::journal::statement::Submitted::answers`] names.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SubmissionV1 {
    /// The submission. The lawyer's side compares it with the signed statement.
    #[n(1)]
    pub submission: SubmissionId,
    /// The form that was answered.
    #[n(2)]
    pub form_hash: Hash32,
    /// What the person was told and agreed to: [`FormV1::notice_hash`].
    #[n(3)]
    pub notice_hash: Hash32,
    /// The language the person read it in.
    #[n(4)]
    pub language: Language,
    /// The answers, only to questions that were asked.
    #[n(5)]
    pub answers: AnswersV1,
    /// Each consent that was asked for, with the person's choice, in the form's order.
    #[n(6)]
    pub consents: Vec<ConsentChoice>,
    /// The signature, if the form asks for one.
    #[n(7)]
    pub signature: Option<Signature>,
    /// The day it was where the person was.
    #[n(8)]
    pub on: Date,
    /// When, by the clock of the person's device.
    #[n(9)]
    pub written: Timestamp,
}

/// A consent with what the person chose.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize)]
pub struct ConsentChoice {
    /// [`super::form::Consent::id`].
    #[n(0)]
    pub id: String,
    /// Given or not.
    #[n(1)]
    pub given: bool,
}

impl SubmissionV1 {
    /// Makes a draft ready to be sealed: holding the result means that the form's rules are met.
    ///
    /// # Errors
    /// With everything that the person still has to mend.
    pub fn prepare(
        form: &FormV1,
        draft: &DraftV1,
        signature: Option<Signature>,
        on: Date,
        now: Timestamp,
    ) -> Result<Self, Vec<Trouble>> {
        let given = |id: &str| draft.consents.iter().any(|choice| choice.id == id && choice.given);
        let choice = |id: &String| ConsentChoice { id: id.clone(), given: given(id) };
        let shown = Shown::of(form, &draft.answers);
        let asked = form.consents.iter().filter(|consent| shown.consent(consent));
        let ready = Self {
            submission: draft.submission,
            form_hash: form.hash(),
            notice_hash: form.notice_hash(),
            language: draft.language,
            answers: shown.submitted(),
            consents: asked.map(|consent| choice(&consent.id)).collect(),
            signature: form.signing.as_ref().and(signature),
            on,
            written: now,
        };
        let mut troubles = ready.check(form);
        if draft.form_hash != ready.form_hash {
            troubles.push(Trouble { path: Path::whole(), kind: TroubleKind::FormDiffers });
        }
        if troubles.is_empty() { Ok(ready) } else { Err(troubles) }
    }

    /// The same rules again, for whoever opens it: anything found here was not written by our own
    /// page, and the lawyer is told so.
    #[must_use]
    pub fn check(&self, form: &FormV1) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let whole = |kind| Trouble { path: Path::whole(), kind };
        if self.form_hash != form.hash() {
            troubles.push(whole(TroubleKind::FormDiffers));
        }
        if self.notice_hash != form.notice_hash() {
            troubles.push(whole(TroubleKind::NoticeDiffers));
        }
        troubles.extend(check_submitted(form, &self.answers, self.on));
        troubles.extend(check_agreed(
            form,
            &self.answers,
            &self.consents,
            self.signature.as_ref(),
            self.on,
        ));
        troubles
    }

    /// A digest of what the person says: answers, choices and name. Two tries at sending the same may
    /// differ in the rest: the moment, the day, the language it is read in.
    pub(crate) fn says(&self) -> Hash32 {
        let name = self.signature.as_ref().map(|signature| &signature.name);
        let plain = Secret::new(pack(&(&self.answers, &self.consents, name)));
        // EXPOSE: into a digest.
        sha256(plain.expose())
    }

    /// The one encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        pack(self)
    }

    /// From the one encoding.
    ///
    /// # Errors
    /// When the bytes are too many, damaged or not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        unpack(bytes, SUBMISSION_BYTES)
    }
}
