//! Everything that drives Chromium through Playwright: journeys, pictures, measurements.
//!
//! Nothing is started here but Playwright; its fixtures start one release server per worker, each
//! on a free port with a data folder of its own.

use crate::sh::{self, Outcome};
use crate::{build, setup};
use std::path::Path;
use std::process::Command;

/// The journeys, after the compiler has read them.
pub(crate) fn run() -> Outcome {
    let mut command = node_program("playwright", &["test"])?;
    typed()?;
    sh::run(&mut command)
}

/// A program of `e2e/node_modules`, started in `e2e` with all it needs to know in its environment.
pub(crate) fn node_program(name: &str, words: &[&str]) -> Outcome<Command> {
    setup::npm(Path::new("e2e"))?;
    let mut command = sh::command(sh::at("e2e/node_modules/.bin").join(name));
    command.args(words).current_dir(sh::at("e2e"));
    environment(&mut command)?;
    Ok(command)
}

/// `UNDERSEAL_BIN`, `UNDERSEAL_OPEN_BIN`, `UNDERSEAL_DEMO_BIN`, `CHROMIUM`.
pub(crate) fn environment(command: &mut Command) -> Outcome {
    let server = build::binary("underseal", false);
    if !server.is_file() {
        return Err("the release server is not built; run `cargo xtask build` first".to_owned());
    }
    // The tools are small; cargo knows when there is nothing to do.
    sh::run(&mut sh::cargo(&["build", "--release", "-p", "cli"]))?;
    command
        .env("UNDERSEAL_BIN", server)
        .env("UNDERSEAL_OPEN_BIN", build::binary("underseal-open", false))
        .env("UNDERSEAL_DEMO_BIN", build::binary("underseal-demo", false))
        .env("CHROMIUM", setup::chromium()?);
    Ok(())
}

/// Type errors in a test would otherwise only show when that line runs.
fn typed() -> Outcome {
    let folder = sh::at("e2e");
    sh::run(sh::command(folder.join("node_modules/.bin/tsc")).arg("--noEmit").current_dir(folder))
}
