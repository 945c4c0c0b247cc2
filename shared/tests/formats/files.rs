//! Age files of ours: header, chunks, metadata, resuming.

use std::sync::LazyLock;

use proptest::prelude::*;
use shared::crypto::age::header::{Header, MAX_HEADER, inspect};
use shared::crypto::age::identity::{
    identity_string, parse_identity, parse_recipient, recipient_string,
};
use shared::crypto::age::{
    CHUNK, FileOpen, FileSeal, NONCE, PayloadKey, SEALED_CHUNK, TAG, open_all, seal_all,
};
use shared::crypto::error::{FormatError, OpenError};
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{KemKey, KemPublic, Kid};
use shared::crypto::manifest::{
    FileContext, FileKind, chunks_of_plain, chunks_of_sealed, plain_len, recipients_hash,
    sealed_len,
};
use shared::ids::{ClientId, MatterId, ObjectId};

use super::{every_length, every_mutation};

const CTX: Hash32 = Hash32([0xc0; 32]);

static KEY: LazyLock<KemKey> = LazyLock::new(|| KemKey::from_seed([0x21; 32]));
static PUBLIC: LazyLock<KemPublic> = LazyLock::new(|| KEY.public());

fn sealed(plaintext: &[u8]) -> (FileSeal, Vec<u8>) {
    seal_all(CTX, &[&*PUBLIC], plaintext).unwrap()
}

fn header_of(seal: &FileSeal) -> Vec<u8> {
    seal.header_and_nonce()
}

#[test]
fn a_file_opens_with_each_of_its_recipients_keys_and_no_other() {
    let other = KemKey::generate();
    let (seal, chunks) = seal_all(CTX, &[&*PUBLIC, &other.public()], b"hello").unwrap();
    for key in [&*KEY, &other] {
        let open = FileOpen::new(&header_of(&seal), CTX, key).unwrap();
        assert_eq!(open_all(&open, &chunks).unwrap().expose(), b"hello");
    }
    let stranger = KemKey::generate();
    let error = FileOpen::new(&header_of(&seal), CTX, &stranger).err();
    assert_eq!(error, Some(OpenError::KeyMissing));
    let shape = inspect(&header_of(&seal)).unwrap();
    assert_eq!((shape.ctx_hash, shape.recipients), (CTX, 2));
    assert_eq!(shape.header_hash, sha256(&header_of(&seal)));
}

#[test]
fn a_file_of_another_context_is_refused_and_its_context_cannot_be_exchanged() {
    let (seal, _) = sealed(b"hello");
    let header = header_of(&seal);
    let error = FileOpen::new(&header, Hash32([0xc1; 32]), &KEY).err();
    assert_eq!(error, Some(OpenError::WrongPlace));
    // The stanza replaced by that of another context: the MAC tells.
    let (other, _) = seal_all(Hash32([0xc1; 32]), &[&*PUBLIC], b"x").unwrap();
    let line = |header: &[u8]| header.split(|b| *b == b'\n').nth(1).unwrap().to_vec();
    let (from, to) = (line(&header), line(&header_of(&other)));
    let mut moved = header.clone();
    let at = header.windows(from.len()).position(|window| window == from).unwrap();
    moved[at..at + from.len()].copy_from_slice(&to);
    let error = FileOpen::new(&moved, Hash32([0xc1; 32]), &KEY).err();
    assert_eq!(error, Some(OpenError::Tampered));
}

#[test]
fn no_bit_of_a_header_can_change() {
    let (seal, chunks) = sealed(b"hello");
    let header = header_of(&seal);
    let opens = |bytes: &[u8]| {
        FileOpen::new(bytes, CTX, &KEY).is_ok_and(|open| open_all(&open, &chunks).is_ok())
    };
    every_mutation(&header, opens);
}

