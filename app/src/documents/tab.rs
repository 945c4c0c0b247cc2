//! The documents of a matter: a table, and the one that is open beneath it.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::matters::{MatterView, ObjectSeen, Sender};
use shared::journal::statement::Verb;
use shared::matters::plain::Label;

use super::adding::AddDocuments;
use super::opened::{Shown, Table, shown};
use crate::keys::ring::{Unlocked, ring};
use crate::matters::words::label;
use crate::net::pace::size;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::notice::{Notice, Tone};

/// The tab.
#[component]
pub fn DocumentsTab(view: Arc<MatterView>) -> impl IntoView {
    // Read anew in place, so that what is open, or on its way, stays on the page.
    let (here, matter) = (RwSignal::new(Arc::clone(&view)), view.matter);
    let again = move |()| {
        leptos::task::spawn_local(async move {
            let Ok(ring) = ring() else { return };
            if let Ok(view) = portal().matter(&ring, matter).await {
                let _ = here.try_set(Arc::new(view));
            }
        });
    };
    let table = Table::of(matter);
    // Where the mark does not open, the one that every matter has at least.
    let mark = view.description.as_ref().map_or(Label::Confidential, |about| about.label);
    // Whoever passes a picture of it on passes on who looked, and when.
    let who = Unlocked::here().who_now().map(|who| who.name).unwrap_or_default();
    let today = clock::day(clock::now());
    let mark = [label(mark), &who, &today].join(", ");
    view! {
        <div class="stack stack-12">
            <div class="stack stack-8">
                {move || listed(&here.get(), table)}
                {move || shown(table, mark.clone())}
            </div>
            <AddDocuments matter on_filed=again/>
        </div>
    }
    .into_any()
}

fn listed(view: &MatterView, table: Table) -> AnyView {
    if view.documents.is_empty() {
        return view! {
            <Empty
                art="art-file"
                text="What your client hands in appears here, in the order it came."
            />
        }
        .into_any();
    }
    let (strangers, known): (Vec<_>, Vec<_>) =
        view.documents.iter().partition(|one| one.from == Sender::Stranger);
    view! {
        {(!known.is_empty()).then(|| rows(&known, view, table))}
        {(!strangers.is_empty()).then(|| quarantine(&strangers))}
    }
    .into_any()
}

fn rows(documents: &[&ObjectSeen], view: &MatterView, table: Table) -> AnyView {
    let row = |seen: &&ObjectSeen| {
        let object = seen.object;
        let Some(meta) = &seen.meta else {
            return view! {
                <tr><td colspan="5"><span class="tag stop">"Does not verify"</span></td></tr>
            }
            .into_any();
        };
        let (name, mime) = (meta.name.clone(), meta.mime.clone());
        let save_name = format!("Save {name}");
        let here = move || {
            table.shown.with(|shown| {
                matches!(shown, Shown::Here(one, _) | Shown::Reading(one) if *one == object)
            })
        };
        view! {
            <tr aria-current=move || here().then_some("true")>
                <td>
                    <button
                        type="button"
                        class="title"
                        on:click=move |_| table.read(object, Verb::Opened)
                    >
                        <Icon name=icon(&mime)/>
                        <bdi>{name}</bdi>
                    </button>
                </td>
                <td data-name="From" class="muted">{from(seen.from, view)}</td>
                <td data-name="Received" class="nowrap muted num">{clock::short_with_time(seen.arrived)}</td>
                <td data-name="Size" class="end nowrap muted num">{size(meta.size)}</td>
                <td class="end">
                    <button
                        type="button"
                        class="linklike"
                        aria-label=save_name
                        on:click=move |_| table.read(object, Verb::Downloaded)
                    >
                        "Save"
                    </button>
                </td>
            </tr>
        }
        .into_any()
    };
    view! {
        <div class="table-wrap">
            <table class="table rows-fold">
                <caption class="sr-only">"Documents of this matter"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"Received"</th>
                        <th scope="col" class="end">"Size"</th>
                        <th scope="col"><span class="sr-only">"Save"</span></th>
                    </tr>
                </thead>
                <tbody>{documents.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// By the sender's word: it only picks a drawing.
fn icon(mime: &str) -> &'static str {
    match mime.split('/').next() {
        Some("image") => "image",
        Some("video") => "video",
        Some("text") => "text",
        _ => "file",
    }
}

fn from(sender: Sender, view: &MatterView) -> String {
    match sender {
        Sender::Staff(account) => view
            .seats
            .iter()
            .find(|seat| seat.account == Some(account))
            .and_then(|seat| seat.name.clone())
            .unwrap_or_else(|| "A colleague".to_owned()),
        Sender::Client => match &view.description {
            Ok(about) => about.client.clone(),
            Err(_) => "The client".to_owned(),
        },
        Sender::Stranger => "Not known".to_owned(),
    }
}

fn quarantine(documents: &[&ObjectSeen]) -> AnyView {
    let count = match documents.len() {
        1 => "1 document is set apart: its sender is not known to this matter.".to_owned(),
        count => {
            format!("{count} documents are set apart: their sender is not known to this matter.")
        }
    };
    view! {
        <Notice tone=Tone::Warn>
            <strong>{count}</strong>
            <p>"Nothing of it is opened. Ask your client whether they sent something by another way."</p>
        </Notice>
    }
    .into_any()
}
