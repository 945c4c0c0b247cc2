//! Publishing the forms that come with the portal.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::ids::FormId;
use shared::intake::templates::{Template, all};
use shared::intake::value::Language;

use super::forms_page::{outline, questions};
use crate::desk::gate::ActFailed;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice};

/// Both templates to choose from, and a button that publishes what is chosen.
#[component]
pub fn PublishTemplates(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let templates = all();
    let choices = templates.iter().map(choice).collect::<Vec<_>>();
    let previews = templates.iter().map(preview).collect_view();
    let keys = templates.iter().map(|template| template.key.to_owned()).collect::<Vec<_>>();
    let chosen = RwSignal::new(keys);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let publish = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = publish_all(&chosen.get_untracked()).await;
            busy.set(false);
            match done {
                Ok(()) => drop(on_done.try_run(())),
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    let word = move || match (busy.get(), chosen.with(Vec::len)) {
        (true, _) => "Publishing",
        (false, 0) => "Go on without a form",
        (false, _) => "Publish and go on",
    };
    view! {
        <div class="stack stack-6">
            <CheckGroup
                id="templates"
                label="Forms to start from"
                hint="Both are written in English and Spanish; your client chooses."
                choices
                values=chosen
                on_change=move |values| chosen.set(values)
            />
            <div class="stack stack-2">{previews}</div>
            <ActFailed failed/>
            <div class="actions">
                <Button kind=Kind::Primary after="arrow-right" disabled=busy on_press=publish>
                    {word}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// What a template asks, before it is published.
fn preview(template: &Template) -> AnyView {
    let form = (template.build)();
    let (sections, questions) = (form.sections.len(), questions(&form));
    let name = template.name.read(Language::English).to_owned();
    view! {
        <details class="more">
            <summary>{format!("{name}: {sections} sections, {questions} questions")}</summary>
            {outline(&form)}
        </details>
    }
    .into_any()
}

fn choice(template: &Template) -> Choice {
    Choice {
        value: template.key.to_owned(),
        label: template.name.read(Language::English).to_owned(),
        hint: template.description.read(Language::English).to_owned(),
    }
}

async fn publish_all(keys: &[String]) -> Result<(), ClientError> {
    for template in all().into_iter().filter(|one| keys.iter().any(|key| key == one.key)) {
        let form = (template.build)();
        portal().publish_form(&*ring()?, FormId::random(), &form).await?;
    }
    Ok(())
}
