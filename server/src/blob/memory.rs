//! Objects in memory, for tests that need no disk.

use std::sync::Arc;

use object_store::memory::InMemory;

use super::Blobs;

/// An empty store.
#[must_use]
pub fn open() -> Blobs {
    Blobs::new(Arc::new(InMemory::new()))
}
