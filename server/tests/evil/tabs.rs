//! A21 once more, from one device's side: two tabs, or a desk that reads while it stands witness, are
//! answered at once and each with another journal. What a device remembers is read, changed and kept by
//! one of them after the other, so that only one of the two can be taken on, and nothing is lost.

use std::rc::Rc;

use shared::call::Call as _;
use shared::client::intake::Intake;
use shared::client::store::DeviceStore as _;
use shared::client::{ClientError, Fork, Portal, Voucher};
use shared::crypto::cbor::decode_strict;
use shared::crypto::hash::Hash32;
use shared::journal::anchor::Pin;
use shared::journal::checkpoint::{Checkpoint, Note};
use shared::journal::stream::{Head, StreamId};
use shared::journal::wire::{Proof, ReadProof, ReadStreams, Witnessed};
use shared::problem::Code;
use shared::time::HOUR;
use tokio::sync::Barrier;

use crate::frame::journal::{Journal, PROOF, STREAMS, checkpoint};
use crate::frame::scene::{answered, described, fresh, reloaded, sign_in};
use crate::frame::{plainly, twist, untwist};
use crate::harness::acts::{Firm, ask, terms};
use crate::harness::client::{Device, Twist};

/// The next twisted answer of each of these arrives when that of the others does.
fn at_once(devices: &[&Portal<Device>]) {
    let barrier = Rc::new(Barrier::new(devices.len()));
    for device in devices {
        device.host().meet.borrow_mut().push(Rc::clone(&barrier));
    }
}

/// The true journal with one leaf more that nobody else is shown.
async fn branch(firm: &Firm, leaf: u8) -> Journal {
    let mut journal = Journal::of(firm).await;
    journal.leaves.push(Hash32([leaf; 32]));
    journal
}

/// What the device keeps of its one firm under this name.
async fn kept(device: &Portal<Device>, what: &str) -> Vec<u8> {
    let keys = device.host().keys(what).await.unwrap();
    let [key] = keys.as_slice() else { panic!("{keys:?}") };
    device.host().load(key).await.unwrap().unwrap()
}

async fn pinned(device: &Portal<Device>) -> Pin {
    decode_strict(&kept(device, "pin/").await, 1 << 20).unwrap()
}

/// Two checkpoints that the firm's log signed, and that cannot both be true.
fn convicts(firm: &Firm, fork: &Fork) {
    let log = firm.server.app.secrets.log.public();
    let [known, shown] = [&fork.known, &fork.shown]
        .map(|note| Checkpoint::open(note, &checkpoint(note).origin, &log).unwrap());
    assert_eq!((&known.origin, known.size), (&shown.origin, shown.size));
    assert_ne!(known.root, shown.root);
    assert_eq!((fork.known_by, fork.shown_by), (None, None));
}

fn forked<T>(outcome: &Result<T, ClientError>) -> Option<&Fork> {
    match outcome {
        Err(ClientError::Forked(fork)) => Some(fork),
        _ => None,
    }
}

/// The same form in another tab of the device.
async fn tab(device: &Portal<Device>, intake: &Intake<Device>) -> (Portal<Device>, Intake<Device>) {
    let tab = device.host().reload();
    let intake = tab.open_invite(intake.invite(), None).await.unwrap();
    (tab, intake)
}

#[test]
fn of_two_tabs_that_are_shown_two_journals_at_once_one_goes_on_and_one_has_the_evidence() {
    plainly(async {
        let firm = Firm::founded().await;
        let (device, first) = answered(&firm).await;
        first.prove_sent().await.unwrap();
        let (other, second) = tab(&device, &first).await;
        twist(&device, branch(&firm, 5).await.twist());
        twist(&other, branch(&firm, 6).await.twist());
        at_once(&[&device, &other]);
        let outcomes = tokio::join!(first.prove_sent(), second.prove_sent());
        let outcomes = <[_; 2]>::from(outcomes);
        let forks: Vec<&Fork> = outcomes.iter().filter_map(forked).collect();
        assert_eq!((forks.len(), outcomes.iter().filter(|one| one.is_ok()).count()), (1, 1));
        convicts(&firm, forks[0]);
        // What is pinned is what the other one went on with.
        assert_eq!(pinned(&device).await.note, forks[0].known);
    });
}

