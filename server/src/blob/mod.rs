//! Sealed bytes outside the database: write-once objects under random keys, in a folder (fsynced)
//! or a bucket.
//!
//! An object counts only when a row names its key: the row is the commit point. No conditional put
//! is relied on (several engines ignore them), and an object that no row names is an orphan that
//! [`sweep`] removes after an hour.

use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};

pub mod fs;
pub mod memory;
pub mod s3;
pub mod sweep;

/// What the store answered, as far as anybody can act on it.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No space is left: nothing was stored.
    #[error("the blob store is full")]
    Full,
    /// The store does not answer now.
    #[error("the blob store is busy")]
    Busy,
    /// An object that a row names is not there.
    #[error("a stored object is missing")]
    Missing,
    /// Anything else.
    #[error("blob store: {0}")]
    Other(#[source] object_store::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Missing;
        }
        // The reason for a failed write hides below one or two layers of "generic".
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<std::io::Error>() {
                match io.kind() {
                    std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                        return Self::Full;
                    }
                    std::io::ErrorKind::ConnectionRefused
                    | std::io::ErrorKind::ConnectionReset
                    | std::io::ErrorKind::TimedOut => return Self::Busy,
                    _ => {}
                }
            }
            cause = inner.source();
        }
        Self::Other(error)
    }
}

/// The name of one object: 16 random bytes in hex.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlobKey(String);

impl BlobKey {
    /// A fresh name.
    #[must_use]
    pub fn random() -> Self {
        Self(shared::encoding::to_hex(&shared::crypto::rng::random_id()))
    }

    /// The name as a row keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name out of a row or a listing; anything that is not one is refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        shared::encoding::read_hex::<16>(text).map(|_| Self(text.to_owned()))
    }

    // Two digits of folder keep a directory at a size that every file system likes.
    fn path(&self) -> Path {
        let (shard, _) = self.0.split_at(2);
        Path::from_iter([PREFIX, shard, &self.0])
    }
}

const PREFIX: &str = "parts";

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

impl Blobs {
    /// Over any engine; tests bring one that fails.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Stores a new object durably.
    ///
    /// # Errors
    /// See [`BlobError`]; then nothing is stored that counts.
    pub async fn put(&self, key: &BlobKey, pieces: Vec<Bytes>) -> Result<(), BlobError> {
        let payload: PutPayload = pieces.into_iter().collect();
        self.0.put(&key.path(), payload).await?;
        Ok(())
    }

    /// A span of an object, as a stream of pieces.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub async fn get(
        &self,
        key: &BlobKey,
        from: u64,
        until: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let options =
            GetOptions { range: Some(GetRange::Bounded(from..until)), ..GetOptions::default() };
        let found = self.0.get_opts(&key.path(), options).await?;
        Ok(found.into_stream().map_err(BlobError::from).boxed())
    }

    /// Removes an object; one that is gone already is fine.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.0.delete(&key.path()).await.map_err(BlobError::from) {
            Ok(()) | Err(BlobError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes, reads and removes a small object: whether the store works.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub async fn probe(&self) -> Result<(), BlobError> {
        let path = Path::from("probe");
        self.0.put(&path, PutPayload::from_static(b"underseal")).await?;
        self.0.get(&path).await?;
        Ok(self.0.delete(&path).await?)
    }
}
