//! Documents that somebody of the firm adds to a matter: the same way as a client's, and set apart
//! from them by who signed.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::staff_filing::StaffFiling;
use shared::ids::MatterId;

use super::file_row::{FileRow, Press};
use super::picker::Picker;
use super::queue::Queue;
use super::row::{Row, State};
use super::transfer::facts;
use crate::desk::gate::Gate;
use crate::keys::ring::{AtWork, Unlocked, ring};
use crate::net::host::BrowserHost;
use crate::platform::file::Picked;
use crate::portal::portal;

#[derive(Clone, Copy)]
struct Adding {
    rows: RwSignal<Vec<Row>>,
    queue: Queue<StaffFiling<BrowserHost>>,
}

impl Adding {
    fn begin(matter: MatterId, on_filed: Callback<()>) -> Result<Self, ClientError> {
        let filing = portal().filing(&*ring()?, matter);
        let adding = Self { rows: RwSignal::new(Vec::new()), queue: Queue::new(filing) };
        let gate = Gate::here();
        adding.queue.on_change(Callback::new(move |failed: Option<ClientError>| {
            if let Some(error) = failed {
                gate.mind(&error);
            }
            adding.settle(on_filed);
        }));
        adding.put_the_lock_off();
        // Whoever leaves the page, or locks it, stops here: nothing of it stays on the device.
        on_cleanup(move || adding.queue.stop());
        Ok(adding)
    }

    /// The lock that comes by itself waits while a document is on its way.
    fn put_the_lock_off(self) {
        let unlocked = Unlocked::here();
        let working = StoredValue::new_local(None::<AtWork>);
        Effect::new(move |_| {
            let busy = self.rows.with(|rows| rows.iter().any(|row| !row.state.get().rests()));
            let held = working.with_value(Option::is_some);
            if busy != held {
                working.set_value(busy.then(|| unlocked.at_work()));
            }
        });
    }

    fn add(self, files: Vec<Picked>) {
        for file in files {
            let facts = facts(&file);
            let row = self.queue.row(facts.name, facts.mime, facts.size, State::Waiting);
            self.rows.update(|rows| rows.push(row));
            self.queue.take(row, file);
        }
    }

    /// The list above is read anew once all that can be filed is.
    fn settle(self, on_filed: Callback<()>) {
        let state = |row: &Row| row.state.get_untracked();
        let Some(rows) = self.rows.try_get_untracked() else { return };
        let filed = rows.iter().any(|row| state(row) == State::Done);
        if filed && rows.iter().all(|row| state(row).rests()) {
            self.rows.update(|rows| rows.retain(|row| state(row) != State::Done));
            let _ = on_filed.try_run(());
        }
    }

    fn press(self, row: Row, press: Press) {
        match press {
            Press::Pause => self.queue.pause(row),
            Press::Go => self.queue.go(row),
            Press::Remove => {
                self.rows.update(|rows| rows.retain(|one| one.id != row.id));
                self.queue.remove(row);
            }
        }
    }
}

/// Choosing documents, and those on their way.
#[component]
pub fn AddDocuments(matter: MatterId, #[prop(into)] on_filed: Callback<()>) -> impl IntoView {
    let Ok(adding) = Adding::begin(matter, on_filed) else { return ().into_any() };
    view! {
        <section class="stack stack-2" aria-labelledby="add-documents-title">
            <h2 id="add-documents-title">"Add documents of your own"</h2>
            <p class="muted">
                "They are sealed in this browser with the key of this matter and stand beside your \
                 client’s, under your name. Your client does not see them."
            </p>
            <Picker
                id="add-documents".to_owned()
                accept=String::new()
                several=true
                on_files=move |files| adding.add(files)
            />
            <ul class="files" hidden=move || adding.rows.with(Vec::is_empty)>
                <For each=move || adding.rows.get() key=|row| row.id let:row>
                    <FileRow row on_press=move |press| adding.press(row, press)/>
                </For>
            </ul>
        </section>
    }
    .into_any()
}
