//! What a device keeps.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::device(bytes));
