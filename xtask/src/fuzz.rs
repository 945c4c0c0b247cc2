//! `cargo xtask test fuzz`: every fuzz target of `shared/fuzz` for a moment, from its seeds on. For longer
//! runs, `cargo xtask fuzz [SECONDS] [TARGET ...]`; cargo-fuzz knows the folder as well.
//!
//! The compiler's own coverage counters lead the fuzzer; no sanitizer, which a stable compiler has not, and
//! which safe code needs least.

use crate::report::{note, step};
use crate::setup;
use crate::sh::{self, Outcome};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seconds for each target in the tests.
const MOMENT: u32 = 4;

/// As cargo-fuzz builds without a sanitizer.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
     -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
     -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1";

/// `cargo xtask fuzz [SECONDS] [TARGET ...]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let (seconds, wanted) = match words.split_first() {
        Some((first, rest)) => match first.parse() {
            Ok(seconds) => (seconds, rest),
            Err(_) => (60, words),
        },
        None => (60, words),
    };
    let all = targets();
    if let Some(word) = wanted.iter().find(|word| !all.contains(word)) {
        return Err(format!("there is no target `{word}`; the targets are {}", all.join(" ")));
    }
    let chosen = if wanted.is_empty() { all } else { wanted.to_vec() };
    each(&chosen, seconds)
}

/// The part of the tests.
pub(crate) fn moment() -> Outcome {
    each(&targets(), MOMENT)
}

/// Every file of `fuzz_targets` is one.
fn targets() -> Vec<String> {
    let stem = |path: &PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    sh::files(&sh::at("shared/fuzz/fuzz_targets")).iter().filter_map(stem).collect()
}

fn each(targets: &[String], seconds: u32) -> Outcome {
    setup::cxx()?;
    let (folder, host) = (sh::target().join("fuzz"), host()?);
    step("fuzz: the targets, built to be led", || {
        let mut build = sh::cargo(&["build", "--release", "-p", "fuzz", "--bins"]);
        // Other flags, so other files; named with a triple, so that build scripts stay as they are.
        build.args(["--target", host.as_str(), "--target-dir"]).arg(&folder);
        sh::run(build.env("RUSTFLAGS", FLAGS).env("CARGO_PROFILE_RELEASE_STRIP", "none"))
    })?;
    let mut fallen = Vec::new();
    for target in targets {
        let seeds = sh::at("shared/fuzz/corpus").join(target);
        if sh::files(&seeds).is_empty() {
            return Err(format!("{} has no seeds", sh::shown(&seeds)));
        }
        // What is found goes beside what is built; seeds are only read.
        let (found, crashes) = (folder.join("found").join(target), folder.join("crashes"));
        for folder in [&found, &crashes] {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        let mut fuzz = sh::command(folder.join(&host).join("release").join(target));
        fuzz.arg(&found).arg(&seeds).arg(format!("-max_total_time={seconds}"));
        fuzz.arg(format!("-artifact_prefix={}/{target}-", crashes.display()));
        fuzz.args(["-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"]);
        if let Err(trouble) =
            step(&format!("fuzz: {target}"), || led(&mut fuzz, &folder.join(target)))
        {
            fallen.push(format!("{target} ({trouble}; the bytes are in {})", sh::shown(&crashes)));
        }
    }
    if fallen.is_empty() { Ok(()) } else { Err(fallen.join("; ")) }
}

/// libFuzzer speaks at length on stderr: what it says goes to a file, and how far it came is told here.
fn led(fuzz: &mut Command, log: &Path) -> Outcome {
    let log = log.with_extension("log");
    let file = File::create(&log).map_err(|error| error.to_string())?;
    let went = sh::run(fuzz.stderr(file));
    // It writes bytes of its finds among its words.
    let said = String::from_utf8_lossy(&sh::bytes(&log)?).into_owned();
    if !said.contains("inline 8-bit counters") {
        return Err("the target was built without the counters that lead the fuzzer".to_owned());
    }
    let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    note(&format!("{} runs", runs.unwrap_or(" 0").trim()));
    went.inspect_err(|_| {
        let last: Vec<&str> = said.lines().rev().take(30).collect();
        for line in last.iter().rev() {
            note(line);
        }
    })
}

fn host() -> Outcome<String> {
    let said = sh::read(sh::command("rustc").arg("-vV"))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}

#[cfg(test)]
mod tests {
    use super::targets;
    use crate::sh;

    #[test]
    fn every_target_has_seeds_and_a_place_in_the_manifest() {
        let manifest = sh::text(&sh::at("shared/fuzz/Cargo.toml")).unwrap_or_default();
        assert!(targets().len() > 10);
        for target in targets() {
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
            assert!(!sh::files(&sh::at("shared/fuzz/corpus").join(&target)).is_empty(), "{target}");
        }
    }
}
