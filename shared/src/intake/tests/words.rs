//! Every trouble has a sentence in every language, figures read back as they were written, and
//! answers read back as what was said.

use alloc::collections::BTreeSet;

use proptest::prelude::*;

use super::sample::*;
use crate::intake::answers::*;
use crate::intake::check::TroubleKind as T;
use crate::intake::draft::Change;
use crate::intake::figures::{read_scaled, scaled};
use crate::intake::form::Basis;
use crate::intake::kind::*;
use crate::intake::value::{ApproxDate, Date, Language};
use crate::intake::words;

/// All kinds of trouble. The match makes this fail to compile when one is added and not listed.
fn all() -> Vec<T> {
    let all = vec![
        T::Missing, T::TooLong { max: 7 }, T::BadCharacters, T::Email, T::Phone, T::TooSmall { min: 7, decimals: 0 },
        T::TooLarge { max: 7, decimals: 0 }, T::DatePast, T::DateFuture, T::DateUnlikely, T::TooFewChoices { min: 7 },
        T::TooManyChoices { max: 7 }, T::ChosenTwice, T::UnknownOption, T::NamePart, T::City, T::OneFile,
        T::TooManyFiles { max: 7 }, T::SameFile, T::FileName, T::TooFewItems { min: 7 }, T::TooManyItems { max: 7 },
        T::Signature, T::SignatureDate, T::Consent, T::UnknownConsent, T::WrongKind, T::UnknownField, T::NotAsked,
        T::TooMuch, T::FormDiffers, T::NoticeDiffers,
    ];
    let places = |kind: &T| match kind {
        T::Missing => 0, T::TooLong { .. } => 1, T::BadCharacters => 2, T::Email => 3, T::Phone => 4, T::TooSmall { .. } => 5,
        T::TooLarge { .. } => 6, T::DatePast => 7, T::DateFuture => 8, T::DateUnlikely => 9, T::TooFewChoices { .. } => 10,
        T::TooManyChoices { .. } => 11, T::ChosenTwice => 12, T::UnknownOption => 13, T::NamePart => 14, T::City => 15,
        T::OneFile => 16, T::TooManyFiles { .. } => 17, T::SameFile => 18, T::FileName => 19, T::TooFewItems { .. } => 20,
        T::TooManyItems { .. } => 21, T::Signature => 22, T::SignatureDate => 23, T::Consent => 24, T::UnknownConsent => 25,
        T::WrongKind => 26, T::UnknownField => 27, T::NotAsked => 28, T::TooMuch => 29, T::FormDiffers => 30, T::NoticeDiffers => 31,
    };
    assert!(all.iter().map(places).eq(0..32));
    all
}

#[test]
fn every_trouble_is_one_polite_sentence_of_its_own_in_each_language() {
    for language in Language::ALL {
        let sentences: BTreeSet<String> = all().into_iter().map(|kind| words::trouble(kind, language)).collect();
        assert_eq!(sentences.len(), all().len());
        for sentence in &sentences {
            assert!(sentence.ends_with('.') && sentence.chars().count() >= 15, "{sentence}");
            assert!(!sentence.contains(['{', '}', '!']), "{sentence}");
        }
    }
    let [english, spanish] = Language::ALL;
    for kind in all() {
        assert_ne!(words::trouble(kind, english), words::trouble(kind, spanish));
        let bounded = format!("{kind:?}").contains('7');
        for language in Language::ALL {
            assert_eq!(words::trouble(kind, language).contains('7'), bounded);
        }
    }
    assert_eq!(words::trouble(T::TooLarge { max: 125, decimals: 1 }, english), "Please enter 12.5 or less.");
}

#[test]
fn the_other_words_exist_in_each_language_too() {
    for language in Language::ALL {
        for change in [Change::Gone, Change::Reworded, Change::Notice] {
            assert!(!words::change(change, language).is_empty());
        }
        for basis in [Basis::BeforeEngagement, Basis::ProfessionalDuty, Basis::LegalClaims, Basis::Consent, Basis::Safety] {
            assert!(words::basis(basis, language).ends_with('.'));
        }
        let months: BTreeSet<_> = (1..=12).map(|m| words::month(m, language)).collect();
        assert_eq!(months.len(), 12);
        assert_eq!((words::month(0, language), words::month(13, language)), ("", ""));
        assert!(Language::from_tag(language.tag()) == Some(language));
    }
    assert!(Language::from_tag("es-MX") == Some(Language::Spanish));
    assert!(Language::from_tag("de").is_none() && Language::from_tag("").is_none() && Language::from_tag("esperanto").is_none());
}

