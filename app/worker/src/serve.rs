//! The worker's side of tasks.
//!
//! The page sends `[number, job, head, body]` and gets `[number, good, head, body]` back.

use core::future::Future;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use shared::secret::Secret;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::outside::{self, Blob};

/// A blob that could not be read: the file moved, shrank or was changed.
pub const UNREADABLE: u32 = 1;
/// The task makes no sense, or what came with it was refused.
pub const REFUSED: u32 = 2;
/// What was to be opened is not what was sealed for this place.
pub const UNVERIFIED: u32 = 3;

/// What a job works on.
pub enum Input {
    /// Nothing.
    None,
    /// Bytes that the browser keeps.
    Blob(Blob),
    /// Bytes that were moved here and are used once: sealed parts and statements come so, and passphrases.
    /// What of them is secret is wiped by its job.
    Bytes(ArrayBuffer),
}

/// What a job gives: its small answer and bytes for the browser to keep, or a code for the page.
pub type Worked = Result<(Secret<Vec<u8>>, Option<Blob>), u32>;

/// Answers tasks for as long as the worker lives. `work` is the table of jobs.
pub fn serve<W, F>(work: W)
where
    W: Fn(u32, Secret<Vec<u8>>, Input) -> F + Copy + 'static,
    F: Future<Output = Worked>,
{
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let here = scope.clone();
    let on = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let here = here.clone();
        let message: Array = event.data().unchecked_into();
        wasm_bindgen_futures::spawn_local(async move {
            let job = message.get(1).as_f64().unwrap_or_default() as u32;
            let worked = work(job, head_of(&message), input_of(message.get(3))).await;
            answer(&here, &message.get(0), worked);
        });
    });
    scope.set_onmessage(Some(on.as_ref().unchecked_ref()));
    // The worker's whole life.
    on.forget();
    let _ = scope.post_message(&JsValue::from("ready"));
}

fn answer(page: &DedicatedWorkerGlobalScope, number: &JsValue, worked: Worked) {
    match worked {
        Ok((head, body)) => {
            let body = body.map_or(JsValue::NULL, JsValue::from);
            // EXPOSE: moved to the page that asked, so that no copy stays here.
            let head = Uint8Array::from(head.expose().as_slice());
            let answer = Array::of4(number, &JsValue::TRUE, &head, &body);
            let _ = page.post_message_with_transfer(&answer, &Array::of1(&head.buffer()));
            outside::wipe(&head);
        }
        Err(code) => {
            let answer = Array::of4(number, &JsValue::FALSE, &code.into(), &JsValue::NULL);
            let _ = page.post_message(&answer);
        }
    }
}

/// A message's small bytes; nothing of them stays with the browser.
#[must_use]
pub fn head_of(message: &Array) -> Secret<Vec<u8>> {
    outside::take_secret(&message.get(2).unchecked_into::<Uint8Array>().buffer())
}

fn input_of(body: JsValue) -> Input {
    if body.is_null() || body.is_undefined() {
        return Input::None;
    }
    match body.dyn_into::<Blob>() {
        Ok(blob) => Input::Blob(blob),
        Err(buffer) => Input::Bytes(buffer.unchecked_into()),
    }
}
