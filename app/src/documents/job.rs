//! What workers do for documents, as the page asks for it: seal a part, seal it again to compare, open
//! one, hash a whole file. `worker::documents` does it.

use shared::client::upload::SealedPart;
use shared::crypto::hash::Hash32;
use shared::secret::Secret;
use worker::documents::{CHECK, FOLLOW, HASH, OPEN, SEAL};
use worker::frame;
use worker::outside::Outside;
use worker::serve::{UNREADABLE, UNVERIFIED};

use crate::net::program;
use crate::platform::file::Blob;
use crate::platform::worker::{Body, Done, Pool, Task, TaskFailed, alone};

/// Why a part was not sealed, or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobFailed {
    /// The file cannot be read any more, or has another length.
    Changed,
    /// What was to be opened is not what was sealed there.
    Unverified,
    /// The workers' program could not be fetched.
    Unreachable,
    /// The browser gives no worker, or ran out of memory.
    NoWorker,
}

impl From<TaskFailed> for JobFailed {
    fn from(failed: TaskFailed) -> Self {
        match failed {
            TaskFailed::Refused(UNREADABLE) => Self::Changed,
            TaskFailed::Refused(UNVERIFIED) => Self::Unverified,
            TaskFailed::Absent => Self::Unreachable,
            TaskFailed::Refused(_) | TaskFailed::Died => Self::NoWorker,
        }
    }
}

/// Seals one part of a file of `size` bytes. Where the part is the whole file, also gives the digest
/// of its plaintext.
///
/// # Errors
/// [`JobFailed`].
pub async fn seal(
    pool: &Pool,
    job: &Secret<Vec<u8>>,
    index: u32,
    size: u64,
    part: Blob,
) -> Result<(SealedPart<Outside>, Option<Hash32>), JobFailed> {
    let done = pool.run(task(SEAL, job, index, size, Body::Blob(part))).await?;
    let bytes = done.body.map(Outside::from).ok_or(JobFailed::NoWorker)?;
    // EXPOSE: of a sealed part, what comes back is public, and its digest stays with the page.
    let found = frame::split(done.head.expose()).ok_or(JobFailed::NoWorker)?;
    let [digest, root, whole] = found;
    let part = SealedPart { index, bytes, digest: hash_of(digest)?, root: hash_of(root)? };
    Ok((part, some_hash(whole)?))
}

/// The root of a part that was sealed before, sealed again: is it still the same file?
///
/// # Errors
/// [`JobFailed`].
pub async fn check(
    pool: &Pool,
    job: &Secret<Vec<u8>>,
    index: u32,
    size: u64,
    part: Blob,
) -> Result<Hash32, JobFailed> {
    let done = pool.run(task(CHECK, job, index, size, Body::Blob(part))).await?;
    alone_in(&done)
}

/// A part that was opened.
pub struct OpenedPart {
    /// The root over its sealed chunks.
    pub root: Hash32,
    /// What was in them, each authenticated.
    pub bytes: Blob,
    /// The digest of that, where the part is the whole file.
    pub whole: Option<Hash32>,
}

/// Opens one part of a payload of `sealed_len` bytes.
///
/// # Errors
/// [`JobFailed`].
pub async fn open(
    pool: &Pool,
    key: &Secret<Vec<u8>>,
    index: u32,
    sealed_len: u64,
    part: Outside,
) -> Result<OpenedPart, JobFailed> {
    let body = part.moved().map_or_else(Body::Blob, Body::Bytes);
    let done = pool.run(task(OPEN, key, index, sealed_len, body)).await?;
    // EXPOSE: compared by the page, which has the file itself.
    let [root, whole] = frame::split(done.head.expose()).ok_or(JobFailed::NoWorker)?;
    let (root, whole) = (hash_of(root)?, some_hash(whole)?);
    Ok(OpenedPart { root, bytes: done.body.ok_or(JobFailed::NoWorker)?, whole })
}

/// The digest of all pieces of a file so far, of which this is the next, after `before` bytes. The pool
/// has one worker, and nothing else asks it.
///
/// # Errors
/// [`JobFailed`].
pub async fn follow(pool: &Pool, before: u64, piece: Blob) -> Result<Hash32, JobFailed> {
    let head = Secret::new(before.to_le_bytes().to_vec());
    alone_in(&pool.run(Task { job: FOLLOW, head, body: Body::Blob(piece) }).await?)
}

/// The digest of a whole file, in a worker of its own, which ends when nobody waits for it any more.
///
/// # Errors
/// [`JobFailed`].
pub async fn hash(file: Blob) -> Result<Hash32, JobFailed> {
    let head = Secret::new(Vec::new());
    let done = alone(Task { job: HASH, head, body: Body::Blob(file) }, program::load).await?;
    alone_in(&done)
}

fn task(job: u32, key: &Secret<Vec<u8>>, index: u32, size: u64, body: Body) -> Task {
    // EXPOSE: a worker of this page seals or opens with it.
    let head = frame::join(&[key.expose(), &index.to_le_bytes(), &size.to_le_bytes()]);
    Task { job, head, body }
}

/// A hash that came back alone.
fn alone_in(done: &Done) -> Result<Hash32, JobFailed> {
    // EXPOSE: compared and kept by the page, which has the file itself.
    hash_of(done.head.expose())
}

fn some_hash(bytes: &[u8]) -> Result<Option<Hash32>, JobFailed> {
    if bytes.is_empty() { Ok(None) } else { hash_of(bytes).map(Some) }
}

fn hash_of(bytes: &[u8]) -> Result<Hash32, JobFailed> {
    bytes.try_into().map(Hash32).map_err(|_| JobFailed::NoWorker)
}
