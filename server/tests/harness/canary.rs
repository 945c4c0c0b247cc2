//! Looking for what must not be there: known words, in every way in which they could hide in bytes.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// What is looked for, by its name.
pub type Needles = Vec<(String, Vec<Vec<u8>>)>;

/// A writer that keeps every log line.
#[derive(Clone, Default)]
pub struct Lines(pub Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The ways in which words could hide in bytes. Base64 is looked for at each of the three
/// alignments, without the letters that neighbours share.
pub fn disguises(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = shared::encoding::to_hex(secret);
    let wide = |big: bool| -> Vec<u8> {
        String::from_utf8_lossy(secret)
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let mut all = vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        wide(true),
        wide(false),
    ];
    for shift in 0..3 {
        let shifted: Vec<u8> =
            std::iter::repeat_n(0, shift).chain(secret.iter().copied()).collect();
        let whole = &shifted[..shifted.len() / 3 * 3];
        for text in [shared::encoding::to_base64(whole), shared::encoding::to_base64url(whole)] {
            all.push(text.as_bytes()[if shift == 0 { 0 } else { 4 }..].to_vec());
        }
    }
    all
}

/// Which of them is here, if any.
pub fn find<'a>(bytes: &[u8], needles: &'a Needles) -> Option<&'a str> {
    let here = |needle: &Vec<u8>| memchr::memmem::find(bytes, needle).is_some();
    needles.iter().find(|(_, disguises)| disguises.iter().any(here)).map(|(name, _)| name.as_str())
}

/// Fails when one of them is here.
pub fn search(place: &str, bytes: &[u8], needles: &Needles) {
    let found = find(bytes, needles);
    assert!(found.is_none(), "{place} holds {found:?}");
}

/// Every column that could hold what somebody wrote, on whichever engine the test runs.
const COLUMNS: &[&str] = &[
    "SELECT value FROM server_state",
    "SELECT subject FROM counter",
    "SELECT record FROM account",
    "SELECT secrets FROM account",
    "SELECT sealed FROM slot",
    "SELECT slot FROM way_back",
    "SELECT record FROM way_back",
    "SELECT name FROM enrolled",
    "SELECT state FROM attempt",
    "SELECT body FROM statement",
    "SELECT receipt FROM statement",
    "SELECT body FROM attachment",
];

/// Everything that the database holds of what somebody wrote, each with what asked for it.
pub async fn rows(db: &server::db::Db) -> Vec<(&'static str, Vec<u8>)> {
    let mut read = db.read().await.unwrap();
    let mut rows = Vec::new();
    for sql in COLUMNS {
        let all = read.fetch_all(sql, &[]).await.unwrap();
        rows.extend(all.iter().map(|row| (*sql, row.get::<Vec<u8>>(0).unwrap())));
    }
    rows
}

/// How many values of the database were searched.
pub async fn search_rows(db: &server::db::Db, needles: &Needles) -> usize {
    let rows = rows(db).await;
    rows.iter().for_each(|(sql, value)| search(sql, value, needles));
    rows.len()
}

/// How many files were searched.
pub fn search_folder(folder: &Path, needles: &Needles) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search_folder(&path, needles);
        } else {
            search(&path.display().to_string(), &std::fs::read(&path).unwrap(), needles);
            files += 1;
        }
    }
    files
}
