//! The sandboxed viewer of PDF files: a frame that gets bytes and gives nothing back but "ready".

use js_sys::Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlIFrameElement};

pub use web_sys::MessageEvent;

/// Whether this message is the frame's own "ready".
#[must_use]
pub fn is_ready(event: &MessageEvent, frame: &HtmlIFrameElement) -> bool {
    let from_frame = match (event.source(), frame.content_window()) {
        (Some(source), Some(window)) => js_sys::Object::is(&source, &window),
        _ => false,
    };
    from_frame && event.data().as_string().as_deref() == Some("ready")
}

/// Moves a copy of the bytes into the frame.
pub async fn give(frame: &HtmlIFrameElement, blob: &Blob) {
    let Ok(bytes) = JsFuture::from(blob.array_buffer()).await else { return };
    if let Some(window) = frame.content_window() {
        // The frame has an opaque origin, which no target can name; its source was checked.
        let _ = window.post_message_with_transfer(&bytes, "*", &Array::of1(&bytes));
    }
}
