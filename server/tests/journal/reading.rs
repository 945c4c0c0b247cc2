//! Streams, the journal, checkpoints and proofs: who gets them, and that they hold.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::signed::Namespace;
use shared::ids::{FormId, MatterId, ObjectId};
use shared::journal::anchor::{Leaf, Log, Unproven, verify};
use shared::journal::statement::{AccessAct, ClientInvited, FormPublished, MatterAct, Verb};
use shared::journal::stream::StreamId;
use shared::journal::tree;
use shared::journal::wire::{Entry, From, ReadHead, ReadJournal, ReadProof, ReadStreams};
use shared::problem::Code;
use shared::time::{HOUR, Timestamp};

use crate::described;
use crate::world::script::Script;
use crate::world::{Person, World, log_key};

fn from(stream: StreamId) -> ReadStreams {
    ReadStreams { from: vec![From { stream, seq: 0 }], limit: 200, seen: 0 }
}

#[tokio::test]
async fn forms_are_published_in_order_by_whoever_may() {
    let world = World::new().await;
    let form = FormId::random();
    let publish = async |who: &Person, version| {
        let mut script = Script::new(&world).await;
        let definition = script.record(&world.office);
        let act = FormPublished { form, version, form_hash: Hash32([4; 32]), definition };
        script.by(who, Namespace::Form, StreamId::Forms, act);
        world.append(who, &script.finish()).await.map(drop)
    };
    let without = world.staff(Role::Staff, Caps::MATTERS).await;
    assert_eq!(publish(&without, 1).await.unwrap_err(), Code::InvalidStatement);
    assert_eq!(publish(&world.founder, 2).await.unwrap_err(), Code::InvalidStatement);
    publish(&world.founder, 1).await.unwrap();
    assert_eq!(publish(&world.founder, 1).await.unwrap_err(), Code::InvalidStatement);
    publish(&world.founder, 2).await.unwrap();
    // The statements are for all staff, the definitions for those in the office.
    let own = world.call(&world.founder, &from(StreamId::Forms)).await.unwrap();
    assert!(own.entries.iter().all(|entry| entry.attachments.len() == 1));
    let others = world.call(&without, &from(StreamId::Forms)).await.unwrap();
    assert_eq!(others.entries.len(), 2);
    assert!(others.entries.iter().all(|entry| entry.attachments.is_empty()));
}

#[tokio::test]
async fn streams_are_read_by_those_who_sit_there() {
    let world = World::new().await;
    let matter = world.matter().await;
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    let client = world.client(&matter).await;
    let stream = StreamId::Matter(matter.id);
    for absent in [stream, StreamId::Access(matter.id), StreamId::Matter(MatterId::random())] {
        assert_eq!(world.call(&outsider, &from(absent)).await.unwrap_err(), Code::NotFound);
        assert_eq!(
            world.call(&outsider, &ReadHead { stream: absent }).await.unwrap_err(),
            Code::NotFound
        );
        assert_eq!(world.call(&client, &from(absent)).await.unwrap_err(), Code::NotFound);
    }
    for absent in [StreamId::Keyring, StreamId::Forms] {
        assert_eq!(world.call(&client, &from(absent)).await.unwrap_err(), Code::NotFound);
        assert_eq!(
            world.call(&client, &ReadHead { stream: absent }).await.unwrap_err(),
            Code::NotFound
        );
        world.call(&outsider, &from(absent)).await.unwrap();
    }
    assert_eq!(
        world.call(&client, &ReadJournal { leaf: 0, limit: 9 }).await.unwrap_err(),
        Code::NotFound
    );
    let head = world.call(&client, &ReadHead { stream }).await.unwrap();
    assert_eq!(head.next, 5);
    // One forbidden stream spoils the whole question.
    let both = ReadStreams {
        from: vec![From { stream: StreamId::Keyring, seq: 0 }, From { stream, seq: 0 }],
        limit: 9,
        seen: 0,
    };
    assert_eq!(world.call(&outsider, &both).await.unwrap_err(), Code::NotFound);
    let page = world.call(&world.founder, &both).await.unwrap();
    assert_eq!(page.entries.len(), 9);
    assert!(page.more);
}

