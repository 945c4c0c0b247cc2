//! How many guesses a passphrase takes of somebody who knows how people choose them: the cheapest way to put it
//! together out of common passwords, words, names, patterns, what stood before, and single characters.
//!
//! Everything is a power of ten, so that what is put together adds up. Each estimate errs to the low side.

use alloc::string::String;
use alloc::vec::Vec;

use bip39::Language;
use zeroize::Zeroizing;

use super::list::{CommonList, LONGEST, SHORTEST};
use super::normal::{folded, letter};
use super::shapes;

/// What lies behind these characters is left out: it would only be more.
const MOST: usize = 256;
/// A word of the 2,048 of the recovery codes.
const KNOWN_WORD: f32 = 3.3;
/// A letter of something that reads like a word: eight of them are one of a few million.
const IN_A_WORD: f32 = 0.75;
/// A letter behind the eighth: long words are few, and words that are written together look like one.
const IN_A_LONG_WORD: f32 = 0.5;
const LONG_WORD: usize = 8;
/// A letter by chance.
const LETTER: f32 = 1.41;
/// A digit by chance.
const DIGIT: f32 = 1.0;
/// A sign by chance.
const SIGN: f32 = 1.5;
/// A space, and a sign that stood before.
const SPACE: f32 = 0.3;
/// What else parts words.
const PARTING: f32 = 0.6;
/// A letter of a script with a few dozen.
const OTHER_LETTER: f32 = 0.9;
/// A character of a script with thousands, or a picture.
const OTHER: f32 = 2.0;
/// Each capital, up to two in a word; one that begins it costs half of that.
const CAPITAL: f32 = 0.3;
/// Digits in the place of letters.
const DISGUISE: f32 = 0.5;
/// A name of the person or the firm.
const OWN: f32 = 1.0;
/// That something comes again, and for a tenfold length.
const AGAIN: f32 = 1.0;
const AGAIN_TENFOLD: f32 = 0.5;
/// Less than this coming again is chance.
const LEAST_AGAIN: usize = 4;

/// What a part of a passphrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A character by itself.
    Chance,
    /// A word of a list that is no list of passwords.
    Word,
    /// One of the common passwords.
    Common,
    /// A name of the person or the firm.
    Own,
    /// A row of keys, a sequence, a date.
    Pattern,
    /// Something that stood before.
    Again,
}

/// What was found.
pub(super) struct Guess {
    /// The guesses, as a power of ten.
    pub(super) digits: f32,
    /// Which part of all characters came again.
    pub(super) repeated: f32,
    parts: Vec<(Kind, usize)>,
}

impl Guess {
    /// Which part of what stands for the first time is of this kind.
    pub(super) fn share(&self, kind: Kind) -> f32 {
        let count = |wanted: &dyn Fn(Kind) -> bool| {
            self.parts.iter().filter(|part| wanted(part.0)).map(|part| part.1).sum::<usize>() as f32
        };
        count(&|one| one == kind) / count(&|one| one != Kind::Again).max(1.0)
    }
}

/// One character: small, and whether it was a capital.
struct Letters {
    folded: Zeroizing<Vec<char>>,
    /// What it is when digits stand for letters, with `1` for `i` and for `l`.
    plain: [Zeroizing<Vec<char>>; 2],
    /// How many capitals stand before each place.
    capitals: Vec<usize>,
    /// The cost of each by itself.
    alone: Vec<f32>,
}

impl Letters {
    fn read(passphrase: &str) -> Self {
        let mut small = Zeroizing::new(Vec::new());
        let mut capitals = alloc::vec![0];
        for sign in passphrase.chars() {
            let before = capitals.last().copied().unwrap_or_default();
            for (at, one) in sign.to_lowercase().enumerate() {
                small.push(one);
                capitals.push(before + usize::from(at > 0 || sign.is_uppercase()));
            }
        }
        small.truncate(MOST);
        capitals.truncate(MOST + 1);
        let plain =
            ['i', 'l'].map(|one| Zeroizing::new(small.iter().map(|c| letter(*c, one)).collect()));
        let mut letters = Self { folded: small, plain, capitals, alone: Vec::new() };
        letters.alone = (0..letters.folded.len()).map(|at| letters.alone(at)).collect();
        letters
    }

    /// What a character costs by itself, beside its neighbours.
    fn alone(&self, at: usize) -> f32 {
        let sign = self.folded[at];
        let capital = CAPITAL * self.capitals_in(at, at + 1) as f32;
        let (before, run) = self.run_around(at);
        capital
            + match sign {
                'a'..='z' if reads_like_a_word(run) && before < LONG_WORD => IN_A_WORD,
                'a'..='z' if reads_like_a_word(run) => IN_A_LONG_WORD,
                'a'..='z' => LETTER,
                '0'..='9' => DIGIT,
                _ if sign == ' ' || self.folded[..at].contains(&sign) => SPACE,
                '-' | '_' | '.' | ',' => PARTING,
                ' '..='~' => SIGN,
                '\u{2e80}'.. => OTHER,
                _ if sign.is_alphabetic() => OTHER_LETTER,
                _ => OTHER,
            }
    }

    /// The small letters of the Latin alphabet around a place, and how many of them stand before it.
    fn run_around(&self, at: usize) -> (usize, &[char]) {
        let is_letter = |sign: &char| sign.is_ascii_lowercase();
        let (before, after) = self.folded.split_at(at);
        let from = at - before.iter().rev().take_while(|sign| is_letter(sign)).count();
        let until = at + after.iter().take_while(|sign| is_letter(sign)).count();
        (at - from, &self.folded[from..until])
    }

    fn capitals_in(&self, from: usize, until: usize) -> usize {
        self.capitals[until] - self.capitals[from]
    }

