//! Which questions are asked: conditions over earlier answers, evaluated the same way on every
//! machine.
//!
//! A condition may look at fields that stand before it in the form, and inside a repeating group
//! also at earlier fields of the same item. One pass from the first field to the last therefore
//! settles everything. An answer to a question that is not shown counts as no answer at all: it is
//! neither required nor looked at nor submitted.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::answers::{Answer, AnswersV1};
use super::form::{Consent, Field, FormV1};
use super::value::Date;

/// When something is shown. Numbers are frozen.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
pub enum Condition {
    /// All of these hold.
    #[n(1)]
    All(#[n(0)] Vec<Self>),
    /// At least one of these holds.
    #[n(2)]
    Any(#[n(0)] Vec<Self>),
    /// This does not hold.
    #[n(3)]
    Not(#[n(0)] Box<Self>),
    /// The field is answered.
    #[n(4)]
    Answered(#[n(0)] String),
    /// Yes or no is answered with this, or the box is ticked (true).
    #[n(5)]
    YesNo(#[n(0)] String, #[n(1)] bool),
    /// One of these options is chosen.
    #[n(6)]
    OneOf(#[n(0)] String, #[n(1)] Vec<String>),
    /// The number or amount compares so with the value, in its smallest step.
    #[n(7)]
    Compare(#[n(0)] String, #[n(1)] Order, #[n(2)] i64),
    /// The day lies before this one; an approximate one counts from its first day.
    #[n(8)]
    Before(#[n(0)] String, #[n(1)] Date),
    /// The text is exactly this, but for blanks around it.
    #[n(9)]
    Says(#[n(0)] String, #[n(1)] String),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Order {
    /// Less.
    #[n(1)]
    Less,
    /// Less or equal.
    #[n(2)]
    AtMost,
    /// Equal.
    #[n(3)]
    Equal,
    /// Greater or equal.
    #[n(4)]
    AtLeast,
    /// Greater.
    #[n(5)]
    More,
}

impl Condition {
    /// The conditions right inside this one.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => core::slice::from_ref(part),
            _ => &[],
        }
    }

    /// The field this one looks at itself, if it is not made of others.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::All(_) | Self::Any(_) | Self::Not(_) => None,
            Self::Answered(id)
            | Self::YesNo(id, _)
            | Self::OneOf(id, _)
            | Self::Compare(id, ..)
            | Self::Before(id, _)
            | Self::Says(id, _) => Some(id),
        }
    }

    fn holds<'a>(&self, look: &impl Fn(&str) -> Option<&'a Answer>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(look)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(look)),
            Self::Not(part) => !part.holds(look),
            _ => self.field().and_then(look).is_some_and(|answer| self.met_by(answer)),
        }
    }

    fn met_by(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Answered(_), answer) => !answer.is_empty(),
            (Self::YesNo(_, wanted), Answer::YesNo(said)) => wanted == said,
            // A box not ticked is no answer, so only a ticked one can be looked at.
            (Self::YesNo(_, wanted), Answer::Consent(ticked)) => *wanted && *ticked,
            (Self::OneOf(_, wanted), Answer::Choice(chosen)) => wanted.contains(chosen),
            (Self::OneOf(_, wanted), Answer::Choices(chosen)) => {
                chosen.iter().any(|c| wanted.contains(c))
            }
            (Self::Compare(_, order, value), Answer::Number(n) | Answer::Money(n)) => {
                order.of(*n, *value)
            }
            (Self::Before(_, limit), Answer::Date(date)) => date < limit,
            (Self::Before(_, limit), Answer::ApproxDate(date)) => date.earliest() < *limit,
            (Self::Says(_, wanted), Answer::Text(text)) => text.trim() == wanted,
            _ => false,
        }
    }
}

impl Order {
    const fn of(self, left: i64, right: i64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}

/// What is asked of a person who gave these answers.
pub struct Shown<'a> {
    form: &'a FormV1,
    answers: &'a AnswersV1,
    sections: BTreeSet<&'a str>,
    fields: BTreeSet<&'a str>,
    required: BTreeSet<&'a str>,
}

/// The same for one item of a repeating group.
pub struct ShownItem<'a> {
    fields: BTreeSet<&'a str>,
    required: BTreeSet<&'a str>,
}

