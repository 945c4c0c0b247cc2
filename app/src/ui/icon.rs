//! Icons and line art out of the one sprite. Always beside a text label or inside a named control.

use leptos::prelude::*;

/// A 20 px icon.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use_ href=address(name)></use_>
        </svg>
    }
}

/// The round seal, in one of its states.
#[component]
pub fn Mark(#[prop(optional, default = "seal")] name: &'static str) -> impl IntoView {
    view! {
        <svg class="mark" aria-hidden="true" focusable="false">
            <use_ href=address(name)></use_>
        </svg>
    }
}

/// A larger drawing, sized by where it stands.
#[component]
pub fn Art(name: &'static str, #[prop(optional)] class: &'static str) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use_ href=address(name)></use_>
        </svg>
    }
}

fn address(name: &str) -> String {
    ["/sprite.svg#", name].concat()
}
