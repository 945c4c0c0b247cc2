//! Something to copy: the text in a field that selects itself, and a button.

use leptos::html;
use leptos::prelude::*;

use super::button::Kind;
use super::icon::Icon;
use super::live::Voice;
use crate::platform::clipboard;

/// The box.
#[component]
pub fn CopyBox(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    text: String,
) -> impl IntoView {
    let place = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(false);
    let voice = Voice::here();
    let source = text.clone();
    let copy = move |_| {
        let text = source.clone();
        leptos::task::spawn_local(async move {
            if clipboard::copy(&text).await {
                copied.set(true);
                voice.say("Copied");
            } else if let Some(input) = place.try_get_untracked().flatten() {
                // The browser did not let us: the reader's own copy command will do.
                let _ = input.focus();
                input.select();
            }
        });
    };
    let select = move |_| {
        if let Some(input) = place.get_untracked() {
            input.select();
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="copybox">
                <input
                    node_ref=place
                    id=id
                    class="input"
                    type="text"
                    readonly=true
                    prop:value=text
                    on:focus=select
                />
                <button type="button" class=Kind::Primary.class(false) on:click=copy>
                    {move || view! { <Icon name=if copied.get() { "check" } else { "copy" }/> }}
                    <span>{move || if copied.get() { "Copied" } else { "Copy" }}</span>
                </button>
            </div>
        </div>
    }
    .into_any()
}
