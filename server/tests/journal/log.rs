//! The log as a monitor reads it: nothing but a checkpoint and tiles, and the whole tree out of them.

use axum::http::StatusCode;
use server::db::Value;
use shared::crypto::hash::Hash32;
use shared::journal::anchor::{Leaf, Log, Pin};
use shared::journal::cosignature::Witness;
use shared::journal::tile::{self, TileId, TilePath, Tiles, WIDTH};
use shared::journal::tree;
use shared::journal::wire::{Cosign, ReadJournal, ReadProof};
use shared::problem::Code;

use crate::harness::Answer;
use crate::world::script::Script;
use crate::world::{World, log_key};

/// A firm with this many statements.
async fn with(statements: u64) -> World {
    let world = World::new().await;
    let mut left = statements - world.count("SELECT COUNT(*) FROM statement").await;
    while left > 0 {
        let some = left.min(64);
        let mut script = Script::new(&world).await;
        (0..some).for_each(|_| script.describe(&world.office, &world.founder));
        world.append(&world.founder, &script.finish()).await.unwrap();
        left -= some;
    }
    world
}

async fn get(world: &World, path: &str) -> Answer {
    world.server.get(path, &[]).await
}

async fn pin(world: &World) -> Pin {
    let answer = get(world, "/log/checkpoint").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let log = Log { firm: world.firm, key: log_key(world) };
    Pin::read(std::str::from_utf8(&answer.body).unwrap(), &log).unwrap()
}

async fn read(world: &World, tile: TileId, width: usize) -> Vec<Hash32> {
    let answer = get(world, &format!("/log/tile/{}", TilePath { tile, width })).await;
    assert_eq!(answer.status, StatusCode::OK, "{tile}");
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.body.len(), width * 32);
    answer.body.as_chunks::<32>().0.iter().copied().map(Hash32).collect()
}

#[tokio::test]
async fn a_monitor_without_a_session_rebuilds_the_tree() {
    let world = with(WIDTH as u64 + 30).await;
    let pin = pin(&world).await;
    assert_eq!(pin.size, WIDTH as u64 + 30);
    let mut tiles = Tiles::default();
    for id in tile::holding(tree::wanted(|get| tree::root(pin.size, get))) {
        tiles.insert(id, read(&world, id, id.width_in(pin.size)).await);
    }
    let root = tree::root(pin.size, |level, index| tiles.node(level, index).unwrap());
    assert_eq!(root, pin.root);
    // The leaves are those of the statements, which only staff may read.
    let mut hashes = read(&world, TileId { level: 0, index: 0 }, WIDTH).await;
    hashes.extend(read(&world, TileId { level: 0, index: 1 }, 30).await);
    for leaf in [0, 200] {
        let page = ReadJournal { leaf, limit: 200 };
        for entry in world.call(&world.founder, &page).await.unwrap().entries {
            let leaf = Leaf::of(&entry);
            assert_eq!(hashes[usize::try_from(leaf.index).unwrap()], leaf.hash);
        }
    }
    // An older tree has its own beginnings of the same tiles.
    let some = read(&world, TileId { level: 0, index: 1 }, 7).await;
    assert_eq!(some, hashes[WIDTH..WIDTH + 7]);
    let top = read(&world, TileId { level: 1, index: 0 }, 1).await;
    assert_eq!(top, [tree::root_of(&hashes[..WIDTH])]);
}

#[tokio::test]
async fn what_the_log_has_not_is_named_and_other_spellings_are_no_addresses() {
    let world = with(20).await;
    for absent in ["0/000", "0/000.p/21", "0/001", "0/001.p/1", "1/000.p/1", "63/000", "2/x001/000"]
    {
        let answer = get(&world, &format!("/log/tile/{absent}")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, Code::NotFound));
        assert_eq!(answer.problem().detail, "The log has no such tile.", "{absent}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for wrong in [
        "entries/000",
        "entries/000.p/20",
        "0/0",
        "0/x000/000.p/1",
        "00/000.p/1",
        "0/000.p/01",
        "0/000.p/0",
        "0/000.p/256",
        "64/000",
        "0/%30%30%30.p/1",
        "0/000.p/1?",
        "0/000.p/1?a=b",
        "0//000.p/1",
        "0/000.p/1/",
        "0/-01",
    ] {
        let answer = get(&world, &format!("/log/tile/{wrong}")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, Code::BadRequest));
    }
    read(&world, TileId { level: 0, index: 0 }, 20).await;
}

#[tokio::test]
async fn a_tile_that_is_lost_or_cut_is_an_error_and_no_proof() {
    let world = with(20).await;
    let ask = ReadProof { seen: 0, leaves: vec![3], size: None };
    world.call(&world.founder, &ask).await.unwrap();
    for (sql, args) in [
        ("DELETE FROM tile WHERE level = 1", vec![]),
        ("UPDATE tile SET hashes = $1 WHERE level = 0 AND idx = 0", vec![Value::from([1; 96])]),
    ] {
        let world = with(WIDTH as u64 + 20).await;
        let mut tx = world.app.db.begin().await.unwrap();
        assert_eq!(tx.execute(sql, &args).await.unwrap(), 1);
        tx.without_statement("somebody with the database's password").await.unwrap();
        assert_eq!(world.call(&world.founder, &ask).await.unwrap_err(), Code::Internal, "{sql}");
        let refused = crate::described(&world, |_| {}).await;
        // What is added stands in the last tile, which is whole.
        assert!(refused.is_ok());
    }
    // The tile that would be gone on with.
    let mut tx = world.app.db.begin().await.unwrap();
    let odd = Value::from([1; 20 * 32 + 1]);
    tx.execute("UPDATE tile SET hashes = $1", &[odd]).await.unwrap();
    tx.without_statement("somebody with the database's password").await.unwrap();
    assert_eq!(crate::described(&world, |_| {}).await.unwrap_err(), Code::Internal);
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, 20);
}

#[tokio::test]
async fn strangers_learn_how_many_and_not_who() {
    let world = with(20).await;
    let founder = &world.founder;
    let asked = ReadProof { seen: 0, leaves: Vec::new(), size: None };
    let note = world.call(founder, &asked).await.unwrap().note;
    let checkpoint = shared::journal::checkpoint::Note::parse(&note).unwrap().checkpoint;
    let (kid, key) = (founder.kid(), &founder.keys.signing);
    let line = checkpoint.cosign(world.firm, kid, key, world.app.now()).unwrap();
    world.call(founder, &Cosign { size: 20, line }).await.unwrap();
    let shown = get(&world, "/log/checkpoint").await.body;
    assert_eq!(std::str::from_utf8(&shown).unwrap(), note);
    let witness = Witness { kid, key: key.public() };
    let read = shared::journal::checkpoint::Note::parse(&note).unwrap();
    assert_eq!(read.cosigned_by(world.firm, &witness), Ok(None));
    // Before there is a firm there is no log.
    let (empty, _) = World::unfounded(crate::harness::TestApp::new().await);
    assert_eq!(get(&empty, "/log/checkpoint").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&empty, "/log/tile/0/000.p/1").await.status, StatusCode::NOT_FOUND);
}
