//! The staff's program: the desk.

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::desk::app::DeskApp));
}
