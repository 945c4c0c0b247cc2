//! A blob or an answer read piece by piece, so that a large one never stands whole in memory.

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, ReadableStream, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode,
};

use crate::outside;
use crate::serve::Input;

/// Bytes read at a time.
const STEP: u32 = 256 * 1024;
/// Bytes read ahead, twice for each part in hand.
const AHEAD: u32 = STEP;

/// A stream of bytes that is read through one buffer of ours, again and again: the browser frees
/// buffers only when its collector gets to them.
pub struct Reading {
    reader: ReadableStreamByobReader,
    buffer: ArrayBuffer,
}

impl Reading {
    /// `None` where this browser reads such a stream only into ever new buffers.
    #[must_use]
    pub fn of(stream: &ReadableStream) -> Option<Self> {
        let reader = reader_of(stream)?;
        Some(Self { reader, buffer: ArrayBuffer::new(STEP) })
    }

    /// The next bytes, `most` at most, as a view of our buffer that holds until the next step; none at
    /// the end. `None` when the stream breaks off.
    async fn step(&mut self, most: u32) -> Option<Uint8Array> {
        let view = Uint8Array::new_with_byte_offset_and_length(&self.buffer, 0, most.min(STEP));
        let read = JsFuture::from(self.reader.read_with_array_buffer_view(&view)).await.ok()?;
        let filled: Uint8Array = property(&read, "value").ok()?.dyn_into().ok()?;
        // Our buffer was moved into the answer: the next step goes through it again.
        self.buffer = filled.buffer();
        Some(filled)
    }

    /// Reads about `size` bytes, to the end of the stream. `None` when it breaks off.
    pub async fn to_end(mut self, size: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(size);
        loop {
            let filled = self.step(STEP).await?;
            if filled.length() == 0 {
                return Some(bytes);
            }
            let from = bytes.len();
            bytes.resize(from + filled.length() as usize, 0);
            filled.copy_to(bytes.get_mut(from..)?);
        }
    }
}

/// The bytes of a blob or a buffer in order. Nothing of them stays with the browser: each buffer that they
/// were read into is wiped, once it was read. That is for plaintext, and [`Pieces::unwiped`] leaves it out.
pub struct Pieces {
    source: Source,
    wiped: bool,
}

enum Source {
    /// Bytes that were moved here, and how many were taken.
    Moved(Uint8Array, u32),
    Stream(Ahead),
    /// Where streams cannot be read into a buffer of ours: slice by slice.
    Slices(Blob, f64),
}

thread_local! {
    /// The buffers by which this thread's bytes come in, when no part reads through them. With new ones for
    /// every part a file of a GiB leaves a trail of half a thousand, which no collector hurries to.
    static WAYS_IN: RefCell<Vec<ArrayBuffer>> = const { RefCell::new(Vec::new()) };
}

/// A buffer to read into.
fn way_in() -> ArrayBuffer {
    WAYS_IN.with_borrow_mut(Vec::pop).unwrap_or_else(|| ArrayBuffer::new(AHEAD))
}

/// Puts a buffer back; nothing of what came through it stays.
fn put_back(buffer: ArrayBuffer) {
    // One that the browser still has is none of ours, and has no bytes here.
    if buffer.byte_length() == AHEAD {
        Uint8Array::new(&buffer).fill(0, 0, AHEAD);
        WAYS_IN.with_borrow_mut(|ways| ways.push(buffer));
    }
}

/// A stream of which the next bytes are fetched while the last ones are worked on, through two
/// buffers of ours in turn.
struct Ahead {
    reader: ReadableStreamByobReader,
    /// The bytes on their way, and the buffer that goes next. There are always some on their way: after
    /// the last ones the stream's end.
    coming: Option<JsFuture>,
    buffer: ArrayBuffer,
    /// What came last, and how much of it was taken.
    view: Uint8Array,
    taken: u32,
}

impl Ahead {
    fn of(stream: &ReadableStream) -> Option<Self> {
        let reader = reader_of(stream)?;
        let coming = Some(read(&reader, &way_in()));
        let view = Uint8Array::new_with_length(0);
        Some(Self { reader, coming, buffer: way_in(), view, taken: 0 })
    }

    /// At most so many of the next bytes; none at the end. `None` when the stream breaks off.
    async fn some(&mut self, most: u32) -> Option<Uint8Array> {
        if self.taken == self.view.length() {
            let next = read(&self.reader, &self.buffer);
            let came = self.coming.replace(next)?.await.ok()?;
            self.view = property(&came, "value").ok()?.dyn_into().ok()?;
            // It was moved into the answer: the read after the next goes through it again.
            self.buffer = self.view.buffer();
            self.taken = 0;
        }
        let end = self.view.length().min(self.taken.saturating_add(most));
        let some = self.view.subarray(self.taken, end);
        self.taken = end;
        Some(some)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        put_back(self.buffer.clone());
        // The other one comes back with the stream's end, for which nobody has to wait.
        if let Some(coming) = self.coming.take() {
            spawn_local(async move {
                if let Ok(came) = coming.await
                    && let Ok(value) = property(&came, "value")
                    && let Ok(view) = value.dyn_into::<Uint8Array>()
                {
                    put_back(view.buffer());
                }
            });
        }
    }
}

