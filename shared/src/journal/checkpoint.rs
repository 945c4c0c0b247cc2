//! Checkpoints: the log's signed word on size and root, as C2SP tlog-checkpoint in a signed note.
//!
//! ```text
//! <origin>\n
//! <size, decimal>\n
//! <root, base64>\n
//! \n
//! — <origin> <base64 of key hash (4) || Ed25519 signature (64)>\n
//! ```
//! The signature is over the first three lines with their line ends. Further signature lines are
//! cosignatures of witnesses ([`super::cosignature`]). Key hash = SHA-256(name || LF || 0x01 || public
//! key), first four bytes.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use crate::crypto::error::{FormatError, SignatureError};
use crate::crypto::hash::{Hash32, sha256_of};
use crate::crypto::keys::{SigningKey, VerifyKey};

/// The largest checkpoint with its signatures.
pub const MAX_CHECKPOINT: usize = 16 * 1024;
const MAX_SIGNATURES: usize = 32;
const DASH: &str = "\u{2014} ";
/// What marks a key id as a log's Ed25519 key.
pub(super) const LOG: u8 = 1;

/// The origin of a firm's log: `underseal/<fingerprint in hex>`.
#[must_use]
pub fn origin(firm: Hash32) -> String {
    format!("underseal/{firm}")
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Hash32,
}

impl Checkpoint {
    /// The three signed lines.
    pub(super) fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, Base64::encode_string(&self.root.0))
    }

    /// Signs the checkpoint as its log: the whole note.
    ///
    /// # Errors
    /// When the origin is no name that a note can carry.
    pub fn sign(&self, key: &SigningKey) -> Result<String, FormatError> {
        if !is_name(&self.origin) {
            return Err(FormatError::Value);
        }
        let body = self.body();
        let line = signature_line(&self.origin, key, &body);
        Ok(format!("{body}\n{line}"))
    }

    /// Reads a note whose log must have this origin and key.
    ///
    /// # Errors
    /// When it is malformed, another log's, or the log's signature does not hold.
    pub fn open(note: &str, origin: &str, key: &VerifyKey) -> Result<Self, SignatureError> {
        let note = Note::parse(note)?;
        if note.checkpoint.origin != origin {
            return Err(SignatureError::WrongNamespace);
        }
        if !note.is_signed_by(origin, key) {
            return Err(SignatureError::Invalid);
        }
        Ok(note.checkpoint)
    }
}

/// A checkpoint with its signatures, none of them checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    signatures: Vec<(String, Signature)>,
}

/// A signature line's bytes, by whose kind they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signature {
    /// 68 bytes: a log's.
    Log { id: [u8; 4], signature: [u8; 64] },
    /// 76 bytes: a witness's, with its time.
    Cosigner { id: [u8; 4], seconds: u64, signature: [u8; 64] },
}

impl Signature {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<4>()?;
        if let Ok(signature) = rest.try_into() {
            return Some(Self::Log { id: *id, signature });
        }
        let (seconds, signature) = rest.split_first_chunk::<8>()?;
        let signature = signature.try_into().ok()?;
        Some(Self::Cosigner { id: *id, seconds: u64::from_be_bytes(*seconds), signature })
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Log { id, signature } => [&id[..], signature].concat(),
            Self::Cosigner { id, seconds, signature } => {
                [&id[..], &seconds.to_be_bytes(), signature].concat()
            }
        }
    }
}

impl Note {
    /// Reads a note strictly.
    ///
    /// # Errors
    /// When anything in it has another form than the one it is written in.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        if text.len() > MAX_CHECKPOINT {
            return Err(FormatError::TooLong);
        }
        let (body, signatures) = text.split_once("\n\n").ok_or(FormatError::Length)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(FormatError::Length);
        };
        let checkpoint = Checkpoint {
            origin: Some(origin)
                .filter(|name| is_name(name))
                .ok_or(FormatError::Value)?
                .to_string(),
            size: size.parse().map_err(|_| FormatError::Value)?,
            root: canonical(root)
                .and_then(|root| root.try_into().ok().map(Hash32))
                .ok_or(FormatError::NotCanonical)?,
        };
        if checkpoint.body().strip_suffix('\n') != Some(body) {
            return Err(FormatError::NotCanonical);
        }
        let signatures = signatures.strip_suffix('\n').ok_or(FormatError::Length)?;
        let signatures: Vec<_> =
            signatures.split('\n').map(parse_signature).collect::<Result<_, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(FormatError::TooLong);
        }
        Ok(Self { checkpoint, signatures })
    }

    /// Whether one of the signatures is this key's under this name. A line that claims to be this
    /// key's and fails spoils the note, as signed-note has it.
    #[must_use]
    pub fn is_signed_by(&self, name: &str, key: &VerifyKey) -> bool {
        let log = key_id(name, LOG, key);
        let body = self.checkpoint.body();
        let mut mine = self
            .signatures()
            .filter(|(signer, _)| *signer == name)
            .filter_map(|(_, signature)| match signature {
                Signature::Log { id, signature } if *id == log => Some(signature),
                _ => None,
            })
            .peekable();
        mine.peek().is_some() && mine.all(|signature| key.verify(body.as_bytes(), signature))
    }

    /// The note with these signature lines and no others.
    pub(super) fn with(&self, lines: &[(&String, &Signature)]) -> String {
        let mut text = self.checkpoint.body() + "\n";
        for (name, signature) in lines {
            text += &line(name, &signature.bytes());
        }
        text
    }

    /// The signature lines.
    pub(super) fn signatures(&self) -> impl Iterator<Item = (&String, &Signature)> {
        self.signatures.iter().map(|(name, signature)| (name, signature))
    }
}

fn signature_line(name: &str, key: &SigningKey, body: &str) -> String {
    let mut bytes = key_id(name, LOG, &key.public()).to_vec();
    bytes.extend_from_slice(&key.sign(body.as_bytes()));
    line(name, &bytes)
}

/// A signature line with its line end.
pub(super) fn line(name: &str, bytes: &[u8]) -> String {
    format!("{DASH}{name} {}\n", Base64::encode_string(bytes))
}

/// Reads one line without its line end.
pub(super) fn parse_signature(line: &str) -> Result<(String, Signature), FormatError> {
    let (name, signature) =
        line.strip_prefix(DASH).and_then(|line| line.split_once(' ')).ok_or(FormatError::Value)?;
    if !is_name(name) {
        return Err(FormatError::Value);
    }
    let signature = canonical(signature).ok_or(FormatError::NotCanonical)?;
    let signature = Signature::parse(&signature).ok_or(FormatError::Length)?;
    Ok((name.to_string(), signature))
}

/// The first four bytes of SHA-256(name || LF || kind of signature || key).
pub(super) fn key_id(name: &str, kind: u8, key: &VerifyKey) -> [u8; 4] {
    let Hash32(hash) = sha256_of(&[name.as_bytes(), &[b'\n', kind], &key.0]);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// A key name: printable ASCII without spaces and plus.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 256
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+')
}

fn canonical(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64::decode_vec(text).ok()?;
    (Base64::encode_string(&bytes) == text).then_some(bytes)
}
