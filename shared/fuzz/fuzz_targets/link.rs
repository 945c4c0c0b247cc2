//! The fragment of a link, recovery words, ids, hex and base64.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::link(bytes));
