//! `cargo xtask evil [--json FILE]`: every published attack, on a build that has its fault put back, which
//! must fall, and on the product, which must refuse. The table of what happened is docs/ATTACKS.md.
//!
//! Each exploit writes a line about itself to `target/evil`: on the host `server/tests/evil`, in Chromium
//! `e2e/tests/evil`.

mod rows;
mod table;

use crate::report::step;
use crate::sh::{self, Outcome};
use crate::{build, e2e, setup, test};
use std::path::{Path, PathBuf};
use table::Said;

/// `cargo xtask evil [--json FILE]`: everything, and the table anew.
pub(crate) fn run(words: &[String]) -> Outcome {
    let file = match words {
        [] => None,
        // For whoever mended one exploit and ran it alone, with UNDERSEAL_EVIL_OUT.
        [flag] if flag == "--table" => return told(&folder(), None, Vec::new()),
        [flag, file] if flag == "--json" => Some(file),
        _ => return Err("evil takes --json FILE, --table or nothing".to_owned()),
    };
    let folder = fresh()?;
    let mut troubles = Vec::new();
    for (what, part) in [
        ("on the host", host as fn() -> Outcome),
        ("on the host, weakened", host_weakened),
        ("in Chromium", browser),
        ("in Chromium, weakened", browser_weakened),
    ] {
        troubles.extend(step(&format!("evil: {what}"), part).err());
    }
    told(&folder, file, troubles)
}

/// The table of what the exploits said: printed, as JSON where somebody wants it, and in the docs.
fn told(folder: &Path, file: Option<&String>, mut troubles: Vec<String>) -> Outcome {
    let rows = table::rows(&said(folder)?);
    print!("{}", table::printed(&rows));
    if let Some(file) = file {
        // The path is the caller's, so it counts from where the caller stands.
        std::fs::write(file, table::json(&rows)).map_err(|error| format!("{file}: {error}"))?;
    }
    troubles.extend(table::flaws(&rows));
    if !troubles.is_empty() {
        return Err(troubles.join("; "));
    }
    // Only what is whole and good is written down.
    sh::write(&sh::at(table::DOC), table::document(&rows).as_bytes())
}

/// The part `evil` of `cargo xtask test`: the weakened build on the host (the product's attempts are among
/// the server's tests and the journeys), and that the table has a row for each file of attacks.
pub(crate) fn check() -> Outcome {
    let folder = fresh()?;
    host_weakened()?;
    let fell = said(&folder)?;
    match table::absent(&fell) {
        rows if rows.is_empty() => Ok(()),
        rows => Err(format!("nothing fell in {}", rows.join(", "))),
    }
}

fn folder() -> PathBuf {
    sh::target().join("evil")
}

/// What an earlier run said must not pass for this one's.
fn fresh() -> Outcome<PathBuf> {
    let folder = folder();
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn said(folder: &Path) -> Outcome<Vec<Said>> {
    sh::files(folder)
        .iter()
        .map(|file| {
            serde_json::from_slice(&sh::bytes(file)?)
                .map_err(|error| format!("{}: {error}", sh::shown(file)))
        })
        .collect()
}

fn host() -> Outcome {
    on_host("shared/plaintext")
}

/// The one place that turns the faults on for the host's tests.
fn host_weakened() -> Outcome {
    on_host("shared/plaintext,server/vuln")
}

fn on_host(features: &str) -> Outcome {
    setup::for_tests()?;
    let mut command = sh::cargo(&["nextest", "run", "--features", features]);
    command.args(test::HOST).args(["--test", "evil", "--no-fail-fast", "--status-level", "fail"]);
    command.env_remove("UNDERSEAL_TEST_POSTGRES").env_remove("UNDERSEAL_TEST_S3");
    sh::run(command.env("UNDERSEAL_EVIL_OUT", folder()))
}

fn browser() -> Outcome {
    setup::for_site()?;
    build::site(false)?;
    build::server(false)?;
    let mut command = e2e::node_program("playwright", &["test", "tests/evil"])?;
    sh::run(command.env("UNDERSEAL_EVIL_OUT", folder()))
}

fn browser_weakened() -> Outcome {
    let site = build::weakened_site()?;
    // A server with no site inside, which serves what it is given.
    sh::run(&mut sh::cargo(&["build", "-p", "server"]))?;
    let mut command = e2e::node_program("playwright", &["test", "tests/evil"])?;
    command.env("UNDERSEAL_BIN", build::binary("underseal", true));
    command.env("UNDERSEAL_WEAKENED", "1").env("UNDERSEAL_SITE", site);
    sh::run(command.env("UNDERSEAL_EVIL_OUT", folder()))
}
