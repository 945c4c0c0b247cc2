//! The two fields, and between them what the first is worth: in words, with a meter for the eye.

use leptos::prelude::*;

use super::list::Common;
use super::{NewPassphrase, words};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Frame, described_by};

/// The two fields.
#[component]
pub fn NewPassphraseFields(
    chosen: NewPassphrase,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let hint = if hint.is_empty() {
        "Four or five unrelated words are best. It never leaves this device.".to_owned()
    } else {
        hint
    };
    view! {
        <HiddenLine
            id="passphrase-new"
            label="Passphrase"
            hint
            value=chosen.first
            shown=chosen.shown
            on_begin=move |()| chosen.begin()
            on_input=move |text| chosen.type_first(text)
            error=chosen.wrong
        />
        <Worth chosen/>
        <HiddenLine
            id="passphrase-again"
            label="The same passphrase again"
            value=chosen.second
            shown=chosen.shown
            on_begin=|()| ()
            on_input=move |text| chosen.type_second(text)
            error=chosen.again
        />
    }
    .into_any()
}

/// What the first is worth, and help with it.
#[component]
fn Worth(chosen: NewPassphrase) -> impl IntoView {
    let found = chosen.found;
    let lit = move || found.get().map_or(0, |strength| words::steps(strength.level));
    let step = move |number: usize| view! { <i class:lit=move || number < lit()></i> };
    let said = move || {
        let Some(strength) = found.get() else { return String::new() };
        let absent = chosen.common.with(|common| matches!(common, Common::Absent));
        let without = if absent { words::WITHOUT_LIST } else { "" };
        let write = if chosen.suggested.get() { words::WRITE_DOWN } else { "" };
        let all = [words::worth(strength), write.to_owned(), without.to_owned()];
        all.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let show = move |()| chosen.shown.update(|shown| *shown = !*shown);
    view! {
        <div class="strength">
            <div class="meter" aria-hidden="true">{(0..4).map(step).collect_view()}</div>
            <p role="status" aria-live="polite" aria-label="How strong it is">{said}</p>
            <div class="actions">
                <Button kind=Kind::Quiet small=true icon="eye" on_press=show>
                    {move || if chosen.shown.get() { "Hide passphrase" } else { "Show passphrase" }}
                </Button>
                <Button kind=Kind::Quiet small=true on_press=move |()| chosen.suggest()>
                    "Suggest one"
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// A line of dots, until its reader wants to see it.
#[component]
fn HiddenLine(
    id: &'static str,
    label: &'static str,
    #[prop(optional, into)] hint: String,
    value: RwSignal<String>,
    shown: RwSignal<bool>,
    #[prop(into)] on_begin: Callback<()>,
    #[prop(into)] on_input: Callback<String>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let described = described_by(id, !hint.is_empty());
    let input = view! {
        <input
            id=id
            class="input"
            placeholder=" "
            type=move || if shown.get() { "text" } else { "password" }
            autocomplete="new-password"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby=described
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            prop:value=move || value.get()
            on:focus=move |_| on_begin.run(())
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    };
    view! { <Frame id label hint error>{input}</Frame> }.into_any()
}
