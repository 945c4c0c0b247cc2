//! The portal in the browser.
//!
//! - [`app`], [`routes`]: what is provided to everything, and which address is which page.
//! - [`platform`], [`net`]: the browser and the network, each the only room that touches it.
//! - [`ui`]: parts without feature words.
//! - [`words`]: every sentence a client reads, in each language.
//! - one folder per feature, [`keys`], [`intake`], [`matters`], [`documents`], [`journal`], and the
//!   [`desk`] at which staff meet them.

#![allow(
    missing_docs,
    reason = "props of components are fields of generated types, named for what they are"
)]

pub mod app;
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

use leptos::prelude::*;

/// Mounts the portal into the page; in a worker there is no page, and nothing happens.
pub fn start() {
    if !platform::page::exists() {
        return;
    }
    platform::crash::watch();
    app::Fragment::keep();
    mount_to_body(app::App);
}

/// Serves the page from a worker.
pub fn work() {
    platform::worker::serve(|job, head, body| async move {
        match job {
            net::host::REGISTER | net::host::SIGN_IN => {
                let done = net::host::work(job, &head, body.as_deref().unwrap_or_default())?;
                Ok((done, None))
            }
            _ => documents::job::work(job, &head, body.as_deref()),
        }
    });
}
