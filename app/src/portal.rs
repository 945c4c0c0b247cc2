//! What both programs begin with: the link's secret part, this device's storage, the core over it.

use std::cell::{OnceCell, RefCell};

use leptos::prelude::*;
use shared::client::Portal;

use crate::net::host::BrowserHost;
use crate::platform::page;
use crate::platform::storage::Storage;

thread_local! {
    static PORTAL: OnceCell<Portal<BrowserHost>> = const { OnceCell::new() };
    static FRAGMENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The part of a link after `#`, taken out of the address before anything else looks at it.
pub struct Fragment;

impl Fragment {
    /// Reads it out of the address into memory. The first thing a program does.
    pub fn keep() {
        FRAGMENT.set(page::take_fragment());
    }

    /// Takes it, once.
    #[must_use]
    pub fn take() -> Option<String> {
        FRAGMENT.take()
    }
}

/// Opens this device's storage and says when the core stands on it.
#[must_use]
pub fn open() -> RwSignal<bool> {
    let ready = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        let storage = Storage::open().await;
        PORTAL.with(|portal| drop(portal.set(Portal::new(BrowserHost::new(storage)))));
        ready.set(true);
    });
    ready
}

/// The core over this browser.
#[must_use]
pub fn portal() -> Portal<BrowserHost> {
    PORTAL.with(|portal| portal.get().cloned()).unwrap_or_else(|| {
        // No page is drawn before the device's storage is open; memory is the honest rest.
        Portal::new(BrowserHost::new(Storage::in_memory()))
    })
}
