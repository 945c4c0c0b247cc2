//! A25: the server breaks what it stores, in thousands of ways, and watches what the device does then. A
//! device that does one thing for one way and another for the next is an oracle, and each try tells a bit.

use std::collections::BTreeMap;

use shared::client::alarm::{AlarmV1, MOST};
use shared::client::error::Thing;
use shared::client::store::DeviceStore as _;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::hash::sha256;
use shared::ids::{ObjectId, SubmissionId};
use shared::journal::statement::{MatterAct, Verb};
use shared::journal::stream::StreamId;
use shared::journal::wire::Append;
use shared::secret::Secret;

use crate::frame::forge::said;
use crate::frame::journal::{Journal, stream};
use crate::frame::scene::{content_of, insider, refusal, unlocked};
use crate::frame::{Verdict, attempt, plainly, refused, twist, untwist, watched};
use crate::harness::NOW;
use crate::harness::acts::{self, Firm, document, filled, hand_in, link_parts};
use crate::harness::client::{Device, Twist};
use crate::world::file::Sealed;
use crate::world::script::Script;

const ROW: &str = "A25";
const TRIES: u64 = 1000;
const PLANTED: usize = 100;

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

/// One content, broken where it is first asked for after each time that the lie begins.
fn breaking_first(wanted: String, seed: u64) -> Twist {
    let (mut dice, mut lies) = (Dice(seed), true);
    Box::new(move |path, _, honest| {
        if path != wanted || !std::mem::take(&mut lies) {
            return honest;
        }
        broken(&honest, &mut dice)
    })
}

async fn answers_of(firm: &Firm, submission: SubmissionId) -> ObjectId {
    let entries = stream(firm, StreamId::Matter(firm.matter)).await;
    let answers = entries.iter().find_map(|entry| match said::<MatterAct>(entry)?.act {
        MatterAct::Submitted(one) if one.submission == submission => Some(one.answers),
        _ => None,
    });
    answers.unwrap()
}

async fn handed_in(firm: &Firm) -> (ObjectId, SubmissionId) {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let filed = hand_in(&intake, "lease.pdf", &document(4000)).await.unwrap();
    intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
    (filed.object, intake.submission())
}

/// The whole document, piece by piece.
async fn opened(firm: &Firm, ring: &Ring, object: ObjectId) -> Result<Vec<u8>, ClientError> {
    acts::opened((&firm.portal, ring), firm.matter, object).await
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
        let (genuine, after_genuine) = watched(opened(&firm, &firm.ring, object)).await;
        assert_eq!(genuine.unwrap(), document(4000));
        twist(&firm.portal, breaking(1));
        let (outcome, after_broken) = watched(opened(&firm, &firm.ring, object)).await;
        if paths(&after_broken) != paths(&after_genuine) {
            return Ok(());
        }
        outcome?;
        refused("opened although it is broken")
    });
}

/// The server asks and asks: the document is another one each time, until the device has had enough.
#[test]
fn a_device_answers_as_often_as_it_is_asked() {
    attempt(ROW, "Locked", async |stage| -> Verdict {
        let firm = stage.firm().await;
        let (object, _) = handed_in(&firm).await;
        stage.truth(&firm).await;
        for seed in 0..u64::from(3 * MOST) {
            twist(&firm.portal, breaking(seed));
            match opened(&firm, &firm.ring, object).await {
                Err(ClientError::NotVerified(Thing::Document)) => {}
                Err(other) => return Err(other.into()),
                Ok(_) => return refused("opened although it is broken"),
            }
        }
        Ok(())
    });
}

