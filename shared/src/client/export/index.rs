//! The export's table of contents, `index.json`: the one file besides the documents that holds
//! names, so it is sealed like them. Whoever writes and whoever reads an export use these types.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::crypto::keys::Kid;
use crate::ids::{MatterId, ObjectId, SubmissionId};
use crate::intake::value::Date;
use crate::time::{DAY, Timestamp};

/// [`IndexV1::format`].
pub const FORMAT: &str = "underseal-export/2";

/// Names of the files that every export has once.
pub mod name {
    /// How to open the export, in plain words.
    pub const README: &str = "README.txt";
    /// The matter's key under the passphrase.
    pub const KEY: &str = "matter-key.age";
    /// The sealed table of contents.
    pub const INDEX: &str = "index.json.age";
    /// SHA-256 of every other file but the next.
    pub const CHECKSUMS: &str = "CHECKSUMS.sha256";
    /// The exporter's signature over that list.
    pub const SIGNATURE: &str = "SIGNATURE.uss1";
    /// The firm's keys and who admitted them.
    pub const KEYRING: &str = "journal/keyring.json";
    /// What happened in the matter.
    pub const MATTER: &str = "journal/matter.json";
    /// Who opened and exported what.
    pub const ACCESS: &str = "journal/access.json";
    /// The firm's tree as the log signed it.
    pub const CHECKPOINT: &str = "journal/checkpoint.txt";
    /// Why each statement is in that tree.
    pub const INCLUSION: &str = "journal/inclusion.json";
}

/// The table of contents.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexV1 {
    /// [`FORMAT`].
    pub format: String,
    /// When the export was made, by the clock of the device that made it.
    pub exported: String,
    /// The key of the person who made it.
    pub exported_by: Kid,
    /// The firm.
    pub firm: Firm,
    /// The matter.
    pub matter: Matter,
    /// Whoever signed something.
    pub people: Vec<Person>,
    /// What clients handed in, oldest first.
    pub submissions: Vec<Submission>,
    /// Every sealed object, oldest first.
    pub objects: Vec<Object>,
}

/// The firm.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firm {
    /// Its name.
    pub name: String,
    /// Its fingerprint, 12 groups of 5 digits: compare it with the firm's own paper.
    pub fingerprint: String,
}

/// The matter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Its id.
    pub matter: MatterId,
    /// The client, as the firm calls them.
    pub client: String,
    /// What it is about.
    pub title: String,
    /// Practice area.
    pub practice: String,
    /// How it is marked.
    pub label: String,
}

/// Somebody who signed something.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The key.
    pub key: Kid,
    /// `staff`, `client`, or `not accepted` for a client whose key staff did not accept.
    pub part: String,
    /// The name, where the firm knows it.
    pub name: Option<String>,
    /// For clients: how surely the firm knows the key (1 by the link, 2 verified).
    pub level: Option<u8>,
    /// For clients whose identity the firm verified: how. Absent in exports from before it was listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
}

/// By which verdict a client is known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verified {
    /// `spoken`, `code`, `paper`, `questions`, `met`.
    pub ways: Vec<String>,
    /// Whose verdict it is.
    pub by: Kid,
    /// When, as they say.
    pub time: String,
    /// Until when it counts, or counted.
    pub until: Option<String>,
}

/// Answers handed in with documents.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Its id.
    pub submission: SubmissionId,
    /// When the server received it.
    pub received: String,
    /// `waiting`, `accepted`, `declined` or `asked back`.
    pub state: String,
    /// Who signed it.
    pub sender: Kid,
    /// The object that holds the answers.
    pub answers: ObjectId,
    /// The same as text, where the answers could be read.
    pub readable: Option<String>,
    /// The documents, in the sender's order.
    pub documents: Vec<ObjectId>,
    /// The definition of the form that was answered, in its canonical encoding (base64url).
    pub form: Option<crate::encoding::B64>,
}

/// One sealed object.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Its id.
    pub object: ObjectId,
    /// The sealed file in this export; none of an identity paper, which stays with those who verify.
    pub file: Option<String>,
    /// The signed manifest in this export.
    pub manifest: String,
    /// `document`, `answers`, `code`, or `identity` of a paper.
    pub kind: String,
    /// Its name; none when the sealed metadata does not open.
    pub name: Option<String>,
    /// Its type, as the sender says.
    pub mime: Option<String>,
    /// Bytes once opened.
    pub size: Option<u64>,
    /// Digest of the opened bytes (hex), as their sender made it: the root over their chunks.
    pub digest: Option<String>,
    /// Who signed its manifest.
    pub sender: Kid,
    /// When the server received it.
    pub received: String,
    /// When the sender says it was made.
    pub claimed: String,
    /// The number of the key that opens it.
    pub epoch: u32,
    /// The submission it came with.
    pub submission: Option<SubmissionId>,
    /// Of an identity paper: when it is shredded, or was, where somebody decided by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shred: Option<String>,
}

/// `documents/007-<object>.age`.
#[must_use]
pub fn document_file(number: usize, object: ObjectId) -> String {
    alloc::format!("documents/{number:03}-{object}.age")
}

/// `answers/007-<submission>.age`.
#[must_use]
pub fn answers_file(number: usize, submission: SubmissionId) -> String {
    alloc::format!("answers/{number:03}-{submission}.age")
}

/// `answers/007-<submission>.txt.age`.
#[must_use]
pub fn readable_file(number: usize, submission: SubmissionId) -> String {
    alloc::format!("answers/{number:03}-{submission}.txt.age")
}

/// `manifests/007-<object>.uss1`.
#[must_use]
pub fn manifest_file(number: usize, object: ObjectId) -> String {
    alloc::format!("manifests/{number:03}-{object}.uss1")
}

/// An instant as RFC 3339 in UTC, to the second.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    let seconds = at.0 % DAY / 1000;
    let mut text = Date::at(at, 0).to_string();
    text.push_str(&alloc::format!(
        "T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_names_are_written_the_one_way() {
        assert_eq!(rfc3339(Timestamp(1_795_248_550_999)), "2026-11-21T08:09:10Z");
        let object = ObjectId([0x0a; 16]);
        let id = "0a".repeat(16);
        assert_eq!(document_file(7, object), alloc::format!("documents/007-{id}.age"));
        assert_eq!(manifest_file(1234, object), alloc::format!("manifests/1234-{id}.uss1"));
    }
}
