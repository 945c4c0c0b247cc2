//! The staff's program: a page mounts the desk, a worker of it serves the page.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::desk::app::DeskApp));
}

/// Called by the worker's script after loading this same module.
#[wasm_bindgen]
pub fn worker_entry() {
    app::platform::worker::serve(|job, head, body| match job {
        app::net::host::REGISTER | app::net::host::SIGN_IN => {
            app::net::host::work(job, head, body.unwrap_or_default())
        }
        _ => app::documents::job::work(job, head, body),
    });
}
