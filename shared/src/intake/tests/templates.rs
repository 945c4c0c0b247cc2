//! The forms that come with the portal hold what the portal demands of any form, and more: they
//! are complete in both languages and give a reason for every question.

use alloc::collections::BTreeSet;

use super::sample::*;
use crate::intake::answers::*;
use crate::intake::check::{TroubleKind, check_all};
use crate::intake::form::{FORM_BYTES, Field, FormV1, Role};
use crate::intake::kind::Kind;
use crate::intake::logic::{Condition, Shown};
use crate::intake::templates::all;
use crate::intake::value::{Language, Text};

fn forms() -> Vec<FormV1> {
    all().iter().map(|template| (template.build)()).collect()
}

/// Every field of a form, those inside groups too.
fn every_field(form: &FormV1) -> Vec<&Field> {
    let inner = |f: &'_ Field| f.group().map_or(0, |g| g.fields.len());
    let fields: Vec<&Field> = form
        .fields()
        .flat_map(|(_, f)| core::iter::once(f).chain(f.group().into_iter().flat_map(|g| &g.fields)))
        .collect();
    assert_eq!(fields.len(), form.fields().map(|(_, f)| 1 + inner(f)).sum::<usize>());
    fields
}

#[test]
fn every_template_is_coherent_small_and_read_back_the_same() {
    for form in forms() {
        let flaws: Vec<String> = form.flaws().iter().map(ToString::to_string).collect();
        assert_eq!(flaws, [""; 0]);
        let bytes = form.to_bytes();
        assert!(bytes.len() < FORM_BYTES, "{} bytes", bytes.len());
        assert!(FormV1::from_bytes(&bytes).is_ok_and(|same| same == form));
        assert!((8..=10).contains(&form.sections.len()));
    }
}

#[test]
fn keys_differ_and_each_building_has_its_own_salt() {
    let keys: BTreeSet<&str> = all().iter().map(|t| t.key).collect();
    assert_eq!(keys, BTreeSet::from(["family", "injury"]));
    for template in all() {
        let (one, two) = ((template.build)(), (template.build)());
        assert!(
            one.salt != two.salt
                && one.hash() != two.hash()
                && one.notice_hash() == two.notice_hash()
        );
        assert_full(&template.name);
        assert_full(&template.description);
    }
}

fn assert_full(text: &Text) {
    let [english, spanish] = Language::ALL.map(|l| text.read(l));
    let held: Vec<Language> = text.iter().map(|(l, _)| l).collect();
    assert_eq!(held, Language::ALL, "{english}");
    for words in [english, spanish] {
        assert!(!words.is_empty() && words.trim() == words && !words.contains("  "), "{words}");
    }
}

#[test]
fn every_word_is_there_in_both_languages() {
    for form in forms() {
        let mut texts =
            vec![&form.title, &form.practice, &form.intro, &form.retention, &form.notice.title];
        texts.extend(&form.notice.paragraphs);
        texts.extend(form.signing.as_ref());
        texts.extend(form.purposes.iter().map(|p| &p.why));
        texts.extend(form.consents.iter().map(|c| &c.text));
        texts.extend(form.sections.iter().flat_map(|s| core::iter::once(&s.title).chain(&s.help)));
        for field in every_field(&form) {
            texts.push(&field.label);
            texts.extend(&field.help);
            texts.extend(field.options().iter().map(|o| &o.label));
            match &field.kind {
                Kind::Group(group) => texts.push(&group.item),
                Kind::Upload(upload) => texts.extend(&upload.hint),
                _ => {}
            }
        }
        texts.into_iter().for_each(assert_full);
    }
}

#[test]
fn every_question_gives_its_reason() {
    for form in forms() {
        for field in every_field(&form) {
            assert_eq!(
                form.purpose(field).is_some(),
                !matches!(field.kind, Kind::Statement),
                "{}",
                field.id
            );
        }
        let used: BTreeSet<u8> = every_field(&form).iter().filter_map(|f| f.purpose).collect();
        assert!(used.len() >= 6);
    }
}

#[test]
fn names_come_first_then_safe_contact_then_what_cannot_wait() {
    for form in forms() {
        let ids: Vec<&str> = form.sections.iter().take(3).map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["people", "contact", "urgent"]);
        let has = |section: usize, role| {
            let fields = &form.sections[section].fields;
            fields
                .iter()
                .flat_map(|f| {
                    core::iter::once(f).chain(f.group().into_iter().flat_map(|g| &g.fields))
                })
                .any(|f| f.role == Some(role))
        };
        assert!(
            has(0, Role::OwnName)
                && has(0, Role::OtherName)
                && has(1, Role::SafeContact)
                && has(2, Role::Deadline)
        );
        // The first page tells no story yet.
        assert!(
            !form.sections[0]
                .fields
                .iter()
                .any(|f| matches!(f.kind, Kind::Long(_) | Kind::Upload(_)))
        );
    }
}

