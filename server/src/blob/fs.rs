//! Objects as files of a folder.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;

use super::{BlobError, Blobs};

/// Opens the folder, making it the first time.
///
/// # Errors
/// When the folder cannot be made or used.
pub fn open(folder: &Path) -> Result<Blobs, BlobError> {
    crate::folder::make(folder).map_err(|error| {
        BlobError::from(object_store::Error::Generic { store: "folder", source: Box::new(error) })
    })?;
    // Without fsync an acknowledged part may be gone after a power cut.
    let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
    Ok(Blobs::new(Arc::new(store)))
}
