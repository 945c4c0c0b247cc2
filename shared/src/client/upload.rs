//! Sealing a file in parts, so that it can be sent in parallel and taken up again.
//!
//! A sealed chunk is a pure function of the file key, the nonce, its index and its plaintext. One
//! rule keeps that safe (CRYPTO 9): nothing leaves that was sealed under an index with other bytes
//! than before. So the root of every sealed part is kept *before* the part leaves; on a second
//! attempt the part must have the same root, or the whole file begins anew under a fresh key.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::error::ClientError;
use crate::crypto::age::{CHUNK, FileSeal, PART_CHUNKS, TAG};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::{self, FileContext};
use crate::ids::ObjectId;
use crate::secret::Secret;
use crate::vuln;

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
    /// The RFC 6962 root over them: for the way to the server, and for the manifest.
    pub root: Hash32,
    /// The root over the same chunks as they were: for the metadata, and never for the server.
    pub plain: Hash32,
}

/// What a plan keeps of a part that was sealed: its roots.
#[derive(Clone, Copy, Encode, Decode)]
#[cbor(map)]
struct PartV1 {
    #[n(1)]
    sealed: Hash32,
    #[n(2)]
    plain: Hash32,
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
    parts: Vec<Option<PartV1>>,
}

impl<S> SealedPart<S> {
    /// The same part with its bytes held in another way.
    pub fn map<T>(self, held: impl FnOnce(S) -> T) -> SealedPart<T> {
        let Self { index, bytes, root, plain } = self;
        SealedPart { index, bytes: held(bytes), root, plain }
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
            parts: vec![None; parts],
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

    /// Whether a part is the one that was sealed before, by its root.
    ///
    /// # Errors
    /// [`ClientError::FileChanged`].
    pub fn check_again(&self, index: u32, root: Hash32) -> Result<(), ClientError> {
        match self.record.borrow().parts.get(index as usize) {
            Some(Some(known)) if known.sealed == root || vuln::a23() => Ok(()),
            Some(None) => Ok(()),
            _ => Err(ClientError::FileChanged),
        }
    }

    pub(crate) fn note<S>(&self, part: &SealedPart<S>) -> Result<(), ClientError> {
        self.check_again(part.index, part.root)?;
        let mut record = self.record.borrow_mut();
        let place = record.parts.get_mut(part.index as usize).ok_or(ClientError::Unfit)?;
        *place = Some(PartV1 { sealed: part.root, plain: part.plain });
        Ok(())
    }

    pub(crate) fn root_of(&self, index: u32) -> Option<Hash32> {
        self.record.borrow().parts.get(index as usize)?.map(|part| part.sealed)
    }

    pub(crate) fn context(&self) -> FileContext {
        self.record.borrow().context.clone()
    }

    /// The root over all sealed chunks, once every part was sealed.
    pub(crate) fn root(&self) -> Option<Hash32> {
        self.over_parts(|part| part.sealed)
    }

    /// The digest of the file, once every part was sealed.
    pub(crate) fn digest(&self) -> Option<Hash32> {
        self.over_parts(|part| part.plain)
    }

    fn over_parts(&self, root: fn(PartV1) -> Hash32) -> Option<Hash32> {
        let record = self.record.borrow();
        let roots: Option<Vec<Hash32>> = record.parts.iter().map(|part| part.map(root)).collect();
        manifest::root_of_parts(&roots?, manifest::chunks_of_plain(record.size))
    }
}

/// Parts of a file of this size; an empty file has one, with one empty chunk.
#[must_use]
pub const fn part_count(size: u64) -> u32 {
    let parts = size.div_ceil(PART);
    match parts {
        0 => 1,
        parts if parts > u32::MAX as u64 => u32::MAX,
        parts => parts as u32,
    }
}

/// One part being sealed, chunk by chunk: constant memory, no I/O, no hashing. This is what workers
/// run, who may have a faster SHA-256 than ours.
pub struct PartSeal {
    seal: FileSeal,
    /// The next chunk's number in the file, and how many chunks the file has.
    at: u64,
    chunks: u64,
    /// Plaintext bytes of the part, and of those the ones to come.
    len: u64,
    rest: u64,
    /// Chunks sealed so far.
    sealed: usize,
}

impl PartSeal {
    /// Part `index` of a file of `size` bytes; `job` is [`Plan::job`].
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the job is none, or the file has no such part.
    pub fn begin(job: &[u8], index: u32, size: u64) -> Result<Self, ClientError> {
        if index >= part_count(size) {
            return Err(ClientError::Unfit);
        }
        let seal = FileSeal::from_resume(job).map_err(|_| ClientError::Unfit)?;
        let len = PART.min(size - u64::from(index) * PART);
        Ok(Self {
            seal,
            at: u64::from(index) * PART_CHUNKS as u64,
            chunks: manifest::chunks_of_plain(size),
            len,
            rest: len,
            sealed: 0,
        })
    }

