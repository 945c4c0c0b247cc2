//! Everything once more, with a way back to each answer; consents, signature, and sending.

use leptos::prelude::*;
use shared::intake::answers::{AnswersV1, Signature};
use shared::intake::check::{Trouble, check_all};
use shared::intake::form::{Field, FormV1, Section};
use shared::intake::logic::Shown;
use shared::intake::plain::SubmissionV1;
use shared::intake::words::answer as say_answer;

use super::arrival::told;
use super::filling::{sentence, today, words};
use super::place::element;
use super::saved::SavedLine;
use super::visit::Visit;
use crate::net::trouble::{client_words, for_client};
use crate::platform::clock;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::Check;
use crate::ui::error_summary::{ErrorSummary, Wrong};
use crate::ui::field::{Line, TextField};
use crate::ui::more::more;
use crate::ui::trouble::{Trouble as Told, TroublePanel};
use crate::words::{Word, fill, language, t};

/// The page.
#[component]
pub fn ReviewPage(
    visit: Visit,
    #[prop(into)] on_change: Callback<String>,
    #[prop(into)] on_back: Callback<()>,
    #[prop(into)] on_sent: Callback<()>,
) -> impl IntoView {
    let filling = visit.filling;
    let form = filling.form();
    filling.wrongs.set(Vec::new());
    let signature = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let failed = RwSignal::new(None::<Told>);
    let sections = filling.draft.with_untracked(|draft| {
        let shown = Shown::of(&form, &draft.answers);
        form.sections
            .iter()
            .filter(|section| shown.section(&section.id))
            .map(|section| part(section, &shown, &draft.answers, on_change))
            .collect_view()
    });
    let signing = form.signing.as_ref().map(words);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        let Some(ready) = ready(visit, &signature.get_untracked()) else { return };
        sending.set(true);
        failed.set(None);
        let core = visit.core();
        let documents = visit.uploads.delivered();
        leptos::task::spawn_local(async move {
            match core.submit(&ready, &documents).await {
                Ok(sent) => {
                    visit.handed_in(sent);
                    let _ = on_sent.try_run(());
                }
                Err(error) => failed.set(Some(for_client(&error, visit.keeps()))),
            }
            sending.set(false);
        });
    };
    view! {
        <div class="sections"><p><span></span><SavedLine visit/></p></div>
        <Heading text=t(Word::ReviewTitle)/>
        <p class="lede">{t(Word::ReviewLede)}</p>
        <ErrorSummary title=t(Word::ErrorsTitle) wrongs=filling.wrongs/>
        <div class="stack stack-12">
        {sections}
        <form class="stack stack-8" novalidate=true autocomplete="off" on:submit=submit>
            <Consents visit/>
            {signing.map(|text| view! { <Sign text signature visit/> })}
            {move || {
                failed.get().map(|trouble| view! { <TroublePanel trouble words=client_words()/> })
            }}
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=sending>
                    {move || t(if sending.get() { Word::Sending } else { Word::Send })}
                </Button>
                <Button disabled=sending on_press=on_back>{t(Word::Back)}</Button>
            </div>
        </form>
        </div>
    }
    .into_any()
}

/// One section, question by question.
fn part(
    section: &Section,
    shown: &Shown<'_>,
    answers: &AnswersV1,
    on_change: Callback<String>,
) -> AnyView {
    let asked = section.fields.iter().filter(|field| shown.field(&field.id) && field_asks(field));
    let (mut rows, mut empty) = (Vec::new(), Vec::new());
    for field in asked {
        let said = answers.get(&field.id).map(|answer| say_answer(field, answer, language()));
        let label = words(&field.label);
        match said.filter(|text| !text.trim().is_empty()) {
            Some(said) => rows.push(view! { <div><dt>{label}</dt><dd>{said}</dd></div> }),
            None => empty.push(view! { <li>{label}</li> }),
        }
    }
    let left = fill(t(Word::LeftEmpty), &[&empty.len().to_string()]);
    let (title, id) = (words(&section.title), section.id.clone());
    let change = fill(t(Word::ChangeOf), &[&title]);
    view! {
        <section class="stack stack-2">
            <div class="row row-between">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="linklike"
                    aria-label=change
                    on:click=move |_| on_change.run(id.clone())
                >
                    {t(Word::Change)}
                </button>
            </div>
            {(!rows.is_empty()).then(|| view! { <dl class="answers">{rows}</dl> })}
            {(!empty.is_empty()).then(|| {
                more(left, true, view! { <ul class="outline">{empty}</ul> }.into_any())
            })}
        </section>
    }
    .into_any()
}

