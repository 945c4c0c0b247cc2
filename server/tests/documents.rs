//! Uploads, filing and downloads, through the router.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use axum::http::{StatusCode, header};
use server::blob::sweep;
use shared::crypto::age::SEALED_PART;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::manifest::{FileContext, Manifest, sealed_len};
use shared::documents::wire::{CancelUpload, MAX_PLAINTEXT, StartUpload};
use shared::ids::{ClientId, MatterId, ObjectId};
use shared::problem::Code;
use shared::time::HOUR;
use world::file::Sealed;
use world::script::Script;
use world::{Person, Room, World, noise};

/// Two parts and a bit: the second part is short.
const LARGE: usize = 5 * 1024 * 1024 + 3;

async fn file_as(
    world: &World,
    room: &Room,
    who: &Person,
    file: &Sealed,
    manifest: Manifest,
) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.attach(file.header.clone());
    script.attach(file.meta.clone());
    file.say(&mut script, room, who, manifest);
    world.append(who, &script.finish()).await.map(drop)
}

#[tokio::test]
async fn a_client_hands_in_and_staff_reads_the_same_bytes() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let answers = Sealed::new(&world, &matter, &client, b"answers");
    let document = Sealed::new(&world, &matter, &client, &noise(LARGE));
    let empty = Sealed::new(&world, &matter, &client, b"");
    for file in [&answers, &document, &empty] {
        let upload = file.upload(&world, &matter, &client).await.unwrap();
        assert!(!upload.filed);
        assert_eq!(upload.kept.len(), file.parts().count());
    }
    let mut script = Script::new(&world).await;
    for file in [&answers, &document, &empty] {
        file.file(&mut script, &matter, &client);
    }
    script.submit(&matter, answers.object, &[document.object, empty.object], &client);
    let acts = script.finish();
    world.append(&client, &acts).await.unwrap();
    // The answer was lost: once more, and nothing is there twice.
    world.append(&client, &acts).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM submission").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM upload").await, 0);
    for file in [&answers, &document, &empty] {
        let answer = world.get(&world.founder, file.object, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CONTENT_LENGTH], file.bytes.len().to_string());
        assert_eq!(answer.headers[header::ETAG], format!("\"{}\"", file.manifest.ct_root));
        assert!(answer.body == file.bytes);
        assert!(world.call(&client, &file.start(&matter)).await.unwrap().filed);
    }
}

#[tokio::test]
async fn sealed_bytes_are_for_those_who_sit_there() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let file = Sealed::new(&world, &matter, &client, b"a letter");
    file.store(&world, &matter, &client).await.unwrap();
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    for who in [&outsider, &client] {
        let answer = world.get(who, file.object, &[]).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, Code::NotFound));
    }
    let nothing = world.get(&world.founder, ObjectId::random(), &[]).await;
    assert_eq!(nothing.code(), Code::NotFound);
    let request = axum::http::Request::get("/api/v1/objects/xyz/content")
        .header(header::COOKIE, &world.founder.cookie)
        .body(axum::body::Body::empty());
    assert_eq!(world.send(request.unwrap()).await.code(), Code::NotFound);
    let unfiled = Sealed::new(&world, &matter, &client, b"unfiled");
    unfiled.upload(&world, &matter, &client).await.unwrap();
    assert_eq!(world.get(&world.founder, unfiled.object, &[]).await.code(), Code::NotFound);
}

