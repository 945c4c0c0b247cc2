//! What the public word about a file must say, and which version follows which.

use shared::crypto::hash::{Hash32, labelled};
use shared::crypto::keys::Kid;
use shared::crypto::manifest::{
    FileContext, FileKind, Manifest, chunks_of_plain, chunks_of_sealed, plain_len, recipients_hash,
    sealed_len,
};
use shared::crypto::purpose;
use shared::ids::{ClientId, MatterId, ObjectId};
use shared::time::Timestamp;

fn first() -> FileContext {
    FileContext {
        format: 1,
        firm: Hash32([1; 32]),
        client: Some(ClientId([2; 16])),
        matter: MatterId([3; 16]),
        epoch: 4,
        object: ObjectId([5; 16]),
        version: 1,
        kind: FileKind::Document,
        sender: Kid([6; 32]),
        previous: None,
    }
}

pub(crate) fn second() -> FileContext {
    FileContext { version: 2, previous: Some(Hash32([7; 32])), ..first() }
}

#[test]
fn a_version_follows_the_one_before_it_and_nothing_else() {
    assert!(first().follows(None));
    assert!(!FileContext { version: 2, ..first() }.follows(None));
    assert!(!FileContext { version: 0, ..first() }.follows(None));
    assert!(second().follows(Some(&first())));
    // It names a manifest, and there is none.
    assert!(!second().follows(None));
    let unlike = [
        FileContext { version: 3, ..second() },
        FileContext { version: 1, ..second() },
        FileContext { kind: FileKind::Form, ..second() },
        FileContext { matter: MatterId([0; 16]), ..second() },
        FileContext { client: Some(ClientId([0; 16])), ..second() },
        FileContext { client: None, ..second() },
        FileContext { sender: Kid([0; 32]), ..second() },
    ];
    for other in unlike {
        assert!(!other.follows(Some(&first())), "{other:?}");
    }
    // Nothing comes after the last number.
    assert!(!second().follows(Some(&FileContext { version: u32::MAX, ..first() })));
}

#[test]
fn colleagues_go_on_with_each_others_papers_and_clients_do_not() {
    let firms = |context: FileContext| FileContext { client: None, ..context };
    let by_another = |context| FileContext { sender: Kid([0; 32]), ..context };
    assert!(firms(second()).follows(Some(&firms(first()))));
    assert!(by_another(firms(second())).follows(Some(&firms(first()))));
    assert!(!by_another(second()).follows(Some(&first())));
}

fn manifest(context: FileContext) -> Manifest {
    Manifest {
        format: 1,
        context,
        header_hash: Hash32([1; 32]),
        sealed_len: 65_552 + 17,
        chunks: 2,
        ct_root: Hash32([2; 32]),
        meta_hash: Hash32([3; 32]),
        recipients_hash: Hash32([4; 32]),
        time: Timestamp(5),
        seq_seen: 6,
        checkpoint_seen: None,
    }
}

#[test]
fn a_manifest_is_sound_when_all_of_it_is() {
    assert!(manifest(first()).is_sound() && manifest(second()).is_sound());
    let flawed = [
        Manifest { format: 2, ..manifest(first()) },
        manifest(FileContext { format: 2, ..first() }),
        manifest(FileContext { version: 0, ..second() }),
        manifest(FileContext { version: 0, ..first() }),
        manifest(FileContext { previous: None, ..second() }),
        manifest(FileContext { previous: Some(Hash32([7; 32])), ..first() }),
        Manifest { chunks: 1, ..manifest(first()) },
        Manifest { chunks: 3, ..manifest(first()) },
        Manifest { sealed_len: 65_552 + 16, ..manifest(first()) },
    ];
    for other in flawed {
        assert!(!other.is_sound(), "{other:?}");
    }
}

#[test]
fn lengths_and_chunks_belong_together() {
    for (plain, chunks, sealed) in [
        (0, 1, 16),
        (1, 1, 17),
        (65_536, 1, 65_552),
        (65_537, 2, 65_569),
        (131_072, 2, 131_104),
        (131_073, 3, 131_121),
    ] {
        assert_eq!((chunks_of_plain(plain), sealed_len(plain)), (chunks, sealed), "{plain}");
        assert_eq!((chunks_of_sealed(sealed), plain_len(sealed)), (Some(chunks), Some(plain)));
    }
    // Less than a tag; a last chunk of nothing behind a full one.
    for none in [0, 1, 15, 65_553, 65_568, 131_105, 131_120] {
        assert_eq!((chunks_of_sealed(none), plain_len(none)), (None, None), "{none}");
    }
}

#[test]
fn recipients_are_hashed_in_their_order() {
    let kids = [Kid([1; 32]), Kid([2; 32])];
    let expected = labelled(purpose::RECIPIENTS, &[&[1; 32], &[2; 32]]);
    assert_eq!(recipients_hash(&kids), expected);
}
