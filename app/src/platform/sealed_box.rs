//! The device's own lock: AES-256-GCM by WebCrypto under a key that never leaves the browser.
//!
//! It guards drafts and device records at rest on this device only; nothing of it travels, and it
//! is no part of the formats in `shared::crypto`.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey, SubtleCrypto};

const IV: usize = 12;

fn subtle() -> Option<SubtleCrypto> {
    let crypto = super::page::window().crypto().ok()?;
    // Absent where the page came over plain http from another machine.
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.dyn_into().ok()
}

fn params(iv: &Uint8Array, name: &str) -> AesGcmParams {
    let params = AesGcmParams::new("AES-GCM", iv);
    params.set_additional_data(&Uint8Array::from(name.as_bytes()));
    params
}

/// A fresh key that can seal and open, and cannot be exported.
pub(super) async fn new_key() -> Option<CryptoKey> {
    let usages = js_sys::Array::of2(&"encrypt".into(), &"decrypt".into());
    let params = AesKeyGenParams::new("AES-GCM", 256);
    let made = subtle()?.generate_key_with_object(&params, false, &usages).ok()?;
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

/// Seals a value to this device under its name.
pub(super) async fn seal(key: &CryptoKey, name: &str, value: &[u8]) -> Option<Uint8Array> {
    let mut iv = [0; IV];
    getrandom::fill(&mut iv).ok()?;
    let params = params(&Uint8Array::from(iv.as_slice()), name);
    let data = Uint8Array::from(value);
    let made = subtle()?.encrypt_with_object_and_js_u8_array(&params, key, &data).ok()?;
    let bytes: ArrayBuffer = JsFuture::from(made).await.ok()?.dyn_into().ok()?;
    let sealed = Uint8Array::new_with_length(IV as u32 + bytes.byte_length());
    sealed.subarray(0, IV as u32).copy_from(&iv);
    sealed.set(&Uint8Array::new(&bytes), IV as u32);
    Some(sealed)
}

/// Opens what [`seal`] made under the same name.
pub(super) async fn open(key: &CryptoKey, name: &str, sealed: &Uint8Array) -> Option<Vec<u8>> {
    if sealed.length() < IV as u32 {
        return None;
    }
    let iv = sealed.subarray(0, IV as u32);
    let data = sealed.subarray(IV as u32, sealed.length());
    let made =
        subtle()?.decrypt_with_object_and_js_u8_array(&params(&iv, name), key, &data).ok()?;
    let bytes: JsValue = JsFuture::from(made).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn what_was_sealed_opens_under_its_own_name_only() {
        let key = new_key().await.unwrap();
        let sealed = seal(&key, "draft/one", b"her words").await.unwrap();
        assert_eq!(open(&key, "draft/one", &sealed).await.unwrap(), b"her words");
        assert_eq!(open(&key, "draft/two", &sealed).await, None);
        assert_eq!(open(&key, "", &sealed).await, None);
    }

    #[wasm_bindgen_test]
    async fn another_key_opens_nothing() {
        let (one, other) = (new_key().await.unwrap(), new_key().await.unwrap());
        let sealed = seal(&one, "name", b"words").await.unwrap();
        assert_eq!(open(&other, "name", &sealed).await, None);
    }

    #[wasm_bindgen_test]
    async fn no_byte_of_it_may_change_or_be_missing() {
        let key = new_key().await.unwrap();
        let sealed = seal(&key, "name", b"words").await.unwrap();
        for at in 0..sealed.length() {
            let other = Uint8Array::new(&sealed);
            other.set_index(at, sealed.get_index(at) ^ 1);
            assert_eq!(open(&key, "name", &other).await, None, "byte {at}");
            assert_eq!(open(&key, "name", &sealed.slice(0, at)).await, None, "cut at {at}");
        }
    }

    #[wasm_bindgen_test]
    async fn the_same_words_never_look_the_same() {
        let key = new_key().await.unwrap();
        let first = seal(&key, "name", b"words").await.unwrap();
        let second = seal(&key, "name", b"words").await.unwrap();
        assert_ne!(first.to_vec(), second.to_vec());
        assert_eq!(first.to_vec().len(), IV + b"words".len() + 16);
    }

    #[wasm_bindgen_test]
    async fn the_key_itself_cannot_be_read() {
        let key = new_key().await.unwrap();
        assert!(!key.extractable());
        let asked = subtle().unwrap().export_key("raw", &key).unwrap();
        assert!(JsFuture::from(asked).await.is_err());
    }
}
