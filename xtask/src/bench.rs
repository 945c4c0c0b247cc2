//! `cargo xtask bench NAME [--json FILE]`: figures and the goals they are held against.
//!
//! A benchmark is not a test: it ends well whether or not its goals are met, and says which were.

use crate::report::step;
use crate::sh::{self, Outcome};
use crate::{build, e2e, journal, setup, size};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// `cargo xtask bench NAME [--json FILE]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let (name, file) = match words {
        [name] => (name.as_str(), None),
        [name, flag, file] if flag == "--json" => (name.as_str(), Some(file)),
        _ => {
            return Err(
                "bench takes a NAME (feel, journal, names, revoke, seal, size, upload) and perhaps --json FILE"
                    .to_owned(),
            );
        }
    };
    let result = match name {
        "journal" => journal::bench()?,
        "names" => step("bench: names", || native("names", &[]))?,
        "size" => bench_size()?,
        script => bench_script(script)?,
    };
    check(&result)?;
    print(&result);
    if let Some(file) = file {
        let text = serde_json::to_string_pretty(&result).map_err(|error| error.to_string())?;
        // The path is the caller's, so it counts from where the caller stands.
        std::fs::write(file, text + "\n").map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

fn bench_size() -> Outcome<Value> {
    site()?;
    let total = size::total_kb(&size::weigh()?);
    let id = "size.client_first_load_kb";
    Ok(json!({
        "name": "size",
        "figures": [{ "id": id, "value": total, "unit": "kB, brotli" }],
        "goals": [{ "id": id, "value": total, "goal": size::LIMIT_KB, "better": "lower" }],
    }))
}

fn site() -> Outcome {
    setup::for_site()?;
    build::site(false)
}

/// A measurement written in Rust, `server/benches/NAME.rs`, which writes its result to the file named by
/// `UNDERSEAL_BENCH_OUT`; `wants` are further variables it reads.
pub(crate) fn native(name: &str, wants: &[(&str, PathBuf)]) -> Outcome<Value> {
    let out = sh::target().join(format!("bench-{name}-native.json"));
    // A result of an earlier run must not pass for this one's.
    let _ = std::fs::remove_file(&out);
    let words = ["bench", "-p", "server", "--bench", name, "--features", "shared/plaintext"];
    let mut cargo = sh::cargo(&words);
    for (variable, value) in wants {
        cargo.env(variable, value);
    }
    sh::run(cargo.env("UNDERSEAL_BENCH_OUT", &out))?;
    read(&out)
}

/// A measurement written in TypeScript: `e2e/bench/NAME.ts` default-exports nothing and writes its
/// `{figures, goals}` to the file named by `UNDERSEAL_BENCH_OUT`.
pub(crate) fn bench_script(name: &str) -> Outcome<Value> {
    let script = format!("bench/{name}.ts");
    if !sh::at("e2e").join(&script).is_file() {
        return Err(format!("there is no benchmark `{name}` (e2e/{script} is missing)"));
    }
    site()?;
    build::server(false)?;
    let out = sh::target().join(format!("bench-{name}.json"));
    // A result of an earlier run must not pass for this one's.
    let _ = std::fs::remove_file(&out);
    step(&format!("bench: {name}"), || {
        let config = ["test", "--config", "bench.config.ts", script.as_str()];
        let mut command = e2e::node_program("playwright", &config)?;
        if name == "upload" {
            command.env("NGINX", setup::nginx()?);
        }
        if name == "seal" {
            command.env("UNDERSEAL_BENCH_WORKER", build::bare_worker()?);
        }
        if name == "journal" {
            command.env("UNDERSEAL_BENCH_FIRMS", journal::firms());
        }
        sh::run(command.env("UNDERSEAL_BENCH_OUT", &out))
    })?;
    let mut result = read(&out)?;
    result["name"] = Value::from(name);
    Ok(result)
}

fn read(file: &Path) -> Outcome<Value> {
    serde_json::from_slice(&sh::bytes(file)?)
        .map_err(|error| format!("{}: {error}", sh::shown(file)))
}

/// Refuses a result that others could not read.
fn check(result: &Value) -> Outcome {
    let rows = |key: &str| result[key].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows("figures").is_empty() {
        return Err("the benchmark measured nothing".to_owned());
    }
    for (key, numbers) in [("figures", ["value", "value"]), ("goals", ["value", "goal"])] {
        for row in rows(key) {
            if row["id"].as_str().is_none()
                || numbers.iter().any(|name| row[name].as_f64().is_none())
            {
                return Err(format!("a row of `{key}` lacks its id or a number: {row}"));
            }
        }
    }
    let better = |row: &Value| matches!(row["better"].as_str(), Some("higher" | "lower"));
    match rows("goals").iter().find(|row| !better(row)) {
        Some(row) => Err(format!("a goal must say whether higher or lower is better: {row}")),
        None => Ok(()),
    }
}

fn print(result: &Value) {
    let rows = |key: &str| result[key].as_array().map(Vec::as_slice).unwrap_or_default();
    println!("\n{}", result["name"].as_str().unwrap_or_default());
    for row in rows("figures") {
        let (id, unit) = (row["id"].as_str(), row["unit"].as_str());
        let value = row["value"].as_f64().unwrap_or_default();
        println!("  {:34} {value:>12.2} {}", id.unwrap_or_default(), unit.unwrap_or_default());
    }
    for row in rows("goals") {
        let sign = if row["better"] == "higher" { ">=" } else { "<=" };
        let verdict = if met(row) { "met" } else { "not met" };
        let (value, goal) = (row["value"].as_f64(), row["goal"].as_f64());
        println!(
            "  goal {:29} {:>12.2} {sign} {:.2}: {verdict}",
            row["id"].as_str().unwrap_or_default(),
            value.unwrap_or_default(),
            goal.unwrap_or_default()
        );
    }
}

fn met(row: &Value) -> bool {
    match (row["value"].as_f64(), row["goal"].as_f64()) {
        (Some(value), Some(goal)) if row["better"] == "higher" => value >= goal,
        (Some(value), Some(goal)) => value <= goal,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(better: &str) -> Value {
        json!({
            "figures": [{ "id": "a", "value": 2.0, "unit": "s" }],
            "goals": [{ "id": "a", "value": 2.0, "goal": 3.0, "better": better }],
        })
    }

    #[test]
    fn a_goal_is_met_on_its_good_side_only() {
        assert!(met(&result("lower")["goals"][0]));
        assert!(!met(&result("higher")["goals"][0]));
    }

    #[test]
    fn a_result_without_direction_or_figures_is_refused() {
        assert!(check(&result("lower")).is_ok());
        assert!(check(&result("faster")).is_err());
        assert!(check(&json!({ "figures": [], "goals": [] })).is_err());
    }
}
