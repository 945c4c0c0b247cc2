//! The journal: every act of the firm, with the mark that all of it was verified.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::journal::{Actor, JournalLine, JournalSeen};
use shared::ids::{AccountId, MatterId};
use shared::journal::stream::StreamId;

use super::words::what;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::platform::file::{Parts, save};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::TextField;
use crate::ui::icon::Mark;

/// Lines drawn at once; more come on demand.
const PAGE: usize = 100;

struct Read {
    seen: JournalSeen,
    people: BTreeMap<AccountId, String>,
    matters: BTreeMap<MatterId, String>,
    at: String,
}

async fn read() -> Result<Read, ClientError> {
    let ring = ring()?;
    let seen = portal().journal(&ring).await?;
    let people = portal().people(&ring).await?;
    let people = people
        .into_iter()
        .filter_map(|person| Some((person.account, person.name.or(person.handle)?)))
        .collect();
    let matters = portal().matters(&ring).await?;
    let matters = matters
        .into_iter()
        .filter_map(|matter| Some((matter.matter, matter.description.ok()?.title)))
        .collect();
    Ok(Read { seen, people, matters, at: clock::time(clock::now()) })
}

/// The page.
#[component]
pub fn JournalPage() -> impl IntoView {
    let journal = Loaded::begin(read);
    view! {
        <div class="page">
            <header class="page-head"><Heading text="Journal"/></header>
            {journal.draw("Reading and verifying the journal", move |read| view! {
                <div class="notice good verified">
                    <Mark/>
                    <div>
                        <strong>
                            {format!(
                                "Verified up to {}: {} records, none missing, none changed.",
                                read.at,
                                read.seen.size,
                            )}
                        </strong>
                    </div>
                </div>
                <Lines read/>
            }.into_any())}
        </div>
    }
    .into_any()
}

#[component]
fn Lines(read: std::sync::Arc<Read>) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let most = RwSignal::new(PAGE);
    let note = read.seen.note.clone();
    let evidence = move |()| {
        let parts = Parts::new();
        parts.add(note.as_bytes());
        if let Some(blob) = parts.join("text/plain") {
            save(&blob, "journal-checkpoint.txt");
        }
    };
    let source = std::sync::Arc::clone(&read);
    let rows = move || {
        let wanted = wanted.get().to_lowercase();
        let all: Vec<_> = source
            .seen
            .lines
            .iter()
            .rev()
            .map(|line| (line, who(line, &source), place(line, &source)))
            .filter(|(line, who, place)| {
                let text = [who.as_str(), what(line), place.as_str()].join(" ").to_lowercase();
                text.contains(&wanted)
            })
            .take(most.get())
            .map(|(line, who, place)| row(line, who, place))
            .collect();
        all
    };
    let count = read.seen.lines.len();
    view! {
        <div class="stack stack-6 journal">
            <div class="row row-between row-end">
                <div class="grow">
                    <TextField
                        id="filter"
                        label="Show only lines with"
                        value=wanted
                        on_input=move |text| wanted.set(text)
                    />
                </div>
                <Button icon="download" on_press=evidence>"Save the checkpoint"</Button>
            </div>
            <div class="table-wrap">
                <table class="table rows-fold">
                    <caption class="sr-only">"Acts, newest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"When"</th>
                            <th scope="col">"Who"</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"Where"</th>
                            <th scope="col" class="end">"Record"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Show when=move || { most.get() < count }>
                <Button kind=Kind::Quiet on_press=move |()| most.update(|most| *most += PAGE)>
                    "Show more"
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

fn row(line: &JournalLine, who: String, place: String) -> AnyView {
    view! {
        <tr>
            <td class="nowrap">{clock::short_with_time(line.arrived)}</td>
            <td>{who}</td>
            <td>{what(line)}</td>
            <td>{place}</td>
            <td class="end num">{line.leaf}</td>
        </tr>
    }
    .into_any()
}

fn who(line: &JournalLine, read: &Read) -> String {
    match line.signer {
        Actor::Root => "The founder, with the firm's root key".to_owned(),
        Actor::Staff(account) => {
            read.people.get(&account).cloned().unwrap_or_else(|| "A colleague".to_owned())
        }
        Actor::Client(_) => "A client".to_owned(),
    }
}

fn place(line: &JournalLine, read: &Read) -> String {
    match line.place.stream {
        StreamId::Keyring => "Directory".to_owned(),
        StreamId::Forms => "Forms".to_owned(),
        StreamId::Policy => "The firm".to_owned(),
        StreamId::Matter(matter) | StreamId::Access(matter) => read
            .matters
            .get(&matter)
            .cloned()
            .unwrap_or_else(|| "The office, or a matter not yours".to_owned()),
    }
}