#[tokio::test]
async fn pages_follow_each_other_without_loss() {
    let world = World::new().await;
    let stream = StreamId::Matter(world.office.id);
    let mut script = Script::new(&world).await;
    (0..7).for_each(|_| script.describe(&world.office, &world.founder));
    world.append(&world.founder, &script.finish()).await.unwrap();
    let whole = world.call(&world.founder, &from(stream)).await.unwrap();
    assert!(!whole.more);
    assert_eq!(whole.entries.len(), 10);
    let mut paged = Vec::new();
    loop {
        let from = vec![From { stream, seq: paged.len() as u64 }];
        let page =
            world.call(&world.founder, &ReadStreams { from, limit: 3, seen: 0 }).await.unwrap();
        paged.extend(page.entries);
        if !page.more {
            break;
        }
    }
    let bytes = |entries: &[Entry]| {
        entries.iter().map(|entry| entry.statement.0.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&paged), bytes(&whole.entries));
    assert!(paged[1..].iter().skip(2).all(|entry| entry.attachments.len() == 1));
    let journal = world.call(&world.founder, &ReadJournal { leaf: 4, limit: 2 }).await.unwrap();
    let leaves: Vec<_> = journal.entries.iter().map(|entry| entry.leaf).collect();
    assert_eq!((leaves.as_slice(), journal.more), ([4, 5].as_slice(), true));
}

#[tokio::test]
async fn a_page_ends_by_number_by_weight_and_by_what_one_question_takes() {
    let world = World::new().await;
    let stream = StreamId::Matter(world.office.id);
    // More than the server asks its database for at once.
    for _ in 0..9 {
        let mut script = Script::new(&world).await;
        (0..64).for_each(|_| script.describe(&world.office, &world.founder));
        world.append(&world.founder, &script.finish()).await.unwrap();
    }
    let count = 3 + 9 * 64;
    for limit in [1, 255, 256, 257, 512, count - 1, count, count + 1, 2000, u32::MAX] {
        let ask = ReadStreams { from: vec![From { stream, seq: 0 }], limit, seen: 0 };
        let page = world.call(&world.founder, &ask).await.unwrap();
        let fits = limit.min(count) as usize;
        assert_eq!((page.entries.len(), page.more), (fits, limit < count), "{limit}");
        // Creation and epoch have none, everything else has one.
        let attached = page.entries.iter().map(|entry| entry.attachments.len());
        assert!(attached.eq((0..fits).map(|at| usize::from(at > 1))));
        let all = world.count("SELECT COUNT(*) FROM statement").await;
        let ask = ReadJournal { leaf: 0, limit };
        let page = world.call(&world.founder, &ask).await.unwrap();
        let fits = u64::from(limit).min(all);
        assert_eq!((page.entries.len() as u64, page.more), (fits, fits < all), "{limit}");
    }
    // Sixteen times 200 KiB are more than a page weighs.
    let mut heavy = Vec::new();
    for _ in 0..8 {
        let mut script = Script::new(&world).await;
        for _ in 0..2 {
            let invite = shared::ids::InviteId::random();
            let blob_hash = script.attach(shared::crypto::rng::random::<32>().repeat(6400));
            let secret = script.record(&world.office);
            let act = ClientInvited {
                invite,
                auth_hash: Hash32([5; 32]),
                blob_hash,
                expires: world.app.now(),
                secret,
            };
            script.at(&world.office, &world.founder, MatterAct::Invited(act));
        }
        world.append(&world.founder, &script.finish()).await.unwrap();
    }
    let mut seq = u64::from(count);
    loop {
        let ask = ReadStreams { from: vec![From { stream, seq }], limit: 2000, seen: 0 };
        let page = world.call(&world.founder, &ask).await.unwrap();
        heavy.push(page.entries.len());
        assert!(page.entries.iter().all(|entry| entry.attachments.len() == 2));
        seq += page.entries.len() as u64;
        if !page.more {
            break;
        }
    }
    assert_eq!(heavy, [10, 6]);
}

