//! What is read only by those who want it, behind its name.

use leptos::prelude::*;

/// The disclosure.
#[must_use]
pub fn more(name: String, small: bool, body: AnyView) -> AnyView {
    let class = if small { "more small" } else { "more" };
    view! { <details class=class><summary>{name}</summary>{body}</details> }.into_any()
}
