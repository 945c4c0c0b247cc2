//! Whether an answer says what the firm expects: for a person who looks at both and decides. Case, spaces, marks
//! over letters and the way in which a day is written do not count.

use alloc::string::String;
use alloc::vec::Vec;

use super::mrz;
use crate::intake::value::Date;

/// How two answers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// They say the same.
    Same,
    /// One has words that the other lacks, or a day can be read in two ways.
    Near,
    /// They say something else.
    Different,
}

/// Compares an answer with what is expected.
#[must_use]
pub fn compare(answer: &str, expected: &str) -> Likeness {
    let (given, wanted) = (days(answer), days(expected));
    if !given.is_empty() && !wanted.is_empty() {
        return match given.iter().any(|day| wanted.contains(day)) {
            true if given.len() == 1 && wanted.len() == 1 => Likeness::Same,
            true => Likeness::Near,
            false => Likeness::Different,
        };
    }
    let (given, wanted) = (words(answer), words(expected));
    if given.is_empty() || wanted.is_empty() {
        return Likeness::Different;
    }
    let whole = |words: &[Word]| -> Word {
        let join = |of: fn(&Word) -> &String| words.iter().map(of).map(String::as_str).collect();
        Word { long: join(|word| &word.long), short: join(|word| &word.short) }
    };
    if whole(&given).is(&whole(&wanted)) {
        return Likeness::Same;
    }
    let within =
        |few: &[Word], many: &[Word]| few.iter().all(|one| many.iter().any(|other| one.is(other)));
    if within(&given, &wanted) || within(&wanted, &given) {
        Likeness::Near
    } else {
        Likeness::Different
    }
}

/// A word without case and marks: `mueller` and `muller`.
struct Word {
    long: String,
    short: String,
}

impl Word {
    fn is(&self, other: &Self) -> bool {
        let mine = [&self.long, &self.short];
        mine.iter().any(|one| **one == other.long || **one == other.short)
    }
}

fn words(text: &str) -> Vec<Word> {
    let apart = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’');
    let word = |word: &str| {
        let (mut long, mut short) = (String::new(), String::new());
        for letter in word.chars().flat_map(char::to_uppercase) {
            match mrz::written(letter) {
                Some((one, other)) => {
                    long.push_str(one);
                    short.push_str(if letter == 'Ñ' { one } else { other });
                }
                None => {
                    long.push(letter);
                    short.push(letter);
                }
            }
        }
        Word { long, short }
    };
    text.split(apart).filter(|one| !one.is_empty()).map(word).collect()
}

/// The days that a text can be: `2026-03-09` is one, `9.3.2026` and `03/09/2026` may be two.
fn days(text: &str) -> Vec<Date> {
    let parts: Vec<&str> =
        text.trim().split(['-', '.', '/', ' ']).filter(|one| !one.is_empty()).collect();
    let numbers: Option<Vec<u16>> = parts
        .iter()
        .map(|part| part.bytes().all(|one| one.is_ascii_digit()).then(|| part.parse().ok())?)
        .collect();
    let Some([first, second, third]) = numbers.and_then(|all| <[u16; 3]>::try_from(all).ok())
    else {
        return Vec::new();
    };
    let day = |year: u16, month: u16, day: u16| {
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    };
    let mut found = Vec::new();
    if parts.first().is_some_and(|part| part.len() == 4) {
        found.extend(day(first, second, third));
    } else if parts.last().is_some_and(|part| part.len() == 4) {
        found.extend(day(third, second, first));
        // With dots the day stands first everywhere.
        let other = day(third, first, second).filter(|_| !text.contains('.'));
        found.extend(other.filter(|other| !found.contains(other)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_marks_do_not_count() {
        for (answer, expected) in [
            ("  ines  OKAFOR ", "Inés Okafor"),
            ("Mueller", "Müller"),
            ("muller", "Müller"),
            ("Peña", "PENA"),
            ("B 12", "b12"),
            ("O’Neill", "O'neill"),
            ("St.-Gallen", "st gallen"),
            ("Łódź", "lodz"),
            ("Δελφοί", "ΔΕΛΦΟΊ"),
        ] {
            assert_eq!(compare(answer, expected), Likeness::Same, "{answer} {expected}");
        }
    }

    #[test]
    fn more_words_are_near_and_others_are_different() {
        assert_eq!(compare("Biscuit the dog", "Biscuit"), Likeness::Near);
        assert_eq!(compare("Okafor", "Ines Okafor"), Likeness::Near);
        assert_eq!(compare("Crumpet", "Biscuit"), Likeness::Different);
        assert_eq!(compare("", "Biscuit"), Likeness::Different);
        assert_eq!(compare("...", "..."), Likeness::Different);
    }

    #[test]
    fn a_day_is_a_day_however_it_is_written() {
        for same in ["2026-03-09", "9.3.2026", "09.03.2026", " 2026/3/9 ", "9. 3. 2026"] {
            assert_eq!(compare(same, "2026-03-09"), Likeness::Same, "{same}");
        }
        assert_eq!(compare("25/12/2020", "2020-12-25"), Likeness::Same);
        assert_eq!(compare("03/09/2026", "2026-03-09"), Likeness::Near);
        assert_eq!(compare("9/3/2026", "2026-03-09"), Likeness::Near);
        assert_eq!(compare("2026-03-10", "2026-03-09"), Likeness::Different);
        assert_eq!(compare("31.2.2026", "2026-03-09"), Likeness::Different);
    }
}
