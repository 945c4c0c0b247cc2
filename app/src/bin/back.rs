//! By which a client comes back: a passkey is made here, and opens the matter on any device. A program of its own, so
//! that nobody fetches it who only answers.

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::intake::back::BackApp));
}