#[tokio::test]
async fn access_is_noted_by_those_with_a_seat() {
    let world = World::new().await;
    let matter = world.matter().await;
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    let note = async |who: &Person, object| {
        let mut script = Script::new(&world).await;
        let act = AccessAct { object, verb: Verb::Opened };
        script.by(who, Namespace::Access, StreamId::Access(matter.id), act);
        world.append(who, &script.finish()).await.map(drop)
    };
    assert_eq!(note(&outsider, None).await.unwrap_err(), Code::NotFound);
    let nothing = Some(ObjectId::random());
    assert_eq!(note(&world.founder, nothing).await.unwrap_err(), Code::InvalidStatement);
    note(&world.founder, None).await.unwrap();
}

#[tokio::test]
async fn checkpoint_and_proofs_hold_for_every_leaf_and_size() {
    let world = World::new().await;
    let log = Log { firm: world.firm, key: log_key(&world) };
    let ask = async |seen, leaves: Vec<u64>, size| {
        world.call(&world.founder, &ReadProof { seen, leaves, size }).await
    };
    let mut pins = Vec::new();
    for _ in 0..6 {
        let proof = ask(0, Vec::new(), None).await.unwrap();
        pins.push(verify(&proof, &log, None, &[]).unwrap());
        described(&world, |_| {}).await.unwrap();
    }
    let all = ReadJournal { leaf: 0, limit: 200 };
    let entries = world.call(&world.founder, &all).await.unwrap().entries;
    let leaves: Vec<Leaf> = entries.iter().map(Leaf::of).collect();
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash).collect();
    for pin in &pins {
        assert_eq!(tree::root_of(&hashes[..pin.size as usize]), pin.root);
        let inside: Vec<u64> = (0..pin.size).collect();
        for older in &pins {
            let proof = ask(older.size, inside.clone(), Some(pin.size)).await.unwrap();
            let held = verify(&proof, &log, Some(older), &leaves[..pin.size as usize]);
            // A tree that is smaller than the known one is refused whatever the server says.
            let expected =
                if older.size > pin.size { Err(Unproven::Forked) } else { Ok(pin.clone()) };
            assert_eq!(held, expected);
            if held.is_ok() {
                let mut other = leaves[..pin.size as usize].to_vec();
                other.swap(0, 1);
                let other = verify(&proof, &log, Some(older), &other);
                assert_eq!(other.unwrap_err(), Unproven::Absent);
            }
        }
    }
    for (leaf, size) in [(12, 12), (0, 13), (0, 0)] {
        let refused = ask(0, vec![leaf], Some(size)).await;
        assert_eq!(refused.unwrap_err(), Code::NotFound, "{leaf} {size}");
    }
    assert_eq!(ask(0, vec![0; 1001], None).await.unwrap_err(), Code::BadRequest);
}

#[tokio::test]
async fn times_of_arrival_run_as_the_leaves_do() {
    let world = World::new().await;
    let arrivals = async || {
        let page = world.call(&world.founder, &ReadJournal { leaf: 0, limit: 200 }).await.unwrap();
        page.entries.iter().map(|entry| entry.arrived).collect::<Vec<_>>()
    };
    let now = world.app.now();
    described(&world, |_| {}).await.unwrap();
    // A clock is set right by a little: what comes then did not arrive before what was here.
    world.set_clock(Timestamp(now.0 - HOUR));
    described(&world, |_| {}).await.unwrap();
    let seen = arrivals().await;
    assert!(seen.is_sorted() && seen.last() == Some(&now.0), "{seen:?}");
    // One that was off by more says what it says.
    world.set_clock(Timestamp(now.0 - HOUR - 1));
    described(&world, |_| {}).await.unwrap();
    assert_eq!(arrivals().await.last(), Some(&(now.0 - HOUR - 1)));
    world.set_clock(now.plus(1));
    described(&world, |_| {}).await.unwrap();
    assert_eq!(arrivals().await.last(), Some(&(now.0 + 1)));
}
