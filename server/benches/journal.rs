//! How fast a long matter opens through the client core over the real server, in one process, and what an
//! addition to a short and to a long journal writes: part of `cargo xtask bench journal`. The figures
//! go to the file that `UNDERSEAL_BENCH_OUT` names. The firm with the long matter, and one that differs
//! in nothing else, stay in the folder that `UNDERSEAL_BENCH_KEEP` names, for a browser to open.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed measurement")]

#[path = "../tests/harness/mod.rs"]
mod harness;
#[path = "../tests/world/mod.rs"]
mod world;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use harness::NOW;
use harness::acts::{Firm, PASSPHRASE};
use harness::client::Device;
use serde_json::{Value, json};
use server::journal::store::tiles;
use shared::client::host::Claim;
use shared::client::matters::NAMED;
use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::{Namespace, Signed};
use shared::ids::RecordId;
use shared::journal::statement::MatterAct;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;
use world::World;
use world::file::Sealed;
use world::script::Script;

/// Statements of the long matter.
const LONG: u64 = 10_000;
/// Of fifty statements, so many file a document and so many grant a key; the others describe the matter.
const DOCUMENTS: u64 = 20;
const GRANTS: u64 = 2;
const BATCH: u64 = 50;
/// Additions that are measured.
const ADDED: u64 = 256;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runtime.block_on(async {
        let (short, long) = (append(1000).await, append(1_000_000).await);
        let open = open().await;
        let (growth, one) = (long.kib / short.kib, signature());
        json!({
            "figures": [
                figure("journal.open_10000_cold_s", open.cold, "s"),
                figure("journal.open_10000_cold_server_s", open.server, "s, in the router"),
                figure("journal.open_10000_warm_ms", open.warm * 1000.0, "ms"),
                figure("journal.open_10000_calls", open.calls, "calls"),
                figure("journal.open_10000_mb", open.megabytes, "MB of answers"),
                // By these two, runs on machines that differ, or have more to do, can be compared.
                figure("journal.signature_us", one, "us, to verify one"),
                figure("journal.open_10000_cold_signatures", open.cold * 1e6 / one, "of these"),
                figure("journal.append_1e3_kib", short.kib, "KiB written, by an addition"),
                figure("journal.append_1e6_kib", long.kib, "KiB written, by an addition"),
                figure("journal.append_1e3_ms", short.ms, "ms"),
                figure("journal.append_1e6_ms", long.ms, "ms"),
            ],
            "goals": [
                goal("journal.open_10000_cold_s", open.cold, 1.0),
                goal("journal.open_10000_warm_ms", open.warm * 1000.0, 100.0),
                // The ratio of the logarithms.
                goal("journal.append_growth", growth, 2.0),
            ],
        })
    });
    let text = serde_json::to_string_pretty(&result).unwrap();
    match std::env::var_os("UNDERSEAL_BENCH_OUT") {
        Some(out) => std::fs::write(out, text).unwrap(),
        None => std::io::stdout().write_all(text.as_bytes()).unwrap(),
    }
}

fn figure(id: &str, value: f64, unit: &str) -> Value {
    json!({ "id": id, "value": round(value), "unit": unit })
}