fn field_asks(field: &Field) -> bool {
    !matches!(field.kind, shared::intake::kind::Kind::Statement)
}

#[component]
fn Consents(visit: Visit) -> impl IntoView {
    let (filling, form) = (visit.filling, visit.filling.form());
    if form.consents.is_empty() {
        return ().into_any();
    }
    let one = |consent: &shared::intake::form::Consent| {
        let (read, put) = (consent.id.clone(), consent.id.clone());
        let value = Signal::derive(move || {
            filling
                .draft
                .with(|draft| draft.consents.iter().any(|choice| choice.id == read && choice.given))
        });
        let id = element(&consent.id);
        let error = filling.error(&id);
        let gone = id.clone();
        let change = move |given: bool| {
            filling.draft.update(|draft| draft.choose(&put, given));
            filling.wrongs.update(|wrongs| wrongs.retain(|wrong| wrong.id != gone));
        };
        let hint =
            if consent.required { String::new() } else { format!("({})", t(Word::Optional)) };
        view! { <Check id label=words(&consent.text) hint value on_change=change error/> }
    };
    view! {
        <section class="stack stack-6">
            <h2>{t(Word::ConsentTitle)}</h2>
            {told(&form, false)}
            {filling.draft.with_untracked(|draft| {
                let shown = Shown::of(&form, &draft.answers);
                form.consents.iter().filter(|consent| shown.consent(consent)).map(one).collect_view()
            })}
        </section>
    }
    .into_any()
}

#[component]
fn Sign(text: String, signature: RwSignal<String>, visit: Visit) -> impl IntoView {
    let filling = visit.filling;
    let put = move |name| {
        signature.set(name);
        filling.wrongs.update(|wrongs| wrongs.retain(|wrong| wrong.id != SIGNATURE));
    };
    view! {
        <section class="stack">
            <h2>{t(Word::SignTitle)}</h2>
            <p>{text}</p>
            <div class="signature">
                <TextField
                    id=SIGNATURE
                    label=t(Word::SignTitle)
                    hint=t(Word::SignHint)
                    line=Line::Name
                    value=signature
                    on_input=put
                    error=filling.error(SIGNATURE)
                />
            </div>
        </section>
    }
    .into_any()
}

const SIGNATURE: &str = "signature";
const DOCUMENTS: &str = "content";

/// What is sent, or nothing: then the page says what is still to be done.
fn ready(visit: Visit, name: &str) -> Option<SubmissionV1> {
    let filling = visit.filling;
    let form = filling.form();
    let signature = (!name.trim().is_empty())
        .then(|| Signature { name: name.trim().to_owned(), date: today() });
    let mut wrongs = Vec::new();
    if visit.uploads.open() {
        let (id, label) = (DOCUMENTS.to_owned(), String::new());
        wrongs.push(Wrong { id, label, text: t(Word::ErrUpload).to_owned() });
    }
    let made = filling.draft.with_untracked(|draft| {
        SubmissionV1::prepare(&form, draft, signature, today(), clock::now())
    });
    let found = match made {
        Ok(ready) if wrongs.is_empty() => {
            filling.wrongs.set(Vec::new());
            return Some(ready);
        }
        Ok(_) => Vec::new(),
        Err(troubles) => troubles,
    };
    wrongs.extend(found.iter().map(|trouble| wrong(&form, trouble)));
    filling.wrongs.set(wrongs);
    None
}

/// An error that stands on another page names its question.
fn wrong(form: &FormV1, trouble: &Trouble) -> Wrong {
    let path = &trouble.path;
    if path.section.is_empty() {
        let agreed = form.consents.iter().find(|consent| consent.id == path.field);
        let label = agreed.map(|consent| words(&consent.text)).unwrap_or_default();
        let id = if agreed.is_none() { SIGNATURE.to_owned() } else { element(&path.field) };
        return Wrong { id, label, text: sentence(trouble) };
    }
    let inner = path.item.as_ref().map_or(&path.field, |(_, inner)| inner);
    let label = form.field(inner).map(|field| words(&field.label)).unwrap_or_default();
    Wrong { id: element(&path.anchor()), label, text: sentence(trouble) }
}

/// The first section with something to mend, if any.
#[must_use]
pub fn first_to_mend(visit: Visit) -> Option<String> {
    let form = visit.filling.form();
    let troubles =
        visit.filling.draft.with_untracked(|draft| check_all(&form, &draft.answers, today()));
    troubles.into_iter().map(|trouble| trouble.path.section).find(|section| !section.is_empty())
}
