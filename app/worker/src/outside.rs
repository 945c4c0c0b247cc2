//! Bytes outside of the program's memory, with the browser.
//!
//! The browser frees a buffer when its collector gets to it, which for a large file means hundreds
//! of megabytes later, and it sends a buffer in small steps and from a copy. A `Blob` it keeps in
//! its own process and sends at once. So sealed bytes leave the program as blobs, and bytes come in
//! through one small buffer that is used again and again.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use shared::secret::Secret;
use web_sys::Blob;

/// Sealed bytes on their way.
pub struct Outside(Blob);

impl Outside {
    /// What `fetch` sends.
    #[must_use]
    pub const fn blob(&self) -> &Blob {
        &self.0
    }
}

impl From<Blob> for Outside {
    fn from(blob: Blob) -> Self {
        Self(blob)
    }
}

impl From<Vec<u8>> for Outside {
    fn from(bytes: Vec<u8>) -> Self {
        Self(sealed_blob(&bytes))
    }
}

/// Bytes as a blob of the browser.
///
/// # Panics
/// Never: the sequence is one of bytes.
#[must_use]
pub fn blob(bytes: &[u8]) -> Blob {
    joined(&Uint8Array::from(bytes))
}

thread_local! {
    /// The buffer through which this thread's sealed bytes leave.
    static WAY_OUT: RefCell<Uint8Array> = RefCell::new(Uint8Array::new_with_length(0));
}

/// The same for sealed bytes, by way of one buffer that stays: of what is sealed, nothing need be
/// wiped.
///
/// # Panics
/// Never: see [`blob`].
#[must_use]
pub fn sealed_blob(bytes: &[u8]) -> Blob {
    let len = bytes.len() as u32;
    WAY_OUT.with_borrow_mut(|way| {
        if way.length() < len {
            *way = Uint8Array::new_with_length(len);
        }
        let part = way.subarray(0, len);
        part.copy_from(bytes);
        joined(&part)
    })
}

fn joined(bytes: &Uint8Array) -> Blob {
    Blob::new_with_u8_array_sequence(&Array::of1(bytes))
        .unwrap_or_else(|_| unreachable!("a blob can be made of bytes"))
}

/// Takes a buffer that held a secret into the program's memory; nothing stays in the buffer.
#[must_use]
pub fn take_secret(buffer: &ArrayBuffer) -> Secret<Vec<u8>> {
    let view = Uint8Array::new(buffer);
    let bytes = Secret::new(view.to_vec());
    view.fill(0, 0, view.length());
    bytes
}

/// Wipes what was not moved away after all.
pub fn wipe(view: &Uint8Array) {
    // A buffer that was moved has no bytes left, and filling it is an error.
    if view.length() > 0 {
        view.fill(0, 0, view.length());
    }
}
