//! Trouble as a sentence and a way out: what happened, what is safe, what to do.

use leptos::prelude::*;

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
}

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

/// The panel, with buttons as its children.
#[component]
pub fn TroublePanel(
    trouble: Trouble,
    #[prop(optional, default = ENGLISH)] words: TroubleWords,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let actions = children.map(|children| view! { <div class="actions">{children()}</div> });
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
