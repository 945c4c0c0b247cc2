//! Headers and addresses as a server reads them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::headers(bytes));
