//! Conditions: the same everywhere, and a hidden question is no question.

use proptest::prelude::*;

use super::sample::*;
use crate::intake::answers::*;
use crate::intake::check::{TroubleKind, check_all, check_section, check_submitted};
use crate::intake::form::{Field, FormV1};
use crate::intake::kind::*;
use crate::intake::logic::{Condition, Order, Shown};
use crate::intake::templates;
use crate::intake::value::{ApproxDate, Date};

const IDS: [&str; 3] = ["p", "q", "r"];

fn asked(condition: Condition) -> FormV1 {
    let mut target = field("target", Kind::Short(9));
    target.required = true;
    target.shown = Some(condition);
    let mut fields: Vec<Field> = IDS.iter().map(|id| field(id, Kind::YesNo)).collect();
    // A later section, so that conditions reach across.
    let last = fields.split_off(2);
    form(vec![section("one", fields), section("two", last.into_iter().chain([target]).collect())])
}

/// Every way to answer three yes-or-no questions, or not.
fn every_way() -> Vec<[Option<bool>; 3]> {
    let one = [None, Some(false), Some(true)];
    let mut all = Vec::new();
    for p in one {
        for q in one {
            all.extend(one.map(|r| [p, q, r]));
        }
    }
    all
}

fn answers(way: [Option<bool>; 3]) -> AnswersV1 {
    let mut answers = AnswersV1::new();
    for (id, said) in IDS.into_iter().zip(way) {
        if let Some(said) = said {
            answers.set(id, Answer::YesNo(said));
        }
    }
    answers
}

/// The meaning of a condition, told a second time.
fn meaning(condition: &Condition, way: [Option<bool>; 3]) -> bool {
    let said = |id: &str| way[IDS.iter().position(|known| *known == id).unwrap()];
    match condition {
        Condition::YesNo(id, wanted) => said(id) == Some(*wanted),
        Condition::Answered(id) => said(id).is_some(),
        Condition::Not(inner) => !meaning(inner, way),
        Condition::All(parts) => !parts.iter().any(|part| !meaning(part, way)),
        Condition::Any(parts) => parts.iter().filter(|part| meaning(part, way)).count() > 0,
        _ => unreachable!("only these are made here"),
    }
}

proptest! {
    #[test]
    fn conditions_mean_what_they_say_and_hidden_is_never_required(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let condition = Feed::new(&bytes).condition(&IDS, 4);
        let form = asked(condition.clone());
        for way in every_way() {
            let shown = meaning(&condition, way);
            let mut given = answers(way);
            prop_assert_eq!(Shown::of(&form, &given).field("target"), shown);
            prop_assert_eq!(Shown::of(&form, &given).required("target"), shown);
            let missing = check_all(&form, &given, today()).iter().any(|t| t.kind == TroubleKind::Missing);
            prop_assert_eq!(missing, shown);

            given.set("target", Answer::Text("said".into()));
            prop_assert!(check_all(&form, &given, today()).is_empty());
            prop_assert_eq!(Shown::of(&form, &given).submitted().get("target").is_some(), shown);
            let strict = check_submitted(&form, &given, today());
            prop_assert_eq!(strict.iter().any(|t| t.kind == TroubleKind::NotAsked), !shown);
        }
    }

    #[test]
    fn what_is_submitted_was_asked_and_stays_the_same(bytes in prop::collection::vec(any::<u8>(), 0..900), which in 0..3_usize) {
        let form = templates::all().get(which).map_or_else(every_kind, |t| (t.build)());
        let typed = Feed::new(&bytes).answers(&form);
        let shown = Shown::of(&form, &typed);
        let sent = shown.submitted();
        let again = Shown::of(&form, &sent);
        for (section, field) in form.fields() {
            prop_assert_eq!(shown.section(&section.id), again.section(&section.id));
            prop_assert_eq!(shown.field(&field.id), again.field(&field.id));
            prop_assert_eq!(shown.required(&field.id), again.required(&field.id));
            prop_assert!(sent.get(&field.id).is_none() || shown.field(&field.id));
        }
        prop_assert!(again.submitted() == sent);
        let not_asked = |t: &crate::intake::check::Trouble| t.kind == TroubleKind::NotAsked;
        prop_assert!(!check_submitted(&form, &sent, today()).iter().any(not_asked));
    }
}

fn shows(kind: Kind, answer: Answer, condition: Condition) -> bool {
    let mut target = field("target", Kind::Short(9));
    target.shown = Some(condition);
    let form = form(vec![section("one", vec![field("x", kind), target])]);
    assert_eq!(form.flaws(), []);
    let mut answers = AnswersV1::new();
    answers.set("x", answer);
    Shown::of(&form, &answers).field("target")
}

#[test]
fn numbers_and_amounts_compare_exactly() {
    let x = || "x".to_string();
    let table = [
        (Order::Less, [true, false, false]),
        (Order::AtMost, [true, true, false]),
        (Order::Equal, [false, true, false]),
        (Order::AtLeast, [false, true, true]),
        (Order::More, [false, false, true]),
    ];
    for (order, expected) in table {
        for (value, expected) in [99, 100, 101].into_iter().zip(expected) {
            let number = Kind::Number(Number::default());
            assert_eq!(
                shows(number, Answer::Number(value), Condition::Compare(x(), order, 100)),
                expected
            );
            let money = Kind::Money(Money { currency: None, digits: 2 });
            assert_eq!(
                shows(money, Answer::Money(value), Condition::Compare(x(), order, 100)),
                expected
            );
        }
    }
}

