//! A filled form becomes the plaintext of an object, and back: both on one screen.
//!
//! What is bound around it, the age file's context and the signed manifest, is
//! [`crate::client::submit`]'s part; here only the length is hidden: the bytes end in 0x80 and
//! zeros up to a multiple of [`BUCKET`].

use alloc::vec::Vec;

use super::codec::Unreadable;
use super::plain::{SUBMISSION_BYTES, SubmissionV1};
use crate::vuln;

/// Filled forms grow in steps of this many bytes, so that their length tells little.
pub const BUCKET: usize = 8 * 1024;
/// The longest plaintext.
pub const MAX_PADDED: usize = SUBMISSION_BYTES + BUCKET;

/// The plaintext of a filled form's object.
#[must_use]
pub fn pack(submission: &SubmissionV1) -> Vec<u8> {
    let mut bytes = submission.to_bytes();
    bytes.push(0x80);
    if !vuln::a31() {
        bytes.resize(bytes.len().next_multiple_of(BUCKET), 0);
    }
    bytes
}

/// The filled form of an object's plaintext.
///
/// # Errors
/// When the padding or the form is not the one encoding.
pub fn unpack(plain: &[u8]) -> Result<SubmissionV1, Unreadable> {
    if plain.is_empty() || !plain.len().is_multiple_of(BUCKET) || plain.len() > MAX_PADDED {
        return Err(Unreadable::Malformed);
    }
    let end = plain.iter().rposition(|byte| *byte != 0).ok_or(Unreadable::Malformed)?;
    let in_last_bucket = plain.len() - end <= BUCKET;
    match plain.split_at_checked(end) {
        Some((body, [0x80, ..])) if in_last_bucket => SubmissionV1::from_bytes(body),
        _ => Err(Unreadable::Malformed),
    }
}
