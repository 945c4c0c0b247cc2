//! The journal: every act of the firm, with the mark that all of it was verified.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::journal::{Actor, JournalLine, JournalSeen};
use shared::ids::{AccountId, MatterId};
use shared::journal::stream::StreamId;

use super::progress::{Progress, SoFar, Telling};
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
use crate::ui::notice::{Notice, Tone};

/// Lines drawn at once; more come on demand.
const PAGE: usize = 100;

struct Read {
    seen: JournalSeen,
    people: BTreeMap<AccountId, String>,
    matters: BTreeMap<MatterId, String>,
    at: String,
}

async fn read(shown: SoFar) -> Result<Read, ClientError> {
    let ring = ring()?;
    let telling = Telling::begin(shown);
    let seen = portal().journal(&ring, async |done, size| telling.tell(done, size).await).await?;
    let people = portal().people(&ring).await?;
    let people = people
        .into_iter()
        .filter_map(|person| Some((person.account, person.name.or(person.handle)?)))
        .collect();
    let matters = portal().matters(&ring).await?;
    let matters = matters
        .into_iter()
        .filter_map(|matter| {
            let about = matter.description.ok()?;
            Some((matter.matter, [about.client, about.title].join(", ")))
        })
        .collect();
    Ok(Read { seen, people, matters, at: clock::time(clock::now()) })
}

/// The page.
#[component]
pub fn JournalPage() -> impl IntoView {
    let shown = SoFar::new(None);
    let journal = Loaded::begin(move || read(shown));
    view! {
        <div class="page">
            <header class="page-head"><Heading text="Journal"/></header>
            <Progress shown/>
            {journal.draw("Reading and verifying the journal", move |read| view! {
                <div class="notice good verified">
                    <Mark/>
                    <div>
                        <strong>
                            {format!(
                                "Verified up to {}: records 0 to {}, none missing, none changed.",
                                read.at,
                                read.seen.size.saturating_sub(1),
                            )}
                        </strong>
                    </div>
                </div>
                {backwards(&read.seen)}
                <Lines read/>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// Where the server's own times contradict one another.
fn backwards(seen: &JournalSeen) -> Option<AnyView> {
    let at = usize::try_from(seen.backwards?).ok()?;
    let [before, line] = seen.lines.get(at.checked_sub(1)?..=at)? else { return None };
    let said = format!(
        "The server says that record {} arrived at {}, and the record before it at {}. Its clock was set \
         back by more than an hour, or it does not tell when things arrived.",
        line.leaf,
        clock::day_and_time(line.arrived),
        clock::day_and_time(before.arrived),
    );
    Some(
        view! {
            <Notice tone=Tone::Warn>
                <p><strong>"The times do not run forward"</strong></p>
                <p>{said}</p>
                <p>
                    "The records themselves are verified. Ask the person who looks after the portal \
                     about the server’s clock."
                </p>
            </Notice>
        }
        .into_any(),
    )
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
    let found = Memo::new(move |_| {
        let wanted = wanted.get().to_lowercase();
        let lines = source.seen.lines.iter().enumerate().rev();
        let holds = |(_, line): &(usize, &JournalLine)| {
            let (who, place) = (who(line, &source), place(line, &source));
            [who.as_str(), what(line), &place].join(" ").to_lowercase().contains(&wanted)
        };
        lines.filter(holds).map(|(at, _)| at).collect::<Vec<_>>()
    });
    let rows = move || {
        let shown = found.get().into_iter().take(most.get());
        let lines = shown.filter_map(|at| read.seen.lines.get(at));
        lines.map(|line| row(line, who(line, &read), place(line, &read))).collect::<Vec<_>>()
    };
    let none = Memo::new(move |_| found.with(Vec::is_empty));
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
                <Button icon="download" on_press=evidence>"Save proof of this state"</Button>
            </div>
            <Show when=move || none.get()>
                <div class="row" role="status">
                    <p class="muted">"No record has these words."</p>
                    <Button kind=Kind::Quiet on_press=move |()| wanted.set(String::new())>
                        "Show all"
                    </Button>
                </div>
            </Show>
            <div class="table-wrap" hidden=move || none.get()>
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
            <Show when=move || { most.get() < found.with(Vec::len) }>
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
            <td class="nowrap" data-name="When">{clock::short_with_time(line.arrived)}</td>
            <td data-name="Who">{who}</td>
            <td data-name="What">{what(line)}</td>
            <td data-name="Where">{place}</td>
            <td class="end num">{line.leaf}</td>
        </tr>
    }
    .into_any()
}

fn who(line: &JournalLine, read: &Read) -> String {
    match line.signer {
        Actor::Root => "The founder, with the firm’s root key".to_owned(),
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
        StreamId::Reviews => "Reviews of access".to_owned(),
        StreamId::Matter(matter) | StreamId::Access(matter) => read
            .matters
            .get(&matter)
            .cloned()
            .unwrap_or_else(|| "The office, or a matter not yours".to_owned()),
    }
}
