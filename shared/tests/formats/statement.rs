//! What can be told of a statement before it is verified: its place, and which act it is.

use minicbor::Encoder;
use shared::crypto::cbor::encode;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::sealed::{RecordKind, seal_record};
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::{hash, keys::RecordKey, purpose};
use shared::encoding::B64;
use shared::ids::{EnrolmentId, MatterId};
use shared::journal::statement::{
    AccessAct, EnrolmentOffered, Granted, MatterAct, Placed, RootAct, SessionProof, Verb, place_of,
    variant_of,
};
use shared::journal::stream::{Head, NotNext, Place, StreamId};
use shared::journal::wire::{Entry, last_of_each_stream};
use shared::time::Timestamp;

const PLACE: Place = Place {
    stream: StreamId::Matter(MatterId([4; 16])),
    seq: 7,
    prev: Hash32([8; 32]),
    time: Timestamp(9),
};

fn signed(namespace: Namespace, body: &[u8]) -> Vec<u8> {
    let key = SigningKey::generate();
    Signed::sign(namespace, &key, Kid([1; 32]), body).unwrap().into_bytes()
}

fn placed<A: minicbor::Encode<()>>(act: A) -> Vec<u8> {
    encode(&Placed { version: 1, place: PLACE, act })
}

fn granted() -> MatterAct {
    MatterAct::Granted(Granted {
        epoch: 1,
        recipient: Kid([2; 32]),
        envelope_hash: Hash32([3; 32]),
    })
}

#[test]
fn a_place_is_read_out_of_every_act_and_out_of_nothing_else() {
    for body in [placed(granted()), placed(AccessAct { object: None, verb: Verb::Opened })] {
        assert_eq!(place_of(&signed(Namespace::Matter, &body)), Some(PLACE));
    }
    assert_eq!(place_of(b"USS1"), None);
    let proof = SessionProof { nonce: [1; 32], firm: Hash32([2; 32]) };
    assert_eq!(place_of(&signed(Namespace::Session, &encode(&proof))), None);
    // Like a body with a place, but for one number: of fields, of the version, of either key.
    let body = |fields: u64, first: u8, version: u8, second: u8| {
        let mut body = Encoder::new(Vec::new());
        body.map(fields).unwrap().u8(first).unwrap().u8(version).unwrap().u8(second).unwrap();
        body.encode(PLACE).unwrap().u8(3).unwrap().u8(0).unwrap();
        signed(Namespace::Matter, body.writer())
    };
    assert_eq!(place_of(&body(3, 1, 1, 2)), Some(PLACE));
    for unlike in [body(2, 1, 1, 2), body(3, 0, 1, 2), body(3, 1, 2, 2), body(3, 1, 1, 1)] {
        assert_eq!(place_of(&unlike), None);
    }
}

#[test]
fn an_act_shows_its_number_where_it_has_one() {
    let number = |namespace, body: &[u8]| variant_of(&signed(namespace, body));
    assert_eq!(number(Namespace::Matter, &placed(granted())), Some(1));
    assert_eq!(number(Namespace::Matter, &placed(MatterAct::Created(MatterId([4; 16])))), Some(0));
    // A namespace with one act alone has no number, and no more has what is no act.
    let access = AccessAct { object: None, verb: Verb::Opened };
    assert_eq!(number(Namespace::Access, &placed(access)), None);
    assert_eq!(number(Namespace::Matter, &[0]), None);
    assert_eq!(variant_of(b"USS1"), None);
}

#[test]
fn a_fingerprint_is_the_labelled_hash_of_the_first_act() {
    let key = SigningKey::generate().public();
    let act = RootAct {
        root: key,
        log: key,
        office: MatterId([4; 16]),
        created: Timestamp(5),
        salt: [6; 16],
    };
    assert_eq!(act.fingerprint(), hash::labelled(purpose::FRF, &[&encode(&act)]));
    let salted = RootAct { salt: [7; 16], ..act };
    assert_ne!(act.fingerprint(), salted.fingerprint());
}

