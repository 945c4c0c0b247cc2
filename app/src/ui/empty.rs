//! An empty place teaches: one picture in line art, one sentence, at most one button.

use leptos::prelude::*;

use super::icon::Art;

/// The empty state; a button may be given as its children.
#[component]
pub fn Empty(
    art: &'static str,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Art name=art/>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
