//! One submission: who wrote, what a first look at the names says, the decision, then the story.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::read::OpenedAnswers;
use shared::ids::{MatterId, SubmissionId};
use shared::intake::form::Role;
use shared::journal::statement::Decision;

use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::intake::answers_view::{answers_view, names, said};
use crate::keys::ring::ring;
use crate::platform::file::shown_name;
use crate::platform::{clock, print};
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::live::Voice;
use crate::ui::notice::{Notice, Tone};
use crate::ui::seal::{SealMark, Sealed};

/// Opens a submission's answers and shows them, names first.
#[component]
pub fn Submission(matter: MatterId, submission: SubmissionId) -> impl IntoView {
    let opened =
        Loaded::begin(
            move || async move { portal().open_answers(&*ring()?, matter, submission).await },
        );
    let now = clock::time(clock::now());
    opened.draw("Opening the answers", move |answers: Arc<OpenedAnswers>| {
        view! {
            <div class="stack stack-6">
                <div class="row row-between">
                <SealMark
                    id=format!("opened-{submission}")
                    state=Sealed::Opened
                    words=format!("Opened by you, today at {now}")
                    title="Who can open it"
                >
                    <p>
                        "Your client sealed this in their browser with the key of this matter. Only \
                         the people under Access can open it. That you opened it is noted in the \
                         journal."
                    </p>
                </SealMark>
                <div class="no-print">
                    <Button small=true kind=Kind::Quiet icon="print" on_press=|()| print::print()>"Print"</Button>
                </div>
                </div>
                {first_look(&answers, matter)}
                {differing(&answers)}
                {answers_view(&answers)}
            </div>
        }
        .into_any()
    })
}

/// Documents that answers and submission do not agree on: both are the client's word, so it is said.
fn differing(answers: &OpenedAnswers) -> AnyView {
    let absent: Vec<String> = answers.absent.iter().map(|file| shown_name(&file.name)).collect();
    let unnamed = match answers.unnamed.len() {
        0 => None,
        1 => Some("1 document came along that no answer names.".to_owned()),
        count => Some(format!("{count} documents came along that no answer names.")),
    };
    view! {
        {(!absent.is_empty()).then(|| view! {
            <Notice tone=Tone::Warn>
                <strong>"The answers name documents that were not handed in with them: "</strong>
                <bdi>{absent.join(", ")}</bdi>
                ". Ask your client for them."
            </Notice>
        })}
        {unnamed.map(|said| view! {
            <Notice>
                <strong>{said}</strong>
                " They are under Documents, as your client sent them."
            </Notice>
        })}
    }
    .into_any()
}

/// Names of the story beside the names of the firm's matters that this person can see.
fn first_look(answers: &OpenedAnswers, matter: MatterId) -> AnyView {
    let shelf = Shelf::here();
    let mut found = names(answers, Role::OtherName);
    let own = names(answers, Role::OwnName);
    let deadlines = said(answers, Role::Deadline);
    let danger = names(answers, Role::Danger).iter().any(|said| said == "Yes");
    let matters = shelf.0.ready();
    let known: Vec<(MatterId, String, String)> = matters
        .iter()
        .flat_map(|all| all.iter())
        .filter_map(|one| {
            let about = one.description.as_ref().ok()?;
            Some((one.matter, about.client.clone(), about.title.clone()))
        })
        .collect();
    let count = known.len();
    let closed = matters.map_or(0, |all| all.len() - count);
    let closed = match closed {
        0 => String::new(),
        1 => " 1 matter does not open and was not compared.".to_owned(),
        some => format!(" {some} matters do not open and were not compared."),
    };
    found.extend(own);
    let hits: Vec<String> = known
        .into_iter()
        .filter(|(id, client, _)| *id != matter && found.iter().any(|name| alike(name, client)))
        .map(|(_, client, title)| format!("{client} ({title})"))
        .collect();
    let others = names(answers, Role::OtherName).join(", ");
    view! {
        <div class="stack">
            {danger.then(|| view! {
                <Notice tone=Tone::Stop>
                    <strong>"Somebody’s safety may be at stake."</strong>
                    " Read the answers marked Safety first, and use only the safe way of contact."
                </Notice>
            })}
            {if hits.is_empty() {
                view! {
                    <Notice>
                        <strong>
                            {if count == 1 {
                                "No name here is a client in the one matter you can see.".to_owned()
                            } else {
                                format!("No name here is a client in the {count} matters you can see.")
                            }}
                        </strong>
                        {closed}
                        {(!others.is_empty()).then(|| format!(" Other side: {others}."))}
                        " This does not replace the firm’s conflict check."
                    </Notice>
                }
                .into_any()
            } else {
                view! {
                    <Notice tone=Tone::Warn>
                        <strong>"A name here is also a client of the firm: "</strong>
                        {hits.join(", ")}
                        ". Check for a conflict before you read on."
                    </Notice>
                }
                .into_any()
            }}
            {dates(&deadlines)}
        </div>
    }
    .into_any()
}

