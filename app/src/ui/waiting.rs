//! Waiting, drawn: a skeleton after 0.3 s, and for what takes longer a bar with its numbers.

use leptos::prelude::*;

/// Grey lines where text will be. The style sheet shows them only after 0.3 s.
#[component]
pub fn Skeleton(
    /// What is being waited for, for screen readers.
    #[prop(into)]
    name: String,
    #[prop(optional, default = 5)] lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">{name}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
    .into_any()
}

/// A bar from 0 to 1, with a line of numbers beneath.
#[component]
pub fn Bar(
    #[prop(into)] name: String,
    #[prop(into)] share: Signal<f64>,
    #[prop(into)] detail: Signal<String>,
) -> impl IntoView {
    view! {
        <progress class="bar" aria-label=name max="1" prop:value=move || share.get()></progress>
        <span class="detail">{move || detail.get()}</span>
    }
    .into_any()
}
