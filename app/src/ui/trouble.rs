//! Trouble as a sentence and a way out: what happened, what is safe, what to do.

use leptos::prelude::*;

use super::button::{Button, Kind};
use super::icon::Mark;

/// What to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// One line.
    pub title: String,
    /// What happened.
    pub happened: String,
    /// What is safe.
    pub safe: String,
    /// What to do.
    pub todo: String,
    /// Whether this is a matter of integrity: then the seal is shown broken.
    pub broken: bool,
    /// The words on the button of the frame's own way out, where that one leads on.
    pub way: Option<&'static str>,
}

/// The way out that the frame around a page offers: whoever draws the frame provides it.
#[derive(Clone, Copy)]
pub struct WayOut(pub Callback<()>);

/// Headings of the panel's three parts, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct TroubleWords {
    /// "What happened".
    pub happened: &'static str,
    /// "What is safe".
    pub safe: &'static str,
    /// "What to do".
    pub todo: &'static str,
}

/// English headings.
pub const ENGLISH: TroubleWords =
    TroubleWords { happened: "What happened", safe: "What is safe", todo: "What to do" };

/// The panel, with buttons as its children, after the frame's own way out.
#[component]
pub fn TroublePanel(
    trouble: Trouble,
    #[prop(optional, default = ENGLISH)] words: TroubleWords,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let way = trouble.way.zip(use_context::<WayOut>());
    let actions = (way.is_some() || children.is_some()).then(|| {
        view! {
            <div class="actions">
                {way.map(|(words, WayOut(on_press))| view! {
                    <Button kind=Kind::Primary on_press=on_press>{words}</Button>
                })}
                {children.map(|children| children())}
            </div>
        }
    });
    view! {
        <section class="trouble" role="alert">
            <div class="row">
                {trouble.broken.then(|| view! { <Mark name="seal-broken"/> })}
                <h2>{trouble.title}</h2>
            </div>
            <dl>
                <div><dt>{words.happened}</dt><dd>{trouble.happened}</dd></div>
                <div><dt>{words.safe}</dt><dd>{trouble.safe}</dd></div>
                <div><dt>{words.todo}</dt><dd>{trouble.todo}</dd></div>
            </dl>
            {actions}
        </section>
    }
    .into_any()
}