fn goal(id: &str, value: f64, goal: f64) -> Value {
    json!({ "id": id, "value": round(value), "goal": goal, "better": "lower" })
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Microseconds that one signature takes, as a device verifies it.
fn signature() -> f64 {
    let key = SigningKey::generate();
    let signed = Signed::sign(Namespace::Matter, &key, Kid([7; 32]), &[7; 400]).unwrap();
    let claim = Claim { key: key.public(), statement: signed.as_bytes() };
    let rounds = (0..15).map(|_| {
        let begun = Instant::now();
        (0..200).for_each(|_| assert!(claim.holds()));
        begun.elapsed().as_secs_f64() * 1e6 / 200.0
    });
    median(rounds.collect())
}

/// What opening came to; times in seconds.
struct Opened {
    cold: f64,
    /// Of that, spent in the server.
    server: f64,
    warm: f64,
    calls: f64,
    megabytes: f64,
}

async fn open() -> Opened {
    let (firm, world) = founded().await;
    fill(&firm, &world).await;
    let passphrase = || Secret::new(PASSPHRASE.to_owned());
    let (mut cold, mut inside, mut warm) = (Vec::new(), Vec::new(), Vec::new());
    let (mut calls, mut bytes) = (0, 0);
    for _ in 0..5 {
        let device = Device::new(&firm.router, NOW);
        let ring = device.sign_in_with_words("clara", &firm.words, &passphrase()).await.unwrap();
        device.host().meter.take();
        let begun = Instant::now();
        let view = device.matter(&ring, firm.matter).await.unwrap();
        cold.push(begun.elapsed().as_secs_f64());
        let named = view.documents.iter().filter(|one| one.named.opened().is_some());
        assert!(view.statements >= LONG && named.count() == NAMED);
        let meter = device.host().meter.take();
        inside.push(meter.seconds);
        (calls, bytes) = (meter.calls, meter.bytes);
        let again = device.host().reload();
        let ring = harness::enter::enter(&again, "clara", &passphrase()).await.unwrap();
        let begun = Instant::now();
        let view = again.matter(&ring, firm.matter).await.unwrap();
        warm.push(begun.elapsed().as_secs_f64());
        assert!(view.statements >= LONG);
    }
    if let Some(place) = std::env::var_os("UNDERSEAL_BENCH_KEEP").map(PathBuf::from) {
        let (long, short) = (keep(&firm, &place.join("long")).await, founded().await.0);
        let short = keep(&short, &place.join("short")).await;
        let firms = json!({ "handle": "clara", "long": long, "short": short });
        std::fs::write(place.join("firms.json"), firms.to_string()).unwrap();
    }
    Opened {
        cold: median(cold),
        server: median(inside),
        warm: median(warm),
        calls: f64::from(calls),
        megabytes: bytes as f64 / 1e6,
    }
}

/// A firm with one matter, to which a lawyer was given access.
async fn founded() -> (Firm, World) {
    let firm = Firm::founded().await;
    let world = World::inside(&firm).await;
    let lawyer = world.founder.kid();
    firm.portal.give_access(&firm.ring, firm.matter, lawyer).await.unwrap();
    (firm, world)
}

/// Ends the firm's server and copies what it stored, for another to start over it; says how the founder
/// gets in, and to which matter.
async fn keep(firm: &Firm, place: &Path) -> Value {
    firm.server.app.db.close().await;
    copy(firm.server.data.path(), place);
    // EXPOSE: the firm lives for this measurement alone, and a browser is to open it.
    json!({ "words": firm.words.expose(), "matter": firm.matter.to_string() })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            copy(&entry, &to);
        } else {
            std::fs::copy(&entry, &to).unwrap();
        }
    }
}

/// Makes the matter long: documents, descriptions and grants, as a device of the firm signs them.
async fn fill(firm: &Firm, world: &World) {
    let room = world.open(firm.matter).await;
    let who = &world.founder;
    for _ in 0..LONG / BATCH {
        let mut files = Vec::new();
        for _ in 0..DOCUMENTS {
            let file = Sealed::new(world, &room, who, b"a letter");
            file.upload(world, &room, who).await.unwrap();
            files.push(file);
        }
        let mut script = Script::new(world).await;
        for file in &files {
            file.file(&mut script, &room, who);
        }
        for _ in 0..GRANTS {
            script.grant(&room, &who.bundle, who);
        }
        for at in 0..BATCH - DOCUMENTS - GRANTS {
            let record = RecordId::random();
            let words = description(at);
            let act = script.sealed(&room, RecordKind::Matter, record, &words);
            script.at(&room, who, MatterAct::Described(act));
        }
        world.append(who, &script.finish()).await.unwrap();
    }
}

fn description(at: u64) -> DescriptionV1 {
    DescriptionV1 {
        client: "Ines Okafor".into(),
        title: format!("Lease of the bakery, {at}"),
        practice: "Property".into(),
        label: Label::Confidential,
    }
}

/// What one addition costs.
struct Added {
    kib: f64,
    ms: f64,
}

/// Adds to a journal of this size, through the door, one statement at a time.
async fn append(size: u64) -> Added {
    let world = World::new().await;
    let mut tx = world.app.db.begin().await.unwrap();
    // Statements of nobody: only their number matters here.
    let sql = "WITH RECURSIVE at (leaf) AS (\
               SELECT COUNT(*) FROM statement UNION ALL SELECT leaf + 1 FROM at \
               WHERE leaf + 1 < $1) \
               INSERT INTO statement (leaf, stream, seq, digest, body, blind, arrived, receipt) \
               SELECT leaf, 'filler', leaf, randomblob(32), randomblob(8), randomblob(32), 0, \
               randomblob(8) FROM at";
    tx.execute(sql, &[server::db::Value::from(size)]).await.unwrap();
    tiles::fill(&mut tx).await.unwrap();
    tx.without_statement("a measurement begins with a long journal").await.unwrap();
    // A fresh server begins with nothing left to write.
    let world = world.restart().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, size);
    let add = async || {
        let mut script = Script::new(&world).await;
        script.describe(&world.office, &world.founder);
        world.append(&world.founder, &script.finish()).await.unwrap();
    };
    add().await;
    let (before, begun) = (written(), Instant::now());
    for _ in 0..ADDED {
        add().await;
    }
    let (bytes, seconds) = (written() - before, begun.elapsed().as_secs_f64());
    let of = ADDED as f64;
    Added { kib: bytes as f64 / 1024.0 / of, ms: seconds * 1000.0 / of }
}

/// Bytes that this process has handed to the system to be written.
fn written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap();
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap();
    line.parse().unwrap()
}
