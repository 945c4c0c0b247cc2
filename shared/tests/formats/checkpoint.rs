//! Checkpoints as signed notes.

use shared::crypto::error::{FormatError, SignatureError};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::SigningKey;
use shared::journal::checkpoint::{Checkpoint, Note, origin};

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: origin(Hash32([0xab; 32])), size: 1234, root: Hash32([7; 32]) }
}

#[test]
fn a_note_opens_for_its_log_only() {
    let key = SigningKey::generate();
    let good = checkpoint();
    let note = good.sign(&key).unwrap();
    assert_eq!(Checkpoint::open(&note, &good.origin, &key.public()), Ok(good.clone()));
    assert_eq!(
        Checkpoint::open(&note, "underseal/other", &key.public()),
        Err(SignatureError::WrongNamespace)
    );
    let stranger = SigningKey::generate().public();
    assert_eq!(Checkpoint::open(&note, &good.origin, &stranger), Err(SignatureError::Invalid));
}

#[test]
fn no_bit_of_a_note_can_change() {
    let key = SigningKey::generate();
    let good = checkpoint();
    let note = good.sign(&key).unwrap();
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let opened = Checkpoint::open(&text, &good.origin, &key.public());
            assert!(opened.is_err(), "byte {at} bit {bit} can be flipped unseen");
        }
    }
    for end in 0..note.len() {
        let Some(text) = note.get(..end) else { continue };
        assert!(Checkpoint::open(text, &good.origin, &key.public()).is_err());
    }
    assert!(Note::parse(&format!("{note}\n")).is_err());
}

#[test]
fn other_spellings_of_a_note_are_refused() {
    let note = checkpoint().sign(&SigningKey::generate()).unwrap();
    let bad = [
        ("a leading zero", note.replacen("1234", "01234", 1)),
        ("a plus", note.replacen("1234", "+1234", 1)),
        ("too large a size", note.replacen("1234", "18446744073709551616", 1)),
        ("an extension line", note.replacen("\n\n", "\nmore\n\n", 1)),
        ("Windows line ends", note.replace('\n', "\r\n")),
        ("a hyphen for the dash", note.replace('\u{2014}', "-")),
        ("a space in the name", note.replacen("underseal/", "underseal /", 1)),
    ];
    for (what, text) in bad {
        assert!(Note::parse(&text).is_err(), "{what} passed");
    }
}

#[test]
fn cosignatures_may_follow_and_one_bad_line_under_the_logs_name_spoils_the_note() {
    let (log, witness) = (SigningKey::generate(), SigningKey::generate());
    let good = checkpoint();
    let note = good.sign(&log).unwrap();
    let line = |name: &str, key: &SigningKey| {
        let other = Checkpoint { origin: name.into(), ..checkpoint() };
        other.sign(key).unwrap().split("\n\n").nth(1).unwrap().to_owned()
    };
    let cosigned = format!("{note}{}", line("witness.example", &witness));
    assert!(Checkpoint::open(&cosigned, &good.origin, &log.public()).is_ok());
    // The same key and name over another text: the hash fits, the signature does not.
    let lie = Checkpoint { size: 1, ..checkpoint() };
    let forged = lie.sign(&log).unwrap().split("\n\n").nth(1).unwrap().to_owned();
    let spoilt = format!("{note}{forged}");
    assert_eq!(
        Checkpoint::open(&spoilt, &good.origin, &log.public()),
        Err(SignatureError::Invalid)
    );
}

#[test]
fn the_example_of_the_signed_note_specification_verifies() {
    // Key and note of the example in C2SP signed-note; its text is no checkpoint, so the signature
    // alone is compared: over the text with its line end, under PeterNeumann's key.
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let decode = |text: &str| <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap();
    let key = decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let signature = decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
    );
    let key = shared::crypto::keys::VerifyKey::try_from(&key[1..]).unwrap();
    let Some((hash, signature)) = signature.split_first_chunk::<4>() else { unreachable!() };
    assert!(key.verify(text.as_bytes(), signature.try_into().unwrap()));
    let named = [b"PeterNeumann\n\x01".as_slice(), &key.0].concat();
    assert_eq!(shared::crypto::hash::sha256(&named).0[..4], *hash);
}

#[test]
fn an_origin_that_no_note_can_carry_is_not_signed() {
    for bad in ["", "two words", "a+b", "line\nbreak", "\u{e9}"] {
        let unfit = Checkpoint { origin: bad.into(), ..checkpoint() };
        assert_eq!(unfit.sign(&SigningKey::generate()), Err(FormatError::Value), "{bad:?}");
    }
}
