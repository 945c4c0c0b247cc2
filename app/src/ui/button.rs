//! Buttons. A label always says what will happen.

use leptos::prelude::*;

use super::icon::Icon;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// One of several ways on.
    #[default]
    Plain,
    /// The way on: one a screen.
    Primary,
    /// Beside others, without an edge.
    Quiet,
    /// Destroys, revokes or sends away.
    Danger,
}

impl Kind {
    /// The class list.
    #[must_use]
    pub const fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Self::Plain, false) => "btn",
            (Self::Plain, true) => "btn small",
            (Self::Primary, false) => "btn primary",
            (Self::Primary, true) => "btn primary small",
            (Self::Quiet, false) => "btn quiet",
            (Self::Quiet, true) => "btn quiet small",
            (Self::Danger, false) => "btn danger",
            (Self::Danger, true) => "btn danger small",
        }
    }
}

/// A button with its label and, before it, an icon.
#[component]
pub fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] after: Option<&'static str>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] submit: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if let Some(act) = on_press {
            act.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class(small)
            disabled=move || disabled.get()
            on:click=press
        >
            {icon.map(|name| view! { <Icon name/> })}
            <span>{children()}</span>
            {after.map(|name| view! { <Icon name/> })}
        </button>
    }
    .into_any()
}

/// A button that shows only an icon; its name is for the screen reader and the tooltip.
#[component]
pub fn IconButton(
    icon: &'static str,
    #[prop(into)] name: String,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn quiet small square"
            aria-label=name.clone()
            title=name
            on:click=move |_| on_press.run(())
        >
            <Icon name=icon/>
        </button>
    }
    .into_any()
}
