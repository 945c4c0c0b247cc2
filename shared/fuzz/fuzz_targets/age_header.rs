//! The header of an age file of ours.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::age_header(bytes));
