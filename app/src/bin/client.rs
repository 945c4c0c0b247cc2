//! The client's program: the pages of one invitation and nothing else, so that a phone fetches only
//! what it uses. No code of the desk, of passphrases or of the directory is reached from here, and
//! the linker leaves it out.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::intake::app::ClientApp));
}

/// Called by the worker's script after loading this same module.
#[wasm_bindgen]
pub fn worker_entry() {
    app::platform::worker::serve(app::documents::job::work);
}