/// Days by which something must have happened, with what was asked.
fn dates(said: &[(String, String)]) -> AnyView {
    if said.is_empty() {
        return ().into_any();
    }
    let row = |(asked, said): &(String, String)| {
        view! { <div><dt>{asked.clone()}</dt><dd><strong>{said.clone()}</strong></dd></div> }
    };
    view! {
        <section class="stack stack-2">
            <h3>"Dates that matter"</h3>
            <dl class="answers">{said.iter().map(row).collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// The same person, as far as letters can tell: every word of the shorter name is in the longer.
fn alike(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 1)
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.len() > 1 && short.iter().all(|word| long.contains(word))
}

/// The three decisions. Declining asks once more.
#[component]
pub fn Decide(
    matter: MatterId,
    submission: SubmissionId,
    /// Set from outside (a key was pressed) to begin a decision.
    wish: RwSignal<Option<Decision>>,
    #[prop(optional, into)] on_done: Option<Callback<Decision>>,
) -> impl IntoView {
    let shelf = Shelf::here();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let declining = RwSignal::new(false);
    let voice = Voice::here();
    let decide = move |decision: Decision| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done =
                async { portal().decide(&*ring()?, matter, submission, decision).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => {
                    let _ = declining.try_set(false);
                    voice.say(match decision {
                        Decision::Accepted => "Accepted.",
                        Decision::AskedBack => "Asked back.",
                        Decision::Declined => "Declined.",
                    });
                    // The reader may look at something else by now; the list follows all the same.
                    shelf.0.again();
                    if let Some(done) = on_done {
                        let _ = done.try_run(decision);
                    }
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    Effect::new(move |_| match wish.get() {
        Some(Decision::Declined) => {
            wish.set(None);
            declining.set(true);
        }
        Some(decision) => {
            wish.set(None);
            decide(decision);
        }
        None => {}
    });
    view! {
        <div class="row decide">
            <Button icon="check" disabled=busy on_press=move |()| decide(Decision::Accepted)>
                "Accept"
            </Button>
            <Button icon="ask" disabled=busy on_press=move |()| decide(Decision::AskedBack)>
                "Ask back"
            </Button>
            <Button kind=Kind::Danger disabled=busy on_press=move |()| declining.set(true)>
                "Decline"
            </Button>
        </div>
        <ActFailed failed/>
        <Declining id=format!("decline-{submission}") declining busy on_sure=move |()| decide(Decision::Declined)/>
    }
    .into_any()
}

/// What declining does, before it is done.
#[component]
fn Declining(
    id: String,
    declining: RwSignal<bool>,
    busy: RwSignal<bool>,
    #[prop(into)] on_sure: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id title="Decline this submission?" open=declining>
            <p>
                "It stays sealed in the matter, and the journal notes that you declined it. Nothing \
                 is sent to the person by itself: tell them yourself, by the safe way they named."
            </p>
            <div class="actions">
                <Button kind=Kind::Danger disabled=busy on_press=on_sure>"Decline it"</Button>
                <Button on_press=move |()| declining.set(false)>"Do not decline"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::alike;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_same_person_is_found_however_the_name_is_written() {
        assert!(alike("Mokoena, Thandiwe", "Thandiwe Mokoena"));
        assert!(alike("Thandiwe Grace Mokoena", "thandiwe mokoena"));
        assert!(!alike("Thandiwe Mokoena", "Sipho Mokoena"));
        assert!(!alike("Mokoena", "Thandiwe Mokoena"), "one word alone says too little");
    }
}
