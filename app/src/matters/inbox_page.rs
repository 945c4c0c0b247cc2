//! The inbox: submissions by state, one open beside the list, and four keys for all of it.

use leptos::prelude::*;
use shared::client::matters::{MatterSummary, SubmissionState};
use shared::client::standing::Standing;
use shared::ids::{MatterId, SubmissionId};
use shared::journal::statement::Decision;
use shared::time::Timestamp;

use super::identity_words;
use super::inbox_detail::Detail;
use super::words::{self, Called};
use crate::desk::shelf::Shelf;
use crate::platform::{clock, page};
use crate::ui::announcer::Heading;
use crate::ui::empty::Empty;

/// A submission as the inbox lists it.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// In which matter.
    pub matter: MatterId,
    /// Which.
    pub submission: SubmissionId,
    /// The matter's client and title.
    pub called: Called,
    /// When it arrived.
    pub arrived: Timestamp,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Documents handed in with it.
    pub documents: usize,
    /// How surely the firm knows who sent it.
    pub standing: Standing,
    /// Whether it waits for that.
    pub waits: bool,
}

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    New,
    Asked,
    Accepted,
    Declined,
}

impl Filter {
    const ALL: [Self; 4] = [Self::New, Self::Asked, Self::Accepted, Self::Declined];

    const fn decision(self) -> Option<Decision> {
        match self {
            Self::New => None,
            Self::Asked => Some(Decision::AskedBack),
            Self::Accepted => Some(Decision::Accepted),
            Self::Declined => Some(Decision::Declined),
        }
    }
}

/// What the reader does here. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Inbox {
    filter: RwSignal<Filter>,
    rows: Memo<Vec<Row>>,
    at: RwSignal<Option<SubmissionId>>,
    /// The submission whose answers are open: opening is an act, and noted in the journal.
    pub open: RwSignal<Option<SubmissionId>>,
    /// The decision that a key asks for.
    pub wish: RwSignal<Option<Decision>>,
}

impl Row {
    /// Whether a decision is still owed.
    #[must_use]
    pub const fn open(&self) -> bool {
        matches!(self.decision, None | Some(Decision::AskedBack))
    }
}

impl Inbox {
    fn of(shelf: Shelf) -> Self {
        let filter = RwSignal::new(Filter::New);
        let rows = Memo::new(move |_| {
            let wanted = filter.get().decision();
            let all = shelf.0.ready();
            let mut rows: Vec<Row> = all.iter().flat_map(|all| all.iter()).flat_map(rows).collect();
            rows.retain(|row| row.decision == wanted);
            rows.sort_by_key(|row| core::cmp::Reverse(row.arrived));
            rows
        });
        Self {
            filter,
            rows,
            at: RwSignal::new(None),
            open: RwSignal::new(None),
            wish: RwSignal::new(None),
        }
    }

    /// The submission in hand: the chosen one while it is listed, else the first.
    #[must_use]
    pub fn row(self) -> Option<Row> {
        let at = self.at.get();
        self.rows.with(|rows| {
            rows.iter().find(|row| Some(row.submission) == at).or(rows.first()).cloned()
        })
    }

    /// Whether the reader chose what is in hand: a small screen shows only that then.
    #[must_use]
    pub fn chosen(self) -> bool {
        let at = self.at.get();
        at.is_some() && self.rows.with(|rows| rows.iter().any(|row| Some(row.submission) == at))
    }

    /// Takes a submission in hand. Where the list goes away by it, focus goes on to the way back; a
    /// wide screen has none, and focus stays in the list.
    fn choose(self, submission: SubmissionId) {
        self.at.set(Some(submission));
        request_animation_frame(|| {
            let _ = page::focus(".back button");
        });
    }

    /// Back to the list.
    pub fn leave(self) {
        self.at.set(None);
        request_animation_frame(|| {
            let _ = page::focus("h1");
        });
    }

    fn ask(self, decision: Decision) {
        if untrack(|| self.row()).is_some_and(|row| row.open()) {
            self.wish.set(Some(decision));
        }
    }

    fn step(self, by: isize) {
        let Some(here) = untrack(|| self.row()) else { return };
        let next = self.rows.with_untracked(|rows| {
            let at = rows.iter().position(|row| *row == here)?;
            rows.get(at.checked_add_signed(by)?).map(|row| row.submission)
        });
        if let Some(next) = next {
            self.at.set(Some(next));
            let _ = page::focus_id(&row_id(next));
        }
    }
}