#[test]
fn every_other_shape_of_header_is_refused_without_a_key() {
    let (seal, _) = sealed(b"x");
    let good =
        String::from_utf8(header_of(&seal)[..header_of(&seal).len() - NONCE].to_vec()).unwrap();
    let ctx_line = good.lines().nth(1).unwrap();
    let recipient: Vec<&str> = good.lines().skip(3).take(2).collect();
    let (arg_line, body) = (recipient[0], recipient[1]);
    let shape = |text: &str| inspect(&[text.as_bytes(), &[0; NONCE]].concat());
    assert!(shape(&good).is_ok());
    let bad = [
        ("no context", good.replacen(&format!("{ctx_line}\n\n"), "", 1)),
        ("two contexts", good.replacen(ctx_line, &format!("{ctx_line}\n\n{ctx_line}"), 1)),
        (
            "context last",
            good.replacen(&format!("{ctx_line}\n\n"), "", 1).replacen(
                "--- ",
                &format!("{ctx_line}\n\n--- "),
                1,
            ),
        ),
        ("context with a body", good.replacen("\n\n", "\nAAAA\n", 1)),
        ("context with more arguments", good.replacen(ctx_line, &format!("{ctx_line} x"), 1)),
        (
            "context of 31 bytes",
            good.replacen(ctx_line, ctx_line.split_at(ctx_line.len() - 1).0, 1),
        ),
        ("no recipient", good.replacen(&format!("{arg_line}\n{body}\n"), "", 1)),
        ("another kind of recipient", good.replacen("mlkem768x25519", "X25519", 1)),
        ("a stranger's stanza", good.replacen("--- ", "-> grease x\n\n--- ", 1)),
        ("a longer wrapped key", good.replacen(body, &format!("{body}AAAA"), 1)),
        ("an empty line", good.replacen("--- ", "\n--- ", 1)),
        ("two spaces", good.replacen("-> underseal", "->  underseal", 1)),
        ("a space at the end", good.replacen(ctx_line, &format!("{ctx_line} "), 1)),
        ("Windows line ends", good.replace('\n', "\r\n")),
        ("padding", good.replacen("\n--- ", "=\n--- ", 1)),
        ("another version", good.replacen("/v1", "/v2", 1)),
        ("armor", format!("-----BEGIN AGE ENCRYPTED FILE-----\n{good}")),
        ("no MAC", good.lines().filter(|l| !l.starts_with("---")).collect::<Vec<_>>().join("\n")),
    ];
    for (what, text) in bad {
        assert!(shape(&text).is_err(), "{what} passed");
    }
    let huge = format!("age-encryption.org/v1\n{}", "-> x\n\n".repeat(MAX_HEADER / 4));
    assert_eq!(Header::parse(huge.as_bytes()), Err(FormatError::TooLong));
    let line = format!("age-encryption.org/v1\n-> {}", "x".repeat(MAX_HEADER));
    assert_eq!(Header::parse(line.as_bytes()), Err(FormatError::TooLong));
}

#[test]
fn a_file_needs_a_recipient_and_has_room_for_few() {
    assert!(FileSeal::new(CTX, &[]).is_err());
    let many: Vec<&KemPublic> = std::iter::repeat_n(&*PUBLIC, 12).collect();
    assert_eq!(FileSeal::new(CTX, &many).err(), Some(FormatError::TooLong));
}

#[test]
fn lengths_at_every_edge_of_a_chunk_come_back() {
    for length in [0, 1, TAG, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1]
    {
        let plaintext: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        let (seal, chunks) = sealed(&plaintext);
        assert_eq!(chunks.len() as u64, sealed_len(length as u64), "{length}");
        assert_eq!(chunks_of_sealed(chunks.len() as u64), Some(chunks_of_plain(length as u64)));
        assert_eq!(plain_len(chunks.len() as u64), Some(length as u64));
        let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
        assert!(*open_all(&open, &chunks).unwrap().expose() == plaintext, "{length}");
    }
    for impossible in [0, 1, 15, SEALED_CHUNK as u64 + 1, SEALED_CHUNK as u64 + TAG as u64] {
        assert_eq!(chunks_of_sealed(impossible), None, "{impossible}");
    }
}

#[test]
fn no_bit_of_a_small_payload_can_change() {
    let (seal, chunks) = sealed(b"hello");
    let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
    every_mutation(&chunks, |bytes| open_all(&open, bytes).is_ok());
}

