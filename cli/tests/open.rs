//! An export that is whole opens whole, and one that was touched anywhere does not.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use std::process::Command;

use cli::commands::{self, Ask};
use cli::refusal::Refusal;
use harness::{Files, PASSPHRASE, export, files, handed_in, pack, verify, verify_with, write};
use shared::secret::Secret;

/// What becomes of an export in which one thing was changed, the checksums made to fit.
fn tampered(change: impl FnOnce(&mut Files)) -> String {
    let mut files = files();
    change(&mut files);
    match verify(&pack(&files)) {
        Err(Refusal::Broken(sentence)) => sentence,
        other => panic!("it should be broken: {other:?}"),
    }
}

/// The first file whose name begins and ends so.
fn named<'a>(files: &'a mut Files, begins: &str, ends: &str) -> (&'a String, &'a mut Vec<u8>) {
    files.iter_mut().find(|(file, _)| file.starts_with(begins) && file.ends_with(ends)).unwrap()
}

fn flip(bytes: &mut [u8], at: usize) {
    bytes[at] ^= 1;
}

/// Changes one letter inside a base64 word of a JSON file, where it decodes all the same.
fn flip_json(bytes: &mut [u8], field: &str, entry: usize) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let key = format!("\"{field}\": \"");
    let (at, _) = text.match_indices(&key).nth(entry).unwrap();
    let start = at + key.len();
    let len = bytes[start..].iter().position(|byte| *byte == b'"').unwrap();
    let place = start + 100.min(len / 2);
    bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
}

// Each test makes an export first, which takes a while: what belongs together shares one.

#[test]
fn a_sealed_file_that_was_touched_is_found() {
    a_changed_chunk_is_found();
    a_changed_header_is_found();
    a_shortened_document_is_found();
    two_documents_in_each_others_place_are_found();
    a_changed_manifest_is_found();
}

#[test]
fn a_journal_that_was_touched_is_found() {
    a_changed_journal_is_found();
    a_statement_left_out_is_found();
    a_journal_cut_at_its_end_is_found_by_the_list_of_contents();
    a_changed_checkpoint_or_proof_is_found();
}

#[test]
fn an_export_opens_to_its_own_key_alone() {
    a_changed_key_file_or_a_wrong_passphrase_is_told_apart_from_nothing();
    another_matters_key_is_refused();
}

#[test]
fn an_export_whose_files_were_touched_is_found() {
    a_changed_list_or_page_is_found();
    a_file_too_many_or_too_few_is_found();
    bytes_that_changed_without_their_checksum_are_found_first();
    what_only_the_exporter_can_vouch_for_is_found_by_the_signature();
}

#[test]
fn a_whole_export_opens() {
    an_export_verifies_and_says_what_it_verified();
    what_comes_out_is_what_the_client_handed_in();
    the_list_names_documents_by_what_the_client_called_them();
    nothing_that_a_person_wrote_stands_open_in_the_export();
}

fn an_export_verifies_and_says_what_it_verified() {
    let said = verify(export()).unwrap();
    for part in [
        "Elena Marchetti: Divorce, two children\n",
        "PRIVILEGED AND CONFIDENTIAL (Family law)\n",
        "by Margaret Hale\n",
        "Firm: Hale & Porter\n",
        "Everything verifies: 7 sealed files,",
    ] {
        assert!(said.contains(part), "{part:?} in\n{said}");
    }
}

