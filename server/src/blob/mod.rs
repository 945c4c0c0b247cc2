//! Sealed bytes outside the database: write-once objects under random keys, in a folder (fsynced)
//! or a bucket.
//!
//! An object counts only when a row names its key: the row is the commit point. No conditional put
//! is relied on (several engines ignore them), and an object that no row names is an orphan that
//! [`sweep`] removes after an hour.

use core::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};
use shared::time::Timestamp;

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
    #[error("the blob store does not answer")]
    Busy,
    /// The bucket's engine does not let us in.
    #[error("the engine refuses these credentials")]
    Denied,
    /// There is no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
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
        // The reason for a failure hides below some layers of "generic".
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(known) = reason(inner) {
                return known;
            }
            cause = inner.source();
        }
        Self::Other(error)
    }
}

/// What one layer of an error says, if it says something to act on.
fn reason(error: &(dyn std::error::Error + 'static)) -> Option<BlobError> {
    use std::io::ErrorKind;
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return match io.kind() {
            // The last one is a limit on the size of files, which is a full disk to whoever meets it.
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Some(BlobError::Full)
            }
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut => {
                Some(BlobError::Busy)
            }
            _ => None,
        };
    }
    if let Some(refusal) = error.downcast_ref::<s3::Refusal>() {
        return Some(match refusal {
            s3::Refusal::Full => BlobError::Full,
            s3::Refusal::Trouble(_) => BlobError::Busy,
            s3::Refusal::Denied => BlobError::Denied,
            s3::Refusal::NoBucket => BlobError::NoBucket,
        });
    }
    // What the layers below say comes first: they may know more.
    let line = error.downcast_ref::<HttpError>()?;
    let broke = matches!(
        line.kind(),
        HttpErrorKind::Connect | HttpErrorKind::Timeout | HttpErrorKind::Interrupted
    );
    broke.then_some(BlobError::Busy)
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

    /// A span of an object of this length, as a stream of pieces.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub async fn get(
        &self,
        key: &BlobKey,
        span: Range<u64>,
        length: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        // Some engines answer a range that is everything as if none had been asked for, which the
        // client takes for an engine that knows no ranges.
        let range = (span != (0..length)).then_some(GetRange::Bounded(span));
        let options = GetOptions { range, ..GetOptions::default() };
        let found = self.0.get_opts(&key.path(), options).await?;
        if found.meta.size != length {
            return Err(BlobError::Missing);
        }
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

    /// The objects there are, with when each was stored. What bears no object's name is left out.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub fn list(&self) -> BoxStream<'static, Result<(BlobKey, Timestamp), BlobError>> {
        let named = |meta: object_store::ObjectMeta| {
            let key = BlobKey::parse(meta.location.filename()?)?;
            let stored = u64::try_from(meta.last_modified.timestamp_millis()).unwrap_or(0);
            Some((key, Timestamp(stored)))
        };
        let listing = self.0.list(Some(&Path::from(PREFIX)));
        listing
            .map_err(BlobError::from)
            .try_filter_map(move |meta| core::future::ready(Ok(named(meta))))
            .boxed()
    }

    /// Looks around, and writes, reads and removes a small object: whether the store works. Under a name of its own
    /// each time, so that two servers that look at once do not meet.
    ///
    /// # Errors
    /// See [`BlobError`].
    pub async fn probe(&self) -> Result<(), BlobError> {
        // Some engines make a bucket for whoever writes to it, so it is looked into first.
        self.list().next().await.transpose()?;
        let key = BlobKey::random();
        let bytes = Bytes::copy_from_slice(key.as_str().as_bytes());
        let length = bytes.len() as u64;
        self.put(&key, vec![bytes.clone()]).await?;
        let pieces: Vec<Bytes> = self.get(&key, 0..length, length).await?.try_collect().await?;
        self.delete(&key).await?;
        if pieces.concat() == bytes { Ok(()) } else { Err(BlobError::Missing) }
    }
}
