//! What runs in the portal's Web Workers, and the few things that the page must know of it.
//!
//! A program of its own, small, because every worker holds a copy of its memory, and compiled for
//! speed, because it seals. A page fetches it when it has something to seal, never before.
//!
//! - [`serve`]: answers the page's tasks; `app/src/platform/worker.rs` is the other side.
//! - [`documents`], [`passphrase`], [`signatures`]: the jobs.
//! - [`frame`], [`outside`], [`pieces`]: bytes between page, worker and browser.
//! - [`digest`]: SHA-256 by the browser.

pub mod digest;
pub mod documents;
pub mod frame;
pub mod outside;
pub mod passphrase;
pub mod pieces;
pub mod serve;
pub mod signatures;

// Its tests want what a browser has: blobs and streams.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
