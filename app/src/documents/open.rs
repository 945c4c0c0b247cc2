//! Opening a document: read piece by piece, each verified, kept by the browser and not by us.

use crate::platform::file::Blob;
use shared::client::read::DocumentReader;
use shared::client::{ClientError, Thing};
use shared::ids::{MatterId, ObjectId};
use shared::journal::statement::Verb;

use super::type_of::{Shown, shown};
use crate::keys::ring::ring;
use crate::net::host::BrowserHost;
use crate::platform::clock::sleep;
use crate::platform::file::Parts;
use crate::portal::portal;

/// A document that was read to its end and verified whole.
pub struct OpenedDocument {
    /// Its bytes, with the browser.
    pub blob: Blob,
    /// What it can be shown as.
    pub shown: Shown,
    /// Its name, as the sender calls it.
    pub name: String,
}

/// How often a piece is asked for again when the network fails.
const TRIES: i32 = 6;

/// Reads a document. `progress` hears of every piece (bytes so far, and in all) and says whether to
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
    let parts = Parts::new();
    let mut kind = None;
    let mut done = 0;
    while let Some(piece) = next(&mut reader).await? {
        // Locked in the middle: stop showing.
        ring()?;
        kind.get_or_insert_with(|| shown(&piece, size));
        done += piece.len() as u64;
        parts.add(&piece);
        if !progress(done, size) {
            return Ok(None);
        }
    }
    let kind = kind.unwrap_or_else(|| shown(&[], size));
    let media_type = match kind {
        Shown::Image(media_type) => media_type,
        // Neither is ever opened at this origin; the browser is not told a type it could act on.
        _ => "application/octet-stream",
    };
    let blob = parts.join(media_type).ok_or(ClientError::Store)?;
    if blob.size() as u64 != size {
        return Err(ClientError::NotVerified(Thing::Document));
    }
    Ok(Some(OpenedDocument { blob, shown: kind, name }))
}

async fn next(reader: &mut DocumentReader<BrowserHost>) -> Result<Option<Vec<u8>>, ClientError> {
    let mut tries = 0;
    loop {
        match reader.next().await {
            Err(ClientError::Unreachable) if tries < TRIES => {
                tries += 1;
                sleep(500 << tries).await;
            }
            other => return other,
        }
    }
}
