//! Documents are named as they are shown, each by itself, and what a device asks for meanwhile does not tell
//! the server which of them opened.

use std::collections::BTreeSet;

use shared::client::matters::{NAMED, Named};
use shared::client::{Portal, Ring};
use shared::crypto::hash::sha256;
use shared::ids::ObjectId;

use crate::frame::scene::{elsewhere, insider, reloaded};
use crate::frame::{plainly, watched};
use crate::harness::acts::Firm;
use crate::harness::client::Device;
use crate::world::file::Sealed;
use crate::world::script::Script;

/// Documents besides those whose names come with the matter.
const MORE: usize = 20;

struct Filed {
    firm: Firm,
    /// Those whose header does not open.
    broken: BTreeSet<ObjectId>,
}

/// A matter with more documents than are named at once, some of which do not open.
async fn filed(is_broken: impl Fn(usize) -> bool) -> Filed {
    let firm = Firm::founded().await;
    let (world, room) = insider(&firm).await;
    let mut broken = BTreeSet::new();
    let turns: Vec<usize> = (0..NAMED + MORE).collect();
    for some in turns.chunks(20) {
        let mut files = Vec::new();
        for turn in some {
            let mut file = Sealed::new(&world, &room, &world.founder, b"a letter");
            if is_broken(*turn) {
                // Of the right shape, and sealed for another place.
                file.meta = Sealed::new(&world, &room, &world.founder, b"a letter").meta;
                file.manifest.meta_hash = sha256(&file.meta);
                broken.insert(file.object);
            }
            file.upload(&world, &room, &world.founder).await.unwrap();
            files.push(file);
        }
        let mut script = Script::new(&world).await;
        files.iter().for_each(|file| file.file(&mut script, &room, &world.founder));
        world.append(&world.founder, &script.finish()).await.unwrap();
    }
    Filed { firm, broken }
}

/// Of a matter's documents: opened, closed, not asked for.
async fn shown(device: &Portal<Device>, ring: &Ring, filed: &Filed) -> ([usize; 3], Vec<ObjectId>) {
    let view = device.matter(ring, filed.firm.matter).await.unwrap();
    let mut counts = [0; 3];
    let mut sealed = Vec::new();
    for one in view.documents {
        match one.named {
            Named::Opened(meta) => {
                assert!(meta.name == "A letter.txt" && !filed.broken.contains(&one.object));
                counts[0] += 1;
            }
            Named::Closed => {
                assert!(filed.broken.contains(&one.object), "only what does not open");
                counts[1] += 1;
            }
            Named::Sealed => {
                sealed.push(one.object);
                counts[2] += 1;
            }
        }
    }
    (counts, sealed)
}

#[test]
fn names_are_opened_when_they_are_shown_and_kept() {
    plainly(async {
        let filed = filed(|_| false).await;
        let (first, ring) = elsewhere(&filed.firm).await;
        let (counts, sealed) = shown(&first, &ring, &filed).await;
        assert_eq!(counts, [NAMED, 0, MORE]);
        // After a reload those are there, and the others are asked for with one question.
        let (again, ring) = reloaded(&first).await;
        assert_eq!(shown(&again, &ring, &filed).await, (counts, sealed.clone()));
        again.host().meter.take();
        let names = again.names(&ring, filed.firm.matter, &sealed).await.unwrap();
        assert_eq!(names.len(), MORE);
        assert!(names.values().all(|named| named.opened().is_some()));
        assert_eq!(again.host().meter.take().calls, 1);
        assert_eq!(shown(&again, &ring, &filed).await.0, [NAMED + MORE, 0, 0]);
        // From now on they are kept, too.
        let (last, ring) = reloaded(&again).await;
        assert_eq!(shown(&last, &ring, &filed).await.0, [NAMED + MORE, 0, 0]);
        last.host().meter.take();
        let names = last.names(&ring, filed.firm.matter, &sealed).await.unwrap();
        assert!(names.len() == MORE && last.host().meter.take().calls == 0);
        // What is no document of the matter has no name.
        let none = last.names(&ring, filed.firm.matter, &[ObjectId::random()]).await;
        assert!(none.unwrap().is_empty());
    });
}

#[test]
fn a_header_that_does_not_open_names_that_document_only() {
    plainly(async {
        let filed = filed(|turn| turn % 7 == 0).await;
        assert_eq!(filed.broken.len(), 10);
        let (first, ring) = elsewhere(&filed.firm).await;
        let (counts, sealed) = shown(&first, &ring, &filed).await;
        assert_eq!(counts[0] + counts[1], NAMED);
        first.names(&ring, filed.firm.matter, &sealed).await.unwrap();
        let all = [NAMED + MORE - filed.broken.len(), filed.broken.len(), 0];
        assert_eq!(shown(&first, &ring, &filed).await.0, all);
        let (again, ring) = reloaded(&first).await;
        assert_eq!(shown(&again, &ring, &filed).await.0, all);
    });
}

#[test]
fn what_is_asked_for_does_not_tell_what_opened() {
    plainly(async {
        let mut told = Vec::new();
        for broken in [false, true] {
            let filed = filed(|_| broken).await;
            let (first, ring) = elsewhere(&filed.firm).await;
            let matter = filed.firm.matter;
            let ((_, sealed), sent) = watched(shown(&first, &ring, &filed)).await;
            let mut calls = vec![sent];
            let (again, ring) = reloaded(&first).await;
            for documents in [&sealed, &sealed] {
                calls.push(watched(shown(&again, &ring, &filed)).await.1);
                let (named, sent) = watched(again.names(&ring, matter, documents)).await;
                named.unwrap();
                calls.push(sent);
            }
            let (last, ring) = reloaded(&again).await;
            calls.push(watched(shown(&last, &ring, &filed)).await.1);
            let (named, sent) = watched(last.names(&ring, matter, &sealed)).await;
            named.unwrap();
            calls.push(sent);
            told.push(calls);
        }
        assert!(told[0].iter().flatten().any(|(path, _)| path.ends_with("/streams")), "{told:?}");
        assert_eq!(told[0], told[1]);
    });
}