#[test]
fn two_desks_of_one_device_are_not_led_apart() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let [(one, one_ring), (other, other_ring)] =
            [reloaded(&firm.portal).await, reloaded(&firm.portal).await];
        twist(&one, branch(&firm, 5).await.twist());
        twist(&other, branch(&firm, 6).await.twist());
        at_once(&[&one, &other]);
        let (first, second) = tokio::join!(one.matters(&one_ring), other.matters(&other_ring));
        let fork = forked(&first).or_else(|| forked(&second)).unwrap().clone();
        convicts(&firm, &fork);
        // Nobody reads on, in whichever tab, until somebody has read of it.
        for (tab, ring) in [(&one, &one_ring), (&other, &other_ring)] {
            assert_eq!(forked(&tab.matters(ring).await), Some(&fork));
        }
        one.acknowledge_fork(&fork).await.unwrap();
        // The one whose journal was pinned goes on with it; the other one finds the fork again.
        let mut going_on = 0;
        for (tab, ring) in [(&one, &one_ring), (&other, &other_ring)] {
            match tab.matters(ring).await {
                Err(ClientError::Forked(again)) => tab.acknowledge_fork(&again).await.unwrap(),
                outcome => going_on += u8::from(outcome.is_ok()),
            }
        }
        assert_eq!(going_on, 1);
    });
}

/// Answers a matter's stream from one journal, and a witness's question from another.
fn two_faced(firm: &Firm, mut reader: Twist, mut witness: Twist) -> Twist {
    let matter = StreamId::Matter(firm.matter);
    Box::new(move |path, question, answer| match path {
        STREAMS => {
            let asked: ReadStreams = serde_json::from_slice(question).unwrap();
            let of_matter = asked.from.iter().any(|from| from.stream == matter);
            if of_matter { reader(path, question, answer) } else { answer }
        }
        PROOF => witness(path, question, answer),
        _ => answer,
    })
}

#[test]
fn a_desk_that_stands_witness_while_it_reads_does_not_cosign_another_journal() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let (desk, ring) = reloaded(&firm.portal).await;
        let (read, cosigned) = (branch(&firm, 5).await, branch(&firm, 6).await);
        let roots = [&read, &cosigned].map(|one| shared::journal::tree::root_of(&one.leaves));
        twist(&desk, two_faced(&firm, read.twist(), cosigned.twist()));
        at_once(&[&desk, &desk]);
        // The witness asks first: while the desk reads a matter, it reads no directory.
        let (witness, reader) =
            tokio::join!(desk.stand_witness(&ring), desk.matter(&ring, firm.matter));
        let pinned = pinned(&desk).await;
        let fork = if pinned.root == roots[0] {
            forked(&witness)
        } else {
            // It cosigned what this device went on with; the true journal does not know it.
            assert_eq!(pinned.root, roots[1]);
            assert_eq!(witness, Err(ClientError::Refused(Code::NotFound)));
            forked(&reader)
        };
        convicts(&firm, fork.unwrap());
    });
}

/// The answer says the same, and counts as twisted: it waits for the other one.
fn padded(matter: shared::ids::MatterId) -> Twist {
    Box::new(move |path, question, mut answer| {
        let asked = serde_json::from_slice::<ReadStreams>(question);
        let of_matter = |asked: ReadStreams| {
            asked.from.iter().any(|from| from.stream == StreamId::Matter(matter))
        };
        if path == STREAMS && asked.is_ok_and(of_matter) {
            answer.push(b' ');
        }
        answer
    })
}