fn what_comes_out_is_what_the_client_handed_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), export());
    let out = folder.path().join("out");
    let ask = || Ask { export: &path, passphrase: Secret::new(PASSPHRASE.to_owned()) };
    commands::extract(&ask(), &out, &mut Vec::new()).unwrap();
    let papers = handed_in();
    let mut written: Vec<_> =
        std::fs::read_dir(out.join("documents")).unwrap().map(|one| one.unwrap().path()).collect();
    written.sort();
    assert_eq!(written.len(), papers.len());
    for (paper, path) in papers.iter().zip(&written) {
        assert!(std::fs::read(path).unwrap() == paper.bytes, "{}", paper.name);
    }
    let last = written.last().unwrap().file_name().unwrap().to_str().unwrap();
    assert_eq!(last, "006 scan_ every page.tif");
    let page = std::fs::read_to_string(out.join("answers/001 answers.txt")).unwrap();
    assert!(page.contains("Elena Marchetti") && page.contains("We separated in the spring"));
    assert!(page.contains("Signed: Elena Marchetti"));
    #[cfg(unix)]
    assert_eq!(nobody_else_may_read(&out), 3 + papers.len() + 1);

    let again = commands::extract(&ask(), &out, &mut Vec::new());
    assert_eq!(again, Err(Refusal::cannot("The folder to write into is not empty.")));
}

/// How many folders and files there are, this one among them, all for their owner alone.
#[cfg(unix)]
fn nobody_else_may_read(path: &std::path::Path) -> usize {
    use std::os::unix::fs::PermissionsExt as _;
    let what = std::fs::metadata(path).unwrap();
    let wanted = if what.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(what.permissions().mode() & 0o777, wanted, "{}", path.display());
    if !what.is_dir() {
        return 1;
    }
    let inside = std::fs::read_dir(path).unwrap();
    1 + inside.map(|one| nobody_else_may_read(&one.unwrap().path())).sum::<usize>()
}

fn the_list_names_documents_by_what_the_client_called_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), export());
    let mut said = Vec::new();
    let ask = Ask { export: &path, passphrase: Secret::new(PASSPHRASE.to_owned()) };
    commands::list(&ask, &mut said).unwrap();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("(accepted), with 6 documents\n"), "{said}");
    for paper in handed_in() {
        assert!(said.contains(paper.name) && said.contains(paper.mime), "{said}");
    }
}

fn nothing_that_a_person_wrote_stands_open_in_the_export() {
    let zip = export();
    let words: [&[u8]; 6] = [
        b"Marchetti",
        b"Divorce",
        b"Marriage certificate",
        b"Hale",
        b"separated in the",
        b"Privileged",
    ];
    for word in words {
        assert!(!zip.windows(word.len()).any(|window| window == word));
    }
}

fn a_changed_chunk_is_found() {
    let said = tampered(|files| {
        let (_, bytes) = named(files, "documents/006", ".age");
        let middle = bytes.len() / 2;
        flip(bytes, middle);
    });
    assert!(said.contains("is not the one that its sender signed"), "{said}");
}

fn a_changed_header_is_found() {
    let said = tampered(|files| flip(named(files, "documents/001", ".age").1, 200));
    assert!(said.contains("is not the one that its sender signed"), "{said}");
}

fn a_shortened_document_is_found() {
    let said = tampered(|files| {
        let (_, bytes) = named(files, "documents/006", ".age");
        bytes.truncate(bytes.len() - 65_552);
    });
    assert!(said.contains("is not the one that its sender signed"), "{said}");
}

fn two_documents_in_each_others_place_are_found() {
    let said = tampered(|files| {
        let first = named(files, "documents/001", ".age").1.clone();
        let second = std::mem::replace(named(files, "documents/002", ".age").1, first);
        *named(files, "documents/001", ".age").1 = second;
    });
    assert!(said.contains("is not the one that its sender signed"), "{said}");
}

fn a_changed_manifest_is_found() {
    for at in [10, 60, 300] {
        let said = tampered(|files| flip(named(files, "manifests/", ".uss1").1, at));
        assert!(said.contains("is not the one that the matter's record holds"), "{said}");
    }
}

