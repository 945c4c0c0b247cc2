//! The small values that forms and answers are made of: languages, words in several of them, days
//! of the calendar.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use minicbor::decode::Error as Bad;
use minicbor::encode::{Error as Full, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::Zeroize;

use crate::time::{DAY, Timestamp};

/// A language the portal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Language {
    /// English.
    #[n(1)]
    English,
    /// Spanish.
    #[n(2)]
    Spanish,
}

impl Language {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The tag that goes into `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The language's name for itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// The language of a tag such as `es-MX`, if the portal speaks it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(primary))
    }
}

/// Words in one or more languages; the first is the form's default and the one to fall back to.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(test, derive(Debug))]
pub struct Text(Vec<(Language, String)>);

impl Text {
    /// The same in English and in Spanish.
    #[must_use]
    pub fn new(english: &str, spanish: &str) -> Self {
        Self(alloc::vec![
            (Language::English, english.to_string()),
            (Language::Spanish, spanish.to_string())
        ])
    }

    /// In one language only.
    #[must_use]
    pub fn one(language: Language, words: &str) -> Self {
        Self(alloc::vec![(language, words.to_string())])
    }

    /// In the language asked for, else in the default one; empty when there are no words at all.
    #[must_use]
    pub fn read(&self, language: Language) -> &str {
        self.0
            .iter()
            .find(|(l, _)| *l == language)
            .or(self.0.first())
            .map_or("", |(_, words)| words)
    }

    /// Sets the words of one language; a language not held yet is added after the others.
    pub fn set(&mut self, language: Language, words: &str) {
        match self.0.iter_mut().find(|(l, _)| *l == language) {
            Some((_, held)) => *held = words.to_string(),
            None => self.0.push((language, words.to_string())),
        }
    }

    /// Each language with its words.
    pub fn iter(&self) -> impl Iterator<Item = (Language, &str)> {
        self.0.iter().map(|(l, words)| (*l, words.as_str()))
    }
}

impl<C> Encode<C> for Text {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Full<W::Error>> {
        // An array of number, words, number, words: the order carries the default.
        e.array(self.0.len() as u64 * 2)?;
        for (language, words) in &self.0 {
            language.encode(e, ctx)?;
            e.str(words)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Text {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Bad> {
        let count =
            d.array()?.filter(|n| n % 2 == 0).ok_or_else(|| Bad::message("words come in pairs"))?;
        let mut held = Vec::new();
        for _ in 0..count / 2 {
            held.push((Language::decode(d, ctx)?, d.str()?.to_string()));
        }
        Ok(Self(held))
    }
}

/// A day of the calendar, without a time or a zone. Only days that exist can be made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Zeroize)]
#[cfg_attr(test, derive(Debug))]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A day, a month or only a year: what people remember.
#[derive(Clone, Copy, PartialEq, Eq, Zeroize)]
#[cfg_attr(test, derive(Debug))]
pub struct ApproxDate {
    year: u16,
    month: u8,
    day: u8,
}

const fn month_length(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

impl Date {
    /// The day, if there is one, in the years 1 to 9999.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year >= 1 && year <= 9999 && day >= 1 && day <= month_length(year, month) {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// Reads `2026-03-09`, as a date input of the browser gives it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day it is at an instant, `offset` minutes east of Greenwich.
    #[must_use]
    pub fn at(instant: Timestamp, offset: i32) -> Self {
        let shifted = i64::try_from(instant.0).unwrap_or(i64::MAX / 2) + i64::from(offset) * 60_000;
        Self::from_days(shifted.div_euclid(DAY.cast_signed()))
    }

    /// Days since 1970-01-01, negative before.
    #[must_use]
    pub const fn days(self) -> i64 {
        // Count years from March, so that the leap day comes last.
        let month = self.month as i64;
        let year = self.year as i64 - (month <= 2) as i64;
        let of_year =
            (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + self.day as i64 - 1;
        year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
    }

    /// The day so many days after 1970-01-01; held within the years 1 to 9999.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let z = days.clamp(-719_162, 2_932_896) + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z.rem_euclid(146_097);
        let of_years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * of_years + of_years / 4 - of_years / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = of_years + era * 400 + i64::from(month <= 2);
        // Within the clamp all three fit; were one not to, the epoch is a day that exists.
        let made =
            (|| Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?))();
        made.unwrap_or(Self { year: 1970, month: 1, day: 1 })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }
    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
    /// The day of the month.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl ApproxDate {
    /// As much of a day as is known: a day needs its month.
    #[must_use]
    pub const fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        match (month, day) {
            (Some(month), Some(day)) if Date::new(year, month, day).is_some() => {
                Some(Self { year, month, day })
            }
            (Some(month), None) if Date::new(year, month, 1).is_some() => {
                Some(Self { year, month, day: 0 })
            }
            (None, None) if Date::new(year, 1, 1).is_some() => {
                Some(Self { year, month: 0, day: 0 })
            }
            _ => None,
        }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }
    /// The month, if known.
    #[must_use]
    pub const fn month(self) -> Option<u8> {
        if self.month == 0 { None } else { Some(self.month) }
    }
    /// The day of the month, if known.
    #[must_use]
    pub const fn day(self) -> Option<u8> {
        if self.day == 0 { None } else { Some(self.day) }
    }

    /// The first day it can mean; comparisons use it.
    #[must_use]
    pub const fn earliest(self) -> Date {
        let month = if self.month == 0 { 1 } else { self.month };
        let day = if self.day == 0 { 1 } else { self.day };
        Date { year: self.year, month, day }
    }
}

impl fmt::Display for ApproxDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

// Both travel as one number, year * 10000 + month * 100 + day, with zeros for what is not known.
macro_rules! as_number {
    ($name:ident, $from:expr) => {
        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), Full<W::Error>> {
                e.u32(
                    u32::from(self.year) * 10_000
                        + u32::from(self.month) * 100
                        + u32::from(self.day),
                )?
                .ok()
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, Bad> {
                let n = d.u32()?;
                let from: fn(u16, u8, u8) -> Option<Self> = $from;
                // The remainders are below 100; only the year can fail to fit.
                let parts =
                    (u16::try_from(n / 10_000), u8::try_from(n / 100 % 100), u8::try_from(n % 100));
                match parts {
                    (Ok(year), Ok(month), Ok(day)) => from(year, month, day),
                    _ => None,
                }
                .ok_or_else(|| Bad::message("no such day"))
            }
        }
    };
}
as_number!(Date, Self::new);
as_number!(ApproxDate, |y, m, d| Self::new(y, (m > 0).then_some(m), (d > 0).then_some(d)));
