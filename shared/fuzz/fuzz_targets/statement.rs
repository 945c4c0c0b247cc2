//! `USS1`, and the body that its namespace announces.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::statement(bytes));
