//! A receipt with its proof.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::receipt(bytes));
