//! What answers may be: a little that fits, and everything that does not.

use super::sample::*;
use crate::intake::answers::*;
use crate::intake::check::*;
use crate::intake::form::FormV1;
use crate::intake::kind::*;
use crate::intake::value::{ApproxDate, Date};

fn said(id: &str, answer: Answer) -> Option<TroubleKind> {
    let form = every_kind();
    check_field(form.field(id).unwrap(), Some(&answer), false, today())
}

fn text(id: &str, text: &str) -> Option<TroubleKind> {
    said(id, Answer::Text(text.into()))
}

fn day(days_from_today: i64) -> Date {
    Date::from_days(today().days() + days_from_today)
}

#[test]
fn blank_answers_are_no_answers() {
    let form = every_kind();
    let blank = [
        ("short", Answer::Text(" \n".into())), ("choice", Answer::Choice(String::new())), ("choices", Answer::Choices(vec![])),
        ("name", Answer::Name(PersonName { middle: " ".into(), ..Default::default() })), ("address", Answer::Address(Address::default())),
        ("file", Answer::Files(vec![])),
    ];
    for (id, answer) in blank {
        let field = form.field(id).unwrap();
        assert_eq!(check_field(field, Some(&answer), false, today()), None, "{id}");
        assert_eq!(check_field(field, Some(&answer), true, today()), Some(TroubleKind::Missing), "{id}");
        assert_eq!(check_field(field, None, true, today()), Some(TroubleKind::Missing), "{id}");
    }
    let tick = form.field("tick").unwrap();
    assert_eq!(check_field(tick, Some(&Answer::Consent(false)), true, today()), Some(TroubleKind::Consent));
    assert_eq!(check_field(form.field("sign").unwrap(), None, true, today()), Some(TroubleKind::Signature));
    assert_eq!(check_field(form.field("kids").unwrap(), None, true, today()), Some(TroubleKind::TooFewItems { min: 1 }));
}

#[test]
fn text_is_counted_in_characters_and_holds_no_controls() {
    assert_eq!(text("short", "日本語日本語日本語日"), None);
    assert_eq!(text("short", "日本語日本語日本語日本"), Some(TroubleKind::TooLong { max: 10 }));
    assert_eq!(text("long", "a\nb\r\n\tc"), None);
    for odd in ["a\0", "a\u{7}", "a\u{1b}[1m", "a\u{85}b"] {
        assert_eq!(text("short", odd), Some(TroubleKind::BadCharacters));
        assert_eq!(text("long", odd), Some(TroubleKind::BadCharacters));
    }
    assert_eq!(text("short", "a\nb"), Some(TroubleKind::BadCharacters));
    assert_eq!(text("short", "مرحبا"), None);
}

#[test]
fn mail_addresses_are_plausible() {
    for good in ["a@b.co", "ana.gil+x@mail.example.org", " o'neil@example.com ", "jörg@exämple.de", "a@b.c.d.museum"] {
        assert_eq!(text("email", good), None, "{good}");
    }
    let bad = [
        "a", "a@", "@b.co", "a@b", "a b@c.de", "a@b c.de", "a@@b.co", "a@b@c.de", ".a@b.co", "a.@b.co", "a..b@c.de", "a@.co", "a@b.",
        "a@b..co", "a@-b.co", "a@b-.co", "a,b@c.de", "<a@b.co>", "Ana <a@b.co>", "a@b.co;c@d.ee", "mailto:a@b.co", "a\u{200b}@ b.co",
    ];
    for bad in bad {
        assert_eq!(text("email", bad), Some(TroubleKind::Email), "{bad}");
    }
    assert_eq!(text("email", &format!("{}@b.co", "a".repeat(65))), Some(TroubleKind::Email));
    assert_eq!(text("email", &format!("a@{}.co", "b".repeat(64))), Some(TroubleKind::Email));
}

#[test]
fn telephone_numbers_are_plausible() {
    for good in ["+1 202 555 0123", "(202) 555-0123", "600123456", "+34 600.123.456", "0049/30/123456", "(+44) 20 7946 0958", "555-0123 x12", "555 0123 ext. 7", "5550123#9"] {
        assert_eq!(text("phone", good), None, "{good}");
    }
    for bad in ["1234", "call me", "+1+2 555 0123", "555 0123 +1", "123456789012345678", "555-0123 or 555-0124", "555 0123 x", "555 0123 x123456789", "+", "٠١٢٣٤٥٦", "a@b.co"] {
        assert_eq!(text("phone", bad), Some(TroubleKind::Phone), "{bad}");
    }
}

#[test]
fn numbers_and_amounts_keep_their_bounds() {
    assert_eq!(said("number", Answer::Number(-10)), None);
    assert_eq!(said("number", Answer::Number(10)), None);
    assert_eq!(said("number", Answer::Number(-11)), Some(TroubleKind::TooSmall { min: -10, decimals: 1 }));
    assert_eq!(said("number", Answer::Number(11)), Some(TroubleKind::TooLarge { max: 10, decimals: 1 }));
    assert_eq!(said("money", Answer::Money(0)), None);
    assert_eq!(said("money", Answer::Money(-1)), Some(TroubleKind::TooSmall { min: 0, decimals: 2 }));
    assert!(matches!(said("money", Answer::Money(i64::MAX)), Some(TroubleKind::TooLarge { .. })));
    assert!(matches!(said("number", Answer::Number(i64::MIN)), Some(TroubleKind::TooSmall { .. })));
}

