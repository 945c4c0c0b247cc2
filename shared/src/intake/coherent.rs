//! Whether a form's definition makes sense: every id is unique, every condition looks back at a
//! field that can meet it, every bound can be kept, every word is there in the default language
//! and is nothing but words.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::flaw::{Flaw, FlawKind};
use super::form::{FORM_BYTES, Field, FormV1, Section};
use super::kind::{ChoiceOption, Kind};
use super::logic::Condition;
use super::value::Text;

/// Sections of a form.
pub const SECTIONS: usize = 30;
/// Fields of a form, those inside groups too.
pub const FIELDS: usize = 300;
/// Options of a choice.
pub const OPTIONS: usize = 80;
/// Items of a group.
pub const ITEMS: u8 = 50;
/// Consents of a form.
pub const CONSENTS: usize = 20;
/// Purposes of a form.
pub const PURPOSES: usize = 40;
/// Paragraphs of a notice.
pub const PARAGRAPHS: usize = 30;
/// Characters of an id.
pub const ID: usize = 32;
/// Characters of a title, a label, an option.
pub const LABEL: usize = 300;
/// Characters of a help text, a reason, a paragraph.
pub const WORDS: usize = 2000;
/// Characters of a one-line answer.
pub const SHORT: u16 = 500;
/// Characters of an answer of several lines.
pub const LONG: u16 = 20_000;
/// Conditions inside one condition, itself included.
pub const CONDITIONS: usize = 64;
/// How deep conditions nest.
pub const NESTED: usize = 6;

impl FormV1 {
    /// Whether the definition is coherent.
    ///
    /// # Errors
    /// With the first flaw.
    pub fn check(&self) -> Result<(), Flaw> {
        self.flaws().into_iter().next().map_or(Ok(()), Err)
    }

    /// Everything that is wrong with the definition, for whoever edits it.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut look = Look {
            form: self,
            flaws: Vec::new(),
            ids: BTreeSet::new(),
            before: BTreeMap::new(),
            item: BTreeMap::new(),
        };
        look.whole();
        self.sections.iter().for_each(|section| look.section(section));
        for consent in &self.consents {
            look.condition(consent.shown.as_ref(), &consent.id);
        }
        look.flaws
    }
}

struct Look<'a> {
    form: &'a FormV1,
    flaws: Vec<Flaw>,
    ids: BTreeSet<&'a str>,
    /// Fields that stand before this place, outside groups.
    before: BTreeMap<&'a str, &'a Field>,
    /// Fields that stand before this place in the same group.
    item: BTreeMap<&'a str, &'a Field>,
}

impl<'a> Look<'a> {
    fn ensure(&mut self, good: bool, at: &str, kind: FlawKind) {
        if !good {
            self.flaws.push(Flaw { at: at.to_string(), kind });
        }
    }

    fn whole(&mut self) {
        let form = self.form;
        let mut seen = Vec::new();
        let repeated = form.languages.iter().any(|l| {
            seen.contains(l) || {
                seen.push(*l);
                false
            }
        });
        self.ensure(!form.languages.is_empty() && !repeated, "form", FlawKind::Languages);
        self.ensure(form.sections.iter().any(|s| !s.fields.is_empty()), "form", FlawKind::Nothing);
        let fields: usize =
            form.fields().map(|(_, f)| 1 + f.group().map_or(0, |g| g.fields.len())).sum();
        let few =
            form.sections.len() <= SECTIONS && fields <= FIELDS && form.purposes.len() <= PURPOSES;
        self.ensure(few && form.consents.len() <= CONSENTS, "form", FlawKind::TooMany);
        self.ensure(form.to_bytes().len() <= FORM_BYTES, "form", FlawKind::TooLarge);

        self.words(&form.title, LABEL, "form");
        self.words(&form.practice, LABEL, "form");
        self.words(&form.intro, WORDS, "form");
        self.words(&form.retention, WORDS, "form");
        if let Some(signing) = &form.signing {
            self.words(signing, WORDS, "form");
        }
        for purpose in &form.purposes {
            self.words(&purpose.why, WORDS, "form");
        }
        self.words(&form.notice.title, LABEL, "notice");
        let told = !form.notice.paragraphs.is_empty() && form.notice.paragraphs.len() <= PARAGRAPHS;
        self.ensure(told, "notice", FlawKind::TooMany);
        for paragraph in &form.notice.paragraphs {
            self.words(paragraph, WORDS, "notice");
        }
        let mut ids = BTreeSet::new();
        for consent in &form.consents {
            self.ensure(is_id(&consent.id), &consent.id, FlawKind::BadId);
            self.ensure(ids.insert(&consent.id), &consent.id, FlawKind::SameId);
            self.words(&consent.text, WORDS, &consent.id);
        }
        let mut ids = BTreeSet::new();
        for section in &form.sections {
            self.ensure(ids.insert(&section.id), &section.id, FlawKind::SameId);
        }
    }

