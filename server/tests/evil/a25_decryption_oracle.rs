//! A25: the server breaks what it stores, in thousands of ways, and watches what the device does then. A
//! device that does one thing for one way and another for the next is an oracle, and each try tells a bit.

use shared::client::ClientError;
use shared::client::error::Thing;
use shared::crypto::hash::sha256;
use shared::ids::{ObjectId, SubmissionId};
use shared::journal::statement::Verb;
use shared::journal::wire::Append;

use crate::frame::journal::Journal;
use crate::frame::{Verdict, attempt, plainly, refused, twist, untwist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, document, filled, hand_in, link_parts};
use crate::harness::client::{Device, Twist, WIRE};
use crate::world::World;
use crate::world::file::Sealed;
use crate::world::script::Script;

const ROW: &str = "A25";
const TRIES: u64 = 1000;
const PLANTED: usize = 200;

/// A small generator, the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Another object of the same length: bits turned, a run of zeros, bytes repeated, blocks exchanged.
fn broken(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut other = bytes.to_vec();
    while other == bytes {
        let (at, to) = (dice.below(bytes.len() - 64), dice.below(bytes.len() - 64));
        match dice.below(5) {
            0 => other[at] ^= 1 << dice.below(8),
            1 => other[at..at + 16].fill(0),
            2 => other.copy_within(at..at + 48, to),
            3 => other[bytes.len() - 1 - dice.below(16)] ^= 0x80,
            _ => other.rotate_left(1 + dice.below(63)),
        }
    }
    other
}

/// The content of every object, broken; everything else is answered honestly.
fn breaking(seed: u64) -> Twist {
    let mut dice = Dice(seed);
    Box::new(
        move |path, _, honest| {
            if path.starts_with("/api/v1/objects/") { broken(&honest, &mut dice) } else { honest }
        },
    )
}

async fn handed_in(firm: &Firm) -> (ObjectId, SubmissionId) {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let filed = hand_in(&intake, "lease.pdf", &document(4000)).await.unwrap();
    intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
    (filed.object, intake.submission())
}

/// What left meanwhile: paths and lengths.
async fn watched<R>(act: impl Future<Output = R>) -> (R, Vec<(String, usize)>) {
    let before = WIRE.with_borrow(Vec::len);
    let outcome = act.await;
    let sent = WIRE.with_borrow(|wire| {
        wire[before..].iter().map(|sent| (sent.path.clone(), sent.body.len())).collect()
    });
    (outcome, sent)
}

/// The whole document, piece by piece.
async fn opened(firm: &Firm, object: ObjectId) -> Result<Vec<u8>, ClientError> {
    let portal = &firm.portal;
    let mut reader = portal.open_document(&firm.ring, firm.matter, object, Verb::Opened).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// One bit: whether what the server planted opens. It looks whether the device comes back for more.
#[test]
fn the_server_does_not_see_whether_a_document_opened() {
    attempt(ROW, "NotVerified(Document)", async |stage| -> Verdict {
        let firm = stage.firm().await;
        let (object, _) = handed_in(&firm).await;
        stage.truth(&firm).await;
        let paths = |sent: &[(String, usize)]| -> Vec<String> {
            sent.iter().map(|(path, _)| path.clone()).collect()
        };
        let (genuine, after_genuine) = watched(opened(&firm, object)).await;
        assert_eq!(genuine.unwrap(), document(4000));
        twist(&firm.portal, breaking(1));
        let (outcome, after_broken) = watched(opened(&firm, object)).await;
        if paths(&after_broken) != paths(&after_genuine) {
            return Ok(());
        }
        outcome?;
        refused("opened although it is broken")
    });
}

/// A thousand broken objects: always the same error, and byte for byte as much on the wire.
#[test]
fn a_thousand_broken_objects_look_alike_from_outside() {
    plainly(async {
        let firm = Firm::founded().await;
        let (_, submission) = handed_in(&firm).await;
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let open = || firm.portal.open_answers(&firm.ring, firm.matter, submission);
        open().await.unwrap();
        let mut first = None;
        for seed in 0..TRIES {
            twist(&firm.portal, breaking(seed));
            let (outcome, sent) = watched(open()).await;
            assert_eq!(outcome.err(), Some(ClientError::NotVerified(Thing::Document)), "{seed}");
            assert_eq!(*first.get_or_insert(sent.clone()), sent, "{seed}");
        }
        // Nor is the device tired of it: the genuine one opens.
        untwist(&firm.portal);
        open().await.unwrap();
    });
}

/// The same from inside: a colleague signs what is broken, so that every hash fits, and no device can tell
/// before it has tried its key. Header or metadata, however they are broken: one error, one transcript.
#[test]
fn what_a_colleague_breaks_before_signing_looks_alike_too() {
    plainly(async {
        let firm = Firm::founded().await;
        let world = World::inside(&firm).await;
        firm.portal.give_access(&firm.ring, firm.matter, world.founder.kid()).await.unwrap();
        let room = world.open(firm.matter).await;
        let mut script = Script::new(&world).await;
        let mut journal = Journal::of(&firm).await;
        let (mut dice, mut objects) = (Dice(7), Vec::new());
        for turn in 0..PLANTED {
            let mut file = Sealed::new(&world, &room, &world.founder, b"a letter");
            let part = if turn % 2 == 0 { &mut file.header } else { &mut file.meta };
            *part = broken(part, &mut dice);
            file.manifest.header_hash = sha256(&file.header);
            file.manifest.meta_hash = sha256(&file.meta);
            file.file(&mut script, &room, &world.founder);
            journal = journal.say(Append {
                statements: std::mem::take(&mut script.statements),
                attachments: std::mem::take(&mut script.attachments),
            });
            objects.push(file.object);
        }
        twist(&firm.portal, journal.twist());
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert!(
            view.documents.len() == PLANTED && view.documents.iter().all(|one| one.meta.is_none())
        );
        let mut first = None;
        for object in objects {
            let (outcome, sent) = watched(opened(&firm, object)).await;
            assert_eq!(outcome.err(), Some(ClientError::NotVerified(Thing::Document)));
            assert_eq!(*first.get_or_insert(sent.clone()), sent);
        }
    });
}
