//! The documents of a visit: which belong to which question, and their turn to be sent.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc;
use futures::lock::Mutex;
use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::upload::Plan;
use shared::ids::ObjectId;
use shared::intake::answers::{Answer, FileRef};
use shared::intake::draft::Attached;
use shared::problem::Code;

use super::filling::Filling;
use super::place::Place;
use super::visit::Core;
use crate::documents::row::{Row, State, Wish};
use crate::documents::transfer::{Ended, Transfer, facts};
use crate::platform::file::{BlobUrl, Picked};
use crate::platform::worker::Pool;
use crate::platform::{locks, page};

/// Largest file taken here.
pub const MOST: u64 = 2 * 1024 * 1024 * 1024;

/// What stands behind a row: nothing of it may enter the reactive graph.
#[derive(Default)]
struct Behind {
    file: Option<Picked>,
    plan: Option<Plan>,
    thumb: Option<BlobUrl>,
}

struct Held {
    /// Rows live as long as the visit, and not as long as the page on which a file was chosen.
    owner: Owner,
    core: Core,
    pool: Pool,
    behind: BTreeMap<u32, Behind>,
    turns: mpsc::UnboundedSender<u32>,
    /// Joining the matter happens once, before two documents can begin together.
    door: Rc<Mutex<()>>,
}

/// The documents of a visit. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Uploads {
    filling: Filling,
    /// Rows with the question they answer.
    pub rows: RwSignal<Vec<(Place, Row)>>,
    next: StoredValue<u32>,
    held: StoredValue<Held, LocalStorage>,
}

impl Uploads {
    /// The documents of this draft: what is filed, and what must be chosen again.
    #[must_use]
    pub fn new(filling: Filling, core: Core, unfinished: Vec<Plan>) -> Self {
        let (turns, queue) = mpsc::unbounded();
        let pool = Pool::new(page::worker_count());
        let held = Held {
            owner: Owner::new(),
            core,
            pool,
            behind: BTreeMap::new(),
            turns,
            door: Rc::default(),
        };
        let uploads = Self {
            filling,
            rows: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            held: StoredValue::new_local(held),
        };
        uploads.restore(unfinished);
        leptos::task::spawn_local(uploads.take_turns(queue));
        uploads
    }

    fn restore(self, unfinished: Vec<Plan>) {
        let mut plans: BTreeMap<ObjectId, Plan> =
            unfinished.into_iter().map(|plan| (plan.object(), plan)).collect();
        for known in self.filling.draft.with_untracked(|draft| draft.documents.clone()) {
            let plan = plans.remove(&known.object);
            // A document whose last answer was lost on the way is filed although it was not noted.
            let filed = self.held.with_value(|held| {
                held.core.filed().iter().any(|filed| filed.object == known.object)
            });
            let state = if filed { State::Done } else { State::Again };
            let row = self.row(known.name.clone(), String::new(), known.size, state);
            row.object.set(Some(known.object));
            self.behind(row.id, |behind| behind.plan = plan);
            self.rows.update(|rows| rows.push((place_of(&known), row)));
        }
    }

    fn row(self, name: String, media_type: String, size: u64, state: State) -> Row {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let owner = self.held.with_value(|held| held.owner.clone());
        owner.with(|| Row::new(id, name, media_type, size, state))
    }

    fn behind<T>(self, id: u32, f: impl FnOnce(&mut Behind) -> T) -> Option<T> {
        self.held.try_update_value(|held| f(held.behind.entry(id).or_default()))
    }

    /// The rows of one question.
    #[must_use]
    pub fn at(self, place: &Place) -> Vec<Row> {
        let mine = |(at, row): &(Place, Row)| (at == place).then_some(*row);
        self.rows.with(|rows| rows.iter().filter_map(mine).collect())
    }

    /// Whether any document is not delivered yet.
    #[must_use]
    pub fn open(self) -> bool {
        self.rows.with(|rows| rows.iter().any(|(_, row)| row.state.get() != State::Done))
    }

