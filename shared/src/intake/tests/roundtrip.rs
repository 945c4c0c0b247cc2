//! One value, one encoding: what is written reads back as the same, and no other bytes do.

use proptest::prelude::*;

use super::sample::*;
use crate::ids::ObjectId;
use crate::intake::answers::*;
use crate::intake::codec::Unreadable;
use crate::intake::draft::{Attached, DraftV1};
use crate::intake::form::FormV1;
use crate::intake::plain::{ConsentChoice, SubmissionV1};
use crate::intake::seal;
use crate::intake::templates;
use crate::intake::value::Language;
use crate::time::Timestamp;

fn submission(answers: AnswersV1) -> SubmissionV1 {
    let form = every_kind();
    SubmissionV1 {
        submission: crate::ids::SubmissionId([1; 16]),
        form_hash: form.hash(),
        notice_hash: form.notice_hash(),
        language: Language::Spanish,
        answers,
        consents: vec![ConsentChoice { id: "must".into(), given: true }],
        signature: Some(Signature { name: "Ana".into(), date: today() }),
        on: today(),
        written: Timestamp(5),
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_the_same(bytes in prop::collection::vec(any::<u8>(), 0..900), which in 0..3_usize) {
        let form = templates::all().get(which).map_or_else(every_kind, |t| (t.build)());
        let answers = Feed::new(&bytes).answers(&form);
        prop_assert!(AnswersV1::from_bytes(&answers.to_bytes()).unwrap() == answers);

        let sent = submission(answers.clone());
        prop_assert!(SubmissionV1::from_bytes(&sent.to_bytes()).unwrap() == sent);

        let mut draft = draft(&form);
        draft.answers = answers;
        draft.choose("must", true);
        draft.documents.push(Attached {
            object: ObjectId([9; 16]), field: "file".into(), item: None, inner: None,
            name: "a".into(), size: 1, filed: false,
        });
        let kept = draft.keep(&form, Timestamp(77));
        prop_assert!(DraftV1::from_bytes(&kept).unwrap() == draft);
    }

    #[test]
    fn a_flipped_bit_is_refused_or_is_another_value(bytes in prop::collection::vec(any::<u8>(), 0..60), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let sent = submission(Feed::new(&bytes).answers(&every_kind()));
        let mut damaged = sent.to_bytes();
        let at = at.index(damaged.len());
        damaged[at] ^= 1 << bit;
        if let Ok(other) = SubmissionV1::from_bytes(&damaged) {
            prop_assert!(other != sent && other.to_bytes() == damaged);
        }
    }

    #[test]
    fn any_bytes_at_all_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // Whatever is accepted is exactly what we would have written.
        if let Ok(answers) = AnswersV1::from_bytes(&bytes) {
            prop_assert_eq!(answers.to_bytes(), bytes.clone());
        }
        prop_assert!(FormV1::from_bytes(&bytes).is_err());
        prop_assert!(DraftV1::from_bytes(&bytes).is_err());
        prop_assert!(SubmissionV1::from_bytes(&bytes).is_err());
    }
}

#[test]
fn every_single_bit_of_a_form_counts() {
    let form = every_kind();
    let bytes = form.to_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            if let Ok(other) = FormV1::from_bytes(&damaged) {
                assert!(other != form && other.hash() != form.hash(), "byte {at} bit {bit}");
            }
        }
    }
}

#[test]
fn a_truncated_form_or_answer_is_refused_at_every_edge() {
    let form = every_kind().to_bytes();
    let sent = submission(Feed::new(&[255; 300]).answers(&every_kind())).to_bytes();
    for end in 0..form.len() {
        assert!(FormV1::from_bytes(&form[..end]).is_err());
    }
    for end in 0..sent.len() {
        assert!(SubmissionV1::from_bytes(&sent[..end]).is_err());
    }
    assert!(FormV1::from_bytes(&[&form[..], &[0]].concat()).is_err());
    assert!(SubmissionV1::from_bytes(&[&sent[..], &[0xf6]].concat()).is_err());
}

