//! The one document in hand: being read, shown in place, saved, or refused.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::ids::{MatterId, ObjectId};
use shared::journal::statement::Verb;

use super::open::{OpenedDocument, open};
use super::preview::Preview;
use crate::desk::gate::Gate;
use crate::keys::ring::Unlocked;
use crate::net::pace::{Pace, so_far};
use crate::net::trouble::for_staff;
use crate::platform::file::save;
use crate::platform::{clock, page};
use crate::ui::button::{Button, Kind};
use crate::ui::evidence::SaveEvidence;
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Bar;

/// What is in hand.
#[derive(Clone)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// Being read and verified.
    Reading(ObjectId),
    /// Read, verified, and shown.
    Here(ObjectId, StoredValue<OpenedDocument, LocalStorage>),
    /// Refused.
    Failed(ObjectId, ClientError),
}

/// The table of documents and what is in hand of it. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Table {
    matter: MatterId,
    /// What is in hand.
    pub shown: RwSignal<Shown>,
    pace: RwSignal<Pace>,
    // A later wish ends the reading that is under way.
    turn: StoredValue<u32>,
    unlocked: Unlocked,
}

impl Table {
    /// With nothing in hand.
    #[must_use]
    pub fn of(matter: MatterId) -> Self {
        Self {
            matter,
            shown: RwSignal::new(Shown::Nothing),
            pace: RwSignal::new(Pace::new(0, 0, clock::now())),
            turn: StoredValue::new(0),
            unlocked: Unlocked::here(),
        }
    }

    /// Reads a document, to show or to save it.
    pub fn read(self, object: ObjectId, verb: Verb) {
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        self.shown.set(Shown::Reading(object));
        leptos::task::spawn_local(async move {
            let _at_work = self.unlocked.at_work();
            let told = move |done, all| self.told(mine, done, all);
            let next = match open(self.matter, object, verb, told).await {
                Ok(None) => return,
                Ok(Some(opened)) if verb == Verb::Downloaded => {
                    save(&opened.blob, &opened.name);
                    Shown::Nothing
                }
                Ok(Some(opened)) => Shown::Here(object, StoredValue::new_local(opened)),
                Err(error) => Shown::Failed(object, error),
            };
            if self.turn.try_get_value() == Some(mine) {
                let _ = self.shown.try_set(next);
            }
        });
    }

    fn told(self, mine: u32, done: u64, all: u64) -> bool {
        let now = clock::now();
        if done == 0 {
            let _ = self.pace.try_set(Pace::new(all, 0, now));
        } else {
            let _ = self.pace.try_update(|pace| pace.arrived(done - pace.done(), now));
        }
        self.turn.try_get_value() == Some(mine)
    }

    fn close(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.shown.set(Shown::Nothing);
    }
}

/// What is in hand, drawn.
#[must_use]
pub fn shown(table: Table, mark: String) -> AnyView {
    match table.shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Reading(_) => view! { <Reading table/> }.into_any(),
        Shown::Here(object, opened) => view! { <Here table object opened mark/> }.into_any(),
        Shown::Failed(object, error) => view! { <Failed table object error/> }.into_any(),
    }
}

#[component]
fn Reading(table: Table) -> impl IntoView {
    let share = Signal::derive(move || table.pace.with(Pace::share));
    let detail = Signal::derive(move || table.pace.with(so_far));
    view! {
        <div class="stack stack-2" role="status">
            <div class="row row-between">
                <strong>"Opening and verifying"</strong>
                <Button small=true kind=Kind::Quiet icon="cross" on_press=move |()| table.close()>"Cancel"</Button>
            </div>
            <Bar name="Opening and verifying" share detail/>
        </div>
    }
    .into_any()
}

#[component]
fn Here(
    table: Table,
    object: ObjectId,
    opened: StoredValue<OpenedDocument, LocalStorage>,
    mark: String,
) -> impl IntoView {
    let name = opened.with_value(|opened| opened.name.clone());
    Effect::new(move |_| {
        let _ = page::focus_id("opened-name");
    });
    view! {
        <section class="stack" aria-labelledby="opened-name">
            <div class="row row-between">
                <h2 id="opened-name" tabindex="-1" class="file-name"><bdi>{name}</bdi></h2>
                <div class="row">
                    <Button small=true icon="download" on_press=move |()| table.read(object, Verb::Downloaded)>
                        "Save"
                    </Button>
                    <Button small=true kind=Kind::Quiet icon="cross" on_press=move |()| table.close()>
                        "Close"
                    </Button>
                </div>
            </div>
            <Preview opened label=mark/>
        </section>
    }
    .into_any()
}

/// A document that does not verify is never shown; what can be shown to others is that it did not.
#[component]
fn Failed(table: Table, object: ObjectId, error: ClientError) -> impl IntoView {
    let trouble = for_staff(&error);
    let broken = trouble.broken;
    let (gate, refused) = (Gate::here(), error.clone());
    Effect::new(move |_| gate.mind(&refused));
    let said = format!("{}\nMatter: {}\nObject: {object}", error.evidence(), table.matter);
    view! {
        <TroublePanel trouble>
            {broken.then(|| view! { <SaveEvidence said/> })}
            {(!broken).then(|| view! {
                <Button kind=Kind::Primary on_press=move |()| table.read(object, Verb::Opened)>"Try again"</Button>
            })}
            <Button kind=Kind::Quiet on_press=move |()| table.close()>"Close"</Button>
        </TroublePanel>
    }
    .into_any()
}