    /// What a word costs for being written with capitals.
    fn written(&self, from: usize, until: usize) -> f32 {
        let all = self.capitals_in(from, until);
        let half = all == 1 && self.capitals_in(from, from + 1) == 1;
        if half { CAPITAL / 2.0 } else { CAPITAL * all.min(2) as f32 }
    }
}

/// Vowels and consonants as in a word of a language with Latin letters.
fn reads_like_a_word(run: &[char]) -> bool {
    let is_vowel = |sign: &char| "aeiouy".contains(*sign);
    let vowels = run.iter().filter(|sign| is_vowel(sign)).count();
    let crowded = run.windows(5).any(|five| !five.iter().any(is_vowel));
    // Between a fifth and two thirds.
    run.len() >= 3 && !crowded && (run.len()..=run.len() * 10 / 3).contains(&(vowels * 5))
}

/// One way on: so far, for so much, by this.
type Way = (usize, f32, Kind);

/// Estimates.
pub(super) fn guess(passphrase: &str, own_words: &[&str], list: &CommonList) -> Guess {
    let letters = Letters::read(passphrase);
    let own = names(own_words);
    let again = come_again(&letters.folded);
    let length = letters.folded.len();
    // The cheapest way to each place, and its last step.
    let mut best = alloc::vec![(f32::INFINITY, 0, Kind::Chance); length + 1];
    best[0].0 = 0.0;
    for from in 0..length {
        let mut ways = alloc::vec![(1, letters.alone[from], Kind::Chance)];
        words(&letters, from, list, &mut ways);
        patterns(&letters.folded[from..], &mut ways);
        ways.extend(own.iter().filter_map(|name| own_here(&letters, from, name)));
        ways.extend(
            (LEAST_AGAIN..=again[from])
                .map(|long| (long, AGAIN + AGAIN_TENFOLD * (long as f32).log10(), Kind::Again)),
        );
        for (long, cost, kind) in ways {
            let until = from + long;
            let cost = best[from].0 + cost;
            if cost < best[until].0 {
                best[until] = (cost, from, kind);
            }
        }
    }
    let mut parts = Vec::new();
    let mut at = length;
    while at > 0 {
        let (_, from, kind) = best[at];
        parts.push((kind, at - from));
        at = from;
    }
    let repeated = parts.iter().filter(|part| part.0 == Kind::Again).map(|part| part.1);
    let repeated = repeated.sum::<usize>() as f32 / (length.max(1) as f32);
    Guess { digits: best[length].0, repeated, parts }
}

/// Common passwords and plain words from here on.
fn words(letters: &Letters, from: usize, list: &CommonList, ways: &mut Vec<Way>) {
    let folded = &letters.folded[from..];
    let reach = folded.iter().take(LONGEST).take_while(|sign| !sign.is_whitespace()).count();
    for long in SHORTEST..=reach {
        let until = from + long;
        let written = letters.written(from, until);
        let here = &folded[..long];
        let mut try_as = |chars: &[char], more: f32| {
            let word: Zeroizing<String> = Zeroizing::new(chars.iter().collect());
            if let Some(digits) = list.digits(&word) {
                ways.push((long, digits + written + more, Kind::Common));
            }
            if Language::English.find_word(&word).is_some() {
                ways.push((long, KNOWN_WORD + written + more, Kind::Word));
            }
        };
        try_as(here, 0.0);
        // A number is a number, and no word in disguise.
        if here.iter().any(|sign| sign.is_alphabetic()) {
            let mut tried = here;
            for plain in &letters.plain {
                let plain = &plain[from..until];
                if plain != here && plain != tried {
                    try_as(plain, DISGUISE);
                }
                tried = plain;
            }
        }
    }
}

fn patterns(text: &[char], ways: &mut Vec<Way>) {
    for shape in [shapes::sequence, shapes::keys] {
        if let Some((long, cost)) = shape(text) {
            // A shape may end sooner, where something else begins.
            ways.extend((3..=long).map(|part| (part, cost, Kind::Pattern)));
        }
    }
    ways.extend(shapes::date(text).map(|(long, cost)| (long, cost, Kind::Pattern)));
}

/// The parts of names that are long enough to tell, in small letters.
fn names(own_words: &[&str]) -> Vec<Vec<char>> {
    let mut names = Vec::new();
    for name in own_words {
        let name = folded(name);
        let parts = name.split(|sign: char| !sign.is_alphanumeric());
        let parts = parts.filter(|part| part.chars().count() >= SHORTEST);
        names.extend(parts.map(|part| part.chars().take(MOST).collect()));
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn own_here(letters: &Letters, from: usize, name: &[char]) -> Option<Way> {
    let until = from + name.len();
    let same = |text: &[char]| text.get(from..until) == Some(name);
    if !same(&letters.folded) && !letters.plain.iter().any(|plain| same(plain)) {
        return None;
    }
    // Three letters stand within many a word by chance.
    let goes_on = |at: Option<usize>| {
        at.and_then(|at| letters.folded.get(at)).is_some_and(|sign| sign.is_alphabetic())
    };
    let within = goes_on(from.checked_sub(1)) || goes_on(Some(until));
    (name.len() > SHORTEST || !within).then_some((name.len(), OWN, Kind::Own))
}

/// For each place, how much of what follows has already begun further to the front.
fn come_again(text: &[char]) -> Vec<usize> {
    let mut longest = alloc::vec![0; text.len()];
    for back in 1..text.len() {
        let mut same = 0;
        for at in (back..text.len()).rev() {
            same = if text[at] == text[at - back] { same + 1 } else { 0 };
            longest[at] = longest[at].max(same);
        }
    }
    longest
}
