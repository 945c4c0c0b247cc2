//! The journal in the browser: every act, verified, in plain words.

pub mod journal_page;
pub mod words;
