//! The seal mark: what state a thing is in, in two words; a click explains who can open it.

use leptos::prelude::*;

use super::dialog::Dialog;
use super::icon::Mark;

/// The states of a sealed thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// Sealed in this browser, not yet delivered.
    Here,
    /// Sealed and delivered.
    Delivered,
    /// Opened by the reader.
    Opened,
    /// Does not verify.
    Fails,
}

impl Sealed {
    /// The drawing.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Here => "seal",
            Self::Delivered => "seal-delivered",
            Self::Opened => "seal-open",
            Self::Fails => "seal-broken",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Here | Self::Delivered => "seal",
            Self::Opened => "seal opened",
            Self::Fails => "seal fails",
        }
    }
}

/// The mark with its words; pressing it shows the explanation given as children.
#[component]
pub fn SealMark(
    #[prop(into)] id: String,
    state: Sealed,
    #[prop(into)] words: String,
    /// Heading of the explanation.
    #[prop(into)]
    title: String,
    #[prop(optional, into, default = "Close".into())] close_word: String,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button
            type="button"
            class=state.class()
            aria-haspopup="dialog"
            on:click=move |_| open.set(true)
        >
            <Mark name=state.mark()/>
            <span>{words}</span>
        </button>
        <Dialog id title open close_word children/>
    }
    .into_any()
}
