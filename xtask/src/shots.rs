//! `cargo xtask shots`: every screen as a picture in `target/shots/`, to be looked at.

use crate::report::{note, step};
use crate::sh::{self, Outcome};
use crate::{build, e2e, setup};

/// `cargo xtask shots [NAME ...]`: names are parts of the files' names in `e2e/shots`.
pub(crate) fn run(words: &[String]) -> Outcome {
    setup::for_site()?;
    build::site(false)?;
    build::server(false)?;
    let folder = sh::at("target/shots");
    step("shots: drawing every screen", || {
        let mut command =
            e2e::node_program("playwright", &["test", "--config", "shots.config.ts"])?;
        sh::run(command.args(words).env("UNDERSEAL_SHOTS", &folder))
    })?;
    let drawn = sh::files(&folder)
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "png"))
        .count();
    if drawn == 0 {
        return Err("no picture was drawn".to_owned());
    }
    note(&format!("{drawn} pictures in target/shots/; now look at them"));
    Ok(())
}
