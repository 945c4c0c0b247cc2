//! Sealing a file in parts, so that it can be sent in parallel and taken up again.
//!
//! A sealed chunk is a pure function of the file key, the nonce, its index and its plaintext. One
//! rule keeps that safe (CRYPTO 4.6): no index is ever sealed twice with different bytes. So a
//! fingerprint of every part's plaintext, under the file key, is kept *before* the sealed part
//! leaves; on a second attempt the part must have the same fingerprint, or the whole file begins
//! anew under a fresh key.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::error::ClientError;
use crate::crypto::age::{CHUNK, FileSeal, PART_CHUNKS, TAG};
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::manifest::{self, FileContext};
use crate::ids::ObjectId;
use crate::secret::Secret;

/// Plaintext bytes of a full part: 4 MiB.
pub const PART: u64 = CHUNK as u64 * PART_CHUNKS as u64;

/// What is known of a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name, as the person's device calls it.
    pub name: String,
    /// Its type, as the browser guesses; empty when it has no idea.
    pub mime: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was changed last, in milliseconds.
    pub modified: u64,
}

/// A part, sealed; its bytes as the transport holds them.
pub struct SealedPart<S = Vec<u8>> {
    /// Which part.
    pub index: u32,
    /// The sealed chunks.
    pub bytes: S,
    /// SHA-256 of the sealed chunks, for the way to the server.
    pub digest: Hash32,
    /// The RFC 6962 root over them.
    pub root: Hash32,
    /// The plaintext's fingerprint under the file key.
    pub fingerprint: [u8; 32],
}

/// What a plan keeps on the device: everything that is needed to go on, and so secret.
#[derive(Encode, Decode)]
#[cbor(map)]
struct PlanV1 {
    #[n(1)]
    context: FileContext,
    #[n(2)]
    seal: ByteVec,
    #[n(3)]
    size: u64,
    #[n(4)]
    name: String,
    #[n(5)]
    mime: String,
    #[n(6)]
    modified: u64,
    #[n(7)]
    fingerprints: Vec<Option<Hash32>>,
    #[n(8)]
    roots: Vec<Option<Hash32>>,
}

impl<S> SealedPart<S> {
    /// The same part with its bytes held in another way.
    pub fn map<T>(self, held: impl FnOnce(S) -> T) -> SealedPart<T> {
        let Self { index, bytes, digest, root, fingerprint } = self;
        SealedPart { index, bytes: held(bytes), digest, root, fingerprint }
    }
}

/// One file on its way.
pub struct Plan {
    record: RefCell<PlanV1>,
    /// What a worker needs to seal parts of this file.
    job: Secret<Vec<u8>>,
}

impl Plan {
    pub(crate) fn begin(context: FileContext, facts: &FileFacts, seal: &FileSeal) -> Self {
        let parts = part_count(facts.size) as usize;
        let job = seal.export_resume();
        // EXPOSE: the plan is kept by the device's store, which seals it.
        let record = PlanV1 {
            context,
            seal: job.expose().clone().into(),
            size: facts.size,
            name: facts.name.clone(),
            mime: facts.mime.clone(),
            modified: facts.modified,
            fingerprints: vec![None; parts],
            roots: vec![None; parts],
        };
        Self { record: RefCell::new(record), job }
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ClientError> {
        let record: PlanV1 =
            cbor::decode_strict(bytes, 8 * 1024 * 1024).map_err(|_| ClientError::Store)?;
        let job = Secret::new(record.seal.to_vec());
        Ok(Self { record: RefCell::new(record), job })
    }

    pub(crate) fn encode(&self) -> Secret<Vec<u8>> {
        Secret::new(cbor::encode(&*self.record.borrow()))
    }

    pub(crate) fn seal(&self) -> Result<FileSeal, ClientError> {
        // EXPOSE: back into the type it came from.
        FileSeal::from_resume(self.job.expose()).map_err(|_| ClientError::Store)
    }

    /// Which object.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.record.borrow().context.object
    }

    /// What is known of the file.
    #[must_use]
    pub fn facts(&self) -> FileFacts {
        let record = self.record.borrow();
        FileFacts {
            name: record.name.clone(),
            mime: record.mime.clone(),
            size: record.size,
            modified: record.modified,
        }
    }

    /// How many parts.
    #[must_use]
    pub fn parts(&self) -> u32 {
        part_count(self.record.borrow().size)
    }

