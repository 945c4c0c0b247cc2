//! Files of the reader: chosen, dropped or photographed, read in slices, and saved without ever
//! standing whole in memory.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BlobPropertyBag, DragEvent, File, FileList, HtmlAnchorElement, HtmlInputElement, Url,
};

/// A handle on bytes that the browser keeps.
pub use web_sys::Blob;

use worker::outside;
use worker::pieces::Reading;

use super::page;

/// A file the reader handed over. Cloning copies the handle, not the bytes.
#[derive(Clone)]
pub struct Picked(File);

impl Picked {
    /// Its name, without any folder.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// The type the browser guessed from the name; may be empty, and may be a lie.
    #[must_use]
    pub fn media_type(&self) -> String {
        self.0.type_()
    }

    /// When it was last changed, in milliseconds.
    #[must_use]
    pub fn modified(&self) -> u64 {
        self.0.last_modified() as u64
    }

    /// A part of it, as a handle that can be sent to a worker.
    #[must_use]
    pub fn slice(&self, from: u64, to: u64) -> Option<Blob> {
        self.0.slice_with_f64_and_f64(from as f64, to as f64).ok()
    }

    /// The file itself as a handle.
    #[must_use]
    pub fn blob(&self) -> Blob {
        self.0.clone().unchecked_into()
    }
}

/// The files of a list.
#[must_use]
fn listed(list: Option<FileList>) -> Vec<Picked> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)).map(Picked).collect()
}

/// What an `<input type=file>` holds; the input is emptied so that the same file can be chosen
/// again.
#[must_use]
pub fn chosen(input: &HtmlInputElement) -> Vec<Picked> {
    let files = listed(input.files());
    input.set_value("");
    files
}

/// What was dropped.
#[must_use]
pub fn dropped(event: &DragEvent) -> Vec<Picked> {
    event.prevent_default();
    listed(event.data_transfer().and_then(|data| data.files()))
}

/// Reads a part into memory. `None` when the file was moved, deleted or changed meanwhile.
pub async fn read(blob: &Blob) -> Option<Vec<u8>> {
    let size = blob.size() as usize;
    if let Some(reading) = Reading::of(&blob.stream()) {
        return reading.to_end(size).await;
    }
    let bytes: ArrayBuffer = JsFuture::from(blob.array_buffer()).await.ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// Opened bytes on their way to the reader, kept by the browser (which moves them to its disk)
/// and not by us.
#[derive(Default)]
pub struct Parts(Array);

impl Parts {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Array::new())
    }

    /// Adds bytes. Each becomes a `Blob` at once, so that the page's memory stays small.
    pub fn add(&self, bytes: &[u8]) {
        self.0.push(&outside::blob(bytes));
    }

    /// Adds what the browser keeps already.
    pub fn add_blob(&self, blob: &Blob) {
        self.0.push(blob);
    }

    /// One blob of all.
    #[must_use]
    pub fn join(&self, media_type: &str) -> Option<Blob> {
        let bag = BlobPropertyBag::new();
        bag.set_type(media_type);
        Blob::new_with_blob_sequence_and_options(&self.0, &bag).ok()
    }
}

/// An address for a blob, given back when dropped.
pub struct BlobUrl(String);

impl BlobUrl {
    /// Makes one.
    #[must_use]
    pub fn new(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Hands a blob to the reader as a file of this name.
pub fn save(blob: &Blob, name: &str) {
    let Some(url) = BlobUrl::new(blob) else { return };
    let Ok(made) = page::document().create_element("a") else { return };
    let link: HtmlAnchorElement = made.unchecked_into();
    link.set_href(url.as_str());
    link.set_download(&safe_name(name));
    link.click();
    // The browser reads the address after this turn; it is given back a minute later.
    leptos::task::spawn_local(async move {
        super::clock::sleep(60_000).await;
        drop(url);
    });
}

/// A name as it may be shown: without the characters that turn the writing direction to hide an
/// ending such as `.exe`.
#[must_use]
pub fn shown_name(name: &str) -> String {
    name.chars().map(|letter| if turns(letter) { '\u{fffd}' } else { letter }).collect()
}

const fn turns(letter: char) -> bool {
    matches!(
        letter,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// A name no file system trips over: what a sender wrote may hold slashes, control characters or
/// characters that turn the writing direction to hide an ending.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|letter| match letter {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            letter if turns(letter) || letter.is_control() => '_',
            letter => letter,
        })
        .collect();
    let kept = kept.trim().trim_start_matches('.');
    if kept.is_empty() { "document".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_name_cannot_hide_its_ending() {
        assert_eq!(shown_name("invoice\u{202e}fdp.exe"), "invoice\u{fffd}fdp.exe");
        assert_eq!(shown_name("été 😀 תיק.pdf"), "été 😀 תיק.pdf");
    }

    #[wasm_bindgen_test]
    fn a_saved_name_stays_in_its_folder() {
        assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe_name("a\u{202e}b\nc:d"), "a_b_c_d");
        assert_eq!(safe_name(" ... "), "document");
    }
}
