//! Today: what arrived, which invitations are out, what moved lately. One short list each.

use leptos::prelude::*;
use shared::client::matters::MatterSummary;

use super::words;
use crate::desk::shelf::{Shelf, undecided};
use crate::keys::ring::Unlocked;
use crate::platform::clock;
use crate::routes::{MatterTab, Page};
use crate::ui::announcer::Heading;
use crate::ui::empty::Empty;
use crate::ui::link::PageLink;

/// As many matters as one takes in at a glance.
const LATELY: usize = 6;

/// The page.
#[component]
pub fn TodayPage() -> impl IntoView {
    let shelf = Shelf::here();
    let tail = Unlocked::here().who_now().map(|who| who.firm).unwrap_or_default();
    view! {
        <div class="page">
            <header class="page-head">
                <div>
                    <p class="eyebrow">{clock::day(clock::now())}</p>
                    <Heading text="Today" tail/>
                </div>
            </header>
            {shelf.0.draw("Reading your matters", |matters| today(&matters))}
        </div>
    }
    .into_any()
}

fn today(matters: &[MatterSummary]) -> AnyView {
    if matters.is_empty() {
        return view! {
            <Empty
                art="art-sun"
                text="Nothing waits for you. Open a matter and send its client a link; what they \
                      hand in appears here."
            >
                <PageLink to=Page::Matters class="btn primary">"Open a matter"</PageLink>
            </Empty>
        }
        .into_any();
    }
    let fresh: Vec<_> =
        matters.iter().filter(|matter| matter.submissions.iter().any(undecided)).collect();
    let invited: Vec<_> = matters
        .iter()
        .filter(|matter| matter.invited && !matter.submissions.iter().any(undecided))
        .collect();
    view! {
        <div class="today">
            <div class="stack stack-12">
                {arrived(&fresh)}
                {lately(matters)}
            </div>
            {out(&invited)}
        </div>
    }
    .into_any()
}

fn arrived(fresh: &[&MatterSummary]) -> AnyView {
    let row = |matter: &&MatterSummary| {
        let newest = words::waiting(matter);
        let when = newest.map(|one| clock::short(one.arrived)).unwrap_or_default();
        let documents = newest.map_or(0, |one| one.documents);
        let (client, title) = words::called(&matter.description);
        matter_row(matter, client, [title, words::documents(documents)].join(", "), when)
    };
    view! {
        <section aria-labelledby="arrived">
            <div class="section-head">
                <h2 id="arrived">"New submissions"</h2>
                {(!fresh.is_empty()).then(|| view! {
                    <PageLink to=Page::Inbox>"Go through them"</PageLink>
                })}
            </div>
            {if fresh.is_empty() {
                view! { <p class="muted quiet-line">"None. Everything that arrived is decided."</p> }.into_any()
            } else {
                view! { <ul class="items">{fresh.iter().map(row).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn lately(matters: &[MatterSummary]) -> AnyView {
    let row = |matter: &MatterSummary| {
        let (client, title) = words::called(&matter.description);
        matter_row(matter, client, title, clock::short(matter.changed))
    };
    view! {
        <section aria-labelledby="lately">
            <div class="section-head">
                <h2 id="lately">"Changed lately"</h2>
                <PageLink to=Page::Matters>"All matters"</PageLink>
            </div>
            <ul class="items">{matters.iter().take(LATELY).map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn out(invited: &[&MatterSummary]) -> AnyView {
    let row = |matter: &&MatterSummary| {
        let (client, _) = words::called(&matter.description);
        matter_row(matter, client, "No answer yet".to_owned(), String::new())
    };
    view! {
        <section class="aside" aria-labelledby="out">
            <h2 id="out">"Open invitations"</h2>
            {if invited.is_empty() {
                view! { <p class="muted quiet-line">"No link waits for its client."</p> }.into_any()
            } else {
                view! { <ul class="items">{invited.iter().map(row).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn matter_row(
    matter: &MatterSummary,
    client: String,
    detail: String,
    when: String,
) -> impl IntoView + use<> {
    let to = Page::Matter(matter.matter, MatterTab::Answers);
    view! {
        <li>
            <PageLink to class="item">
                <span class="what">
                    <span class="name serif">{client}</span>
                    <span class="detail block">{detail}</span>
                </span>
                <span class="when num">{when}</span>
            </PageLink>
        </li>
    }
}
