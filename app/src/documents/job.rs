//! What workers do for documents, as the page asks for it: seal a part, seal it again to compare, open
//! one. `worker::documents` does it.

use shared::client::upload::SealedPart;
use shared::crypto::hash::Hash32;
use shared::secret::Secret;
use worker::documents::{CHECK, OPEN, SEAL};
use worker::frame;
use worker::outside::Outside;
use worker::serve::{UNREADABLE, UNVERIFIED};

use crate::platform::file::Blob;
use crate::platform::worker::{Body, Done, Pool, Task, TaskFailed};

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

/// Seals one part of a file of `size` bytes.
///
/// # Errors
/// [`JobFailed`].
pub async fn seal(
    pool: &Pool,
    job: &Secret<Vec<u8>>,
    index: u32,
    size: u64,
    part: Blob,
) -> Result<SealedPart<Outside>, JobFailed> {
    let done = pool.run(task(SEAL, job, index, size, Body::Blob(part))).await?;
    let (root, plain) = roots(&done)?;
    let bytes = done.body.map(Outside::from).ok_or(JobFailed::NoWorker)?;
    Ok(SealedPart { index, bytes, root, plain })
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
    // EXPOSE: public, and compared by the page.
    hash_of(done.head.expose())
}

/// A part that was opened.
pub struct OpenedPart {
    /// The root over its sealed chunks.
    pub sealed: Hash32,
    /// What was in them, each authenticated.
    pub bytes: Blob,
    /// The root over that.
    pub plain: Hash32,
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
    let (sealed, plain) = roots(&done)?;
    Ok(OpenedPart { sealed, bytes: done.body.ok_or(JobFailed::NoWorker)?, plain })
}

fn task(job: u32, key: &Secret<Vec<u8>>, index: u32, size: u64, body: Body) -> Task {
    // EXPOSE: a worker of this page seals or opens with it.
    let head = frame::join(&[key.expose(), &index.to_le_bytes(), &size.to_le_bytes()]);
    Task { job, head, body }
}

/// The roots of a part, sealed, which is public, and as it was.
fn roots(done: &Done) -> Result<(Hash32, Hash32), JobFailed> {
    // EXPOSE: compared and kept by the page, which has the file itself.
    let [sealed, plain] = frame::split(done.head.expose()).ok_or(JobFailed::NoWorker)?;
    Ok((hash_of(sealed)?, hash_of(plain)?))
}

fn hash_of(bytes: &[u8]) -> Result<Hash32, JobFailed> {
    bytes.try_into().map(Hash32).map_err(|_| JobFailed::NoWorker)
}
