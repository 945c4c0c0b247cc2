//! Copying text for the reader, when the reader asks.

use wasm_bindgen_futures::JsFuture;

use super::page;

/// Copies, and says whether the browser let us.
pub async fn copy(text: &str) -> bool {
    let navigator = page::window().navigator();
    // Absent on pages that came over plain http.
    if js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_undefined())
    {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
