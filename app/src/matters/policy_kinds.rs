//! The firm's kinds of matter: what matters of each need to know of their clients, which papers count, and what
//! the clients are asked.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::policy::Kinds;
use shared::crypto::rng;
use shared::matters::plain::{KindV1, KindsV1, Papers, QuestionV1};

use super::identity_need::Choosing;
use super::identity_paper::{PAPERS, paper_choice};
use super::identity_words as words;
use super::policy_page::Said;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::CheckGroup;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Line, TextArea, TextField};
use crate::ui::notice::{Notice, Tone};

/// What a line of the questions ends with where the answer is a day.
const DAY: &str = "(day)";

/// The section.
pub(super) fn kinds(found: &Said, said: Loaded<Said>) -> AnyView {
    let policy = &found.policy;
    let may = policy.may_name;
    let by = policy.kinds.as_ref().map(|said| found.by(said));
    let body = match policy.kinds.as_ref().map(|said| &said.what) {
        Some(Kinds::Closed) => view! {
            <p>"They are sealed for those who open matters."</p>
        }
        .into_any(),
        Some(Kinds::Opened(kinds)) => list(kinds, may, said),
        None => list(&KindsV1::default(), may, said),
    };
    view! {
        <section class="stack stack-4" aria-labelledby="kinds">
            <h2 id="kinds">"Kinds of matter"</h2>
            <p class="muted">
                "How surely the firm wants to know its clients, by kind of matter. A matter begins with what its \
                 kind needs; it may ask for more, and for less only with a reason."
            </p>
            {by.map(|by| view! { <p class="small muted">{by}</p> })}
            {body}
        </section>
    }
    .into_any()
}

fn list(kinds: &KindsV1, may: bool, said: Loaded<Said>) -> AnyView {
    let all = Arc::new(kinds.clone());
    let rows = (0..all.kinds.len()).map(|at| row(&all, at, may, said)).collect_view();
    let empty = all.kinds.is_empty().then(|| view! {
        <p>"The firm has named none: in every matter the link is enough, unless somebody says more."</p>
    });
    let open = RwSignal::new(false);
    let full = all.kinds.len() >= KindsV1::MOST;
    view! {
        {empty}
        <ul class="items">{rows}</ul>
        {(may && !full).then(|| view! {
            <div class="actions">
                <Button icon="plus" on_press=move |()| open.set(true)>"Add a kind"</Button>
            </div>
            <Dialog id="kind-new" title="Add a kind of matter" open>
                <Edit all=Arc::clone(&all) at=None said/>
            </Dialog>
        })}
    }
    .into_any()
}

fn row(all: &Arc<KindsV1>, at: usize, may: bool, said: Loaded<Said>) -> AnyView {
    let Some(kind) = all.kinds.get(at) else { return ().into_any() };
    let open = RwSignal::new(false);
    let counted: Vec<&str> = PAPERS
        .iter()
        .filter(|(paper, _)| kind.papers.contains(*paper))
        .map(|(_, name)| *name)
        .collect();
    let papers = match counted.is_empty() {
        true => "No paper counts.".to_owned(),
        false => format!("Papers that count: {}.", counted.join(", ").to_lowercase()),
    };
    let asks = kind.questions.iter().map(|one| view! { <li><bdi>{one.text.clone()}</bdi></li> });
    let asks = (!kind.questions.is_empty()).then(|| {
        view! {
            <details class="more small">
                <summary>{format!("Questions ({})", kind.questions.len())}</summary>
                <ul class="outline">{asks.collect_view()}</ul>
            </details>
        }
    });
    let (name, all) = (kind.name.clone(), Arc::clone(all));
    let (called, title) = (name.clone(), format!("Change: {name}"));
    let need = words::need(Some(&kind.need).filter(|need| !need.is_nothing()));
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name block"><bdi>{name}</bdi></span>
                <span class="detail block">{need}</span>
                <span class="detail block">{papers}</span>
                {asks}
            </span>
            {may.then(|| view! {
                <Button small=true kind=Kind::Quiet on_press=move |()| open.set(true)>
                    "Change" <span class="sr-only">": " {called.clone()}</span>
                </Button>
                <Dialog id=format!("kind-{at}") title open>
                    <Edit all=Arc::clone(&all) at=Some(at) said/>
                </Dialog>
            })}
        </li>
    }
    .into_any()
}

/// The lines as they were asked before keep their ids: what clients answered under them stays theirs.
fn read_questions(text: &str, before: &[QuestionV1]) -> Vec<QuestionV1> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let one = |line: &str| {
        let (text, day) = match line.strip_suffix(DAY) {
            Some(text) => (text.trim_end(), true),
            None => (line, false),
        };
        let known = before.iter().find(|one| one.text == text && one.day == day);
        let id = known.map_or_else(rng::random::<4>, |one| one.id);
        QuestionV1 { id, text: text.to_owned(), day }
    };
    lines.map(one).collect()
}

