//! Removes objects that no row names: what a crash between the object and its row leaves behind.

use futures::TryStreamExt as _;

use super::Blobs;
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
    let mut listing = blobs.list();
    let mut removed = 0;
    while let Some((key, stored)) = listing.try_next().await? {
        if !stored.is_before(now, GRACE) {
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
