//! The staff's program: a page mounts the desk, a worker of it serves the page.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::desk::app::DeskApp));
}

/// Called by the worker's script after loading this same module.
#[wasm_bindgen]
pub fn worker_entry() {
    app::platform::worker::serve(|job, head, body| async move {
        match job {
            app::net::host::REGISTER | app::net::host::SIGN_IN => {
                let done = app::net::host::work(job, &head, body.as_deref().unwrap_or_default())?;
                Ok((done, None))
            }
            _ => app::documents::job::work(job, &head, body.as_deref()),
        }
    });
}
