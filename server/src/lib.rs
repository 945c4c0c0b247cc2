//! The server of Underseal: it stores ciphertext, orders signed statements, and checks everything
//! that can be checked without a key. It has no key that opens anything.
//!
//! [`router::build`] is the table of contents; a feature's folder has `routes` (handlers),
//! `policy` (who may) and `store` (SQL).

pub mod config;
pub mod state;
pub mod start;
pub mod secrets;
pub mod router;
pub mod error;
pub mod http;
pub mod extract;
pub mod db;
pub mod blob;
pub mod jobs;

pub mod identity;
pub mod keys;
pub mod matters;
pub mod intake;
pub mod documents;
pub mod journal;

pub use router::build;
