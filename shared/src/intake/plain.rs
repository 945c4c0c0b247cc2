//! What only people may read: the answers as they are sealed and handed in.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::decode::Error as Bad;
use minicbor::encode::{Error as Full, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::Zeroize;

use super::answers::{ANSWERS_BYTES, AnswersV1, Signature};
use super::check::{Path, Trouble, TroubleKind, check_agreed, check_submitted};
use super::codec::{Unreadable, pack, unpack};
use super::draft::DraftV1;
use super::form::FormV1;
use super::logic::Shown;
use super::value::{Date, Language};
use crate::crypto::hash::Hash32;
use crate::ids::SubmissionId;
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
    /// Each consent of the form with the person's choice, in the form's order.
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
    /// Nothing, as long as it takes to hide how much was written; see [`SubmissionV1::pad`].
    #[cbor(n(10), skip_if = "Padding::is_empty")]
    pub padding: Padding,
}

/// Zeros that fill an encoding up to a round length. Anything but zeros is refused.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Padding(usize);

impl Padding {
    const fn is_empty(&self) -> bool {
        self.0 == 0
    }
}

impl<C> Encode<C> for Padding {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), Full<W::Error>> {
        e.bytes(&alloc::vec![0; self.0])?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Padding {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Bad> {
        let bytes = d.bytes()?;
        let zeros = bytes.iter().all(|byte| *byte == 0);
        if zeros { Ok(Self(bytes.len())) } else { Err(Bad::message("padding is zeros")) }
    }
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
        let ready = Self {
            submission: draft.submission,
            form_hash: form.hash(),
            notice_hash: form.notice_hash(),
            language: draft.language,
            answers: Shown::of(form, &draft.answers).submitted(),
            consents: form.consents.iter().map(|consent| choice(&consent.id)).collect(),
            signature: form.signing.as_ref().and(signature),
            on,
            written: now,
            padding: Padding::default(),
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
        troubles.extend(check_agreed(form, &self.consents, self.signature.as_ref(), self.on));
        troubles
    }

    /// Makes the encoding a multiple of `bucket` bytes long: its length is all that the server
    /// will see of the answers, and a length can tell a long story from a short one.
    pub fn pad(&mut self, bucket: usize) {
        self.padding = Padding(0);
        let bare = self.to_bytes().len();
        let bucket = bucket.max(1);
        // The padding's key takes one byte, its length another one to five. Where the length takes
        // a byte more, one size cannot be met; the next bucket then can.
        let least = (bare + 7).next_multiple_of(bucket) - bare;
        let count = (0..3).map(|more| least + more * bucket).find_map(|room| {
            (room.saturating_sub(6)..room).find(|count| 1 + head(*count) + count == room)
        });
        self.padding = Padding(count.unwrap_or(0));
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

/// Bytes that CBOR takes to say a length.
const fn head(count: usize) -> usize {
    match count {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    }
}
