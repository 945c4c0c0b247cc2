//! A passphrase by chance, for whoever has no idea of their own.

use alloc::string::String;
use alloc::vec::Vec;

use bip39::Language;

use crate::crypto::rng;
use crate::secret::Secret;

/// How many words: 11 bits each, 66 in all.
pub const WORDS: usize = 6;

/// Six words of the recovery codes' list, each by chance, with spaces between them.
#[must_use]
pub fn suggest() -> Secret<String> {
    let list = Language::English.word_list();
    let words: Vec<&str> =
        (0..WORDS).map(|_| list[rng::below(list.len() as u32) as usize]).collect();
    Secret::new(words.join(" "))
}