#[test]
fn notice_consents_uploads_groups_and_signature_are_there() {
    for form in forms() {
        assert!(form.signing.is_some() && form.notice.paragraphs.len() >= 4);
        for id in ["not-client", "privacy", "truth"] {
            assert!(form.consents.iter().any(|c| c.id == id && c.required), "{id}");
        }
        let fields = every_field(&form);
        assert!(fields.iter().filter(|f| matches!(f.kind, Kind::Upload(_))).count() >= 5);
        assert!(fields.iter().filter(|f| matches!(f.kind, Kind::Group(_))).count() >= 3);
        assert!(fields.iter().filter(|f| f.shown.is_some()).count() >= 20);
    }
}

#[test]
fn nothing_hidden_is_required_of_somebody_who_has_answered_nothing() {
    for form in forms() {
        let none = AnswersV1::new();
        let shown = Shown::of(&form, &none);
        let missing: BTreeSet<String> =
            check_all(&form, &none, today()).into_iter().map(|t| t.path.field).collect();
        for (_, field) in form.fields() {
            let expected = field.required && shown.field(&field.id);
            assert_eq!(missing.contains(&field.id), expected, "{}", field.id);
        }
        // Questions that stand under a condition wait for it, except those that ask unless told otherwise.
        let open: Vec<&str> = form
            .fields()
            .filter(|(_, f)| f.shown.is_some() && shown.field(&f.id))
            .map(|(_, f)| f.id.as_str())
            .collect();
        assert!(
            open.iter().all(|id| matches!(
                form.field(id).and_then(|f| f.shown.as_ref()),
                Some(Condition::Not(_))
            )),
            "{open:?}"
        );
    }
}

/// The least that answers a field, so that it shows what depends on it where `open` says so.
fn least(field: &Field, open: bool) -> Option<Answer> {
    Some(match &field.kind {
        Kind::Short(_) | Kind::Long(_) => Answer::Text("words".into()),
        Kind::Email => Answer::Text("a@example.com".into()),
        Kind::Phone => Answer::Text("+1 202 555 0123".into()),
        Kind::Number(_) => Answer::Number(1),
        Kind::Money(_) => Answer::Money(100),
        Kind::Date(_) => Answer::Date(today()),
        Kind::ApproxDate(_) => {
            Answer::ApproxDate(crate::intake::value::ApproxDate::new(2020, None, None)?)
        }
        Kind::YesNo => Answer::YesNo(open),
        Kind::Choice(options) => {
            Answer::Choice(if open { options.last()? } else { options.first()? }.id.clone())
        }
        Kind::Choices(choices) => {
            Answer::Choices(choices.options.iter().map(|o| o.id.clone()).collect())
        }
        Kind::Name => Answer::Name(PersonName { given: "Ana".into(), ..Default::default() }),
        Kind::Address => Answer::Address(Address { city: "Ames".into(), ..Default::default() }),
        Kind::Group(group) => {
            let mut item = AnswersV1::new();
            group.fields.iter().for_each(|f| {
                if let Some(answer) = least(f, open) {
                    item.set(&f.id, answer)
                }
            });
            Answer::Items(vec![item])
        }
        Kind::Upload(_) | Kind::Statement | Kind::Signature | Kind::Consent => return None,
    })
}

#[test]
fn somebody_who_answers_everything_asked_can_send_whichever_way_it_goes() {
    for form in forms() {
        for open in [false, true] {
            let mut answers = AnswersV1::new();
            for (_, field) in form.fields() {
                if let Some(answer) = least(field, open) {
                    answers.set(&field.id, answer);
                }
            }
            assert_eq!(check_all(&form, &answers, today()), []);
            let sent = Shown::of(&form, &answers).submitted();
            assert!(sent.len() < answers.len(), "something is always hidden");
            assert_eq!(crate::intake::check::check_submitted(&form, &sent, today()), []);
        }
    }
}

#[test]
fn taking_any_required_answer_away_is_noticed() {
    for form in forms() {
        let mut full = AnswersV1::new();
        for (_, field) in form.fields() {
            if let Some(answer) = least(field, true) {
                full.set(&field.id, answer);
            }
        }
        for (_, field) in form.fields() {
            let demanded = Shown::of(&form, &full).required(&field.id);
            let mut less = full.clone();
            less.remove(&field.id);
            let missing = check_all(&form, &less, today()).iter().any(|t| {
                t.path.field == field.id
                    && matches!(t.kind, TroubleKind::Missing | TroubleKind::TooFewItems { .. })
            });
            assert_eq!(missing, demanded, "{}", field.id);
        }
    }
}