#[test]
fn what_two_tabs_read_at_once_is_remembered_of_both() {
    plainly(async {
        let firm = Firm::founded().await;
        let second = firm.portal.create_matter(&firm.ring, &described("Another")).await.unwrap();
        let base = fresh(&firm).await;
        let base_ring = sign_in(&base).await.unwrap();
        let matters = [firm.matter, second];
        for matter in matters {
            base.matter(&base_ring, matter).await.unwrap();
        }
        let mut tabs = Vec::new();
        for matter in matters {
            firm.portal.invite_client(&firm.ring, matter, firm.form, &terms()).await.unwrap();
            let tab = base.host().reload();
            let ring = sign_in(&tab).await.unwrap();
            twist(&tab, padded(matter));
            tabs.push((tab, ring));
        }
        at_once(&[&tabs[0].0, &tabs[1].0]);
        let (one, other) = tokio::join!(
            tabs[0].0.matter(&tabs[0].1, matters[0]),
            tabs[1].0.matter(&tabs[1].1, matters[1])
        );
        let seen = [one.unwrap().statements, other.unwrap().statements];
        let ends: Vec<(StreamId, Head)> =
            decode_strict(&kept(&base, "ends/").await, 1 << 20).unwrap();
        for (matter, seen) in matters.into_iter().zip(seen) {
            let (_, end) =
                ends.iter().find(|(stream, _)| *stream == StreamId::Matter(matter)).unwrap();
            assert_eq!(end.next, seen);
        }
    });
}

#[test]
fn the_newest_word_stays_whichever_tab_heard_an_older_one_last() {
    plainly(async {
        let firm = Firm::founded().await;
        let mut said = Vec::new();
        for _ in 0..2 {
            let now = firm.portal.host().now.get().plus(HOUR / 4);
            firm.portal.host().now.set(now);
            firm.portal.stand_witness(&firm.ring).await.unwrap();
            let question = ReadProof { seen: 0, leaves: Vec::new(), size: None };
            said.push(ask(&firm.portal, &question).await.witnessed.remove(0));
            firm.invite().await;
        }
        // None of the words is about what comes now: it is asked about again and again.
        let (device, first) = answered(&firm).await;
        let (other, second) = tab(&device, &first).await;
        let size = |one: &Witnessed| Note::parse(&one.note).unwrap().checkpoint.size;
        for (tab, mut word) in [(&device, said[1].clone()), (&other, said[0].clone())] {
            let seen = size(&word);
            let question = ReadProof { seen, leaves: Vec::new(), size: None };
            word.consistency = ask(&firm.portal, &question).await.consistency;
            twist(tab, only(word));
        }
        at_once(&[&device, &other]);
        let (newer, older) = tokio::join!(first.prove_sent(), second.prove_sent());
        newer.unwrap();
        older.unwrap();
        // Whoever is shown the older word now knows better.
        let (third, shown) = tab(&device, &first).await;
        let mut before = said[0].clone();
        let question = ReadProof { seen: size(&before), leaves: Vec::new(), size: None };
        before.consistency = ask(&firm.portal, &question).await.consistency;
        twist(&third, only(before));
        let outcome = shown.prove_sent().await;
        let fork = forked(&outcome).unwrap();
        let Some(Voucher::Witness(_)) = fork.known_by else { panic!("{:?}", fork.known_by) };
        assert_eq!(fork.known_by, fork.shown_by);
        assert_eq!(checkpoint(&fork.known).size, size(&said[1]));
        assert_eq!(checkpoint(&fork.shown).size, size(&said[0]));
        untwist(&third);
    });
}

/// Passes on this word and no other, and without any that confirms what was sent.
fn only(word: Witnessed) -> Twist {
    Box::new(move |path, _, answer| {
        let Ok(mut proof) = serde_json::from_slice::<Proof>(&answer) else { return answer };
        if path != ReadProof::ROUTE {
            return answer;
        }
        proof.witnessed = vec![word.clone()];
        let mut twisted = serde_json::to_vec(&proof).unwrap();
        twisted.push(b' ');
        twisted
    })
}
