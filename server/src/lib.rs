//! The server of Underseal: it stores ciphertext, orders signed statements, and checks everything
//! that can be checked without a key. It has no key that opens anything.
//!
//! [`router::build`] is the table of contents; a feature's folder has `routes` (handlers),
//! `policy` (who may) and `store` (SQL).

pub mod blob;
pub mod config;
pub mod db;
pub mod error;
pub mod extract;
pub mod folder;
pub mod http;
pub mod jobs;
pub mod router;
pub mod secrets;
pub mod start;
pub mod state;

pub mod documents;
pub mod identity;
pub mod intake;
pub mod journal;
pub mod keys;
pub mod matters;

pub use router::build;
