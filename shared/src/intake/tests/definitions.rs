//! A definition that does not make sense is named as such, and never decodes.

use alloc::boxed::Box;

use super::sample::*;
use crate::intake::coherent::*;
use crate::intake::flaw::FlawKind;
use crate::intake::form::FormV1;
use crate::intake::kind::*;
use crate::intake::logic::{Condition, Order};
use crate::intake::value::{Language, Text};

fn flaws(change: impl Fn(&mut FormV1)) -> Vec<(String, FlawKind)> {
    let mut form = every_kind();
    change(&mut form);
    let flaws = form.flaws();
    assert_eq!(form.check().is_ok(), flaws.is_empty());
    // What is incoherent cannot be read, either.
    assert_eq!(FormV1::from_bytes(&form.to_bytes()).is_ok(), flaws.is_empty());
    flaws.into_iter().map(|flaw| (flaw.at, flaw.kind)).collect()
}

fn only(at: &str, kind: FlawKind, change: impl Fn(&mut FormV1)) {
    let found = flaws(change);
    assert!(!found.is_empty() && found.iter().all(|f| *f == (at.to_string(), kind)), "{found:?}");
}

fn with_kind(kind: Kind) -> impl Fn(&mut FormV1) {
    move |form| form.sections[0].fields[0].kind = kind.clone()
}

/// The last field of the first section, shown under a condition.
fn shown(condition: Condition) -> impl Fn(&mut FormV1) {
    move |form| form.sections[0].fields[10].shown = Some(condition.clone())
}

#[test]
fn the_sample_itself_is_coherent() {
    assert_eq!(flaws(|_| ()), []);
}

#[test]
fn ids_are_slugs_and_unique() {
    for bad in ["", "A", "a b", "-a", "a-", "ñ", "a_b", "a.b", "a\0", &"a".repeat(ID + 1)] {
        only(bad, FlawKind::BadId, |f| f.sections[0].fields[0].id = bad.into());
        only(bad, FlawKind::BadId, |f| f.sections[1].id = bad.into());
        only(bad, FlawKind::BadId, |f| f.consents[0].id = bad.into());
        only("short", FlawKind::BadId, |f| {
            let mut options = options(&["a", "b"]);
            options[1].id = bad.into();
            f.sections[0].fields[0].kind = Kind::Choice(options);
        });
    }
    only("long", FlawKind::SameId, |f| f.sections[0].fields[0].id = "long".into());
    only("kid", FlawKind::SameId, |f| f.sections[1].fields[0].id = "kid".into());
    only("one", FlawKind::SameId, |f| f.sections[1].id = "one".into());
    only("must", FlawKind::SameId, |f| f.consents[1].id = "must".into());
    only("short", FlawKind::SameId, with_kind(Kind::Choice(options(&["a", "a"]))));
}

#[test]
fn words_are_there_safe_and_not_too_long() {
    for missing in [Text::default(), Text::one(Language::Spanish, "solo"), Text::one(Language::English, "  ")] {
        only("short", FlawKind::WordsMissing, |f| f.sections[0].fields[0].label = missing.clone());
        only("one", FlawKind::WordsMissing, |f| f.sections[0].title = missing.clone());
        only("form", FlawKind::WordsMissing, |f| f.title = missing.clone());
        only("form", FlawKind::WordsMissing, |f| f.purposes[0].why = missing.clone());
        only("notice", FlawKind::WordsMissing, |f| f.notice.paragraphs[0] = missing.clone());
        only("must", FlawKind::WordsMissing, |f| f.consents[0].text = missing.clone());
    }
    // A missing translation falls back; words in a language the form does not speak are an error.
    assert_eq!(flaws(|f| f.title = Text::one(Language::English, "Only")), []);
    assert!(!flaws(|f| f.languages.truncate(1)).is_empty());
    for odd in ["a\u{202e}b", "a\0b", "a\tb", "\u{2066}a", "a\u{feff}", "\u{1b}[0m"] {
        only("short", FlawKind::WordsUnsafe, |f| f.sections[0].fields[0].label.set(Language::Spanish, odd));
        only("short", FlawKind::WordsUnsafe, |f| f.sections[0].fields[0].help = Some(words(odd)));
    }
    let long = "x".repeat(LABEL + 1);
    only("short", FlawKind::WordsTooLong, |f| f.sections[0].fields[0].label.set(Language::English, &long));
    assert_eq!(flaws(|f| f.sections[1].fields[3].label.set(Language::English, &long)), []);
}

