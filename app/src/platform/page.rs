//! The page itself: address, title, language, focus, leaving.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Event, HtmlElement, Window};

/// The window.
#[must_use]
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document.
#[must_use]
pub fn document() -> Document {
    leptos::prelude::document()
}

/// Path of the present address, without query and fragment.
#[must_use]
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// `https://host` of this page.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Takes the fragment out of the address: it is read once, and the address bar, the history and a
/// later screenshot no longer hold it.
#[must_use]
pub fn take_fragment() -> Option<String> {
    let hash = window().location().hash().ok()?;
    let fragment = hash.strip_prefix('#').filter(|rest| !rest.is_empty())?.to_owned();
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path()));
    }
    Some(fragment)
}

/// Puts a new address into the bar without loading it.
pub fn push(path: &str, replace: bool) {
    let Ok(history) = window().history() else { return };
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    };
}

/// Loads another page of this site.
pub fn go(path: &str) {
    let _ = window().location().assign(path);
}

/// Goes one page back.
pub fn back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

/// Sets the title of tab and history entry.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Sets language and writing direction of the document.
pub fn set_language(lang: &str, dir: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", lang);
        let _ = root.set_attribute("dir", dir);
    }
}

/// The language the reader's browser asks for first, as `es-MX`.
#[must_use]
pub fn wanted_language() -> String {
    window().navigator().language().unwrap_or_default()
}

/// Moves focus to the first match, and says whether there was one.
pub fn focus(selector: &str) -> bool {
    let Ok(Some(found)) = document().query_selector(selector) else { return false };
    let Some(element) = found.dyn_ref::<HtmlElement>() else { return false };
    element.focus().is_ok()
}

/// Moves focus to the element of this id if it can take it, and says whether it did.
pub fn focus_id(id: &str) -> bool {
    let Some(found) = document().get_element_by_id(id) else { return false };
    let Some(element) = found.dyn_ref::<HtmlElement>() else { return false };
    let _ = element.focus();
    document().active_element().as_ref() == Some(&found)
}

/// Whether a key that is pressed now belongs to a field or to a dialog.
#[must_use]
pub fn typing_or_dialog() -> bool {
    let at =
        |selector: &str| document().query_selector(selector).is_ok_and(|found| found.is_some());
    at("dialog[open]") || at("input:focus, textarea:focus, select:focus")
}

/// Scrolls to the top, at once.
pub fn to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Leaves for a harmless page and takes this one out of the history entry it stood in.
pub fn leave_quickly() {
    let _ = window().location().replace("https://www.weather.gov/");
}

/// While it lives, the browser asks before it leaves the page or loads it again.
pub struct Stay {
    // Kept alive with the wish.
    _ask: Closure<dyn FnMut(Event)>,
}

impl Stay {
    /// From now on.
    #[must_use]
    pub fn here() -> Self {
        let ask = Closure::<dyn FnMut(Event)>::new(|event: Event| event.prevent_default());
        window().set_onbeforeunload(Some(ask.as_ref().unchecked_ref()));
        Self { _ask: ask }
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        window().set_onbeforeunload(None);
    }
}

/// What the page names on its boot script under `data-` and this name.
#[must_use]
pub fn boot_data(name: &str) -> Option<String> {
    let name = format!("data-{name}");
    document().query_selector(&format!("script[{name}]")).ok()??.get_attribute(&name)
}

/// How many workers the machine can keep busy, at most eight: each takes some MiB.
#[must_use]
pub fn worker_count() -> usize {
    (window().navigator().hardware_concurrency() as usize).clamp(1, 8)
}
