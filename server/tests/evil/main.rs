//! The evil server: the honest router with somebody between it and the devices who owns all of the
//! server's keys. Each file is named for one of the published attacks on such portals: its number and its name in the
//! design's table.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod a21_fork;
#[path = "../harness/mod.rs"]
mod harness;
mod kept;
mod seen;
mod witness;
