//! A page that a person reads must say all that was answered, and nothing it was not meant to say.

use super::*;
use crate::ids::{ObjectId, SubmissionId};
use crate::intake::answers::{Address, PersonName};
use crate::intake::form::{Consent, Notice, Section};
use crate::intake::kind::{ChoiceOption, Group, Money, Number, Upload, When};
use crate::intake::logic::Condition;
use crate::intake::value::Text;

fn words(text: &str) -> Text {
    Text::one(Language::English, text)
}

fn field(id: &str, label: &str, kind: Kind) -> Field {
    Field {
        id: id.into(),
        kind,
        label: words(label),
        help: None,
        required: false,
        required_when: None,
        purpose: None,
        shown: None,
        sensitive: false,
        role: None,
    }
}

fn form() -> FormV1 {
    let mut hidden = field("hidden", "Never shown to this person", Kind::Short(10));
    hidden.shown = Some(Condition::YesNo("married".into(), false));
    let child = alloc::vec![
        field("child-name", "Name of the child", Kind::Name),
        field("child-born", "Born", Kind::ApproxDate(When::Past)),
    ];
    let option = |id: &str, label: &str| ChoiceOption { id: id.into(), label: words(label) };
    FormV1 {
        salt: [7; 16],
        languages: alloc::vec![Language::English],
        title: words("Family intake"),
        practice: words("Family"),
        intro: words("Welcome"),
        notice: Notice {
            version: 1,
            title: words("Notice"),
            paragraphs: alloc::vec![words("Told")],
        },
        purposes: alloc::vec![],
        sections: alloc::vec![
            Section {
                id: "you".into(),
                title: words("About you"),
                help: None,
                fields: alloc::vec![
                    field("intro", "Just words to read", Kind::Statement),
                    field("name", "Your name", Kind::Name),
                    field("home", "Where you live", Kind::Address),
                    field("married", "Are you married?", Kind::YesNo),
                    hidden,
                    field("story", "What happened?", Kind::Long(2000)),
                    field(
                        "way",
                        "Way of contact",
                        Kind::Choice(alloc::vec![
                            option("mail", "E-mail"),
                            option("call", "A call")
                        ])
                    ),
                    field(
                        "hours",
                        "Hours",
                        Kind::Number(Number {
                            decimals: 1,
                            unit: Some(words("hours")),
                            ..Number::default()
                        })
                    ),
                    field(
                        "rent",
                        "Rent",
                        Kind::Money(Money { currency: Some("USD".into()), digits: 2 })
                    ),
                ],
                shown: None,
            },
            Section {
                id: "children".into(),
                title: words("Children"),
                help: None,
                fields: alloc::vec![
                    field(
                        "children",
                        "Your children",
                        Kind::Group(Group { item: words("Child"), min: 0, max: 9, fields: child })
                    ),
                    field(
                        "papers",
                        "Papers",
                        Kind::Upload(Upload {
                            several: true,
                            accepts: alloc::vec![],
                            hint: None,
                            identity: false
                        })
                    ),
                ],
                shown: None,
            },
        ],
        consents: alloc::vec![
            Consent {
                id: "truth".into(),
                text: words("What I say is true."),
                required: true,
                shown: None
            },
            Consent {
                id: "news".into(),
                text: words("Send me news."),
                required: false,
                shown: None
            },
        ],
        retention: words("Six years"),
        signing: Some(words("I sign this.")),
    }
}