#[test]
fn chunks_cannot_be_dropped_repeated_reordered_or_moved_between_files() {
    let plaintext: Vec<u8> = (0..3 * CHUNK + 100).map(|i| (i / 7) as u8).collect();
    let (seal, chunks) = sealed(&plaintext);
    let (_, foreign) = sealed(&plaintext);
    let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
    let all: Vec<&[u8]> = chunks.chunks(SEALED_CHUNK).collect();
    assert!(open_all(&open, &all.concat()).is_ok());
    let theirs: Vec<&[u8]> = foreign.chunks(SEALED_CHUNK).collect();
    // Every sequence of up to four of the four chunks that is not the one sequence.
    for length in 0..=4usize {
        for code in 0..4usize.pow(length as u32) {
            let order: Vec<usize> =
                (0..length).map(|at| code / 4usize.pow(at as u32) % 4).collect();
            let bytes: Vec<u8> = order.iter().flat_map(|i| all[*i]).copied().collect();
            assert_eq!(open_all(&open, &bytes).is_ok(), order == [0, 1, 2, 3], "{order:?}");
        }
    }
    for at in 0..4 {
        let mut mixed = all.clone();
        mixed[at] = theirs[at];
        assert!(open_all(&open, &mixed.concat()).is_err(), "chunk {at} of another file");
    }
    for cut in (0..4).flat_map(|i| [i * SEALED_CHUNK, i * SEALED_CHUNK + 1, i * SEALED_CHUNK + TAG])
    {
        assert!(open_all(&open, &chunks[..cut.min(chunks.len())]).is_err(), "cut at {cut}");
    }
    assert!(open_all(&open, &[chunks.as_slice(), &[0; TAG + 1]].concat()).is_err());
}

#[test]
fn a_chunk_is_a_function_of_key_number_and_place_and_fails_for_every_other() {
    let key = PayloadKey::from_bytes([4; 32]);
    let plaintext = vec![1; CHUNK];
    let seal = |index, last| {
        let mut out = Vec::new();
        key.seal_chunk(index, last, &plaintext, &mut out);
        out
    };
    assert_eq!(seal(5, false), seal(5, false), "workers must agree");
    let sealed = seal(5, false);
    let opens = |index, last| key.open_chunk(index, last, &sealed, &mut Vec::new()).is_ok();
    assert!(opens(5, false));
    for (index, last) in [(5, true), (4, false), (6, false), (5 + (1 << 32), false)] {
        assert!(!opens(index, last), "{index} {last}");
    }
    // What has been written before stays when a chunk fails.
    let mut out = b"before".to_vec();
    assert!(key.open_chunk(6, false, &sealed, &mut out).is_err());
    assert_eq!(out, b"before");
}

#[test]
fn a_chunk_in_place_is_the_chunk_that_is_appended() {
    let key = PayloadKey::from_bytes([4; 32]);
    for (index, last, length) in [(0, true, 0), (0, true, 1), (7, false, CHUNK), (8, true, 257)] {
        let plaintext = vec![6; length];
        let mut appended = Vec::new();
        key.seal_chunk(index, last, &plaintext, &mut appended);
        let mut room = plaintext.clone();
        let tag = key.seal_chunk_in_place(index, last, &mut room);
        room.extend_from_slice(&tag);
        assert!(room == appended, "{index}");
        assert!(key.open_chunk_in_place(index, !last, &mut room.clone()).is_err());
        let mut altered = room.clone();
        altered[length / 2] ^= 1;
        assert!(key.open_chunk_in_place(index, last, &mut altered).is_err());
        assert!(altered[..length].iter().all(|byte| *byte == 0), "nothing may come out");
        assert!(key.open_chunk_in_place(index, last, &mut room).unwrap() == plaintext);
    }
    for length in 0..TAG {
        assert!(key.open_chunk_in_place(0, true, &mut vec![0; length]).is_err());
    }
}

#[test]
fn an_interrupted_file_goes_on_with_the_same_bytes() {
    let (seal, chunks) = sealed(&vec![9; CHUNK + 5]);
    let resumed = FileSeal::from_resume(seal.export_resume().expose()).unwrap();
    assert_eq!(resumed.header_and_nonce(), seal.header_and_nonce());
    let mut again = Vec::new();
    resumed.seal_chunk(0, false, &vec![9; CHUNK], &mut again);
    resumed.seal_chunk(1, true, &[9; 5], &mut again);
    assert!(again == chunks);
    every_length(seal.export_resume().expose(), |bytes| FileSeal::from_resume(bytes).is_ok());
}

