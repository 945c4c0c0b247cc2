//! Forms and answers to test with. Random ones are built from random bytes, so that a failing case
//! prints and shrinks as bytes and answers never need a `Debug`.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::ids::{ObjectId, SubmissionId};
use crate::intake::answers::*;
use crate::intake::draft::DraftV1;
use crate::intake::form::*;
use crate::intake::kind::*;
use crate::intake::logic::Condition;
use crate::intake::value::*;
use crate::time::Timestamp;

/// Random bytes that never end: past the last one comes zero.
pub(super) struct Feed {
    bytes: Vec<u8>,
    at: usize,
}

impl Feed {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), at: 0 }
    }
    pub(super) fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes.get(self.at - 1).copied().unwrap_or(0)
    }
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound.max(1)
    }
    pub(super) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }
    fn number(&mut self) -> i64 {
        let bytes: [u8; 8] = core::array::from_fn(|_| self.byte());
        i64::from_le_bytes(bytes) >> self.below(60)
    }
    pub(super) fn text(&mut self) -> String {
        const PIECES: [&str; 9] = ["a", "Ana", " ", "ñ", "日本", "\u{1f600}", "مرحبا", "\n", "x@y.org"];
        (0..self.below(6)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
    fn date(&mut self) -> Date {
        Date::from_days(i64::from(self.byte()) * 137 + i64::from(self.byte()) - 9000)
    }
    fn object(&mut self) -> ObjectId {
        ObjectId(core::array::from_fn(|_| self.byte()))
    }

    /// An answer of the right kind, plausible or not.
    fn answer(&mut self, field: &Field) -> Answer {
        let option = |feed: &mut Self| match field.options() {
            [] => "none".to_string(),
            options => options[feed.below(options.len())].id.clone(),
        };
        match &field.kind {
            Kind::Short(_) | Kind::Long(_) | Kind::Email | Kind::Phone | Kind::Statement => Answer::Text(self.text()),
            Kind::Number(_) => Answer::Number(self.number()),
            Kind::Money(_) => Answer::Money(self.number()),
            Kind::Date(_) => Answer::Date(self.date()),
            Kind::ApproxDate(_) => {
                let date = self.date();
                let month = self.flag().then_some(date.month());
                let day = month.and_then(|_| self.flag().then_some(date.day()));
                Answer::ApproxDate(ApproxDate::new(date.year(), month, day).unwrap())
            }
            Kind::YesNo => Answer::YesNo(self.flag()),
            Kind::Choice(_) => Answer::Choice(option(self)),
            Kind::Choices(_) => Answer::Choices((0..self.below(4)).map(|_| option(self)).collect()),
            Kind::Name => Answer::Name(PersonName { given: self.text(), family: self.text(), ..Default::default() }),
            Kind::Address => Answer::Address(Address { street: self.text(), city: self.text(), ..Default::default() }),
            Kind::Upload(_) => Answer::Files(
                (0..self.below(3))
                    .map(|_| FileRef { object: self.object(), name: self.text(), size: u64::from(self.byte()) })
                    .collect(),
            ),
            Kind::Group(group) => Answer::Items((0..self.below(3)).map(|_| self.answers_to(&group.fields)).collect()),
            Kind::Signature => Answer::Signature(Signature { name: self.text(), date: self.date() }),
            Kind::Consent => Answer::Consent(self.flag()),
        }
    }

    fn answers_to<'a>(&mut self, fields: impl IntoIterator<Item = &'a Field>) -> AnswersV1 {
        let mut answers = AnswersV1::new();
        for field in fields {
            if !self.byte().is_multiple_of(4) {
                let answer = self.answer(field);
                answers.set(&field.id, answer);
            }
        }
        answers
    }

    /// Answers to most questions of a form, those not asked included.
    pub(super) fn answers(&mut self, form: &FormV1) -> AnswersV1 {
        self.answers_to(form.fields().map(|(_, field)| field))
    }

    /// A condition over the yes-or-no fields of these ids.
    pub(super) fn condition(&mut self, ids: &[&str], depth: usize) -> Condition {
        let id = ids[self.below(ids.len())].to_string();
        match self.below(if depth == 0 { 3 } else { 6 }) {
            0 => Condition::YesNo(id, true),
            1 => Condition::YesNo(id, false),
            2 => Condition::Answered(id),
            3 => Condition::Not(alloc::boxed::Box::new(self.condition(ids, depth - 1))),
            4 => Condition::All((0..=self.below(3)).map(|_| self.condition(ids, depth - 1)).collect()),
            _ => Condition::Any((0..=self.below(3)).map(|_| self.condition(ids, depth - 1)).collect()),
        }
    }
}