#[test]
fn languages_are_named_once_and_there_is_something_to_answer() {
    assert!(flaws(|f| f.languages.clear()).contains(&("form".into(), FlawKind::Languages)));
    assert!(flaws(|f| f.languages.push(Language::English)).contains(&("form".into(), FlawKind::Languages)));
    only("form", FlawKind::Nothing, |f| f.sections.clear());
    only("form", FlawKind::Nothing, |f| {
        f.sections.truncate(1);
        f.sections[0].fields.clear();
    });
    only("notice", FlawKind::TooMany, |f| f.notice.paragraphs.clear());
}

#[test]
fn bounds_can_be_kept() {
    let number = |min, max, decimals| Kind::Number(Number { min, max, decimals, unit: None });
    let money = |currency: &str, digits| Kind::Money(Money { currency: Some(currency.into()), digits });
    let choices = |ids: &[&str], min, max| Kind::Choices(Choices { options: options(ids), min, max });
    let group = |min, max, fields| Kind::Group(Group { item: words("x"), min, max, fields });
    let one = || vec![field("inner", Kind::YesNo)];
    let bad = [
        Kind::Short(0), Kind::Short(SHORT + 1), Kind::Long(0), Kind::Long(LONG + 1), number(Some(2), Some(1), 0), number(None, None, 10),
        money("eur", 2), money("EURO", 2), money("€", 2), money("EUR", 5), Kind::Choice(options(&[])), Kind::Choice(options(&["a"])),
        choices(&[], None, None), choices(&["a"], Some(2), None), choices(&["a", "b"], Some(2), Some(1)), choices(&["a"], None, Some(2)),
        choices(&["a"], None, Some(0)), group(0, 0, one()), group(3, 2, one()), group(0, ITEMS + 1, one()), group(0, 1, vec![]),
    ];
    for kind in bad {
        only("short", FlawKind::Bounds, with_kind(kind));
    }
}