fn row_id(submission: SubmissionId) -> String {
    format!("row-{submission}")
}

fn rows(matter: &MatterSummary) -> Vec<Row> {
    let called = words::called(matter.matter, &matter.description);
    let row = |one: &SubmissionState| Row {
        matter: matter.matter,
        submission: one.submission,
        called: called.clone(),
        arrived: one.arrived,
        decision: one.decision,
        documents: one.documents,
        standing: one.standing,
        waits: one.waits,
    };
    matter.submissions.iter().map(row).collect()
}

/// The page.
#[component]
pub fn InboxPage() -> impl IntoView {
    let shelf = Shelf::here();
    let inbox = Inbox::of(shelf);
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        // A key typed into a field or with a modifier is somebody else's.
        if event.ctrl_key() || event.meta_key() || event.alt_key() || page::typing_or_dialog() {
            return;
        }
        match event.key().as_str() {
            "j" => inbox.step(1),
            "k" => inbox.step(-1),
            "a" => inbox.ask(Decision::Accepted),
            "d" => inbox.ask(Decision::Declined),
            "o" => {
                let row = untrack(|| inbox.row()).filter(|row| !row.waits);
                inbox.open.set(row.map(|row| row.submission));
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="split" class:chosen=move || inbox.chosen()>
            <div class="split-list">
                <header>
                    <Heading text="Inbox"/>
                    <Filters inbox/>
                </header>
                {shelf.0.draw("Reading what arrived", move |_| view! { <List inbox/> }.into_any())}
                {move || inbox.row().map(|row| view! { <Hint open=row.open()/> })}
            </div>
            <div class="split-detail"><Detail inbox/></div>
        </div>
    }
    .into_any()
}

#[component]
fn Filters(inbox: Inbox) -> impl IntoView {
    let button = move |filter: Filter| {
        let here = move || inbox.filter.get() == filter;
        view! {
            <button
                type="button"
                class="filter"
                aria-pressed=move || if here() { "true" } else { "false" }
                on:click=move |_| inbox.filter.set(filter)
            >
                {words::decision(filter.decision())}
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label="Show submissions">
            {Filter::ALL.map(button).into_iter().collect_view()}
        </div>
    }
    .into_any()
}

#[component]
fn List(inbox: Inbox) -> impl IntoView {
    let row = move |row: Row| {
        let submission = row.submission;
        let here = move || inbox.row().is_some_and(|row| row.submission == submission);
        let name = row.called.name("name serif");
        let known = if row.waits {
            "Waiting for the client’s identity"
        } else {
            identity_words::state(row.standing.state)
        };
        let detail = [row.called.title, words::documents(row.documents)].join(", ");
        view! {
            <li>
                <button
                    type="button"
                    id=row_id(submission)
                    class="item"
                    aria-current=move || here().then_some("true")
                    on:click=move |_| inbox.choose(submission)
                >
                    <span class="what">
                        {name}
                        <span class="detail block">{detail}</span>
                        <span class="detail block">{known}</span>
                    </span>
                    <span class="when num">{clock::short(row.arrived)}</span>
                </button>
            </li>
        }
    };
    (move || {
        let rows = inbox.rows.get();
        if rows.is_empty() {
            let text = match inbox.filter.get() {
                Filter::New => "Nothing new. What clients hand in appears here by itself.",
                _ => "No submission is in this state.",
            };
            return view! { <Empty art="art-inbox" text/> }.into_any();
        }
        view! { <ul class="items">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    })
    .into_any()
}

/// The keys, where a reader with a keyboard finds them.
#[component]
fn Hint(
    /// Whether the submission in hand waits for a decision.
    open: bool,
) -> impl IntoView {
    let key = |key: &'static str, does: &'static str| {
        view! { <span><kbd class="kbd">{key}</kbd> " " {does}</span> }
    };
    view! {
        <p class="keys">
            {key("j", "next")} {key("k", "previous")} {key("o", "open")}
            {open.then(|| (key("a", "accept"), key("d", "decline")))}
        </p>
    }
    .into_any()
}