#[test]
fn days_lie_where_they_can() {
    for (offset, past, future) in [
        (-40, None, Some(TroubleKind::DatePast)), (-2, None, Some(TroubleKind::DatePast)), (-1, None, None), (0, None, None),
        (1, None, None), (2, Some(TroubleKind::DateFuture), None), (400, Some(TroubleKind::DateFuture), None),
    ] {
        assert_eq!(said("past", Answer::Date(day(offset))), past, "{offset}");
        assert_eq!(said("future", Answer::Date(day(offset))), future, "{offset}");
    }
    let year = |y| Answer::Date(Date::new(y, 1, 1).unwrap());
    assert_eq!(said("past", year(1899)), Some(TroubleKind::DateUnlikely));
    assert_eq!(said("future", year(2151)), Some(TroubleKind::DateUnlikely));
    assert_eq!(said("future", year(9999)), Some(TroubleKind::DateUnlikely));
    let about = |y, m| Answer::ApproxDate(ApproxDate::new(y, m, None).unwrap());
    assert_eq!(said("about", about(2026, None)), None);
    assert_eq!(said("about", about(2026, Some(3))), None);
    assert_eq!(said("about", about(2026, Some(4))), Some(TroubleKind::DateFuture));
    assert_eq!(said("about", about(2027, None)), Some(TroubleKind::DateFuture));
    assert_eq!(said("about", about(1799, None)), Some(TroubleKind::DateUnlikely));

    let ahead = field("ahead", Kind::ApproxDate(When::Future));
    let check = |answer: Answer| check_field(&ahead, Some(&answer), false, today());
    assert_eq!(check(about(2026, None)), None);
    assert_eq!(check(about(2026, Some(3))), None);
    assert_eq!(check(about(2026, Some(2))), Some(TroubleKind::DatePast));
    assert_eq!(check(about(2025, None)), Some(TroubleKind::DatePast));
    assert_eq!(check(about(2027, Some(1))), None);
}

#[test]
fn choices_are_offered_counted_and_made_once() {
    let many = |ids: &[&str]| said("choices", Answer::Choices(ids.iter().map(|s| (*s).to_string()).collect()));
    assert_eq!(said("choice", Answer::Choice("a".into())), None);
    for odd in ["c", "A", " a", "a "] {
        assert_eq!(said("choice", Answer::Choice(odd.into())), Some(TroubleKind::UnknownOption));
    }
    assert_eq!(many(&["c", "a"]), None);
    assert_eq!(many(&["a"]), Some(TroubleKind::TooFewChoices { min: 2 }));
    assert_eq!(many(&["a", "b", "c"]), Some(TroubleKind::TooManyChoices { max: 2 }));
    assert_eq!(many(&["a", "a"]), Some(TroubleKind::ChosenTwice));
    assert_eq!(many(&["a", "x"]), Some(TroubleKind::UnknownOption));
    assert_eq!(many(&["a", ""]), Some(TroubleKind::UnknownOption));
}

#[test]
fn names_addresses_and_signatures_say_enough() {
    let name = |given: &str, middle: &str, family: &str| {
        said("name", Answer::Name(PersonName { given: given.into(), middle: middle.into(), family: family.into(), suffix: String::new() }))
    };
    assert_eq!(name("Prince", "", ""), None);
    assert_eq!(name("", "", "Gil"), None);
    assert_eq!(name("", "M", ""), Some(TroubleKind::NamePart));
    assert_eq!(name(&"x".repeat(NAME_PART + 1), "", ""), Some(TroubleKind::TooLong { max: NAME_PART }));
    assert_eq!(name("A\nB", "", ""), Some(TroubleKind::BadCharacters));
    let address = |street: &str, city: &str| said("address", Answer::Address(Address { street: street.into(), city: city.into(), ..Default::default() }));
    assert_eq!(address("Flat 2\n1 Main St", "Ames"), None);
    assert_eq!(address("1 Main St", " "), Some(TroubleKind::City));
    assert_eq!(address("1 Main St", "A\nB"), Some(TroubleKind::BadCharacters));
    assert_eq!(address(&"x".repeat(LINE + 1), "Ames"), Some(TroubleKind::TooLong { max: LINE }));
    let sign = |name: &str, days| said("sign", Answer::Signature(Signature { name: name.into(), date: day(days) }));
    assert_eq!(sign("Ana Gil", 0), None);
    assert_eq!(sign("A", 0), Some(TroubleKind::Signature));
    assert_eq!(sign("Ana Gil", 3), Some(TroubleKind::SignatureDate));
    assert_eq!(sign("Ana Gil", -3), Some(TroubleKind::SignatureDate));
}

