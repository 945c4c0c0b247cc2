//! The recipient `mlkem768x25519`: the file key, sealed to an X-Wing key by HPKE.

use base64ct::{Base64Unpadded, Encoding as _};

use super::header::{MLKEM, Stanza, mlkem_enc};
use crate::crypto::error::FormatError;
use crate::crypto::hazmat;
use crate::crypto::keys::{FileKey, KemKey, KemPublic};

const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";

/// Wraps a file key for a recipient. `None` when the recipient's key is not sound.
pub(crate) fn wrap(file_key: &FileKey, to: &KemPublic) -> Option<Stanza> {
    // EXPOSE: HPKE seals the file key.
    let (enc, body) = hazmat::kem::seal(to.as_bytes(), INFO, &[], file_key.bytes())?;
    Some(Stanza { args: alloc::vec![MLKEM.into(), Base64Unpadded::encode_string(&enc)], body })
}

/// Unwraps a stanza with a key. `None` when the stanza is of another type or for another key.
///
/// # Errors
/// When the stanza is of this type and malformed.
pub(crate) fn unwrap(stanza: &Stanza, key: &KemKey) -> Result<Option<FileKey>, FormatError> {
    let Some(enc) = mlkem_enc(stanza)? else { return Ok(None) };
    Ok(key
        .open(&enc, INFO, &[], &stanza.body)
        // EXPOSE: the bytes move into their type.
        .and_then(|file_key| file_key.expose().as_slice().try_into().ok())
        .map(FileKey::from_bytes))
}
