//! The evil server: the honest router with somebody between it and the devices who owns everything that
//! the server has: its keys, its database, its blobs. Each file is named for a row of docs/ATTACKS.md.
//! `frame` says how an attack is tried; `cargo xtask evil` runs all of them on both builds.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::cast_possible_truncation, reason = "small journals")]
#![allow(unreachable_pub, reason = "each row uses its part")]

mod a01_recipient_key_swap;
mod a02_recovery_key_swap;
mod a03_rotation;
mod a04_conversion;
mod a05_matter_key_swap;
mod a06_planted_matter;
mod a07_overwritten_at_birth;
mod a08_account_overwritten;
mod a09_key_tampering;
mod a10_old_suite;
mod a11_cheap_guesses;
mod a12_stolen_tables;
mod a13_record_swap;
mod a15_file_swap;
mod a16_metadata;
mod a17_chunks;
mod a18_bit_flips;
mod a19_planted_file;
mod a20_dropped;
mod a21_fork;
#[cfg(not(feature = "vuln"))]
mod every_bit;
mod frame;
#[path = "../harness/mod.rs"]
mod harness;
#[cfg(not(feature = "vuln"))]
mod small_firm;
#[cfg(not(feature = "vuln"))]
mod streams;
#[path = "../world/mod.rs"]
mod world;
