//! Links inside the portal: real addresses, taken without loading the page anew.

use leptos::prelude::*;

use crate::routes::{Nav, Page};

/// A link to a page.
#[component]
pub fn PageLink(
    to: Page,
    #[prop(optional)] class: &'static str,
    /// Whether this is where the reader is.
    #[prop(optional, into)]
    current: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let nav = Nav::here();
    let address = to.path();
    let go = move |event: leptos::ev::MouseEvent| {
        // A new tab stays the reader's to ask for.
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
            return;
        }
        event.prevent_default();
        nav.go(to.clone());
    };
    view! {
        <a
            class=class
            href=address
            aria-current=move || current.get().then_some("page")
            on:click=go
        >
            {children()}
        </a>
    }
    .into_any()
}
