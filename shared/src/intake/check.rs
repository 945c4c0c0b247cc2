//! The one set of rules for answers: while a person types, before the form is sealed, and again
//! when a lawyer opens it. The server cannot look, so the third look is what keeps an answer that
//! never went through our page from being taken for one that did.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::answers::{ANSWERS_BYTES, Answer, AnswersV1, Signature};
use super::fits::{fits, signs};
use super::form::{Field, FormV1, Section};
use super::kind::Kind;
use super::logic::Shown;
use super::plain::ConsentChoice;
use super::value::Date;

/// Documents in one answer.
pub const FILES: usize = 100;
/// Characters of a part of a name.
pub const NAME_PART: usize = 100;
/// Characters of a line of an address, and of a typed signature.
pub const LINE: usize = 300;
/// Characters of a file's name.
pub const FILE_NAME: usize = 1000;

/// Where something is wrong and what.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Trouble {
    /// Where.
    pub path: Path,
    /// What; `words::trouble` says it in a sentence.
    pub kind: TroubleKind,
}

/// A place in a filled form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(Debug))]
pub struct Path {
    /// The section's id; empty for the form as a whole, consents and signature.
    pub section: String,
    /// The field's, or consent's, id; empty for the form as a whole and for its signature.
    pub field: String,
    /// Inside a group: which item, from 0, and the id of the field in it.
    pub item: Option<(usize, String)>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "words.rs has a sentence for each, which says it better")]
pub enum TroubleKind {
    Missing,
    TooLong { max: usize },
    BadCharacters,
    Email,
    Phone,
    TooSmall { min: i64, decimals: u8 },
    TooLarge { max: i64, decimals: u8 },
    DatePast,
    DateFuture,
    DateUnlikely,
    TooFewChoices { min: usize },
    TooManyChoices { max: usize },
    ChosenTwice,
    UnknownOption,
    NamePart,
    City,
    OneFile,
    TooManyFiles { max: usize },
    SameFile,
    FileName,
    TooFewItems { min: usize },
    TooManyItems { max: usize },
    Signature,
    SignatureDate,
    Consent,
    UnknownConsent,
    WrongKind,
    UnknownField,
    NotAsked,
    TooMuch,
    FormDiffers,
    NoticeDiffers,
}

impl Path {
    /// The form as a whole.
    #[must_use]
    pub const fn whole() -> Self {
        Self { section: String::new(), field: String::new(), item: None }
    }

    fn field(section: &str, field: &str) -> Self {
        Self { section: section.to_string(), field: field.to_string(), item: None }
    }

    fn inside(&self, index: usize, field: &str) -> Self {
        Self { item: Some((index, field.to_string())), ..self.clone() }
    }

    /// A name for the place that can stand in an element's id: `field` or `group-2-field`.
    #[must_use]
    pub fn anchor(&self) -> String {
        match &self.item {
            None => self.field.clone(),
            Some((index, inner)) => alloc::format!("{}-{index}-{inner}", self.field),
        }
    }
}

/// One field by itself: for a group only how many items it has. `today` is the day where the
/// person is, or was. At most one trouble is reported, the first to mend.
#[must_use]
pub fn check_field(
    field: &Field,
    answer: Option<&Answer>,
    required: bool,
    today: Date,
) -> Option<TroubleKind> {
    if !field.asks() {
        return None;
    }
    match answer.filter(|answer| !answer.is_empty()) {
        Some(answer) => fits(&field.kind, answer, today).err(),
        None => match &field.kind {
            // A group with a least number of items asks for them itself.
            Kind::Group(group) if required || group.min > 0 => {
                Some(TroubleKind::TooFewItems { min: usize::from(group.min.max(1)) })
            }
            Kind::Consent if required => Some(TroubleKind::Consent),
            Kind::Signature if required => Some(TroubleKind::Signature),
            _ => required.then_some(TroubleKind::Missing),
        },
    }
}

/// One page, as far as it is shown. Unknown for an id that is no section of the form: nothing.
#[must_use]
pub fn check_section(
    form: &FormV1,
    section: &str,
    answers: &AnswersV1,
    today: Date,
) -> Vec<Trouble> {
    let shown = Shown::of(form, answers);
    let mut troubles = Vec::new();
    if let Some(section) = form.section(section).filter(|s| shown.section(&s.id)) {
        page(&shown, section, answers, today, &mut troubles);
    }
    troubles
}

/// The whole form while it is being filled: answers to questions no longer shown are passed over,
/// since they are kept for when the person changes their mind and are not submitted.
#[must_use]
pub fn check_all(form: &FormV1, answers: &AnswersV1, today: Date) -> Vec<Trouble> {
    let shown = Shown::of(form, answers);
    let mut troubles = Vec::new();
    for section in form.sections.iter().filter(|section| shown.section(&section.id)) {
        page(&shown, section, answers, today, &mut troubles);
    }
    strangers(form, answers, &mut troubles);
    twice(&shown.submitted(), &mut troubles);
    if answers.to_bytes().len() > ANSWERS_BYTES {
        troubles.push(Trouble { path: Path::whole(), kind: TroubleKind::TooMuch });
    }
    troubles
}

