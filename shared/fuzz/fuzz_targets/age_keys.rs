//! Recipients and identities as text.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::age_keys(bytes));
