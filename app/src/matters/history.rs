//! Who could read a matter on a day.

use leptos::prelude::*;
use shared::client::history::{Reader, Who};
use shared::ids::MatterId;
use shared::time::{DAY, Timestamp, last_moment_of};

use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::date_field::{DateField, DateWords, Parts};

/// The section: a day is typed, and answered at once.
#[component]
pub fn WhoCouldRead(matter: MatterId) -> impl IntoView {
    let typed = RwSignal::new(Parts::default());
    let day = Memo::new(move |_| typed.with(whole));
    let words = DateWords { day: "Day", month: "Month", year: "Year" };
    let error = Signal::derive(move || {
        let begun = typed.with(|parts| parts.iter().all(|part| !part.trim().is_empty()));
        (begun && day.get().is_none()).then(|| "There is no such day.".to_owned())
    });
    view! {
        <details class="more">
            <summary>"Who could read it on a day"</summary>
            <div class="stack stack-4">
                <DateField
                    id="read-on"
                    label="The day"
                    hint="For example 21 11 2026."
                    words
                    value=typed
                    on_change=move |parts| typed.set(parts)
                    error
                />
                {move || day.get().map(|last| view! { <Readers matter last/> })}
            </div>
        </details>
    }
    .into_any()
}

fn whole(parts: &Parts) -> Option<Timestamp> {
    let [day, month, year] = parts.each_ref().map(|part| part.trim().parse::<u32>().ok());
    // A year is typed to its end.
    let year = year.filter(|year| *year > 1999)?;
    last_moment_of([day?, month?, year], clock::offset_minutes())
}

#[component]
fn Readers(matter: MatterId, last: Timestamp) -> impl IntoView {
    let day = (Timestamp(last.0.saturating_sub(DAY - 1)), last);
    let readers =
        Loaded::begin(move || async move { portal().could_read(&*ring()?, matter, day).await });
    readers.draw("Reading the record", |found| {
        if found.is_empty() {
            return view! { <p class="muted">"Nobody: the matter was not there yet."</p> }
                .into_any();
        }
        view! { <ul class="items">{found.iter().map(row).collect_view()}</ul> }.into_any()
    })
}

fn row(reader: &Reader) -> AnyView {
    let name = match &reader.who {
        Who::Colleague(Some(name)) => name.clone(),
        Who::Colleague(None) => "A colleague".to_owned(),
        Who::Conductor(name) => format!(
            "{}, who passed lost access on",
            name.clone().unwrap_or_else(|| "A colleague".to_owned())
        ),
        Who::Client => "A client’s browser".to_owned(),
        Who::Recovery => "The firm’s recovery key".to_owned(),
    };
    let since = clock::short(reader.since);
    let when = match reader.until {
        Some(until) => format!("from {since} until {}", clock::short(until)),
        None => format!("since {since}"),
    };
    view! {
        <li class="item">
            <span class="what"><span class="name block">{name}</span></span>
            <span class="when">{when}</span>
        </li>
    }
    .into_any()
}
