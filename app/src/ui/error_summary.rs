//! All errors of a page at its top, each leading to its field. Takes the focus when it appears.

use leptos::html;
use leptos::prelude::*;

use crate::platform::page;

/// One error: the id of the input it belongs to, and the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where to go.
    pub id: String,
    /// The question, for the summary; may be empty.
    pub label: String,
    /// What to do.
    pub text: String,
}

/// The summary; nothing while nothing is wrong.
#[component]
pub fn ErrorSummary(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] wrongs: Signal<Vec<Wrong>>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    // Mending one error must not take the reader away from the field.
    Effect::new(move |before: Option<usize>| {
        let count = wrongs.with(Vec::len);
        if let Some(place) = place.get().filter(|_| count > before.unwrap_or_default()) {
            let _ = place.focus();
        }
        count
    });
    let row = |wrong: Wrong| {
        let to = wrong.id.clone();
        let said = if wrong.label.is_empty() {
            wrong.text
        } else if wrong.label.ends_with('.') {
            // What is to be agreed to says by itself what is missing.
            wrong.label
        } else {
            let between = if wrong.label.ends_with('?') { " " } else { ": " };
            [wrong.label.as_str(), between, &wrong.text].concat()
        };
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            // A group's own first input carries its number.
            if !page::focus_id(&to) {
                page::focus_id(&[to.as_str(), "-0"].concat());
            }
        };
        view! { <li><a href=["#", &wrong.id].concat() on:click=go>{said}</a></li> }
    };
    view! {
        <div
            node_ref=place
            class="error-summary"
            role="alert"
            tabindex="-1"
            hidden=move || wrongs.with(Vec::is_empty)
        >
            <h2>{move || title.get()}</h2>
            <ul>{move || wrongs.get().into_iter().map(row).collect_view()}</ul>
        </div>
    }
    .into_any()
}