#[test]
fn no_bit_of_the_metadata_can_change_and_it_fits_no_other_file() {
    let (seal, _) = sealed(b"x");
    let meta = seal.seal_meta(b"name").unwrap();
    let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
    assert_eq!(open.open_meta(&meta).unwrap().expose(), b"name");
    every_mutation(&meta, |bytes| open.open_meta(bytes).is_ok());
    let (other, _) = sealed(b"x");
    let other = FileOpen::new(&header_of(&other), CTX, &KEY).unwrap();
    assert_eq!(other.open_meta(&meta).err(), Some(OpenError::Tampered));
    assert_eq!(meta.len(), seal.seal_meta(&[b'n'; 255]).unwrap().len());
    // Sealed again, perhaps with another name, it is under another key.
    let again = seal.seal_meta(b"name").unwrap();
    assert_ne!(again[37..69], meta[37..69], "the commitment shows the key");
    assert_eq!(open.open_meta(&again).unwrap().expose(), b"name");
}

#[test]
fn rewrapping_changes_the_recipients_and_leaves_the_payload() {
    let (seal, chunks) = sealed(b"hello");
    let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
    let successor = KemKey::generate();
    let header = open.rewrap(&[&successor.public()]).unwrap();
    let open = FileOpen::new(&header, CTX, &successor).unwrap();
    assert_eq!(open_all(&open, &chunks).unwrap().expose(), b"hello");
    assert_eq!(FileOpen::new(&header, CTX, &KEY).err(), Some(OpenError::KeyMissing));
}

#[test]
fn identities_are_written_as_age_writes_them() {
    // The example of the age specification.
    let text = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
    let key = parse_identity(text).map_err(|e| e.to_string()).ok().unwrap();
    assert_eq!(identity_string(&key).expose(), text);
    let recipient = recipient_string(&key.public());
    assert!(recipient.starts_with("age1pq1"));
    // Beginning and end of that specification's recipient.
    assert!(recipient.starts_with(
        "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95"
    ));
    assert!(recipient.ends_with("qheyty7saeq0d3fzv49zc0k"));
    assert_eq!(parse_recipient(&recipient), Ok(key.public()));
    let bad = [
        text.to_lowercase(),
        text.replacen('Q', "P", 1),
        text.split_at(text.len() - 1).0.to_owned(),
        format!("{text}Q"),
        recipient.clone(),
    ];
    for text in bad {
        assert!(parse_identity(&text).is_err(), "{text} passed");
    }
    assert!(parse_recipient(&recipient.to_uppercase()).is_err());
    assert!(parse_recipient(text).is_err());
}

#[test]
fn a_context_is_covered_whole_by_its_hash() {
    let context = crate::manifest::second();
    let hash = context.hash();
    let changed = [
        FileContext { format: 2, ..context.clone() },
        FileContext { firm: Hash32([0; 32]), ..context.clone() },
        FileContext { client: None, ..context.clone() },
        FileContext { client: Some(ClientId([0; 16])), ..context.clone() },
        FileContext { matter: MatterId([0; 16]), ..context.clone() },
        FileContext { epoch: 5, ..context.clone() },
        FileContext { object: ObjectId([0; 16]), ..context.clone() },
        FileContext { version: 3, ..context.clone() },
        FileContext { kind: FileKind::Form, ..context.clone() },
        FileContext { sender: Kid([0; 32]), ..context.clone() },
        FileContext { previous: None, ..context },
    ];
    for other in changed {
        assert_ne!(other.hash(), hash, "{other:?}");
    }
    let (a, b) = (Kid([1; 32]), Kid([2; 32]));
    assert_ne!(recipients_hash(&[a, b]), recipients_hash(&[b, a]));
    assert_ne!(recipients_hash(&[a]), recipients_hash(&[a, b]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_sealed_comes_back(plaintext in proptest::collection::vec(any::<u8>(), 0..70_000)) {
        let (seal, chunks) = sealed(&plaintext);
        let open = FileOpen::new(&header_of(&seal), CTX, &KEY).unwrap();
        prop_assert!(*open_all(&open, &chunks).unwrap().expose() == plaintext);
    }

    #[test]
    fn noise_is_never_a_header(text in "(-> [!-~]{1,9}( [!-~]{1,9})?\n[A-Za-z0-9+/]{0,64}\n){0,3}(--- [A-Za-z0-9+/]{43}\n)?") {
        let bytes = format!("age-encryption.org/v1\n{text}");
        prop_assert!(inspect(&[bytes.as_bytes(), &[0; NONCE]].concat()).is_err());
        let _ = Header::parse(bytes.as_bytes());
    }
}
