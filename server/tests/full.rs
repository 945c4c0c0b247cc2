//! A disk that is really full, under the sealed parts and under the database: a small file system
//! where this machine lets us mount one, and everywhere a limit on the size of files. The answer is
//! 507, nothing is half-stored, people read on, and everything goes on when room was made.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use axum::http::StatusCode;
use harness::again::again_in;
use server::db::Db;
use shared::ids::InviteId;
use shared::journal::statement::{ClientInvited, MatterAct};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, ReadHead};
use shared::problem::Code;
use shared::time::HOUR;
use world::file::Sealed;
use world::script::Script;
use world::{Room, World, noise};

/// Three parts.
const LARGE: usize = 9 * 1024 * 1024 + 5;
/// Enough for the start, and for two parts of the three.
const MOUNT: &str = "mount -t tmpfs -o size=40m underseal \"$TMPDIR\" && exec \"$@\"";
/// Less than a part, and less than the database's log comes to.
const LIMIT: &str = "trap '' XFSZ; exec prlimit --fsize=2097152: \"$@\"";
/// What the inner test says last.
const END: &str = "the disk was full, and room was made";
const OWN_MOUNTS: [&str; 3] = ["unshare", "--map-root-user", "--mount"];

#[test]
fn a_full_file_system_keeps_what_was_confirmed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut trial = Command::new(OWN_MOUNTS[0]);
    trial.args(&OWN_MOUNTS[1..]).args(["sh", "-c", MOUNT, "sh", "true"]);
    if !trial.env("TMPDIR", folder.path()).output().is_ok_and(|output| output.status.success()) {
        writeln!(std::io::stderr(), "this machine lets nobody mount: only the limit is tested")
            .unwrap();
        return;
    }
    let mut inner = again_in(folder.path(), "meets_a_full_disk", MOUNT, &OWN_MOUNTS);
    went_through(inner.env("UNDERSEAL_TEST_DISK", "mounted"));
}

#[test]
fn a_limit_on_files_keeps_what_was_confirmed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut inner = again_in(folder.path(), "meets_a_full_disk", LIMIT, &[]);
    went_through(inner.env("UNDERSEAL_TEST_DISK", "limited"));
}

/// The inner test ran, to its end.
fn went_through(inner: &mut Command) {
    let output = inner.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{trouble}");
    assert!(said.contains(END), "{said}{trouble}");
}

/// The disk of the process that the tests above start.
enum Disk {
    Mounted(PathBuf),
    Limited,
}

impl Disk {
    fn ours() -> Option<Self> {
        match std::env::var("UNDERSEAL_TEST_DISK").ok()?.as_str() {
            "mounted" => Some(Self::Mounted(std::env::temp_dir().join("ballast"))),
            _ => Some(Self::Limited),
        }
    }

    /// Takes all the room that is left, to the byte.
    fn fill(&self) {
        let Self::Mounted(ballast) = self else { return };
        let mut file = File::create(ballast).unwrap();
        for piece in [1 << 20, 4096, 1] {
            while file.write_all(&vec![7; piece]).is_ok() {}
        }
    }

    fn make_room(&self) {
        match self {
            Self::Mounted(ballast) => std::fs::remove_file(ballast).unwrap(),
            Self::Limited => {
                let pid = std::process::id().to_string();
                let mut raise = Command::new("prlimit");
                raise.args(["--pid", &pid, "--fsize=unlimited:"]);
                assert!(raise.status().unwrap().success());
            }
        }
    }
}

/// An invitation with the largest blob there is.
async fn large(world: &World, room: &Room) -> Append {
    let mut script = Script::new(world).await;
    let invite = InviteId::random();
    let act = ClientInvited {
        invite,
        auth_hash: shared::crypto::hash::sha256(invite.as_bytes()),
        blob_hash: script.attach(noise(250 * 1024)),
        expires: world.app.now().plus(HOUR),
        secret: script.record(room),
    };
    script.at(room, &world.founder, MatterAct::Invited(act));
    script.finish()
}

/// Adds to the journal until the database is full; answers with what did not fit.
async fn fill_database(world: &World, room: &Room) -> Append {
    for _ in 0..200 {
        let acts = large(world, room).await;
        let answer = world.server.call(Some(&world.founder.cookie), &acts).await;
        if answer.status == StatusCode::OK {
            continue;
        }
        let said = (answer.status, answer.code());
        assert_eq!(said, (StatusCode::INSUFFICIENT_STORAGE, Code::StorageFull));
        return acts;
    }
    panic!("two hundred large statements fitted on a full disk");
}

/// Does nothing unless one of the tests above made a disk for it.
#[tokio::test]
async fn meets_a_full_disk() {
    let Some(disk) = Disk::ours() else { return };
    let world = World::new().await;
    let (founder, office) = (&world.founder, &world.office);
    let letter = Sealed::new(&world, office, founder, b"a letter");
    letter.store(&world, office, founder).await.unwrap();
    let file = Sealed::new(&world, office, founder, &noise(LARGE));
    world.call(founder, &file.start(office)).await.unwrap();
    let stored = world.blobs().await;

    disk.fill();
    for (index, part) in file.parts().take(2) {
        for _ in 0..2 {
            let refused = world.put(founder, file.object, index, part).await;
            assert_eq!(refused.unwrap_err(), Code::StorageFull);
        }
    }
    assert_eq!(world.blobs().await, stored);
    assert_eq!(world.count("SELECT COUNT(*) FROM part").await, 1);
    assert!(world.get(founder, letter.object, &[]).await.body == letter.bytes);

    // PostgreSQL keeps its rows elsewhere.
    let refused = match &world.app.db {
        Db::Sqlite { .. } => Some(fill_database(&world, office).await),
        Db::Postgres(_) => None,
    };
    let leaves = world.leaves().await;
    assert_eq!(leaves, world.count("SELECT COUNT(*) FROM statement").await);
    let head = ReadHead { stream: StreamId::Matter(office.id) };
    let before = world.call(founder, &head).await.unwrap();
    assert!(world.get(founder, letter.object, &[]).await.body == letter.bytes);

    disk.make_room();
    if let Some(acts) = refused {
        world.append(founder, &acts).await.unwrap();
        assert_eq!(world.call(founder, &head).await.unwrap().next, before.next + 1);
    }
    file.store(&world, office, founder).await.unwrap();
    assert!(world.get(founder, file.object, &[]).await.body == file.bytes);
    assert_eq!(world.blobs().await, stored + 3);
    // What was refused left no trace that a restart would stumble over.
    let world = world.restart().await;
    assert!(world.get(&world.founder, file.object, &[]).await.body == file.bytes);
    writeln!(std::io::stdout(), "{END}").unwrap();
}
