//! Everything both sides of Underseal must agree on. No I/O, no clock, no DOM; compiles for host
//! and wasm.
//!
//! - [`ids`], [`encoding`], [`time`], [`secret`]: small types used everywhere.
//! - [`call`], [`problem`]: how a request knows its route, and the one error that crosses the wire.
//! - [`headers`]: the words that sealed bytes travel with, as a server reads them.
//! - [`delivery`]: the headers and types of what is served.
//! - [`crypto`]: formats and keys, byte for byte as in `docs/CRYPTO.md`.
//! - [`journal`]: signed statements, their streams, and the one tree over all of them.
//! - one folder per feature: [`identity`], [`keys`], [`intake`], [`matters`], [`documents`]; in each
//!   `wire` is what the server may see, and `plain` and `seal` (feature `plaintext`) are what only
//!   people may.
//! - `client` (feature `plaintext`): every step of the protocols, over a transport and a store.
//! - [`vuln`]: faults that only the tests of the evil server put back.

extern crate alloc;

pub mod call;
pub mod delivery;
pub mod encoding;
pub mod headers;
pub mod ids;
pub mod problem;
pub mod secret;
pub mod time;
pub mod vuln;

pub mod crypto;
pub mod journal;

pub mod documents;
pub mod identity;
pub mod intake;
pub mod keys;
pub mod matters;

#[cfg(feature = "plaintext")]
pub mod client;
