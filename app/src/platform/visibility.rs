//! When the page is put away: the last moment at which something can be saved.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::VisibilityState;

use super::page;

/// Runs `act` whenever the page is hidden, for as long as the page lives. Phones kill a hidden page
/// without another word, so this is where drafts are flushed.
pub fn on_hidden(mut act: impl FnMut() + 'static) {
    let on = Closure::<dyn FnMut()>::new(move || {
        if page::document().visibility_state() == VisibilityState::Hidden {
            act();
        }
    });
    let _ = page::document()
        .add_event_listener_with_callback("visibilitychange", on.as_ref().unchecked_ref());
    on.forget();
}

/// Whether the page is put away now.
#[must_use]
pub fn hidden() -> bool {
    page::document().visibility_state() == VisibilityState::Hidden
}
