//! What workers do for documents: seal a part, check a part, hash a whole file piece by piece.
//!
//! The page's side and the worker's side of each job stand next to each other. A part goes over as
//! a blob and comes back sealed: the page never holds the file's own bytes.

use std::cell::RefCell;

use crate::platform::file::Blob;
use crate::platform::frame;
use crate::platform::outside::Outside;
use crate::platform::worker::{Body, Done, Pool, Task, TaskFailed, UNREADABLE, Worked};
use shared::client::upload::{SealedPart, fingerprint_part, seal_part};
use shared::crypto::hash::{Hash32, Hasher, sha256};
use shared::secret::Secret;

/// Job number of [`seal`].
pub const SEAL: u32 = 1;
/// Job number of [`check`].
pub const CHECK: u32 = 2;
/// Job number of [`hash`].
pub const HASH: u32 = 3;

const REFUSED: u32 = 2;

/// Why a part was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobFailed {
    /// The file cannot be read any more, or has another length.
    Changed,
    /// The browser gives no worker, or ran out of memory.
    NoWorker,
}

impl From<TaskFailed> for JobFailed {
    fn from(failed: TaskFailed) -> Self {
        match failed {
            TaskFailed::Refused(UNREADABLE) => Self::Changed,
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
    // EXPOSE: a worker of this page seals with it.
    let head = frame::join(&[job.expose(), &index.to_le_bytes(), &size.to_le_bytes()]);
    let done = pool.run(Task { job: SEAL, head, body: Body::Blob(part) }).await?;
    let bytes = done.body.map(Outside::from).ok_or(JobFailed::NoWorker)?;
    // EXPOSE: of a sealed part, what comes back is public.
    let found = frame::split(done.head.expose()).ok_or(JobFailed::NoWorker)?;
    let [digest, root, fingerprint, whole] = found;
    let array = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).map_err(|_| JobFailed::NoWorker);
    let (digest, root) = (Hash32(array(digest)?), Hash32(array(root)?));
    let part = SealedPart { index, bytes, digest, root, fingerprint: array(fingerprint)? };
    let whole = if whole.is_empty() { None } else { Some(Hash32(array(whole)?)) };
    Ok((part, whole))
}

fn do_seal(head: &[u8], plaintext: &[u8]) -> Option<(Secret<Vec<u8>>, Vec<u8>)> {
    let [job, index, size] = frame::split(head)?;
    let index = u32::from_le_bytes(index.try_into().ok()?);
    let size = u64::from_le_bytes(size.try_into().ok()?);
    let part = seal_part(job, index, size, plaintext).ok()?;
    let whole = (plaintext.len() as u64 == size).then(|| sha256(plaintext));
    let whole = whole.as_ref().map_or(&[][..], |digest| &digest.0);
    let head = frame::join(&[&part.digest.0, &part.root.0, &part.fingerprint, whole]);
    Some((head, part.bytes))
}

/// The fingerprint of a part that was sealed before: is it still the same file?
///
/// # Errors
/// [`JobFailed`].
pub async fn check(
    pool: &Pool,
    job: &Secret<Vec<u8>>,
    index: u32,
    part: Blob,
) -> Result<[u8; 32], JobFailed> {
    // EXPOSE: as above.
    let head = frame::join(&[job.expose(), &index.to_le_bytes()]);
    let done = pool.run(Task { job: CHECK, head, body: Body::Blob(part) }).await?;
    array(&done)
}

/// A digest or fingerprint that came back alone.
fn array(done: &Done) -> Result<[u8; 32], JobFailed> {
    // EXPOSE: compared and kept by the page, which has the file itself.
    done.head.expose().as_slice().try_into().map_err(|_| JobFailed::NoWorker)
}

thread_local! {
    /// The one hash a hashing worker is at, and how many bytes went in.
    static HASHING: RefCell<Option<(u64, Hasher)>> = const { RefCell::new(None) };
}

/// The digest of a whole file, in a worker of its own, a piece at a time. `stop` is asked between
/// pieces.
///
/// # Errors
/// [`JobFailed`]; [`JobFailed::NoWorker`] also when stopped.
pub async fn hash(
    pieces: impl Iterator<Item = Option<Blob>>,
    stop: impl Fn() -> bool,
) -> Result<Hash32, JobFailed> {
    let pool = Pool::new(1);
    let done = hash_with(&pool, pieces, stop).await;
    pool.end();
    done
}

async fn hash_with(
    pool: &Pool,
    pieces: impl Iterator<Item = Option<Blob>>,
    stop: impl Fn() -> bool,
) -> Result<Hash32, JobFailed> {
    let mut at = 0_u64;
    for piece in pieces {
        if stop() {
            return Err(JobFailed::NoWorker);
        }
        let piece = piece.ok_or(JobFailed::Changed)?;
        let size = piece.size() as u64;
        let head = Secret::new(at.to_le_bytes().to_vec());
        pool.run(Task { job: HASH, head, body: Body::Blob(piece) }).await?;
        at += size;
    }
    let head = Secret::new(at.to_le_bytes().to_vec());
    let done = pool.run(Task { job: HASH, head, body: Body::None }).await?;
    array(&done).map(Hash32)
}

/// Hashes on from `at`; without a piece, finishes. A worker that was replaced in between has lost
/// its place and refuses.
fn do_hash(head: &[u8], piece: Option<&[u8]>) -> Option<Vec<u8>> {
    let at = u64::from_le_bytes(head.try_into().ok()?);
    HASHING.with_borrow_mut(|hashing| {
        if at == 0 {
            *hashing = Some((0, Hasher::new()));
        }
        let (done, mut hasher) = hashing.take().filter(|(done, _)| *done == at)?;
        let Some(piece) = piece else { return Some(hasher.finish().0.to_vec()) };
        hasher.update(piece);
        *hashing = Some((done + piece.len() as u64, hasher));
        Some(Vec::new())
    })
}

/// The worker's side of all three.
///
/// # Errors
/// A code for the page.
pub fn work(job: u32, head: &[u8], body: Option<&[u8]>) -> Worked {
    match job {
        SEAL => {
            let (head, sealed) = do_seal(head, body.ok_or(REFUSED)?).ok_or(UNREADABLE)?;
            Ok((head, Some(sealed)))
        }
        CHECK => {
            let [job, index] = frame::split(head).ok_or(REFUSED)?;
            let index = u32::from_le_bytes(index.try_into().map_err(|_| REFUSED)?);
            let found = fingerprint_part(job, index, body.ok_or(REFUSED)?);
            let found = found.map_err(|_| REFUSED)?;
            Ok((Secret::new(found.to_vec()), None))
        }
        _ => do_hash(head, body).map(|head| (Secret::new(head), None)).ok_or(REFUSED),
    }
}
