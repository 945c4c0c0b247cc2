//! Publishing the forms that come with the portal.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::ids::FormId;
use shared::intake::questions::asking;
use shared::intake::templates::{Template, all};
use shared::intake::value::Language;
use shared::journal::verdict::Ways;
use shared::matters::plain::{KindV1, KindsV1, QuestionV1};

use super::forms_page::{outline, questions};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::matters::identity_tab;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice, Select};

/// Both templates to choose from, and a button that publishes what is chosen.
#[component]
pub fn PublishTemplates(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let templates = all();
    let choices = templates.iter().map(choice).collect::<Vec<_>>();
    let previews = templates.iter().map(preview).collect_view();
    let keys = templates.iter().map(|template| template.key.to_owned()).collect::<Vec<_>>();
    let chosen = RwSignal::new(keys);
    let (kinds, asks) = (Loaded::begin(identity_tab::kinds), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let publish = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let named = kinds.ready_now();
            let kind = named.as_ref().and_then(|all| asks.with_untracked(|name| all.named(name)));
            let questions = kind.map(|kind| kind.questions.clone()).unwrap_or_default();
            let paper = kind.is_some_and(asks_paper);
            let done = publish_all(&chosen.get_untracked(), &questions, paper).await;
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
            {move || kinds.ready().and_then(|kinds| ask(&kinds, asks))}
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

/// The choice of the kind of matter whose questions the forms ask as well, where any asks some.
fn ask(kinds: &KindsV1, asks: RwSignal<String>) -> Option<AnyView> {
    let asking = kinds.kinds.iter().filter(|kind| !kind.questions.is_empty() || asks_paper(kind));
    let choice = |kind: &KindV1| Choice {
        value: kind.name.clone(),
        label: kind.name.clone(),
        hint: String::new(),
    };
    let choices: Vec<Choice> = asking.map(choice).collect();
    (!choices.is_empty()).then(|| {
        view! {
            <Select
                id="asks"
                label="Ask what the firm wants to know for this kind of matter, too"
                hint="Its questions, and an identity paper where one is needed, stand on the form’s last page. \
                      They tell you whether it is your client."
                blank="Nothing more"
                choices
                value=asks
                on_choose=move |name| asks.set(name)
            />
        }
        .into_any()
    })
}

/// Whether matters of this kind may need an identity paper.
fn asks_paper(kind: &KindV1) -> bool {
    kind.need.enough.iter().any(|ways| ways.contains(Ways::PAPER))
}

async fn publish_all(
    keys: &[String],
    questions: &[QuestionV1],
    paper: bool,
) -> Result<(), ClientError> {
    // With questions it is the next version of the form of that title: two that look alike help nobody.
    let known = match questions.is_empty() && !paper {
        true => Vec::new(),
        false => portal().forms(&*ring()?).await?,
    };
    for template in all().into_iter().filter(|one| keys.iter().any(|key| key == one.key)) {
        let form = asking(&(template.build)(), questions, paper);
        let same = known
            .iter()
            .find(|one| one.definition.as_ref().is_some_and(|known| known.title == form.title));
        let id = same.map_or_else(FormId::random, |one| one.form);
        portal().publish_form(&*ring()?, id, &form).await?;
    }
    Ok(())
}
