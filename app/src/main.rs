//! Where the browser comes in: a page mounts the portal, a worker of it serves the page.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    app::start();
}

/// Called by the worker's script after loading this same module.
#[wasm_bindgen]
pub fn worker_entry() {
    app::work();
}
