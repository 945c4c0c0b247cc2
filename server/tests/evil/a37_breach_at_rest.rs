//! A37: somebody carries the server's disk away, with its database, its blobs and its log, after a day on
//! which people worked; and reads.

use std::path::Path;

use crate::frame::{Stage, attempt, refused};
use crate::harness::NOW;
use crate::harness::acts::{Firm, facts, hand_in, link_parts, telling};
use crate::harness::canary::{Needles, disguises, find, rows};
use crate::harness::client::Device;
use shared::client::filing::Filing as _;

const ROW: &str = "A37";
/// A name and a content of a document.
const PAPER: &str = "Settlement with Brightwater Bank.pdf";

/// What is looked for, in every way in which it could hide.
fn words(stage: &Stage) -> Needles {
    let words = stage.tale.words().into_iter().chain([PAPER]);
    words.map(|word| (word.to_owned(), disguises(word.as_bytes()))).collect()
}

/// Every file below a folder, byte for byte.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(std::fs::read(&path).unwrap());
        }
    }
    all
}

/// What a thief finds: on the disk as it lies, and in the database as it answers.
async fn found(firm: &Firm, words: &Needles) -> Option<String> {
    let mut haul = files(firm.server.data.path());
    haul.extend(rows(&firm.server.app.db).await.into_iter().map(|(_, value)| value));
    assert!(haul.len() > 10, "there is something to steal");
    haul.iter().find_map(|bytes| find(bytes, words).map(str::to_owned))
}

#[test]
fn a_stolen_disk_tells_no_word() {
    attempt(ROW, "sealed", async |stage| {
        let firm = stage.firm().await;
        let words = words(stage);
        stage.secret("the paper's name", PAPER.as_bytes());
        if found(&firm, &words).await.is_some() {
            return Ok(());
        }
        // A whole day: answers, a client's paper and one of the firm's, and somebody reads them.
        let (invite, fragment) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let filed = hand_in(&intake, PAPER, PAPER.repeat(40).as_bytes()).await.unwrap();
        let filled = telling(&intake, stage.tale.story);
        intake.submit(&filled, &[filed.object]).await.unwrap();
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let brief = stage.tale.story.repeat(9);
        filing.hand_in(&facts(PAPER, brief.as_bytes()), brief.as_bytes()).await.unwrap();
        firm.read(filed.object).await.unwrap();
        let portal = &firm.portal;
        portal.open_answers(&firm.ring, firm.matter, intake.submission()).await.unwrap();
        stage.truth(&firm).await;
        match found(&firm, &words).await {
            Some(_) => Ok(()),
            None => refused("sealed"),
        }
    });
}
