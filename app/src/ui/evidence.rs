//! What can be shown to others when something does not verify: that it did not, when, and where.

use leptos::prelude::*;

use super::button::Button;
use crate::platform::file::{Parts, save};
use crate::platform::{clock, page};

/// A button that saves it as a small text.
#[component]
pub fn SaveEvidence(
    /// What did not verify.
    #[prop(into)]
    said: String,
    /// The words on the button.
    #[prop(optional, into, default = "Save the evidence".into())]
    word: String,
) -> impl IntoView {
    let keep = move |()| {
        let when = clock::day_and_time(clock::now());
        // The address has no secret in it: a link's fragment was taken out on arrival.
        let place = [page::origin(), page::path()].concat();
        let parts = Parts::new();
        parts.add([said.as_str(), "\n\n", &when, "\n", &place, "\n"].concat().as_bytes());
        if let Some(blob) = parts.join("text/plain") {
            save(&blob, "does-not-verify.txt");
        }
    };
    view! { <Button icon="download" on_press=keep>{word}</Button> }.into_any()
}
