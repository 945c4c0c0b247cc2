//! What the app asks of a browser, asked of a real one: the device's storage, tabs beside each
//! other, the secret in an address, files, and workers.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod address;
mod files;
mod script;
mod storage;
mod tabs;
mod workers;

/// Called by the worker's script, in a worker only.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn worker_entry() {
    workers::entry();
}

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
