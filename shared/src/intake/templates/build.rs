//! Small builders, so that a template reads like the form it makes and the program stays small.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::intake::form::{Basis, Consent, Field, Purpose, Role, Section};
use crate::intake::kind::{
    ChoiceOption, Choices, FileKind, Group, Kind, Money, Number, Upload, When,
};
use crate::intake::logic::Condition;
use crate::intake::value::Text;

/// A question, in English and in Spanish.
pub(super) fn ask(id: &str, kind: Kind, english: &str, spanish: &str) -> Field {
    Field {
        id: id.to_string(),
        kind,
        label: Text::new(english, spanish),
        help: None,
        required: false,
        required_when: None,
        purpose: None,
        shown: None,
        sensitive: false,
        role: None,
    }
}

/// Words to read between questions.
pub(super) fn say(id: &str, english: &str, spanish: &str) -> Field {
    ask(id, Kind::Statement, english, spanish)
}

impl Field {
    /// With a few words beside it.
    pub(super) fn help(mut self, english: &str, spanish: &str) -> Self {
        self.help = Some(Text::new(english, spanish));
        self
    }
    /// It must be answered.
    pub(super) const fn must(mut self) -> Self {
        self.required = true;
        self
    }
    /// The reason for asking.
    pub(super) const fn why(mut self, purpose: u8) -> Self {
        self.purpose = Some(purpose);
        self
    }
    /// Asked only when this holds.
    pub(super) fn when(mut self, condition: Condition) -> Self {
        self.shown = Some(condition);
        self
    }
    /// Covered on the screen until asked for.
    pub(super) const fn covered(mut self) -> Self {
        self.sensitive = true;
        self
    }
    /// What it means to the firm.
    pub(super) const fn is(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }
}

/// A page. The reason is that of every question on it that names none itself.
pub(super) fn page(
    id: &str,
    words: [&str; 2],
    help: [&str; 2],
    why: u8,
    mut fields: Vec<Field>,
) -> Section {
    give_reason(&mut fields, why);
    let [english, spanish] = words;
    let [help_english, help_spanish] = help;
    Section {
        id: id.to_string(),
        title: Text::new(english, spanish),
        help: Some(Text::new(help_english, help_spanish)),
        fields,
        shown: None,
    }
}

fn give_reason(fields: &mut [Field], why: u8) {
    for field in fields {
        if !matches!(field.kind, Kind::Statement) {
            field.purpose = field.purpose.or(Some(why));
        }
        if let Kind::Group(group) = &mut field.kind {
            give_reason(&mut group.fields, why);
        }
    }
}

/// One line.
pub(super) const fn short() -> Kind {
    Kind::Short(200)
}
/// Several lines.
pub(super) const fn long() -> Kind {
    Kind::Long(5000)
}
/// A whole story.
pub(super) const fn story() -> Kind {
    Kind::Long(20_000)
}
/// A day that has been.
pub(super) const fn past() -> Kind {
    Kind::Date(When::Past)
}
/// A day that has been, as far as it is remembered.
pub(super) const fn around() -> Kind {
    Kind::ApproxDate(When::Past)
}
/// A day to come.
pub(super) const fn coming() -> Kind {
    Kind::Date(When::Future)
}
/// An amount in the currency of where the firm is.
pub(super) const fn money() -> Kind {
    Kind::Money(Money { currency: None, digits: 2 })
}
/// A whole number from 0.
pub(super) const fn count(max: i64) -> Kind {
    Kind::Number(Number { min: Some(0), max: Some(max), decimals: 0, unit: None })
}

type Words<'a> = &'a [(&'a str, &'a str, &'a str)];

fn options(words: Words<'_>) -> Vec<ChoiceOption> {
    let one = |(id, english, spanish): &(&str, &str, &str)| ChoiceOption {
        id: (*id).to_string(),
        label: Text::new(english, spanish),
    };
    words.iter().map(one).collect()
}

/// One of these.
pub(super) fn one_of(words: Words<'_>) -> Kind {
    Kind::Choice(options(words))
}
/// Any of these.
pub(super) fn any_of(words: Words<'_>) -> Kind {
    Kind::Choices(Choices { options: options(words), min: None, max: None })
}
/// Several documents.
pub(super) fn files(accepts: &[FileKind], english: &str, spanish: &str) -> Kind {
    Kind::Upload(Upload {
        several: true,
        accepts: accepts.to_vec(),
        hint: Some(Text::new(english, spanish)),
        identity: false,
    })
}
/// Questions that repeat, from none to `max` times.
pub(super) fn each(item: [&str; 2], max: u8, fields: Vec<Field>) -> Kind {
    let [english, spanish] = item;
    Kind::Group(Group { item: Text::new(english, spanish), min: 0, max, fields })
}

/// Answered with yes.
pub(super) fn yes(id: &str) -> Condition {
    Condition::YesNo(id.to_string(), true)
}
/// Answered with no.
pub(super) fn no(id: &str) -> Condition {
    Condition::YesNo(id.to_string(), false)
}
/// One of these is chosen.
pub(super) fn chose(id: &str, options: &[&str]) -> Condition {
    Condition::OneOf(id.to_string(), options.iter().map(|o| (*o).to_string()).collect())
}
/// Any of these holds.
pub(super) const fn either(conditions: Vec<Condition>) -> Condition {
    Condition::Any(conditions)
}
/// All of these hold.
pub(super) const fn both(conditions: Vec<Condition>) -> Condition {
    Condition::All(conditions)
}
/// This does not hold.
pub(super) fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

/// A reason for asking.
pub(super) fn purpose(basis: Basis, english: &str, spanish: &str) -> Purpose {
    Purpose { why: Text::new(english, spanish), basis }
}
/// Something to agree to.
pub(super) fn agree(id: &str, required: bool, english: &str, spanish: &str) -> Consent {
    Consent { id: String::from(id), text: Text::new(english, spanish), required, shown: None }
}
/// Asked for only when this holds.
pub(super) fn agree_when(condition: Condition, consent: Consent) -> Consent {
    Consent { shown: Some(condition), ..consent }
}

/// Answered at all.
pub(super) fn answered(id: &str) -> Condition {
    Condition::Answered(id.to_string())
}
