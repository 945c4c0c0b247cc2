//! What an intake form is: sections of questions, the conditions under which each is shown, the
//! notice that stands before the first of them, and what the person agrees to at the end.
//!
//! A form is sealed and signed by the firm before a client sees it, and an answer names the hash
//! of the form it answers. Numbers of fields and variants are frozen once released.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::codec::{Unreadable, pack, unpack};
use super::kind::{ChoiceOption, Choices, Group, Kind, is_false};
use super::logic::Condition;
use super::value::{Language, Text};
use crate::crypto::hash::{Hash32, labelled};
use crate::crypto::purpose;

/// No form is longer than this when encoded: it travels inside every invitation.
pub const FORM_BYTES: usize = 40 * 1024;

/// The definition of an intake form.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct FormV1 {
    /// Random, so that the hash of a form known to the world does not tell which form it is.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// The languages it is written in; the first is the default.
    #[n(2)]
    pub languages: Vec<Language>,
    /// Its title.
    #[n(3)]
    pub title: Text,
    /// The area of law.
    #[n(4)]
    pub practice: Text,
    /// A few words of welcome.
    #[n(5)]
    pub intro: Text,
    /// What is told before the first question.
    #[n(6)]
    pub notice: Notice,
    /// The reasons for asking, each used by many fields ([`Field::purpose`] is a place in here).
    #[n(7)]
    pub purposes: Vec<Purpose>,
    /// The questions.
    #[n(8)]
    pub sections: Vec<Section>,
    /// What the person agrees to, or not, before sending.
    #[n(9)]
    pub consents: Vec<Consent>,
    /// How long answers are kept, in words.
    #[n(10)]
    pub retention: Text,
    /// What the person signs with the full name before sending; none when no signature is asked.
    #[n(11)]
    pub signing: Option<Text>,
}

/// What a person is told before the first question.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Notice {
    /// Counts up whenever the words change.
    #[n(1)]
    pub version: u16,
    /// Its heading.
    #[n(2)]
    pub title: Text,
    /// Its paragraphs.
    #[n(3)]
    pub paragraphs: Vec<Text>,
}

/// One thing to agree to.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Consent {
    /// Its id, unique among the consents.
    #[n(1)]
    pub id: String,
    /// What is agreed.
    #[n(2)]
    pub text: Text,
    /// Whether the form cannot be sent without it, where it is asked for.
    #[cbor(n(3), skip_if = "is_false")]
    pub required: bool,
    /// When it is asked for; always if none.
    #[n(4)]
    pub shown: Option<Condition>,
}

/// Why something is asked, and on what ground the firm may.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Purpose {
    /// The reason, in words for the person who is asked.
    #[n(1)]
    pub why: Text,
    /// The legal ground.
    #[n(2)]
    pub basis: Basis,
}

/// The ground on which a firm may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Basis {
    /// Steps that the person asks for before engaging the firm.
    #[n(1)]
    BeforeEngagement,
    /// A duty of the profession: conflicts of interest, identity.
    #[n(2)]
    ProfessionalDuty,
    /// To establish, exercise or defend legal claims.
    #[n(3)]
    LegalClaims,
    /// The person's consent.
    #[n(4)]
    Consent,
    /// To protect somebody's life or safety.
    #[n(5)]
    Safety,
}

/// One page of the form.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Section {
    /// Its id, unique among the sections.
    #[n(1)]
    pub id: String,
    /// Its heading.
    #[n(2)]
    pub title: Text,
    /// A few words under the heading.
    #[n(3)]
    pub help: Option<Text>,
    /// Its questions.
    #[n(4)]
    pub fields: Vec<Field>,
    /// When it is shown; always if none.
    #[n(5)]
    pub shown: Option<Condition>,
}

/// One question.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Field {
    /// Its id: a short slug, unique in the whole form, stable over versions.
    #[n(1)]
    pub id: String,
    /// What kind of answer it takes.
    #[n(2)]
    pub kind: Kind,
    /// The question.
    #[n(3)]
    pub label: Text,
    /// A few words beside it.
    #[n(4)]
    pub help: Option<Text>,
    /// Whether it must be answered.
    #[cbor(n(5), skip_if = "is_false")]
    pub required: bool,
    /// It must be answered when this holds, too.
    #[n(6)]
    pub required_when: Option<Condition>,
    /// Why it is asked: a place in [`FormV1::purposes`].
    #[n(7)]
    pub purpose: Option<u8>,
    /// When it is shown; always if none.
    #[n(8)]
    pub shown: Option<Condition>,
    /// The answer is best not read over a shoulder: the screen covers it until asked.
    #[cbor(n(9), skip_if = "is_false")]
    pub sensitive: bool,
    /// What the answer means to the firm, beyond its words.
    #[n(10)]
    pub role: Option<Role>,
}

/// What an answer means to the firm: the inbox shows these first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// A name of the person who writes, present or former; goes into the conflict check.
    #[n(1)]
    OwnName,
    /// A name of another person or company; goes into the conflict check.
    #[n(2)]
    OtherName,
    /// A day by which something must have happened.
    #[n(3)]
    Deadline,
    /// How the person may be reached safely.
    #[n(4)]
    SafeContact,
    /// Yes means that somebody's safety is at stake.
    #[n(5)]
    Danger,
}

impl FormV1 {
    /// The one encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        pack(self)
    }

    /// From the one encoding, and coherent: holding a form means it is fit to be shown.
    ///
    /// # Errors
    /// When the bytes are too many, damaged or not canonical, or [`FormV1::check`] finds a flaw.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let form: Self = unpack(bytes, FORM_BYTES)?;
        form.check().map_err(|_| Unreadable::Malformed)?;
        Ok(form)
    }

    /// What answers name the form by.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        labelled(purpose::FORM, &[&self.to_bytes()])
    }

    /// What a consent names the words by: the notice, the consents, how long it is kept, what is signed.
    #[must_use]
    pub fn notice_hash(&self) -> Hash32 {
        let told = (&self.notice, &self.consents, &self.retention, &self.signing);
        labelled(purpose::NOTICE_HASH, &[&pack(&told)])
    }

    /// The default language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::English)
    }

    /// The section of an id.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// Every field that is not inside a group, with its section.
    pub fn fields(&self) -> impl Iterator<Item = (&Section, &Field)> {
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter().map(move |field| (section, field)))
    }

    /// The field of an id, inside groups too.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find_map(|(_, field)| {
            if field.id == id {
                return Some(field);
            }
            field.group()?.fields.iter().find(|inner| inner.id == id)
        })
    }

    /// Why a field is asked.
    #[must_use]
    pub fn purpose(&self, field: &Field) -> Option<&Purpose> {
        self.purposes.get(usize::from(field.purpose?))
    }
}

impl Field {
    /// Whether there is anything to answer: words to read ask nothing.
    #[must_use]
    pub const fn asks(&self) -> bool {
        !matches!(self.kind, Kind::Statement)
    }

    /// The group, if the field repeats.
    #[must_use]
    pub const fn group(&self) -> Option<&Group> {
        match &self.kind {
            Kind::Group(group) => Some(group),
            _ => None,
        }
    }

    /// The options, if the field offers any.
    #[must_use]
    pub fn options(&self) -> &[ChoiceOption] {
        match &self.kind {
            Kind::Choice(options) | Kind::Choices(Choices { options, .. }) => options,
            _ => &[],
        }
    }

    /// The words of an option.
    #[must_use]
    pub fn option(&self, id: &str) -> Option<&Text> {
        self.options().iter().find(|option| option.id == id).map(|option| &option.label)
    }
}
