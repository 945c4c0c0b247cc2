//! The workers' jobs in a browser: what is sealed there opens there, and nothing else does.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use js_sys::{ArrayBuffer, Uint8Array};
use shared::client::upload::{PART, seal_part};
use shared::crypto::age::{CHUNK, FileSeal, SEALED_CHUNK};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{KemKey, KemPublic};
use shared::crypto::manifest;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::outside::{Blob, blob};

fn file(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 % 253) as u8).collect()
}

fn sealing() -> FileSeal {
    let public: KemPublic = KemKey::generate().public();
    FileSeal::new(Hash32([3; 32]), &[&public]).unwrap()
}

fn head(key: &[u8], index: u32, size: u64) -> Secret<Vec<u8>> {
    frame::join(&[key, &index.to_le_bytes(), &size.to_le_bytes()])
}

async fn bytes_of(blob: &Blob) -> Vec<u8> {
    Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.unwrap()).to_vec()
}

/// Whether a job ended well, with its small answer and its bytes; the same for a blob and for bytes
/// that were moved here, of which nothing stays if they were plaintext.
async fn run(job: u32, head: &Secret<Vec<u8>>, body: &[u8]) -> Result<(Vec<u8>, Vec<u8>), u32> {
    let buffer: ArrayBuffer = Uint8Array::from(body).buffer();
    let moved = answered(work(job, head, Input::Bytes(buffer.clone())).await).await;
    let stays = Uint8Array::new(&buffer).to_vec();
    assert!(job == OPEN || stays.iter().all(|byte| *byte == 0));
    let read = answered(work(job, head, Input::Blob(blob(body))).await).await;
    assert!(moved == read);
    moved
}

async fn answered(worked: Worked) -> Result<(Vec<u8>, Vec<u8>), u32> {
    let (head, body) = worked?;
    let body = match body {
        Some(body) => bytes_of(&body).await,
        None => Vec::new(),
    };
    Ok((head.expose().clone(), body))
}

#[wasm_bindgen_test]
async fn a_part_is_sealed_here_as_everywhere_and_opens_here() {
    for size in [0, 1, CHUNK + 1, PART as usize, PART as usize + 70_000] {
        let (seal, file) = (sealing(), file(size));
        let job = seal.export_resume();
        let (mut roots, mut plain) = (Vec::new(), Vec::new());
        for (index, part) in
            (0..).zip(file.chunks(PART as usize).chain((size == 0).then_some(&[][..])))
        {
            let expected = seal_part(job.expose(), index, size as u64, part).unwrap();
            let seal_head = head(job.expose(), index, size as u64);
            let (answer, sealed) = run(SEAL, &seal_head, part).await.unwrap();
            assert!(sealed == expected.bytes);
            let both = Some([&expected.root.0[..], &expected.plain.0]);
            assert_eq!(frame::split(&answer), both);
            let (again, none) = run(CHECK, &seal_head, part).await.unwrap();
            assert_eq!((again.as_slice(), none.len()), (&expected.root.0[..], 0));

            let open_head = head(seal.payload().bytes(), index, manifest::sealed_len(size as u64));
            let (found, opened) = run(OPEN, &open_head, &sealed).await.unwrap();
            assert!(opened == part);
            assert_eq!(frame::split(&found), both);
            roots.push(expected.root);
            plain.push(expected.plain);
        }
        let chunks = manifest::chunks_of_plain(size as u64);
        assert!(manifest::root_of_parts(&roots, chunks).is_some());
        assert_eq!(manifest::root_of_parts(&plain, chunks), Some(manifest::plain_digest(&file)));
    }
}

#[wasm_bindgen_test]
async fn a_part_that_is_altered_or_elsewhere_does_not_open() {
    let (seal, file) = (sealing(), file(3 * CHUNK));
    let size = file.len() as u64;
    let sealed = seal_part(seal.export_resume().expose(), 0, size, &file).unwrap().bytes;
    let key = seal.payload().bytes();
    let good = head(key, 0, manifest::sealed_len(size));
    assert!(run(OPEN, &good, &sealed).await.is_ok());
    let mut altered = sealed.clone();
    altered[2 * SEALED_CHUNK + 5] ^= 1;
    assert_eq!(run(OPEN, &good, &altered).await.err(), Some(UNVERIFIED));
    assert_eq!(run(OPEN, &good, &sealed[..sealed.len() - 1]).await.err(), Some(UNVERIFIED));
    let elsewhere = head(key, 0, manifest::sealed_len(PART + size));
    assert_eq!(run(OPEN, &elsewhere, &sealed).await.err(), Some(UNVERIFIED));
    let other = head(&[1; 32], 0, manifest::sealed_len(size));
    assert_eq!(run(OPEN, &other, &sealed).await.err(), Some(UNVERIFIED));
    assert_eq!(run(OPEN, &head(&key[1..], 0, size), &sealed).await.err(), Some(REFUSED));
}
