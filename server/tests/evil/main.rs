//! The evil server: the honest router with somebody between it and the devices who owns everything that
//! the server has: its keys, its database, its blobs. Each file is named for a row of docs/ATTACKS.md.
//! `frame` says how an attack is tried; `cargo xtask evil` runs all of them on both builds.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::cast_possible_truncation, reason = "small journals")]
#![allow(unreachable_pub, reason = "each row uses its part")]

mod a01_recipient_key_swap;
mod a21_fork;
mod frame;
#[path = "../harness/mod.rs"]
mod harness;
mod kept;
mod seen;
mod witness;
#[path = "../world/mod.rs"]
mod world;
