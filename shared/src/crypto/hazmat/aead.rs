//! ChaCha20-Poly1305 (RFC 8439): by the crate of that name, or, in a browser's program that is
//! compiled with vectors, by our own [`super::chachapoly`]. Which one is known when compiling.

use alloc::vec::Vec;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use self::portable as kernel;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::chachapoly as kernel;

/// Bytes of the authentication tag.
pub(crate) const TAG: usize = 16;

/// Seals `text` in place and returns its tag.
#[must_use]
pub(crate) fn seal_in_place(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    text: &mut [u8],
) -> [u8; TAG] {
    kernel::seal(key, nonce, aad, text)
}

/// Opens `text` in place. On failure all of `text` is zero.
#[must_use]
pub(crate) fn open_in_place(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    text: &mut [u8],
    tag: &[u8; TAG],
) -> bool {
    kernel::open(key, nonce, aad, text, tag)
}

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
    let tag = seal_in_place(key, nonce, aad, &mut out[start..]);
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
    let opened = open_in_place(key, nonce, aad, &mut out[start..], tag);
    if !opened {
        out.truncate(start);
    }
    opened
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use chacha20poly1305::aead::AeadInOut as _;
    use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce, Tag};

    use super::TAG;

    pub(super) fn seal(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], text: &mut [u8]) -> [u8; TAG] {
        cipher(key)
            .encrypt_inout_detached(&Nonce::from(*nonce), aad, text.into())
            .expect("the message is far below the cipher's limit")
            .into()
    }

    pub(super) fn open(
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG],
    ) -> bool {
        let (nonce, tag) = (Nonce::from(*nonce), Tag::from(*tag));
        let opened =
            cipher(key).decrypt_inout_detached(&nonce, aad, (&mut *text).into(), &tag).is_ok();
        if !opened {
            text.fill(0);
        }
        opened
    }

    fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(*key))
    }
}