    /// The plaintext bytes of a part: where they begin, and how many.
    #[must_use]
    pub fn range(&self, index: u32) -> (u64, u64) {
        let size = self.record.borrow().size;
        let start = u64::from(index) * PART;
        (start, PART.min(size.saturating_sub(start)))
    }

    /// Length of the sealed payload.
    #[must_use]
    pub fn sealed_len(&self) -> u64 {
        manifest::sealed_len(self.record.borrow().size)
    }

    /// What a worker needs to seal parts of this file: hand it over, never keep it.
    #[must_use]
    pub const fn job(&self) -> &Secret<Vec<u8>> {
        &self.job
    }

    /// Whether a part's plaintext is the one that was sealed before.
    ///
    /// # Errors
    /// [`ClientError::FileChanged`].
    pub fn check_again(&self, index: u32, fingerprint: [u8; 32]) -> Result<(), ClientError> {
        match self.record.borrow().fingerprints.get(index as usize) {
            Some(Some(known)) if known.0 == fingerprint => Ok(()),
            Some(None) => Ok(()),
            _ => Err(ClientError::FileChanged),
        }
    }

    pub(crate) fn note<S>(&self, part: &SealedPart<S>) -> Result<(), ClientError> {
        self.check_again(part.index, part.fingerprint)?;
        let mut record = self.record.borrow_mut();
        let at = part.index as usize;
        *record.fingerprints.get_mut(at).ok_or(ClientError::Unfit)? =
            Some(Hash32(part.fingerprint));
        *record.roots.get_mut(at).ok_or(ClientError::Unfit)? = Some(part.root);
        Ok(())
    }

    pub(crate) fn root_of(&self, index: u32) -> Option<Hash32> {
        self.record.borrow().roots.get(index as usize).copied().flatten()
    }

    pub(crate) fn context(&self) -> FileContext {
        self.record.borrow().context.clone()
    }

    /// The root over all chunks, once every part has its own.
    pub(crate) fn root(&self) -> Option<Hash32> {
        let record = self.record.borrow();
        let roots: Option<Vec<Hash32>> = record.roots.iter().copied().collect();
        manifest::root_of_parts(&roots?, manifest::chunks_of_plain(record.size))
    }
}

/// Parts of a file of this size; an empty file has one, with one empty chunk.
#[must_use]
pub fn part_count(size: u64) -> u32 {
    u32::try_from(size.div_ceil(PART).max(1)).unwrap_or(u32::MAX)
}

/// Seals one part. This is what workers run: constant memory, no I/O.
///
/// # Errors
/// [`ClientError::FileChanged`] when the plaintext has not the length that the plan says.
pub fn seal_part(
    job: &[u8],
    index: u32,
    size: u64,
    plaintext: &[u8],
) -> Result<SealedPart, ClientError> {
    let seal = FileSeal::from_resume(job).map_err(|_| ClientError::Unfit)?;
    let start = u64::from(index) * PART;
    if plaintext.len() as u64 != PART.min(size.saturating_sub(start)) {
        return Err(ClientError::FileChanged);
    }
    let chunks = manifest::chunks_of_plain(size);
    let first = u64::from(index) * PART_CHUNKS as u64;
    let mut bytes = Vec::with_capacity(plaintext.len() + PART_CHUNKS * TAG);
    let mut leaves = Vec::with_capacity(PART_CHUNKS);
    let mut seal_one = |at: u64, piece: &[u8]| {
        let from = bytes.len();
        seal.seal_chunk(at, at + 1 == chunks, piece, &mut bytes);
        leaves.push(manifest::chunk_leaf(bytes.get(from..).unwrap_or_default()));
    };
    if plaintext.is_empty() {
        seal_one(first, &[]);
    }
    for (at, piece) in (first..).zip(plaintext.chunks(CHUNK)) {
        seal_one(at, piece);
    }
    Ok(SealedPart {
        index,
        digest: sha256(&bytes),
        root: manifest::part_root(&leaves),
        bytes,
        fingerprint: seal.chunk_mark(u64::from(index), plaintext),
    })
}

/// The fingerprint alone, to check a part that the server has already.
///
/// # Errors
/// [`ClientError::Unfit`] when the job is none.
pub fn fingerprint_part(job: &[u8], index: u32, plaintext: &[u8]) -> Result<[u8; 32], ClientError> {
    let seal = FileSeal::from_resume(job).map_err(|_| ClientError::Unfit)?;
    Ok(seal.chunk_mark(u64::from(index), plaintext))
}
