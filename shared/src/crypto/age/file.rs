//! One file being sealed, or being opened.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroize as _;

use super::header::{self, ctx_stanza};
use super::stream::PayloadKey;
use super::{CHUNK, NONCE, SEALED_CHUNK, meta, stanza};
use crate::crypto::error::{FormatError, OpenError};
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{FileKey, KemKey, KemPublic};
use crate::crypto::{cbor, rng};
use crate::secret::Secret;
use crate::vuln;

/// A file being sealed: its header is fixed, its chunks follow in any order.
pub struct FileSeal {
    header: Vec<u8>,
    nonce: [u8; NONCE],
    file_key: FileKey,
    payload: PayloadKey,
    ctx_hash: Hash32,
}

/// What an interrupted upload needs: `{1: header, 2: nonce, 3: file key, 4: context hash}`.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Resume {
    #[cbor(n(1), with = "minicbor::bytes")]
    header: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    nonce: [u8; NONCE],
    #[cbor(n(3), with = "minicbor::bytes")]
    file_key: [u8; 16],
    #[n(4)]
    ctx_hash: Hash32,
}

impl Drop for Resume {
    fn drop(&mut self) {
        self.file_key.zeroize();
    }
}

impl FileSeal {
    /// Begins a file for these recipients, under a fresh file key and nonce.
    ///
    /// # Errors
    /// When there is no recipient, or so many that the header would be too large.
    pub fn new(ctx_hash: Hash32, recipients: &[&KemPublic]) -> Result<Self, FormatError> {
        let file_key = FileKey::generate();
        let mut stanzas = alloc::vec![ctx_stanza(ctx_hash)];
        for recipient in recipients {
            stanzas.push(stanza::wrap(&file_key, recipient).ok_or(FormatError::Value)?);
        }
        let header = header::write(&stanzas, file_key.bytes());
        let nonce = rng::random();
        let begun = Self::assemble(header, nonce, file_key, ctx_hash);
        // Nothing leaves that the own reader would refuse.
        header::inspect(&begun.header_and_nonce())?;
        Ok(begun)
    }

    fn assemble(header: Vec<u8>, nonce: [u8; NONCE], file_key: FileKey, ctx_hash: Hash32) -> Self {
        let payload = PayloadKey::derive(&file_key, &nonce);
        Self { header, nonce, file_key, payload, ctx_hash }
    }

    /// The bytes in front of the chunks.
    #[must_use]
    pub fn header_and_nonce(&self) -> Vec<u8> {
        [self.header.as_slice(), &self.nonce].concat()
    }

    /// SHA-256 of [`Self::header_and_nonce`].
    #[must_use]
    pub fn header_hash(&self) -> Hash32 {
        sha256(&self.header_and_nonce())
    }

    /// The key of the chunks, for workers.
    #[must_use]
    pub const fn payload(&self) -> &PayloadKey {
        &self.payload
    }

    /// See [`PayloadKey::seal_chunk`].
    pub fn seal_chunk(&self, index: u64, last: bool, plaintext: &[u8], out: &mut Vec<u8>) {
        self.payload.seal_chunk(index, last, plaintext, out);
    }

    /// Seals the file's metadata; see [`meta`].
    ///
    /// # Errors
    /// When it is larger than [`meta::MAX_META`].
    pub fn seal_meta(&self, plaintext: &[u8]) -> Result<Vec<u8>, FormatError> {
        meta::seal(&self.file_key, &self.nonce, self.ctx_hash, plaintext)
    }

    /// Everything that is needed to go on later. To be sealed at once under the device's key.
    #[must_use]
    pub fn export_resume(&self) -> Secret<Vec<u8>> {
        Secret::new(cbor::encode(&Resume {
            header: self.header.clone(),
            nonce: self.nonce,
            file_key: *self.file_key.bytes(),
            ctx_hash: self.ctx_hash,
        }))
    }

    /// Goes on with a file. The caller keeps what came of every chunk that was sealed before, lets go
    /// of nothing that differs, and then begins the file anew under a new key.
    ///
    /// # Errors
    /// When the bytes are no such state.
    pub fn from_resume(bytes: &[u8]) -> Result<Self, FormatError> {
        let resume: Resume = cbor::decode_strict(bytes, header::MAX_HEADER + 256)?;
        let parsed = header::Header::parse(&resume.header)?;
        if !parsed.is_maced_by(&resume.file_key, &resume.header) {
            return Err(FormatError::Value);
        }
        let file_key = FileKey::from_bytes(resume.file_key);
        let begun = Self::assemble(resume.header.clone(), resume.nonce, file_key, resume.ctx_hash);
        let shape = header::inspect(&begun.header_and_nonce())?;
        if shape.ctx_hash == begun.ctx_hash { Ok(begun) } else { Err(FormatError::Value) }
    }
}

