//! The standard's own specimens (Doc 9303, parts 3 to 6), and what goes wrong with them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::string_slice, reason = "zones are ASCII")]

use alloc::format;
use alloc::string::{String, ToString as _};

use proptest::prelude::*;

use super::read::check;
use super::*;

const TD3: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
const TD1: &str = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n\
                   ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
/// A number of more than nine letters.
const LONG: &str = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\n\
                    STEVENSON<<PETER<JOHN<<<<<<<<<";

fn today() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn zone(text: &str) -> Zone {
    read(text, today()).unwrap_or_else(|why| panic!("{why:?}"))
}

fn iso(date: Option<Date>) -> String {
    date.unwrap().to_string()
}

#[test]
fn the_standards_specimens_read_as_the_standard_says() {
    for (text, shape, kind, number) in [
        (TD3, Shape::Td3, "P", "L898902C3"),
        (TD2, Shape::Td2, "I", "D23145890"),
        (TD1, Shape::Td1, "I", "D23145890"),
    ] {
        let zone = zone(text);
        assert_eq!((zone.shape, zone.kind.as_str(), zone.number.as_str()), (shape, kind, number));
        assert_eq!((zone.issuer.as_str(), zone.nationality.as_str()), ("UTO", "UTO"));
        assert_eq!(
            (zone.family.join(" "), zone.given.join(" ")),
            ("ERIKSSON".into(), "ANNA MARIA".into())
        );
        assert_eq!((iso(zone.birth), iso(zone.expiry)), ("1974-08-12".into(), "2012-04-15".into()));
        assert_eq!(zone.sex, Some('F'));
        assert!(zone.checks.hold() && !zone.cut && !zone.counts_on(today()));
        assert!(zone.counts_on(Date::new(2012, 4, 15).unwrap()));
        assert!(!zone.counts_on(Date::new(2012, 4, 16).unwrap()));
        assert_eq!(zone.is_passport(), kind == "P");
    }
}

#[test]
fn a_longer_number_goes_on_among_what_the_issuer_adds() {
    let zone = zone(LONG);
    assert_eq!(zone.number, "D23145890734");
    assert!(zone.checks.hold());
    assert_eq!((iso(zone.birth), zone.sex), ("1934-07-12".into(), Some('M')));
    assert_eq!(iso(zone.expiry), "1995-07-12");
}

/// Part 3, 4.9: the worked examples.
#[test]
fn check_digits_are_the_standards() {
    for (field, digit) in [("520727", b'3'), ("AB2134<<<", b'5'), ("D23145890734", b'9')] {
        assert_eq!(check(field.as_bytes()), digit, "{field}");
    }
    assert_eq!(check(b"HA672242<658022549601086<<<<<<<<<<<<<<0"), b'8');
}

#[test]
fn it_is_typed_as_people_type() {
    let typed = format!("\n  {}\n\n{} \n", TD3[..44].to_lowercase(), &TD3[45..]);
    assert!(zone(&typed) == zone(TD3));
    let spaced = TD2.replace("UTO", "U T O");
    assert!(zone(&spaced) == zone(TD2));
}

#[test]
fn what_is_no_zone_says_why() {
    let why = |text: &str| read(text, today()).err();
    assert_eq!(why(""), Some(Unreadable::Lines));
    assert_eq!(why(&TD3[..44]), Some(Unreadable::Lines));
    assert_eq!(why(&TD3[1..]), Some(Unreadable::Lines));
    assert_eq!(why(&format!("{TD3}\n{TD3}")), Some(Unreadable::Lines));
    assert_eq!(why(&TD3.replace("ERIKSSON", "ERIKSSÖN")), Some(Unreadable::Letter(1, 12)));
    assert_eq!(why(&TD3.replace("L898", "L89-")), Some(Unreadable::Letter(2, 4)));
}

