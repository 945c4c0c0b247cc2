//! What is provided to everything, in order, and the one place where an address becomes a page.

use std::cell::{OnceCell, RefCell};

use leptos::prelude::*;
use shared::client::Portal;

use crate::net::host::BrowserHost;
use crate::platform::page;
use crate::platform::storage::Storage;
use crate::routes::{Nav, Page};
use crate::ui::live::{LiveRegion, Voice};

thread_local! {
    static PORTAL: OnceCell<Portal<BrowserHost>> = const { OnceCell::new() };
    static FRAGMENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The part of a link after `#`, taken out of the address before anything else looks at it.
pub struct Fragment;

impl Fragment {
    /// Reads it out of the address into memory. The first thing the app does.
    pub fn keep() {
        FRAGMENT.set(page::take_fragment());
    }

    /// Takes it, once.
    #[must_use]
    pub fn take() -> Option<String> {
        FRAGMENT.take()
    }
}

/// The core over this browser.
///
/// # Panics
/// Before [`App`] is drawn, which waits for it.
#[must_use]
pub fn portal() -> Portal<BrowserHost> {
    PORTAL.with(|portal| portal.get().cloned()).unwrap_or_else(|| {
        // Nothing is drawn before the core is there; a page in memory is the honest rest.
        Portal::new(BrowserHost::new(Storage::in_memory()))
    })
}

/// The whole portal.
#[component]
pub fn App() -> impl IntoView {
    let voice = Voice::provide();
    let nav = Nav::provide();
    let ready = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        let storage = Storage::open().await;
        PORTAL.with(|portal| drop(portal.set(Portal::new(BrowserHost::new(storage)))));
        ready.set(true);
    });
    // The steps of an invitation are one page: it must not be drawn anew between them.
    let place = Memo::new(move |_| match nav.page() {
        Page::Intake(id, _) => Page::Intake(id, crate::routes::Step::Arrival),
        other => other,
    });
    let shown = move || {
        if !ready.get() {
            return ().into_any();
        }
        match place.get() {
            Page::Intake(invite, _) => {
                view! { <crate::intake::page::IntakePage invite/> }.into_any()
            }
            _ => ().into_any(),
        }
    };
    view! {
        {shown}
        <LiveRegion voice/>
    }
}
