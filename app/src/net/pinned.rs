//! Files of the site that no page loads by itself: fetched when somebody needs them, and refused by the browser
//! when they are not those that the page was built with.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCredentials, RequestInit, Response};

use crate::platform::page::{self, boot_data};

/// The bytes at an address, when their hash is the one that the page names for them.
pub(super) async fn checked(address: &str, name: &str) -> Option<JsValue> {
    let init = RequestInit::new();
    init.set_integrity(&boot_data(&format!("{name}-integrity"))?);
    init.set_credentials(RequestCredentials::SameOrigin);
    let answer = page::window().fetch_with_str_and_init(address, &init);
    let answer: Response = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
    JsFuture::from(answer.array_buffer().ok()?).await.ok()
}

/// The file that the page knows by this name; `None` when it could not be fetched as the page knows it.
pub async fn file(name: &str) -> Option<Vec<u8>> {
    let bytes = checked(&boot_data(name)?, name).await?;
    Some(Uint8Array::new(&bytes).to_vec())
}