#[test]
fn too_much_is_refused() {
    let many = |count: usize| (0..count).map(|n| field(&format!("f{n}"), Kind::YesNo)).collect::<Vec<_>>();
    only("form", FlawKind::TooMany, |f| f.sections[1].fields = many(FIELDS));
    only("x", FlawKind::TooMany, |f| {
        let ids: Vec<String> = (0..=OPTIONS).map(|n| format!("o{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        f.sections[0].fields[0] = field("x", Kind::Choice(options(&ids)));
    });
    only("form", FlawKind::TooMany, |f| {
        for n in 0..SECTIONS {
            f.sections.push(section(&format!("s{n}"), vec![]));
        }
    });
    only("form", FlawKind::TooLarge, |f| {
        for n in 0..25 {
            f.sections[1].fields.push(say_much(&format!("much{n}")));
        }
    });
}

fn say_much(id: &str) -> crate::intake::form::Field {
    let mut field = field(id, Kind::Statement);
    field.label = Text::one(Language::English, &"y".repeat(WORDS));
    field
}

#[test]
fn groups_statements_and_purposes_have_their_limits() {
    let inside = |kind: Kind| move |f: &mut FormV1| {
        if let Kind::Group(group) = &mut f.sections[1].fields[6].kind {
            group.fields.push(field("deep", kind.clone()));
        }
    };
    let nested = Kind::Group(Group { item: words("x"), min: 0, max: 1, fields: vec![field("deeper", Kind::YesNo)] });
    only("deep", FlawKind::NotInGroup, inside(nested));
    only("deep", FlawKind::NotInGroup, inside(Kind::Signature));
    only("deep", FlawKind::NotInGroup, inside(Kind::Consent));
    only("say", FlawKind::NothingToRequire, |f| f.sections[1].fields[3].required = true);
    only("short", FlawKind::NoPurpose, |f| f.sections[0].fields[0].purpose = Some(1));
}

#[test]
fn a_condition_looks_only_back() {
    let on = |id: &str| Condition::Answered(id.into());
    for later in ["yes", "choice", "nobody", "kid", ""] {
        only("yes", FlawKind::NotBefore, shown(on(later)));
        only("yes", FlawKind::NotBefore, |f| f.sections[0].fields[10].required_when = Some(on(later)));
    }
    only("one", FlawKind::NotBefore, |f| f.sections[0].shown = Some(on("short")));
    only("two", FlawKind::NotBefore, |f| f.sections[1].shown = Some(on("choice")));
    assert_eq!(flaws(|f| f.sections[1].shown = Some(on("yes"))), []);
    // Inside a group, back within the item; never out of another group into one.
    let inner = |at: usize, id: &'static str| move |f: &mut FormV1| {
        if let Kind::Group(group) = &mut f.sections[1].fields[6].kind {
            group.fields[at].shown = Some(Condition::Answered(id.into()));
        }
    };
    assert_eq!(flaws(inner(1, "kid")), []);
    assert_eq!(flaws(inner(0, "choice")), []);
    only("kid", FlawKind::NotBefore, inner(0, "kid-born"));
    only("kid", FlawKind::NotBefore, inner(0, "kids"));
    only("sign", FlawKind::NotBefore, |f| f.sections[1].fields[7].shown = Some(on("kid")));
}

#[test]
fn a_condition_that_its_question_can_never_meet_is_a_flaw() {
    let day = today();
    let never = [
        Condition::YesNo("short".into(), true),
        Condition::OneOf("short".into(), vec!["a".into()]),
        Condition::Compare("short".into(), Order::Less, 1),
        Condition::Before("short".into(), day),
        Condition::Says("number".into(), "1".into()),
        Condition::Says("short".into(), " a".into()),
        Condition::Says("short".into(), String::new()),
        Condition::All(vec![]),
        Condition::Any(vec![]),
        Condition::Not(Box::new(Condition::All(vec![]))),
    ];
    for condition in never {
        only("yes", FlawKind::NeverMet, shown(condition));
    }
    let after_choice = |condition: Condition| move |f: &mut FormV1| f.sections[1].fields[8].shown = Some(condition.clone());
    only("tick", FlawKind::NeverMet, after_choice(Condition::OneOf("choice".into(), vec!["z".into()])));
    only("tick", FlawKind::NeverMet, after_choice(Condition::OneOf("choice".into(), vec![])));
    only("tick", FlawKind::NeverMet, after_choice(Condition::Answered("say".into())));
    only("late", FlawKind::NeverMet, |f| {
        let mut late = field("late", Kind::YesNo);
        late.shown = Some(Condition::YesNo("tick".into(), false));
        f.sections[1].fields.push(late);
    });
}

#[test]
fn conditions_nest_and_grow_only_so_far() {
    let deep = |levels: usize| (1..levels).fold(Condition::Answered("short".into()), |c, _| Condition::Not(Box::new(c)));
    assert_eq!(flaws(shown(deep(NESTED))), []);
    only("yes", FlawKind::Tangled, shown(deep(NESTED + 1)));
    let wide = |count: usize| Condition::Any(vec![Condition::Answered("short".into()); count]);
    assert_eq!(flaws(shown(wide(CONDITIONS - 1))), []);
    only("yes", FlawKind::Tangled, shown(wide(CONDITIONS)));
}

#[test]
fn a_flaw_shows_its_place_to_the_editor_but_not_to_a_log() {
    let mut form = every_kind();
    form.sections[0].fields[0].id = "divorce-".into();
    let flaw = form.check().unwrap_err();
    assert!(flaw.to_string().starts_with("divorce-: An id is"));
    assert!(!format!("{flaw:?}").contains("divorce"));
}
