//! What a password is once its disguises are off: capitals, digits in the place of letters, and a number or an
//! exclamation mark at the end.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

/// Which letter a digit or a sign stands for; `one` is what `1`, `!` and `|` do, which can be `i` or `l`.
#[must_use]
pub(super) fn letter(sign: char, one: char) -> char {
    match sign {
        '4' | '@' => 'a',
        '3' => 'e',
        '1' | '!' | '|' => one,
        '0' => 'o',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// Small letters throughout.
#[must_use]
pub(super) fn folded(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.chars().flat_map(char::to_lowercase).collect())
}

fn is_hung_on(sign: char) -> bool {
    !sign.is_alphabetic()
}

fn with_letters(text: &str, one: char) -> Zeroizing<String> {
    Zeroizing::new(text.chars().map(|sign| letter(sign, one)).collect())
}

/// The password beneath the disguises. Of one that has no letters nothing is taken away.
#[must_use]
pub fn normal(text: &str) -> Zeroizing<String> {
    let folded = folded(text);
    let stripped = folded.trim_end_matches(is_hung_on);
    if stripped.is_empty() { folded } else { with_letters(stripped, 'i') }
}

/// Every form in which a whole passphrase may stand in a list.
#[must_use]
pub(super) fn forms(text: &str) -> Vec<Zeroizing<String>> {
    let folded = folded(text);
    let joined: Zeroizing<String> =
        Zeroizing::new(folded.chars().filter(|sign| sign.is_alphanumeric()).collect());
    let mut forms = Vec::new();
    for whole in [&folded, &joined] {
        let (end, both) = (whole.trim_end_matches(is_hung_on), whole.trim_matches(is_hung_on));
        for part in [whole.as_str(), end, both] {
            if part.is_empty() {
                continue;
            }
            forms.push(Zeroizing::new(part.to_owned()));
            forms.extend(['i', 'l'].map(|one| with_letters(part, one)));
        }
    }
    forms
}
