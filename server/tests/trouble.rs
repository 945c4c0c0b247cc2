//! A database that is full or held by somebody else: a clear answer, nothing half-kept, and the
//! same request succeeds when the trouble is over.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use axum::http::StatusCode;
use harness::again::again;
use server::db::Db;
use shared::encoding::B64;
use shared::ids::{InviteId, RecordId};
use shared::journal::statement::{ClientInvited, MatterAct};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, ReadHead};
use shared::problem::Code;
use shared::time::HOUR;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqlitePool};
use world::file::Sealed;
use world::script::Script;
use world::{Room, World, noise};

/// The writer of a world on SQLite; elsewhere the engine's own limits apply.
fn writer(world: &World) -> Option<SqlitePool> {
    match &world.app.db {
        Db::Sqlite { writer, .. } => Some(writer.clone()),
        Db::Postgres(_) => None,
    }
}

async fn pragma(pool: &SqlitePool, text: String) {
    sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await.unwrap();
}

/// An invitation with the largest blob there is.
async fn large(world: &World, room: &Room) -> Append {
    let mut script = Script::new(world).await;
    let blob_hash = script.attach(noise(250 * 1024));
    let secret = script.record(room);
    let act = ClientInvited {
        invite: InviteId::random(),
        auth_hash: shared::crypto::hash::sha256(RecordId::random().as_bytes()),
        blob_hash,
        expires: world.app.now().plus(HOUR),
        secret,
    };
    script.at(room, &world.founder, MatterAct::Invited(act));
    script.finish()
}

#[tokio::test]
async fn a_full_database_keeps_what_was_confirmed_and_nothing_else() {
    let world = World::new().await;
    let Some(pool) = writer(&world) else { return };
    let room = world.matter().await;
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&pool).await.unwrap();
    pragma(&pool, format!("PRAGMA max_page_count = {}", pages + 10)).await;
    let head = ReadHead { stream: StreamId::Matter(room.id) };
    let before = world.call(&world.founder, &head).await.unwrap();
    let acts = large(&world, &room).await;

    let answer = world.server.call(Some(&world.founder.cookie), &acts).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::INSUFFICIENT_STORAGE, Code::StorageFull)
    );
    let leaves = world.leaves().await;
    assert_eq!(leaves, world.count("SELECT COUNT(*) FROM statement").await);
    assert_eq!(world.call(&world.founder, &head).await.unwrap(), before);

    pragma(&pool, "PRAGMA max_page_count = 1073741823".to_owned()).await;
    world.append(&world.founder, &acts).await.unwrap();
    assert_eq!(world.call(&world.founder, &head).await.unwrap().next, before.next + 1);
}

#[tokio::test]
async fn on_a_full_database_people_still_read() {
    let world = World::new().await;
    let Some(pool) = writer(&world) else { return };
    let room = world.matter().await;
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&pool).await.unwrap();
    pragma(&pool, format!("PRAGMA max_page_count = {pages}")).await;
    world.pass(2 * 60_000);
    let head = ReadHead { stream: StreamId::Matter(room.id) };
    assert!(world.call(&world.founder, &head).await.is_ok());
}

#[tokio::test]
async fn a_database_locked_by_another_process_is_busy_and_the_same_request_succeeds_later() {
    let world = World::new().await;
    if writer(&world).is_none() {
        return;
    }
    let room = world.matter().await;
    let file = Sealed::new(&world, &room, &world.founder, b"a letter");
    world.call(&world.founder, &file.start(&room)).await.unwrap();
    let mut holder = again("holds_the_database", None)
        .env("UNDERSEAL_TEST_HELD", world.data.path().join("underseal.sqlite"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().ends_with("held")));

    let acts = large(&world, &room).await;
    let head = ReadHead { stream: StreamId::Matter(room.id) };
    let before = world.call(&world.founder, &head).await.unwrap();
    let call = world.server.call(Some(&world.founder.cookie), &acts);
    let put = world.put(&world.founder, file.object, 0, &file.bytes);
    let (answer, put) = tokio::join!(call, put);
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, Code::Busy));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(put.unwrap_err(), Code::Busy);
    // Whoever only reads notices nothing.
    assert_eq!(world.call(&world.founder, &head).await.unwrap(), before);
    assert_eq!(world.blobs().await, 0);

    // It ends as a process does that is killed: nobody gives the lock back.
    holder.kill().unwrap();
    holder.wait().unwrap();
    world.append(&world.founder, &acts).await.unwrap();
    assert_eq!(world.call(&world.founder, &head).await.unwrap().next, before.next + 1);
    world.put(&world.founder, file.object, 0, &file.bytes).await.unwrap();
}

/// The other process of the test above; does nothing otherwise.
#[tokio::test]
async fn holds_the_database() {
    let Some(file) = std::env::var_os("UNDERSEAL_TEST_HELD") else { return };
    let mut other = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    writeln!(std::io::stdout(), "held").unwrap();
    // Until it is killed, or whoever started it is gone.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[tokio::test]
async fn an_append_past_its_largest_size_is_refused() {
    let world = World::new().await;
    let acts = Append { statements: Vec::new(), attachments: vec![B64(vec![0; 7 * 1024 * 1024])] };
    let answer = world.server.call(Some(&world.founder.cookie), &acts).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge));
}
