//! A client's receipt, checked from the text that she kept.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;

use cli::receipt;
use cli::refusal::Refusal;
use shared::encoding::to_base64url;

/// The proof inside the pinned receipt.
fn proof() -> Vec<u8> {
    pinned("ok")
}

fn pinned(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tests/vectors/receipt");
    let text = fs::read_to_string(format!("{folder}/{name}.txt")).unwrap();
    let digits = text.lines().find_map(|line| line.strip_prefix("bytes: ")).unwrap();
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// The text as the receipt page writes it.
fn kept(proof: &[u8]) -> String {
    ["Marsh & Lindqvist", "Receipt", "", "Number: 0000 0020", "", &to_base64url(proof), ""]
        .join("\r\n")
}

fn verified(text: &str) -> Result<String, Refusal> {
    let mut out = Vec::new();
    receipt::verify(text, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_kept_receipt_verifies_by_itself() {
    let said = verified(&kept(&proof())).unwrap();
    assert!(said.contains("Number 00000020"), "{said}");
    assert!(said.contains("journal of 21 statements"), "{said}");
}

#[test]
fn it_says_whether_a_witness_confirmed_it() {
    let said = verified(&kept(&proof())).unwrap();
    assert!(said.contains("the server alone has spoken"), "{said}");
    let said = verified(&kept(&pinned("confirmed"))).unwrap();
    assert!(said.contains("Somebody of the firm verified that journal at 20"), "{said}");
    for bad in ["no-word", "stranger", "bent-word"] {
        assert_eq!(verified(&kept(&pinned(bad))).unwrap_err().code(), 1);
    }
}

#[test]
fn a_receipt_that_was_changed_or_has_no_proof_does_not() {
    let mut changed = proof();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for text in [kept(&changed), kept(b"a receipt that was saved before its proof came")] {
        assert_eq!(verified(&text).unwrap_err().code(), 1);
    }
    assert_eq!(verified("Dear client,\nthank you.\n").unwrap_err().code(), 2);
    assert_eq!(verified("").unwrap_err().code(), 1);
}

#[test]
fn an_export_is_not_taken_for_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let (zip, text) = (folder.path().join("export.zip"), folder.path().join("receipt.txt"));
    fs::write(&zip, b"PK\x03\x04 and so on").unwrap();
    fs::write(&text, kept(&proof())).unwrap();
    assert!(receipt::read(&zip).unwrap().is_none());
    assert_eq!(receipt::read(&text).unwrap().unwrap(), kept(&proof()));
}
