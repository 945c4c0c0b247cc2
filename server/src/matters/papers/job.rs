//! Shreds identity papers whose time is over: their sealed bytes are deleted, and what was said of them stays.

use shared::time::Timestamp;

use super::store;
use crate::blob::Blobs;
use crate::db::Db;
use crate::documents;
use crate::error::Reply;

/// Shreds what is due; answers how many papers. One that was begun and cut off is taken up again.
///
/// # Errors
/// When a store fails; what was shredded stays shredded.
pub async fn run(db: &Db, blobs: &Blobs, now: Timestamp) -> Reply<u64> {
    let mut shredded = 0;
    loop {
        let mut read = db.read().await?;
        let due = store::due(&mut read, now).await?;
        if due.is_empty() {
            return Ok(shredded);
        }
        let mut parts = Vec::new();
        for object in due {
            parts.push((object, documents::store::parts(&mut read, object).await?));
        }
        drop(read);
        for (object, parts) in parts {
            for part in parts {
                blobs.delete(&part.blob).await?;
            }
            let mut tx = db.begin().await?;
            store::gone(&mut tx, object, now).await?;
            tx.without_statement("the verdict said when a paper goes").await?;
            shredded += 1;
        }
    }
}
