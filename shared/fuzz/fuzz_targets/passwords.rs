//! A list of common passwords, and a passphrase to be judged.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::passwords::passwords(bytes));
