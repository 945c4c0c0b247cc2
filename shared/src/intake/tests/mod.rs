//! Promises of the intake's plaintext, by area.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(clippy::wildcard_imports, reason = "tests of a few small modules")]

#[rustfmt::skip]
mod sample;

mod agreed;
mod carry;
mod dates;
mod logic;
mod roundtrip;
mod templates;
// Tables of cases: a case a line reads better than rustfmt's columns.
#[rustfmt::skip]
mod checks;
#[rustfmt::skip]
mod definitions;
#[rustfmt::skip]
mod words;
