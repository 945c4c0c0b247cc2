//! Whether a passphrase will do, judged where it is typed: nothing about it leaves the device.
//!
//! [`judge`] says how strong it is and, of one that is refused, why. [`guess`] estimates how many guesses an
//! attacker needs who knows the usual tricks; [`list`] holds the commonest passwords; [`normal`] sees through
//! capitals, digits for letters and what is hung on at the end; [`shapes`] knows rows of keys, sequences and
//! dates; [`suggest`] makes one by chance. `docs/PASSPHRASES.md` has the numbers and their reasons.

mod guess;
pub mod list;
pub mod normal;
mod shapes;
pub mod suggest;
#[cfg(test)]
mod tests;

use guess::{Guess, Kind};
use list::CommonList;

/// Fewer characters than this are refused.
pub const LEAST: usize = 12;
/// More bytes than this are refused.
pub const MOST_BYTES: usize = 1024;

/// Powers of ten of guesses, from which on a passphrase is fair, good, strong.
const FAIR: f32 = 9.0;
const GOOD: f32 = 13.0;
const STRONG: f32 = 18.0;
/// Of names or of patterns to this share, a passphrase has to be good in spite of them.
const MOSTLY: f32 = 2.0 / 3.0;

/// What everybody quotes, letters only: strong by every count, and among the first that are tried.
const QUOTED: [&str; 10] = [
    "correcthorsebatterystaple",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "tobeornottobe",
    "tobeornottobethatisthequestion",
    "maytheforcebewithyou",
    "loremipsumdolorsitamet",
    "onceuponatime",
    "inthebeginningwastheword",
    "wethepeopleoftheunitedstates",
];

/// The four steps of the meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Refused.
    TooEasy,
    /// Taken, with the advice to add a word.
    Fair,
    /// As four random words are.
    Good,
    /// As six random words are.
    Strong,
}

/// Why a passphrase is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// So many characters are missing.
    Short(usize),
    /// More than [`MOST_BYTES`].
    Long,
    /// One of the commonest passwords, or little more than one.
    Common,
    /// Mostly the person's, the firm's or the sign-in name.
    Own,
    /// Rows of keys, sequences, one character over and over.
    Pattern,
    /// The same few characters again and again.
    Repeated,
    /// Nothing in particular, and too few guesses all the same.
    Easy,
}

/// What was found about a passphrase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// The step of the meter.
    pub level: Level,
    /// Why it is refused; with it the level is always [`Level::TooEasy`].
    pub flaw: Option<Flaw>,
    /// How many guesses it takes, as a power of ten; zero for one that is too short or too long.
    pub guesses: f32,
}

impl Strength {
    fn refused(flaw: Flaw, guesses: f32) -> Self {
        Self { level: Level::TooEasy, flaw: Some(flaw), guesses }
    }
}

/// Judges a passphrase of somebody to whom `own_words` belong: names of theirs, of the firm, for signing in.
/// Without a list ([`CommonList::none`]) it is judged by all the rest.
#[must_use]
pub fn judge(passphrase: &str, own_words: &[&str], list: &CommonList) -> Strength {
    let length = passphrase.chars().count();
    if length < LEAST {
        return Strength::refused(Flaw::Short(LEAST - length), 0.0);
    }
    if passphrase.len() > MOST_BYTES {
        return Strength::refused(Flaw::Long, 0.0);
    }
    let guess = guess::guess(passphrase, own_words, list);
    match flaw(passphrase, &guess, list) {
        Some(flaw) => Strength::refused(flaw, guess.digits.min(FAIR)),
        None => Strength { level: level(guess.digits), flaw: None, guesses: guess.digits },
    }
}

fn level(digits: f32) -> Level {
    if digits < FAIR {
        Level::TooEasy
    } else if digits < GOOD {
        Level::Fair
    } else if digits < STRONG {
        Level::Good
    } else {
        Level::Strong
    }
}

fn flaw(passphrase: &str, guess: &Guess, list: &CommonList) -> Option<Flaw> {
    if is_quoted(passphrase) {
        return Some(Flaw::Common);
    }
    let share = |kind| guess.share(kind);
    // What is long and has no more in it than one password, a name or a row of keys.
    if guess.digits < GOOD {
        if normal::forms(passphrase).iter().any(|form| list.knows(form)) {
            return Some(Flaw::Common);
        }
        for (kind, flaw) in [(Kind::Own, Flaw::Own), (Kind::Pattern, Flaw::Pattern)] {
            if share(kind) >= MOSTLY {
                return Some(flaw);
            }
        }
    }
    if guess.digits >= FAIR {
        return None;
    }
    let told =
        [(Kind::Common, Flaw::Common), (Kind::Own, Flaw::Own), (Kind::Pattern, Flaw::Pattern)];
    let most = told.into_iter().max_by(|a, b| share(a.0).total_cmp(&share(b.0)));
    Some(match most {
        Some((kind, flaw)) if share(kind) >= 0.5 => flaw,
        _ if guess.repeated >= 0.5 => Flaw::Repeated,
        _ => Flaw::Easy,
    })
}

/// Whether it is a famous line, give or take a number.
fn is_quoted(passphrase: &str) -> bool {
    let letters: String = passphrase
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphabetic())
        .collect();
    QUOTED.contains(&letters.as_str())
}
