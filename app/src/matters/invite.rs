//! The link for a client: which form, how long, and the link itself, shown once.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::forms::PublishedForm;
use shared::client::invite::InviteTerms;
use shared::ids::{FormId, MatterId};
use shared::intake::value::Language;

use super::words::readers;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::platform::page;
use crate::portal::portal;
use crate::routes::Page;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup, Select};
use crate::ui::copy_box::CopyBox;
use crate::ui::link::PageLink;
use crate::ui::notice::{Notice, Tone};
use crate::ui::qr::Qr;

/// The dialog's content.
#[component]
pub fn InviteClient(matter: MatterId, #[prop(into)] on_made: Callback<()>) -> impl IntoView {
    // The seats are read anew: whom the link names must be who can read what it brings.
    let found = Loaded::begin(move || async move {
        let ring = ring()?;
        let forms = portal().forms(&ring).await?;
        Ok((forms, readers(&portal().matter(&ring, matter).await?)))
    });
    let link = RwSignal::new(None::<String>);
    view! {
        {move || match link.get() {
            Some(text) => view! { <Link text/> }.into_any(),
            None => found.draw("Reading the forms", move |found| {
                let (forms, readers) = (choices(&found.0), found.1.clone());
                if forms.is_empty() {
                    return view! {
                        <Notice>
                            <p>"Publish a form first: it is what your client fills in."</p>
                            <PageLink to=Page::Forms>"Go to forms"</PageLink>
                        </Notice>
                    }
                    .into_any();
                }
                view! { <Terms matter forms readers link on_made/> }.into_any()
            }),
        }}
    }
    .into_any()
}

fn choices(forms: &[PublishedForm]) -> Vec<Choice> {
    forms
        .iter()
        .filter_map(|form| {
            let definition = form.definition.as_ref()?;
            Some(Choice {
                value: form.form.to_string(),
                label: definition.title.read(Language::English).to_owned(),
                hint: definition.practice.read(Language::English).to_owned(),
            })
        })
        .collect()
}

/// How long a link may work.
fn lasting() -> Vec<Choice> {
    let choice = |days: &str| Choice {
        value: days.to_owned(),
        label: format!("{days} days"),
        hint: String::new(),
    };
    ["3", "7", "14", "30"].map(choice).to_vec()
}

#[component]
fn Terms(
    matter: MatterId,
    forms: Vec<Choice>,
    readers: Vec<String>,
    link: RwSignal<Option<String>>,
    on_made: Callback<()>,
) -> impl IntoView {
    let shelf = Shelf::here();
    let form = RwSignal::new(forms.first().map(|form| form.value.clone()).unwrap_or_default());
    let days = RwSignal::new("14".to_owned());
    let named = readers.join(", ");
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(chosen) = form.get_untracked().parse::<FormId>() else { return };
        if busy.get_untracked() {
            return;
        }
        let terms = InviteTerms {
            days: days.get_untracked().parse().unwrap_or(14),
            readers: readers.clone(),
        };
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let made =
                async { portal().invite_client(&*ring()?, matter, chosen, &terms).await }.await;
            busy.set(false);
            match made {
                Ok(path) => {
                    link.set(Some([page::origin(), path].concat()));
                    shelf.0.again();
                    let _ = on_made.try_run(());
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    view! {
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <RadioGroup
                id="form"
                label="Which form?"
                choices=forms
                value=form
                on_choose=move |chosen| form.set(chosen)
            />
            <Select
                id="days"
                label="The link works for"
                choices=lasting()
                value=days
                on_choose=move |chosen| days.set(chosen)
            />
            <div class="field">
                <p class="legend">"Who will read the answers"</p>
                <p>{named}</p>
                <p class="hint">
                    "Your client sees these names: everybody who holds a key to this matter. Give a \
                     colleague access first if they are to be named, too."
                </p>
            </div>
            <ActFailed failed/>
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="link" disabled=busy>
                    {move || if busy.get() { "Making the link" } else { "Make the link" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Link(text: String) -> impl IntoView {
    view! {
        <div class="stack stack-6">
            <Notice tone=Tone::Warn>
                "The link is shown once. It opens the form in one browser only; send it by a way \
                 that only your client reads."
            </Notice>
            <CopyBox id="client-link" label="Link for your client" text=text.clone()/>
            <details class="more">
                <summary>"Show it as a code to scan"</summary>
                <Qr text name="The link as a code to scan with a phone"/>
            </details>
            <div class="stack stack-2">
                <p><strong>"How to send it"</strong></p>
                <p class="muted small">
                    "Use a channel that your client alone reads, and never one that an opponent may \
                     share: a family tablet, an employer’s mailbox. Say on the telephone that the \
                     link is yours, and that it opens in one browser only."
                </p>
            </div>
        </div>
    }
    .into_any()
}
