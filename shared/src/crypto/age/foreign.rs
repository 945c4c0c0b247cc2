//! Age files that are not ours: no context stanza, other recipients. Exports are read and written
//! here, and the outside test suites judge the same header and stream code through this door.
//! Nothing that comes from the server is ever opened here.

use alloc::vec::Vec;

use super::file::seal_chunks;
use super::header::{self, Header, Stanza, WRAPPED_KEY, fixed};
use super::stream::PayloadKey;
use super::{NONCE, SEALED_CHUNK, scrypt, stanza};
use crate::crypto::error::FormatError;
use crate::crypto::keys::{FileKey, KemKey, KemPublic};
use crate::crypto::{hazmat, rng};
use crate::secret::Secret;

/// What may open a foreign file.
pub enum Unlock<'a> {
    /// An X-Wing identity.
    Key(&'a KemKey),
    /// A passphrase.
    Passphrase(&'a str),
    /// A plain X25519 identity, for the outside test suites and old archives.
    X25519(&'a Secret<[u8; 32]>),
}

/// Why a foreign file did not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    /// The header is not an age header, or a stanza of a known type is malformed.
    #[error("not an age file: {0}")]
    Header(#[from] FormatError),
    /// No stanza opens with what was given.
    #[error("the file is for another key or passphrase")]
    NoMatch,
    /// The header was altered.
    #[error("the file's header was altered")]
    Mac,
    /// The payload was altered or cut; what had been verified before comes with it.
    #[error("the file is damaged after {} bytes", verified.len())]
    Payload {
        /// Plaintext of the chunks before the bad one.
        verified: Vec<u8>,
    },
}

/// Opens a whole age file.
///
/// # Errors
/// See [`ForeignError`].
pub fn read_foreign(bytes: &[u8], with: &[Unlock<'_>]) -> Result<Secret<Vec<u8>>, ForeignError> {
    let header = Header::parse(bytes)?;
    let file_key = unwrap(&header, with)?.ok_or(ForeignError::NoMatch)?;
    if !header.is_maced_by(file_key.bytes(), bytes) {
        return Err(ForeignError::Mac);
    }
    let body = bytes.get(header.len()..).unwrap_or_default();
    let (nonce, chunks) = body.split_first_chunk::<NONCE>().ok_or(FormatError::Length)?;
    read_stream(&PayloadKey::derive(&file_key, nonce), chunks)
}

/// Seals bytes as a stock age file, without a context, for the owner of a key.
///
/// # Errors
/// As [`super::FileSeal::new`].
pub fn write_foreign(to: &[&KemPublic], plaintext: &[u8]) -> Result<Vec<u8>, FormatError> {
    let file_key = FileKey::generate();
    let stanzas: Option<Vec<Stanza>> =
        to.iter().map(|recipient| stanza::wrap(&file_key, recipient)).collect();
    let mut out = header::write(&stanzas.ok_or(FormatError::Value)?, file_key.bytes());
    Header::parse(&out)?;
    let nonce = rng::random();
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&seal_chunks(&PayloadKey::derive(&file_key, &nonce), plaintext));
    Ok(out)
}

fn unwrap(header: &Header, with: &[Unlock<'_>]) -> Result<Option<FileKey>, FormatError> {
    // A passphrase must be the only way in: else whoever shares the file could add his own.
    let is_scrypt = |stanza: &Stanza| stanza.args.first().is_some_and(|kind| kind == "scrypt");
    if header.stanzas.len() > 1 && header.stanzas.iter().any(is_scrypt) {
        return Err(FormatError::Value);
    }
    let mut found = None;
    for stanza in &header.stanzas {
        for unlock in with {
            let opened = match unlock {
                Unlock::Key(key) => stanza::unwrap(stanza, key)?,
                Unlock::Passphrase(passphrase) => scrypt::unwrap(stanza, passphrase)?,
                Unlock::X25519(identity) => x25519(stanza, identity)?,
            };
            found = found.or(opened);
        }
    }
    Ok(found)
}

/// Reads chunk by chunk: a full chunk may be the last, which shows when it does not open otherwise.
fn read_stream(key: &PayloadKey, mut rest: &[u8]) -> Result<Secret<Vec<u8>>, ForeignError> {
    let mut out = Vec::with_capacity(rest.len());
    let mut index = 0;
    loop {
        let (chunk, after) = rest.split_at(rest.len().min(SEALED_CHUNK));
        let more =
            chunk.len() == SEALED_CHUNK && key.open_chunk(index, false, chunk, &mut out).is_ok();
        if !more {
            let last = key.open_chunk(index, true, chunk, &mut out).is_ok();
            return if last && after.is_empty() {
                Ok(Secret::new(out))
            } else {
                Err(ForeignError::Payload { verified: out })
            };
        }
        rest = after;
        index += 1;
    }
}

/// The recipient `X25519`.
fn x25519(stanza: &Stanza, identity: &Secret<[u8; 32]>) -> Result<Option<FileKey>, FormatError> {
    if stanza.args.first().is_none_or(|kind| kind != "X25519") {
        return Ok(None);
    }
    let [_, share] = stanza.args.as_slice() else { return Err(FormatError::Value) };
    let share: [u8; 32] = fixed(share)?;
    if stanza.body.len() != WRAPPED_KEY {
        return Err(FormatError::Value);
    }
    // EXPOSE: the primitive neither logs nor keeps it.
    let (public, shared) =
        hazmat::kem::x25519(identity.expose(), &share).ok_or(FormatError::Value)?;
    let key = hazmat::kdf::hkdf::<32>(
        shared.as_slice(),
        &[share, public].concat(),
        &[b"age-encryption.org/v1/X25519"],
    );
    let mut file_key = zeroize::Zeroizing::new(Vec::with_capacity(WRAPPED_KEY));
    let opened = hazmat::aead::open_into(&key, &[0; 12], &[], &stanza.body, &mut file_key);
    Ok(file_key.as_slice().try_into().ok().filter(|_| opened).map(FileKey::from_bytes))
}
