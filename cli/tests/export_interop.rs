//! The export opens with other people's programs alone: Rust `age` opens the key, npm
//! `age-encryption` opens everything, `unzip` and Python read the zip. Needs Node and `npm ci` in
//! `shared/tests/interop`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use harness::{PASSPHRASE, export, files, handed_in, write};
use shared::crypto::hash::sha256;

fn age_opens(sealed: &[u8]) -> String {
    let decryptor = age::Decryptor::new(sealed).unwrap();
    let mut identity = age::scrypt::Identity::new(PASSPHRASE.to_owned().into());
    identity.set_max_work_factor(20);
    let mut text = String::new();
    let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
    reader.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn rust_age_opens_the_matters_key() {
    let text = age_opens(files().get("matter-key.age").unwrap());
    let keys: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(keys.len(), 1);
    assert!(keys[0].starts_with("AGE-SECRET-KEY-PQ-1"));
}

#[test]
fn npm_age_encryption_opens_the_whole_export() {
    let folder = tempfile::tempdir().unwrap();
    let zip = write(folder.path(), export());
    let unpacked = folder.path().join("unpacked");
    let status = Command::new("unzip").arg("-q").arg(&zip).arg("-d").arg(&unpacked).status();
    assert!(status.is_ok_and(|status| status.success()), "unzip reads the export");
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/interop/open-export.mjs");
    let output = Command::new("node").arg(script).arg(&unpacked).arg(PASSPHRASE).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let opened: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let opened = opened.as_object().unwrap();
    for paper in handed_in() {
        assert_eq!(opened[paper.name], serde_json::json!(sha256(&paper.bytes).to_string()));
    }
    // The answers, and their page.
    assert_eq!(opened.len(), handed_in().len() + 2);
}

#[test]
fn sha256sum_agrees_with_the_list_of_checksums() {
    let folder = tempfile::tempdir().unwrap();
    for (file, bytes) in files() {
        let path = folder.path().join(&file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let output = Command::new("sha256sum")
        .args(["--check", "--strict", "CHECKSUMS.sha256"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