/// The whole form as it was submitted: an answer to a question that was not asked is a trouble too.
#[must_use]
pub fn check_submitted(form: &FormV1, answers: &AnswersV1, today: Date) -> Vec<Trouble> {
    let mut troubles = check_all(form, answers, today);
    let shown = Shown::of(form, answers);
    for (section, field) in form.fields() {
        let Some(answer) = answers.get(&field.id) else {
            continue;
        };
        let path = Path::field(&section.id, &field.id);
        if !shown.field(&field.id) {
            troubles.push(Trouble { path, kind: TroubleKind::NotAsked });
        } else if let (Some(group), Answer::Items(items)) = (field.group(), answer) {
            for (index, item) in items.iter().enumerate() {
                let asked = shown.item(&group.fields, item);
                let beyond = group
                    .fields
                    .iter()
                    .filter(|f| item.get(&f.id).is_some() && !asked.field(&f.id));
                troubles.extend(beyond.map(|f| Trouble {
                    path: path.inside(index, &f.id),
                    kind: TroubleKind::NotAsked,
                }));
            }
        }
    }
    troubles
}

/// The consents and the signature at the end of the form.
#[must_use]
pub fn check_agreed(
    form: &FormV1,
    answers: &AnswersV1,
    consents: &[ConsentChoice],
    signature: Option<&Signature>,
    today: Date,
) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let mut ids = BTreeSet::new();
    let shown = Shown::of(form, answers);
    let asked = || form.consents.iter().filter(|consent| shown.consent(consent));
    for choice in consents {
        let known = asked().any(|consent| consent.id == choice.id);
        if !known || !ids.insert(&choice.id) {
            troubles.push(Trouble {
                path: Path::field("", &choice.id),
                kind: TroubleKind::UnknownConsent,
            });
        }
    }
    for consent in asked().filter(|consent| consent.required) {
        if !consents.iter().any(|choice| choice.id == consent.id && choice.given) {
            troubles
                .push(Trouble { path: Path::field("", &consent.id), kind: TroubleKind::Consent });
        }
    }
    let signed = match (&form.signing, signature) {
        (Some(_), Some(signature)) => signs(signature, today).err(),
        (Some(_), None) => Some(TroubleKind::Signature),
        (None, Some(_)) => Some(TroubleKind::NotAsked),
        (None, None) => None,
    };
    troubles.extend(signed.map(|kind| Trouble { path: Path::whole(), kind }));
    troubles
}

fn page(
    shown: &Shown<'_>,
    section: &Section,
    answers: &AnswersV1,
    today: Date,
    troubles: &mut Vec<Trouble>,
) {
    for field in section.fields.iter().filter(|field| shown.field(&field.id)) {
        let path = Path::field(&section.id, &field.id);
        if let Some(kind) =
            check_field(field, answers.get(&field.id), shown.required(&field.id), today)
        {
            troubles.push(Trouble { path: path.clone(), kind });
        }
        let Some(group) = field.group() else { continue };
        for (index, item) in answers.items(&field.id).iter().enumerate() {
            let asked = shown.item(&group.fields, item);
            for inner in group.fields.iter().filter(|inner| asked.field(&inner.id)) {
                if let Some(kind) =
                    check_field(inner, item.get(&inner.id), asked.required(&inner.id), today)
                {
                    troubles.push(Trouble { path: path.inside(index, &inner.id), kind });
                }
            }
        }
    }
}

/// Entries that belong to no question.
fn strangers(form: &FormV1, answers: &AnswersV1, troubles: &mut Vec<Trouble>) {
    for (id, answer) in answers.iter() {
        let Some((section, field)) = form.fields().find(|(_, f)| f.id == id && f.asks()) else {
            troubles.push(Trouble { path: Path::field("", id), kind: TroubleKind::UnknownField });
            continue;
        };
        let (Some(group), Answer::Items(items)) = (field.group(), answer) else {
            continue;
        };
        let path = Path::field(&section.id, &field.id);
        for (index, item) in items.iter().enumerate() {
            for (inner, _) in item.iter() {
                if !group.fields.iter().any(|f| f.id == inner && f.asks()) {
                    troubles.push(Trouble {
                        path: path.inside(index, inner),
                        kind: TroubleKind::UnknownField,
                    });
                }
            }
        }
    }
}

/// Documents that stand in two places: each is handed in once.
fn twice(answers: &AnswersV1, troubles: &mut Vec<Trouble>) {
    let mut objects = BTreeSet::new();
    if !answers.files().iter().all(|file| objects.insert(file.object)) {
        troubles.push(Trouble { path: Path::whole(), kind: TroubleKind::SameFile });
    }
}
