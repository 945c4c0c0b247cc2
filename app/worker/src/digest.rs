//! SHA-256 by the browser, which has the processor's own instructions for it.
//!
//! In WebAssembly a byte costs three to five times as much (measured in Chromium: 250 to 410 MB/s
//! against 900 to 1,600), and the browser hashes on a thread of its own while this one seals. But it
//! hashes only what lies there whole, of which it takes a copy: chunks, and so a file's digest is made of
//! its chunks' as the ciphertext's root is. A call costs as much as some KiB of hashing, from a MiB on the
//! copy costs more than the hashing, and a page that came over plain http has no such thing: then our own
//! does it, and gives the same.

use std::collections::VecDeque;

use js_sys::{Reflect, Uint8Array};
use shared::crypto::age::SEALED_CHUNK;
use shared::crypto::hash::{Hash32, sha256};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::SubtleCrypto;
use zeroize::Zeroizing;

/// Where a call to the browser begins to pay.
const LEAST: usize = 16 * 1024;
/// Leaves that the browser has in hand at once: each is a copy of a chunk. With fewer, a busy machine
/// makes this thread wait for that one again and again.
const AT_ONCE: usize = 16;

/// A digest, made or in the making.
pub enum Digest {
    /// Made here.
    Made(Hash32),
    /// In the making, by the browser.
    Making(JsFuture),
}

impl Digest {
    /// The digest. `None` when the browser broke off, which it does for want of memory.
    pub async fn done(self) -> Option<Hash32> {
        match self {
            Self::Made(hash) => Some(hash),
            Self::Making(making) => {
                let bytes = Uint8Array::new(&making.await.ok()?).to_vec();
                Some(Hash32(bytes.try_into().ok()?))
            }
        }
    }
}

/// The browser's SHA-256, where there is one and it is faster.
#[derive(Clone)]
pub struct Browser(Option<SubtleCrypto>);

impl Browser {
    /// As it is here.
    #[must_use]
    pub fn here() -> Self {
        let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from(name)).ok();
        let subtle = get(&js_sys::global(), "crypto").and_then(|crypto| get(&crypto, "subtle"));
        Self(subtle.and_then(|subtle| subtle.dyn_into().ok()))
    }

    /// As in a browser that has none.
    #[must_use]
    pub const fn without() -> Self {
        Self(None)
    }

    /// The digest of bytes of which the browser takes its copy at once.
    fn digest(&self, bytes: &[u8]) -> Digest {
        let subtle = self.0.as_ref().filter(|_| bytes.len() >= LEAST);
        let making =
            subtle.and_then(|subtle| subtle.digest_with_str_and_u8_array("SHA-256", bytes).ok());
        match making {
            Some(making) => Digest::Making(JsFuture::from(making)),
            None => Digest::Made(sha256(bytes)),
        }
    }
}

/// Bytes before a chunk in its room, so that the chunk stands where vectors like it.
const FRONT: usize = 16;

/// Where a chunk is sealed or opened, right behind the byte that makes it a leaf: it is hashed where it
/// stands.
pub struct Room(Zeroizing<Vec<u8>>);

impl Default for Room {
    fn default() -> Self {
        Self(Zeroizing::new(vec![0; FRONT + SEALED_CHUNK]))
    }
}

impl Room {
    /// A chunk of so many bytes; `None` where there is no room for it.
    pub fn chunk(&mut self, len: usize) -> Option<&mut [u8]> {
        self.0.get_mut(FRONT..FRONT + len)
    }

    /// What is hashed for the leaf of a chunk of so many bytes: 0x00 || chunk.
    fn leaf(&self, len: usize) -> &[u8] {
        self.0.get(FRONT - 1..FRONT + len).unwrap_or_default()
    }
}

/// The leaves of a part's chunks, hashed while the next chunks are sealed or opened.
pub struct Leaves {
    browser: Browser,
    making: VecDeque<Digest>,
    made: Vec<Hash32>,
}

impl Leaves {
    /// None yet.
    #[must_use]
    pub fn new(browser: Browser) -> Self {
        Self { browser, making: VecDeque::new(), made: Vec::new() }
    }

    /// Takes the chunk of so many bytes in a room; waits only when many are in the making. `None` when the
    /// browser broke off.
    pub async fn add(&mut self, room: &Room, len: usize) -> Option<()> {
        if self.making.len() >= AT_ONCE {
            self.take_one().await?;
        }
        self.making.push_back(self.browser.digest(room.leaf(len)));
        Some(())
    }

    /// All of them, in order.
    pub async fn all(mut self) -> Option<Vec<Hash32>> {
        while !self.making.is_empty() {
            self.take_one().await?;
        }
        Some(self.made)
    }

    async fn take_one(&mut self) -> Option<()> {
        if let Some(next) = self.making.pop_front() {
            self.made.push(next.done().await?);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use shared::crypto::manifest::chunk_leaf;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * 131 % 251) as u8).collect()
    }

    #[wasm_bindgen_test]
    async fn the_browsers_digest_is_ours() {
        let browser = Browser::here();
        assert!(browser.0.is_some());
        for len in [0, 1, LEAST - 1, LEAST, LEAST + 1, 1 << 20, (1 << 22) + 1024] {
            let mut bytes = bytes(len);
            let expected = Some(sha256(&bytes));
            let made = Browser::without().digest(&bytes);
            assert!(matches!(made, Digest::Made(_)));
            assert_eq!(made.done().await, expected);
            let making = browser.digest(&bytes);
            assert_eq!(matches!(making, Digest::Making(_)), len >= LEAST);
            // What happens to the bytes afterwards does not matter any more.
            bytes.fill(0);
            assert_eq!(making.done().await, expected);
        }
    }

    #[wasm_bindgen_test]
    async fn the_browsers_leaves_are_ours_in_the_same_order() {
        let all: Vec<Vec<u8>> = (0..40)
            .map(|at| bytes(if at % 7 == 3 { 17 + at } else { SEALED_CHUNK - at }))
            .collect();
        let expected: Vec<Hash32> = all.iter().map(|chunk| chunk_leaf(chunk)).collect();
        for browser in [Browser::here(), Browser::without()] {
            let (mut leaves, mut room) = (Leaves::new(browser), Room::default());
            for chunk in &all {
                room.chunk(chunk.len()).unwrap().copy_from_slice(chunk);
                leaves.add(&room, chunk.len()).await.unwrap();
                assert!(leaves.making.len() <= AT_ONCE);
            }
            assert_eq!(leaves.all().await.as_deref(), Some(expected.as_slice()));
        }
        assert_eq!(Leaves::new(Browser::here()).all().await, Some(Vec::new()));
    }
}
