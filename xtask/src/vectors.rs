//! `cargo xtask vectors`: which outside and inside vectors the formats are held to.

use crate::sh::{self, Outcome};
use std::collections::BTreeMap;

/// Lists the folders of test vectors with their counts. Vectors are never made again: a format
/// that changes gets new ones beside the old.
pub(crate) fn run() -> Outcome {
    let root = sh::at("shared/tests/vectors");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in sh::files(&root) {
        if let Some(folder) = file.parent() {
            *counts.entry(sh::shown(folder)).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Err("shared/tests/vectors holds no vectors".to_owned());
    }
    for (folder, count) in counts {
        println!("{count:>5}  {folder}");
    }
    Ok(())
}
