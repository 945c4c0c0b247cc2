//! A40: bytes that two readers take for two things: a statement that says a thing twice, numbers written
//! long, base64 with stray bits. A colleague signs it, the server passes it on; and whoever is asked later
//! what was decided finds what suits him.

use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::error::Thing;
use shared::client::room::Room;
use shared::crypto::age::header::{MAX_HEADER, inspect};
use shared::crypto::cbor::encode;
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::sealed::{inspect_record, inspect_slot};
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::wrapped;
use shared::encoding::B64;
use shared::ids::{InviteId, SubmissionId};
use shared::journal::statement::{Decided, Decision, MatterAct, Placed};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, Entry, News};
use shared::time::HOUR;

use crate::frame::journal::{Journal, STREAMS, stream};
use crate::frame::scene::insider;
use crate::frame::{attempt, plainly, refused, twist, untwist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, filled, link_parts};
use crate::harness::client::{Device, Twist, WIRE};
use crate::world::script::Script;
use crate::world::{self, World};

const ROW: &str = "A40";

async fn submitted(firm: &Firm) -> SubmissionId {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    intake.submit(&filled(&intake), &[]).await.unwrap();
    intake.submission()
}

/// A decision, signed by somebody with a seat, whose body was changed before it was signed.
async fn decided(
    firm: &Firm,
    world: &World,
    submission: SubmissionId,
    change: impl FnOnce(&mut Vec<u8>),
) -> Append {
    let stream = StreamId::Matter(firm.matter);
    let place = Script::new(world).await.head(stream).place(stream, NOW);
    let act = MatterAct::Decided(Decided { submission, decision: Decision::Accepted });
    let mut body = encode(&Placed { version: 1, place, act });
    change(&mut body);
    let insider = &world.founder;
    let signed =
        Signed::sign(Namespace::Matter, &insider.keys.signing, insider.kid(), &body).unwrap();
    Append { statements: vec![B64(signed.into_bytes())], attachments: Vec::new() }
}

/// Says the decision twice: taken on, and turned down. The map of the act is the body's end.
fn twice(body: &mut Vec<u8>) {
    let act = body.len() - 21;
    assert_eq!((body[act], &body[body.len() - 2..]), (0xa2, &[2, 1][..]));
    body[act] = 0xa3;
    body.extend([2, 2]);
}

#[test]
fn a_decision_is_not_signed_both_ways() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = insider(&firm).await;
        let submission = submitted(&firm).await;
        stage.truth(&firm).await;
        let acts = decided(&firm, &world, submission, twice).await;
        twist(&firm.portal, Journal::of(&firm).await.say(acts).twist());
        let view = firm.portal.matter(&firm.ring, firm.matter).await?;
        match view.submissions[0].decision {
            // What stands first says that it was taken on.
            Some(Decision::Declined) => Ok(()),
            other => refused(&format!("{other:?}")),
        }
    });
}

/// Every other way to write the same decision.
#[test]
fn a_statement_has_one_encoding() {
    plainly(async {
        let firm = Firm::founded().await;
        let (world, _) = insider(&firm).await;
        let submission = submitted(&firm).await;
        let directory = world.directory().await;
        let mut room = Room::empty(firm.matter);
        for entry in stream(&firm, StreamId::Matter(firm.matter)).await {
            room.apply(entry, &directory).unwrap();
        }
        let changes: [fn(&mut Vec<u8>); 8] = [
            twice,
            // A byte behind the end; an unknown key; a null where nothing stands.
            |body| body.push(0),
            |body| {
                let act = body.len() - 21;
                body[act] = 0xa3;
                body.extend([9, 0]);
            },
            |body| {
                let act = body.len() - 21;
                body[act] = 0xa3;
                body.extend([3, 0xf6]);
            },
            // The decision before the submission; a number written long, and longer.
            |body| {
                let fields = body.len() - 20;
                body[fields..].rotate_right(2);
            },
            |body| {
                let last = body.len() - 1;
                body.splice(last.., [0x18, 1]);
            },
            |body| {
                let last = body.len() - 1;
                body.splice(last.., [0x19, 0, 1]);
            },
            // A map without a length.
            |body| {
                let act = body.len() - 21;
                body[act] = 0xbf;
                body.push(0xff);
            },
        ];
        for change in changes {
            let acts = decided(&firm, &world, submission, change).await;
            let refused = Some(ClientError::NotVerified(Thing::Matter));
            assert_eq!(room.apply(entry(acts), &directory).err(), refused);
        }
        // As it is written by everybody, it counts.
        let acts = decided(&firm, &world, submission, |_| {}).await;
        room.apply(entry(acts), &directory).unwrap();
    });
}

fn entry(acts: Append) -> Entry {
    let statement = acts.statements.into_iter().next().unwrap();
    Entry { statement, leaf: 0, blind: Hash32([3; 32]), arrived: NOW.0, attachments: Vec::new() }
}

/// The page of streams that the server should have given, changed: as a value, or as text.
fn page(change: impl Fn(&mut News) + 'static) -> Twist {
    Box::new(move |path, _, honest| {
        let Ok(mut news) = serde_json::from_slice(&honest) else { return honest };
        if path != STREAMS {
            return honest;
        }
        change(&mut news);
        serde_json::to_vec(&news).unwrap()
    })
}

fn as_text(change: impl Fn(&str) -> String + 'static) -> Twist {
    Box::new(move |path, _, honest| {
        if path != STREAMS {
            return honest;
        }
        change(std::str::from_utf8(&honest).unwrap()).into_bytes()
    })
}