pub(super) fn words(words: &str) -> Text {
    Text::new(words, &alloc::format!("{words} (es)"))
}

pub(super) fn field(id: &str, kind: Kind) -> Field {
    Field {
        id: id.to_string(),
        kind,
        label: words(id),
        help: None,
        required: false,
        required_when: None,
        purpose: Some(0),
        shown: None,
        sensitive: false,
        role: None,
    }
}

pub(super) fn section(id: &str, fields: Vec<Field>) -> Section {
    Section { id: id.to_string(), title: words(id), help: None, fields, shown: None }
}

pub(super) fn form(sections: Vec<Section>) -> FormV1 {
    FormV1 {
        salt: [7; 16],
        languages: Language::ALL.to_vec(),
        title: words("Form"),
        practice: words("Law"),
        intro: words("Hello"),
        notice: Notice { version: 1, title: words("Notice"), paragraphs: alloc::vec![words("Told")] },
        purposes: alloc::vec![Purpose { why: words("Because"), basis: Basis::BeforeEngagement }],
        sections,
        consents: alloc::vec![
            Consent { id: "must".into(), text: words("Agree"), required: true, shown: None },
            Consent { id: "may".into(), text: words("Perhaps"), required: false, shown: None },
        ],
        retention: words("A year"),
        signing: Some(words("I sign")),
    }
}

pub(super) fn options(ids: &[&str]) -> Vec<ChoiceOption> {
    ids.iter().map(|id| ChoiceOption { id: (*id).to_string(), label: words(id) }).collect()
}

/// One field of every kind, none required.
pub(super) fn every_kind() -> FormV1 {
    let group = Group {
        item: words("Child"),
        min: 0,
        max: 3,
        fields: alloc::vec![field("kid", Kind::Name), field("kid-born", Kind::Date(When::Past)), field("kid-photo", upload(false))],
    };
    form(alloc::vec![
        section("one", alloc::vec![
            field("short", Kind::Short(10)),
            field("long", Kind::Long(20)),
            field("email", Kind::Email),
            field("phone", Kind::Phone),
            field("address", Kind::Address),
            field("number", Kind::Number(Number { min: Some(-10), max: Some(10), decimals: 1, unit: None })),
            field("money", Kind::Money(Money { currency: Some("EUR".into()), digits: 2 })),
            field("past", Kind::Date(When::Past)),
            field("future", Kind::Date(When::Future)),
            field("about", Kind::ApproxDate(When::Past)),
            field("yes", Kind::YesNo),
        ]),
        section("two", alloc::vec![
            field("choice", Kind::Choice(options(&["a", "b"]))),
            field("choices", Kind::Choices(Choices { options: options(&["a", "b", "c"]), min: Some(2), max: Some(2) })),
            field("name", Kind::Name),
            field("say", Kind::Statement),
            field("file", upload(false)),
            field("files", upload(true)),
            field("kids", Kind::Group(group)),
            field("sign", Kind::Signature),
            field("tick", Kind::Consent),
        ]),
    ])
}

pub(super) fn upload(several: bool) -> Kind {
    Kind::Upload(Upload { several, accepts: alloc::vec![FileKind::Photo], hint: None, identity: false })
}

pub(super) fn today() -> Date {
    Date::new(2026, 3, 9).unwrap()
}

pub(super) fn draft(form: &FormV1) -> DraftV1 {
    DraftV1::new(form, SubmissionId([3; 16]), Language::English, Timestamp(1_773_000_000_000))
}

pub(super) fn file(number: u8) -> FileRef {
    FileRef { object: ObjectId([number; 16]), name: "scan.pdf".into(), size: 9 }
}
