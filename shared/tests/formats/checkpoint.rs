//! Checkpoints as signed notes.

use shared::crypto::error::{FormatError, SignatureError};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, SigningKey};
use shared::journal::checkpoint::{Checkpoint, MAX_CHECKPOINT, Note, origin};
use shared::journal::cosignature::Witness;
use shared::time::Timestamp;

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
    // Another key under the log's name, as after a change of keys, says nothing of this one.
    let older = format!("{note}{}", line(&good.origin, &witness));
    for key in [log.public(), witness.public()] {
        assert_eq!(Checkpoint::open(&older, &good.origin, &key), Ok(good.clone()));
    }
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

#[test]
fn what_one_witness_said_is_kept_without_the_others() {
    let (log, firm) = (SigningKey::generate(), Hash32([0xab; 32]));
    let good = checkpoint();
    let keys: Vec<SigningKey> = (0..6).map(|_| SigningKey::generate()).collect();
    let kid = |at: usize| Kid([u8::try_from(at).unwrap(); 32]);
    let witness = |at: usize| Witness { kid: kid(at), key: keys[at].public() };
    let line = |at: usize, time| good.cosign(firm, kid(at), &keys[at], Timestamp(time)).unwrap();
    let mut text = good.sign(&log).unwrap();
    for at in 0..6 {
        text += &line(at, 5000);
    }
    // The third said it again, and somebody signs under that name with another key.
    text += &line(2, 9000);
    text += &good.cosign(firm, kid(2), &keys[0], Timestamp(9000)).unwrap();
    let note = Note::parse(&text).unwrap();
    let alone = note.of_witness(firm, &log.public(), &witness(2));
    assert_eq!(alone, good.sign(&log).unwrap() + &line(2, 9000));
    assert_eq!(Checkpoint::open(&alone, &good.origin, &log.public()), Ok(good.clone()));
    let alone = Note::parse(&alone).unwrap();
    assert_eq!(alone.cosigned_by(firm, &witness(2)), Ok(Some(Timestamp(9000))));
    assert_eq!(alone.cosigned_by(firm, &witness(1)), Ok(None));
    // Nor is a line of another key under the witness's name kept where there is none of the witness.
    let other = good.cosign(firm, kid(2), &keys[0], Timestamp(9000)).unwrap();
    let note = Note::parse(&(good.sign(&log).unwrap() + &other)).unwrap();
    assert_eq!(note.of_witness(firm, &log.public(), &witness(2)), good.sign(&log).unwrap());
    // A line of another key under the log's own name is not the log's, although it stands before it.
    let (body, of_log) = text.split_once("\n\n").unwrap();
    let older = good.sign(&SigningKey::generate()).unwrap();
    let note = Note::parse(&format!("{older}{of_log}")).unwrap();
    assert!(older.starts_with(body));
    let alone = note.of_witness(firm, &log.public(), &witness(2));
    assert_eq!(alone, good.sign(&log).unwrap() + &line(2, 9000));
}

#[test]
fn a_note_has_room_for_its_lines_and_for_no_more() {
    let log = SigningKey::generate();
    let note = checkpoint().sign(&log).unwrap();
    // The longest name that a signer can have; such a line is 373 bytes.
    let long = Checkpoint { origin: "w".repeat(256), ..checkpoint() };
    let line = long.sign(&log).unwrap().split_once("\n\n").unwrap().1.to_owned();
    let with = |lines: usize| format!("{note}{}", line.repeat(lines));
    let opened = Checkpoint::open(&with(31), &checkpoint().origin, &log.public());
    assert_eq!(opened, Ok(checkpoint()), "32 lines");
    assert!(with(32).len() < MAX_CHECKPOINT);
    assert_eq!(Note::parse(&with(32)), Err(FormatError::TooLong), "33 lines");
    // Past the largest length nothing is looked at.
    assert_eq!(Note::parse(&"a".repeat(MAX_CHECKPOINT)), Err(FormatError::Length));
    assert_eq!(Note::parse(&"a".repeat(MAX_CHECKPOINT + 1)), Err(FormatError::TooLong));
}

#[test]
fn a_cosignature_is_its_own_witness_and_no_other_name_for_the_same_key() {
    let (firm, key) = (Hash32([0xab; 32]), SigningKey::generate());
    let named = |number: u8| Witness { kid: Kid([number; 32]), key: key.public() };
    let good = checkpoint();
    let line = good.cosign(firm, Kid([1; 32]), &key, Timestamp(90_999)).unwrap();
    assert_eq!(good.cosigned(firm, &named(1), &line), Ok(Timestamp(90_000)));
    let elsewhere = Err(SignatureError::WrongNamespace);
    assert_eq!(good.cosigned(firm, &named(2), &line), elsewhere);
    assert_eq!(good.cosigned(Hash32([0xac; 32]), &named(1), &line), elsewhere);
    let larger = Checkpoint { size: 1235, ..checkpoint() };
    assert_eq!(larger.cosigned(firm, &named(1), &line), Err(SignatureError::Invalid));
    let stranger = Witness { key: SigningKey::generate().public(), ..named(1) };
    assert_eq!(good.cosigned(firm, &stranger, &line), elsewhere);
    let other = Checkpoint { origin: "underseal/other".into(), ..checkpoint() };
    assert_eq!(other.cosign(firm, Kid([1; 32]), &key, Timestamp(0)), Err(FormatError::Value));
}
