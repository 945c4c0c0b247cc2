//! What a program without a store remembers of a journal.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::memory(bytes));
