//! Documents that wait for their turn to be sealed and sent, whoever hands them in.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc;
use futures::lock::Mutex;
use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::filing::Filing;
use shared::client::upload::Plan;
use shared::ids::ObjectId;
use shared::problem::Code;

use super::row::{Row, State, Wish};
use super::transfer::{Ended, Transfer};
use crate::net::host::BrowserHost;
use crate::net::program;
use crate::platform::file::Picked;
use crate::platform::worker::Pool;
use crate::platform::{locks, page};

/// Largest file taken here.
pub const MOST: u64 = 2 * 1024 * 1024 * 1024;

/// What stands behind a row: nothing of it may enter the reactive graph.
struct Behind {
    row: Row,
    file: Option<Picked>,
    plan: Option<Plan>,
}

struct Held<F> {
    /// Rows live as long as the queue, and that as long as the program: what is under way looks at
    /// them, and the part of the page on which a file was chosen may be gone by then.
    owner: Owner,
    core: F,
    pool: Pool,
    behind: BTreeMap<u32, Behind>,
    next: u32,
    turns: mpsc::UnboundedSender<u32>,
    /// The first document makes sure that the matter takes any: not two of them at once.
    door: Rc<Mutex<()>>,
    /// Told whenever a row has another object or another state, and of what went wrong with it.
    changed: Option<Callback<Option<ClientError>>>,
}

/// The queue. Cheap to copy about.
pub struct Queue<F: 'static>(StoredValue<Held<F>, LocalStorage>);

impl<F> Clone for Queue<F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F> Copy for Queue<F> {}

impl<F: Filing<BrowserHost> + Clone + 'static> Queue<F> {
    /// A queue with workers of its own; [`Queue::end`] ends them.
    #[must_use]
    pub fn new(core: F) -> Self {
        let (turns, waiting) = mpsc::unbounded();
        let (before, owner) = (Owner::current(), Owner::new_root(None));
        let held = Held {
            owner: owner.clone(),
            core,
            pool: Pool::new(page::worker_count(), program::load),
            behind: BTreeMap::new(),
            next: 0,
            turns,
            door: Rc::default(),
            changed: None,
        };
        let queue = Self(owner.with(|| StoredValue::new_local(held)));
        // A root makes itself the present owner; whoever draws the page goes on owning what follows.
        if let Some(before) = before {
            before.set();
        }
        leptos::task::spawn_local(queue.take_turns(waiting));
        queue
    }

    /// Whom to tell of changes.
    pub fn on_change(self, changed: Callback<Option<ClientError>>) {
        self.0.update_value(|held| held.changed = Some(changed));
    }

    /// A row, with what is known behind it so far.
    #[must_use]
    pub fn row(self, name: String, media_type: String, size: u64, state: State) -> Row {
        let (id, owner) = self.0.with_value(|held| (held.next, held.owner.clone()));
        let row = owner.with(|| Row::new(id, name, media_type, size, state));
        self.0.update_value(|held| {
            held.next += 1;
            drop(held.behind.insert(id, Behind { row, file: None, plan: None }));
        });
        row
    }

    /// Puts a document that was begun in an earlier visit behind its row.
    pub fn begun(self, row: Row, plan: Option<Plan>) {
        self.behind(row.id, |behind| behind.plan = plan);
    }

    /// Puts a file behind its row, and gives it a turn.
    pub fn take(self, row: Row, file: Picked) {
        self.behind(row.id, |behind| behind.file = Some(file));
        if row.size > MOST {
            row.state.set(State::Failed);
        } else {
            self.go(row);
        }
    }

    /// Goes on with a document, when its turn comes.
    pub fn go(self, row: Row) {
        row.wish.set(Wish::Go);
        row.state.set(State::Waiting);
        self.0.with_value(|held| drop(held.turns.unbounded_send(row.id)));
    }

    /// Pauses a document.
    pub fn pause(self, row: Row) {
        row.wish.set(Wish::Pause);
        row.state.set(State::Paused);
    }

    /// Takes a document out of the queue. What the server has of an unfinished one is deleted.
    pub fn remove(self, row: Row) {
        row.wish.set(Wish::Cancel);
        let done = row.state.get_untracked() == State::Done;
        self.0.update_value(|held| drop(held.behind.remove(&row.id)));
        self.give_up(row.object.get_untracked().filter(|_| !done));
    }

    /// Ends the workers.
    pub fn end(self) {
        self.0.with_value(|held| held.pool.end());
    }

    /// Gives up whatever is not filed, and ends the workers.
    pub fn stop(self) {
        let rows: Vec<Row> =
            self.0.with_value(|held| held.behind.values().map(|behind| behind.row).collect());
        rows.into_iter().for_each(|row| self.remove(row));
        self.end();
    }

    fn behind<T>(self, id: u32, f: impl FnOnce(&mut Behind) -> T) -> Option<T> {
        self.0.try_update_value(|held| held.behind.get_mut(&id).map(f)).flatten()
    }

    fn changed(self, failed: Option<ClientError>) {
        if let Some(changed) = self.0.with_value(|held| held.changed) {
            // Whoever wanted to know may be gone.
            let _ = changed.try_run(failed);
        }
    }

    fn give_up(self, object: Option<ObjectId>) {
        let Some(object) = object else { return };
        let core = self.0.with_value(|held| held.core.clone());
        leptos::task::spawn_local(async move {
            // Unreachable: the server sweeps what nobody files.
            let _ = core.cancel_document(object).await;
        });
    }

    /// Two documents at a time: the pool is shared, and a small one need not wait for a large one.
    async fn take_turns(self, waiting: mpsc::UnboundedReceiver<u32>) {
        waiting.for_each_concurrent(2, |id| self.turn(id)).await;
    }

    async fn turn(self, id: u32) {
        let held = self.behind(id, |behind| {
            let waits = behind.row.state.get_untracked() == State::Waiting;
            waits.then(|| (behind.row, behind.file.clone(), behind.plan.take()))
        });
        let Some(Some((row, file, plan))) = held else { return };
        let Some(file) = file else { return row.state.set(State::Again) };
        let (core, pool, door) =
            self.0.with_value(|held| (held.core.clone(), held.pool.clone(), Rc::clone(&held.door)));
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
        self.changed(None);
        let Some(_lock) = locks::take(&format!("upload/{}", plan.object())).await else {
            self.begun(row, Some(plan));
            return row.state.set(State::Elsewhere);
        };
        let ended = transfer.send(&plan).await;
        self.rest(row, Some(plan), ended);
    }

    fn rest(self, row: Row, plan: Option<Plan>, ended: Ended) {
        let failed = if let Ended::Failed(error) = &ended { Some(error.clone()) } else { None };
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
        self.begun(row, plan.filter(|_| keep));
        row.state.set(state);
        self.changed(failed);
        if state == State::Waiting {
            self.go(row);
        }
    }
}
