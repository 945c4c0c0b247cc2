//! SHA-256, HMAC-SHA-256 and comparison in constant time.

#[cfg(feature = "plaintext")]
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// SHA-256 over pieces.
pub(crate) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut state = Sha256State::default();
    pieces.iter().for_each(|piece| state.update(piece));
    state.finish()
}

/// SHA-256 in progress.
#[derive(Clone, Default)]
pub(crate) struct Sha256State(Sha256);

impl Sha256State {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// HMAC-SHA-256 over pieces.
#[cfg(feature = "plaintext")]
pub(crate) fn hmac_sha256(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes().into()
}

/// Equality in constant time; lengths are public.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
