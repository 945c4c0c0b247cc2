//! Streams in every disorder (row A20): statements dropped, shown twice, exchanged, or spliced in from
//! another matter or another firm. A fold takes an unbroken beginning of the true stream and nothing else.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shared::client::directory::Directory;
use shared::client::room::Room;
use shared::client::{ClientError, Thing};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Entry, News};

use crate::frame::forge::directory;
use crate::frame::journal::{STREAMS, stream};
use crate::frame::plainly;
use crate::frame::scene::{described, fresh, handed_in, sign_in};
use crate::frame::twist;
use crate::harness::acts::{Firm, Tale, document};

/// One thing that goes wrong with a sequence; places are taken modulo its length.
#[derive(Debug, Clone)]
enum Disorder {
    Drop(usize),
    Repeat(usize, usize),
    Exchange(usize, usize),
    /// From which other stream, which of its statements, to where.
    Splice(usize, usize, usize),
    Reverse(usize, usize),
}

fn disorder() -> impl Strategy<Value = Disorder> {
    let at = || 0..1000_usize;
    prop_oneof![
        at().prop_map(Disorder::Drop),
        (at(), at()).prop_map(|(from, to)| Disorder::Repeat(from, to)),
        (at(), at()).prop_map(|(a, b)| Disorder::Exchange(a, b)),
        (at(), at(), at()).prop_map(|(which, from, to)| Disorder::Splice(which, from, to)),
        (at(), at()).prop_map(|(from, to)| Disorder::Reverse(from, to)),
    ]
}

/// The stream in disorder.
fn apply(honest: &[Entry], others: &[Vec<Entry>], disorders: &[Disorder]) -> Vec<Entry> {
    let mut all = honest.to_vec();
    for one in disorders {
        let len = all.len().max(1);
        match *one {
            _ if all.is_empty() => {}
            Disorder::Drop(at) => drop(all.remove(at % len)),
            Disorder::Repeat(from, to) => {
                let again = all[from % len].clone();
                all.insert(to % (len + 1), again);
            }
            Disorder::Exchange(a, b) => all.swap(a % len, b % len),
            Disorder::Splice(which, from, to) => {
                let other = &others[which % others.len()];
                all.insert(to % (len + 1), other[from % other.len()].clone());
            }
            Disorder::Reverse(from, to) => {
                let (from, to) = (from % len, to % len);
                all[from.min(to)..=from.max(to)].reverse();
            }
        }
    }
    all
}

/// Feeds a sequence to a fold until it refuses: what it took must be the true stream's beginning.
fn folds(
    shown: &[Entry],
    honest: &[Entry],
    mut take: impl FnMut(&Entry) -> Result<(), ClientError>,
    thing: Thing,
) -> Result<(), TestCaseError> {
    for (at, entry) in shown.iter().enumerate() {
        let is_next = honest.get(at).is_some_and(|true_one| true_one.statement == entry.statement);
        match take(entry) {
            Ok(()) => prop_assert!(is_next, "statement {} was taken", at),
            Err(error) => {
                prop_assert!(!is_next, "the true statement {} was refused", at);
                prop_assert_eq!(error, ClientError::NotVerified(thing));
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn a_firm() -> Firm {
    let firm = Firm::founded().await;
    handed_in(&firm, &Tale::USUAL, "lease.pdf", &document(300)).await;
    firm
}

#[test]
fn a_fold_takes_the_true_stream_alone() {
    let (keyrings, matters, directories) = {
        let (mut keyrings, mut matters, mut directories) = (Vec::new(), Vec::new(), Vec::new());
        plainly(async {
            for _ in 0..2 {
                let firm = a_firm().await;
                let second = firm.portal.create_matter(&firm.ring, &described("A wall")).await;
                crate::harness::acts::colleague(
                    &firm,
                    shared::client::enrol::Post::Lawyer,
                    "Bo Lindqvist",
                    "bo",
                )
                .await;
                keyrings.push(stream(&firm, StreamId::Keyring).await);
                for matter in [firm.matter, second.unwrap()] {
                    matters.push((matter, stream(&firm, StreamId::Matter(matter)).await));
                }
                directories.push(directory(&firm).await);
            }
        });
        (keyrings, matters, directories)
    };
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let some = proptest::collection::vec(disorder(), 0..4);

    let (matter, honest) = &matters[0];
    let others: Vec<Vec<Entry>> =
        matters[1..].iter().map(|(_, entries)| entries.clone()).chain(keyrings.clone()).collect();
    let tried = TestRunner::new(config.clone()).run(&some, |disorders| {
        let mut room = Room::empty(*matter);
        let take = |entry: &Entry| room.apply(entry.clone(), &directories[0]);
        folds(&apply(honest, &others, &disorders), honest, take, Thing::Matter)
    });
    tried.unwrap();

    let (root, honest) = keyrings[0].split_first().unwrap();
    let others: Vec<Vec<Entry>> =
        vec![keyrings[1].clone(), keyrings[0].clone(), matters[0].1.clone(), matters[2].1.clone()];
    let tried = TestRunner::new(config).run(&some, |disorders| {
        let firm = directories[0].firm();
        let mut directory = Directory::begin(&root.statement.0, firm).unwrap();
        let take = |entry: &Entry| directory.apply(entry);
        folds(&apply(honest, &others, &disorders), honest, take, Thing::Keyring)
    });
    tried.unwrap();
}

/// The same for a whole device: any page that is not exactly what was asked for is refused whole.
#[test]
fn a_device_takes_no_page_in_disorder() {
    plainly(async {
        let (firm, other) = (a_firm().await, a_firm().await);
        let office = directory(&firm).await.root().office;
        let foreign = [
            stream(&firm, StreamId::Matter(office)).await,
            stream(&other, StreamId::Matter(other.matter)).await,
        ];
        let wanted = StreamId::Matter(firm.matter);
        type Lie = fn(&mut Vec<Entry>, &[Vec<Entry>; 2]);
        let lies: [Lie; 7] = [
            |page, _| drop(page.remove(2)),
            |page, _| drop(page.remove(0)),
            |page, _| page.insert(3, page[2].clone()),
            |page, _| page.push(page[1].clone()),
            |page, _| page.swap(2, 3),
            |page, foreign| page.insert(3, foreign[0][3].clone()),
            |page, foreign| page[3] = foreign[1][3].clone(),
        ];
        for lie in lies {
            let portal = fresh(&firm).await;
            let ring = sign_in(&portal).await.unwrap();
            let foreign = foreign.clone();
            let name = wanted.to_string();
            twist(
                &portal,
                Box::new(move |path, question, answer| {
                    let asked = String::from_utf8_lossy(question).contains(&name);
                    let Ok(mut news) = serde_json::from_slice::<News>(&answer) else {
                        return answer;
                    };
                    if path != STREAMS || !asked {
                        return answer;
                    }
                    lie(&mut news.entries, &foreign);
                    serde_json::to_vec(&news).unwrap()
                }),
            );
            let refused = portal.matter(&ring, firm.matter).await.err();
            assert_eq!(refused, Some(ClientError::NotVerified(Thing::Journal)));
            assert!(portal.matter(&ring, firm.matter).await.is_err(), "and again");
        }
    });
}
