//! A whole age file of anybody's.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::age_foreign(bytes));
