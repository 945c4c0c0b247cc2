//! A30: a sender gives an X25519 share of small order, so that half of the hybrid secret is zero for
//! everybody, and what is sealed hangs on the other half alone. The stanza is the published one of the
//! C2SP test kit (`hybrid_low_order`), which opens wherever nobody looks.

use shared::crypto::age::header::inspect;
use shared::crypto::age::identity::parse_identity;
use shared::crypto::cbor::encode;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{KEM_PUBLIC, KemKey, KemPublic, Kid, MatterKey};
use shared::crypto::manifest::plain_digest;
use shared::crypto::wrapped::{Signer, WrapContext, open, seal};
use shared::documents::plain::MetaV1;
use shared::ids::{MatterId, ObjectId};

use crate::frame::age::{header, meta, payload_key};
use crate::frame::cipher::Under;
use crate::frame::journal::Journal;
use crate::frame::{attempt, plainly, refused, twist};
use crate::harness::NOW;
use crate::world::file::{Sealed, root};
use crate::world::script::Script;
use crate::world::{Room, World};

const ROW: &str = "A30";
const NONCE: [u8; 16] = [8; 16];
const FILE_KEY: &[u8; 16] = b"YELLOW SUBMARINE";

/// Identity and stanza of the published file.
fn published() -> (KemKey, String) {
    let text = include_str!("../../../shared/tests/published/low-order.txt");
    let (identity, stanza) = text.split_once('\n').unwrap();
    (parse_identity(identity).unwrap(), stanza.to_owned())
}

#[test]
fn a_document_under_a_share_of_small_order_is_not_opened() {
    attempt(ROW, "closed", async |stage| {
        let firm = stage.firm().await;
        let world = World::inside(&firm).await;
        // The published stanza is for the published key: the insider makes it a matter's.
        let (identity, stanza) = published();
        let (id, key) = (MatterId::random(), MatterKey::from_seed(identity.seed()));
        let bundle = key.bundle(id, world.firm, NOW, None);
        let room = Room { id, key, bundle };
        let directory = world.directory().await;
        let founder = firm.ring.account().unwrap();
        let founder = &directory.member_by_account(founder).unwrap().bundle;
        let mut script = Script::new(&world).await;
        script.create(&room, &world.founder);
        script.grant(&room, founder, &world.founder);
        world.append(&world.founder, &script.finish()).await.unwrap();
        stage.truth(&firm).await;

        let mut file = Sealed::under(&world, &room, &world.founder, b"", ObjectId::random(), None);
        let context = file.manifest.context.hash();
        let plain = b"planted";
        let about = MetaV1 {
            name: "planted.txt".into(),
            mime: "text/plain".into(),
            size: plain.len() as u64,
            modified: 0,
            digest: plain_digest(plain),
            form_hash: None,
            note: None,
        };
        let mut last = [0; 12];
        last[11] = 1;
        let under = Under { key: payload_key(FILE_KEY, &NONCE), nonce: last, aad: &[] };
        file.bytes = under.seal(plain);
        file.header = header(context, &[&stanza], FILE_KEY, &NONCE);
        file.meta = meta(FILE_KEY, &NONCE, context, &encode(&about));
        file.manifest.header_hash = sha256(&file.header);
        file.manifest.meta_hash = sha256(&file.meta);
        file.manifest.sealed_len = file.bytes.len() as u64;
        file.manifest.ct_root = root(&file.bytes);
        let mut script = Script::new(&world).await;
        file.file(&mut script, &room, &world.founder);
        // An honest server does not take it; this one does.
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());

        let view = firm.portal.matter(&firm.ring, room.id).await?;
        let shown = view.documents.iter().find(|one| one.object == file.object).unwrap();
        if shown.named.opened().is_some() { Ok(()) } else { refused("closed") }
    });
}

/// The points of small order as they are written, two of them in more than one way, with their twins whose
/// unused bit is set.
fn small() -> Vec<[u8; 32]> {
    let hex = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    let points = hex.iter().map(|text| shared::encoding::read_hex::<32>(text).unwrap());
    points
        .flat_map(|point| {
            let mut twin = point;
            twin[31] |= 0x80;
            [point, twin]
        })
        .collect()
}

/// Every point of small order, as a recipient's key, in a stanza, and in a key envelope.
#[test]
fn no_share_of_small_order_is_taken_anywhere() {
    plainly(async {
        let key = KemKey::generate();
        let public = key.public();
        let place =
            WrapContext { firm: Hash32([1; 32]), matter: MatterId([2; 16]), epoch: 0, purpose: 1 };
        let signing = shared::crypto::keys::SigningKey::generate();
        let signer = Signer { key: &signing, kid: Kid([5; 32]) };
        let to = (Kid([4; 32]), &public);
        let envelope = seal(to, &place, signer, &[9; 32], Kid([6; 32]), 1).unwrap();
        let begun = crate::frame::age::Begun::new(&public);
        let sound = header(Hash32([0; 32]), &[&begun.stanza], &begun.file_key, &NONCE);
        inspect(&sound).unwrap();
        for point in small() {
            let mut theirs = *public.as_bytes();
            theirs[KEM_PUBLIC - 32..].copy_from_slice(&point);
            assert!(KemPublic::parse(&theirs).is_err());
            let mut planted = envelope.clone();
            planted[37 + 1088..37 + 1120].copy_from_slice(&point);
            let opened = open(&planted, Kid([4; 32]), &key, &place, |_| Some(signing.public()));
            assert!(opened.is_err());
            let stanza = with_share(&begun.stanza, &point);
            let refused = header(Hash32([0; 32]), &[&stanza], &begun.file_key, &NONCE);
            assert!(inspect(&refused).is_err(), "{point:?}");
        }
    });
}

/// The stanza with another X25519 share.
fn with_share(stanza: &str, share: &[u8; 32]) -> String {
    let (name, rest) = stanza.split_once("mlkem768x25519 ").unwrap();
    let (enc, body) = rest.split_once('\n').unwrap();
    let mut bytes = crate::frame::age::from_base64(enc);
    let at = bytes.len() - 32;
    bytes[at..].copy_from_slice(share);
    format!("{name}mlkem768x25519 {}\n{body}", crate::frame::age::unpadded(&bytes))
}
