//! Choosing a passphrase: long beats clever, so length is what is asked for.

use leptos::prelude::*;
use shared::secret::Secret;

use crate::ui::field::{Line, TextField};

/// Fewer characters than this are too easy to guess.
pub const LEAST: usize = 12;

/// Two fields that must agree. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct NewPassphrase {
    first: RwSignal<String>,
    second: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    again: RwSignal<Option<String>>,
}

impl NewPassphrase {
    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        Self { first, second, wrong: RwSignal::new(None), again: RwSignal::new(None) }
    }

    /// What was chosen, if it will do; otherwise the fields say why not.
    #[must_use]
    pub fn chosen(self) -> Option<Secret<String>> {
        let (first, second) = (self.first.get_untracked(), self.second.get_untracked());
        let short = first.chars().count() < LEAST;
        self.wrong.set(short.then(|| {
            format!(
                "Use at least {LEAST} characters: four or five unrelated words are easy to remember"
            )
        }));
        let differ = !short && first != second;
        self.again.set(differ.then(|| "The two are not the same".to_owned()));
        (!short && !differ).then(|| Secret::new(first))
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
    }
}

impl Default for NewPassphrase {
    fn default() -> Self {
        Self::new()
    }
}

/// How long a passphrase would hold, in words: length counts most, sameness takes away.
#[must_use]
pub fn strength(typed: &str) -> String {
    let length = typed.chars().count();
    if length == 0 {
        return String::new();
    }
    if length < LEAST {
        let more = LEAST - length;
        return if more == 1 {
            "1 character to go".to_owned()
        } else {
            format!("{more} characters to go")
        };
    }
    let mut kinds: Vec<char> = typed.to_lowercase().chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let said = match (length, kinds.len()) {
        (_, 0..=5) => "Weak: the same few characters again and again",
        (0..=15, _) => "Fair: another word makes it much stronger",
        (16..=23, _) => "Good",
        _ => "Very good",
    };
    said.to_owned()
}

/// The two fields.
#[component]
pub fn NewPassphraseFields(
    chosen: NewPassphrase,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let hint = if hint.is_empty() {
        "Four or five unrelated words are best. It never leaves this device.".to_owned()
    } else {
        hint
    };
    view! {
        <TextField
            id="passphrase-new"
            label="Passphrase"
            hint
            line=Line::NewPassphrase
            value=chosen.first
            on_input=move |text| chosen.first.set(text)
            error=chosen.wrong
        />
        <p class="strength" role="status">{move || chosen.first.with(|typed| strength(typed))}</p>
        <TextField
            id="passphrase-again"
            label="The same passphrase again"
            line=Line::NewPassphrase
            value=chosen.second
            on_input=move |text| chosen.second.set(text)
            error=chosen.again
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::strength;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn length_counts_and_sameness_takes_away() {
        assert_eq!(strength(""), "");
        assert_eq!(strength("short"), "7 characters to go");
        assert!(strength("aaaaaaaaaaaaaaaaaaaaaaaa").starts_with("Weak"));
        assert!(strength("quiet harbor 9").starts_with("Fair"));
        assert_eq!(strength("quiet harbor lantern"), "Good");
        assert_eq!(strength("quiet harbor lantern violet"), "Very good");
    }
}
