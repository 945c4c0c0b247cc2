//! Held to RFC 8439 and, byte for byte, to the crate that does the same everywhere else; Wycheproof
//! comes over [`super::super::aead`]. Run by `cargo xtask test simd`, in wasm as the app's is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use alloc::vec::Vec;

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use wasm_bindgen_test::wasm_bindgen_test;

use super::chacha20::GROUP;
use super::poly1305::Poly1305;
use super::{open, seal};

/// The largest text tried: a full chunk and a block.
const LARGEST: usize = 65_536 + 16;

/// Bytes without a pattern, the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = self.next() as u8);
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = alloc::vec![0; length];
        self.fill(&mut bytes);
        bytes
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N).try_into().unwrap()
    }
}

fn theirs(key: [u8; 32], nonce: [u8; 12], aad: &[u8], text: &mut [u8]) -> [u8; 16] {
    let cipher = ChaCha20Poly1305::new(&Key::from(key));
    cipher.encrypt_inout_detached(&Nonce::from(nonce), aad, text.into()).unwrap().into()
}

/// Sealed as the crate seals, opened to what it was.
fn agrees(dice: &mut Dice, text: &[u8], aad: &[u8]) {
    let (key, nonce) = (dice.array(), dice.array());
    let (mut ours, mut expected) = (text.to_vec(), text.to_vec());
    let tag = seal(&key, &nonce, aad, &mut ours);
    let length = text.len();
    assert_eq!(tag, theirs(key, nonce, aad, &mut expected), "tag of {length} bytes");
    assert!(ours == expected, "ciphertext of {length} bytes");
    assert!(open(&key, &nonce, aad, &mut ours, &tag), "{length} bytes open");
    assert!(ours == text, "{length} bytes come back");
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[wasm_bindgen_test]
fn the_letter_of_rfc_8439_is_sealed_and_opened() {
    // Section 2.8.2.
    let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for \
                 the future, sunscreen would be it.";
    let key = core::array::from_fn(|i| 0x80 + i as u8);
    let nonce = hex("070000004041424344454647").try_into().unwrap();
    let aad = hex("50515253c0c1c2c3c4c5c6c7");
    let mut sealed = text.to_vec();
    let tag = seal(&key, &nonce, &aad, &mut sealed);
    assert_eq!(tag.as_slice(), hex("1ae10b594f09e26a7e902ecbd0600691"));
    assert_eq!(
        sealed,
        hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
             3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
             92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
             3ff4def08e4b7a9de576d26586cec64b6116")
    );
    assert!(open(&key, &nonce, &aad, &mut sealed, &tag));
    assert_eq!(sealed, text);
}

#[wasm_bindgen_test]
fn the_mac_reduces_as_rfc_8439_says() {
    // Appendix A.3, vectors 5 to 11: `r`, pad, blocks, tag.
    let full = "ff".repeat(16);
    let ten = "01000000000000000400000000000000";
    let first = "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000";
    let nothing = "00".repeat(16);
    let one = format!("01{}", "00".repeat(15));
    let two = format!("02{}", "00".repeat(15));
    let cases = [
        (two.as_str(), nothing.as_str(), full.clone(), format!("03{}", "00".repeat(15))),
        (&two, &full, two.clone(), format!("03{}", "00".repeat(15))),
        (
            &one,
            &nothing,
            format!("{full}f0{}11{}", "ff".repeat(15), "00".repeat(15)),
            format!("05{}", "00".repeat(15)),
        ),
        (
            &one,
            &nothing,
            format!("{full}fb{}{}", "fe".repeat(15), "01".repeat(16)),
            nothing.clone(),
        ),
        (&two, &nothing, format!("fd{}", "ff".repeat(15)), format!("fa{}", "ff".repeat(15))),
        (
            ten,
            &nothing,
            format!("{first}{nothing}{one}"),
            "14000000000000005500000000000000".to_owned(),
        ),
        (ten, &nothing, format!("{first}{nothing}"), format!("13{}", "00".repeat(15))),
    ];
    for (r, pad, text, tag) in cases {
        let mut mac = Poly1305::new(&hex(&format!("{r}{pad}")).try_into().unwrap());
        mac.padded(&hex(&text));
        assert_eq!(mac.tag().as_slice(), hex(&tag), "{text}");
    }
}

#[wasm_bindgen_test]
fn every_short_length_agrees_with_the_crate() {
    let mut dice = Dice(1);
    let text = dice.bytes(1100);
    for length in 0..=text.len() {
        let aad = dice.bytes(length % 67);
        agrees(&mut dice, &text[..length], &aad);
    }
}

#[wasm_bindgen_test]
fn lengths_around_every_edge_agree_with_the_crate() {
    let mut dice = Dice(2);
    let text = dice.bytes(LARGEST);
    let mut run = 0;
    for edge in (GROUP..=LARGEST).step_by(GROUP) {
        for length in [edge - 17, edge - 16, edge - 1, edge, edge + 1, edge + 16] {
            agrees(&mut dice, &text[..length.min(LARGEST)], &[]);
            run += 1;
        }
    }
    assert_eq!(run, 256 * 6);
}

#[wasm_bindgen_test]
fn what_is_authenticated_only_may_have_any_length() {
    let mut dice = Dice(3);
    let text = dice.bytes(300);
    let aad = dice.bytes(1100);
    for length in 0..=aad.len() {
        agrees(&mut dice, &text, &aad[..length]);
    }
}

#[wasm_bindgen_test]
fn words_full_of_ones_and_zeros_agree_with_the_crate() {
    // Carries run the whole way through where words are full.
    let mut dice = Dice(4);
    for round in 0..400 {
        let mut text = alloc::vec![if round % 2 == 0 { 0xff } else { 0 }; 128 + round];
        // The MAC sees ciphertext: make that one extreme instead of the text.
        let (key, nonce) = (dice.array(), dice.array());
        let mut extreme = text.clone();
        let mut stream = alloc::vec![0; text.len()];
        theirs(key, nonce, &[], &mut stream);
        extreme.iter_mut().zip(&stream).for_each(|(byte, mask)| *byte ^= mask);
        let mut again = extreme.clone();
        let tag = seal(&key, &nonce, &[], &mut extreme);
        assert_eq!(tag, theirs(key, nonce, &[], &mut again));
        assert!(extreme == again && extreme == text);
        agrees(&mut dice, &text, &[]);
        assert!(open(&key, &nonce, &[], &mut text, &tag));
    }
}

#[wasm_bindgen_test]
fn nothing_beside_the_text_is_touched_wherever_it_lies() {
    let mut dice = Dice(5);
    for start in 0..64 {
        for length in [0, 1, 255, 256, 257, 600] {
            let before = dice.bytes(start + length + 64);
            let mut room = before.clone();
            let (key, nonce) = (dice.array(), dice.array());
            let tag = seal(&key, &nonce, &[], &mut room[start..start + length]);
            let mut expected = before.clone();
            let theirs = theirs(key, nonce, &[], &mut expected[start..start + length]);
            assert!(room == expected && tag == theirs, "{length} bytes at {start}");
            assert!(open(&key, &nonce, &[], &mut room[start..start + length], &tag));
            assert!(room == before, "{length} bytes at {start}");
        }
    }
}

#[wasm_bindgen_test]
fn any_changed_byte_is_refused_and_nothing_comes_out() {
    let mut dice = Dice(6);
    let refused = |key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], text: &[u8], tag: &[u8; 16]| {
        let mut text = text.to_vec();
        assert!(!open(key, nonce, aad, &mut text, tag));
        assert!(text.iter().all(|byte| *byte == 0), "plaintext was left behind");
    };
    for length in [0, 1, 15, 16, 17, 255, 256, 257, 511, 512, 1040] {
        let (key, nonce): ([u8; 32], [u8; 12]) = (dice.array(), dice.array());
        let aad = dice.bytes(21);
        let mut text = dice.bytes(length);
        let mut tag = seal(&key, &nonce, &aad, &mut text);
        for at in 0..text.len() {
            let bit = 1 << (dice.next() % 8);
            text[at] ^= bit;
            refused(&key, &nonce, &aad, &text, &tag);
            text[at] ^= bit;
        }
        for at in 0..128 {
            tag[at / 8] ^= 1 << (at % 8);
            refused(&key, &nonce, &aad, &text, &tag);
            tag[at / 8] ^= 1 << (at % 8);
        }
        for at in 0..aad.len() {
            let mut other = aad.clone();
            other[at] ^= 1 << (dice.next() % 8);
            refused(&key, &nonce, &other, &text, &tag);
        }
        let (mut other_key, mut other_nonce) = (key, nonce);
        other_key[length % 32] ^= 1;
        other_nonce[length % 12] ^= 1;
        refused(&other_key, &nonce, &aad, &text, &tag);
        refused(&key, &other_nonce, &aad, &text, &tag);
        refused(&key, &nonce, &aad[1..], &text, &tag);
        if let Some((_, shorter)) = text.split_last() {
            refused(&key, &nonce, &aad, shorter, &tag);
        }
        assert!(open(&key, &nonce, &aad, &mut text, &tag), "the untouched one opens");
    }
}

#[wasm_bindgen_test]
fn in_a_full_chunk_too() {
    let mut dice = Dice(7);
    let (key, nonce): ([u8; 32], [u8; 12]) = (dice.array(), dice.array());
    let mut text = dice.bytes(65_536);
    let tag = seal(&key, &nonce, &[], &mut text);
    for at in (0..text.len()).step_by(251).chain([65_535]) {
        let mut altered = text.clone();
        altered[at] ^= 0x40;
        assert!(!open(&key, &nonce, &[], &mut altered, &tag), "byte {at}");
        assert!(altered.iter().all(|byte| *byte == 0), "byte {at}");
    }
    assert!(open(&key, &nonce, &[], &mut text, &tag));
}
