//! The evil server: the honest router with somebody between it and the devices who owns everything that
//! the server has: its keys, its database, its blobs. Each file is named for a row of docs/ATTACKS.md.
//! `frame` says how an attack is tried; `cargo xtask evil` runs all of them on both builds.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::cast_possible_truncation, reason = "small journals")]
#![allow(unreachable_pub, reason = "each row uses its part")]
#![allow(clippy::await_holding_refcell_ref, reason = "one thread, which borrows in turn")]

mod a01_recipient_key_swap;
mod a02_recovery_key_swap;
mod a03_papers_key;
mod a03_rotation;
mod a04_conversion;
mod a05_matter_key_swap;
mod a06_planted_matter;
mod a07_overwritten_at_birth;
mod a08_account_overwritten;
mod a08_way_back;
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
mod a19_typed_code;
mod a20_dropped;
mod a21_fork;
mod a23_resumed_upload;
mod a24_key_commitment;
mod a25_decryption_oracle;
mod a26_cross_protocol;
mod a27_ghost_member;
mod a27_who_left;
mod a28_policy;
mod a28_posts;
mod a28_sessions;
mod a30_low_order;
mod a31_sizes;
mod a32_codes;
mod a32_ended_key;
mod a32_verdicts;
mod a32_verified_spoof;
mod a33_by_sheets;
mod a33_recovery;
mod a34_invite_takeover;
mod a36_audit_rewritten;
mod a37_breach_at_rest;
mod a38_clock_lies;
mod a38_shredding;
mod a39_two_readings;
mod a40_parser_confusion;
#[cfg(not(feature = "vuln"))]
mod every_bit;
mod frame;
#[path = "../harness/mod.rs"]
mod harness;
#[cfg(not(feature = "vuln"))]
mod kept;
mod memory;
mod named;
mod seen;
#[cfg(not(feature = "vuln"))]
mod small_firm;
#[cfg(not(feature = "vuln"))]
mod streams;
mod tabs;
mod witness;
#[path = "../world/mod.rs"]
mod world;