#[test]
fn other_spellings_of_the_same_answers_are_refused() {
    // Two entries: "a" and "b", each yes.
    let good = [0xa2, 0x61, b'a', 0x82, 6, 0x81, 0xf5, 0x61, b'b', 0x82, 6, 0x81, 0xf5];
    assert!(AnswersV1::from_bytes(&good).is_ok());
    let cases: &[(&str, &[u8])] = &[
        ("out of order", &[0xa2, 0x61, b'b', 0x82, 6, 0x81, 0xf5, 0x61, b'a', 0x82, 6, 0x81, 0xf5]),
        (
            "the same twice",
            &[0xa2, 0x61, b'a', 0x82, 6, 0x81, 0xf5, 0x61, b'a', 0x82, 6, 0x81, 0xf5],
        ),
        (
            "long before short",
            &[0xa2, 0x62, b'a', b'a', 0x82, 6, 0x81, 0xf5, 0x61, b'b', 0x82, 6, 0x81, 0xf5],
        ),
        ("an indefinite map", &[0xbf, 0x61, b'a', 0x82, 6, 0x81, 0xf5, 0xff]),
        ("a long length", &[0xb8, 1, 0x61, b'a', 0x82, 6, 0x81, 0xf5]),
        ("a tag", &[0xc1, 0xa1, 0x61, b'a', 0x82, 6, 0x81, 0xf5]),
        ("an unknown kind of answer", &[0xa1, 0x61, b'a', 0x82, 24, 99, 0x81, 0xf5]),
        ("a day that is none", &[0xa1, 0x61, b'a', 0x82, 4, 0x81, 0x1a, 1, 0x35, 0x29, 0x90]),
        ("a list instead of a map", &[0x80]),
        ("nothing", &[]),
    ];
    for (what, bytes) in cases {
        assert!(AnswersV1::from_bytes(bytes).is_err(), "{what}");
    }
}

#[test]
fn nesting_that_could_exhaust_the_stack_is_refused() {
    // A condition: not not not ... each level is [3, [inner]].
    let mut bytes = Vec::new();
    for _ in 0..8000 {
        bytes.extend([0x82, 3, 0x81]);
    }
    bytes.push(0);
    assert!(matches!(FormV1::from_bytes(&bytes), Err(Unreadable::TooDeep)));
    assert!(matches!(AnswersV1::from_bytes(&bytes), Err(Unreadable::TooDeep)));
}

#[test]
fn more_bytes_than_the_cap_are_refused_unread() {
    let large = vec![0; 3 * 1024 * 1024];
    assert!(matches!(FormV1::from_bytes(&large), Err(Unreadable::TooLarge)));
    assert!(matches!(AnswersV1::from_bytes(&large), Err(Unreadable::TooLarge)));
    assert!(matches!(SubmissionV1::from_bytes(&large), Err(Unreadable::TooLarge)));
    assert!(matches!(DraftV1::from_bytes(&large), Err(Unreadable::TooLarge)));
}

#[test]
fn a_length_that_lies_costs_no_memory() {
    // A map, an array and a text that each claim far more than follows.
    for bytes in [
        &[0xba, 0xff, 0xff, 0xff, 0xff][..],
        &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x7a, 0xff, 0xff, 0xff, 0xff],
    ] {
        assert!(AnswersV1::from_bytes(bytes).is_err());
        assert!(FormV1::from_bytes(bytes).is_err());
    }
}

#[test]
fn the_padded_length_tells_little_and_the_padding_holds_nothing() {
    for words in [0, 10, 7900, 7950, 7951, 7952, 8000, 20_000] {
        let mut answers = AnswersV1::new();
        answers.set("long", Answer::Text("x".repeat(words)));
        let sent = submission(answers);
        let padded = seal::pack(&sent);
        assert!(padded.len().is_multiple_of(seal::BUCKET));
        assert!(seal::unpack(&padded).is_ok_and(|same| same == sent));

        let refused = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut other = padded.clone();
            change(&mut other);
            assert!(seal::unpack(&other).is_err());
        };
        refused(&|b| b.truncate(b.len() - 1));
        refused(&|b| b.push(0));
        refused(&|b| b.extend([0; seal::BUCKET]));
        refused(&|b| b.fill(0));
        refused(&|b| b.clear());
        refused(&|b| b[0] ^= 1);
        let mark = padded.iter().rposition(|byte| *byte != 0).unwrap();
        refused(&|b| b[mark] = 1);
        if mark + 1 < padded.len() {
            refused(&|b| b[mark + 1] = 0x80);
            refused(&|b| *b.last_mut().unwrap() = 1);
        }
    }
}
