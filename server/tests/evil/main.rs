//! The evil server: the honest router with somebody between it and the devices who owns all of the
//! server's keys. Each file is a row of the attack table (CRYPTO, section 6).

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod a21_fork;
#[path = "../harness/mod.rs"]
mod harness;
