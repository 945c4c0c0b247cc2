//! The machine-readable zone of a travel document (ICAO Doc 9303, parts 3 to 6): what is printed at its foot,
//! read letter by letter and held to its own check digits.
//!
//! It proves nothing about who holds the paper: whoever forges one computes the digits. It tells slips of a
//! typist's from what is printed, and the days and the name from a picture that is hard to read.

use alloc::string::String;
use alloc::vec::Vec;

mod name;
mod read;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub(super) use name::written;
pub use name::{NameMatch, compare};
pub use read::read;

use crate::intake::value::Date;

/// The three shapes of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Three lines of 30: cards.
    Td1,
    /// Two lines of 36: larger cards.
    Td2,
    /// Two lines of 44: passports.
    Td3,
}

/// Why something is no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// There are not two or three lines of one of the lengths.
    Lines,
    /// A letter that no zone has: in this line, at this place, both from 1.
    Letter(usize, usize),
}

/// Whether each check digit is the one that its field gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Of the number.
    pub number: bool,
    /// Of the day of birth.
    pub birth: bool,
    /// Of the last day.
    pub expiry: bool,
    /// Of what a passport's issuer adds; of cards, that it has none.
    pub more: bool,
    /// Of all of it together.
    pub whole: bool,
}

impl Checks {
    /// Whether all are right.
    #[must_use]
    pub const fn hold(self) -> bool {
        self.number && self.birth && self.expiry && self.more && self.whole
    }
}

/// A zone that was read. What is in it is a person's: it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its shape.
    pub shape: Shape,
    /// The kind of paper: `P` and what the issuer says more.
    pub kind: String,
    /// Who issued it, in three letters.
    pub issuer: String,
    /// Names before the double filler.
    pub family: Vec<String>,
    /// Names after it.
    pub given: Vec<String>,
    /// Whether the names fill their field, so that some may be cut off.
    pub cut: bool,
    /// The paper's number.
    pub number: String,
    /// Whose citizen, in three letters.
    pub nationality: String,
    /// Born on; `None` where the paper does not say a whole day.
    pub birth: Option<Date>,
    /// Sex: `M`, `F`, or nothing.
    pub sex: Option<char>,
    /// The last day on which it counts; `None` where it is no day.
    pub expiry: Option<Date>,
    /// Its check digits.
    pub checks: Checks,
}

impl Zone {
    /// Whether the paper counts on this day.
    #[must_use]
    pub fn counts_on(&self, today: Date) -> bool {
        self.expiry.is_some_and(|last| today.days() <= last.days())
    }

    /// Whether it is a passport.
    #[must_use]
    pub fn is_passport(&self) -> bool {
        self.kind.starts_with('P')
    }
}
