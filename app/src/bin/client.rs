//! The client's program: the pages of one invitation and nothing else, so that a phone fetches only
//! what it uses. No code of the desk, of passphrases or of the directory is reached from here, and
//! the linker leaves it out.

fn main() {
    app::start(|| leptos::prelude::mount_to_body(app::intake::app::ClientApp));
}