#[test]
fn figures_are_read_the_ways_people_write_them() {
    let good = [
        ("1234", 2, 123_400), ("1,234.50", 2, 123_450), ("1.234,50", 2, 123_450), ("1 234,5", 2, 123_450), ("1,234", 2, 123_400),
        ("1.234.567", 2, 123_456_700), ("12.5", 1, 125), ("$ 12", 2, 1200), ("12 €", 2, 1200), ("0.5", 2, 50), ("-3", 0, -3),
        ("1.234", 3, 1234), ("007", 0, 7), ("1'000", 0, 1000), ("50%", 0, 50),
    ];
    for (text, decimals, expected) in good {
        assert_eq!(read_scaled(text, decimals), Some(expected), "{text}");
    }
    let bad = ["", " ", "-", "$", "abc", "1e3", "0x10", "1.2.3,4,5x", "12.345,678", "1.5", "--3", "3-", "٣", "NaN", "99999999999999999999", ".", ",5,"];
    for text in bad {
        assert_eq!(read_scaled(text, 0), None, "{text}");
    }
    assert_eq!(read_scaled("0.125", 2), None, "a zero never leads thousands");
    assert_eq!(read_scaled("1.2345", 2), None);
}

proptest! {
    #[test]
    fn a_figure_reads_back_as_it_was_written(n in -1_000_000_000_000_000_i64..1_000_000_000_000_000, decimals in 0..=4_u8) {
        prop_assert_eq!(read_scaled(&scaled(n, decimals), decimals), Some(n));
    }
    #[test]
    fn no_figure_at_all_breaks_the_writer(n in any::<i64>(), decimals in 0..=9_u8, text in "\\PC{0,12}") {
        prop_assert!(!scaled(n, decimals).is_empty());
        let _ = read_scaled(&text, decimals);
    }
}

#[test]
fn answers_read_back_in_the_words_of_the_form() {
    let form = every_kind();
    let [english, spanish] = Language::ALL;
    let said = |id: &str, answer: Answer, language| words::answer(form.field(id).unwrap(), &answer, language);
    assert_eq!(said("choice", Answer::Choice("b".into()), spanish), "b (es)");
    assert_eq!(said("choices", Answer::Choices(vec!["a".into(), "c".into()]), english), "a; c");
    assert_eq!(said("money", Answer::Money(1250), english), "12.50 EUR");
    assert_eq!(said("number", Answer::Number(-5), english), "-0.5");
    assert_eq!(said("yes", Answer::YesNo(true), spanish), "Sí");
    assert_eq!(said("past", Answer::Date(Date::new(2026, 3, 9).unwrap()), english), "9 March 2026");
    assert_eq!(said("past", Answer::Date(Date::new(2026, 3, 9).unwrap()), spanish), "9 de marzo de 2026");
    let month = ApproxDate::new(2026, Some(3), None).unwrap();
    assert_eq!(said("about", Answer::ApproxDate(month), spanish), "marzo de 2026");
    let mut kid = AnswersV1::new();
    kid.set("kid", Answer::Name(PersonName { given: " Leo ".into(), family: "Gil".into(), ..Default::default() }));
    kid.set("kid-photo", Answer::Files(vec![file(1)]));
    assert_eq!(said("kids", Answer::Items(vec![kid.clone(), kid]), english), "kid: Leo Gil\nkid-photo: scan.pdf\n\nkid: Leo Gil\nkid-photo: scan.pdf");
    // What no longer fits its question is shown as it is, never hidden.
    assert_eq!(said("choice", Answer::Choice("zzz".into()), english), "zzz");
    assert_eq!(said("short", Answer::Money(7), english), "7");
    let address = Address { street: "1 Main St".into(), city: "Ames".into(), ..Default::default() };
    assert_eq!(said("address", Answer::Address(address), english), "1 Main St, Ames");
    assert_eq!(form.field("number").map(|f| matches!(&f.kind, Kind::Number(n) if n.decimals == 1)), Some(true));
}