/// A file being opened: its header has been checked whole.
pub struct FileOpen {
    file_key: FileKey,
    nonce: [u8; NONCE],
    payload: PayloadKey,
    ctx_hash: Hash32,
}

impl FileOpen {
    /// Opens the header of a file that must have this context.
    ///
    /// # Errors
    /// [`OpenError::WrongPlace`] when the context is another, [`OpenError::KeyMissing`] when no
    /// stanza opens with this key, [`OpenError::Tampered`] when the MAC fails.
    pub fn new(header_and_nonce: &[u8], ctx_hash: Hash32, key: &KemKey) -> Result<Self, OpenError> {
        let (header, shape) = header::parse_ours(header_and_nonce)?;
        let ctx_hash = if vuln::a15() { shape.ctx_hash } else { ctx_hash };
        if shape.ctx_hash != ctx_hash {
            return Err(OpenError::WrongPlace);
        }
        let mut file_key = None;
        for stanza in &header.stanzas {
            if file_key.is_none() {
                file_key = stanza::unwrap(stanza, key)?;
            }
        }
        let file_key = file_key.ok_or(OpenError::KeyMissing)?;
        if !header.is_maced_by(file_key.bytes(), header_and_nonce) && !vuln::a39() {
            return Err(OpenError::Tampered);
        }
        let nonce = *header_and_nonce.last_chunk::<NONCE>().ok_or(OpenError::Tampered)?;
        let payload = PayloadKey::derive(&file_key, &nonce);
        Ok(Self { file_key, nonce, payload, ctx_hash })
    }

    /// The key of the chunks, for workers.
    #[must_use]
    pub const fn payload(&self) -> &PayloadKey {
        &self.payload
    }

    /// See [`PayloadKey::open_chunk`].
    ///
    /// # Errors
    /// [`OpenError::Tampered`].
    pub fn open_chunk(
        &self,
        index: u64,
        last: bool,
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), OpenError> {
        self.payload.open_chunk(index, last, sealed, out)
    }

    /// Opens the file's metadata.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_meta(&self, bytes: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
        meta::open(&self.file_key, &self.nonce, self.ctx_hash, bytes)
    }

    /// The file's header anew for other recipients, after a rotation: same file key, same nonce,
    /// same context, so that the payload stays as it is.
    ///
    /// # Errors
    /// As [`FileSeal::new`].
    pub fn rewrap(&self, recipients: &[&KemPublic]) -> Result<Vec<u8>, FormatError> {
        let mut stanzas = alloc::vec![ctx_stanza(self.ctx_hash)];
        for recipient in recipients {
            stanzas.push(stanza::wrap(&self.file_key, recipient).ok_or(FormatError::Value)?);
        }
        let mut out = header::write(&stanzas, self.file_key.bytes());
        out.extend_from_slice(&self.nonce);
        header::inspect(&out)?;
        Ok(out)
    }
}

/// Seals all of a small plaintext: `(header and nonce, chunks)` and the file for its metadata.
///
/// # Errors
/// As [`FileSeal::new`].
pub fn seal_all(
    ctx_hash: Hash32,
    recipients: &[&KemPublic],
    plaintext: &[u8],
) -> Result<(FileSeal, Vec<u8>), FormatError> {
    let seal = FileSeal::new(ctx_hash, recipients)?;
    let chunks = seal_chunks(seal.payload(), plaintext);
    Ok((seal, chunks))
}

/// Opens all of a small payload.
///
/// # Errors
/// [`OpenError::Tampered`] when a chunk is missing, altered, out of order or too many.
pub fn open_all(open: &FileOpen, chunks: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
    let count = crate::crypto::manifest::chunks_of_sealed(chunks.len() as u64)
        .ok_or(OpenError::Tampered)?;
    // Room for all of it at once: a reallocation would leave plaintext behind in memory.
    let mut out = zeroize::Zeroizing::new(Vec::with_capacity(chunks.len()));
    for (index, chunk) in (0..count).zip(chunks.chunks(SEALED_CHUNK)) {
        open.open_chunk(index, index + 1 == count, chunk, &mut out)?;
    }
    Ok(Secret::new(core::mem::take(&mut *out)))
}

/// All chunks of a plaintext in order.
pub(crate) fn seal_chunks(key: &PayloadKey, plaintext: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plaintext.len() + (plaintext.len() / CHUNK + 1) * super::TAG);
    if plaintext.is_empty() {
        key.seal_chunk(0, true, &[], &mut out);
    }
    let mut chunks = plaintext.chunks(CHUNK).zip(0..).peekable();
    while let Some((chunk, index)) = chunks.next() {
        key.seal_chunk(index, chunks.peek().is_none(), chunk, &mut out);
    }
    out
}