fn write_questions(questions: &[QuestionV1]) -> String {
    let line = |one: &QuestionV1| match one.day {
        true => format!("{} {DAY}", one.text),
        false => one.text.clone(),
    };
    questions.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A kind as it is being written. Cheap to copy about.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    papers: RwSignal<Vec<String>>,
    questions: RwSignal<String>,
    need: Choosing,
}

impl Draft {
    fn of(kind: Option<&KindV1>) -> Self {
        let papers = kind.map_or(Papers::ALL, |kind| kind.papers);
        let papers = Papers::EACH.into_iter().filter(|paper| papers.contains(*paper));
        Self {
            name: RwSignal::new(kind.map(|kind| kind.name.clone()).unwrap_or_default()),
            papers: RwSignal::new(papers.map(|paper| paper.0.to_string()).collect()),
            questions: RwSignal::new(
                kind.map(|kind| write_questions(&kind.questions)).unwrap_or_default(),
            ),
            need: Choosing::of(kind.map(|kind| &kind.need)),
        }
    }

    fn kind(self, before: &[QuestionV1]) -> KindV1 {
        let papers = self.papers.with_untracked(|chosen| {
            chosen.iter().filter_map(|one| one.parse::<u8>().ok()).fold(0, |all, one| all | one)
        });
        KindV1 {
            name: self.name.with_untracked(|name| name.trim().to_owned()),
            need: untrack(|| self.need.need()),
            papers: Papers(papers),
            questions: self.questions.with_untracked(|text| read_questions(text, before)),
        }
    }
}

/// The kinds with one written anew, added, or left out.
fn changed(all: &KindsV1, at: Option<usize>, kind: Option<KindV1>) -> KindsV1 {
    let mut kinds = all.kinds.clone();
    match (at, kind) {
        (Some(at), Some(kind)) => {
            if let Some(place) = kinds.get_mut(at) {
                *place = kind;
            }
        }
        (Some(at), None) if at < kinds.len() => drop(kinds.remove(at)),
        (None, Some(kind)) => kinds.push(kind),
        _ => {}
    }
    KindsV1 { kinds }
}

#[component]
fn Edit(all: Arc<KindsV1>, at: Option<usize>, said: Loaded<Said>) -> impl IntoView {
    let kind = at.and_then(|at| all.kinds.get(at));
    let before = kind.map(|kind| kind.questions.clone()).unwrap_or_default();
    let draft = Draft::of(kind);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let (wrong, leaving) = (RwSignal::new(false), RwSignal::new(false));
    let sign = act(busy, failed, move || {
        let kind = (!leaving.get_untracked()).then(|| draft.kind(&before));
        let kinds = changed(&all, at, kind);
        wrong.set(!kinds.is_sound());
        async move {
            // What is wrong is said beside the button.
            if kinds.is_sound() {
                portal().name_kinds(&*ring()?, &kinds).await?;
                said.again();
            }
            Ok(())
        }
    });
    let begin = move |leaves: bool| {
        leaving.set(leaves);
        sign.run(());
    };
    view! {
        <div class="stack stack-6">
            <TextField
                id="kind-name"
                label="What it is called"
                hint="Sealed for those who open matters. Matters are opened under it."
                line=Line::Text
                value=draft.name
                on_input=move |text| draft.name.set(text)
            />
            {draft.need.draw("Before anything of a client’s is opened")}
            <CheckGroup
                id="papers"
                label="Papers that count"
                choices=PAPERS.iter().map(|(paper, name)| paper_choice(*paper, name)).collect()
                values=draft.papers
                on_change=move |chosen| draft.papers.set(chosen)
            />
            <TextArea
                id="questions"
                label="Questions to its clients"
                optional="optional"
                hint="One on each line, at most eight. End a line with (day) where the answer is a day. They go into a form when it is published."
                value=draft.questions
                on_input=move |text| draft.questions.set(text)
            />
            {move || wrong.get().then(|| view! {
                <Notice tone=Tone::Warn>
                    "Give it a name of its own, at least one paper where a paper is needed, and a question \
                     where questions are; at most eight."
                </Notice>
            })}
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=move |()| begin(false)>
                    {move || if busy.get() { "Signing it" } else { "Sign this for the firm" }}
                </Button>
                {at.map(|_| view! {
                    <Button kind=Kind::Danger disabled=busy on_press=move |()| begin(true)>
                        "Remove this kind"
                    </Button>
                })}
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
