//! The recipient `scrypt`: a file under a passphrase. Exports carry the matter's key so.

use alloc::string::ToString as _;
use alloc::vec::Vec;

use base64ct::{Base64Unpadded, Encoding as _};

use super::file::seal_chunks;
use super::header::{self, Stanza, WRAPPED_KEY, fixed};
use super::stream::PayloadKey;
use crate::crypto::error::FormatError;
use crate::crypto::keys::FileKey;
use crate::crypto::{hazmat, rng};

/// log₂ of the work factor that is written: what stock age writes.
pub const WORK: u8 = 18;
/// log₂ of the largest work factor that is read: 1 GiB of memory.
pub const MAX_WORK: u8 = 20;

const TYPE: &str = "scrypt";
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";

/// Seals bytes as a stock age file under a passphrase. Takes 256 MiB and about a second.
///
/// # Errors
/// When the passphrase is empty.
pub fn seal_with_passphrase(passphrase: &str, plaintext: &[u8]) -> Result<Vec<u8>, FormatError> {
    if passphrase.is_empty() {
        return Err(FormatError::Value);
    }
    let file_key = FileKey::generate();
    let stanza = wrap(&file_key, passphrase).ok_or(FormatError::Value)?;
    let mut out = header::write(&[stanza], file_key.bytes());
    let nonce = rng::random();
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&seal_chunks(&PayloadKey::derive(&file_key, &nonce), plaintext));
    Ok(out)
}

fn wrap(file_key: &FileKey, passphrase: &str) -> Option<Stanza> {
    let salt: [u8; 16] = rng::random();
    let key = stretch(passphrase, &salt, WORK)?;
    let mut body = Vec::with_capacity(WRAPPED_KEY);
    hazmat::aead::seal_into(&key, &[0; 12], &[], file_key.bytes(), &mut body);
    let args = alloc::vec![TYPE.into(), Base64Unpadded::encode_string(&salt), WORK.to_string()];
    Some(Stanza { args, body })
}

/// Unwraps a stanza with a passphrase. `None` when it is of another type or the passphrase wrong.
///
/// # Errors
/// When the stanza is of this type and malformed, or asks for more than [`MAX_WORK`].
pub(crate) fn unwrap(stanza: &Stanza, passphrase: &str) -> Result<Option<FileKey>, FormatError> {
    if stanza.args.first().map(alloc::string::String::as_str) != Some(TYPE) {
        return Ok(None);
    }
    let [_, salt, work] = stanza.args.as_slice() else { return Err(FormatError::Value) };
    let salt: [u8; 16] = fixed(salt)?;
    let log_n = work_factor(work).ok_or(FormatError::Value)?;
    if stanza.body.len() != WRAPPED_KEY {
        return Err(FormatError::Value);
    }
    let key = stretch(passphrase, &salt, log_n).ok_or(FormatError::Value)?;
    let mut file_key = zeroize::Zeroizing::new(Vec::with_capacity(WRAPPED_KEY));
    let opened = hazmat::aead::open_into(&key, &[0; 12], &[], &stanza.body, &mut file_key);
    Ok(file_key.as_slice().try_into().ok().filter(|_| opened).map(FileKey::from_bytes))
}

/// A work factor in its one spelling, within what is read.
fn work_factor(text: &str) -> Option<u8> {
    let log_n: u8 = text.parse().ok()?;
    (log_n.to_string() == text && (1..=MAX_WORK).contains(&log_n)).then_some(log_n)
}

fn stretch(passphrase: &str, salt: &[u8; 16], log_n: u8) -> Option<zeroize::Zeroizing<[u8; 32]>> {
    hazmat::scrypt::scrypt(passphrase.as_bytes(), &[LABEL, salt].concat(), log_n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_factor_is_read_in_one_spelling_and_up_to_a_gibibyte() {
        for (text, log_n) in [("1", 1), ("18", 18), ("20", 20)] {
            assert_eq!(work_factor(text), Some(log_n));
        }
        for bad in ["", "0", "21", "255", "256", "-1", "+1", "01", " 1", "1 ", "1.0", "x"] {
            assert_eq!(work_factor(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_empty_passphrase_seals_nothing() {
        assert_eq!(seal_with_passphrase("", b"x"), Err(FormatError::Value));
    }
}