    fn section(&mut self, section: &'a Section) {
        self.ensure(is_id(&section.id), &section.id, FlawKind::BadId);
        self.words(&section.title, LABEL, &section.id);
        if let Some(help) = &section.help {
            self.words(help, WORDS, &section.id);
        }
        self.condition(section.shown.as_ref(), &section.id);
        for field in &section.fields {
            self.field(field);
            if let Some(group) = field.group() {
                self.item.clear();
                for inner in &group.fields {
                    let fits =
                        !matches!(inner.kind, Kind::Group(_) | Kind::Signature | Kind::Consent);
                    self.ensure(fits, &inner.id, FlawKind::NotInGroup);
                    self.field(inner);
                    self.item.insert(&inner.id, inner);
                }
                self.item.clear();
            }
            self.before.insert(&field.id, field);
        }
    }

    fn field(&mut self, field: &'a Field) {
        let at = &field.id;
        self.ensure(is_id(at), at, FlawKind::BadId);
        let fresh = self.ids.insert(at);
        self.ensure(fresh, at, FlawKind::SameId);
        // A statement may be long; a question may not.
        let cap = if matches!(field.kind, Kind::Statement | Kind::Consent) { WORDS } else { LABEL };
        self.words(&field.label, cap, at);
        if let Some(help) = &field.help {
            self.words(help, WORDS, at);
        }
        let known = field.purpose.is_none_or(|p| usize::from(p) < self.form.purposes.len());
        self.ensure(known, at, FlawKind::NoPurpose);
        let demands = field.required || field.required_when.is_some();
        self.ensure(
            !(demands && matches!(field.kind, Kind::Statement)),
            at,
            FlawKind::NothingToRequire,
        );
        self.condition(field.shown.as_ref(), at);
        self.condition(field.required_when.as_ref(), at);
        self.kind(&field.kind, at);
    }

