//! The matters where the reader sits, one after the other: who can open it, and whether they still should.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::Seat;
use shared::client::reviews::{ReviewSeen, ToReview};
use shared::crypto::keys::Kid;

use super::reviews::{due, is_overdue};
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::platform::clock;
use crate::portal::portal;
use crate::routes::Page;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice};
use crate::ui::link::PageLink;
use crate::ui::notice::{Notice, Tone};

/// The review that is open, with what of it waits for the reader.
pub struct Waiting {
    review: ReviewSeen,
    matters: Vec<ToReview>,
}

/// What of an open review waits for whoever unlocked the keys; `None` when none is open.
///
/// # Errors
/// When locked or unreachable, or something does not verify.
pub async fn waiting() -> Result<Option<Waiting>, ClientError> {
    let ring = ring()?;
    let open = portal().reviews(&ring).await?.pop().filter(|last| last.closed.is_none());
    let Some(review) = open else { return Ok(None) };
    let matters = portal().to_review(&ring, &review).await?;
    Ok(Some(Waiting { review, matters }))
}

/// On the first page, while something waits.
#[component]
pub fn ReviewWaits() -> impl IntoView {
    let found = Loaded::begin(waiting);
    move || {
        let found = found.ready()?;
        let waiting = found.as_ref().as_ref().filter(|one| !one.matters.is_empty())?;
        let tone = if is_overdue(&waiting.review) { Tone::Warn } else { Tone::Plain };
        let count = match waiting.matters.len() {
            1 => "1 matter waits".to_owned(),
            count => format!("{count} matters wait"),
        };
        let text = format!(
            "Review of access: {count} for you to say who keeps access. {}. ",
            due(&waiting.review)
        );
        Some(view! {
            <Notice tone>
                {text}
                <PageLink to=Page::AccessReview>"Look through them"</PageLink>
            </Notice>
        })
    }
}

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let found = Loaded::begin(waiting);
    view! {
        <div class="page">
            <header class="page-head"><Heading text="Review of access"/></header>
            {found.draw("Reading your matters", move |now| match now.as_ref() {
                None => view! {
                    <p class="muted">"No review is open. Those who look after the firm’s people begin one."</p>
                }
                .into_any(),
                Some(waiting) if waiting.matters.is_empty() => view! {
                    <Notice tone=Tone::Good>
                        "Nothing waits for you: of each of your matters somebody has said who keeps access."
                    </Notice>
                }
                .into_any(),
                Some(waiting) => list(waiting, found),
            })}
        </div>
    }
    .into_any()
}

fn list(waiting: &Waiting, found: Loaded<Option<Waiting>>) -> AnyView {
    let review = Arc::new(waiting.review.clone());
    let rows = waiting.matters.iter().map(|one| {
        let title = one.title.clone().unwrap_or_else(|| "A matter that does not open".to_owned());
        let client = one.client.clone().unwrap_or_default();
        let people = one.seats.iter().map(Person::of).collect();
        let (review, matter) = (Arc::clone(&review), one.matter);
        view! { <Matter review matter title client people found/> }
    });
    let left = match waiting.matters.len() {
        1 => "1 matter is left.".to_owned(),
        count => format!("{count} matters are left."),
    };
    let overdue = is_overdue(&waiting.review);
    view! {
        <div class="stack stack-8">
            <p class=if overdue { "error-text" } else { "muted" }>
                {format!("{}. {left}", due(&waiting.review))}
            </p>
            <p class="muted">
                "Leave a tick with everybody who still needs the matter. Whoever loses it can open nothing new; \
                 the matter gets a new key. What you say is signed and stands in the journal."
            </p>
            <ul class="stack stack-8">{rows.collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// Somebody who can open the matter.
#[derive(Clone)]
struct Person {
    kid: Kid,
    name: String,
    since: String,
    may_end: bool,
}

impl Person {
    fn of(seat: &Seat) -> Self {
        Self {
            kid: seat.kid,
            name: seat.name.clone().unwrap_or_else(|| "A colleague without a name here".to_owned()),
            since: format!("Since {}", clock::short(seat.since)),
            may_end: seat.may_end,
        }
    }
}

#[component]
fn Matter(
    review: Arc<ReviewSeen>,
    matter: shared::ids::MatterId,
    title: String,
    client: String,
    people: Vec<Person>,
    found: Loaded<Option<Waiting>>,
) -> impl IntoView {
    let others: Vec<Person> = people.iter().filter(|one| one.may_end).cloned().collect();
    let all: Vec<String> = others.iter().map(|one| one.kid.to_string()).collect();
    let kept = RwSignal::new(all);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let choices: Vec<Choice> = others
        .iter()
        .map(|one| Choice {
            value: one.kid.to_string(),
            label: one.name.clone(),
            hint: one.since.clone(),
        })
        .collect();
    let fixed = people.iter().filter(|one| !one.may_end).map(|one| one.name.clone());
    let fixed = format!("Stays in any case: {}.", fixed.collect::<Vec<_>>().join(", "));
    let count = others.len();
    let say = act(busy, failed, move || {
        let review = Arc::clone(&review);
        let gone = |one: &&Person| kept.with_untracked(|kept| !kept.contains(&one.kid.to_string()));
        let without: Vec<Kid> = others.iter().filter(gone).map(|one| one.kid).collect();
        async move {
            portal().review_matter(&*ring()?, &review, matter, &without).await?;
            found.again();
            Ok(())
        }
    });
    let word = move || match (busy.get(), count - kept.with(Vec::len)) {
        (true, _) => "Signing it".to_owned(),
        (false, 0) => "Everybody keeps access".to_owned(),
        (false, 1) => "Take access back from one".to_owned(),
        (false, count) => format!("Take access back from {count}"),
    };
    let id = format!("review-{matter}");
    view! {
        <li class="stack stack-4 review-matter">
            <p>
                <strong class="serif block"><bdi>{client}</bdi></strong>
                <span class="muted"><bdi>{title}</bdi></span>
            </p>
            {(count > 0).then(|| view! {
                <CheckGroup
                    id
                    label="Who keeps access?"
                    choices=choices.clone()
                    values=kept
                    on_change=move |chosen| kept.set(chosen)
                />
            })}
            <p class="muted small">{fixed}</p>
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=say>{word}</Button>
            </div>
            <ActFailed failed/>
        </li>
    }
    .into_any()
}
