//! A39: somebody files one sealed document that two readers read as two: its header holds two file keys,
//! and one ciphertext with one tag opens under both. In court another letter comes out than in the firm.

use shared::client::ClientError;
use shared::client::error::Thing;
use shared::crypto::age::file::{FileOpen, open_all};
use shared::crypto::cbor::encode;
use shared::crypto::error::OpenError;
use shared::crypto::hash::sha256;
use shared::crypto::keys::KemKey;
use shared::crypto::manifest::plain_digest;
use shared::documents::plain::MetaV1;
use shared::ids::ObjectId;

use crate::frame::age::{Begun, header, meta, payload_key};
use crate::frame::cipher::{Under, collide};
use crate::frame::scene::insider;
use crate::frame::{attempt, plainly, refused};
use crate::harness::acts::Firm;
use crate::world::file::{Sealed, root};
use crate::world::{Room, World};

const ROW: &str = "A39";
const NONCE: [u8; 16] = [8; 16];
const FIRMS: &[u8] = b"I owe nothing, and never did.   ";
const COURTS: &[u8] = b"I sent the deposit on Monday.   ";

/// One ciphertext that begins with one letter under one key, and holds another under the other.
fn two_letters(keys: [&[u8; 32]; 2]) -> (Vec<u8>, Vec<u8>) {
    let mut nonce = [0; 12];
    nonce[11] = 1;
    let [one, two] = keys.map(|key| Under { key: *key, nonce, aad: &[] });
    let sum = |text: &[u8], stream: &[u8]| -> Vec<u8> {
        text.iter().zip(stream).map(|(a, b)| a ^ b).collect()
    };
    let (ours, theirs) = (one.stream(96), two.stream(96));
    let sealed = [sum(FIRMS, &ours), sum(COURTS, &theirs[32..]), vec![0; 32]].concat();
    let sealed = collide(&one, &two, sealed, (4, 5));
    let plain = sum(&sealed[..96], &ours);
    (sealed, plain)
}

/// The document, in the matter, and a key besides the firm's that opens it.
struct Planted {
    object: ObjectId,
    header: Vec<u8>,
    context: shared::crypto::hash::Hash32,
    bytes: Vec<u8>,
    court: KemKey,
}

/// A colleague's, signed and filed as every other. The header's MAC is made with one of its two keys.
async fn planted(world: &World, room: &Room, maced_for_the_firm: bool) -> Planted {
    let (court, object) = (KemKey::generate(), ObjectId::random());
    let mut file = Sealed::under(world, room, &world.founder, b"", object, None);
    let context = file.manifest.context.hash();
    let (ours, theirs) = (Begun::new(&room.key.public()), Begun::new(&court.public()));
    let keys = [&ours, &theirs].map(|begun| payload_key(&begun.file_key, &NONCE));
    let (bytes, plain) = two_letters([&keys[0], &keys[1]]);
    let maced = if maced_for_the_firm { &ours } else { &theirs };
    file.header = header(context, &[&ours.stanza, &theirs.stanza], &maced.file_key, &NONCE);
    let about = MetaV1 {
        name: "letter.txt".into(),
        mime: "text/plain".into(),
        size: plain.len() as u64,
        modified: 0,
        digest: plain_digest(&plain),
        form_hash: None,
        note: None,
    };
    file.meta = meta(&ours.file_key, &NONCE, context, &encode(&about));
    file.manifest.header_hash = sha256(&file.header);
    file.manifest.meta_hash = sha256(&file.meta);
    file.manifest.sealed_len = bytes.len() as u64;
    file.manifest.ct_root = root(&bytes);
    file.bytes = bytes.clone();
    file.store(world, room, &world.founder).await.unwrap();
    Planted { object, header: file.header, context, bytes, court }
}

/// What whoever holds the other key reads.
fn in_court(planted: &Planted) -> Result<Vec<u8>, OpenError> {
    let open = FileOpen::new(&planted.header, planted.context, &planted.court)?;
    // EXPOSE: read out.
    Ok(open_all(&open, &planted.bytes)?.expose().clone())
}

#[test]
fn one_sealed_letter_is_not_two() {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        let (world, room) = insider(&firm).await;
        stage.truth(&firm).await;
        let planted = planted(&world, &room, false).await;
        let court = in_court(&planted).unwrap();
        assert_eq!(&court[32..64], COURTS);
        let read = firm.read(planted.object).await?;
        if read.starts_with(FIRMS) { Ok(()) } else { refused("the same letter") }
    });
}

/// The other way round the firm reads its letter, and there is no second one.
#[test]
fn a_header_holds_for_one_file_key_alone() {
    plainly(async {
        let firm = Firm::founded().await;
        let (world, room) = insider(&firm).await;
        let for_us = planted(&world, &room, true).await;
        assert!(firm.read(for_us.object).await.unwrap().starts_with(FIRMS));
        assert_eq!(in_court(&for_us).err(), Some(OpenError::Tampered));
        let for_court = planted(&world, &room, false).await;
        let read = firm.read(for_court.object).await;
        assert_eq!(read.err(), Some(ClientError::NotVerified(Thing::Document)));
        assert_eq!(&in_court(&for_court).unwrap()[32..64], COURTS);
    });
}