fn a_changed_journal_is_found() {
    for (file, field, entry, sentence) in [
        ("journal/keyring.json", "statement", 1, "journal/keyring.json"),
        ("journal/matter.json", "statement", 0, "journal/matter.json"),
        ("journal/matter.json", "statement", 8, "journal/matter.json"),
        ("journal/access.json", "statement", 0, "journal/access.json"),
        ("journal/matter.json", "blind", 3, "is not in the firm's log"),
    ] {
        let said = tampered(|files| flip_json(files.get_mut(file).unwrap(), field, entry));
        assert!(said.contains(sentence), "{file}: {said}");
    }
}

fn a_statement_left_out_is_found() {
    for file in ["journal/matter.json", "journal/keyring.json"] {
        let said = tampered(|files| {
            let bytes = files.get_mut(file).unwrap();
            let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            json["entries"].as_array_mut().unwrap().remove(0);
            *bytes = serde_json::to_vec(&json).unwrap();
        });
        assert!(said.contains("does not verify"), "{file}: {said}");
    }
}

fn what_only_the_exporter_can_vouch_for_is_found_by_the_signature() {
    let unsigned = "The list of files (CHECKSUMS.sha256) is not the one that the exporter signed.";
    let said = tampered(|files| {
        let bytes = files.get_mut("journal/access.json").unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        json["entries"].as_array_mut().unwrap().pop();
        *bytes = serde_json::to_vec(&json).unwrap();
    });
    assert_eq!(said, unsigned);
    let said = tampered(|files| files.get_mut("README.txt").unwrap().push(b'!'));
    assert_eq!(said, unsigned);
    for at in [5, 20, 90] {
        let said = tampered(|files| flip(files.get_mut("SIGNATURE.uss1").unwrap(), at));
        assert_eq!(said, unsigned);
    }
}

fn a_journal_cut_at_its_end_is_found_by_the_list_of_contents() {
    let said = tampered(|files| {
        let bytes = files.get_mut("journal/matter.json").unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        json["entries"].as_array_mut().unwrap().pop();
        *bytes = serde_json::to_vec(&json).unwrap();
    });
    assert!(said.contains("does not say what the matter's record says"), "{said}");
}

fn a_changed_checkpoint_or_proof_is_found() {
    let said = tampered(|files| {
        let bytes = files.get_mut("journal/checkpoint.txt").unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let size: u64 = text.lines().nth(1).unwrap().parse().unwrap();
        *bytes =
            text.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1).into_bytes();
    });
    assert!(said.contains("not one that the firm's log signed"), "{said}");
    let said = tampered(|files| {
        let bytes = files.get_mut("journal/inclusion.json").unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        json["proofs"][5]["hashes"][0] = serde_json::json!("A".repeat(43));
        *bytes = serde_json::to_vec(&json).unwrap();
    });
    assert!(said.contains("is not in the firm's log"), "{said}");
}

fn a_changed_key_file_or_a_wrong_passphrase_is_told_apart_from_nothing() {
    let mut changed = files();
    let key = changed.get_mut("matter-key.age").unwrap();
    let end = key.len() - 40;
    flip(key, end);
    let sentence = "The passphrase does not open the matter's key: it is mistyped, or the file \
                    matter-key.age was changed.";
    assert_eq!(verify(&pack(&changed)), Err(Refusal::cannot(sentence)));
    assert_eq!(verify_with(export(), "not the passphrase"), Err(Refusal::cannot(sentence)));
}

fn another_matters_key_is_refused() {
    let said = tampered(|files| {
        let key = shared::crypto::keys::KemKey::generate();
        let line = shared::crypto::age::identity::identity_string(&key);
        let text = format!("{}\n", line.expose());
        let sealed =
            shared::crypto::age::scrypt::seal_with_passphrase(PASSPHRASE, text.as_bytes()).unwrap();
        files.insert("matter-key.age".into(), sealed);
    });
    assert!(said.contains("does not hold the keys that the matter's record names"), "{said}");
}

