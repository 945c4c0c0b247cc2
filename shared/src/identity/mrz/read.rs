//! Reading a zone. Places are those of Doc 9303: part 5 for three lines of 30, part 6 for two of 36, part 4 for
//! two of 44; each line here is counted from 0.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Checks, Shape, Unreadable, Zone};
use crate::intake::value::Date;

const FILLER: u8 = b'<';

/// Reads a zone as it was typed or scanned: small letters are taken for large ones, and blanks left out. `today`
/// tells in which century two digits stand.
///
/// # Errors
/// [`Unreadable`]. Wrong check digits are no error: [`Zone::checks`] says so.
pub fn read(text: &str, today: Date) -> Result<Zone, Unreadable> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in text.lines() {
        let letters = line.chars().filter(|letter| !letter.is_whitespace());
        let mut bytes = Vec::new();
        for (at, letter) in letters.enumerate() {
            let letter = letter.to_ascii_uppercase();
            if !matches!(letter, 'A'..='Z' | '0'..='9' | '<') {
                return Err(Unreadable::Letter(lines.len() + 1, at + 1));
            }
            bytes.extend(u8::try_from(letter));
        }
        if !bytes.is_empty() {
            lines.push(bytes);
        }
    }
    let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
    let places = match *lengths.as_slice() {
        [30, 30, 30] => TD1,
        [36, 36] => TD2,
        [44, 44] => TD3,
        _ => return Err(Unreadable::Lines),
    };
    Ok(Fields { lines: &lines, places }.zone(today))
}

/// Line, first place, length.
type At = (usize, usize, usize);

/// Where what stands.
struct Places {
    shape: Shape,
    name: At,
    number: At,
    nationality: At,
    birth: At,
    sex: At,
    expiry: At,
    more: At,
    /// Where a passport's issuer has a check digit of its own.
    more_check: Option<At>,
    whole_check: At,
    whole: &'static [At],
}

const TD1: Places = Places {
    shape: Shape::Td1,
    name: (2, 0, 30),
    number: (0, 5, 9),
    nationality: (1, 15, 3),
    birth: (1, 0, 6),
    sex: (1, 7, 1),
    expiry: (1, 8, 6),
    more: (0, 15, 15),
    more_check: None,
    whole_check: (1, 29, 1),
    whole: &[(0, 5, 25), (1, 0, 7), (1, 8, 7), (1, 18, 11)],
};

const TD2: Places = Places {
    shape: Shape::Td2,
    name: (0, 5, 31),
    number: (1, 0, 9),
    nationality: (1, 10, 3),
    birth: (1, 13, 6),
    sex: (1, 20, 1),
    expiry: (1, 21, 6),
    more: (1, 28, 7),
    more_check: None,
    whole_check: (1, 35, 1),
    whole: &[(1, 0, 10), (1, 13, 7), (1, 21, 14)],
};

const TD3: Places = Places {
    shape: Shape::Td3,
    name: (0, 5, 39),
    number: (1, 0, 9),
    nationality: (1, 10, 3),
    birth: (1, 13, 6),
    sex: (1, 20, 1),
    expiry: (1, 21, 6),
    more: (1, 28, 14),
    more_check: Some((1, 42, 1)),
    whole_check: (1, 43, 1),
    whole: &[(1, 0, 10), (1, 13, 7), (1, 21, 22)],
};

struct Fields<'a> {
    lines: &'a [Vec<u8>],
    places: Places,
}

