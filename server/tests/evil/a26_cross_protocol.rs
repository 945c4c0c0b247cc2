//! A26: the server gives an object that was made for one thing where another is expected: above all what
//! its own log key signed, which signs receipts and checkpoints, as a word of the firm's.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use shared::client::directory::{Directory, open_self_signed};
use shared::client::path::root_fingerprint;
use shared::client::room::Room;
use shared::crypto::age::header;
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::SignatureError;
use shared::crypto::hash::Hash32;
use shared::crypto::invite::Fragment;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role, VerifyKey};
use shared::crypto::manifest::Manifest;
use shared::crypto::sealed::{inspect_record, inspect_slot};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::crypto::wrapped;
use shared::encoding::B64;
use shared::ids::EnrolmentId;
use shared::journal::checkpoint::Note;
use shared::journal::receipt::Receipt;
use shared::journal::statement::{
    AccessAct, Admitted, ClientJoined, EnrolmentOffered, EpochAct, FormPublished, KeyringAct,
    MatterAct, Placed, RootAct, SessionProof,
};
use shared::journal::stream::StreamId;
use shared::journal::wire::Entry;

use crate::frame::journal::{Journal, entries, stream};
use crate::frame::{attempt, ghost, plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, document, filled, hand_in, link_parts};
use crate::harness::client::{Device, WIRE};
use crate::world::script::{Script, kept_secret, self_signed};
use crate::world::{World, log_key, person};

const ROW: &str = "A26";

/// The log key offers its server a place in the firm, and admits it.
#[test]
fn the_logs_key_does_not_speak_for_the_firm() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let world = World::outside(&firm).await;
        let ghost = ghost(stage, &world, Role::Staff);
        let log = &firm.server.app.secrets.log;
        let enrolment = EnrolmentId::random();
        let offered = EnrolmentOffered {
            enrolment,
            auth_hash: Hash32([1; 32]),
            blob_hash: Hash32([2; 32]),
            expires: NOW,
            role: Role::Staff as u8,
            caps: Caps::ALL.0,
            kept: kept_secret(enrolment),
            placing: None,
        };
        let (account, bundle) = (ghost.account, self_signed(&ghost));
        let admitted = Admitted { account, bundle, enrolment: Some(enrolment) };
        let mut script = Script::new(&world).await;
        for act in [KeyringAct::Invited(offered), KeyringAct::Admitted(admitted)] {
            let kid = Kid::of_key(&log.public());
            script.write(Namespace::Keyring, StreamId::Keyring, act, log, kid);
        }
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());

        let people = firm.portal.people(&firm.ring).await?;
        assert!(people.iter().any(|one| one.kid == ghost.kid()), "the ghost is shown");
        let given = firm.portal.give_access(&firm.ring, firm.matter, ghost.kid()).await;
        stage.robbed(given).await
    });
}

/// Objects of every kind that this product makes, by kind; out of a day of a firm.
async fn objects(firm: &Firm) -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let link = firm.invite().await;
    let (invite, fragment) = link_parts(&link);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let filed = hand_in(&intake, "lease.pdf", &document(100)).await.unwrap();
    let sent = intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
    firm.read(filed.object).await.unwrap();
    let mut all: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    let mut keep = |kind, bytes: Vec<u8>| all.entry(kind).or_default().push(bytes);
    for name in [StreamId::Keyring, StreamId::Forms, StreamId::Matter(firm.matter)] {
        for entry in stream(firm, name).await {
            for B64(attached) in entry.attachments {
                let kind = match &attached[..4] {
                    b"USK1" => "envelope",
                    b"USR1" => "record",
                    b"USM1" => "metadata",
                    b"age-" => "header",
                    other => panic!("{other:?}"),
                };
                keep(kind, attached);
            }
        }
    }
    for entry in entries(firm).await {
        keep("statement", entry.statement.0);
    }
    keep("statement", sent.receipt);
    let mut read = firm.server.app.db.read().await.unwrap();
    for row in read.fetch_all("SELECT sealed FROM slot", &[]).await.unwrap() {
        keep("slot", row.get(0).unwrap());
    }
    keep("note", firm.portal.journal(&firm.ring, async |_, _| {}).await.unwrap().note.into_bytes());
    keep("bundle", encode(&person(Hash32([1; 32]), Role::Staff, Caps::ALL).bundle));
    keep("fragment", fragment.into_bytes());
    all
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Every object where every other is expected: only its own slot takes it.
#[test]
fn every_object_fits_its_own_slot_alone() {
    plainly(async {
        let firm = Firm::founded().await;
        let objects = objects(&firm).await;
        type Slot = fn(&[u8]) -> bool;
        let slots: [(&str, Slot); 8] = [
            ("statement", |bytes| Signed::parse(bytes).is_ok()),
            ("envelope", |bytes| wrapped::recipient_of(bytes).is_ok()),
            ("record", |bytes| inspect_record(bytes).is_ok()),
            ("slot", |bytes| inspect_slot(bytes).is_ok()),
            ("header", |bytes| header::inspect(bytes).is_ok()),
            ("note", |bytes| Note::parse(text(bytes)).is_ok()),
            ("bundle", |bytes| decode_strict::<PublicBundle>(bytes, MAX_BODY).is_ok()),
            ("fragment", |bytes| Fragment::parse(text(bytes)).is_ok()),
        ];
        for (kind, all) in &objects {
            for bytes in all {
                for (slot, takes) in slots {
                    assert_eq!(takes(bytes), *kind == slot, "{kind} where {slot} is expected");
                }
            }
        }
        // What has no slot of its own is there all the same.
        assert!(objects.contains_key("metadata") && objects.len() == slots.len() + 1);
    });
}