    /// Bytes of the part when it is sealed.
    #[must_use]
    pub const fn sealed_len(&self) -> usize {
        manifest::sealed_len(self.len) as usize
    }

    /// Plaintext bytes of the next chunk; `None` when all are sealed. An empty file has one chunk of
    /// none.
    #[must_use]
    pub fn next_len(&self) -> Option<usize> {
        let done = self.rest == 0 && self.sealed > 0;
        (!done).then(|| self.rest.min(CHUNK as u64) as usize)
    }

    /// Seals the next chunk where it lies, at the beginning of a room with [`TAG`] bytes more, which
    /// its tag takes.
    ///
    /// # Errors
    /// [`ClientError::FileChanged`] when it has not the length that the plan says.
    pub fn seal(&mut self, room: &mut [u8]) -> Result<(), ClientError> {
        let (chunk, tag) = room.split_last_chunk_mut::<TAG>().ok_or(ClientError::FileChanged)?;
        if self.next_len() != Some(chunk.len()) {
            return Err(ClientError::FileChanged);
        }
        *tag = self.seal.payload().seal_chunk_in_place(self.at, self.at + 1 == self.chunks, chunk);
        self.at += 1;
        self.sealed += 1;
        self.rest -= chunk.len() as u64;
        Ok(())
    }

    /// The RFC 6962 root, from the leaves of all its chunks in their order, sealed or as they were.
    #[must_use]
    pub fn root(&self, leaves: &[Hash32]) -> Option<Hash32> {
        let all = self.next_len().is_none() && leaves.len() == self.sealed;
        all.then(|| manifest::part_root(leaves))
    }
}

/// Seals one part whose plaintext stands in memory.
///
/// # Errors
/// [`ClientError::FileChanged`] when the plaintext has not the length that the plan says, else as
/// [`PartSeal::begin`].
pub fn seal_part(
    job: &[u8],
    index: u32,
    size: u64,
    mut plaintext: &[u8],
) -> Result<SealedPart, ClientError> {
    let mut part = PartSeal::begin(job, index, size)?;
    let mut bytes = Vec::with_capacity(part.sealed_len());
    let (mut sealed, mut plain) = (Vec::new(), Vec::new());
    while let Some(len) = part.next_len() {
        let (chunk, rest) = plaintext.split_at_checked(len).ok_or(ClientError::FileChanged)?;
        plain.push(manifest::chunk_leaf(chunk));
        let from = bytes.len();
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(&[0; TAG]);
        let room = bytes.get_mut(from..).unwrap_or_default();
        part.seal(room)?;
        sealed.push(manifest::chunk_leaf(room));
        plaintext = rest;
    }
    let roots = part.root(&sealed).zip(part.root(&plain)).filter(|_| plaintext.is_empty());
    let (root, plain) = roots.ok_or(ClientError::FileChanged)?;
    Ok(SealedPart { index, root, plain, bytes })
}