impl Fields<'_> {
    fn at(&self, (line, from, length): At) -> &[u8] {
        self.lines.get(line).and_then(|line| line.get(from..from + length)).unwrap_or_default()
    }

    /// The digit that follows a field.
    fn after(&self, (line, from, length): At) -> u8 {
        self.at((line, from + length, 1)).first().copied().unwrap_or(FILLER)
    }

    fn zone(&self, today: Date) -> Zone {
        let places = &self.places;
        let (number, number_holds) = self.number();
        let whole: Vec<u8> = places.whole.iter().flat_map(|at| self.at(*at)).copied().collect();
        let holds = |at| check(self.at(at)) == self.after(at);
        let more = places.more_check.is_none_or(|at| {
            let (field, digit) = (self.at(places.more), self.at(at));
            // Where there is nothing the digit may be left out.
            digit == [check(field)] || (digit == [FILLER] && field.iter().all(|b| *b == FILLER))
        });
        let names = self.at(places.name);
        let (family, given) = split_names(names);
        Zone {
            shape: places.shape,
            kind: trimmed(self.at((0, 0, 2))),
            issuer: trimmed(self.at((0, 2, 3))),
            family,
            given,
            cut: names.last().is_some_and(|last| *last != FILLER),
            number,
            nationality: trimmed(self.at(places.nationality)),
            birth: day(self.at(places.birth), |date| date.days() <= today.days(), today),
            sex: match self.at(places.sex) {
                b"M" => Some('M'),
                b"F" => Some('F'),
                _ => None,
            },
            // Papers count for ten years or so: what is further off was over long ago.
            expiry: day(
                self.at(places.expiry),
                |date| date.days() < today.days() + 50 * 365,
                today,
            ),
            checks: Checks {
                number: number_holds,
                birth: holds(places.birth),
                expiry: holds(places.expiry),
                more,
                whole: [check(&whole)] == self.at(places.whole_check),
            },
        }
    }

    /// The number; a card's longer one goes on among what its issuer adds, its digit behind it.
    fn number(&self) -> (String, bool) {
        let (first, digit) = (self.at(self.places.number), self.after(self.places.number));
        let card = self.places.shape != Shape::Td3;
        let more = self.at(self.places.more);
        let rest = more.split(|byte| *byte == FILLER).next().unwrap_or_default();
        if let (true, FILLER, Some((digit, rest))) = (card, digit, rest.split_last()) {
            let mut number = first.to_vec();
            number.extend_from_slice(rest);
            let holds = check(&number) == *digit;
            return (trimmed(&number), holds);
        }
        (trimmed(first), check(first) == digit)
    }
}

/// Part 3, 4.9: weights 7, 3, 1; letters count from 10, the filler nothing.
pub(super) fn check(field: &[u8]) -> u8 {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    };
    let weights = [7u32, 3, 1].into_iter().cycle();
    let sum: u32 = field.iter().zip(weights).map(|(byte, weight)| value(*byte) * weight).sum();
    b"0123456789"[(sum % 10) as usize]
}

fn trimmed(field: &[u8]) -> String {
    let text: String = field.iter().map(|byte| char::from(*byte)).collect();
    text.trim_end_matches('<').into()
}

fn split_names(field: &[u8]) -> (Vec<String>, Vec<String>) {
    let text = trimmed(field);
    let (family, given) = text.split_once("<<").unwrap_or((&text, ""));
    let words = |text: &str| -> Vec<String> {
        text.split('<').filter(|word| !word.is_empty()).map(Into::into).collect()
    };
    (words(family), words(given))
}

/// `YYMMDD` in the latest century in which it may stand.
fn day(field: &[u8], may: impl Fn(Date) -> bool, today: Date) -> Option<Date> {
    let two = |at: usize| -> Option<u16> {
        let [tens, ones] = *field.get(at..at + 2)? else { return None };
        let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
        Some(digit(tens)? * 10 + digit(ones)?)
    };
    let (year, month, day) = (two(0)?, u8::try_from(two(2)?).ok()?, u8::try_from(two(4)?).ok()?);
    let now = u16::try_from((today.days() + 719_468) / 146_097 * 4).unwrap_or(20);
    // The century that begins within today's four hundred years, the one after, and those before.
    let centuries = (now.saturating_sub(4)..=now + 5).rev();
    let dates = centuries.filter_map(|century| Date::new(century * 100 + year, month, day));
    let near = |date: &Date| (date.days() - today.days()).abs() < 130 * 366;
    dates.filter(near).find(|date| may(*date))
}
