//! Bytes outside of the program's memory, with the browser.
//!
//! The browser frees a buffer when its collector gets to it, which for a large file means hundreds
//! of megabytes later, and it sends a buffer in small steps and from a copy. A `Blob` it keeps in
//! its own process and sends at once. So sealed bytes leave the program as blobs, and bytes come in
//! through one small buffer that is used again and again.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Function, Reflect, Uint8Array};
use shared::secret::Secret;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ReadableStream, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode,
};

/// Bytes of the buffer through which a stream is read.
const STEP: u32 = 256 * 1024;

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

/// A stream of bytes that is read through a buffer of ours.
pub struct Reading(ReadableStreamByobReader);

impl Reading {
    /// `None` where this browser reads such a stream only into ever new buffers.
    #[must_use]
    pub fn of(stream: &ReadableStream) -> Option<Self> {
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        // It throws where the stream is not one of bytes; the binding does not say so.
        let get: Function = property(stream, "getReader").ok()?.dyn_into().ok()?;
        get.call1(stream, options.as_ref()).ok()?.dyn_into().ok().map(Self)
    }

    /// Reads about `size` bytes, to the end of the stream. `None` when it breaks off.
    pub async fn to_end(self, size: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(size);
        let mut buffer = ArrayBuffer::new(STEP);
        loop {
            let view = Uint8Array::new(&buffer);
            let read = JsFuture::from(self.0.read_with_array_buffer_view(&view)).await.ok()?;
            if property(&read, "done").ok()?.is_truthy() {
                return Some(bytes);
            }
            let filled: Uint8Array = property(&read, "value").ok()?.dyn_into().ok()?;
            let from = bytes.len();
            bytes.resize(from + filled.length() as usize, 0);
            filled.copy_to(bytes.get_mut(from..)?);
            // Our buffer was moved into the answer: the next step goes through it again.
            buffer = filled.buffer();
        }
    }
}

fn property(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &JsValue::from(name))
}