/// What the founder's device says to a page with news of a colleague's; it sends nothing but questions.
async fn said(
    firm: &Firm,
    (world, room): &(World, world::Room),
    twisted: Twist,
) -> Option<ClientError> {
    let mut script = Script::new(world).await;
    script.invite(room, InviteId::random(), NOW.plus(HOUR), &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let from = WIRE.with_borrow(Vec::len);
    twist(&firm.portal, twisted);
    let outcome = firm.portal.matter(&firm.ring, firm.matter).await;
    untwist(&firm.portal);
    let wrote = WIRE.with_borrow(|wire| wire[from..].iter().any(|sent| sent.path == Append::ROUTE));
    assert!(!wrote, "something was sent");
    // A fork is shown again until a person has read of it.
    if let Err(ClientError::Forked(fork)) = &outcome {
        firm.portal.acknowledge_fork(fork).await.unwrap();
    }
    firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    outcome.err()
}

/// Bad answers, each by its name.
#[test]
fn a_bad_page_has_its_name_and_nothing_of_it_is_shown() {
    plainly(async {
        let (firm, other) = (Firm::founded().await, Firm::founded().await);
        let inside = insider(&firm).await;
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let journal = ClientError::NotVerified(Thing::Journal);
        let suite = |suite: u8| {
            page(move |news| {
                news.entries.iter_mut().for_each(|entry| entry.statement.0[6] = suite);
            })
        };
        for number in [0, 2, 255] {
            assert_eq!(said(&firm, &inside, suite(number)).await, Some(journal.clone()));
        }
        // Another firm's checkpoint, under a good signature of its own log.
        let note = other.portal.journal(&other.ring, async |_, _| {}).await.unwrap().note;
        let foreign = page(move |news| news.proof.note.clone_from(&note));
        assert_eq!(said(&firm, &inside, foreign).await, Some(journal.clone()));
        // A hash that is missing, in either proof: what a lost tile comes to.
        let lost = said(
            &firm,
            &inside,
            page(|news| {
                news.proof.consistency.pop();
            }),
        )
        .await;
        assert!(matches!(lost, Some(ClientError::Forked(_))), "{lost:?}");
        let lost = page(|news| {
            news.proof.inclusion.iter_mut().for_each(|path| {
                path.pop();
            })
        });
        assert_eq!(said(&firm, &inside, lost).await, Some(ClientError::NotVerified(Thing::Matter)));
        let lost = page(|news| news.proof.inclusion.clear());
        assert_eq!(said(&firm, &inside, lost).await, Some(ClientError::NotVerified(Thing::Matter)));
        // More is promised, and nothing is given.
        let empty = page(|news| {
            news.entries.clear();
            news.more = true;
        });
        assert_eq!(said(&firm, &inside, empty).await, Some(ClientError::Unreadable));
        // Text that is read in one way alone: base64 with its padding, a field that stands twice.
        let padded = as_text(|text| text.replace("\",\"leaf\"", "==\",\"leaf\""));
        assert_eq!(said(&firm, &inside, padded).await, Some(ClientError::Unreadable));
        let twice = as_text(|text| text.replacen("\"more\":", "\"more\":false,\"more\":", 1));
        assert_eq!(said(&firm, &inside, twice).await, Some(ClientError::Unreadable));
        let cut = as_text(|text| text.trim_end_matches('}').to_owned());
        assert_eq!(said(&firm, &inside, cut).await, Some(ClientError::Unreadable));
    });
}

/// Every object that begins with a suite, under numbers that mean nothing; and headers without an end.
#[test]
fn unknown_suites_and_oversized_headers_have_names_of_their_own() {
    plainly(async {
        let firm = Firm::founded().await;
        insider(&firm).await;
        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let attached = |magic: &[u8]| {
            let mut all = entries.iter().flat_map(|entry| &entry.attachments);
            all.find(|bytes| bytes.0.starts_with(magic)).unwrap().0.clone()
        };
        let mut read = firm.server.app.db.read().await.unwrap();
        let slot = read.fetch_optional("SELECT sealed FROM slot", &[]).await.unwrap().unwrap();
        type Reads = fn(&[u8]) -> Result<(), FormatError>;
        let objects: [(Vec<u8>, usize, Reads); 4] = [
            (entries[0].statement.0.clone(), 6, |bytes| Signed::parse(bytes).map(drop)),
            (attached(b"USK1"), 4, |bytes| wrapped::recipient_of(bytes).map(drop)),
            (attached(b"USR1"), 4, |bytes| inspect_record(bytes).map(drop)),
            (slot.get(0).unwrap(), 4, |bytes| inspect_slot(bytes).map(drop)),
        ];
        for (mut bytes, at, reads) in objects {
            assert_eq!(reads(&bytes), Ok(()));
            for suite in [0, 2, 127, 255] {
                bytes[at] = suite;
                assert_eq!(reads(&bytes), Err(FormatError::VersionUnknown(suite)));
            }
        }
        let long = format!("age-encryption.org/v1\n-> mlkem768x25519 {}\n", "A".repeat(MAX_HEADER));
        assert_eq!(inspect(long.as_bytes()), Err(FormatError::TooLong));
        let many = format!("age-encryption.org/v1\n{}", "-> a b\n\n".repeat(MAX_HEADER / 8));
        assert_eq!(inspect(many.as_bytes()), Err(FormatError::TooLong));
    });
}
