//! The firm's questions: what the client answered beside what the firm expects, and a person who decides.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::MatterView;
use shared::client::questions::Asked;
use shared::identity::alike::Likeness;
use shared::ids::{MatterId, SubmissionId};
use shared::journal::verdict::Ways;
use shared::matters::plain::{ExpectedAnswerV1, ExpectedV1, KindV1};

use super::identity_check::Judge;
use crate::desk::gate::ActFailed;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::button::Button;
use crate::ui::field::{Line, TextField};

/// The check.
#[component]
pub fn Questions(view: Arc<MatterView>, judge: Judge, kind: Arc<KindV1>) -> impl IntoView {
    let newest = view.submissions.iter().rev().find(|one| one.client == judge.client);
    let newest = newest.map(|one| one.submission);
    let body = match newest {
        None => {
            view! { <p>"Nothing was sent yet. The questions are part of the form."</p> }.into_any()
        }
        Some(submission) => view! { <Answers judge submission/> }.into_any(),
    };
    view! {
        <details class="more">
            <summary>"Compare the answers to your questions"</summary>
            <div class="stack stack-6">
                <Expecting matter=judge.matter kind/>
                {body}
            </div>
        </details>
    }
    .into_any()
}

/// What the firm expects, noted by whoever knows.
#[component]
fn Expecting(matter: MatterId, kind: Arc<KindV1>) -> impl IntoView {
    let texts: Vec<([u8; 4], String, RwSignal<String>)> = kind
        .questions
        .iter()
        .map(|one| (one.id, one.text.clone(), RwSignal::new(String::new())))
        .collect();
    let (busy, ready) = (RwSignal::new(true), RwSignal::new(false));
    let (saved, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let filling: Vec<_> = texts.iter().map(|(id, _, text)| (*id, *text)).collect();
    let reading = filling.clone();
    leptos::task::spawn_local(async move {
        let found = async { portal().expected_answers(&*ring()?, matter).await }.await;
        let _ = busy.try_set(false);
        match found {
            Ok(known) => {
                for one in &known.answers {
                    if let Some((_, text)) = reading.iter().find(|(id, _)| *id == one.id) {
                        let _ = text.try_set(one.text.clone());
                    }
                }
                let _ = ready.try_set(true);
            }
            Err(error) => drop(failed.try_set(Some(error))),
        }
    });
    let save = move |()| {
        let said = filling.iter().map(|(id, text)| (*id, text.get_untracked().trim().to_owned()));
        let said = said.filter(|(_, text)| !text.is_empty());
        let answers = said.map(|(id, text)| ExpectedAnswerV1 { id, text }).collect();
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let expected = ExpectedV1 { answers };
            let done = async { portal().expect_answers(&*ring()?, matter, &expected).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => drop(saved.try_set(true)),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    let fields = texts.into_iter().enumerate().map(move |(at, (_, label, text))| {
        view! {
            <TextField
                id=format!("expected-{at}")
                label
                line=Line::Text
                value=text
                on_input=move |typed| {
                    saved.set(false);
                    text.set(typed);
                }
            />
        }
    });
    view! {
        <p class="small muted">
            "Note what the right answers are. They are sealed in this matter; the server never compares them."
        </p>
        {fields.collect_view()}
        <div class="actions">
            <Button
                small=true
                disabled=Signal::derive(move || busy.get() || !ready.get())
                on_press=save
            >
                {move || if saved.get() { "Noted" } else { "Note what is expected" }}
            </Button>
        </div>
        <ActFailed failed/>
    }
    .into_any()
}

/// What the client answered, once somebody asks for it.
#[component]
fn Answers(judge: Judge, submission: SubmissionId) -> impl IntoView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let asked = RwSignal::new(None::<Arc<Vec<Asked>>>);
    let show = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let found = async { portal().asked(&*ring()?, judge.matter, submission).await }.await;
            let _ = busy.try_set(false);
            match found {
                Ok(found) => drop(asked.try_set(Some(Arc::new(found)))),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    let body = move || {
        let found = asked.get()?;
        if found.is_empty() {
            return Some(
                view! { <p>"The form that your client answered did not ask these questions."</p> }
                    .into_any(),
            );
        }
        let rows = found.iter().map(row).collect_view();
        Some(
            view! {
                <ul class="items">{rows}</ul>
                <div class="actions">
                    <Button
                        icon="check"
                        disabled=judge.busy
                        on_press=move |()| judge.verified(Ways::QUESTIONS)
                    >
                        "The answers are right"
                    </Button>
                </div>
            }
            .into_any(),
        )
    };
    view! {
        <div class="actions">
            <Button small=true disabled=busy on_press=show>"Show the answers"</Button>
        </div>
        <p class="small muted">
            "Of what waits, only these answers open. That they were opened stands in the journal."
        </p>
        {body}
        <ActFailed failed/>
    }
    .into_any()
}

fn row(asked: &Asked) -> AnyView {
    let (word, class) = match asked.like {
        Some(Likeness::Same) => ("Alike", "tag good"),
        Some(Likeness::Near) => ("Look closely", "tag warn"),
        Some(Likeness::Different) => ("Different", "tag stop"),
        None => ("Compare yourself", "tag"),
    };
    let answer = asked.answer.clone().unwrap_or_else(|| "No answer".to_owned());
    let expected = asked.expected.clone().unwrap_or_else(|| "Nothing noted".to_owned());
    view! {
        <li class="item">
            <span class="what">
                <span class="name block"><bdi>{asked.question.clone()}</bdi></span>
                <span class="detail block">"Answered: " <bdi>{answer}</bdi></span>
                <span class="detail block">"Expected: " <bdi>{expected}</bdi></span>
            </span>
            <span class=class>{word}</span>
        </li>
    }
    .into_any()
}
