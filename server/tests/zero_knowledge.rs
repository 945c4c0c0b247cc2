//! The claim itself: known words, names, file names, answers and file bytes go through the whole
//! journey; afterwards no request, row, blob or log line holds any of them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::NOW;
use harness::acts::{self, Firm, filled, hand_in, link_parts};
use harness::canary::{Lines, Needles, disguises, search, search_folder, search_rows};
use harness::client::Device;

/// What people wrote in this journey: names, a title, an answer, a file's name and its bytes, and
/// the founder's passphrase.
const CANARIES: &[&str] = &[
    "Marsh & Lindqvist",
    "Clara Marsh",
    "Ines Okafor",
    "Lease of the bakery",
    "What happened?",
    "The landlord kept the deposit.",
    "eviction-letter-canary.pdf",
    "the tenant shall vacate the premises",
    acts::PASSPHRASE,
];

#[test]
fn nothing_that_people_write_reaches_the_server() {
    let lines = Lines::default();
    let writer = lines.clone();
    let logs = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(logs).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(journey(&lines));
}

async fn journey(lines: &Lines) {
    let firm = Firm::founded().await;
    let link = firm.invite().await;
    let (invite, fragment) = link_parts(&link);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let bytes = b"WITNESS: the tenant shall vacate the premises at once. ".repeat(3000);
    let filed = hand_in(&intake, "eviction-letter-canary.pdf", &bytes).await.unwrap();
    intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
    let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    assert_eq!(seen.submissions.len(), 1);
    assert_eq!(firm.read(filed.object).await.unwrap(), bytes);

    let mut needles: Needles =
        CANARIES.iter().map(|text| ((*text).to_owned(), disguises(text.as_bytes()))).collect();
    // The link's secret, as it stands in the link and as the bytes it says.
    let secret = fragment.split('.').nth(1).unwrap();
    let raw = shared::encoding::from_base64url(secret).unwrap();
    needles.push(("the link's secret".to_owned(), disguises(&raw)));
    needles.push(("the link's fragment".to_owned(), disguises(fragment.as_bytes())));
    // EXPOSE: to look for them where they must not be.
    let words = firm.words.expose().clone();
    needles.push(("the recovery words".to_owned(), disguises(words.as_bytes())));

    for (whose, portal) in [("the lawyer", &firm.portal), ("the client", &device)] {
        let sent = portal.host().sent.borrow();
        assert!(sent.len() > 1000, "nothing was recorded of {whose}");
        search(&format!("what {whose} sent"), &sent, &needles);
    }
    let logged = lines.0.lock().unwrap().clone();
    assert!(logged.len() > 1000, "nothing was logged");
    search("the log", &logged, &needles);
    let rows = search_rows(&firm.server.app.db, &needles).await;
    assert!(rows > 40, "only {rows} values were searched");
    // On SQLite the folder holds the database's own files too, with whatever a row leaves behind.
    let files = search_folder(firm.server.data.path(), &needles);
    assert!(files >= 2, "only {files} files were searched");
}

#[test]
fn the_search_finds_a_canary_in_every_disguise() {
    let needles = vec![("canary".to_owned(), disguises(b"a known secret of someone"))];
    let secret = b"a known secret of someone";
    let mut hidden: Vec<Vec<u8>> = vec![
        secret.to_vec(),
        shared::encoding::to_hex(secret).into_bytes(),
        String::from_utf8_lossy(secret).encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    for before in 0..3 {
        let text: Vec<u8> = [&b"xy"[..before.min(2)], secret, b"zzz"].concat();
        hidden.push(shared::encoding::to_base64url(&text).into_bytes());
    }
    for bytes in hidden {
        let found = std::panic::catch_unwind(|| search("here", &bytes, &needles)).is_err();
        assert!(found, "{}", String::from_utf8_lossy(&bytes));
    }
}
