//! A form, and what it asks of answers.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::form(bytes));