fn is_a<T>(body: &[u8]) -> bool
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    decode_strict::<T>(body, MAX_BODY).is_ok()
}

/// Statements by their namespace, with what reads their body.
type Body = (Namespace, fn(&[u8]) -> bool);
const BODIES: [Body; 11] = [
    (Namespace::Root, is_a::<Placed<RootAct>>),
    (Namespace::Keyring, is_a::<Placed<KeyringAct>>),
    (Namespace::StaffBundle, is_a::<PublicBundle>),
    (Namespace::ClientBundle, is_a::<Placed<ClientJoined>>),
    (Namespace::EpochKey, is_a::<Placed<EpochAct>>),
    (Namespace::Manifest, is_a::<Placed<Manifest>>),
    (Namespace::Matter, is_a::<Placed<MatterAct>>),
    (Namespace::Form, is_a::<Placed<FormPublished>>),
    (Namespace::Receipt, is_a::<Receipt>),
    (Namespace::Session, is_a::<SessionProof>),
    (Namespace::Access, is_a::<Placed<AccessAct>>),
];

/// Two walls between statements of two kinds: the namespace that is signed, and the body's one shape.
#[test]
fn a_statement_is_of_one_kind_twice_over() {
    plainly(async {
        let firm = Firm::founded().await;
        let mut statements = objects(&firm).await.remove("statement").unwrap();
        // What left devices besides: proofs of sessions stand in no journal.
        let world = World::outside(&firm).await;
        let proof = SessionProof { nonce: [1; 32], firm: world.firm };
        let who = person(world.firm, Role::Staff, Caps::ALL);
        let signed =
            Signed::sign(Namespace::Session, &who.keys.signing, who.kid(), &encode(&proof))
                .unwrap();
        statements.extend([signed.into_bytes(), self_signed(&who)]);
        let mut seen = std::collections::BTreeSet::new();
        for bytes in &statements {
            let signed = Signed::parse(bytes).unwrap();
            seen.insert(signed.namespace());
            for (namespace, reads) in BODIES {
                let own = signed.namespace() == namespace;
                assert_eq!(reads(signed.body()), own, "{:?} as {namespace:?}", signed.namespace());
            }
            for namespace in Namespace::ALL.into_iter().filter(|one| *one != signed.namespace()) {
                let refused = signed.verify(namespace, &VerifyKey([1; 32]));
                assert_eq!(refused, Err(SignatureError::WrongNamespace));
            }
        }
        assert_eq!(seen.len(), BODIES.len(), "every kind was tried: {seen:?}");
    });
}

/// Every statement of the journal again, at the end of each thing that a device folds.
#[test]
fn no_statement_of_the_journal_counts_a_second_time_or_elsewhere() {
    plainly(async {
        let firm = Firm::founded().await;
        objects(&firm).await;
        let world = World::outside(&firm).await;
        let keyring = stream(&firm, StreamId::Keyring).await;
        let mut directory = Directory::begin(&keyring[0].statement.0, world.firm).unwrap();
        keyring[1..].iter().for_each(|entry| directory.apply(entry).unwrap());
        let mut room = Room::empty(firm.matter);
        let matter: Vec<Entry> = stream(&firm, StreamId::Matter(firm.matter)).await;
        for entry in matter {
            room.apply(entry, &directory).unwrap();
        }
        let (ends, end) = (directory.head(), room.head());
        for entry in entries(&firm).await {
            let bytes = &entry.statement.0;
            let begins = Directory::begin(bytes, world.firm).is_ok();
            assert_eq!(begins, root_fingerprint(bytes) == Some(world.firm));
            assert!(open_self_signed(bytes).is_none());
            assert!(directory.apply(&entry).is_err() && directory.follow(bytes).is_err());
            assert!(room.apply(entry.clone(), &directory).is_err());
        }
        assert_eq!((directory.head(), room.head()), (ends, end));
        // And the log's key verifies none of them.
        for entry in entries(&firm).await {
            let signed = Signed::parse(&entry.statement.0).unwrap();
            assert!(signed.verify(signed.namespace(), &log_key(&world)).is_err());
        }
        assert!(WIRE.with_borrow(|wire| !wire.is_empty()));
    });
}