fn a_changed_list_or_page_is_found() {
    let said = tampered(|files| {
        let bytes = files.get_mut("index.json.age").unwrap();
        let end = bytes.len() - 1;
        flip(bytes, end);
    });
    assert!(said.contains("cannot be opened with the matter's key"), "{said}");
    let said = tampered(|files| {
        let bytes = named(files, "answers/", ".txt.age").1;
        let end = bytes.len() - 1;
        flip(bytes, end);
    });
    assert!(said.contains("does not show the answers that were handed in"), "{said}");
}

fn a_file_too_many_or_too_few_is_found() {
    let said = tampered(|files| drop(files.insert("documents/999-evil.age".into(), vec![1])));
    assert_eq!(said, "The file documents/999-evil.age does not belong to the export.");
    let said = tampered(|files| drop(files.insert("autorun.sh\u{1b}".into(), vec![1])));
    assert!(said.contains("does not belong to the export"), "{said}");
    for gone in [
        "README.txt",
        "journal/access.json",
        "index.json.age",
        "CHECKSUMS.sha256",
        "SIGNATURE.uss1",
    ] {
        let said = tampered(|files| drop(files.remove(gone)));
        assert!(said.contains(gone) && said.contains("missing"), "{said}");
    }
}

fn bytes_that_changed_without_their_checksum_are_found_first() {
    let mut files = files();
    let sums = files.get("CHECKSUMS.sha256").unwrap().clone();
    files.get_mut("README.txt").unwrap()[0] ^= 1;
    let mut zip = pack(&files);
    let packed = String::from_utf8_lossy(&sums).into_owned();
    let line = packed.lines().find(|line| line.ends_with("README.txt")).unwrap();
    let wrong = shared::crypto::hash::sha256(files.get("README.txt").unwrap()).to_string();
    let at = zip.windows(64).position(|window| window == wrong.as_bytes()).unwrap();
    zip[at..at + 64].copy_from_slice(&line.as_bytes()[..64]);
    // The list's own checksum inside the zip is the tamperer's to mend.
    let said = verify(&mend(zip, at)).unwrap_err();
    assert_eq!(
        said,
        Refusal::broken("The file README.txt is not the one listed in CHECKSUMS.sha256.")
    );
}

/// Puts the CRC of the entry around `at` right, in its header and in the directory.
fn mend(mut zip: Vec<u8>, at: usize) -> Vec<u8> {
    let head = zip[..at].windows(4).rposition(|window| window == b"PK\x03\x04").unwrap();
    let size = u32::from_le_bytes(zip[head + 18..head + 22].try_into().unwrap()) as usize;
    let name = usize::from(u16::from_le_bytes(zip[head + 26..head + 28].try_into().unwrap()));
    let old: [u8; 4] = zip[head + 14..head + 18].try_into().unwrap();
    let crc = shared::client::crc32::Crc32::of(&zip[head + 30 + name..head + 30 + name + size]);
    let places: Vec<usize> = zip
        .windows(4)
        .enumerate()
        .filter(|(_, window)| **window == old)
        .map(|(at, _)| at)
        .collect();
    for place in places {
        zip[place..place + 4].copy_from_slice(&crc.to_le_bytes());
    }
    zip
}

#[test]
fn the_program_ends_with_a_code_that_a_script_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), export());
    let bad = folder.path().join("bad.zip");
    std::fs::write(&bad, &export()[..export().len() - 1]).unwrap();
    let right = folder.path().join("right.txt");
    std::fs::write(&right, format!("{PASSPHRASE}\n")).unwrap();
    let wrong = folder.path().join("wrong.txt");
    std::fs::write(&wrong, "something else").unwrap();
    let missing = folder.path().join("missing.zip");
    for (export, passphrase, code) in
        [(&good, &right, 0), (&bad, &right, 1), (&good, &wrong, 2), (&missing, &right, 2)]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_underseal-open"))
            .args(["verify", export.to_str().unwrap(), "--passphrase-file"])
            .arg(passphrase)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), usize::from(code != 0), "{said}");
        assert!(code == 0 || said.ends_with(".\n"), "{said}");
    }
}
