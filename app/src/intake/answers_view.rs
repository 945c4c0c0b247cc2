//! Opened answers, as a lawyer reads them.

use leptos::prelude::*;
use shared::client::read::OpenedAnswers;
use shared::intake::answers::Answer;
use shared::intake::form::{Field, Role, Section};
use shared::intake::kind::Kind;
use shared::intake::logic::{Condition, Shown};
use shared::intake::plain::ConsentChoice;
use shared::intake::value::Language;
use shared::intake::words::{answer, day, trouble};

use crate::platform::clock;
use crate::ui::notice::{Notice, Tone};

/// Questions are read in English; answers as they were given.
const READ: Language = Language::English;

/// The answers, section by section.
#[must_use]
pub fn answers_view(opened: &OpenedAnswers) -> AnyView {
    let shown = Shown::of(&opened.form, &opened.filled.answers);
    let sections = opened
        .form
        .sections
        .iter()
        .filter(|section| shown.section(&section.id))
        .map(|section| part(section, opened))
        .collect_view();
    let consents = opened
        .form
        .consents
        .iter()
        .filter(|consent| shown.consent(consent))
        .map(|consent| {
            let choice = |choice: &ConsentChoice| choice.id == consent.id && choice.given;
            let given = opened.filled.consents.iter().any(choice);
            let said = if given { "Agreed" } else { "Not agreed" };
            view! { <div><dt>{consent.text.read(READ).to_owned()}</dt><dd>{said}</dd></div> }
        })
        .collect_view();
    let signed = opened.filled.signature.as_ref().map(|signature| {
        let line = [signature.name.as_str(), ", ", &day(signature.date, READ)].concat();
        view! { <div><dt>"Signed"</dt><dd>{line}</dd></div> }
    });
    view! {
        <div class="stack stack-8">
            {troubles(opened)}
            {sections}
            <section class="stack stack-2">
                <h3>"Consent"</h3>
                <dl class="answers">{consents} {signed}</dl>
            </section>
            <p class="small muted">
                "Answered in " {opened.filled.language.own_name()} ", "
                {clock::day_and_time(opened.filled.written)} " by the client’s own clock."
            </p>
        </div>
    }
    .into_any()
}

fn part(section: &Section, opened: &OpenedAnswers) -> AnyView {
    let asked = |field: &&Field| !matches!(field.kind, Kind::Statement);
    let rows: Vec<_> = section
        .fields
        .iter()
        .filter(asked)
        .filter_map(|field| Some(row(field, opened.filled.answers.get(&field.id)?)))
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack stack-2">
            <h3>{section.title.read(READ).to_owned()}</h3>
            <dl class="answers">{rows}</dl>
        </section>
    }
    .into_any()
}

fn row(field: &Field, said: &Answer) -> AnyView {
    let danger = field.role == Some(Role::Danger) && *said == Answer::YesNo(true);
    let text = answer(field, said, READ);
    view! {
        <div>
            <dt>{field.label.read(READ).to_owned()}</dt>
            <dd>
                {text}
                {danger.then(|| view! { " " <span class="tag stop">"Safety"</span> })}
            </dd>
        </div>
    }
    .into_any()
}

/// What the form's own rules say against the answers: our own page sends nothing of the kind.
fn troubles(opened: &OpenedAnswers) -> AnyView {
    if opened.troubles.is_empty() {
        return ().into_any();
    }
    let rows = opened
        .troubles
        .iter()
        .map(|one| view! { <li>{trouble(one.kind, READ)}</li> })
        .collect_view();
    view! {
        <Notice tone=Tone::Warn>
            <strong>"Some of these answers did not come from the portal’s own page."</strong>
            <ul>{rows}</ul>
        </Notice>
    }
    .into_any()
}

/// Answers of one role, groups included, each with its question.
#[must_use]
pub fn said(opened: &OpenedAnswers, role: Role) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut take = |field: &Field, said: &Answer| {
        if field.role == Some(role) {
            // "On which day did you receive them?" says little without what it follows.
            let after = field.shown.as_ref().and_then(Condition::field);
            let after = after.and_then(|id| opened.form.field(id)).map(|one| one.label.read(READ));
            let asked = after.into_iter().chain([field.label.read(READ)]).collect::<Vec<_>>();
            found.push((asked.join(" "), answer(field, said, READ)));
        }
    };
    for (_, field) in opened.form.fields() {
        let Some(said) = opened.filled.answers.get(&field.id) else { continue };
        take(field, said);
        let (Some(group), Answer::Items(items)) = (field.group(), said) else { continue };
        for inner in &group.fields {
            for said in items.iter().filter_map(|item| item.get(&inner.id)) {
                take(inner, said);
            }
        }
    }
    found.retain(|(_, said)| !said.trim().is_empty());
    found
}

/// The same without the questions: names.
#[must_use]
pub fn names(opened: &OpenedAnswers, role: Role) -> Vec<String> {
    said(opened, role).into_iter().map(|(_, said)| said).collect()
}
