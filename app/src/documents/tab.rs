//! The documents of a matter: a table, and the one that is open beneath it. Names are opened as they are
//! shown, the newest first.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::{MatterView, NAMED, Named, ObjectSeen, Sender};
use shared::ids::{MatterId, ObjectId};
use shared::matters::plain::Label;

use super::adding::AddDocuments;
use super::opened::{Table, shown};
use super::table_row::{Came, closed_row, opened_row, said_row};
use crate::desk::gate::ActFailed;
use crate::keys::ring::{Unlocked, ring};
use crate::matters::identity_words;
use crate::matters::words::label;
use crate::net::pace::size;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::Button;
use crate::ui::empty::Empty;
use crate::ui::notice::{Notice, Tone};

/// The tab.
#[component]
pub fn DocumentsTab(view: Arc<MatterView>) -> impl IntoView {
    let page =
        Earlier { matter: view.matter, rows: RwSignal::new(NAMED), names: RwSignal::default() };
    // Read anew in place, so that what is open, or on its way, stays on the page.
    let (here, matter) = (RwSignal::new(Arc::clone(&view)), view.matter);
    let stale = RwSignal::new(None::<ClientError>);
    let again = Callback::new(move |()| {
        stale.set(None);
        leptos::task::spawn_local(async move {
            match async { portal().matter(&*ring()?, matter).await }.await {
                Ok(view) => drop(here.try_set(Arc::new(view))),
                Err(error) => drop(stale.try_set(Some(error))),
            }
        });
    });
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
                {move || listed(&here.get(), page, table)}
                <ActFailed failed=stale again/>
                {move || shown(table, mark.clone())}
            </div>
            <AddDocuments matter on_filed=again/>
        </div>
    }
    .into_any()
}

/// How many of the newest documents are shown, and the names that were opened since the matter was read.
#[derive(Clone, Copy)]
struct Earlier {
    matter: MatterId,
    rows: RwSignal<usize>,
    names: RwSignal<BTreeMap<ObjectId, Named>>,
}

impl Earlier {
    /// Opens the names of these, and shows so many.
    fn show(self, rows: usize, documents: Vec<ObjectId>, failed: RwSignal<Option<ClientError>>) {
        leptos::task::spawn_local(async move {
            match async { portal().names(&*ring()?, self.matter, &documents).await }.await {
                Ok(more) => {
                    let _ = self.names.try_update(|names| names.extend(more));
                    let _ = self.rows.try_set(rows);
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    }

    fn named(self, seen: &ObjectSeen) -> Named {
        let asked = self.names.with(|names| names.get(&seen.object).cloned());
        asked.unwrap_or_else(|| seen.named.clone())
    }
}

fn listed(view: &MatterView, page: Earlier, table: Table) -> AnyView {
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
        {(!known.is_empty()).then(|| {
            let (before, shown) = known.split_at(known.len().saturating_sub(page.rows.get()));
            view! { {earlier(before, page)} {rows(shown, view, page, table)} }
        })}
        {(!strangers.is_empty()).then(|| quarantine(&strangers))}
    }
    .into_any()
}

/// The way to documents that came before those that are shown.
fn earlier(documents: &[&ObjectSeen], page: Earlier) -> Option<AnyView> {
    let next =
        documents.get(documents.len().saturating_sub(NAMED)..).filter(|next| !next.is_empty())?;
    let ids: Vec<ObjectId> = next.iter().map(|one| one.object).collect();
    let shown = page.rows.get_untracked() + ids.len();
    let name = match documents.len() {
        1 => "Show 1 earlier document".to_owned(),
        count if count <= NAMED => format!("Show {count} earlier documents"),
        count => format!("Show {} of {count} earlier documents", ids.len()),
    };
    let failed = RwSignal::new(None);
    let press = move |()| {
        failed.set(None);
        page.show(shown, ids.clone(), failed);
    };
    let view = view! {
        <div class="stack stack-4">
            <div class="row"><Button on_press=press>{name}</Button></div>
            <ActFailed failed/>
        </div>
    };
    Some(view.into_any())
}

fn rows(documents: &[&ObjectSeen], view: &MatterView, page: Earlier, table: Table) -> AnyView {
    let row = |seen: &&ObjectSeen| {
        let came = Came {
            object: seen.object,
            from: from(seen.from, view),
            known: seen.standing.map(|standing| identity_words::state(standing.state)),
            waits: seen.waits,
            at: clock::short_with_time(seen.arrived),
        };
        if let Some(said) = paper_row(seen) {
            return said_row(came, said);
        }
        match page.named(seen) {
            Named::Opened(meta) => opened_row(came, meta, table),
            Named::Closed => closed_row(came, table),
            Named::Sealed => {
                view! { <tr><td colspan="5"><span class="tag">"Not opened yet"</span></td></tr> }
                    .into_any()
            }
        }
    };
    view! {
        <div class="table-wrap">
            <table class="table files rows-fold">
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

/// What stands in place of an identity paper that this person, or nobody any more, can open.
fn paper_row(seen: &ObjectSeen) -> Option<String> {
    let gone = seen.shreds.filter(|shreds| *shreds <= clock::now());
    match (gone, seen.paper) {
        (Some(gone), _) => Some(format!("An identity paper, shredded on {}", clock::day(gone))),
        (None, Some(false)) => Some("An identity paper: for those who verify".to_owned()),
        (None, _) => None,
    }
}

fn from(sender: Sender, view: &MatterView) -> String {
    match sender {
        Sender::Staff(account) => view
            .seats
            .iter()
            .find(|seat| seat.account == Some(account))
            .and_then(|seat| seat.name.clone())
            .or_else(|| {
                let former = view.former.iter().find(|one| one.account == account)?;
                former.name.clone()
            })
            .unwrap_or_else(|| "A colleague".to_owned()),
        Sender::Client => match &view.description {
            Ok(about) => about.client.clone(),
            Err(_) => "The client".to_owned(),
        },
        Sender::Stranger => "Not known".to_owned(),
    }
}

/// Those whose sender this matter does not know: nothing of theirs is opened, not even the name.
fn quarantine(documents: &[&ObjectSeen]) -> AnyView {
    let count = match documents.len() {
        1 => "1 document is set apart: its sender is not known to this matter.".to_owned(),
        count => {
            format!("{count} documents are set apart: their sender is not known to this matter.")
        }
    };
    let rows = documents.iter().map(apart).collect_view();
    view! {
        <Notice tone=Tone::Warn>
            <strong>{count}</strong>
            <p>"Nothing of it is opened. Ask your client whether they sent something by another way."</p>
            <ul class="plain-list num">{rows}</ul>
        </Notice>
    }
    .into_any()
}

/// When it came, and how large its sender says that it is.
fn apart(seen: &&ObjectSeen) -> AnyView {
    let bytes = seen.named.opened().map(|meta| format!(", {}", size(meta.size)));
    view! { <li>"Received " {clock::short_with_time(seen.arrived)} {bytes}</li> }.into_any()
}
