//! The only fetches in the crate, and the sentences for when it fails.

pub mod client;
pub mod host;
pub mod pace;
pub mod pinned;
pub mod program;
pub mod signatures;
pub mod trouble;
