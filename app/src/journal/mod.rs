//! The journal in the browser: every act, verified, in plain words.

pub mod fork_found;
pub mod journal_page;
pub mod progress;
pub mod words;
