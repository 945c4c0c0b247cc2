//! Today: what arrived, which invitations are out, what moved lately. One short list each.

use leptos::prelude::*;
use shared::client::matters::MatterSummary;

use super::words::{self, Called};
use crate::desk::shelf::{Shelf, undecided};
use crate::keys::recovery::RecoveryNews;
use crate::keys::review_page::ReviewWaits;
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
            <ReviewWaits/>
            <RecoveryNews/>
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
                {closed(matters)}
                {arrived(&fresh)}
                {lately(matters)}
            </div>
            {out(&invited)}
        </div>
    }
    .into_any()
}

/// What does not verify or open comes before everything else.
fn closed(matters: &[MatterSummary]) -> Option<AnyView> {
    let row = |matter: &MatterSummary| {
        let called = words::called(matter.matter, &matter.description);
        called.closed.then(|| {
            let detail = called.title.clone();
            matter_row(matter, &called, detail, clock::short(matter.changed))
        })
    };
    let rows: Vec<_> = matters.iter().filter_map(row).collect();
    let section = |rows| {
        view! {
            <section aria-labelledby="closed">
                <div class="section-head"><h2 id="closed">"Needs your attention"</h2></div>
                <ul class="items">{rows}</ul>
            </section>
        }
    };
    (!rows.is_empty()).then(|| section(rows).into_any())
}

fn arrived(fresh: &[&MatterSummary]) -> AnyView {
    let row = |matter: &&MatterSummary| {
        let newest = words::waiting(matter);
        let when = newest.map(|one| clock::short(one.arrived)).unwrap_or_default();
        let documents = newest.map_or(0, |one| one.documents);
        let called = words::called(matter.matter, &matter.description);
        let detail = [called.title.as_str(), &words::documents(documents)].join(", ");
        matter_row(matter, &called, detail, when)
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
        let called = words::called(matter.matter, &matter.description);
        let title = called.title.clone();
        matter_row(matter, &called, title, clock::short(matter.changed))
    };
    let open: Vec<_> = matters.iter().filter(|matter| matter.description.is_ok()).collect();
    if open.is_empty() {
        return ().into_any();
    }
    view! {
        <section aria-labelledby="lately">
            <div class="section-head">
                <h2 id="lately">"Recently changed"</h2>
                <PageLink to=Page::Matters>"All matters"</PageLink>
            </div>
            <ul class="items">{open.into_iter().take(LATELY).map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn out(invited: &[&MatterSummary]) -> AnyView {
    let row = |matter: &&MatterSummary| {
        let called = words::called(matter.matter, &matter.description);
        matter_row(matter, &called, "No answer yet".to_owned(), String::new())
    };
    view! {
        <section class="aside" aria-labelledby="out">
            <h2 id="out">"Links without an answer"</h2>
            {if invited.is_empty() {
                view! { <p class="muted quiet-line">"No link is waiting for an answer."</p> }.into_any()
            } else {
                view! { <ul class="items">{invited.iter().map(row).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn matter_row(
    matter: &MatterSummary,
    called: &Called,
    detail: String,
    when: String,
) -> impl IntoView + use<> {
    let to = Page::Matter(matter.matter, MatterTab::Answers);
    let name = called.name("name serif");
    view! {
        <li>
            <PageLink to class="item">
                <span class="what">
                    {name}
                    <span class="detail block">{detail}</span>
                </span>
                <span class="when num">{when}</span>
            </PageLink>
        </li>
    }
}
