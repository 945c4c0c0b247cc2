//! `cargo xtask bench journal`: proofs checked in wasm as a browser runs it, long matters opened over the
//! real server and in Chromium, and what an addition to the journal writes.

use crate::report::step;
use crate::sh::{self, Outcome};
use crate::test::WASM;
use crate::{bench, build, setup};
use serde_json::{Value, json};
use std::path::PathBuf;

/// What a goal is about, and the goal, for figures that the wasm prints.
const PROOF: (&str, f64) = ("journal.proof_check_1m_ms", 5.0);

pub(crate) fn bench() -> Outcome<Value> {
    setup::for_site()?;
    let printed = step("bench: proofs, in wasm", proofs)?;
    let mut figures = figures(&printed)?;
    let (id, goal) = PROOF;
    let row = figures.iter().find(|row| row["id"] == id);
    let row = row.ok_or_else(|| format!("the wasm printed no figure {id}"))?;
    let mut goals =
        vec![json!({ "id": id, "value": row["value"], "goal": goal, "better": "lower" })];
    let opened = step("bench: a long journal, on this machine", native)?;
    let shown = bench::bench_script("journal")?;
    for (rows, key) in [(&mut figures, "figures"), (&mut goals, "goals")] {
        for result in [&opened, &shown] {
            rows.extend(result[key].as_array().cloned().unwrap_or_default());
        }
    }
    Ok(json!({ "name": "journal", "figures": figures, "goals": goals }))
}

/// Builds the measurement with the app's own profile and runs it in Node; what it printed.
fn proofs() -> Outcome<String> {
    let words = ["test", "-p", "shared", "--bench", "proof", "--profile", "wasm-release"];
    let mut cargo = sh::cargo(&words);
    cargo.args(["--target", WASM, "--no-run", "--message-format", "json-render-diagnostics"]);
    let messages = sh::read(build::wasm_flags(&mut cargo))?;
    let bench = crate::simd::executable(&messages).ok_or("cargo named no executable")?;
    sh::read(sh::command("wasm-bindgen-test-runner").args([bench, "--nocapture"]))
}

/// The lines that begin with `figure`: a name, and milliseconds.
fn figures(printed: &str) -> Outcome<Vec<Value>> {
    let lines = printed.lines().filter_map(|line| line.trim().strip_prefix("figure "));
    lines
        .map(|line| {
            let (id, value) = line.split_once(' ').unwrap_or((line, ""));
            let value: f64 = value.parse().map_err(|_| format!("`{line}` is no figure"))?;
            Ok(json!({ "id": id, "value": value, "unit": "ms, in wasm" }))
        })
        .collect()
}

/// Where the measurement on this machine leaves the firms whose matters a browser then opens.
pub(crate) fn firms() -> PathBuf {
    sh::target().join("bench-journal-firms")
}

fn native() -> Outcome<Value> {
    let _ = std::fs::remove_dir_all(firms());
    bench::native("journal", &[("UNDERSEAL_BENCH_KEEP", firms())])
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn figures_are_read_out_of_what_is_printed() {
        let printed = "running 2 tests\n  figure a.b_ms 0.25\n\nfigure c 3\ntest x ... ok\n";
        let found = figures(printed).unwrap_or_default();
        let read: Vec<_> =
            found.iter().map(|row| (row["id"].as_str(), row["value"].as_f64())).collect();
        assert_eq!(read, [(Some("a.b_ms"), Some(0.25)), (Some("c"), Some(3.0))]);
        assert!(figures("figure a much").is_err());
        assert!(figures("figure a").is_err());
    }
}