impl<'a> Shown<'a> {
    /// Settles the whole form in one pass.
    #[must_use]
    pub fn of(form: &'a FormV1, answers: &'a AnswersV1) -> Self {
        let none = BTreeSet::new;
        let mut shown = Self { form, answers, sections: none(), fields: none(), required: none() };
        for section in &form.sections {
            if section.shown.as_ref().is_some_and(|when| !when.holds(&|id| shown.look(id))) {
                continue;
            }
            shown.sections.insert(&section.id);
            for field in &section.fields {
                let (asked, must) = state(field, &|id| shown.look(id));
                if asked {
                    shown.fields.insert(&field.id);
                }
                if must {
                    shown.required.insert(&field.id);
                }
            }
        }
        shown
    }

    /// An answer that counts: its question is asked.
    fn look(&self, id: &str) -> Option<&'a Answer> {
        if self.fields.contains(id) { self.answers.get(id) } else { None }
    }

    /// Whether a section is shown.
    #[must_use]
    pub fn section(&self, id: &str) -> bool {
        self.sections.contains(id)
    }

    /// Whether a field that is not inside a group is shown.
    #[must_use]
    pub fn field(&self, id: &str) -> bool {
        self.fields.contains(id)
    }

    /// Whether a consent is asked for.
    #[must_use]
    pub fn consent(&self, consent: &Consent) -> bool {
        consent.shown.as_ref().is_none_or(|when| when.holds(&|id| self.look(id)))
    }

    /// Whether such a field must be answered.
    #[must_use]
    pub fn required(&self, id: &str) -> bool {
        self.required.contains(id)
    }

    /// The fields of one item of a group. Shown items belong to a shown group; ask that first.
    #[must_use]
    pub fn item(&self, fields: &'a [Field], item: &'a AnswersV1) -> ShownItem<'a> {
        let mut shown = ShownItem { fields: BTreeSet::new(), required: BTreeSet::new() };
        for field in fields {
            let look = |id: &str| {
                if fields.iter().any(|f| f.id == id) {
                    if shown.fields.contains(id) { item.get(id) } else { None }
                } else {
                    self.look(id)
                }
            };
            let (asked, must) = state(field, &look);
            if asked {
                shown.fields.insert(&field.id);
            }
            if must {
                shown.required.insert(&field.id);
            }
        }
        shown
    }

    /// The answers that count, as they are submitted: only to questions asked, and only said ones.
    #[must_use]
    pub fn submitted(&self) -> AnswersV1 {
        let mut kept = AnswersV1::new();
        for (_, field) in self.form.fields().filter(|(_, field)| field.asks()) {
            let Some(answer) = self.look(&field.id).filter(|answer| !answer.is_empty()) else {
                continue;
            };
            let answer = match (field.group(), answer) {
                (Some(group), Answer::Items(items)) => Answer::Items(
                    items.iter().map(|item| self.submitted_item(&group.fields, item)).collect(),
                ),
                _ => answer.clone(),
            };
            kept.set(&field.id, answer);
        }
        kept
    }

    fn submitted_item(&self, fields: &'a [Field], item: &'a AnswersV1) -> AnswersV1 {
        let shown = self.item(fields, item);
        let mut kept = AnswersV1::new();
        for field in fields.iter().filter(|field| shown.field(&field.id) && field.asks()) {
            if let Some(answer) = item.get(&field.id).filter(|answer| !answer.is_empty()) {
                kept.set(&field.id, answer.clone());
            }
        }
        kept
    }
}

impl ShownItem<'_> {
    /// Whether a field of the item is shown.
    #[must_use]
    pub fn field(&self, id: &str) -> bool {
        self.fields.contains(id)
    }

    /// Whether a field of the item must be answered.
    #[must_use]
    pub fn required(&self, id: &str) -> bool {
        self.required.contains(id)
    }
}

/// Whether a field is shown, and whether it must be answered.
fn state<'a>(field: &Field, look: &impl Fn(&str) -> Option<&'a Answer>) -> (bool, bool) {
    let asked = field.shown.as_ref().is_none_or(|when| when.holds(look));
    let must = field.required || field.required_when.as_ref().is_some_and(|when| when.holds(look));
    (asked, asked && must)
}
