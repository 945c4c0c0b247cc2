//! The spoken number as eight words, which are easier to read aloud and to hear than digits. They are made of the digits,
//! so that whoever has the list of words can show them, and whoever has not shows the digits.

#![cfg(feature = "plaintext")]

use alloc::string::String;
use alloc::vec::Vec;

use bip39::Language;

use super::hash::labelled;
use super::purpose;

/// How many words.
pub const WORDS: usize = 8;
/// Bits of a word: the list has 2,048.
const BITS: usize = 11;

/// The words of a number as [`super::fingerprint::spoken`] writes it: of `SHA-256(label || digits)` the first eight
/// times eleven bits, 88, each the number of a word of the English BIP39 list.
#[must_use]
pub fn words(digits: &str) -> String {
    let hash = labelled(purpose::SPOKEN_WORDS, &[digits.as_bytes()]);
    let list = Language::English.word_list();
    let word = |at: usize| {
        let bit = |at: usize| usize::from(hash.0[at / 8] >> (7 - at % 8) & 1);
        list[(at * BITS..(at + 1) * BITS).fold(0, |number, at| number << 1 | bit(at))]
    };
    let words: Vec<&str> = (0..WORDS).map(word).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_words_of_the_list_that_are_of_this_number_alone() {
        let number = "53943 20535 10351 22260 50902 15920";
        let one = words(number);
        assert_eq!(one.split(' ').count(), WORDS);
        assert!(one.split(' ').all(|word| Language::English.find_word(word).is_some()));
        let other = words("53943 20535 10351 22260 50902 15921");
        let same = one.split(' ').zip(other.split(' ')).filter(|(one, other)| one == other);
        assert!(same.count() < 3);
    }
}
