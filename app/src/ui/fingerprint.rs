//! Numbers that two people compare: twelve groups of five, in a monospace.

use leptos::prelude::*;

/// The groups of a fingerprint, as the core writes them, apart by spaces.
#[component]
pub fn Fingerprint(#[prop(into)] digits: String) -> impl IntoView {
    let groups = digits
        .split_whitespace()
        .map(|group| view! { <span>{group.to_owned()}</span> })
        .collect_view();
    view! { <div class="fingerprint">{groups}</div> }.into_any()
}

/// Words of a recovery code, numbered.
#[component]
pub fn CodeWords(#[prop(into)] words: String) -> impl IntoView {
    let words =
        words.split_whitespace().map(|word| view! { <li>{word.to_owned()}</li> }).collect_view();
    view! { <ol class="code-words">{words}</ol> }.into_any()
}
