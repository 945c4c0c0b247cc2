//! What `cargo xtask evil` collects: a file for each exploit on each build, where it asks for them.

use serde_json::json;

use super::Verdict;

/// Writes what became of the exploit that this test's thread is named for.
pub fn write(row: &str, verdict: &Verdict) {
    let Some(folder) = std::env::var_os("UNDERSEAL_EVIL_OUT") else { return };
    let build = if shared::vuln::BUILT { "weakened" } else { "product" };
    let thread = std::thread::current();
    let exploit = thread.name().unwrap_or_default().rsplit("::").next().unwrap_or_default();
    let (outcome, error) = match verdict {
        Ok(()) => ("falls", None),
        Err(refusal) => ("refuses", Some(&refusal.0)),
    };
    let said = json!({
        "row": row, "exploit": exploit, "build": build, "outcome": outcome, "error": error,
    });
    let file = std::path::Path::new(&folder).join(format!("{build}-{row}-{exploit}.json"));
    std::fs::write(file, said.to_string()).unwrap();
}
