//! What the desk does by itself while somebody is there: it finds out soon when the session ended, and
//! finishes the new keys that matters are owed since somebody left the firm.

use std::cell::Cell;
use std::rc::Rc;

use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use shared::client::ClientError;
use shared::identity::wire::Session;

use super::gate::Gate;
use super::shelf::Shelf;
use crate::keys::ring::{Unlocked, ring};
use crate::platform::{clock, visibility};
use crate::portal::portal;

/// Somebody whose time with the firm ends has everything closed within five seconds.
const LOOK_EVERY: core::time::Duration = core::time::Duration::from_secs(4);

/// Asks now and then whether there is a session; without one, everything opened leaves the page.
pub fn watch_session() {
    let gate = Gate::here();
    let asking = StoredValue::new(false);
    let every = Rc::new(Cell::new(None::<IntervalHandle>));
    let mine = Rc::clone(&every);
    let look = move || {
        // A desk that is gone asks nothing any more, however it went.
        let Some(busy) = asking.try_get_value() else {
            return mine.take().iter().for_each(IntervalHandle::clear);
        };
        if visibility::hidden() || busy {
            return;
        }
        let Ok(with) = ring() else { return };
        asking.set_value(true);
        leptos::task::spawn_local(async move {
            let session = portal().session().await;
            let _ = asking.try_set_value(false);
            if matches!(session, Ok(Session::None)) {
                gate.shut(Some(&with));
            }
        });
    };
    if let Ok(handle) = set_interval_with_handle(look, LOOK_EVERY) {
        every.set(Some(handle));
        on_cleanup(move || handle.clear());
    }
}

/// The new keys that matters are owed. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Turning {
    /// How many of how many have theirs, while it is under way.
    pub so_far: RwSignal<Option<(usize, usize)>>,
    /// What went wrong, the last time.
    pub failed: RwSignal<Option<ClientError>>,
    stopped: StoredValue<bool>,
    unlocked: Unlocked,
    shelf: Shelf,
}

impl Turning {
    /// Made once by the desk, and begun: what somebody else did not finish is finished here.
    pub fn provide(shelf: Shelf) -> Self {
        let turning = Self {
            so_far: RwSignal::new(None),
            failed: RwSignal::new(None),
            stopped: StoredValue::new(false),
            unlocked: Unlocked::here(),
            shelf,
        };
        provide_context(turning);
        turning.begin();
        turning
    }

    /// The desk's.
    ///
    /// # Panics
    /// Outside the desk.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// Gives new keys to all matters that are owed one. Nobody waits for it.
    pub fn begin(self) {
        if self.so_far.with_untracked(Option::is_some) {
            return;
        }
        let Ok(ring) = ring() else { return };
        self.stopped.set_value(false);
        self.failed.set(None);
        self.so_far.set(Some((0, 0)));
        leptos::task::spawn_local(async move {
            let at_work = self.unlocked.at_work();
            let turned =
                portal().turn_keys(&ring, async |done, of| self.tell(done, of).await).await;
            drop(at_work);
            let _ = self.so_far.try_set(None);
            match turned {
                Ok(turned) if turned.turned > 0 => self.shelf.0.again(),
                Ok(_) | Err(ClientError::Locked) => {}
                Err(error) => drop(self.failed.try_set(Some(error))),
            }
        });
    }

    /// What is not done yet is done the next time somebody signs in who may.
    pub fn stop(self) {
        self.stopped.set_value(true);
    }

    /// Gives the page a moment to draw it, and to hear its reader.
    async fn tell(self, done: usize, of: usize) -> bool {
        let _ = self.so_far.try_set(Some((done, of)));
        clock::sleep(0).await;
        // The desk may be gone by now.
        self.stopped.try_get_value() == Some(false)
    }
}
