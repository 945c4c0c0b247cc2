//! The portal in the browser: two programs over one set of rooms.
//!
//! - `bin/client.rs` mounts [`intake::app`], `bin/desk.rs` mounts [`desk::app`].
//! - [`portal`], [`routes`]: what both begin with, and which address is which page.
//! - [`platform`], [`net`]: the browser and the network, each the only room that touches it.
//! - [`ui`]: parts without feature words.
//! - [`words`]: every sentence a client reads, in each language.
//! - one folder per feature, [`keys`], [`intake`], [`matters`], [`documents`], [`journal`], and the
//!   [`desk`] at which staff meet them.

#![allow(
    missing_docs,
    reason = "props of components are fields of generated types, named for what they are"
)]

pub mod portal;
pub mod routes;
pub mod words;

pub mod net;
pub mod platform;
pub mod ui;

pub mod desk;
pub mod documents;
pub mod intake;
pub mod journal;
pub mod keys;
pub mod matters;

// The tests within the rooms run in Chromium, where the app runs.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Starts a program in its page.
pub fn start(mount: fn()) {
    platform::crash::watch();
    portal::Fragment::keep();
    mount();
}
