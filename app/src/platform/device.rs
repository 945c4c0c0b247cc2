//! What this device calls itself, in two words, for the person in front of it.

use shared::identity::agent;

use super::page;

/// "Firefox on Linux"; "a browser" where it does not say.
#[must_use]
pub fn name() -> String {
    agent::describe(&page::window().navigator().user_agent().unwrap_or_default())
}
