//! Opening a matter.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::ids::MatterId;
use shared::matters::plain::{DescriptionV1, Label};

use super::identity_tab;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::keys::step_up::StepUp;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup, Select};
use crate::ui::field::{Line, TextField};

const PRACTICES: [&str; 6] =
    ["Family", "Personal injury", "Immigration", "Employment", "Estate", "Other"];

/// The form inside the dialog.
#[component]
pub fn NewMatter(
    #[prop(into)] on_done: Callback<MatterId>,
    #[prop(optional, into)] action: Option<&'static str>,
) -> impl IntoView {
    let (shelf, step_up) = (Shelf::here(), StepUp::here());
    let empty = || RwSignal::new(String::new());
    let (client, title) = (empty(), empty());
    let practice = RwSignal::new("Family".to_owned());
    let label = RwSignal::new("confidential".to_owned());
    let kinds = Loaded::begin(identity_tab::kinds);
    let (busy, asked) = (RwSignal::new(false), RwSignal::new(false));
    let failed = RwSignal::new(None::<ClientError>);
    let missing = move |value: RwSignal<String>, text: &'static str| {
        Signal::derive(move || {
            (asked.get() && value.with(|value| value.trim().is_empty())).then(|| text.to_owned())
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asked.set(true);
        let text = |value: RwSignal<String>| value.get_untracked().trim().to_owned();
        let description = DescriptionV1 {
            client: text(client),
            title: text(title),
            practice: practice.get_untracked(),
            label: read_label(&label.get_untracked()),
        };
        if busy.get_untracked() || description.client.is_empty() || description.title.is_empty() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            // Walls that it inherits from the client's other matters want a factor.
            let open = || async { portal().create_matter(&*ring()?, &description).await };
            match step_up.done(open).await {
                Ok(matter) => {
                    shelf.0.again();
                    let _ = on_done.try_run(matter);
                }
                Err(error) => failed.set(Some(error)),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <TextField
                id="client"
                label="Client"
                line=Line::Name
                value=client
                on_input=move |text| client.set(text)
                error=missing(client, "Enter the client’s name")
            />
            <TextField
                id="title"
                label="What it is about"
                hint="A few words, such as: Separation and children"
                value=title
                on_input=move |text| title.set(text)
                error=missing(title, "Say in a few words what it is about")
            />
            {kinds.draw("Reading the firm’s kinds of matter", move |named| {
                let names = match named.kinds.is_empty() {
                    true => PRACTICES.iter().map(|name| plain(name, name)).collect::<Vec<_>>(),
                    false => named.kinds.iter().map(|kind| plain(&kind.name, &kind.name)).collect(),
                };
                let known = practice.with_untracked(|now| names.iter().any(|one| one.value == *now));
                if let Some(first) = names.first().filter(|_| !known) {
                    practice.set(first.value.clone());
                }
                view! {
                    <Select
                        id="practice"
                        label="Practice"
                        choices=names
                        value=practice
                        on_choose=move |chosen| practice.set(chosen)
                    />
                }
                .into_any()
            })}
            <RadioGroup
                id="label"
                label="Marked as"
                choices=labels()
                value=label
                on_choose=move |chosen| label.set(chosen)
            />
            <ActFailed failed/>
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=busy>
                    {move || if busy.get() { "Making its key" } else { action.unwrap_or("Open the matter") }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

fn labels() -> Vec<Choice> {
    vec![
        plain("confidential", "Confidential"),
        plain("privileged", "Confidential and privileged"),
        plain("internal", "Internal: never shared with a client"),
    ]
}

fn plain(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), hint: String::new() }
}

fn read_label(value: &str) -> Label {
    match value {
        "privileged" => Label::Privileged,
        "internal" => Label::Internal,
        _ => Label::Confidential,
    }
}
