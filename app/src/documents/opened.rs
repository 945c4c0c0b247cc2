//! The one document in hand: being read, shown in place, saved, or refused.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::client::{ClientError, Thing};
use shared::ids::{MatterId, ObjectId};
use shared::journal::statement::Verb;

use super::open::{OpenedDocument, open};
use super::preview::Preview;
use crate::desk::gate::Gate;
use crate::keys::ring::Unlocked;
use crate::net::pace::{Pace, so_far};
use crate::net::trouble::for_staff;
use crate::platform::file::{save, shown_name};
use crate::platform::{clock, page};
use crate::ui::button::{Button, Kind};
use crate::ui::evidence::SaveEvidence;
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Bar;

/// What is in hand.
#[derive(Clone)]
pub enum InHand {
    /// Nothing.
    Nothing,
    /// Being read and verified.
    Reading(ObjectId),
    /// Read, verified, and shown.
    Here(ObjectId, StoredValue<OpenedDocument, LocalStorage>),
    /// Refused, with the name it goes by.
    Failed(ObjectId, String, ClientError),
}

/// The table of documents and what is in hand of it. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Table {
    matter: MatterId,
    /// What is in hand.
    pub shown: RwSignal<InHand>,
    /// What did not verify, for as long as the table stands.
    pub refused: RwSignal<BTreeSet<ObjectId>>,
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
            shown: RwSignal::new(InHand::Nothing),
            refused: RwSignal::new(BTreeSet::new()),
            pace: RwSignal::new(Pace::new(0, 0, clock::now())),
            turn: StoredValue::new(0),
            unlocked: Unlocked::here(),
        }
    }

    /// Reads a document, to show or to save it.
    pub fn read(self, object: ObjectId, name: String, verb: Verb) {
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        self.shown.set(InHand::Reading(object));
        leptos::task::spawn_local(async move {
            let _at_work = self.unlocked.at_work();
            let told = move |done, all| self.told(mine, done, all);
            let next = match open(self.matter, object, verb, told).await {
                Ok(None) => return,
                Ok(Some(opened)) if verb == Verb::Downloaded => {
                    save(&opened.blob, &opened.name);
                    InHand::Nothing
                }
                Ok(Some(opened)) => InHand::Here(object, StoredValue::new_local(opened)),
                Err(error) => InHand::Failed(object, name, error),
            };
            if self.turn.try_get_value() == Some(mine) {
                self.end(next);
            }
        });
    }

    /// Refuses what is known not to verify, without asking for it again.
    pub fn refuse(self, object: ObjectId) {
        self.turn.update_value(|turn| *turn += 1);
        let error = ClientError::NotVerified(Thing::Document);
        self.end(InHand::Failed(object, String::new(), error));
    }

    /// The row of what did not verify says so, also after the panel is closed.
    fn end(self, next: InHand) {
        let _ = self.refused.try_update(|refused| match &next {
            InHand::Failed(object, _, ClientError::NotVerified(_)) => drop(refused.insert(*object)),
            InHand::Here(object, _) => drop(refused.remove(object)),
            _ => {}
        });
        let _ = self.shown.try_set(next);
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
        self.shown.set(InHand::Nothing);
    }
}

/// What is in hand, drawn.
#[must_use]
pub fn shown(table: Table, mark: String) -> AnyView {
    match table.shown.get() {
        InHand::Nothing => ().into_any(),
        InHand::Reading(_) => view! { <Reading table/> }.into_any(),
        InHand::Here(object, opened) => view! { <Here table object opened mark/> }.into_any(),
        InHand::Failed(object, name, error) => {
            view! { <Failed table object name error/> }.into_any()
        }
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
    let again = name.clone();
    let keep = move |()| table.read(object, again.clone(), Verb::Downloaded);
    Effect::new(move |_| {
        let _ = page::focus_id("opened-name");
    });
    view! {
        <section class="stack" aria-labelledby="opened-name">
            <div class="row row-between">
                <h2 id="opened-name" tabindex="-1" class="file-name"><bdi>{name}</bdi></h2>
                <div class="row">
                    <Button small=true icon="download" on_press=keep>"Save"</Button>
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
fn Failed(table: Table, object: ObjectId, name: String, error: ClientError) -> impl IntoView {
    let mut trouble = for_staff(&error);
    let named = shown_name(&name);
    trouble.title = match &error {
        _ if named.is_empty() => trouble.title,
        ClientError::NotVerified(Thing::Document) => [&named, " does not verify"].concat(),
        _ => [&named, ": ", &trouble.title].concat(),
    };
    let broken = trouble.broken;
    let (gate, refused) = (Gate::here(), error.clone());
    Effect::new(move |_| gate.mind(&refused));
    let said = format!("{}\nMatter: {}\nObject: {object}", error.evidence(), table.matter);
    let again = move |()| table.read(object, name.clone(), Verb::Opened);
    view! {
        <TroublePanel trouble>
            {broken.then(|| view! { <SaveEvidence said/> })}
            {(!broken).then(|| view! {
                <Button kind=Kind::Primary on_press=again>"Try again"</Button>
            })}
            <Button kind=Kind::Quiet on_press=move |()| table.close()>"Close"</Button>
        </TroublePanel>
    }
    .into_any()
}