#[test]
fn days_options_and_texts_are_looked_at_by_their_kind() {
    let x = || "x".to_string();
    let limit = Date::new(2024, 1, 1).unwrap();
    let day = |y, m, d| Answer::Date(Date::new(y, m, d).unwrap());
    assert!(shows(Kind::Date(When::Any), day(2023, 12, 31), Condition::Before(x(), limit)));
    assert!(!shows(Kind::Date(When::Any), day(2024, 1, 1), Condition::Before(x(), limit)));
    let year = |y| Answer::ApproxDate(ApproxDate::new(y, None, None).unwrap());
    assert!(shows(Kind::ApproxDate(When::Any), year(2023), Condition::Before(x(), limit)));
    assert!(!shows(Kind::ApproxDate(When::Any), year(2024), Condition::Before(x(), limit)));

    let one = || Condition::OneOf(x(), vec!["a".into(), "b".into()]);
    let pick = || Kind::Choice(options(&["a", "b", "c"]));
    assert!(shows(pick(), Answer::Choice("b".into()), one()));
    assert!(!shows(pick(), Answer::Choice("c".into()), one()));
    let many =
        || Kind::Choices(Choices { options: options(&["a", "b", "c"]), min: None, max: None });
    assert!(shows(many(), Answer::Choices(vec!["c".into(), "a".into()]), one()));
    assert!(!shows(many(), Answer::Choices(vec!["c".into()]), one()));

    let says = || Condition::Says(x(), "yes".into());
    assert!(shows(Kind::Short(9), Answer::Text(" yes ".into()), says()));
    assert!(!shows(Kind::Short(9), Answer::Text("Yes".into()), says()));
    let answered = || Condition::Answered(x());
    assert!(!shows(Kind::Short(9), Answer::Text(" \n".into()), answered()));
    assert!(!shows(Kind::Consent, Answer::Consent(false), answered()));
    assert!(!shows(Kind::Name, Answer::Name(PersonName::default()), answered()));
    // An answer of another kind meets nothing.
    assert!(!shows(Kind::YesNo, Answer::Text("yes".into()), Condition::YesNo(x(), true)));
    assert!(!shows(
        Kind::Number(Number::default()),
        Answer::Date(limit),
        Condition::Compare(x(), Order::More, 0)
    ));
}

#[test]
fn an_answer_left_behind_by_a_hidden_question_opens_nothing() {
    let mut second = field("second", Kind::YesNo);
    second.shown = Some(Condition::YesNo("first".into(), true));
    let mut third = field("third", Kind::Short(9));
    third.shown = Some(Condition::YesNo("second".into(), true));
    third.required = true;
    let mut beyond = section("beyond", vec![field("deep", Kind::Short(9))]);
    beyond.shown = Some(Condition::Answered("third".into()));
    let form = form(vec![section("one", vec![field("first", Kind::YesNo), second, third]), beyond]);
    assert_eq!(form.flaws(), []);
    let mut answers = AnswersV1::new();
    answers.set("first", Answer::YesNo(true));
    answers.set("second", Answer::YesNo(true));
    answers.set("third", Answer::Text("x".into()));
    answers.set("deep", Answer::Text("y".into()));
    let shown = Shown::of(&form, &answers);
    assert!(shown.field("third") && shown.section("beyond") && shown.field("deep"));

    answers.set("first", Answer::YesNo(false));
    let shown = Shown::of(&form, &answers);
    assert!(
        !shown.field("second")
            && !shown.field("third")
            && !shown.section("beyond")
            && !shown.field("deep")
    );
    assert_eq!(shown.submitted().len(), 1);
    assert!(check_section(&form, "beyond", &answers, today()).is_empty());
    // What was typed is still there when the person turns back.
    assert!(answers.get("deep").is_some());
}

#[test]
fn inside_a_group_each_item_decides_for_itself_and_may_look_outside() {
    let mut why = field("why", Kind::Short(9));
    why.required = true;
    why.shown = Some(Condition::YesNo("away".into(), true));
    let mut where_ = field("where", Kind::Short(9));
    where_.required_when = Some(Condition::YesNo("court".into(), true));
    let group = Group {
        item: words("Child"),
        min: 1,
        max: 5,
        fields: vec![field("away", Kind::YesNo), why, where_],
    };
    let form = form(vec![section(
        "one",
        vec![field("court", Kind::YesNo), field("kids", Kind::Group(group))],
    )]);
    assert_eq!(form.flaws(), []);

    let item = |away| {
        let mut item = AnswersV1::new();
        item.set("away", Answer::YesNo(away));
        item
    };
    let mut answers = AnswersV1::new();
    answers.set("kids", Answer::Items(vec![item(false), item(true)]));
    let places = |answers: &AnswersV1| -> Vec<String> {
        check_all(&form, answers, today()).iter().map(|t| t.path.anchor()).collect()
    };
    assert_eq!(places(&answers), ["kids-1-why"]);
    answers.set("court", Answer::YesNo(true));
    assert_eq!(places(&answers), ["kids-0-where", "kids-1-why", "kids-1-where"]);
    answers.remove("kids");
    assert_eq!(places(&answers), ["kids"]);
}

#[test]
fn a_field_required_under_a_condition_is_free_otherwise() {
    let mut target = field("target", Kind::Short(9));
    target.required_when = Some(Condition::YesNo("p".into(), true));
    let form = form(vec![section("one", vec![field("p", Kind::YesNo), target])]);
    for (said, expected) in [(None, 0), (Some(false), 0), (Some(true), 1)] {
        assert_eq!(
            check_all(&form, &answers([said, None, None]), today())
                .iter()
                .filter(|t| t.kind == TroubleKind::Missing)
                .count(),
            expected
        );
    }
}
