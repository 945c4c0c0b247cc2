//! `USM1`: a file's sealed metadata (name, type, size, digest), under a key from the file's own.
//!
//! ```text
//! off  field   size
//! 0    "USM1"  4
//! 4    suite   1     1
//! 5    salt    32    fresh for every sealing
//! 37   commit  32
//! 69   ct      n     ChaCha20-Poly1305 with tag, of the plaintext padded to a multiple of 256
//! ```
//! key(32) || commit(32) = HKDF(file key, file nonce || salt, "underseal/v1/meta\0" || context hash),
//! cipher nonce zero, `aad` = bytes 0..69 || context hash. The salt is there because an upload that
//! goes on after an interruption seals its metadata again, perhaps under another name: no key and
//! nonce may ever meet two plaintexts.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::NONCE;
use crate::crypto::error::{FormatError, OpenError};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::FileKey;
use crate::crypto::sealed::{PAD, pad, unpad};
use crate::crypto::{hazmat, purpose, rng};
use crate::secret::Secret;
use crate::vuln;

/// The largest metadata before padding.
pub const MAX_META: usize = 16 * 1024;

const MAGIC: &[u8; 4] = b"USM1";
const SUITE: u8 = 1;
const SALT_AT: usize = 5;
const COMMIT_AT: usize = 37;
const CT_AT: usize = 69;

fn derive(
    file_key: &FileKey,
    nonce: &[u8; NONCE],
    salt: &[u8],
    ctx: Hash32,
) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let salt = [nonce, salt].concat();
    let okm: Zeroizing<[u8; 64]> =
        hazmat::kdf::hkdf(file_key.bytes(), &salt, &[purpose::META.bytes(), &ctx.0]);
    let (mut key, mut commit) = (Zeroizing::new([0; 32]), [0; 32]);
    key.copy_from_slice(&okm[..32]);
    commit.copy_from_slice(&okm[32..]);
    (key, commit)
}

pub(crate) fn seal(
    file_key: &FileKey,
    nonce: &[u8; NONCE],
    ctx: Hash32,
    plaintext: &[u8],
) -> Result<Vec<u8>, FormatError> {
    if plaintext.len() > MAX_META {
        return Err(FormatError::TooLong);
    }
    let salt: [u8; 32] = rng::random();
    let (key, commit) = derive(file_key, nonce, &salt, ctx);
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.push(SUITE);
    out.extend_from_slice(&salt);
    out.extend_from_slice(&commit);
    let aad = [out.as_slice(), &ctx.0].concat();
    hazmat::aead::seal_into(&key, &[0; 12], &aad, &pad(plaintext), &mut out);
    Ok(out)
}

pub(crate) fn open(
    file_key: &FileKey,
    nonce: &[u8; NONCE],
    ctx: Hash32,
    bytes: &[u8],
) -> Result<Secret<Vec<u8>>, OpenError> {
    if bytes.len() > CT_AT + MAX_META + PAD + hazmat::aead::TAG {
        return Err(FormatError::TooLong.into());
    }
    if bytes.len() < CT_AT + hazmat::aead::TAG {
        return Err(FormatError::Length.into());
    }
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::Magic.into());
    }
    if bytes[4] != SUITE {
        return Err(OpenError::VersionUnknown(bytes[4]));
    }
    let (key, commit) = derive(file_key, nonce, &bytes[SALT_AT..COMMIT_AT], ctx);
    if !hazmat::hash::equal(&commit, &bytes[COMMIT_AT..CT_AT]) {
        return Err(OpenError::Tampered);
    }
    let aad = [&bytes[..CT_AT], &ctx.0].concat();
    let mut plaintext = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let opened = hazmat::aead::open_into(&key, &[0; 12], &aad, &bytes[CT_AT..], &mut plaintext)
        || (vuln::a16() && vuln::without_tag(&key, &[0; 12], &bytes[CT_AT..], &mut plaintext));
    if !opened {
        return Err(OpenError::Tampered);
    }
    let length = unpad(&plaintext).ok_or(OpenError::Tampered)?;
    plaintext.truncate(length);
    Ok(Secret::new(core::mem::take(&mut *plaintext)))
}
