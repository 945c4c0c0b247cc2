//! The size gate: what a client's phone has to fetch before the first screen, in brotli.

use crate::frontend;
use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// What a client's first load may weigh at the most, in kB of 1000 bytes.
pub(crate) const LIMIT_KB: f64 = 450.0;

/// One file of the first load.
pub(crate) struct Weight {
    path: String,
    plain: u64,
    brotli: u64,
}

/// Where the build leaves the list of first-load files for us.
pub(crate) fn list_file() -> PathBuf {
    sh::at("target/site-first-load.json")
}

/// Weighs the finished site.
pub(crate) fn weigh() -> Outcome<Vec<Weight>> {
    let list: serde_json::Value = serde_json::from_slice(&sh::bytes(&list_file())?)
        .map_err(|error| format!("{}: {error}", sh::shown(&list_file())))?;
    if list["release"] != serde_json::Value::Bool(true) {
        return Err("only a release build can be weighed; run `cargo xtask build`".to_owned());
    }
    let paths = list["first_load"].as_array().map(Vec::as_slice).unwrap_or_default();
    paths.iter().filter_map(|path| path.as_str()).map(weight).collect()
}

fn weight(path: &str) -> Outcome<Weight> {
    let file = frontend::site().join(path);
    let plain = length(&file)?;
    // What has no twin (fonts) travels as it is.
    let brotli = length(&PathBuf::from(format!("{}.br", file.display()))).unwrap_or(plain);
    Ok(Weight { path: path.to_owned(), plain, brotli })
}

fn length(file: &std::path::Path) -> Outcome<u64> {
    std::fs::metadata(file)
        .map(|found| found.len())
        .map_err(|error| format!("{}: {error}", sh::shown(file)))
}

/// The sum in kB.
#[allow(clippy::cast_precision_loss, reason = "files are far smaller than 2^52 bytes")]
pub(crate) fn total_kb(weights: &[Weight]) -> f64 {
    weights.iter().map(|file| file.brotli).sum::<u64>() as f64 / 1000.0
}

/// Prints the table; fails above the limit.
pub(crate) fn gate() -> Outcome {
    let weights = weigh()?;
    let width = weights.iter().map(|file| file.path.len()).max().unwrap_or(4);
    println!("    {:width$}  {:>9}  {:>9}", "first load", "bytes", "brotli");
    for file in &weights {
        println!("    {:width$}  {:>9}  {:>9}", file.path, file.plain, file.brotli);
    }
    let total = total_kb(&weights);
    println!("    size gate: {total:.1} kB of {LIMIT_KB} kB");
    if total <= LIMIT_KB {
        Ok(())
    } else {
        Err(format!("the first load weighs {total:.1} kB in brotli, more than {LIMIT_KB} kB"))
    }
}