#[test]
fn documents_are_as_many_as_asked_named_and_in_one_place() {
    let files = |id: &str, files: Vec<FileRef>| said(id, Answer::Files(files));
    assert_eq!(files("file", vec![file(1)]), None);
    assert_eq!(files("files", vec![file(1), file(2)]), None);
    assert_eq!(files("file", vec![file(1), file(2)]), Some(TroubleKind::OneFile));
    let many = (0..=100).map(file).collect();
    assert_eq!(files("files", many), Some(TroubleKind::TooManyFiles { max: FILES }));
    for name in [String::new(), "x".repeat(FILE_NAME + 1)] {
        assert_eq!(files("file", vec![FileRef { name, ..file(1) }]), Some(TroubleKind::FileName));
    }
    for name in ["x".repeat(300), "‏مستند.pdf".into(), "\u{1f600}.jpg".into()] {
        assert_eq!(files("file", vec![FileRef { name, ..file(1) }]), None);
    }
    let mut answers = AnswersV1::new();
    answers.set("file", Answer::Files(vec![file(1)]));
    answers.set("files", Answer::Files(vec![file(2), file(3)]));
    assert!(check_all(&every_kind(), &answers, today()).is_empty());
    assert_eq!(answers.files().len(), 3);
    let mut kid = AnswersV1::new();
    kid.set("kid-photo", Answer::Files(vec![file(2)]));
    answers.set("kids", Answer::Items(vec![kid]));
    assert_eq!(kinds(&every_kind(), &answers), [TroubleKind::SameFile]);
}

fn kinds(form: &FormV1, answers: &AnswersV1) -> Vec<TroubleKind> {
    check_all(form, answers, today()).iter().map(|t| t.kind).collect()
}

#[test]
fn groups_are_counted_and_each_item_is_checked_where_it_stands() {
    let form = every_kind();
    let kid = |born: i64| {
        let mut kid = AnswersV1::new();
        kid.set("kid-born", Answer::Date(day(born)));
        kid
    };
    let mut answers = AnswersV1::new();
    answers.set("kids", Answer::Items(vec![kid(-1), kid(50)]));
    let troubles = check_all(&form, &answers, today());
    assert_eq!(troubles, [Trouble {
        path: Path { section: "two".into(), field: "kids".into(), item: Some((1, "kid-born".into())) },
        kind: TroubleKind::DateFuture,
    }]);
    assert_eq!(check_section(&form, "two", &answers, today()), troubles);
    assert!(check_section(&form, "one", &answers, today()).is_empty());
    assert!(check_section(&form, "nowhere", &answers, today()).is_empty());
    answers.set("kids", Answer::Items((0..4).map(|_| kid(-1)).collect()));
    assert_eq!(kinds(&form, &answers), [TroubleKind::TooManyItems { max: 3 }]);
}

#[test]
fn strangers_are_found_at_the_top_and_inside_items() {
    let form = every_kind();
    for id in ["", "nobody", "kid", "say", "must"] {
        let mut answers = AnswersV1::new();
        answers.set(id, Answer::Text("x".into()));
        assert_eq!(kinds(&form, &answers), [TroubleKind::UnknownField], "{id}");
        let mut item = AnswersV1::new();
        item.set(if id == "kid" { "short" } else { id }, Answer::Text("x".into()));
        answers.remove(id);
        answers.set("kids", Answer::Items(vec![item]));
        assert_eq!(kinds(&form, &answers), [TroubleKind::UnknownField], "{id}");
    }
}

#[test]
fn an_answer_of_another_kind_never_fits() {
    let form = every_kind();
    let answers = [
        Answer::Text("x".into()), Answer::Number(1), Answer::Money(1), Answer::Date(today()),
        Answer::ApproxDate(ApproxDate::new(2020, None, None).unwrap()), Answer::YesNo(true), Answer::Choice("a".into()),
        Answer::Choices(vec!["a".into()]), Answer::Name(PersonName { given: "A".into(), ..Default::default() }),
        Answer::Address(Address { city: "A".into(), ..Default::default() }), Answer::Items(vec![AnswersV1::new()]), Answer::Files(vec![file(1)]),
        Answer::Signature(Signature { name: "Ana".into(), date: today() }), Answer::Consent(true),
    ];
    let mut wrong = 0;
    for (_, field) in form.fields().filter(|(_, f)| f.asks()) {
        let fitting = answers.iter().filter(|a| check_field(field, Some(a), false, today()) != Some(TroubleKind::WrongKind)).count();
        assert_eq!(fitting, 1, "{}", field.id);
        wrong += answers.len() - fitting;
    }
    assert!(wrong > 200);
}

#[test]
fn answers_beyond_all_measure_are_refused() {
    let form = form(vec![section("one", (0..60).map(|n| field(&format!("f{n}"), Kind::Long(20_000))).collect())]);
    let mut answers = AnswersV1::new();
    for n in 0..60 {
        answers.set(&format!("f{n}"), Answer::Text("x".repeat(20_000)));
    }
    assert_eq!(kinds(&form, &answers), [TroubleKind::TooMuch]);
    assert!(AnswersV1::from_bytes(&answers.to_bytes()).is_err());
}