#[test]
fn a_turned_letter_is_found_by_its_digit() {
    let wrong = |from: &str, to: &str| zone(&TD3.replacen(from, to, 1)).checks;
    assert!(!wrong("L898902C3", "L898902C8").number);
    assert!(!wrong("740812", "740821").birth);
    assert!(!wrong("120415", "120514").expiry);
    assert!(!wrong("ZE184226B", "ZE184226D").more);
    assert!(!wrong("<<<10", "<<<11").whole);
    // A passport whose issuer adds nothing may leave that digit out.
    let bare = TD3.replacen("ZE184226B<<<<<1", "<<<<<<<<<<<<<<<", 1);
    assert!(zone(&bare).checks.more);
}

#[test]
fn two_digits_of_a_year_stand_in_the_latest_century_that_can_be() {
    let born =
        |digits: &str| zone(&TD3.replacen("740812", digits, 1)).birth.map(|date| date.to_string());
    assert_eq!(born("261122").as_deref(), Some("2026-11-22"));
    assert_eq!(born("261123").as_deref(), Some("1926-11-23"));
    assert_eq!(born("000229").as_deref(), Some("2000-02-29"));
    assert_eq!(born("74<<<<"), None);
    assert_eq!(born("741331"), None);
    let until = |digits: &str| iso(zone(&TD3.replacen("120415", digits, 1)).expiry);
    assert_eq!(until("361231"), "2036-12-31");
    assert_eq!(until("991231"), "1999-12-31");
}

#[test]
fn names_compare_as_the_standard_writes_them() {
    let holder = |line: &str| {
        let filled = format!("{line:<<39}");
        zone(&TD3.replacen("ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", &filled, 1))
    };
    let same = |name: &str, line: &str| compare(name, &holder(line)) == NameMatch::Same;
    assert!(same("Anna Maria Eriksson", "ERIKSSON<<ANNA<MARIA"));
    assert!(same("ERIKSSON, Anna-Maria", "ERIKSSON<<ANNA<MARIA"));
    assert!(same("Jürgen Müller", "MUELLER<<JUERGEN"));
    assert!(same("Jürgen Müller", "MULLER<<JURGEN"));
    assert!(same("Søren Ærø", "AEROE<<SOEREN"));
    assert!(same("Çelik Işıl Đorđević", "DORDEVIC<<CELIK<ISIL"));
    assert!(same("Begoña O’Connor", "OCONNOR<<BEGONA"));
    assert!(same("Strauß", "STRAUSS"));
    assert!(same("Þórdís Núñez", "NUNXXEZ<<THORDIS"));
    assert!(compare("Anna Eriksson", &zone(TD3)) == NameMatch::Contained);
    let missing = |name: &str| match compare(name, &zone(TD3)) {
        NameMatch::Missing(words) => words.join(" "),
        _ => String::new(),
    };
    assert_eq!(missing("Anna Erikson"), "Erikson");
    assert_eq!(missing("Anna Anna Eriksson"), "Anna");
    assert!(compare("Анна Эрикссон", &zone(TD3)) == NameMatch::Unknown);
    assert!(compare("", &zone(TD3)) == NameMatch::Unknown);
    // Cut off where the field ends.
    let cut = holder("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONGKR");
    assert!(cut.cut);
    let name = "Chayapa Dejthamrongkrasin Nilavadhanananda";
    assert!(compare(name, &cut) == NameMatch::Same);
    assert!(compare("Chayapa Dejth Nilavadhanananda", &cut) != NameMatch::Same);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(text in "[A-Z0-9<a-z \\nä]{0,140}") {
        let _ = read(&text, today());
    }

    #[test]
    fn any_letter_that_is_turned_is_found_or_counts_the_same(at in 45usize..88, other in 0usize..36) {
        const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        // Nationality and sex stand under no digit.
        let place = at - 45;
        prop_assume!(!(10..13).contains(&place) && place != 20);
        let mut bytes = TD3.as_bytes().to_vec();
        let before = bytes[at];
        bytes[at] = LETTERS[other];
        let text = String::from_utf8(bytes).unwrap();
        let value = |byte: u8| check(&[byte]);
        if value(before) != value(LETTERS[other]) {
            prop_assert!(!zone(&text).checks.hold());
        }
    }
}
