//! Sealed parts in a bucket: a real S3 engine on a real socket, which also refuses, dies in the
//! middle of a part, comes back, has no such bucket, or does not know us.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use std::ops::Range;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use bytes::Bytes;
use futures::TryStreamExt as _;
use harness::bucket::{Engine, Fate};
use server::blob::s3::{self, S3};
use server::blob::{BlobError, BlobKey, Blobs};
use shared::crypto::age::SEALED_PART;
use shared::crypto::hash::sha256;
use shared::problem::Code;
use tempfile::TempDir;
use world::file::Sealed;
use world::script::Script;
use world::{World, noise};

/// Three parts, the last of them short.
const LARGE: usize = 9 * 1024 * 1024 + 5;

async fn read(
    blobs: &Blobs,
    key: &BlobKey,
    span: Range<usize>,
    length: usize,
) -> Result<Vec<u8>, BlobError> {
    let span = span.start as u64..span.end as u64;
    let pieces: Vec<Bytes> = blobs.get(key, span, length as u64).await?.try_collect().await?;
    Ok(pieces.concat())
}

async fn engine() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::start(folder.path()).await;
    (folder, engine)
}

/// A firm whose parts go there, and a file of the founder's whose upload has begun.
async fn begun(engine: &Engine) -> (World, Sealed) {
    let world = World::over(engine.blobs()).await;
    let file = Sealed::new(&world, &world.office, &world.founder, &noise(LARGE));
    world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    (world, file)
}

async fn rows(world: &World) -> u64 {
    world.count("SELECT COUNT(*) FROM part").await
}

async fn listed(blobs: &Blobs) -> Vec<BlobKey> {
    blobs.list().map_ok(|(key, _)| key).try_collect().await.unwrap()
}

/// Sends what is missing, files it, and reads it back.
async fn finish(world: &World, file: &Sealed) {
    let founder = &world.founder;
    let kept = world.call(founder, &file.start(&world.office)).await.unwrap().kept;
    for (index, part) in file.parts() {
        if !kept.iter().any(|part| part.index == index) {
            world.put(founder, file.object, index, part).await.unwrap();
        }
    }
    let mut script = Script::new(world).await;
    file.file(&mut script, &world.office, founder);
    world.append(founder, &script.finish()).await.unwrap();
    let whole = world.get(founder, file.object, &[]).await;
    assert_eq!((whole.status, sha256(&whole.body)), (StatusCode::OK, sha256(&file.bytes)));
    let (part, len) = (SEALED_PART, file.bytes.len());
    for (from, until) in [(part - 3, part + 3), (2 * part - 1, len), (len - 1, len)] {
        let range = format!("bytes={from}-{}", until - 1);
        let answer = world.get(founder, file.object, &[("range", &range)]).await;
        assert!(answer.body == file.bytes[from..until], "{range}");
    }
}

#[tokio::test]
async fn what_is_stored_comes_back_whole_and_in_spans() {
    let (_folder, engine) = engine().await;
    let blobs = engine.blobs();
    blobs.probe().await.unwrap();
    assert!(listed(&blobs).await.is_empty());
    let bytes = noise(SEALED_PART);
    for length in [1, 16, 65_552, SEALED_PART] {
        let key = BlobKey::random();
        let pieces = bytes[..length].chunks(16_384).map(Bytes::copy_from_slice).collect();
        blobs.put(&key, pieces).await.unwrap();
        assert!(read(&blobs, &key, 0..length, length).await.unwrap() == bytes[..length]);
        let (from, until) = (length / 3, length - length / 4);
        let span = read(&blobs, &key, from..until, length).await.unwrap();
        assert!(span == bytes[from..until], "{from}..{until}");
        // An object of another length than its row says is not that object.
        for other in [length - 1, length + 1] {
            let refused = read(&blobs, &key, 0..other, other).await;
            assert!(matches!(refused, Err(BlobError::Missing)), "{other}");
        }
        assert_eq!(listed(&blobs).await, std::slice::from_ref(&key));
        blobs.delete(&key).await.unwrap();
        blobs.delete(&key).await.unwrap();
        assert!(matches!(read(&blobs, &key, 0..1, length).await, Err(BlobError::Missing)));
    }
}

#[tokio::test]
async fn a_document_goes_through_a_bucket() {
    let (_folder, engine) = engine().await;
    let (world, file) = begun(&engine).await;
    finish(&world, &file).await;
    assert_eq!(listed(&engine.blobs()).await.len(), 3);
}

