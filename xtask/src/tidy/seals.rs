//! Hashes that tie one thing to another: the specification to the code it describes, and every
//! migration to what it was when somebody may first have run it.

use super::Violation;
use crate::hash;
use crate::sh::{self, Outcome};
use std::path::Path;

const CRYPTO_DOC: &str = "docs/CRYPTO.md";
const CRYPTO_CODE: &str = "shared/src/crypto";
const MIGRATIONS: &str = "server/migrations";
const CHECKSUMS: &str = "server/migrations/CHECKSUMS";

/// Whoever changes the formats reads the specification again, and says so with the hash.
pub(super) fn crypto_is_described() -> Vec<Violation> {
    let Ok(doc) = sh::text(&sh::at(CRYPTO_DOC)) else {
        return violation(CRYPTO_DOC, 1, "the specification of the formats is missing");
    };
    let line = crypto_line();
    if doc.lines().next_back() == Some(line.as_str()) {
        return Vec::new();
    }
    violation(
        CRYPTO_DOC,
        doc.lines().count(),
        "shared/src/crypto has changed since this was written; read it against the code, then run \
         `cargo xtask tidy --bless-crypto`",
    )
}

/// Writes today's hash at the end of the specification.
pub(super) fn bless_crypto() -> Outcome {
    let path = sh::at(CRYPTO_DOC);
    let mut doc: String = sh::text(&path)?
        .lines()
        .filter(|line| !line.starts_with(&format!("<!-- {CRYPTO_CODE}: sha256 ")))
        .fold(String::new(), |doc, line| doc + line + "\n");
    doc.truncate(doc.trim_end().len());
    sh::write(&path, format!("{doc}\n\n{}\n", crypto_line()).as_bytes())
}

fn crypto_line() -> String {
    let list: String =
        sh::files(&sh::at(CRYPTO_CODE)).iter().map(|file| fingerprint(file)).collect();
    format!("<!-- {CRYPTO_CODE}: sha256 {} -->", hash::sha256_hex(list.as_bytes()))
}

fn fingerprint(file: &Path) -> String {
    let content = std::fs::read(file).unwrap_or_default();
    format!("{} {}\n", hash::sha256_hex(&content), sh::shown(file))
}

/// A migration that has been listed never changes: some database may already have run it.
pub(super) fn migrations_stand() -> Vec<Violation> {
    let listed = sh::text(&sh::at(CHECKSUMS)).unwrap_or_default();
    changed(&listed, &migrations())
}

fn migrations() -> String {
    sh::files(&sh::at(MIGRATIONS))
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "sql"))
        .map(|file| fingerprint(file))
        .collect()
}

/// Both lists have a line `hash path` for each migration.
fn changed(listed: &str, found: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    for line in listed.lines().filter(|line| !found.lines().any(|other| other == *line)) {
        let path = line.split_whitespace().nth(1).unwrap_or(CHECKSUMS);
        violations.extend(violation(
            path,
            1,
            "a listed migration was changed or removed; put it back and write a new one",
        ));
    }
    for line in found.lines() {
        let path = line.split_whitespace().nth(1).unwrap_or(CHECKSUMS);
        if !listed.lines().any(|other| other.split_whitespace().nth(1) == Some(path)) {
            violations.extend(violation(
                path,
                1,
                "is not listed yet; when it is final run `cargo xtask tidy --bless-migrations`",
            ));
        }
    }
    violations
}

/// Lists migrations that are new; it never changes a line that is there.
pub(super) fn bless_migrations() -> Outcome {
    let mut listed = sh::text(&sh::at(CHECKSUMS)).unwrap_or_default();
    for line in migrations().lines() {
        let path = line.split_whitespace().nth(1);
        if !listed.lines().any(|other| other.split_whitespace().nth(1) == path) {
            listed.push_str(line);
            listed.push('\n');
        }
    }
    sh::write(&sh::at(CHECKSUMS), listed.as_bytes())
}

fn violation(path: &str, line: usize, sentence: &str) -> Vec<Violation> {
    vec![Violation { place: format!("{path}:{line}"), sentence: sentence.to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn a_listed_migration_may_neither_change_nor_vanish_and_a_new_one_must_be_listed() {
        let listed = "aa m/1.sql\nbb m/2.sql\ncc m/3.sql\n";
        let found = "aa m/1.sql\nxx m/2.sql\ndd m/4.sql\n";
        assert_eq!(places(&changed(listed, found)), ["m/2.sql:1", "m/3.sql:1", "m/4.sql:1"]);
        assert!(changed(listed, listed).is_empty());
    }
}