fn reader_of(stream: &ReadableStream) -> Option<ReadableStreamByobReader> {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    // It throws where the stream is not one of bytes; the binding does not say so.
    let get: Function = property(stream, "getReader").ok()?.dyn_into().ok()?;
    get.call1(stream, options.as_ref()).ok()?.dyn_into().ok()
}

fn read(reader: &ReadableStreamByobReader, buffer: &ArrayBuffer) -> JsFuture {
    JsFuture::from(reader.read_with_array_buffer_view(&Uint8Array::new(buffer)))
}

impl Pieces {
    /// Of whatever came with a task, and how many bytes that is; `None` when nothing came. A
    /// buffer that came is wiped as it is read, and what was not read of it when this goes.
    #[must_use]
    pub fn of_input(input: Input) -> Option<(Self, u64)> {
        match input {
            Input::None => None,
            Input::Blob(blob) => Some((Self::of(&blob), blob.size() as u64)),
            Input::Bytes(moved) => {
                let view = Uint8Array::new(&moved);
                let len = u64::from(view.length());
                Some((Self { source: Source::Moved(view, 0), wiped: true }, len))
            }
        }
    }

    /// Of a blob, from its beginning.
    #[must_use]
    pub fn of(blob: &Blob) -> Self {
        let source = match Ahead::of(&blob.stream()) {
            Some(ahead) => Source::Stream(ahead),
            None => Source::Slices(blob.clone(), 0.0),
        };
        Self { source, wiped: true }
    }

    /// The same bytes, left where they came from: what is sealed is no secret.
    #[must_use]
    pub fn unwiped(mut self) -> Self {
        self.wiped = false;
        self
    }

    /// Fills the room with the next bytes; fewer only at the blob's end. `None` when it cannot be read:
    /// the file was moved, deleted or changed meanwhile.
    pub async fn fill(&mut self, room: &mut [u8]) -> Option<usize> {
        let mut len = 0;
        while len < room.len() {
            let filled = self.some(room.len() - len).await?;
            let end = len + filled.length() as usize;
            if end == len {
                break;
            }
            filled.copy_to(room.get_mut(len..end)?);
            // While it is still near. A stream's own buffers are wiped when they are put back.
            if self.wiped && !matches!(self.source, Source::Stream(_)) {
                outside::wipe(&filled);
            }
            len = end;
        }
        Some(len)
    }

    async fn some(&mut self, most: usize) -> Option<Uint8Array> {
        let most = u32::try_from(most).unwrap_or(STEP).min(STEP);
        match &mut self.source {
            Source::Moved(moved, taken) => {
                let end = moved.length().min(taken.saturating_add(most));
                let some = moved.subarray(*taken, end);
                *taken = end;
                Some(some)
            }
            Source::Stream(ahead) => ahead.some(most).await,
            Source::Slices(blob, at) => {
                let slice = blob.slice_with_f64_and_f64(*at, *at + f64::from(most)).ok()?;
                let bytes = JsFuture::from(slice.array_buffer()).await.ok()?;
                let bytes = Uint8Array::new(&bytes);
                *at += f64::from(bytes.length());
                Some(bytes)
            }
        }
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if let (Source::Moved(moved, taken), true) = (&self.source, self.wiped) {
            outside::wipe(&moved.subarray(*taken, moved.length()));
        }
    }
}

fn property(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &JsValue::from(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// The end of a stream comes some turns later.
    async fn put_back_by_now(count: usize) -> bool {
        for _ in 0..1000 {
            if WAYS_IN.with_borrow(Vec::len) == count {
                return true;
            }
            let turn = crate::outside::blob(b"a turn").array_buffer();
            JsFuture::from(turn).await.unwrap();
        }
        false
    }

    #[wasm_bindgen_test]
    async fn the_next_part_comes_in_through_the_same_buffers_in_which_nothing_stays() {
        let bytes: Vec<u8> = (0..3 * AHEAD + 17).map(|at| (at % 251) as u8 + 1).collect();
        let blob = crate::outside::blob(&bytes);
        WAYS_IN.take();
        for _ in 0..3 {
            let mut room = vec![0; bytes.len() + 1];
            let mut pieces = Pieces::of(&blob);
            assert!(matches!(pieces.source, Source::Stream(_)));
            assert_eq!(pieces.fill(&mut room).await, Some(bytes.len()));
            assert_eq!(room.get(..bytes.len()), Some(bytes.as_slice()));
            drop(pieces);
            assert!(put_back_by_now(2).await);
            let stays =
                |buffer: &ArrayBuffer| Uint8Array::new(buffer).to_vec() != [0; AHEAD as usize];
            assert!(!WAYS_IN.with_borrow(|ways| ways.iter().any(stays)));
        }
    }
}
