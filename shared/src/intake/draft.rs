//! A form half filled, as the device keeps it (sealed), and what becomes of it when the firm
//! publishes another version of the form in between.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroize as _;

use super::answers::{ANSWERS_BYTES, Answer, AnswersV1};
use super::codec::{Unreadable, pack, unpack};
use super::form::{Field, FormV1};
use super::kind::Kind;
use super::plain::ConsentChoice;
use super::value::Language;
use crate::crypto::hash::{Hash32, sha256};
use crate::ids::{ObjectId, SubmissionId};
use crate::time::Timestamp;

/// No draft is longer than this when encoded.
pub const DRAFT_BYTES: usize = 2 * ANSWERS_BYTES;

/// A draft.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DraftV1 {
    /// The submission it will become: made once, so that sending twice is sending once.
    #[n(1)]
    pub submission: SubmissionId,
    /// The form it was written for.
    #[n(2)]
    pub form_hash: Hash32,
    /// The notice that was shown.
    #[n(3)]
    pub notice_hash: Hash32,
    /// The language it is written in.
    #[n(4)]
    pub language: Language,
    /// Everything typed, answers to questions no longer shown included.
    #[n(5)]
    pub answers: AnswersV1,
    /// Choices made so far.
    #[n(6)]
    pub consents: Vec<ConsentChoice>,
    /// The id of the section where the person is; empty before the first.
    #[n(7)]
    pub section: String,
    /// Documents begun or handed in so far.
    #[n(8)]
    pub documents: Vec<Attached>,
    /// When it was kept.
    #[n(9)]
    pub saved: Timestamp,
    /// For each answer what was asked, so that a changed question is noticed.
    #[n(10)]
    asked: Vec<Asked>,
}

/// A document of a draft.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Attached {
    /// The sealed object.
    #[n(1)]
    pub object: ObjectId,
    /// The field it answers; inside a group, the group.
    #[n(2)]
    pub field: String,
    /// Inside a group: which item, from 0.
    #[n(3)]
    pub item: Option<u16>,
    /// Inside a group: the field of the item.
    #[n(4)]
    pub inner: Option<String>,
    /// The file's name.
    #[n(5)]
    pub name: String,
    /// Its size in bytes.
    #[n(6)]
    pub size: u64,
    /// Whether all of it has arrived and is filed; otherwise it can be resumed.
    #[n(7)]
    pub filed: bool,
}

/// What was asked when an answer was given.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
struct Asked {
    #[n(0)]
    field: String,
    /// Of an answer inside a group: which item, and the field in it.
    #[n(1)]
    inner: Option<(u16, String)>,
    /// Digest of question and chosen words.
    #[cbor(n(2), with = "minicbor::bytes")]
    mark: [u8; 8],
    /// The question's words, to name it by when it is gone.
    #[n(3)]
    label: String,
}

/// Something a new version of the form did to a draft.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Changed {
    /// The question, as it read when it was answered; of consents, the notice's title.
    pub label: String,
    /// What happened.
    pub what: Change,
}

/// See [`Changed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The question is no longer asked; the answer was dropped.
    Gone,
    /// The question or the chosen words read differently now; please answer again.
    Reworded,
    /// The notice or the consents read differently now; please choose again.
    Notice,
}

impl DraftV1 {
    /// An empty draft.
    #[must_use]
    pub fn new(
        form: &FormV1,
        submission: SubmissionId,
        language: Language,
        now: Timestamp,
    ) -> Self {
        Self {
            submission,
            form_hash: form.hash(),
            notice_hash: form.notice_hash(),
            language,
            answers: AnswersV1::new(),
            consents: Vec::new(),
            section: String::new(),
            documents: Vec::new(),
            saved: now,
            asked: Vec::new(),
        }
    }

    /// The one encoding, noting beside each answer what was asked. `form` is the one on screen.
    #[must_use]
    pub fn keep(&mut self, form: &FormV1, now: Timestamp) -> Vec<u8> {
        self.saved = now;
        self.note(form);
        self.to_bytes()
    }

    /// The encoding of the draft as it was last noted.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        pack(self)
    }

    /// From the one encoding.
    ///
    /// # Errors
    /// When the bytes are too many, damaged or not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        unpack(bytes, DRAFT_BYTES)
    }

    /// Records the choice about a consent.
    pub fn choose(&mut self, consent: &str, given: bool) {
        match self.consents.iter_mut().find(|choice| choice.id == consent) {
            Some(choice) => choice.given = given,
            None => self.consents.push(ConsentChoice { id: consent.to_string(), given }),
        }
    }

    fn note(&mut self, form: &FormV1) {
        let language = self.language;
        let mut asked = Vec::new();
        let mut one = |field: &Field, at: &str, inner: Option<(u16, String)>, answer: &Answer| {
            let label = field.label.read(language).to_string();
            asked.push(Asked {
                field: at.to_string(),
                inner,
                mark: mark(field, answer, language),
                label,
            });
        };
        for (id, answer) in self.answers.iter() {
            let Some((_, field)) = form.fields().find(|(_, f)| f.id == id) else {
                continue;
            };
            one(field, id, None, answer);
            let (Some(group), Answer::Items(items)) = (field.group(), answer) else {
                continue;
            };
            for (index, item) in (0_u16..).zip(items) {
                for (inner_id, answer) in item.iter() {
                    if let Some(inner) = group.fields.iter().find(|f| f.id == inner_id) {
                        one(inner, id, Some((index, inner_id.to_string())), answer);
                    }
                }
            }
        }
        self.form_hash = form.hash();
        self.notice_hash = form.notice_hash();
        self.asked = asked;
    }

    fn asked(&self, field: &str, inner: Option<(u16, &str)>) -> Option<&Asked> {
        let same = |a: &&Asked| {
            a.field == field && a.inner.as_ref().map(|(i, f)| (*i, f.as_str())) == inner
        };
        self.asked.iter().find(same)
    }
}

