//! What can be wrong with an export, one sentence each.

use alloc::string::String;

/// Why an export does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The passphrase does not open the key, or the file was changed: nobody can tell which.
    #[error(
        "The passphrase does not open the matter's key: it is mistyped, or the file matter-key.age was changed."
    )]
    Passphrase,
    /// The key file opened and holds something else.
    #[error("The file matter-key.age does not hold the keys that the matter's record names.")]
    Keys,
    /// See the sentence.
    #[error("The firm's directory of people and keys (journal/keyring.json) does not verify.")]
    Keyring,
    /// See the sentence.
    #[error(
        "The matter's record (journal/matter.json) does not verify: a statement was changed, left out or added."
    )]
    Matter,
    /// See the sentence.
    #[error("The record of who opened the matter (journal/access.json) does not verify.")]
    Access,
    /// See the sentence.
    #[error("The checkpoint (journal/checkpoint.txt) is not one that the firm's log signed.")]
    Checkpoint,
    /// See the sentence.
    #[error("The statement at leaf {0} is not in the firm's log.")]
    Inclusion(u64),
    /// See the sentence.
    #[error("The list of contents (index.json.age) cannot be opened with the matter's key.")]
    IndexSealed,
    /// See the sentence.
    #[error("The list of contents (index.json.age) does not say what the matter's record says.")]
    Index,
    /// See the sentence.
    #[error("The manifest {0} is not the one that the matter's record holds.")]
    Manifest(String),
    /// See the sentence.
    #[error("The file {0} is not the one that its sender signed.")]
    Object(String),
    /// See the sentence.
    #[error("The page {0} does not show the answers that were handed in.")]
    Readable(String),
    /// See the sentence.
    #[error("The list of files (CHECKSUMS.sha256) is not the one that the exporter signed.")]
    Signature,
    /// See the sentence.
    #[error("The file {0} is missing from the export.")]
    Absent(String),
    /// See the sentence.
    #[error("The file {0} does not belong to the export.")]
    Extra(String),
    /// See the sentence.
    #[error("The file {0} is not the one listed in CHECKSUMS.sha256.")]
    Checksum(String),
    /// See the sentence.
    #[error("The file {0} is not written the way an export writes it.")]
    Malformed(String),
}
