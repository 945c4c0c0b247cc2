//! Choosing: one of a few, several of a few, one of many, and a single yes.

use leptos::prelude::*;

use super::field::{ErrorLine, Frame, GroupFrame, described_by};

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Help beneath, or empty.
    pub hint: String,
}

/// One of a few: radio buttons. Two short answers stand side by side.
#[component]
pub fn RadioGroup(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    choices: Vec<Choice>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let inline = choices.len() <= 3 && choices.iter().all(|one| one.label.chars().count() <= 12);
    let name = id.clone();
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let (mine, chosen) = (choice.value.clone(), choice.value.clone());
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        id=nth(&name, at)
                        name=name.clone()
                        prop:checked=move || value.with(|now| *now == mine)
                        on:change=move |_| on_choose.run(chosen.clone())
                    />
                    <Words label=choice.label hint=choice.hint/>
                </label>
            }
        })
        .collect_view();
    view! {
        <GroupFrame id label hint optional error>
            <div class="choices" class:inline=inline>{rows}</div>
        </GroupFrame>
    }
    .into_any()
}

/// Several of a few: check boxes.
#[component]
pub fn CheckGroup(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    choices: Vec<Choice>,
    #[prop(into)] values: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let name = id.clone();
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let (mine, toggled) = (choice.value.clone(), choice.value.clone());
            let toggle = move |_| {
                let mut now = values.get_untracked();
                match now.iter().position(|one| *one == toggled) {
                    Some(at) => drop(now.remove(at)),
                    None => now.push(toggled.clone()),
                }
                on_change.run(now);
            };
            view! {
                <label class="choice">
                    <input
                        type="checkbox"
                        id=nth(&name, at)
                        prop:checked=move || values.with(|now| now.contains(&mine))
                        on:change=toggle
                    />
                    <Words label=choice.label hint=choice.hint/>
                </label>
            }
        })
        .collect_view();
    view! {
        <GroupFrame id label hint optional error>
            <div class="choices">{rows}</div>
        </GroupFrame>
    }
    .into_any()
}

/// One of many: the system's own list.
#[component]
pub fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] optional: String,
    /// The first entry, which stands for no choice; empty for none.
    #[prop(optional, into)]
    blank: String,
    choices: Vec<Choice>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, !hint.is_empty());
    let rows = choices
        .into_iter()
        .map(|choice| {
            let mine = choice.value.clone();
            view! {
                <option value=choice.value prop:selected=move || value.with(|now| *now == mine)>
                    {choice.label}
                </option>
            }
        })
        .collect_view();
    let input = view! {
        <select
            id=id.clone()
            class="input w-20"
            aria-describedby=described
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            {(!blank.is_empty()).then(|| view! { <option value="">{blank}</option> })}
            {rows}
        </select>
    };
    view! { <Frame id label hint optional error>{input}</Frame> }.into_any()
}

/// A single yes: consent, or a switch.
#[component]
pub fn Check(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(into)] value: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, false);
    view! {
        <div class="field" class:wrong=move || error.with(Option::is_some)>
            <ErrorLine id=described.clone() error/>
            <label class="consent">
                <input
                    type="checkbox"
                    id=id
                    aria-describedby=described
                    prop:checked=move || value.get()
                    on:change=move |event| on_change.run(event_target_checked(&event))
                />
                <Words label hint/>
            </label>
        </div>
    }
    .into_any()
}

#[component]
fn Words(label: String, hint: String) -> impl IntoView {
    view! {
        <span>
            {label}
            {(!hint.is_empty()).then(|| view! { <span class="hint">{hint}</span> })}
        </span>
    }
}

/// The first input of a group has the group's own id, so that an error can lead there.
fn nth(id: &str, at: usize) -> String {
    if at == 0 { [id, "-0"].concat() } else { format!("{id}-{at}") }
}
