//! Answers, drafts and submissions, against a form.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::answers(bytes));
