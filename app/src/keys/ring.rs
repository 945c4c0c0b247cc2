//! The unlocked keys, outside the reactive graph: signals only know whether there are any, and
//! whose.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use shared::client::{ClientError, Ring};
use shared::journal::policy::SessionRules;

use crate::platform::channel::{self, Told};
use crate::platform::clock;
use crate::platform::locks::{self, Held};
use crate::portal::portal;

/// The keys are locked when nobody touched the page for as long as the firm's policy says, and when they were
/// open for as long as it says in any case.
const LOOK_EVERY: core::time::Duration = core::time::Duration::from_secs(10);
/// How often the policy is read again.
const READ_EVERY: u64 = 5 * 60 * 1000;
/// How often the other tabs are told that somebody is here.
const TELL_EVERY: u64 = 5 * 1000;
/// Work that is under way puts the lock off, but not for ever: a server that answers drop by drop
/// must not keep the keys open in an empty room.
const WORK_MILLIS: u64 = 8 * 60 * 60 * 1000;
/// Shared by the tabs in which something is at work.
const WORK_LOCK: &str = "underseal/at-work";

thread_local! {
    static RING: RefCell<Option<Rc<Ring>>> = const { RefCell::new(None) };
    static AT_WORK: Cell<usize> = const { Cell::new(0) };
    /// Says so to the other tabs.
    static WORKS: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// Whose keys are unlocked, as far as the eye needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The firm's name; empty in accounts made before it was kept that may not enter the office room.
    pub firm: String,
    /// The person's name, or the sign-in name.
    pub name: String,
    /// Whether the person may open matters.
    pub opens_matters: bool,
}

/// Why keys were locked, when nobody pressed the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody touched the page for so many minutes.
    Left(u32),
    /// They were open for as long as the firm allows.
    Old,
    /// The server ended the session, or no longer knows it.
    Ended,
}

/// Whether keys are unlocked. Cheap to copy about.
#[derive(Debug, Clone, Copy)]
pub struct Unlocked {
    who: RwSignal<Option<Who>>,
    touched: StoredValue<u64>,
    since: StoredValue<u64>,
    rules: StoredValue<SessionRules>,
    read: StoredValue<u64>,
    why: RwSignal<Option<Why>>,
}

impl Unlocked {
    /// Made once by the app. Locks when the reader is away, and when another tab locks.
    pub fn provide() -> Self {
        let now = || StoredValue::new(clock::now().0);
        let (touched, since, read) = (now(), now(), now());
        let rules = StoredValue::new(SessionRules::DEFAULT);
        let (who, why) = (RwSignal::new(None), RwSignal::new(None));
        let unlocked = Self { who, touched, since, rules, read, why };
        channel::hear(move |told| {
            if told == Told::Lock {
                unlocked.forget();
            }
        });
        channel::hear_touch(move || touched.set_value(clock::now().0));
        for event in ["pointerdown", "keydown", "wheel"] {
            let handle = window_event_listener_untyped(event, move |_| unlocked.touch());
            on_cleanup(move || handle.remove());
        }
        // A device that slept looks before anything is touched.
        for event in ["focus", "pageshow"] {
            let handle = window_event_listener_untyped(event, move |_| unlocked.lock_if_left());
            on_cleanup(move || handle.remove());
        }
        // As long as the page.
        let look = move || {
            unlocked.lock_if_left();
            unlocked.stand_witness();
            unlocked.read_rules();
        };
        let _ = set_interval_with_handle(look, LOOK_EVERY);
        provide_context(unlocked);
        unlocked
    }

    /// The app's.
    ///
    /// # Panics
    /// Outside the app.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// Whose, or nobody's.
    #[must_use]
    pub fn who(self) -> Option<Who> {
        self.who.get()
    }

    /// Whose, at this moment only.
    #[must_use]
    pub fn who_now(self) -> Option<Who> {
        self.who.get_untracked()
    }

    /// Whether there are any.
    #[must_use]
    pub fn any(self) -> bool {
        self.who.with(Option::is_some)
    }

    /// Takes charge of unlocked keys and learns whose they are.
    pub async fn take(self, ring: Ring) {
        // What is wrong with names is said by the page that reads next, a fork, too: it needs an unlocked desk.
        let greeting = portal().greeting(&ring).await.unwrap_or_default();
        let name = greeting.person.or_else(|| ring.handle().ok()).unwrap_or_default();
        let firm = greeting.firm.unwrap_or_default();
        let opens_matters = ring.opens_matters().unwrap_or_default();
        self.rules.set_value(portal().kept_rules(&ring).await.unwrap_or(SessionRules::DEFAULT));
        RING.set(Some(Rc::new(ring)));
        self.stand_witness();
        let now = clock::now().0;
        self.touched.set_value(now);
        self.since.set_value(now);
        self.read.set_value(0);
        self.read_rules();
        self.why.set(None);
        self.who.set(Some(Who { firm, name, opens_matters }));
    }

