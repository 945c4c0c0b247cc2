//! The journal's calls and answers as JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::wire(bytes));