/// A thousand broken objects: always the same error, and byte for byte as much on the wire, and with the
/// one that locks the keys as much as with the others.
#[test]
fn a_thousand_broken_objects_look_alike_from_outside() {
    plainly(async {
        let firm = Firm::founded().await;
        let (_, submission) = handed_in(&firm).await;
        let (mut ring, mut first) = (unlocked(&firm).await, None);
        for (turn, seed) in (0..TRIES).enumerate() {
            if ring.is_locked() {
                untwist(&firm.portal);
                ring = unlocked(&firm).await;
            }
            twist(&firm.portal, breaking(seed));
            let open = firm.portal.open_answers(&ring, firm.matter, submission);
            let (outcome, sent) = watched(open).await;
            assert_eq!(outcome.err(), refusal(turn), "{seed}");
            assert_eq!(*first.get_or_insert(sent.clone()), sent, "{seed}");
        }
        // Locked is locked, and asks nobody anything.
        let open = firm.portal.open_answers(&ring, firm.matter, submission);
        let (outcome, sent) = watched(open).await;
        assert_eq!((outcome.err(), sent), (Some(ClientError::Locked), Vec::new()));
        // A reload does not make anybody overlook it.
        let again: Portal<Device> = firm.portal.host().reload();
        let alarm = AlarmV1 { count: u32::try_from(TRIES).unwrap(), first: NOW, last: NOW };
        assert_eq!(again.alarm().await.unwrap(), Some(alarm));
        again.alarm_was_read().await.unwrap();
        assert_eq!(firm.portal.alarm().await.unwrap(), None);
        // Whoever unlocks goes on with what is genuine.
        untwist(&firm.portal);
        let ring = unlocked(&firm).await;
        firm.portal.open_answers(&ring, firm.matter, submission).await.unwrap();
    });
}

/// What was kept of an alarm is damaged: that is no silence, and whoever has read it can let it go.
#[test]
fn an_alarm_that_cannot_be_read_is_no_silence() {
    plainly(async {
        let firm = Firm::founded().await;
        let device = firm.portal.host();
        assert_eq!(firm.portal.alarm().await, Ok(None));
        for damaged in [&[][..], &[0xa0], &[7; 65]] {
            device.save("alarm", damaged).await.unwrap();
            assert_eq!(firm.portal.alarm().await, Err(ClientError::Store));
            firm.portal.alarm_was_read().await.unwrap();
            assert_eq!(firm.portal.alarm().await, Ok(None));
        }
    });
}

/// What was in hand when the keys were locked is not counted besides, and what is damaged of an alarm is not
/// written over by the next.
#[test]
fn an_alarm_counts_once_and_replaces_none_that_cannot_be_read() {
    plainly(async {
        let firm = Firm::founded().await;
        let (object, _) = handed_in(&firm).await;
        let exhausted = async || {
            let ring = unlocked(&firm).await;
            for turn in 0..MOST as usize - 1 {
                twist(&firm.portal, breaking(turn as u64));
                assert_eq!(opened(&firm, &ring, object).await.err(), refusal(turn));
            }
            // Three are asked for while the keys are there.
            twist(&firm.portal, breaking(99));
            let one = || opened(&firm, &ring, object);
            let outcomes: [_; 3] = tokio::join!(one(), one(), one()).into();
            assert!(outcomes.iter().all(|outcome| *outcome == Err(ClientError::Locked)));
            untwist(&firm.portal);
        };
        exhausted().await;
        let alarm = AlarmV1 { count: MOST, first: NOW, last: NOW };
        assert_eq!(firm.portal.alarm().await, Ok(Some(alarm)));
        firm.portal.host().save("alarm", &[0xa0]).await.unwrap();
        exhausted().await;
        assert_eq!(firm.portal.alarm().await, Err(ClientError::Store));
    });
}

/// The page that found it is left at once, before the device has kept anything: who ends the session keeps it.
#[test]
fn an_alarm_outlives_whoever_found_it() {
    plainly(async {
        let firm = Firm::founded().await;
        let (object, _) = handed_in(&firm).await;
        let ring = unlocked(&firm).await;
        for turn in 0..MOST as usize - 1 {
            twist(&firm.portal, breaking(turn as u64));
            assert_eq!(opened(&firm, &ring, object).await.err(), refusal(turn));
        }
        twist(&firm.portal, breaking(99));
        let locked = async {
            while !ring.is_locked() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = locked => {}
            _ = opened(&firm, &ring, object) => panic!("it was to be left before it ended"),
        }
        untwist(&firm.portal);
        assert_eq!(firm.portal.alarm().await, Ok(None));
        firm.portal.end_session(&ring).await.unwrap();
        let alarm = AlarmV1 { count: MOST, first: NOW, last: NOW };
        assert_eq!(firm.portal.alarm().await, Ok(Some(alarm)));
    });
}

