//! The firm's questions by which it knows a client: they travel as the last section of an ordinary form, and are
//! answered and sealed like every other.

use alloc::string::String;
use alloc::vec::Vec;

use super::form::{Field, FormV1, Section};
use super::kind::{FileKind, Kind, Upload, When};
use super::value::{Language, Text};
use crate::encoding::to_hex;
use crate::matters::plain::QuestionV1;

/// What the ids of their fields begin with.
const FIELD: &str = "known-";
/// The id of their section.
const SECTION: &str = "known";
/// The id of the field for an identity paper.
const PAPER: &str = "identity-paper";
/// Most letters of an answer.
const ANSWER: u16 = 200;

/// The id of a question's field.
#[must_use]
pub fn field_id(question: [u8; 4]) -> String {
    [FIELD, &to_hex(&question)].concat()
}

/// The question that a field asks, where it is one of these.
#[must_use]
pub fn question_of(field: &Field) -> Option<[u8; 4]> {
    let hex = field.id.strip_prefix(FIELD)?;
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let id = [byte(0)?, byte(2)?, byte(4)?, byte(6)?];
    (hex.len() == 8 && field_id(id) == field.id).then_some(id)
}

impl FormV1 {
    /// Whether it asks for identity papers, which are sealed to those of the firm who verify.
    #[must_use]
    pub fn asks_for_papers(&self) -> bool {
        let asks = |field: &Field| matches!(&field.kind, Kind::Upload(one) if one.identity);
        let inside =
            |field: &Field| field.group().is_some_and(|group| group.fields.iter().any(asks));
        self.fields().any(|(_, field)| asks(field) || inside(field))
    }
}

/// The form with these questions after its own, in place of any that it had; and with one for an identity paper,
/// where that is asked for.
#[must_use]
pub fn asking(form: &FormV1, questions: &[QuestionV1], paper: bool) -> FormV1 {
    let mut form = form.clone();
    form.sections.retain(|section| section.id != SECTION);
    if questions.is_empty() && !paper {
        return form;
    }
    let words = |english: &str, spanish: &str| in_all(&form.languages, english, spanish);
    let field = |id, kind, label, help, required| Field {
        id,
        kind,
        label,
        help,
        required,
        required_when: None,
        purpose: None,
        shown: None,
        sensitive: false,
        role: None,
    };
    let asked = |question: &QuestionV1| {
        let kind = if question.day { Kind::Date(When::Any) } else { Kind::Short(ANSWER) };
        field(field_id(question.id), kind, words(&question.text, &question.text), None, true)
    };
    let mut fields: Vec<Field> = questions.iter().map(asked).collect();
    if paper {
        let kind = Kind::Upload(Upload {
            several: true,
            accepts: alloc::vec![FileKind::Photo, FileKind::Pdf],
            hint: Some(words(
                "Both sides of a card. All corners in the picture, nothing covered.",
                "Las dos caras de una tarjeta. Todas las esquinas en la imagen, nada tapado.",
            )),
            identity: true,
        });
        let label = words(
            "Your passport, identity card or driving licence",
            "Su pasaporte, documento de identidad o permiso de conducir",
        );
        let help = words(
            "Only those at the firm who check identities can open it.",
            "Solo pueden abrirlo quienes comprueban la identidad en el bufete.",
        );
        fields.push(field(PAPER.into(), kind, label, Some(help), false));
    }
    let section = Section {
        id: SECTION.into(),
        title: words("So that we know it is you", "Para saber que es usted"),
        help: Some(words(
            "Your lawyer compares these answers with what the firm knows of you.",
            "Su abogado compara estas respuestas con lo que el bufete sabe de usted.",
        )),
        fields,
        shown: None,
    };
    form.sections.push(section);
    form
}

/// Words in every language of a form.
fn in_all(languages: &[Language], english: &str, spanish: &str) -> Text {
    let of = |language: Language| if language == Language::Spanish { spanish } else { english };
    let first = languages.first().copied().unwrap_or(Language::English);
    let mut text = Text::one(first, of(first));
    for language in languages {
        text.set(*language, of(*language));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::intake::templates::all;

    fn question(id: u8, text: &str, day: bool) -> QuestionV1 {
        QuestionV1 { id: [id; 4], text: text.into(), day }
    }

    #[test]
    fn every_form_that_comes_with_the_portal_can_ask_them() {
        let questions = [question(0, "Where did we meet?", false), question(255, "When?", true)];
        for template in all() {
            let form = (template.build)();
            let more = asking(&form, &questions, false);
            more.check().unwrap();
            assert_eq!(more.sections.len(), form.sections.len() + 1);
            let asked = more.fields().filter_map(|(_, field)| question_of(field));
            assert_eq!(asked.collect::<Vec<_>>(), [[0; 4], [255; 4]]);
            // Once, however often they are asked for; and none where there are none.
            assert!(asking(&more, &questions, false) == more && asking(&more, &[], false) == form);
        }
    }

    #[test]
    fn a_form_asks_for_a_paper_where_it_is_to() {
        for template in all() {
            let form = (template.build)();
            assert!(!form.asks_for_papers());
            let more = asking(&form, &[], true);
            more.check().unwrap();
            assert!(
                more.asks_for_papers() && more.fields().all(|one| question_of(one.1).is_none())
            );
            let read = FormV1::from_bytes(&more.to_bytes()).unwrap();
            assert!(read == more && asking(&read, &[], false) == form);
        }
    }

    #[test]
    fn no_other_field_is_one_of_them() {
        let form = asking(&(all()[0].build)(), &[question(0xab, "Where?", false)], true);
        let field = form.field("known-abababab").unwrap();
        assert_eq!(question_of(field), Some([0xab; 4]));
        for id in ["known-ABABABAB", "known-ababab", "known-ababababab", "known", "known-éab"] {
            assert_eq!(question_of(&Field { id: id.into(), ..field.clone() }), None, "{id}");
        }
    }
}