impl Drop for DraftV1 {
    fn drop(&mut self) {
        self.answers.zeroize();
        self.consents.zeroize();
        self.asked.iter_mut().for_each(|asked| asked.label.zeroize());
        self.documents.iter_mut().for_each(|document| document.name.zeroize());
    }
}

/// Takes a draft over to the form as it is now: answers to questions that read the same are kept,
/// the others are listed by the words they answered. Order, help, conditions, bounds and added
/// options change nothing here; whether the answers still fit is for `check` to say.
#[must_use]
pub fn carry(draft: &DraftV1, form: &FormV1) -> (DraftV1, Vec<Changed>) {
    let mut next = draft.clone();
    let mut changed = Vec::new();
    if draft.form_hash == form.hash() {
        return (next, changed);
    }
    let mut lose = |asked: Option<&Asked>, id: &str, field: Option<&Field>| {
        let label = asked.map_or_else(|| id.to_string(), |asked| asked.label.clone());
        let what = if field.is_some() { Change::Reworded } else { Change::Gone };
        let change = Changed { label, what };
        if !changed.contains(&change) {
            changed.push(change);
        }
    };
    let language = draft.language;
    next.answers = AnswersV1::new();
    for (id, answer) in draft.answers.iter() {
        let asked = draft.asked(id, None);
        let field = form.fields().map(|(_, f)| f).find(|f| f.id == id);
        let same = |f: &&Field| asked.is_some_and(|a| a.mark == mark(f, answer, language));
        let Some(field) = field.filter(same) else {
            if !answer.is_empty() {
                lose(asked, id, field);
            }
            continue;
        };
        let (Some(group), Answer::Items(items)) = (field.group(), answer) else {
            next.answers.set(id, answer.clone());
            continue;
        };
        let mut kept = Vec::new();
        for (index, item) in (0_u16..).zip(items) {
            let mut kept_item = AnswersV1::new();
            for (inner_id, answer) in item.iter() {
                let asked = draft.asked(id, Some((index, inner_id)));
                let inner = group.fields.iter().find(|f| f.id == inner_id);
                if inner.zip(asked).is_some_and(|(f, a)| a.mark == mark(f, answer, language)) {
                    kept_item.set(inner_id, answer.clone());
                } else if !answer.is_empty() {
                    lose(asked, inner_id, inner);
                }
            }
            kept.push(kept_item);
        }
        next.answers.set(id, Answer::Items(kept));
    }
    if draft.notice_hash != form.notice_hash() {
        next.consents.clear();
        changed.push(Changed {
            label: form.notice.title.read(language).to_string(),
            what: Change::Notice,
        });
    }
    if form.section(&draft.section).is_none() {
        next.section.clear();
    }
    let placed = |d: &Attached| {
        form.field(d.inner.as_ref().unwrap_or(&d.field))
            .is_some_and(|f| matches!(f.kind, Kind::Upload(_)))
    };
    next.documents.retain(placed);
    next.note(form);
    (next, changed)
}

/// What was asked and, where words of ours were chosen, what was said: a digest that stays the
/// same as long as the answer still means the same.
fn mark(field: &Field, answer: &Answer, language: Language) -> [u8; 8] {
    let label = field.label.read(language);
    let chosen = |ids: &[String]| -> Vec<String> {
        ids.iter()
            .map(|id| field.option(id).map_or("", |words| words.read(language)).to_string())
            .collect()
    };
    // The kind's own number, and what of it gives an answer its meaning.
    let (kind, meaning): (u8, Vec<String>) = match (&field.kind, answer) {
        (Kind::Short(_) | Kind::Long(_), _) => (1, Vec::new()),
        (Kind::Email, _) => (3, Vec::new()),
        (Kind::Phone, _) => (4, Vec::new()),
        (Kind::Address, _) => (5, Vec::new()),
        (Kind::Number(n), _) => {
            let unit = n.unit.as_ref().map_or("", |unit| unit.read(language));
            (6, alloc::vec![n.decimals.to_string(), unit.to_string()])
        }
        (Kind::Money(m), _) => {
            (7, alloc::vec![m.digits.to_string(), m.currency.clone().unwrap_or_default()])
        }
        (Kind::Date(_), _) => (8, Vec::new()),
        (Kind::ApproxDate(_), _) => (9, Vec::new()),
        (Kind::YesNo, _) => (10, Vec::new()),
        (Kind::Choice(_), Answer::Choice(id)) => (11, chosen(core::slice::from_ref(id))),
        (Kind::Choices(_), Answer::Choices(ids)) => (12, chosen(ids)),
        (Kind::Choice(_), _) => (11, Vec::new()),
        (Kind::Choices(_), _) => (12, Vec::new()),
        (Kind::Name, _) => (13, Vec::new()),
        (Kind::Statement, _) => (14, Vec::new()),
        (Kind::Upload(_), _) => (15, Vec::new()),
        (Kind::Group(group), _) => (16, alloc::vec![group.item.read(language).to_string()]),
        (Kind::Signature, _) => (17, Vec::new()),
        (Kind::Consent, _) => (18, Vec::new()),
    };
    let digest = sha256(&pack(&(kind, label, meaning))).0;
    let mut short = [0; 8];
    short.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    short
}