    /// Takes files for a question. A file that continues one begun earlier goes on there.
    pub fn add(self, place: &Place, files: Vec<Picked>) {
        for file in files {
            let again = |(at, row): &&(Place, Row)| {
                at == place
                    && row.state.get_untracked() == State::Again
                    && row.size == file.size()
                    && row.name.with_value(|name| *name == file.name())
            };
            let found =
                self.rows.with_untracked(|rows| rows.iter().find(again).map(|(_, row)| *row));
            let row = found.unwrap_or_else(|| {
                let facts = facts(&file);
                let row = self.row(facts.name, facts.mime, facts.size, State::Waiting);
                self.rows.update(|rows| rows.push((place.clone(), row)));
                row
            });
            self.behind(row.id, |behind| {
                if row.thumb.with_value(Option::is_none) && is_picture(&file) {
                    behind.thumb = BlobUrl::new(&file.blob());
                    let address = behind.thumb.as_ref().map(|url| url.as_str().to_owned());
                    row.thumb.set_value(address);
                }
                behind.file = Some(file);
            });
            if row.size > MOST {
                row.state.set(State::Failed);
            } else {
                self.go(row);
            }
        }
    }

    /// Goes on with a document, when its turn comes.
    pub fn go(self, row: Row) {
        row.wish.set(Wish::Go);
        row.state.set(State::Waiting);
        self.held.with_value(|held| drop(held.turns.unbounded_send(row.id)));
    }

    /// Pauses a document.
    pub fn pause(self, row: Row) {
        row.wish.set(Wish::Pause);
        row.state.set(State::Paused);
    }

    /// Takes a document back. What the server has of an unfinished one is deleted; one that was
    /// filed is left out of what is handed in.
    pub fn remove(self, row: Row) {
        row.wish.set(Wish::Cancel);
        let done = row.state.get_untracked() == State::Done;
        self.rows.update(|rows| rows.retain(|(_, one)| one.id != row.id));
        self.write_answers();
        self.held.update_value(|held| drop(held.behind.remove(&row.id)));
        self.give_up(row.object.get_untracked().filter(|_| !done));
    }

    fn give_up(self, object: Option<ObjectId>) {
        let Some(object) = object else { return };
        let core = self.held.with_value(|held| held.core.clone());
        leptos::task::spawn_local(async move {
            // Unreachable: the server sweeps what nobody files.
            let _ = core.cancel_document(object).await;
        });
    }

    /// Follows the removal of an item of a group.
    pub fn item_removed(self, group: &str, index: usize) {
        let gone =
            |at: &Place| at.field == group && at.item.as_ref().is_some_and(|(i, _)| *i == index);
        let lost: Vec<Row> = self.rows.with_untracked(|rows| {
            rows.iter().filter(|(at, _)| gone(at)).map(|(_, row)| *row).collect()
        });
        lost.into_iter().for_each(|row| self.remove(row));
        self.rows.update(|rows| {
            for (at, _) in rows.iter_mut().filter(|(at, _)| at.field == group) {
                if let Some((i, _)) = &mut at.item
                    && *i > index
                {
                    *i -= 1;
                }
            }
        });
        self.write_answers();
    }

    /// Two documents at a time: the pool is shared, and a small one need not wait for a large one.
    async fn take_turns(self, queue: mpsc::UnboundedReceiver<u32>) {
        queue.for_each_concurrent(2, |id| self.turn(id)).await;
    }

    async fn turn(self, id: u32) {
        let row = self
            .rows
            .with_untracked(|rows| rows.iter().find(|(_, row)| row.id == id).map(|(_, row)| *row));
        let Some(row) = row.filter(|row| row.state.get_untracked() == State::Waiting) else {
            return;
        };
        let held = self.behind(id, |behind| (behind.file.clone(), behind.plan.take()));
        let Some((Some(file), plan)) = held else { return row.state.set(State::Again) };
        let (core, pool, door) = self
            .held
            .with_value(|held| (held.core.clone(), held.pool.clone(), Rc::clone(&held.door)));
        let transfer = Transfer { core: &core, pool: &pool, file: &file, row };
        let plan = match plan {
            Some(plan) => plan,
            None => {
                let begun = {
                    let _one = door.lock().await;
                    transfer.begin().await
                };
                match begun {
                    Ok(plan) => plan,
                    Err(ended) => return self.rest(row, None, ended),
                }
            }
        };
        row.object.set(Some(plan.object()));
        self.write_answers();
        let Some(_lock) = locks::take(&format!("upload/{}", plan.object())).await else {
            self.behind(id, |behind| behind.plan = Some(plan));
            return row.state.set(State::Elsewhere);
        };
        let ended = transfer.send(&plan).await;
        self.rest(row, Some(plan), ended);
    }

