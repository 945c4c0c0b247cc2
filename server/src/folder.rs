//! The folders that the server keeps: for its own user alone, and tried out before they are needed.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

/// From now on nothing that the process makes can be read or entered by other users of the machine:
/// neither the database and its journals nor sealed parts, whoever writes them.
pub fn keep_to_ourselves() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Makes the folder, and those above it, for its own user alone; one that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether other users of the machine have any right in this folder.
#[must_use]
pub fn is_open_to_others(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(folder).is_ok_and(|what| what.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// Whether a file can be made in the folder or, before the first start, where it will stand. Nothing
/// is left behind.
///
/// # Errors
/// What the system answers.
pub fn try_out(folder: &Path) -> io::Result<()> {
    let there = folder.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."));
    let name = shared::encoding::to_hex(&shared::crypto::rng::random::<8>());
    let probe = there.join(format!(".underseal-{name}"));
    File::options().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(probe)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::*;

    #[test]
    fn a_folder_is_tried_out_without_a_trace() {
        let place = tempfile::tempdir().unwrap();
        try_out(place.path()).unwrap();
        try_out(&place.path().join("not/yet")).unwrap();
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
        // Nothing can be made below a file, whoever tries.
        std::fs::write(place.path().join("file"), "").unwrap();
        assert!(try_out(&place.path().join("file")).is_err());
        assert!(try_out(&place.path().join("file/below")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b");
        make(&folder).unwrap();
        assert!(!is_open_to_others(&folder) && !is_open_to_others(&place.path().join("a")));
        for mode in [0o710, 0o701, 0o704] {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(is_open_to_others(&folder));
        }
    }
}