#[tokio::test]
async fn an_engine_in_trouble_is_a_clear_answer_and_the_same_part_goes_later() {
    let (_folder, engine) = engine().await;
    let (world, file) = begun(&engine).await;
    let parts: Vec<_> = file.parts().collect();
    world.put(&world.founder, file.object, 0, parts[0].1).await.unwrap();
    for (status, code, tries) in
        [(503, Code::Busy, 4), (500, Code::Busy, 4), (507, Code::StorageFull, 1)]
    {
        engine.fate(Fate::Answers(status));
        let (started, before) = (Instant::now(), engine.requests());
        let refused = world.put(&world.founder, file.object, 1, parts[1].1).await.unwrap_err();
        assert_eq!(refused, code, "{status}");
        assert_eq!(engine.requests() - before, tries, "{status}");
        assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
        assert_eq!(rows(&world).await, 1);
    }
    let ready = world.server.get("/readyz", &[]).await;
    assert_eq!((ready.status, ready.body), (StatusCode::SERVICE_UNAVAILABLE, b"blobs\n".to_vec()));
    engine.fate(Fate::Well);
    assert_eq!(world.server.get("/readyz", &[]).await.status, StatusCode::OK);
    assert_eq!(listed(&engine.blobs()).await.len(), 1);
    finish(&world, &file).await;
}

#[tokio::test]
async fn an_engine_that_dies_in_the_middle_of_a_part_keeps_no_half() {
    let (_folder, mut engine) = engine().await;
    let (world, file) = begun(&engine).await;
    let parts: Vec<_> = file.parts().collect();
    let kept = world.put(&world.founder, file.object, 0, parts[0].1).await.unwrap();
    engine.fate(Fate::DiesAfter(SEALED_PART as u64 / 2));
    let refused = world.put(&world.founder, file.object, 1, parts[1].1).await;
    assert_eq!(refused.unwrap_err(), Code::Busy);
    assert!(engine.is_dead());
    // What the server knows by itself it still tells.
    let standing = world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    assert_eq!(standing.kept, [kept]);
    let down = world.put(&world.founder, file.object, 1, parts[1].1).await;
    assert_eq!(down.unwrap_err(), Code::Busy);

    engine.revive().await;
    assert_eq!(rows(&world).await, 1);
    assert_eq!(listed(&engine.blobs()).await.len(), 1);
    finish(&world, &file).await;
}

#[tokio::test]
async fn a_reader_whose_engine_dies_gets_no_more_than_an_honest_beginning() {
    let (_folder, mut engine) = engine().await;
    let (world, file) = begun(&engine).await;
    finish(&world, &file).await;
    engine.fate(Fate::DiesAfter(1));
    let put = world.app.blobs.put(&BlobKey::random(), vec![Bytes::from_static(b"a part")]).await;
    assert!(matches!(put, Err(BlobError::Busy)), "{put:?}");
    assert!(engine.is_dead());
    let cut = axum::http::Request::get(format!("/api/v1/objects/{}/content", file.object))
        .header("cookie", &world.founder.cookie)
        .body(axum::body::Body::empty());
    let answer = tower::ServiceExt::oneshot(world.router.clone(), cut.unwrap()).await.unwrap();
    // The length was announced, so a body that ends early is an error to whoever reads it.
    let body = http_body_util::BodyExt::collect(answer.into_body()).await;
    assert!(body.is_err());
    engine.revive().await;
    let whole = world.get(&world.founder, file.object, &[]).await;
    assert!(whole.body == file.bytes);
}

async fn check(settings: &S3) -> Output {
    let place = format!("s3://{}", settings.bucket);
    let endpoint = settings.endpoint.clone().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_underseal"));
    command
        .env_clear()
        .args(["check", "--blobs-place", &place, "--blobs-endpoint", &endpoint])
        .args(["--blobs-access-key", &settings.access_key])
        .env("UNDERSEAL_BLOBS_SECRET_KEY", &settings.secret_key);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tries_the_bucket_out_and_refuses_in_one_sentence() {
    let (_folder, engine) = engine().await;
    let good = engine.settings();
    let output = check(&good).await;
    assert!(output.status.success(), "{output:?}");
    assert!(listed(&engine.blobs()).await.is_empty());
    assert!(!String::from_utf8(output.stdout).unwrap().contains(&good.secret_key));

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (bad, expected) in [
        (
            S3 { bucket: "elsewhere".to_owned(), ..good.clone() },
            "The bucket `elsewhere` cannot be used: there is no such bucket.",
        ),
        (
            S3 { secret_key: "another".to_owned(), ..good.clone() },
            "The bucket `sealed` cannot be used: the engine refuses these credentials.",
        ),
        (
            S3 { access_key: "AKIANOBODY".to_owned(), ..good.clone() },
            "The bucket `sealed` cannot be used: the engine refuses these credentials.",
        ),
        (
            S3 { endpoint: Some(format!("http://{nobody}")), ..good.clone() },
            "The bucket `sealed` cannot be used: the blob store does not answer.",
        ),
    ] {
        assert!(s3::open(&bad).unwrap().probe().await.is_err());
        let output = check(&bad).await;
        assert_eq!(output.status.code(), Some(4), "{expected}");
        assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), expected);
    }
}