#[tokio::test]
async fn ranges_cross_parts_and_end_where_the_object_ends() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(LARGE));
    file.store(&world, &world.office, founder).await.unwrap();
    let (len, part) = (file.bytes.len(), SEALED_PART);
    for (range, from, until) in [
        ("bytes=0-0".to_owned(), 0, 1),
        (format!("bytes={}-{}", part - 1, part), part - 1, part + 1),
        (format!("bytes={part}-"), part, len),
        ("bytes=-5".to_owned(), len - 5, len),
        (format!("bytes=0-{}", len * 2), 0, len),
        (format!("bytes={}-{}", len - 1, len - 1), len - 1, len),
    ] {
        let answer = world.get(founder, file.object, &[("range", &range)]).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT, "{range}");
        let expected = format!("bytes {from}-{}/{len}", until - 1);
        assert_eq!(answer.headers[header::CONTENT_RANGE], expected);
        assert!(answer.body == file.bytes[from..until], "{range}");
    }
    let past = format!("bytes={len}-");
    let answer = world.get(founder, file.object, &[("range", &past)]).await;
    assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(answer.headers[header::CONTENT_RANGE], format!("bytes */{len}"));
    let two = world.get(founder, file.object, &[("range", "bytes=0-1,5-6")]).await;
    assert_eq!((two.status, two.body.len()), (StatusCode::OK, len));
    let etag = format!("\"{}\"", file.manifest.ct_root);
    let older =
        world.get(founder, file.object, &[("range", "bytes=0-1"), ("if-range", "\"x\"")]).await;
    assert_eq!(older.status, StatusCode::OK);
    let same = world.get(founder, file.object, &[("if-none-match", &etag)]).await;
    assert_eq!((same.status, same.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn an_upload_begins_once_where_its_sender_may_write() {
    let world = World::new().await;
    let matter = world.matter().await;
    let other = world.matter().await;
    let client = world.client(&matter).await;
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    let call = |matter: MatterId, sealed_len| StartUpload {
        object: ObjectId([1; 16]),
        matter,
        sealed_len,
    };
    assert_eq!(world.call(&outsider, &call(matter.id, 16)).await.unwrap_err(), Code::NotFound);
    assert_eq!(world.call(&client, &call(other.id, 16)).await.unwrap_err(), Code::NotFound);
    for impossible in [0, 15, 65_552 + 16, SEALED_PART as u64 + 1] {
        let refused = world.call(&client, &call(matter.id, impossible)).await;
        assert_eq!(refused.unwrap_err(), Code::BadRequest, "{impossible}");
    }
    for large in [sealed_len(MAX_PLAINTEXT) + 1, u64::MAX] {
        let refused = world.call(&client, &call(matter.id, large)).await;
        assert_eq!(refused.unwrap_err(), Code::TooLarge, "{large}");
    }
    world.call(&client, &call(matter.id, 16)).await.unwrap();
    assert!(world.call(&client, &call(matter.id, 16)).await.unwrap().kept.is_empty());
    assert_eq!(world.call(&client, &call(matter.id, 17)).await.unwrap_err(), Code::AlreadyExists);
    let taken = world.call(&world.founder, &call(matter.id, 16)).await;
    assert_eq!(taken.unwrap_err(), Code::AlreadyExists);
    let taken = world.call(&world.founder, &call(other.id, 16)).await;
    assert_eq!(taken.unwrap_err(), Code::AlreadyExists);
    for _ in 1..64 {
        let call = StartUpload { object: ObjectId::random(), matter: matter.id, sealed_len: 16 };
        world.call(&client, &call).await.unwrap();
    }
    let one_more = StartUpload { object: ObjectId::random(), matter: matter.id, sealed_len: 16 };
    assert_eq!(world.call(&client, &one_more).await.unwrap_err(), Code::TooManyTries);
    // Those that are begun go on.
    world.call(&client, &call(matter.id, 16)).await.unwrap();
}

#[tokio::test]
async fn a_part_is_exactly_its_length_and_its_digest() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(LARGE));
    world.call(founder, &file.start(&world.office)).await.unwrap();
    let parts: Vec<_> = file.parts().map(|(_, part)| part).collect();
    let put = async |index, bytes: &[u8]| world.put(founder, file.object, index, bytes).await;
    assert_eq!(put(1, parts[0]).await.unwrap_err(), Code::TooLarge);
    assert_eq!(put(0, parts[1]).await.unwrap_err(), Code::BadRequest);
    assert_eq!(put(1, &parts[1][1..]).await.unwrap_err(), Code::BadRequest);
    assert_eq!(put(2, parts[1]).await.unwrap_err(), Code::BadRequest);
    let lied = world.put_as(founder, file.object, 1, parts[1], Hash32([0; 32])).await;
    assert_eq!(lied.unwrap_err(), Code::DigestMismatch);
    assert_eq!(world.blobs().await, 0);
    let first = put(1, parts[1]).await.unwrap();
    assert_eq!(put(1, parts[1]).await.unwrap(), first);
    let mut other = parts[1].to_vec();
    other[0] ^= 1;
    assert_eq!(put(1, &other).await.unwrap_err(), Code::AlreadyExists);
    assert_eq!(world.blobs().await, 1);
}