    fn kind(&mut self, kind: &Kind, at: &str) {
        let good = match kind {
            Kind::Short(max) => (1..=SHORT).contains(max),
            Kind::Long(max) => (1..=LONG).contains(max),
            Kind::Number(number) => {
                let ordered =
                    !matches!((number.min, number.max), (Some(min), Some(max)) if min > max);
                if let Some(unit) = &number.unit {
                    self.words(unit, LABEL, at);
                }
                ordered && number.decimals <= 9
            }
            Kind::Money(money) => {
                let iso = |c: &String| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase());
                money.digits <= 4 && money.currency.as_ref().is_none_or(iso)
            }
            Kind::Choice(options) => {
                self.options(options, at);
                options.len() >= 2
            }
            Kind::Choices(choices) => {
                self.options(&choices.options, at);
                let most = choices.options.len();
                let (min, max) =
                    (usize::from(choices.min.unwrap_or(0)), choices.max.map_or(most, usize::from));
                most >= 1 && min <= max && max >= 1 && max <= most
            }
            Kind::Upload(upload) => {
                if let Some(hint) = &upload.hint {
                    self.words(hint, WORDS, at);
                }
                upload.accepts.len() <= 6
            }
            Kind::Group(group) => {
                self.words(&group.item, LABEL, at);
                group.max >= 1
                    && group.max <= ITEMS
                    && group.min <= group.max
                    && !group.fields.is_empty()
            }
            _ => true,
        };
        self.ensure(good, at, FlawKind::Bounds);
    }

    fn options(&mut self, options: &[ChoiceOption], at: &str) {
        self.ensure(options.len() <= OPTIONS, at, FlawKind::TooMany);
        let mut ids = BTreeSet::new();
        for option in options {
            self.ensure(is_id(&option.id), at, FlawKind::BadId);
            self.ensure(ids.insert(&option.id), at, FlawKind::SameId);
            self.words(&option.label, LABEL, at);
        }
    }

    fn words(&mut self, text: &Text, cap: usize, at: &str) {
        let said = |words: &str| !words.trim().is_empty();
        let first = text.iter().next();
        let in_order = {
            let mut order = self.form.languages.iter();
            text.iter().all(|(language, _)| order.any(|l| *l == language))
        };
        let there = first.is_some_and(|(l, _)| l == self.form.language())
            && text.iter().all(|(_, w)| said(w));
        self.ensure(there && in_order, at, FlawKind::WordsMissing);
        self.ensure(text.iter().all(|(_, w)| w.chars().count() <= cap), at, FlawKind::WordsTooLong);
        self.ensure(text.iter().all(|(_, w)| !w.chars().any(misleads)), at, FlawKind::WordsUnsafe);
    }

    fn condition(&mut self, condition: Option<&Condition>, at: &str) {
        let Some(condition) = condition else { return };
        // Breadth first with a cap, so that no definition can lead this check astray.
        let mut level: Vec<&Condition> = alloc::vec![condition];
        let mut seen = 0;
        for _ in 0..NESTED {
            seen += level.len();
            if level.is_empty() || seen > CONDITIONS {
                break;
            }
            level.iter().for_each(|one| self.look_back(one, at));
            level = level.iter().flat_map(|one| one.parts()).collect();
        }
        self.ensure(level.is_empty() && seen <= CONDITIONS, at, FlawKind::Tangled);
    }

    fn look_back(&mut self, condition: &Condition, at: &str) {
        let Some(id) = condition.field() else {
            let hollow = condition.parts().is_empty();
            return self.ensure(!hollow, at, FlawKind::NeverMet);
        };
        match self.item.get(id).or_else(|| self.before.get(id)) {
            None => self.ensure(false, at, FlawKind::NotBefore),
            Some(field) => {
                let can = can_meet(condition, field);
                self.ensure(can, at, FlawKind::NeverMet);
            }
        }
    }
}

/// Whether a field's kind can meet a condition at all.
fn can_meet(condition: &Condition, field: &Field) -> bool {
    match (condition, &field.kind) {
        (Condition::Answered(_), kind) => !matches!(kind, Kind::Statement),
        (Condition::YesNo(..), Kind::YesNo)
        | (Condition::YesNo(_, true), Kind::Consent)
        | (Condition::Compare(..), Kind::Number(_) | Kind::Money(_))
        | (Condition::Before(..), Kind::Date(_) | Kind::ApproxDate(_)) => true,
        (Condition::OneOf(_, wanted), Kind::Choice(_) | Kind::Choices(_)) => {
            !wanted.is_empty() && wanted.iter().all(|id| field.option(id).is_some())
        }
        (
            Condition::Says(_, wanted),
            Kind::Short(_) | Kind::Long(_) | Kind::Email | Kind::Phone,
        ) => !wanted.is_empty() && wanted == wanted.trim(),
        _ => false,
    }
}

/// Whether a text can be an id: small letters, digits, hyphens inside.
fn is_id(id: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=ID).contains(&id.len())
        && id.bytes().all(inside)
        && !id.starts_with('-')
        && !id.ends_with('-')
}

/// Control characters, and marks that turn the direction of the text around them: words of a form
/// are written by the firm and need neither.
fn misleads(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
