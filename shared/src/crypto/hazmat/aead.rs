//! ChaCha20-Poly1305 (RFC 8439).

use alloc::vec::Vec;

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce, Tag};

/// Bytes of the authentication tag.
pub(crate) const TAG: usize = 16;

/// Appends the ciphertext and tag of `plaintext` to `out`.
pub(crate) fn seal_into(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    plaintext: &[u8],
    out: &mut Vec<u8>,
) {
    let start = out.len();
    out.reserve(plaintext.len() + TAG);
    out.extend_from_slice(plaintext);
    let tag = cipher(key)
        .encrypt_inout_detached(&Nonce::from(*nonce), aad, (&mut out[start..]).into())
        .expect("the message is far below the cipher's limit");
    out.extend_from_slice(&tag);
}

/// Appends the plaintext of `sealed` to `out`; on failure `out` is as it was.
#[must_use]
pub(crate) fn open_into(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    sealed: &[u8],
    out: &mut Vec<u8>,
) -> bool {
    let Some((body, tag)) = sealed.split_last_chunk::<TAG>() else {
        return false;
    };
    let start = out.len();
    out.extend_from_slice(body);
    let opened = cipher(key).decrypt_inout_detached(
        &Nonce::from(*nonce),
        aad,
        (&mut out[start..]).into(),
        &Tag::from(*tag),
    );
    if opened.is_err() {
        out.truncate(start);
    }
    opened.is_ok()
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*key))
}