#[tokio::test]
async fn an_upload_is_nobody_elses() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let file = Sealed::new(&world, &matter, &client, b"mine");
    world.call(&client, &file.start(&matter)).await.unwrap();
    let refused = world.put(&world.founder, file.object, 0, &file.bytes).await;
    assert_eq!(refused.unwrap_err(), Code::NotFound);
    world.call(&world.founder, &CancelUpload { object: file.object }).await.unwrap();
    world.put(&client, file.object, 0, &file.bytes).await.unwrap();
    // The founder, who sits there, signs a manifest for the client's bytes.
    let context =
        FileContext { sender: world.founder.kid(), client: None, ..file.manifest.context.clone() };
    let mut theirs = Sealed::new(&world, &matter, &world.founder, b"mine");
    theirs.manifest.context.object = file.object;
    assert_eq!(theirs.manifest.context, context);
    let manifest = Manifest { ct_root: file.manifest.ct_root, ..theirs.manifest.clone() };
    let refused = file_as(&world, &matter, &world.founder, &theirs, manifest).await.unwrap_err();
    // The header names another object's context, so it fails before the upload is looked at.
    assert_eq!(refused, Code::InvalidStatement);
    assert_eq!(world.count("SELECT COUNT(*) FROM object").await, 0);
}

#[tokio::test]
async fn a_manifest_says_exactly_what_arrived() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let file = Sealed::new(&world, &matter, &client, &noise(100_000));
    let good = file.manifest.clone();
    let incomplete = file_as(&world, &matter, &client, &file, good.clone()).await;
    assert_eq!(incomplete.unwrap_err(), Code::UploadIncomplete);
    file.upload(&world, &matter, &client).await.unwrap();
    let other = sealed_len(100_001);
    for bad in [
        Manifest { ct_root: Hash32([1; 32]), ..good.clone() },
        Manifest { sealed_len: other, ..good.clone() },
        Manifest { chunks: good.chunks + 1, ..good.clone() },
        Manifest { format: 2, ..good.clone() },
        Manifest { header_hash: Hash32([1; 32]), ..good.clone() },
        Manifest { meta_hash: Hash32([1; 32]), ..good.clone() },
        Manifest { header_hash: good.meta_hash, meta_hash: good.header_hash, ..good.clone() },
    ] {
        let refused = file_as(&world, &matter, &client, &file, bad).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement);
    }
    let context = good.context.clone();
    for bad in [
        FileContext { firm: Hash32([1; 32]), ..context.clone() },
        FileContext { matter: MatterId::random(), ..context.clone() },
        FileContext { epoch: 1, ..context.clone() },
        FileContext { sender: world.founder.kid(), ..context.clone() },
        FileContext { object: ObjectId::random(), ..context.clone() },
        FileContext { client: None, ..context.clone() },
        FileContext { client: Some(ClientId::random()), ..context.clone() },
        FileContext { previous: Some(Hash32([1; 32])), ..context.clone() },
        FileContext { version: 2, ..context },
    ] {
        let bad = Manifest { context: bad, ..good.clone() };
        let refused = file_as(&world, &matter, &client, &file, bad).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement);
    }
    file_as(&world, &matter, &client, &file, good.clone()).await.unwrap();
    let again = Manifest { seq_seen: 1, ..good };
    let refused = file_as(&world, &matter, &client, &file, again).await.unwrap_err();
    assert_eq!(refused, Code::AlreadyExists);
    let cancelled = world.call(&client, &CancelUpload { object: file.object }).await;
    assert_eq!(cancelled.unwrap_err(), Code::AlreadyExists);
}

#[tokio::test]
async fn a_manifest_waits_for_every_part() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(LARGE));
    world.call(founder, &file.start(&world.office)).await.unwrap();
    let parts: Vec<_> = file.parts().collect();
    for (index, part) in parts.iter().rev() {
        let refused = file_as(&world, &world.office, founder, &file, file.manifest.clone()).await;
        assert_eq!(refused.unwrap_err(), Code::UploadIncomplete);
        world.put(founder, file.object, *index, part).await.unwrap();
    }
    file_as(&world, &world.office, founder, &file, file.manifest.clone()).await.unwrap();
}

