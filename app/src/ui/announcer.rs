//! What a page load does by itself and a route change does not: title, focus on the heading, and
//! the heading said aloud.

use leptos::prelude::*;

use super::live::Voice;
use crate::platform::page;

/// The page's one heading. It names the tab, takes the focus when it appears, and is what a screen
/// reader hears of a navigation.
#[component]
pub fn Heading(
    #[prop(into)] text: Signal<String>,
    /// What the tab says after the heading; the firm's name where it is known.
    #[prop(optional, into)]
    tail: Signal<String>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let voice = Voice::here();
    Effect::new(move |before: Option<String>| {
        let text = text.get();
        let tail = tail.get();
        let title = if tail.is_empty() { text.clone() } else { [&text, " - ", &tail].concat() };
        page::set_title(&title);
        if before.as_ref() != Some(&text) {
            let _ = page::focus("h1");
            voice.say(text.clone());
        }
        text
    });
    view! { <h1 tabindex="-1" class=class>{move || text.get()}</h1> }.into_any()
}