fn filled() -> AnswersV1 {
    let mut answers = AnswersV1::new();
    answers.set(
        "name",
        Answer::Name(PersonName {
            given: "Ana".into(),
            family: "Ruiz".into(),
            ..PersonName::default()
        }),
    );
    answers.set(
        "home",
        Answer::Address(Address {
            street: "1 Elm St".into(),
            city: "Austin".into(),
            ..Address::default()
        }),
    );
    answers.set("married", Answer::YesNo(true));
    answers.set("hidden", Answer::Text("left over from before".into()));
    answers.set("story", Answer::Text("First.\nThen \u{1b}[31mred\u{202e}live".into()));
    answers.set("way", Answer::Choice("call".into()));
    answers.set("hours", Answer::Number(-75));
    answers.set("rent", Answer::Money(120_005));
    let mut child = AnswersV1::new();
    child.set(
        "child-name",
        Answer::Name(PersonName { given: "Leo".into(), ..PersonName::default() }),
    );
    child.set(
        "child-born",
        ApproxDate::new(2019, Some(4), None).map(Answer::ApproxDate).expect("a month"),
    );
    answers.set("children", Answer::Items(alloc::vec![child, AnswersV1::new()]));
    let object = ObjectId([0xab; 16]);
    answers.set(
        "papers",
        Answer::Files(alloc::vec![FileRef { object, name: "deed.pdf".into(), size: 1234 }]),
    );
    answers
}

fn page() -> String {
    let form = form();
    let on = Date::new(2026, 11, 21).expect("a day");
    let signature = Signature { name: "Ana Ruiz".into(), date: on };
    let filled = Filled {
        submission: SubmissionId([0x11; 16]),
        language: Language::English,
        answers: &filled(),
        consents: alloc::vec!["truth"],
        signature: Some(&signature),
        written: Timestamp(1_795_248_500_000),
    };
    readable(
        &form,
        &filled,
        &About {
            firm: "Hale & Porter",
            client: "Ana Ruiz",
            matter: "Divorce",
            label: label_words(Label::Privileged),
            sender: "the invited client (link)",
            received: Timestamp(1_795_248_550_000),
        },
    )
}

#[test]
fn every_question_stands_with_its_answer() {
    let page = page();
    for part in [
        "PRIVILEGED AND CONFIDENTIAL\n\nFamily intake\nAna Ruiz: Divorce\n",
        "Received: Saturday 21 November 2026, 08:09:10 UTC\n",
        "Written: Saturday 21 November 2026, 08:08:20 UTC (by the sender's clock)\n",
        "Submission: 11111111111111111111111111111111\n",
        "About you\n=========\n",
        "Your name\n    Ana Ruiz\n",
        "Where you live\n    1 Elm St\n    Austin\n",
        "Are you married?\n    Yes\n",
        "Way of contact\n    A call\n",
        "Hours\n    -7.5 hours\n",
        "Rent\n    USD 1200.05\n",
        "    Child 1\n    Name of the child\n        Leo\n    Born\n        April 2019\n",
        "    Child 2\n    Name of the child\n        (no answer)\n",
        "    deed.pdf (1234 bytes; object abababababababababababababababab)\n",
        "What I say is true.\n    [x] agreed\n",
        "Send me news.\n    [ ] not agreed\n",
        "I sign this.\n    Signed: Ana Ruiz, Saturday 21 November 2026\n",
    ] {
        assert!(page.contains(part), "{part:?} in\n{page}");
    }
    assert!(page.ends_with("PRIVILEGED AND CONFIDENTIAL\n"));
}

#[test]
fn what_was_not_asked_is_not_shown() {
    let page = page();
    assert!(
        !page.contains("left over")
            && !page.contains("Never shown")
            && !page.contains("Just words")
    );
}

#[test]
fn an_answer_can_neither_command_the_terminal_nor_turn_the_text() {
    let page = page();
    assert!(page.contains("    First.\n    Then \u{fffd}[31mred\u{fffd}live\n"), "{page}");
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn long_lines_are_broken_at_blanks_and_no_word_is_lost() {
    let mut page = Page { text: String::new(), language: Language::English };
    let story: Vec<String> = (0..200).map(|n| alloc::format!("word{n}")).collect();
    page.line(4, &story.join("  "));
    assert!(
        page.text.lines().all(|line| line.starts_with("    ") && line.chars().count() <= WIDTH)
    );
    assert_eq!(page.text.split_whitespace().collect::<Vec<_>>(), story);
}

#[test]
fn numbers_below_one_keep_their_zeros() {
    assert_eq!(decimal(5, 2), "0.05");
    assert_eq!(decimal(-5, 0), "-5");
    assert_eq!(decimal(i64::MIN, 1), "-922337203685477580.8");
}
