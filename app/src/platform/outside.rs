//! Bytes outside of the program's memory: buffers of the browser.
//!
//! The browser frees a buffer when its collector gets to it, which for a large file means hundreds
//! of megabytes later. So every buffer that was read is given back by hand, where the browser knows
//! `ArrayBuffer.prototype.transfer`; elsewhere the collector does it in its own time.

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

/// Sealed bytes on their way, freed when dropped.
pub struct Outside(Uint8Array);

impl Outside {
    /// The view that `fetch` takes.
    #[must_use]
    pub const fn view(&self) -> &Uint8Array {
        &self.0
    }
}

impl From<ArrayBuffer> for Outside {
    fn from(buffer: ArrayBuffer) -> Self {
        Self(Uint8Array::new(&buffer))
    }
}

impl From<&[u8]> for Outside {
    fn from(bytes: &[u8]) -> Self {
        Self(Uint8Array::from(bytes))
    }
}

impl From<Vec<u8>> for Outside {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        give_back(&self.0.buffer());
    }
}

/// Takes the bytes into the program's memory and gives the buffer back.
#[must_use]
pub fn take(buffer: &ArrayBuffer) -> Vec<u8> {
    let bytes = Uint8Array::new(buffer).to_vec();
    give_back(buffer);
    bytes
}

/// The same for bytes that were a secret: nothing of them stays in the freed buffer.
#[must_use]
pub fn take_secret(buffer: &ArrayBuffer) -> Vec<u8> {
    let view = Uint8Array::new(buffer);
    let bytes = view.to_vec();
    view.fill(0, 0, view.length());
    give_back(buffer);
    bytes
}

fn give_back(buffer: &ArrayBuffer) {
    let transfer = Reflect::get(buffer, &JsValue::from("transfer"));
    if let Some(transfer) = transfer.ok().and_then(|found| found.dyn_into::<Function>().ok()) {
        // An empty buffer in its place: the old one is detached and its memory freed.
        let _ = transfer.call1(buffer, &JsValue::from(0));
    }
}
