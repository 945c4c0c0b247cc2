//! A blob store whose disk can fill up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// Stores in memory until it is full.
#[derive(Debug)]
pub struct Disk {
    pub inner: InMemory,
    pub full: Arc<AtomicBool>,
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a disk")
    }
}

// The trait is made with `async_trait`; written out, it needs no such crate here.
impl ObjectStore for Disk {
    fn put_opts<'s, 'p, 'a>(
        &'s self,
        at: &'p Path,
        bytes: PutPayload,
        options: PutOptions,
    ) -> BoxFuture<'a, Result<PutResult>>
    where
        's: 'a,
        'p: 'a,
        Self: 'a,
    {
        if self.full.load(Ordering::SeqCst) {
            let source = Box::new(std::io::Error::from(std::io::ErrorKind::StorageFull));
            return Box::pin(async { Err(Error::Generic { store: "disk", source }) });
        }
        self.inner.put_opts(at, bytes, options)
    }

    fn put_multipart_opts<'s, 'p, 'a>(
        &'s self,
        at: &'p Path,
        options: PutMultipartOptions,
    ) -> BoxFuture<'a, Result<Box<dyn MultipartUpload>>>
    where
        's: 'a,
        'p: 'a,
        Self: 'a,
    {
        self.inner.put_multipart_opts(at, options)
    }

    fn get_opts<'s, 'p, 'a>(
        &'s self,
        at: &'p Path,
        options: GetOptions,
    ) -> BoxFuture<'a, Result<GetResult>>
    where
        's: 'a,
        'p: 'a,
        Self: 'a,
    {
        self.inner.get_opts(at, options)
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    fn list_with_delimiter<'s, 'p, 'a>(
        &'s self,
        prefix: Option<&'p Path>,
    ) -> BoxFuture<'a, Result<ListResult>>
    where
        's: 'a,
        'p: 'a,
        Self: 'a,
    {
        self.inner.list_with_delimiter(prefix)
    }

    fn copy_opts<'s, 'p, 'q, 'a>(
        &'s self,
        from: &'p Path,
        to: &'q Path,
        options: CopyOptions,
    ) -> BoxFuture<'a, Result<()>>
    where
        's: 'a,
        'p: 'a,
        'q: 'a,
        Self: 'a,
    {
        self.inner.copy_opts(from, to, options)
    }
}
