//! A23: a client's upload is interrupted, and the server says that it kept nothing, or something else. If
//! the device then sealed a changed file under the same key and numbers, whoever knows one of the two
//! contents would have the other.

use shared::call::Call as _;
use shared::client::filing::Filing as _;
use shared::client::upload::Plan;
use shared::crypto::hash::Hash32;
use shared::documents::wire::{PartKept, StartUpload, Upload};
use shared::ids::InviteId;

use crate::frame::{attempt, plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, document, facts, link_parts};
use crate::harness::client::{Device, Twist, WIRE};

const ROW: &str = "A23";

/// The answer to every question about an upload, out of the honest one.
fn lie(answer: impl Fn(Upload) -> Upload + 'static) -> Twist {
    Box::new(move |path, _, honest| {
        if path != StartUpload::ROUTE {
            return honest;
        }
        let Ok(upload) = serde_json::from_slice(&honest) else { return honest };
        serde_json::to_vec(&answer(upload)).unwrap()
    })
}

fn forgets(upload: Upload) -> Upload {
    Upload { kept: Vec::new(), ..upload }
}

/// The sealed bytes of parts as they left, each with its path.
fn parts() -> Vec<(String, Vec<u8>)> {
    WIRE.with_borrow(|wire| {
        let part = |path: &str| path.contains("/parts/");
        let parts = wire.iter().filter(|sent| part(&sent.path));
        parts.map(|sent| (sent.path.clone(), sent.body.clone())).collect()
    })
}

/// What was sealed twice under one number, added up: the keystream is gone.
fn sum() -> Option<Vec<u8>> {
    let parts = parts();
    let twice = parts.iter().enumerate().find_map(|(at, (path, bytes))| {
        let other = parts[..at].iter().find(|(known, old)| known == path && old != bytes)?;
        Some((other.1.clone(), bytes.clone()))
    });
    twice.map(|(one, other)| one.iter().zip(&other).map(|(a, b)| a ^ b).collect())
}

/// An upload of one part that was sealed and sent, and then the page was closed.
async fn interrupted(firm: &Firm, bytes: &[u8]) -> (shared::client::Portal<Device>, InviteId) {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let plan = intake.begin_document(&facts("letter.txt", bytes)).await.unwrap();
    intake.seal_and_send(&plan, 0, bytes).await.unwrap();
    (device.host().reload(), invite)
}

#[test]
fn a_changed_file_is_not_sealed_where_the_first_one_was() {
    attempt(ROW, "FileChanged", async |stage| {
        let firm = stage.firm().await;
        let known = document(3000);
        let mut secret = known.clone();
        secret[1000..1000 + stage.tale.story.len()].copy_from_slice(stage.tale.story.as_bytes());
        let (device, invite) = interrupted(&firm, &known).await;
        stage.truth(&firm).await;
        twist(&device, lie(forgets));
        let intake = device.open_invite(invite, None).await?;
        let plan = intake.unfinished().await?.pop().unwrap();
        assert!(intake.kept_parts(&plan).await?.is_empty());
        let sent = intake.seal_and_send(&plan, 0, &secret).await;
        // The attacker knew the first file, a form letter: the sum gives the second.
        if let Some(sum) = sum() {
            let read: Vec<u8> = sum.iter().zip(&known).map(|(a, b)| a ^ b).collect();
            assert!(memchr::memmem::find(&read, stage.tale.story.as_bytes()).is_some());
            return Ok(());
        }
        Ok(sent?)
    });
}

/// Whatever the server says of what it has, of one number only one sealed part leaves.
#[test]
fn no_lie_about_parts_makes_a_device_seal_otherwise() {
    plainly(async {
        let firm = Firm::founded().await;
        let bytes = document(3000);
        let lies: [fn(Upload) -> Upload; 4] = [
            forgets,
            |upload| Upload { kept: vec![PartKept { index: 0, root: Hash32([7; 32]) }], ..upload },
            |upload| {
                let kept = upload.kept.iter().map(|part| PartKept { index: 9, root: part.root });
                Upload { kept: kept.collect(), ..upload }
            },
            |upload| Upload { kept: [upload.kept.clone(), upload.kept].concat(), ..upload },
        ];
        for told in lies {
            let (device, invite) = interrupted(&firm, &bytes).await;
            twist(&device, lie(told));
            let intake = device.open_invite(invite, None).await.unwrap();
            let plan: Plan = intake.unfinished().await.unwrap().pop().unwrap();
            let mut changed = bytes.clone();
            changed[2999] ^= 1;
            for again in [&changed[..], &bytes[..2999], &bytes] {
                if !intake.kept_parts(&plan).await.unwrap().contains(&0) {
                    let _ = intake.seal_and_send(&plan, 0, again).await;
                }
            }
            assert!(sum().is_none(), "two sealed parts under one number");
        }
    });
}
