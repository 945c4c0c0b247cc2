//! A list of the app's files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::release(bytes));
