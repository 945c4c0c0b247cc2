//! A blob or an answer read piece by piece, so that a large one never stands whole in memory.

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ReadableStream, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode,
};

use crate::serve::{Input, Moved};

/// Bytes read at a time.
const STEP: u32 = 256 * 1024;
/// Bytes read ahead, twice: together no more than a step.
const AHEAD: u32 = STEP / 2;

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

/// The bytes of a blob or a buffer in order.
pub struct Pieces(Way);

enum Way {
    /// Bytes that were moved here, and how many were taken.
    Moved(Moved, u32),
    Stream(Ahead),
    /// Where streams cannot be read into a buffer of ours: slice by slice.
    Slices(Blob, f64),
}

/// A stream of which the next bytes are fetched while the last ones are worked on, through two
/// buffers of ours in turn.
struct Ahead {
    reader: ReadableStreamByobReader,
    /// The bytes on their way, and the buffer that goes next.
    coming: JsFuture,
    buffer: ArrayBuffer,
    /// What came last, and how much of it was taken.
    view: Uint8Array,
    taken: u32,
}

impl Ahead {
    fn of(stream: &ReadableStream) -> Option<Self> {
        let reader = reader_of(stream)?;
        let coming = read(&reader, &ArrayBuffer::new(AHEAD));
        let buffer = ArrayBuffer::new(AHEAD);
        Some(Self { reader, coming, buffer, view: Uint8Array::new_with_length(0), taken: 0 })
    }

    /// At most so many of the next bytes; none at the end. `None` when the stream breaks off.
    async fn some(&mut self, most: u32) -> Option<Uint8Array> {
        if self.taken == self.view.length() {
            let next = read(&self.reader, &self.buffer);
            let came = core::mem::replace(&mut self.coming, next).await.ok()?;
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
    /// Of whatever came with a task, and how many bytes that is; `None` when nothing came.
    #[must_use]
    pub fn of_input(input: Input) -> Option<(Self, u64)> {
        match input {
            Input::None => None,
            Input::Blob(blob) => Some((Self::of(&blob), blob.size() as u64)),
            Input::Bytes(moved) => {
                let len = u64::from(moved.view().length());
                Some((Self(Way::Moved(moved, 0)), len))
            }
        }
    }

    /// Of a blob, from its beginning.
    #[must_use]
    pub fn of(blob: &Blob) -> Self {
        Self(match Ahead::of(&blob.stream()) {
            Some(ahead) => Way::Stream(ahead),
            None => Way::Slices(blob.clone(), 0.0),
        })
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
            len = end;
        }
        Some(len)
    }

    async fn some(&mut self, most: usize) -> Option<Uint8Array> {
        let most = u32::try_from(most).unwrap_or(STEP).min(STEP);
        match &mut self.0 {
            Way::Moved(moved, taken) => {
                let end = moved.view().length().min(taken.saturating_add(most));
                let some = moved.view().subarray(*taken, end);
                *taken = end;
                Some(some)
            }
            Way::Stream(ahead) => ahead.some(most).await,
            Way::Slices(blob, at) => {
                let slice = blob.slice_with_f64_and_f64(*at, *at + f64::from(most)).ok()?;
                let bytes = JsFuture::from(slice.array_buffer()).await.ok()?;
                let bytes = Uint8Array::new(&bytes);
                *at += f64::from(bytes.length());
                Some(bytes)
            }
        }
    }
}

fn property(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &JsValue::from(name))
}
