//! Passphrases that people choose, and what is said of each.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use std::sync::LazyLock;

use super::list::{BadList, CommonList, encode};
use super::normal::normal;
use super::suggest::suggest;
use super::{Flaw, Level, Strength, judge};
use crate::crypto::hash::sha256;

/// What the desk fetches.
const FILE: &[u8] = include_bytes!("../../../../public/common-passwords.bin");
const NAMES: [&str; 3] = ["Lindqvist & Hale", "Maya Lindqvist", "maya"];

fn list() -> &'static CommonList {
    static LIST: LazyLock<CommonList> = LazyLock::new(|| CommonList::read(FILE).unwrap());
    &LIST
}

fn said(strength: Strength) -> String {
    match strength.flaw {
        Some(flaw) => alloc::format!("{flaw:?}"),
        None => alloc::format!("{:?}", strength.level),
    }
}

/// Judges all of a table, so that every surprise is seen at once.
fn check(table: &[(&str, &str)], list: &CommonList) {
    let all = table.iter().map(|(passphrase, wanted)| {
        let strength = judge(passphrase, &NAMES, list);
        (strength, *passphrase, *wanted)
    });
    let wrong: Vec<_> = all
        .filter(|(strength, _, wanted)| said(*strength) != *wanted)
        .map(|(strength, passphrase, wanted)| {
            alloc::format!(
                "{passphrase}: {} and not {wanted} ({:.1})",
                said(strength),
                strength.guesses
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_everybody_tries_first_is_refused_with_its_reason() {
    let table = [
        ("", "Short(12)"),
        ("elevenchars", "Short(1)"),
        ("🦀🦀🦀🦀🦀", "Short(7)"),
        ("unbelievable", "Common"),
        ("UnBelievable2024!", "Common"),
        ("password123456", "Common"),
        ("P4$$w0rd123456", "Common"),
        ("passwordpassword", "Common"),
        ("PasswordPasswordPassword", "Common"),
        ("password password password", "Common"),
        ("1q2w3e4r5t6y", "Common"),
        ("qwertyqwerty", "Common"),
        ("iloveyou iloveyou", "Common"),
        ("monkey20012001", "Common"),
        ("!!!!!!dragon!!!!!!", "Common"),
        ("Correct Horse Battery Staple", "Common"),
        ("to be or not to be", "Common"),
        ("aaaaaaaaaaaa", "Common"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Pattern"),
        ("            ", "Repeated"),
        ("abcdefghijklmnop", "Pattern"),
        ("987654321098", "Pattern"),
        ("qwertyuiopasdfghjkl", "Common"),
        ("poiuytrewqlkjhgfdsa", "Pattern"),
        ("mnbvcxzlkjhgfdsa", "Pattern"),
        ("zaq1xsw2cde3vfr4", "Common"),
        ("4rfv 5tgb 6zhn", "Pattern"),
        ("17031984 24121990", "Pattern"),
        ("Maya Lindqvist", "Own"),
        ("mayalindqvist1!", "Own"),
        ("M4y4L1ndqv1st", "Own"),
        ("Lindqvist & Hale 2026", "Own"),
        ("lindqvistlindqvist", "Own"),
        ("x7kx7kx7kx7kx7k", "Repeated"),
        ("Schadenfreude", "Easy"),
        ("summer holiday", "Easy"),
        ("harbor lantern 9", "Easy"),
    ];
    check(&table, list());
}

#[test]
fn random_words_and_random_characters_are_taken() {
    let table = [
        ("harbor lantern 97", "Fair"),
        ("olive tractor moon", "Fair"),
        ("only this file 2026 lantern", "Good"),
        ("quiet harbor lantern violet", "Good"),
        ("quietharborlanternviolet", "Good"),
        ("Quiet-Harbor-Lantern-Violet", "Good"),
        ("another harbor lantern violet", "Good"),
        ("copper kettle marble thunder", "Good"),
        ("granite willow paper comet", "Good"),
        ("violet harbour lantern forty", "Good"),
        ("vogel strauss kuchen nebel", "Good"),
        ("zebra ozone wrist hover", "Good"),
        ("abandon zoo ability wrong acid youth", "Strong"),
        ("seven quiet lanterns by the river", "Strong"),
        ("q7#Lw!9zRt2@", "Good"),
        ("xkqzvbnwjrtplmdg", "Strong"),
        ("быстрый филин варит кофе", "Good"),
        ("静かな港の青い提灯と古い時計", "Strong"),
    ];
    check(&table, list());
}

#[test]
fn canaries_of_the_browser_tests_are_taken() {
    let tail = |seed: u8| -> String {
        let letters = b"bcdfghjklmnpqrstvwxz";
        sha256(&[seed]).0[..10]
            .iter()
            .map(|byte| char::from(letters[usize::from(*byte) % 20]))
            .collect()
    };
    for seed in 0..100 {
        for [one, other] in [["pass", "phrase"], ["new", "passphrase"]] {
            let chosen = alloc::format!("{one}{} {other}{}", tail(seed), tail(seed + 100));
            assert!(judge(&chosen, &NAMES, list()).level >= Level::Good, "{chosen}");
        }
    }
}

#[test]
fn without_the_list_the_rest_still_judges() {
    let table = [
        ("short", "Short(7)"),
        ("aaaaaaaaaaaa", "Pattern"),
        ("qwertyuiop12", "Pattern"),
        ("Maya Lindqvist", "Own"),
        ("passwordpassword", "Repeated"),
        ("quiet harbor lantern violet", "Good"),
    ];
    check(&table, &CommonList::none());
}

#[test]
fn twelve_characters_are_enough_and_a_kilobyte_is_the_end() {
    let list = list();
    let long = |bytes| suggest().expose().chars().cycle().take(bytes).collect::<String>();
    assert_eq!(judge("q7#Lw!9zRt2", &[], list).flaw, Some(Flaw::Short(1)));
    assert_eq!(judge(&long(64), &[], list).flaw, None);
    assert_eq!(judge(&long(1024), &[], list).flaw, None);
    assert_eq!(judge(&long(1025), &[], list).flaw, Some(Flaw::Long));
    // Characters are counted, not bytes.
    assert_eq!(judge(&"ä".repeat(11), &[], list).flaw, Some(Flaw::Short(1)));
}

#[test]
fn one_more_unrelated_word_never_makes_it_weaker() {
    let (list, mut phrase, mut last) = (list(), String::from("olive tractor"), 0.0);
    for word in ["moon", "velvet", "ginger", "oxygen", "lizard"] {
        phrase = [&phrase, word].join(" ");
        let now = judge(&phrase, &[], list).guesses;
        assert!(now > last + 2.0, "{phrase}: {last} to {now}");
        last = now;
    }
}

#[test]
fn suggestions_are_strong_and_never_the_same() {
    let list = list();
    let all: Vec<String> = (0..50).map(|_| suggest().expose().to_string()).collect();
    for one in &all {
        assert_eq!(one.split(' ').count(), super::suggest::WORDS);
        assert!(judge(one, &NAMES, list).level >= Level::Good, "{one}");
    }
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn disguises_come_off() {
    for (typed, beneath) in [
        ("P4$$w0rd123!", "password"),
        ("Tr0ub4dor&3", "troubador"),
        ("SUNSHINE", "sunshine"),
        ("123456", "123456"),
        ("", ""),
    ] {
        assert_eq!(normal(typed).as_str(), beneath, "{typed}");
    }
}

#[test]
fn the_list_is_the_one_that_was_made_and_knows_its_passwords() {
    let hash: String = sha256(FILE).0.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
    assert_eq!(hash, "4c4f59d41af243ebc068030e04d6a6fb5c4cec45a753c740f465dbdc18b7acb9");
    let list = list();
    assert_eq!(list.len(), 100_000);
    let digits = |word| list.digits(word);
    assert_eq!((digits("password"), digits("dragon")), (Some(3.0), Some(3.0)));
    assert_eq!((digits("lantern"), digits("quiet")), (Some(4.0), Some(5.0)));
    for absent in ["", "xk", "lindqvist", "quiet harbor", "PASSWORD", "qwxzjkvbpf"] {
        assert_eq!(digits(absent), None, "{absent}");
    }
}

#[test]
fn a_list_that_was_cut_or_changed_in_form_is_refused() {
    let bad = |bytes: &[u8]| CommonList::read(bytes).err() == Some(BadList);
    let small = encode(["monkey", "Dragon", "dragon", "letmein", "no", "twenty-one-characters"]);
    let list = CommonList::read(&small).unwrap();
    assert_eq!(list.len(), 3);
    assert!(["monkey", "dragon", "letmein"].iter().all(|word| list.knows(word)));
    assert!((0..small.len()).all(|end| bad(&small[..end])));
    assert!(bad(&[&small[..], &[0]].concat()));
    assert!(bad(b"UCP2\0") && bad(&[]) && !bad(b"UCP1\0"));
    // More passwords than bits, a parameter as long as a hash, and a number past the hashes' end.
    assert!(bad(&[b"UCP1\x01\x03\x00", &[0xff; 4][..], &[0; 8]].concat()));
    assert!(bad(&[b"UCP1\x01\x03\x24", &[0, 0, 0, 1][..], &[0; 8]].concat()));
    assert!(bad(&[b"UCP1\x01\x03\x23", &[0, 0, 0, 1][..], &[0xff; 8]].concat()));
    let mut filled = small;
    *filled.last_mut().unwrap() |= 1;
    assert!(bad(&filled) || CommonList::read(&filled).is_ok_and(|list| list.len() == 3));
}

#[cfg(not(target_arch = "wasm32"))]
mod any {
    use super::*;
    use crate::identity::passphrase::normal::folded;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_is_judged(text in ".{0,300}", names in proptest::collection::vec(".{0,12}", 0..4)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let strength = judge(&text, &names, list());
            prop_assert!(strength.guesses.is_finite() && strength.guesses >= 0.0);
            prop_assert_eq!(strength.flaw.is_some(), strength.level == Level::TooEasy);
            prop_assert!(text.chars().count() >= 12 || matches!(strength.flaw, Some(Flaw::Short(_))));
        }

        #[test]
        fn what_is_normal_stays_so(text in any::<String>()) {
            let once = normal(&text);
            prop_assert_eq!(&*normal(&once), &*once);
            let small = folded(&text);
            prop_assert_eq!(&*folded(&small), &*small);
        }

        #[test]
        fn knowing_more_never_makes_it_stronger(text in "[a-z0-9 ]{12,30}", name in "[a-z]{3,8}") {
            let list = list();
            let plain = judge(&text, &[], &CommonList::none()).guesses;
            prop_assert!(judge(&text, &[], list).guesses <= plain);
            prop_assert!(judge(&text, &[&name], &CommonList::none()).guesses <= plain);
        }

        #[test]
        fn what_is_written_is_read(words in proptest::collection::btree_set("[a-z]{3,20}", 0..1200)) {
            let list = CommonList::read(&encode(words.iter().map(String::as_str))).unwrap();
            prop_assert_eq!(list.len(), words.len());
            prop_assert!(words.iter().all(|word| list.knows(word)));
        }

        #[test]
        fn any_bytes_are_a_list_or_none(bytes in any::<Vec<u8>>()) {
            let _ = CommonList::read(&bytes);
            let _ = CommonList::read(&[b"UCP1", &bytes[..]].concat());
        }
    }
}
