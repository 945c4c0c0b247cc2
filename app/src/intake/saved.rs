//! "Saved on this device": only ever said when it is so.

use leptos::prelude::*;

use super::visit::{Saved, Visit};
use crate::ui::icon::Icon;
use crate::words::{Word, t};

/// The line. It is no live region: it changes with every pause in typing.
#[component]
pub fn SavedLine(visit: Visit) -> impl IntoView {
    let word = move || {
        t(match visit.saved.get() {
            Saved::Here => Word::SavedHere,
            Saved::Saving => Word::Saving,
            Saved::NotKept => Word::NotKept,
            Saved::Failed => Word::NotSaved,
        })
    };
    let unsaved = move || matches!(visit.saved.get(), Saved::NotKept | Saved::Failed);
    view! {
        <span class="saved" class:unsaved=unsaved>
            {move || match visit.saved.get() {
                Saved::Here => view! { <Icon name="check"/> }.into_any(),
                Saved::Saving => ().into_any(),
                Saved::NotKept | Saved::Failed => view! { <Icon name="alert"/> }.into_any(),
            }}
            {word}
        </span>
    }
    .into_any()
}