#[tokio::test]
async fn a_submission_names_what_its_sender_filed_here() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let sibling = world.client(&matter).await;
    let mine = Sealed::new(&world, &matter, &client, b"mine");
    let theirs = Sealed::new(&world, &matter, &sibling, b"theirs");
    mine.store(&world, &matter, &client).await.unwrap();
    theirs.store(&world, &matter, &sibling).await.unwrap();
    let submit = async |who: &Person, answers, documents: &[ObjectId]| {
        let mut script = Script::new(&world).await;
        script.submit(&matter, answers, documents, who);
        world.append(who, &script.finish()).await.map(drop)
    };
    let refused = Code::InvalidStatement;
    assert_eq!(submit(&client, theirs.object, &[]).await.unwrap_err(), refused);
    assert_eq!(submit(&client, mine.object, &[theirs.object]).await.unwrap_err(), refused);
    assert_eq!(submit(&client, mine.object, &[mine.object]).await.unwrap_err(), refused);
    assert_eq!(submit(&client, ObjectId::random(), &[]).await.unwrap_err(), refused);
    assert_eq!(submit(&world.founder, mine.object, &[]).await.unwrap_err(), Code::NotFound);
    submit(&client, mine.object, &[]).await.unwrap();
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let world = World::new().await;
    let file = Sealed::new(&world, &world.office, &world.founder, &noise(LARGE));
    world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    let parts: Vec<_> = file.parts().collect();
    let kept = world.put(&world.founder, file.object, 0, parts[0].1).await.unwrap();
    let world = world.restart().await;
    let upload = world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    assert_eq!(upload.kept, [kept]);
    world.put(&world.founder, file.object, 1, parts[1].1).await.unwrap();
    file_as(&world, &world.office, &world.founder, &file, file.manifest.clone()).await.unwrap();
    assert!(world.get(&world.founder, file.object, &[]).await.body == file.bytes);
}

#[tokio::test]
async fn a_cancelled_upload_leaves_nothing() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(LARGE));
    file.upload(&world, &world.office, founder).await.unwrap();
    assert_eq!(world.blobs().await, 2);
    for _ in 0..2 {
        world.call(founder, &CancelUpload { object: file.object }).await.unwrap();
    }
    assert_eq!(world.blobs().await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM part").await, 0);
    let gone = world.put(founder, file.object, 0, &file.bytes[..SEALED_PART]).await;
    assert_eq!(gone.unwrap_err(), Code::NotFound);
}

#[tokio::test]
async fn two_senders_of_one_part_at_once_agree() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(200_000));
    world.call(founder, &file.start(&world.office)).await.unwrap();
    let put = || world.put(founder, file.object, 0, &file.bytes);
    let (a, b, c) = tokio::join!(put(), put(), put());
    assert_eq!(a.unwrap(), b.unwrap());
    c.unwrap();
    assert_eq!(world.blobs().await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM part").await, 1);
}

#[tokio::test]
async fn the_sweep_takes_orphans_and_nothing_else() {
    let world = World::new().await;
    let founder = &world.founder;
    let file = Sealed::new(&world, &world.office, founder, &noise(1000));
    file.store(&world, &world.office, founder).await.unwrap();
    let begun = Sealed::new(&world, &world.office, founder, &noise(1000));
    begun.upload(&world, &world.office, founder).await.unwrap();
    let orphan = server::blob::BlobKey::random();
    world.app.blobs.put(&orphan, vec![vec![1; 10].into()]).await.unwrap();
    let real = server::state::SystemClock;
    let now = shared::time::Clock::now(&real);
    assert_eq!(sweep::run(&world.app.db, &world.app.blobs, now).await.unwrap(), 0);
    let later = now.plus(2 * HOUR);
    assert_eq!(sweep::run(&world.app.db, &world.app.blobs, later).await.unwrap(), 1);
    assert!(world.get(founder, file.object, &[]).await.body == file.bytes);
    file_as(&world, &world.office, founder, &begun, begun.manifest.clone()).await.unwrap();
}
