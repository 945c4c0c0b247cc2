//! Bytes outside of the program's memory, with the browser.
//!
//! The browser frees a buffer when its collector gets to it, which for a large file means hundreds
//! of megabytes later, and it sends a buffer in small steps and from a copy. A `Blob` it keeps in
//! its own process and sends at once. So sealed bytes leave the program as blobs, and bytes come in
//! through one small buffer that is used again and again.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use shared::secret::Secret;

/// Bytes that the browser keeps.
pub use web_sys::Blob;

/// Sealed bytes on their way.
pub struct Outside(Held);

enum Held {
    /// From a worker, to be sent.
    Blob(Blob),
    /// As they came, to be moved to a worker.
    Buffer(ArrayBuffer),
}

impl Outside {
    /// What `fetch` sends.
    #[must_use]
    pub fn blob(&self) -> Blob {
        match &self.0 {
            Held::Blob(blob) => blob.clone(),
            Held::Buffer(buffer) => joined(&Uint8Array::new(buffer)),
        }
    }

    /// What a worker works on: it is moved there where it can be.
    ///
    /// # Errors
    /// Where the browser keeps it, the blob.
    pub fn moved(self) -> Result<ArrayBuffer, Blob> {
        match self.0 {
            Held::Blob(blob) => Err(blob),
            Held::Buffer(buffer) => Ok(buffer),
        }
    }
}

impl From<Blob> for Outside {
    fn from(blob: Blob) -> Self {
        Self(Held::Blob(blob))
    }
}

impl From<ArrayBuffer> for Outside {
    fn from(buffer: ArrayBuffer) -> Self {
        Self(Held::Buffer(buffer))
    }
}

impl From<Vec<u8>> for Outside {
    fn from(bytes: Vec<u8>) -> Self {
        sealed_blob(&bytes).into()
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
    /// The buffers through which this thread's bytes leave, one for each part in hand, when none is in
    /// use: memory that was once taken is not given back soon, neither by a program nor by a browser.
    static WAYS_OUT: RefCell<Vec<Uint8Array>> = const { RefCell::new(Vec::new()) };
}

/// Bytes on their way out, through a buffer that stays.
pub struct Way {
    buffer: Uint8Array,
    filled: u32,
    /// What goes this way is not sealed, so nothing of it may stay.
    wipe: bool,
}

impl Way {
    /// For at most so many sealed bytes.
    #[must_use]
    pub fn sealed(most: usize) -> Self {
        Self::of(most, false)
    }

    /// For at most so many opened bytes.
    #[must_use]
    pub fn opened(most: usize) -> Self {
        Self::of(most, true)
    }

    fn of(most: usize, wipe: bool) -> Self {
        let known = WAYS_OUT.with_borrow_mut(Vec::pop);
        let buffer = known
            .filter(|buffer| buffer.length() as usize >= most)
            .unwrap_or_else(|| Uint8Array::new_with_length(most as u32));
        Self { buffer, filled: 0, wipe }
    }

    /// The next bytes; `None` when they are more than was said.
    pub fn push(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.filled.checked_add(bytes.len() as u32)?;
        if end > self.buffer.length() {
            return None;
        }
        self.buffer.subarray(self.filled, end).copy_from(bytes);
        self.filled = end;
        Some(())
    }

    /// All that came, as it lies there.
    #[must_use]
    pub fn view(&self) -> Uint8Array {
        self.buffer.subarray(0, self.filled)
    }

    /// All that came, as a blob, which is a copy.
    #[must_use]
    pub fn blob(&self) -> Blob {
        let blob = joined(&self.view());
        weigh(&blob);
        blob
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        if self.wipe {
            self.buffer.fill(0, 0, self.filled);
        }
        WAYS_OUT.with_borrow_mut(|ways| ways.push(self.buffer.clone()));
    }
}

thread_local! {
    /// What the last blob weighs.
    static WEIGHT: RefCell<Option<ArrayBuffer>> = const { RefCell::new(None) };
}

/// Tells this thread's collector what a blob weighs; for every blob of a part that a thread makes or gets.
///
/// The browser keeps the bytes until the collectors of all threads that had the blob have found it unused,
/// and to them it weighs as little as its name: nothing was collected until 2 GiB of blobs were kept, which is
/// where Chromium gives up. Buffers they do weigh. So there is one as long as the blob, to which nobody
/// writes: it takes addresses, and no memory.
pub fn weigh(blob: &Blob) {
    WEIGHT.set(Some(ArrayBuffer::new(blob.size() as u32)));
}

/// Sealed bytes as a blob of the browser, by way of one buffer that stays.
///
/// # Panics
/// Never: see [`blob`].
#[must_use]
pub fn sealed_blob(bytes: &[u8]) -> Blob {
    let mut way = Way::sealed(bytes.len());
    match way.push(bytes) {
        Some(()) => way.blob(),
        None => blob(bytes),
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    async fn bytes_of(blob: &Blob) -> Vec<u8> {
        Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.unwrap()).to_vec()
    }

    #[wasm_bindgen_test]
    async fn what_left_stays_as_it_was_when_the_buffer_is_used_again() {
        let first = sealed_blob(b"first");
        let mut way = Way::sealed(4);
        assert_eq!((way.push(b"se"), way.push(b"co")), (Some(()), Some(())));
        assert_eq!(way.view().to_vec(), b"seco");
        let second = way.blob();
        drop(way);
        assert_eq!(bytes_of(&first).await, b"first");
        assert_eq!(bytes_of(&second).await, b"seco");
    }

    #[wasm_bindgen_test]
    fn what_leaves_is_weighed() {
        for len in [5, 3] {
            let left = sealed_blob(&vec![7; len]);
            let weight = WEIGHT.with_borrow(|weight| weight.as_ref().map(ArrayBuffer::byte_length));
            assert_eq!((left.size() as usize, weight), (len, Some(len as u32)));
        }
    }

    #[wasm_bindgen_test]
    async fn opened_bytes_leave_nothing_in_the_buffer() {
        // Of what others sent this way there may be something.
        WAYS_OUT.take();
        let mut way = Way::opened(6);
        assert_eq!(way.push(b"opened"), Some(()));
        let room = way.buffer.length() as usize;
        assert_eq!(way.push(&vec![1; room - 6 + 1]), None);
        let (buffer, blob) = (way.buffer.clone(), way.blob());
        drop(way);
        assert!(buffer.to_vec().iter().all(|byte| *byte == 0));
        assert_eq!(bytes_of(&blob).await, b"opened");
    }
}
