//! Every sentence a client reads, in each language, side by side so that none is forgotten.
//!
//! The language is chosen on arrival, before anything is typed; the page is then drawn anew, so a
//! word is a plain text and no signal.

use std::cell::Cell;

use shared::intake::value::Language;

use crate::platform::page;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::English) };
}

/// The language shown.
#[must_use]
pub fn language() -> Language {
    LANGUAGE.get()
}

/// Shows another language from now on.
pub fn speak(language: Language) {
    LANGUAGE.set(language);
    page::set_language(language.tag(), "ltr");
}

/// The language to begin with: the browser's wish if the form is written in it.
#[must_use]
pub fn wished(offered: &[Language]) -> Language {
    let wish = Language::from_tag(&page::wanted_language());
    let first = offered.first().copied().unwrap_or(Language::English);
    wish.filter(|wish| offered.contains(wish)).unwrap_or(first)
}

/// Puts values where a sentence says `{}`, in order.
#[must_use]
pub fn fill(sentence: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut values = values.iter();
    for (at, piece) in sentence.split("{}").enumerate() {
        if at > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(piece);
    }
    filled
}

macro_rules! words {
    ($($key:ident: $english:literal, $spanish:literal;)*) => {
        /// A sentence, by what it is for.
        #[allow(missing_docs, reason = "the English sentence beside each key is its description")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($key,)* }

        /// The sentence in the language shown.
        #[must_use]
        pub fn t(word: Word) -> &'static str {
            match LANGUAGE.get() {
                Language::English => match word { $(Word::$key => $english,)* },
                Language::Spanish => match word { $(Word::$key => $spanish,)* },
            }
        }

        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$(($english, $spanish),)*];
    };
}

mod table;
pub use table::{Word, t};

#[cfg(test)]
mod tests {
    use super::table::ALL;
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_sentence_takes_as_many_values_in_each_language() {
        for (english, spanish) in ALL {
            assert_eq!(english.matches("{}").count(), spanish.matches("{}").count(), "{english}");
            assert!(!spanish.is_empty(), "{english}");
        }
    }

    #[wasm_bindgen_test]
    fn values_go_where_the_sentence_says() {
        assert_eq!(fill("Section {} of {}", &["2", "6"]), "Section 2 of 6");
        assert_eq!(fill("No values", &["2"]), "No values");
    }
}