    /// Stands witness to the journal, now and then while somebody is here. Nobody waits for it; a fork
    /// that it finds is kept, and shown by the next page that reads.
    fn stand_witness(self) {
        let Ok(ring) = ring() else { return };
        leptos::task::spawn_local(async move {
            let _ = portal().stand_witness(&ring).await;
        });
    }

    /// Reads now and then how long the firm lets its people stay. Nobody waits for it.
    pub fn read_rules(self) {
        let Ok(ring) = ring() else { return };
        let now = clock::now().0;
        if now.saturating_sub(self.read.get_value()) < READ_EVERY {
            return;
        }
        self.read.set_value(now);
        leptos::task::spawn_local(async move {
            if let Ok(rules) = portal().session_rules(&ring).await {
                let _ = self.rules.try_set_value(rules);
                self.lock_if_left();
            }
        });
    }

    /// What the firm just said of it holds here at once.
    pub fn set_rules(self, rules: SessionRules) {
        self.rules.set_value(rules);
    }

    /// Somebody is here, unless nobody was for too long.
    fn touch(self) {
        self.lock_if_left();
        let now = clock::now().0;
        // Whoever comes back while something is at work does not open for longer what was left.
        if now.saturating_sub(self.touched.get_value()) >= self.rules.get_value().idle() {
            return;
        }
        let told = now.saturating_sub(self.touched.get_value()) < TELL_EVERY;
        if !told {
            channel::tell_touch();
            self.touched.set_value(now);
        }
    }

    /// Locks here and in the other tabs, and ends the session; nothing that was verified stays here.
    pub fn lock(self) {
        channel::tell(Told::Lock);
        if let Some(ring) = RING.take() {
            ring.lock();
            leptos::task::spawn_local(async move {
                // Unreachable: the session ends by itself, the keys are gone already.
                let _ = portal().sign_out(&ring).await;
            });
        }
        self.who.set(None);
    }

    /// The same when nobody asked for it: whoever comes back finds what was verified, sealed. What is at work in
    /// another tab keeps its keys and its session when this one was merely left; that tab locks all when it is done.
    fn lock_meanwhile(self, why: Why) {
        let merely_left = matches!(why, Why::Left(_));
        if !merely_left {
            channel::tell(Told::Lock);
        }
        if let Some(ring) = RING.take() {
            ring.lock();
            leptos::task::spawn_local(async move {
                if merely_left {
                    if locks::is_held(WORK_LOCK).await {
                        return;
                    }
                    channel::tell(Told::Lock);
                }
                let _ = portal().end_session(&ring).await;
            });
        }
        self.who.set(None);
        self.why.set(Some(why));
    }

    /// Locks when nobody touched the page for long, and nothing is under way that needs the keys; and when they
    /// were open for long, whatever is under way.
    fn lock_if_left(self) {
        let (now, rules) = (clock::now().0, self.rules.get_value());
        let away = now.saturating_sub(self.touched.get_value());
        let most = if AT_WORK.get() == 0 { rules.idle() } else { WORK_MILLIS };
        let old = now.saturating_sub(self.since.get_value()) >= rules.absolute();
        if (old || away >= most) && self.who.with_untracked(Option::is_some) {
            let left = Why::Left(rules.idle_minutes);
            self.lock_meanwhile(if old { Why::Old } else { left });
        }
    }

    /// Locks because there is no session any more.
    pub fn lock_at_end(self) {
        self.lock_meanwhile(Why::Ended);
    }

    /// Why the keys were locked, when nobody pressed the button.
    #[must_use]
    pub fn why(self) -> Option<Why> {
        self.why.get()
    }

    /// What is said of it elsewhere is not said twice.
    pub fn explained(self) {
        self.why.set(None);
    }

    /// To be held while something is under way that needs the keys to its end, an export for
    /// instance: the lock that comes by itself waits for it. A person's own lock does not.
    #[must_use]
    pub fn at_work(self) -> AtWork {
        AT_WORK.set(AT_WORK.get() + 1);
        if AT_WORK.get() == 1 {
            leptos::task::spawn_local(async {
                let held = locks::share(WORK_LOCK).await;
                if AT_WORK.get() > 0 {
                    WORKS.set(held);
                }
            });
        }
        AtWork(self)
    }

    fn forget(self) {
        if let Some(ring) = RING.take() {
            ring.lock();
        }
        self.who.set(None);
    }
}

/// Something is under way; see [`Unlocked::at_work`].
pub struct AtWork(Unlocked);

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.set(AT_WORK.get().saturating_sub(1));
        let (unlocked, works) = (self.0, (AT_WORK.get() == 0).then(|| WORKS.take()).flatten());
        leptos::task::spawn_local(async move {
            // Else this tab would take itself for another one that is at work.
            if let Some(works) = works {
                works.give_back().await;
            }
            // What was due meanwhile is done at once.
            unlocked.lock_if_left();
        });
    }
}

/// The unlocked keys.
///
/// # Errors
/// [`ClientError::Locked`].
pub fn ring() -> Result<Rc<Ring>, ClientError> {
    RING.with_borrow(|ring| ring.clone())
        .filter(|ring| !ring.is_locked())
        .ok_or(ClientError::Locked)
}
