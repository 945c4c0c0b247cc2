//! The command line of Underseal, as a library so that its tests can call it.
//!
//! - `underseal-open` ([`archive`], [`export`], [`commands`]): opens an export on any machine, and
//!   says whether it is what the firm's record says it is. No server, no browser.
//!   It also holds a live site to a signed release ([`site`]).
//! - `underseal-release` ([`release`]): the maker's side of that.
//! - `underseal-demo` ([`demo`]): fills an empty portal with a believable firm through the same
//!   client core that the browser runs.

pub mod archive;
pub mod commands;
pub mod demo;
pub mod export;
pub mod private;
pub mod receipt;
pub mod refusal;
pub mod release;
pub mod safe_name;
pub mod site;
