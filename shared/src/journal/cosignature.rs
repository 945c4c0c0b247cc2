//! Cosignatures: a witness's word that a checkpoint continues everything that the witness saw of the
//! log before, as C2SP tlog-cosignature (`cosignature/v1`, Ed25519). Here every member of staff is one.
//!
//! ```text
//! — <name> <base64 of key id (4) || time in seconds (8, big endian) || Ed25519 signature (64)>\n
//! ```
//! The signature is over `cosignature/v1\ntime <seconds>\n` and the checkpoint's lines with their line
//! ends. Key id = SHA-256(name || LF || 0x04 || public key), first four bytes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::checkpoint::{Checkpoint, LOG, Note, Signature, key_id, line, origin, parse_signature};
use crate::crypto::error::{FormatError, SignatureError};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, SigningKey, VerifyKey};
use crate::time::Timestamp;

/// How long a cosignature speaks for its log, in milliseconds.
pub const FRESH: u64 = crate::time::DAY;
/// How far apart the clocks of a witness and of whoever reads its word may be, in milliseconds.
pub const CLOCKS: u64 = crate::time::HOUR;

/// Whether two clocks say about the same: where much hangs on when something was said.
#[must_use]
pub fn are_alike(one: Timestamp, other: Timestamp) -> bool {
    !one.is_before(other, CLOCKS) && !other.is_before(one, CLOCKS)
}
/// What marks a key id as a cosigner's Ed25519 key.
const COSIGNER: u8 = 4;
const SECOND: u64 = 1000;

/// A member of staff as a witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witness {
    /// The member.
    pub kid: Kid,
    /// The member's key, from the keyring.
    pub key: VerifyKey,
}

impl Witness {
    /// The name under which this witness cosigns a firm's log: `underseal/<fingerprint>/<kid>`, both in
    /// hex.
    #[must_use]
    pub fn name(&self, firm: Hash32) -> String {
        name(firm, self.kid)
    }
}

fn name(firm: Hash32, kid: Kid) -> String {
    format!("{}/{}", origin(firm), Hash32(kid.0))
}

impl Checkpoint {
    /// Cosigns the checkpoint of this firm's log: one signature line with its line end. Whoever calls
    /// this says that the checkpoint continues everything that it verified of the log before.
    ///
    /// # Errors
    /// When the checkpoint is another log's.
    pub fn cosign(
        &self,
        firm: Hash32,
        kid: Kid,
        key: &SigningKey,
        now: Timestamp,
    ) -> Result<String, FormatError> {
        if self.origin != origin(firm) {
            return Err(FormatError::Value);
        }
        let (name, seconds) = (name(firm, kid), now.0 / SECOND);
        let mut bytes = key_id(&name, COSIGNER, &key.public()).to_vec();
        bytes.extend_from_slice(&seconds.to_be_bytes());
        bytes.extend_from_slice(&key.sign(message(self, seconds).as_bytes()));
        Ok(line(&name, &bytes))
    }

    /// Reads one line, which must be this witness's cosignature of this checkpoint: when it was made.
    ///
    /// # Errors
    /// When it is malformed, somebody else's, or does not hold.
    pub fn cosigned(
        &self,
        firm: Hash32,
        witness: &Witness,
        line: &str,
    ) -> Result<Timestamp, SignatureError> {
        let line = line.strip_suffix('\n').ok_or(FormatError::Length)?;
        let (name, signature) = parse_signature(line)?;
        if self.origin != origin(firm) || name != witness.name(firm) {
            return Err(SignatureError::WrongNamespace);
        }
        verify(self, witness, &name, &signature).unwrap_or(Err(SignatureError::WrongNamespace))
    }
}

impl Note {
    /// When this witness cosigned the note's checkpoint, by the newest of its lines; `None` when it did
    /// not. A line that claims to be this witness's and fails spoils the note.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`].
    pub fn cosigned_by(
        &self,
        firm: Hash32,
        witness: &Witness,
    ) -> Result<Option<Timestamp>, SignatureError> {
        let named = witness.name(firm);
        let mut newest = None;
        for (name, signature) in self.signatures().filter(|(name, _)| **name == named) {
            if let Some(time) = verify(&self.checkpoint, witness, name, signature) {
                newest = newest.max(Some(time?));
            }
        }
        Ok(newest)
    }

    /// The note with the log's line and the newest of this witness's alone: all that it takes to show later
    /// what this witness said, however many others cosigned.
    #[must_use]
    pub fn of_witness(&self, firm: Hash32, log: &VerifyKey, witness: &Witness) -> String {
        let (of_log, own) = (origin(firm), witness.name(firm));
        let (log_id, own_id) = (key_id(&of_log, LOG, log), key_id(&own, COSIGNER, &witness.key));
        let is_log = |one: &Signature| matches!(one, Signature::Log { id, .. } if *id == log_id);
        let when = |one: &Signature| match one {
            Signature::Cosigner { id, seconds, .. } if *id == own_id => Some(*seconds),
            _ => None,
        };
        let log = self.signatures().find(|(name, one)| **name == of_log && is_log(one));
        let own = self.signatures().filter(|(name, one)| **name == own && when(one).is_some());
        let own = own.max_by_key(|(_, one)| when(one));
        let lines: Vec<_> = log.into_iter().chain(own).collect();
        self.with(&lines)
    }
}

/// When a cosignature was made, if it is one of this witness's key at all.
fn verify(
    checkpoint: &Checkpoint,
    witness: &Witness,
    name: &str,
    signature: &Signature,
) -> Option<Result<Timestamp, SignatureError>> {
    let Signature::Cosigner { id, seconds, signature } = signature else { return None };
    (*id == key_id(name, COSIGNER, &witness.key)).then(|| {
        let holds = witness.key.verify(message(checkpoint, *seconds).as_bytes(), signature);
        let time = seconds.checked_mul(SECOND).filter(|_| holds);
        time.map(Timestamp).ok_or(SignatureError::Invalid)
    })
}

fn message(checkpoint: &Checkpoint, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", checkpoint.body())
}
