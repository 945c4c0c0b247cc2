//! `cargo xtask test simd`: the cipher in vectors, which exists only in wasm that is compiled with
//! them, run in Node. Only `shared` gets that flag, and the optimiser as in a release; all that it
//! stands on is what the app's own tests have compiled.

use crate::sh::{self, Outcome};
use crate::test::{self, WASM};
use crate::{build, report, setup};
use std::process::Command;

/// Tests that must have run: those beside the cipher, and Wycheproof's.
const TESTS: usize = 10;

pub(crate) fn run() -> Outcome {
    setup::for_site()?;
    let mut rustc = command("rustc");
    let printed = sh::read(rustc.args(["-C", "opt-level=3"]))?;
    let tests = executable(&printed).ok_or("cargo named no executable of shared's tests")?;
    let mut runner = sh::command("wasm-bindgen-test-runner");
    enough(&test::passed(&sh::heard(runner.arg(tests))?))
}

/// `cargo rustc` or `cargo clippy` over the tests of `shared` with vectors; what is added goes to
/// the compiler.
pub(crate) fn command(verb: &str) -> Command {
    let words = [verb, "-p", "shared", "--lib", "--profile", "test", "--features", "plaintext"];
    let mut command = sh::cargo(&words);
    command.args(["--target", WASM]);
    if verb == "rustc" {
        command.args(["--message-format", "json-render-diagnostics"]);
    }
    build::wasm_flags(&mut command).args(["--", "-C", "target-feature=+simd128"]);
    command
}

/// The last file that can be run among cargo's messages.
pub(crate) fn executable(messages: &str) -> Option<&str> {
    let (_, rest) = messages.rsplit_once("\"executable\":\"")?;
    rest.split_once('"').map(|(path, _)| path)
}

/// The runner also succeeds where it finds nothing to run.
fn enough(suites: &[usize]) -> Outcome {
    match suites {
        [ran] if *ran >= TESTS => {
            report::note(&format!("{ran} tests of the cipher in vectors"));
            Ok(())
        }
        _ => Err(format!("one suite must run at least {TESTS} tests; they ran {suites:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{TESTS, enough, executable};

    #[test]
    fn what_cargo_built_is_found_among_its_messages() {
        let messages = "{\"executable\":null}\n{\"executable\":\"/a/shared.wasm\",\"fresh\":true}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages), Some("/a/shared.wasm"));
        assert_eq!(executable("{\"executable\":null}\n"), None);
    }

    #[test]
    fn a_suite_that_runs_too_little_proves_nothing() {
        assert!(enough(&[TESTS]).is_ok());
        for suites in [&[][..], &[0], &[TESTS - 1], &[TESTS, TESTS]] {
            assert!(enough(suites).is_err(), "{suites:?}");
        }
    }
}
