//! The firm's forms: what is published, what it asks, and the templates.

use leptos::prelude::*;
use shared::client::forms::PublishedForm;
use shared::intake::form::FormV1;
use shared::intake::kind::Kind as Answers;
use shared::intake::value::Language;

use super::publish::PublishTemplates;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;

/// Staff read the forms in English.
const READ: Language = Language::English;

/// The page.
#[component]
pub fn FormsPage() -> impl IntoView {
    let forms = Loaded::begin(|| async { portal().forms(&*ring()?).await });
    let publishing = RwSignal::new(false);
    view! {
        <div class="page">
            <header class="page-head">
                <Heading text="Forms"/>
                <Button kind=Kind::Primary icon="plus" on_press=move |()| publishing.set(true)>
                    "Publish a form"
                </Button>
            </header>
            {forms.draw("Reading the forms", move |all| if all.is_empty() {
                view! {
                    <Empty
                        art="art-form"
                        text="A form is what you send to a client. Start from one that is ready."
                    >
                        <Button on_press=move |()| publishing.set(true)>"Publish a form"</Button>
                    </Empty>
                }
                .into_any()
            } else {
                view! {
                    <div class="stack stack-12">{all.iter().map(form).collect_view()}</div>
                }
                .into_any()
            })}
            <Dialog id="publish" title="Publish a form" open=publishing>
                <PublishTemplates on_done=move |()| {
                    publishing.set(false);
                    forms.again();
                }/>
            </Dialog>
        </div>
    }
    .into_any()
}

fn form(form: &PublishedForm) -> AnyView {
    let published = clock::short(form.published);
    let Some(definition) = &form.definition else {
        return view! {
            <article class="stack stack-2">
                <h2>"A form that does not open"</h2>
                <p class="muted">
                    {format!("Version {}, published {published}. Its record does not open: publish the form anew.", form.version)}
                </p>
            </article>
        }
        .into_any();
    };
    let languages: Vec<&str> =
        definition.languages.iter().map(|language| language.own_name()).collect();
    let questions = questions(definition);
    let said = format!(
        "{} sections, {questions} questions, {}, version {}, published {}",
        definition.sections.len(),
        languages.join(" and "),
        form.version,
        published,
    );
    view! {
        <article class="stack stack-2">
            <h2>{definition.title.read(READ).to_owned()}</h2>
            <p class="muted">{said}</p>
            <p>{definition.intro.read(READ).to_owned()}</p>
            <details class="more">
                <summary>"What it asks"</summary>
                {outline(definition)}
            </details>
        </article>
    }
    .into_any()
}

/// How many questions a form asks, without the words that are only read.
#[must_use]
pub fn questions(form: &FormV1) -> usize {
    form.fields().filter(|(_, field)| !matches!(field.kind, Answers::Statement)).count()
}

/// Sections and questions, as one reads over them.
#[must_use]
pub fn outline(form: &FormV1) -> AnyView {
    let section = |section: &shared::intake::form::Section| {
        let questions: Vec<_> = section
            .fields
            .iter()
            .filter(|field| !matches!(field.kind, Answers::Statement))
            .map(|field| view! { <li>{field.label.read(READ).to_owned()}</li> })
            .collect();
        view! {
            <section class="stack stack-2">
                <h3>{section.title.read(READ).to_owned()}</h3>
                <ul class="outline">{questions}</ul>
            </section>
        }
    };
    view! { <div class="stack">{form.sections.iter().map(section).collect_view()}</div> }.into_any()
}
