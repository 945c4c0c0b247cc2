//! The firm's questions by which it knows a client: they travel as the last section of an ordinary form, and are
//! answered and sealed like every other.

use alloc::string::String;
use alloc::vec::Vec;

use super::form::{Field, FormV1, Section};
use super::kind::{Kind, When};
use super::value::{Language, Text};
use crate::encoding::to_hex;
use crate::matters::plain::QuestionV1;

/// What the ids of their fields begin with.
const FIELD: &str = "known-";
/// The id of their section.
const SECTION: &str = "known";
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

/// The form with these questions after its own, in place of any that it had.
#[must_use]
pub fn asking(form: &FormV1, questions: &[QuestionV1]) -> FormV1 {
    let mut form = form.clone();
    form.sections.retain(|section| section.id != SECTION);
    if questions.is_empty() {
        return form;
    }
    let words = |english: &str, spanish: &str| in_all(&form.languages, english, spanish);
    let field = |question: &QuestionV1| Field {
        id: field_id(question.id),
        kind: if question.day { Kind::Date(When::Any) } else { Kind::Short(ANSWER) },
        label: words(&question.text, &question.text),
        help: None,
        required: true,
        required_when: None,
        purpose: None,
        shown: None,
        sensitive: false,
        role: None,
    };
    let fields: Vec<Field> = questions.iter().map(field).collect();
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
            let more = asking(&form, &questions);
            more.check().unwrap();
            assert_eq!(more.sections.len(), form.sections.len() + 1);
            let asked = more.fields().filter_map(|(_, field)| question_of(field));
            assert_eq!(asked.collect::<Vec<_>>(), [[0; 4], [255; 4]]);
            // Once, however often they are asked for; and none where there are none.
            assert!(asking(&more, &questions) == more && asking(&more, &[]) == form);
        }
    }

    #[test]
    fn no_other_field_is_one_of_them() {
        let form = asking(&(all()[0].build)(), &[question(0xab, "Where?", false)]);
        let field = form.field("known-abababab").unwrap();
        assert_eq!(question_of(field), Some([0xab; 4]));
        for id in ["known-ABABABAB", "known-ababab", "known-ababababab", "known", "known-éab"] {
            assert_eq!(question_of(&Field { id: id.into(), ..field.clone() }), None, "{id}");
        }
    }
}
