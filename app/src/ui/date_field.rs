//! A date in three parts, typed: nobody scrolls a calendar back to a birth year.

use leptos::prelude::*;

use super::field::GroupFrame;

/// Words for the three parts.
#[derive(Debug, Clone, Copy)]
pub struct DateWords {
    /// "Day".
    pub day: &'static str,
    /// "Month".
    pub month: &'static str,
    /// "Year".
    pub year: &'static str,
}

/// Day, month and year as they were typed, each possibly empty or nonsense: judging is the
/// form's business.
pub type Parts = [String; 3];

/// The field.
#[component]
pub fn DateField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    words: DateWords,
    #[prop(into)] value: Signal<Parts>,
    #[prop(into)] on_change: Callback<Parts>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let first = [id.as_str(), "-0"].concat();
    let part = move |at: usize,
                     id: String,
                     label: &'static str,
                     class: &'static str,
                     most: &'static str| {
        let change = move |event| {
            let mut parts = value.get_untracked();
            if let Some(part) = parts.get_mut(at) {
                *part = event_target_value(&event);
            }
            on_change.run(parts);
        };
        view! {
            <label class=class>
                {label}
                <input
                    id=id
                    class="input"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength=most
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    prop:value=move || value.with(|parts| parts.get(at).cloned().unwrap_or_default())
                    on:input=change
                />
            </label>
        }
    };
    let second = [id.as_str(), "-1"].concat();
    let third = [id.as_str(), "-2"].concat();
    view! {
        <GroupFrame id label hint optional error>
            <div class="date-parts">
                {part(0, first, words.day, "", "2")}
                {part(1, second, words.month, "", "2")}
                {part(2, third, words.year, "year", "4")}
            </div>
        </GroupFrame>
    }
    .into_any()
}
