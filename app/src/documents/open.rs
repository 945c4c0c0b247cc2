//! Opening a document: fetched and opened in parts, side by side in workers, each part verified, kept
//! by the browser and not by us. Nothing of it is given out before all of it is verified.

use shared::client::read::DocumentReader;
use shared::client::{ClientError, Thing};
use shared::ids::{MatterId, ObjectId};
use shared::journal::statement::Verb;
use shared::secret::Secret;

use futures::{StreamExt as _, stream};

use super::job::{self, JobFailed, OpenedPart};
use super::type_of::{HEAD, ShownAs, shown_as};
use crate::keys::ring::ring;
use crate::net::host::BrowserHost;
use crate::net::program;
use crate::platform::clock::sleep;
use crate::platform::file::{Blob, Parts, read};
use crate::platform::page;
use crate::platform::worker::{Pool, Started};
use crate::portal::portal;

/// A document that was read to its end and verified whole.
pub struct OpenedDocument {
    /// Its bytes, with the browser.
    pub blob: Blob,
    /// What it can be shown as.
    pub shown: ShownAs,
    /// Its name, as the sender calls it.
    pub name: String,
}

/// How often a part is asked for again when the network fails.
const TRIES: i32 = 6;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Document);

/// Why it was not opened.
enum Stopped {
    /// Whoever wanted it does not any more.
    Unwanted,
    /// The browser gives no workers.
    NoWorker,
    /// Anything else.
    Failed(ClientError),
}

impl From<ClientError> for Stopped {
    fn from(error: ClientError) -> Self {
        Self::Failed(error)
    }
}

impl From<JobFailed> for Stopped {
    fn from(failed: JobFailed) -> Self {
        match failed {
            JobFailed::Unverified => Self::Failed(BROKEN),
            // The browser lost what it kept for us.
            JobFailed::Changed => Self::Failed(ClientError::Store),
            JobFailed::NoWorker | JobFailed::Unreachable => Self::NoWorker,
        }
    }
}

/// Reads a document. `progress` hears of every part (bytes so far, and in all) and says whether to
/// go on; `None` when it said no.
///
/// # Errors
/// [`ClientError::NotVerified`]: nothing of it is given out.
pub async fn open(
    matter: MatterId,
    object: ObjectId,
    verb: Verb,
    progress: impl Fn(u64, u64) -> bool,
) -> Result<Option<OpenedDocument>, ClientError> {
    let mut reader = portal().open_document(&*ring()?, matter, object, verb).await?;
    let (name, size) = (reader.info().name.clone(), reader.info().size);
    if !progress(0, size) {
        return Ok(None);
    }
    let parts = match by_workers(&reader, size, &progress).await {
        Err(Stopped::NoWorker) if progress(0, size) => in_place(&mut reader, size, &progress).await,
        done => done,
    };
    let (parts, first) = match parts {
        Ok(opened) => opened,
        Err(Stopped::Unwanted | Stopped::NoWorker) => return Ok(None),
        // One that does not verify is counted; with too many, the keys lock.
        Err(Stopped::Failed(error)) => return reader.heed(Err(error)).await,
    };
    let kind = shown_as(&first, size);
    let media_type = match kind {
        ShownAs::Image(media_type) => media_type,
        // Neither is ever opened at this origin; the browser is not told a type it could act on.
        _ => "application/octet-stream",
    };
    let blob = parts.join(media_type).ok_or(ClientError::Store)?;
    if blob.size() as u64 != size {
        return Err(BROKEN);
    }
    Ok(Some(OpenedDocument { blob, shown: kind, name }))
}

/// All parts, and the first bytes, when everything was verified.
type Opened = Result<(Parts, Vec<u8>), Stopped>;

/// A pool fetches and opens parts, a few ahead of the one that is due.
async fn by_workers(
    reader: &DocumentReader<BrowserHost>,
    size: u64,
    progress: &impl Fn(u64, u64) -> bool,
) -> Opened {
    let pool = Started::pool(page::worker_count(), program::load);
    let (key, parts) = (reader.job(), Parts::new());
    let (mut sealed, mut plain, mut first) = (Vec::new(), Vec::new(), Vec::new());
    let all = (0..reader.parts()).map(|index| part(reader, &pool, &key, index));
    let mut all = stream::iter(all).buffered(pool.at_once());
    let mut done = 0;
    while let Some(part) = all.next().await {
        let part = part?;
        // Locked in the middle: stop opening.
        ring()?;
        if sealed.is_empty() {
            let head = part.bytes.slice_with_f64_and_f64(0.0, HEAD as f64);
            first = read(&head.map_err(|_| ClientError::Store)?).await.ok_or(ClientError::Store)?;
        }
        sealed.push(part.sealed);
        plain.push(part.plain);
        parts.add_blob(&part.bytes);
        done += part.bytes.size() as u64;
        if !progress(done, size) {
            return Err(Stopped::Unwanted);
        }
    }
    reader.complete(&sealed, &plain)?;
    Ok((parts, first))
}

async fn part(
    reader: &DocumentReader<BrowserHost>,
    pool: &Pool,
    key: &Secret<Vec<u8>>,
    index: u32,
) -> Result<OpenedPart, Stopped> {
    let mut tries = 0;
    let sealed = loop {
        match reader.sealed_part(index).await {
            Err(ClientError::Unreachable) if tries < TRIES => wait(&mut tries).await,
            sealed => break sealed?,
        }
    };
    Ok(job::open(pool, key, index, reader.sealed_len(), sealed).await?)
}

/// On the page's own thread, where the browser gives no workers: slower, and the page stands still
/// meanwhile, but it opens.
async fn in_place(
    reader: &mut DocumentReader<BrowserHost>,
    size: u64,
    progress: &impl Fn(u64, u64) -> bool,
) -> Opened {
    let (parts, mut first, mut done, mut tries) = (Parts::new(), None, 0, 0);
    loop {
        let piece = match reader.next().await {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok((parts, first.unwrap_or_default())),
            Err(ClientError::Unreachable) if tries < TRIES => {
                wait(&mut tries).await;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        // Locked in the middle: stop opening.
        ring()?;
        tries = 0;
        done += piece.len() as u64;
        parts.add(&piece);
        first
            .get_or_insert_with(|| piece.get(..piece.len().min(HEAD)).unwrap_or_default().to_vec());
        if !progress(done, size) {
            return Err(Stopped::Unwanted);
        }
    }
}

async fn wait(tries: &mut i32) {
    *tries += 1;
    sleep(500 << *tries).await;
}
