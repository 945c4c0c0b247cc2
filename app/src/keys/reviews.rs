//! Reviews of who can open which matter, as those who govern the firm see them: begun, how far they are, ended,
//! and taken out as a record.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::client::reviews::ReviewSeen;
use shared::ids::AccountId;
use shared::intake::value::Date;
use shared::time::{DAY, Timestamp};

use super::let_in::shown_name;
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::platform::clock;
use crate::platform::file::{Parts, save};
use crate::portal::portal;
use crate::routes::Page;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup};
use crate::ui::dialog::Dialog;
use crate::ui::link::PageLink;
use crate::ui::notice::{Notice, Tone};
use crate::ui::waiting::Bar;

/// All reviews, the firm's people, and how many matters there are by the server's count.
struct Known {
    reviews: Vec<ReviewSeen>,
    people: Vec<Person>,
    of: Option<u64>,
}

async fn read() -> Result<Known, ClientError> {
    let ring = ring()?;
    let reviews = portal().reviews(&ring).await?;
    let of = portal().matters_counted(&ring).await?;
    let people = portal().people(&ring).await?;
    Ok(Known { reviews, people, of })
}

/// The section.
#[component]
pub fn AccessReviews() -> impl IntoView {
    let known = Loaded::begin(read);
    let beginning = RwSignal::new(false);
    view! {
        <section class="stack stack-4" aria-labelledby="reviews-title">
            <h2 id="reviews-title">"Reviews of access"</h2>
            <p class="muted">
                "Now and then somebody who sits at a matter says of everybody who can open it whether they \
                 still should. You see how far it is, and no matter."
            </p>
            {known.draw("Reading the reviews", move |found| section(&found, known, beginning))}
            <Dialog id="begin-review" title="Begin a review of access" open=beginning>
                <Begin known open=beginning/>
            </Dialog>
        </section>
    }
    .into_any()
}

fn section(found: &Known, known: Loaded<Known>, beginning: RwSignal<bool>) -> AnyView {
    let (open, ended) = match found.reviews.split_last() {
        Some((last, before)) if last.closed.is_none() => (Some(last.clone()), before),
        _ => (None, found.reviews.as_slice()),
    };
    let past: Vec<AnyView> = ended.iter().rev().map(|one| past(one, &found.people)).collect();
    view! {
        {match open {
            Some(review) => {
                view! { <Open review of=found.of known/> }.into_any()
            }
            None => view! {
                <div class="actions">
                    <Button on_press=move |()| beginning.set(true)>"Begin a review"</Button>
                </div>
            }
            .into_any(),
        }}
        {(!past.is_empty()).then(|| view! { <ul class="items">{past}</ul> })}
    }
    .into_any()
}

/// "Due Fri 4 Dec", or that the day is over.
pub(super) fn due(review: &ReviewSeen) -> String {
    let day = clock::short(review.due);
    if is_overdue(review) { format!("Overdue since {day}") } else { format!("Due {day}") }
}

/// Whether the day is over and the review is not.
pub(super) fn is_overdue(review: &ReviewSeen) -> bool {
    review.closed.is_none() && review.due < clock::now()
}

#[component]
fn Open(review: ReviewSeen, of: Option<u64>, known: Loaded<Known>) -> impl IntoView {
    let id = review.review;
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let close = act(busy, failed, move || async move {
        portal().close_review(&*ring()?, id).await?;
        known.again();
        Ok(())
    });
    let done = review.matters.len() as u64;
    let of = of.unwrap_or(done).max(done);
    let share = Signal::stored(if of == 0 { 1.0 } else { done as f64 / of as f64 });
    let detail = Signal::stored(format!("{done} of {of} matters, {}", due(&review).to_lowercase()));
    let overdue = is_overdue(&review).then(|| {
        let text = "The day is over, and matters wait for a look. Remind the lawyers, or close the review as it is.";
        view! { <Notice tone=Tone::Warn>{text}</Notice> }
    });
    let unfinished = done < of;
    view! {
        {overdue}
        <Bar name="Matters looked through" share detail/>
        <div class="actions">
            <PageLink to=Page::AccessReview class="btn">"Look through your matters"</PageLink>
            <Button disabled=busy on_press=close>
                {if unfinished { "Close it unfinished" } else { "Close the review" }}
            </Button>
            {save_record(review, "Save the record so far", String::new())}
        </div>
        <ActFailed failed/>
    }
    .into_any()
}

fn past(review: &ReviewSeen, people: &[Person]) -> AnyView {
    let who = |account: AccountId| {
        people.iter().find(|one| one.account == account).map(shown_name).unwrap_or_default()
    };
    let begun = clock::short(review.opened.1);
    let ended =
        review.closed.map(|(by, time)| format!("closed {} by {}", clock::short(time), who(by)));
    let lost: usize = review.matters.values().map(|one| one.ended.len()).sum();
    let matters = match review.matters.len() {
        1 => "1 matter".to_owned(),
        count => format!("{count} matters"),
    };
    let taken = match lost {
        0 => "no access ended".to_owned(),
        1 => "access ended once".to_owned(),
        count => format!("access ended {count} times"),
    };
    let detail = format!("{matters} looked through, {taken}; {}", ended.unwrap_or_default());
    let called = format!("Review of {begun}");
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name block">{called}</span>
                <span class="detail block">{detail}</span>
            </span>
            {save_record(review.clone(), "Save the record", format!(" of {begun}"))}
        </li>
    }
    .into_any()
}

/// Hands the record to the browser: people's names are in it, as the firm's own room has them, and no matter's.
fn save_record(review: ReviewSeen, word: &'static str, of: String) -> AnyView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let name = format!("access-review-{}.json", Date::at(review.opened.1, 0));
    let save = act(busy, failed, move || {
        let (review, name) = (review.clone(), name.clone());
        async move {
            let parts = Parts::new();
            parts.add(&portal().review_record(&*ring()?, &review).await?);
            let blob = parts.join("application/json").ok_or(ClientError::Store)?;
            save(&blob, &name);
            Ok(())
        }
    });
    view! {
        <Button small=true kind=Kind::Quiet icon="download" disabled=busy on_press=save>
            {word}
            <span class="sr-only">{of}</span>
        </Button>
        <ActFailed failed/>
    }
    .into_any()
}

#[component]
fn Begin(known: Loaded<Known>, open: RwSignal<bool>) -> impl IntoView {
    let weeks = RwSignal::new("2".to_owned());
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let choice = |value: &str, label: &str| {
        let number: u64 = value.parse().unwrap_or(2);
        let hint = clock::day(end_of(number));
        Choice { value: value.to_owned(), label: label.to_owned(), hint }
    };
    let choices =
        vec![choice("1", "In a week"), choice("2", "In two weeks"), choice("4", "In four weeks")];
    let begin = act(busy, failed, move || async move {
        let number = weeks.get_untracked().parse().unwrap_or(2);
        portal().open_review(&*ring()?, end_of(number)).await?;
        known.again();
        let _ = open.try_set(false);
        Ok(())
    });
    view! {
        <div class="stack stack-6">
            <p>
                "Every lawyer is shown the matters where they sit, and says of each who keeps access. It is \
                 enough that one of them does. What they say is signed and stands in the journal."
            </p>
            <RadioGroup
                id="review-due"
                label="Until when?"
                choices
                value=weeks
                on_choose=move |chosen| weeks.set(chosen)
            />
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=begin>"Begin the review"</Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

fn end_of(weeks: u64) -> Timestamp {
    clock::now().plus(weeks * 7 * DAY)
}