/// A document that is read on after it failed counts once, and a line that breaks does not count.
#[test]
fn what_tells_nothing_of_a_key_locks_nothing() {
    plainly(async {
        let firm = Firm::founded().await;
        let (object, _) = handed_in(&firm).await;
        let ring = unlocked(&firm).await;
        let read = || firm.portal.open_document(&ring, firm.matter, object, Verb::Opened);
        let mut reader = read().await.unwrap();
        twist(&firm.portal, breaking(1));
        for _ in 0..2 * MOST {
            let refused = Some(ClientError::NotVerified(Thing::Document));
            assert_eq!(reader.next().await.err(), refused);
        }
        for _ in 0..2 * MOST {
            untwist(&firm.portal);
            let mut reader = read().await.unwrap();
            firm.portal.host().cut_after.set(Some(0));
            assert_eq!(reader.next().await.err(), Some(ClientError::Unreachable));
            firm.portal.host().cut_after.set(None);
        }
        assert!(!ring.is_locked());
        assert_eq!(firm.portal.alarm().await.unwrap(), None);
    });
}

/// An export opens everything of a matter at one word: it counts once, whatever in it does not open, and
/// also where it came about all the same.
#[test]
fn an_export_counts_like_a_document() {
    plainly(async {
        let firm = Firm::founded().await;
        let (object, submission) = handed_in(&firm).await;
        let answers = answers_of(&firm, submission).await;
        let secret = Secret::new("a long word for the export".to_owned());
        let export = async |ring: &Ring| {
            firm.portal.export(ring, firm.matter, &secret, &mut Vec::new()).await
        };
        let broken_before = async |ring: &Ring, times: u32| {
            for turn in 0..times as usize {
                twist(&firm.portal, breaking(turn as u64));
                assert_eq!(opened(&firm, ring, object).await.err(), refusal(turn));
            }
        };
        // Every content is broken: the export ends at the first one that it writes.
        let ring = unlocked(&firm).await;
        broken_before(&ring, MOST - 1).await;
        assert_eq!(export(&ring).await.err(), Some(ClientError::Locked));
        untwist(&firm.portal);
        firm.portal.alarm_was_read().await.unwrap();
        // The answers are broken where they are to be opened, and whole where they are copied. What is asked
        // for is the same.
        let ring = unlocked(&firm).await;
        let paths = |sent: &[(String, usize)]| {
            sent.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>()
        };
        export(&ring).await.unwrap();
        let (outcome, honest) = watched(export(&ring)).await;
        outcome.unwrap();
        broken_before(&ring, MOST - 2).await;
        for expected in [None, Some(ClientError::Locked)] {
            twist(&firm.portal, breaking_first(content_of(answers), 7));
            let (outcome, sent) = watched(export(&ring)).await;
            // Once the keys are locked nothing more is asked for.
            let (sent, honest) = (paths(&sent), paths(&honest));
            assert!(if expected.is_none() { sent == honest } else { honest.starts_with(&sent) });
            assert_eq!(outcome.err(), expected);
        }
        assert!(ring.is_locked());
        let alarm = AlarmV1 { count: MOST, first: NOW, last: NOW };
        assert_eq!(firm.portal.alarm().await.unwrap(), Some(alarm));
    });
}

/// The same from inside: a colleague signs what is broken, so that every hash fits, and no device can tell
/// before it has tried its key. Header or metadata, however they are broken: one error, one transcript.
#[test]
fn what_a_colleague_breaks_before_signing_looks_alike_too() {
    plainly(async {
        let firm = Firm::founded().await;
        let (world, room) = insider(&firm).await;
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
            objects.push((file.object, script.head(StreamId::Matter(room.id)).next));
        }
        twist(&firm.portal, journal.twist());
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert!(
            view.documents.len() == PLANTED
                && view.documents.iter().all(|one| one.named.opened().is_none())
        );
        // A list is nobody's wish to open one of them: names that do not open lock nobody out.
        let listed: Vec<_> = objects.iter().map(|(object, _)| *object).collect();
        let names = firm.portal.names(&firm.ring, firm.matter, &listed).await.unwrap();
        assert!(names.values().all(|one| one.opened().is_none()) && !firm.ring.is_locked());
        // Of one unlocking; a device asks for a statement by its number, which has so many digits.
        let (mut ring, mut first) = (unlocked(&firm).await, BTreeMap::new());
        for (turn, (object, number)) in objects.into_iter().enumerate() {
            if ring.is_locked() {
                (ring, first) = (unlocked(&firm).await, BTreeMap::new());
            }
            let (outcome, sent) = watched(opened(&firm, &ring, object)).await;
            assert_eq!(outcome.err(), refusal(turn));
            let digits = (number - 1).to_string().len();
            assert_eq!(*first.entry(digits).or_insert(sent.clone()), sent);
        }
    });
}
