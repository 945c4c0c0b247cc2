//! Removes objects that no row names: what a crash between the object and its row leaves behind.

use futures::TryStreamExt as _;
use object_store::path::Path;

use super::{BlobKey, Blobs, PREFIX};
use crate::db::{Db, args};
use crate::error::ApiError;
use shared::time::{HOUR, Timestamp};

/// An upload in flight has its object before its row, but never for this long.
const GRACE: u64 = HOUR;

/// Removes orphans older than an hour; answers how many.
///
/// # Errors
/// When the store or the database fails; what was removed stays removed.
pub async fn run(db: &Db, blobs: &Blobs, now: Timestamp) -> Result<u64, ApiError> {
    let mut listing = blobs.0.list(Some(&Path::from(PREFIX)));
    let mut removed = 0;
    while let Some(meta) = listing.try_next().await.map_err(super::BlobError::from)? {
        let Some(key) = meta.location.filename().and_then(BlobKey::parse) else {
            continue;
        };
        let made = u64::try_from(meta.last_modified.timestamp_millis()).unwrap_or(0);
        if !Timestamp(made).is_before(now, GRACE) {
            continue;
        }
        let mut read = db.read().await?;
        let named =
            read.fetch_optional("SELECT 1 FROM part WHERE blob = $1", args![key.as_str()]).await?;
        if named.is_none() {
            blobs.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