    fn rest(self, row: Row, plan: Option<Plan>, ended: Ended) {
        let state = match ended {
            Ended::Filed => State::Done,
            // Paused, and perhaps wanted again before the last part in flight was done.
            Ended::Stopped if row.wish.get_untracked() == Wish::Go => State::Waiting,
            Ended::Stopped => State::Paused,
            Ended::Changed => State::Changed,
            Ended::Failed(ClientError::Refused(Code::StorageFull)) => State::Full,
            Ended::Failed(_) => State::Failed,
        };
        // A file that changed begins anew, under fresh keys.
        let keep = state != State::Changed && state != State::Done;
        if row.wish.get_untracked() == Wish::Cancel {
            return self.give_up(plan.map(|plan| plan.object()));
        }
        let changed = plan.as_ref().filter(|_| state == State::Changed).map(Plan::object);
        self.give_up(changed);
        self.behind(row.id, |behind| behind.plan = plan.filter(|_| keep));
        row.state.set(state);
        self.write_answers();
        if state == State::Waiting {
            self.go(row);
        }
    }

    /// Writes the rows into the draft: answers name the sealed objects.
    fn write_answers(self) {
        let rows = self.rows.get_untracked();
        let begun = |row: &Row| row.object.get_untracked();
        let attached: Vec<Attached> = rows
            .iter()
            .filter_map(|(at, row)| {
                let filed = row.state.get_untracked() == State::Done;
                Some(attach(at, begun(row)?, row.name.get_value(), row.size, filed))
            })
            .collect();
        let mut files: Vec<(Place, Vec<FileRef>)> = Vec::new();
        for (at, row) in &rows {
            let file = begun(row).map(|object| FileRef {
                object,
                name: row.name.get_value(),
                size: row.size,
            });
            match files.iter_mut().find(|(place, _)| place == at) {
                Some((_, list)) => list.extend(file),
                None => files.push((at.clone(), file.into_iter().collect())),
            }
        }
        self.filling.draft.update(|draft| {
            let before: Vec<Place> = draft.documents.iter().map(place_of).collect();
            for place in before {
                place.set(&mut draft.answers, None);
            }
            draft.documents = attached;
            for (place, list) in files {
                let answer = Some(Answer::Files(list)).filter(|answer| !answer.is_empty());
                place.set(&mut draft.answers, answer);
            }
        });
        for (place, _) in rows {
            self.filling.touched(&place);
        }
    }

    /// The documents that are delivered.
    #[must_use]
    pub fn delivered(self) -> Vec<ObjectId> {
        let done = |(_, row): &(Place, Row)| {
            row.object.get_untracked().filter(|_| row.state.get_untracked() == State::Done)
        };
        self.rows.with_untracked(|rows| rows.iter().filter_map(done).collect())
    }

    /// Ends the workers.
    pub fn end(self) {
        self.held.with_value(|held| held.pool.end());
    }
}

fn is_picture(file: &Picked) -> bool {
    matches!(file.media_type().as_str(), "image/jpeg" | "image/png" | "image/webp")
        && file.size() < 40 * 1000 * 1000
}

/// The question that a document of a draft answers.
#[must_use]
pub fn place_of(known: &Attached) -> Place {
    match (known.item, &known.inner) {
        (Some(index), Some(inner)) => Place::inside(&known.field, usize::from(index), inner),
        _ => Place::of(&known.field),
    }
}

fn attach(at: &Place, object: ObjectId, name: String, size: u64, filed: bool) -> Attached {
    let field = at.field.clone();
    let (item, inner) = match &at.item {
        Some((index, inner)) => (u16::try_from(*index).ok(), Some(inner.clone())),
        None => (None, None),
    };
    Attached { object, field, item, inner, name, size, filed }
}
