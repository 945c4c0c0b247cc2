//! A remark beside the matter at hand.

use leptos::prelude::*;

use super::icon::Icon;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Good to know.
    #[default]
    Plain,
    /// Done, or verified.
    Good,
    /// Mind this.
    Warn,
    /// This cannot go on.
    Stop,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "notice",
            Self::Good => "notice good",
            Self::Warn => "notice warn",
            Self::Stop => "notice stop",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Plain => "info",
            Self::Good => "check",
            Self::Warn | Self::Stop => "alert",
        }
    }
}

/// The notice.
#[component]
pub fn Notice(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class=tone.class()>
            <Icon name=tone.icon()/>
            <div>{children()}</div>
        </div>
    }
    .into_any()
}