#[test]
fn an_offer_keeps_a_record_of_its_own_kind_and_reference_and_no_large_one() {
    let key = RecordKey::from_bytes([1; 32]);
    let kept = |kind, at: u8, length: usize| {
        let kept = seal_record(&key, kind, [at; 16], b"", &vec![0; length]).unwrap();
        let offer = EnrolmentOffered {
            enrolment: EnrolmentId([5; 16]),
            auth_hash: Hash32([0; 32]),
            blob_hash: Hash32([0; 32]),
            expires: Timestamp(0),
            role: 1,
            caps: 0,
            kept,
            placing: None,
        };
        (offer.keeps_its_secret(), offer.kept.len())
    };
    let secret = RecordKind::InviteSecret;
    assert_eq!(kept(secret, 5, 32), (true, 358));
    // Records grow by 256 bytes: the largest below 1,024, and the next.
    assert_eq!(kept(secret, 5, 767), (true, 870));
    assert_eq!(kept(secret, 5, 768), (false, 1126));
    assert!(!kept(secret, 6, 32).0);
    assert!(!kept(RecordKind::Note, 5, 32).0);
}

#[test]
fn a_stream_is_named_in_one_way() {
    let id = MatterId([0xab; 16]);
    let hex = "ab".repeat(16);
    for (stream, name) in [
        (StreamId::Keyring, "keyring".to_owned()),
        (StreamId::Forms, "forms".to_owned()),
        (StreamId::Policy, "policy".to_owned()),
        (StreamId::Reviews, "reviews".to_owned()),
        (StreamId::Matter(id), format!("matter/{hex}")),
        (StreamId::Access(id), format!("access/{hex}")),
    ] {
        assert_eq!(stream.to_string(), name);
        assert_eq!(name.parse(), Ok(stream));
        assert_eq!(serde_json::to_string(&stream).unwrap(), format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<StreamId>(&format!("\"{name}\"")).unwrap(), stream);
        let mut text = Encoder::new(Vec::new());
        text.str(&name).unwrap();
        assert_eq!(&encode(&stream), text.writer());
        assert_eq!(minicbor::decode::<StreamId>(text.writer()).unwrap(), stream);
    }
    for bad in ["", "Keyring", "keyring/", "matter", "matter/", "matter/ab", "forms/ab", "other"] {
        assert!(bad.parse::<StreamId>().is_err(), "{bad}");
        assert!(serde_json::from_str::<StreamId>(&format!("\"{bad}\"")).is_err(), "{bad}");
    }
}

#[test]
fn a_page_is_proven_by_the_last_statement_of_each_stream() {
    let statement = |stream: Option<StreamId>| {
        let place = |stream| Place { stream, ..PLACE };
        let body = |place| encode(&Placed { version: 1, place, act: granted() });
        stream.map_or_else(Vec::new, |stream| signed(Namespace::Matter, &body(place(stream))))
    };
    let last = |streams: &[Option<StreamId>]| -> Vec<u64> {
        let page: Vec<Entry> = (0..)
            .zip(streams)
            .map(|(leaf, stream)| {
                let (statement, blind) = (B64(statement(*stream)), Hash32([0; 32]));
                Entry { statement, leaf, blind, arrived: 0, attachments: vec![] }
            })
            .collect();
        last_of_each_stream(&page).map(|entry| entry.leaf).collect()
    };
    let [forms, policy] = [Some(StreamId::Forms), Some(StreamId::Policy)];
    assert!(last(&[]).is_empty());
    assert_eq!(last(&[forms, forms, policy, forms, forms]), [1, 2, 4]);
    // What claims no stream stands for itself, whatever is beside it.
    assert_eq!(last(&[None, None, forms, None]), [0, 1, 2, 3]);
}

#[test]
fn a_stream_goes_on_by_its_number_and_its_link_only() {
    let first = Head::EMPTY.place(StreamId::Forms, Timestamp(1));
    assert_eq!((first.seq, first.prev), (0, Hash32([0; 32])));
    let head = Head::EMPTY.advance(&first, Hash32([1; 32])).unwrap();
    assert_eq!(head, Head { next: 1, last: Hash32([1; 32]) });
    let next = head.place(StreamId::Forms, Timestamp(2));
    assert_eq!(head.advance(&next, Hash32([2; 32])).map(|head| head.next), Ok(2));
    // A gap, a repetition, another past.
    for wrong in [
        Place { seq: 2, ..next },
        Place { seq: 0, ..next },
        Place { prev: Hash32([9; 32]), ..next },
        first,
    ] {
        assert_eq!(head.advance(&wrong, Hash32([2; 32])), Err(NotNext));
    }
}
