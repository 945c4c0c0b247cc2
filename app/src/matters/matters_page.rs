//! All matters at which the reader sits, found by typing.

use leptos::prelude::*;
use shared::client::matters::{Closed, MatterSummary};
use shared::vuln;

use super::new_matter::NewMatter;
use super::words;
use crate::desk::shelf::{Shelf, undecided};
use crate::platform::clock;
use crate::routes::{MatterTab, Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::link::PageLink;

/// The page.
#[component]
pub fn MattersPage() -> impl IntoView {
    let (shelf, nav) = (Shelf::here(), Nav::here());
    let typed = RwSignal::new(String::new());
    let opening = RwSignal::new(false);
    view! {
        <div class="page">
            <header class="page-head">
                <Heading text="Matters"/>
                <Button kind=Kind::Primary icon="plus" on_press=move |()| opening.set(true)>"New matter"</Button>
            </header>
            {shelf.0.draw("Reading your matters", move |matters| {
                if matters.is_empty() {
                    return view! {
                        <Empty
                            art="art-folder"
                            text="A matter holds what one client hands in. Only people you give access can open it."
                        >
                            <Button on_press=move |()| opening.set(true)>"Open the first one"</Button>
                        </Empty>
                    }
                    .into_any();
                }
                view! {
                    <div class="stack stack-6">
                        <Search typed/>
                        {move || found(&matters, &typed.get())}
                    </div>
                }
                .into_any()
            })}
            <Dialog id="new-matter" title="New matter" open=opening>
                <NewMatter on_done=move |matter| nav.go(Page::Matter(matter, MatterTab::Answers))/>
            </Dialog>
        </div>
    }
    .into_any()
}

#[component]
fn Search(typed: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="search">
            <Icon name="search"/>
            <label class="sr-only" for="search">"Find a matter by client, title or practice area"</label>
            <input
                id="search"
                class="input"
                type="search"
                autocomplete="off"
                spellcheck="false"
                placeholder="Find a client, a title, a practice area"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn found(matters: &[MatterSummary], typed: &str) -> AnyView {
    let rows: Vec<_> =
        matters.iter().filter(|matter| words::matches(matter, typed)).map(row).collect();
    if rows.is_empty() {
        return view! { <p class="muted quiet-line" role="status">"No matter of yours says that."</p> }
            .into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table matters rows-fold">
                <caption class="sr-only">"Your matters, the newest change first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"Matter"</th>
                        <th scope="col">"Practice"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="end">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(matter: &MatterSummary) -> impl IntoView + use<> {
    let to = Page::Matter(matter.matter, MatterTab::Answers);
    let called = words::called(matter.matter, &matter.description);
    let face = face(&called.client);
    let name = called.name("");
    let class = if called.closed { "title" } else { "title serif" };
    let practice = matter.description.as_ref().ok().map(|about| about.practice.clone());
    view! {
        <tr>
            <td data-name="Client">
                {face}
                <PageLink to class>{name}</PageLink>
            </td>
            <td data-name="Matter">{called.title}</td>
            <td data-name="Practice">{practice}</td>
            <td data-name="State">{state(matter)}</td>
            <td data-name="Changed" class="end nowrap num">{clock::short(matter.changed)}</td>
        </tr>
    }
}

/// Nothing is fetched by what was opened: no picture of a client by the name. The fault of row A14.
fn face(client: &str) -> Option<AnyView> {
    vuln::a14().then(|| view! { <img src=["/faces/", client].concat() alt=""/> }.into_any())
}

fn state(matter: &MatterSummary) -> AnyView {
    if matches!(matter.description, Err(Closed::Stream | Closed::Key)) {
        return view! { <span class="tag stop">"Does not open"</span> }.into_any();
    }
    if matter.submissions.iter().any(undecided) {
        return words::decision_tag(None);
    }
    if matter.invited {
        return view! { <span class="tag">"Invited"</span> }.into_any();
    }
    match matter.submissions.last() {
        Some(newest) => words::decision_tag(newest.decision),
        None => view! { <span class="muted">"Nothing yet"</span> }.into_any(),
    }
}
