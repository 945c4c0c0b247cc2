//! `cargo xtask test`: everything that must hold, cheapest first.
//!
//! A failed step does not stop the others: one run tells all that is wrong. The host's packages are
//! always built as one set, because a set of its own for each would compile their dependencies
//! again with other features.

use crate::report::Summary;
use crate::sh::{self, Outcome};
use crate::{build, crates, e2e, evil, fuzz, postgres, report, setup, simd, tidy};
use std::process::Command;

pub(crate) const HOST: [&str; 8] = ["-p", "shared", "-p", "server", "-p", "cli", "-p", "xtask"];
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The parts, in the order in which they run.
const PARTS: [Part; 18] = [
    ("fmt", "every file is laid out by rustfmt", fmt),
    ("tidy", "the house rules hold over the sources", tidy::check),
    ("crates", "licences and sources of what others wrote", crates::check),
    ("apart", "the server's build cannot open anything", apart),
    ("clippy", "no lint on host or wasm, tests included", clippy),
    ("shared", "formats, protocols, journal, and other people's vectors", shared),
    ("interop", "only the vectors and programs that are not ours", interop),
    ("server", "the server's promises on SQLite", server),
    ("postgres", "the same promises on PostgreSQL", server_on_postgres),
    ("s3", "what is stored in a bucket, on a real S3 engine", server_on_s3),
    ("evil", "every attack succeeds where its fault is put back", evil::check),
    ("cli", "the tools without a browser", cli),
    ("xtask", "the project's own commands", xtask),
    ("fuzz", "every parser, led by its own branches for a moment", fuzz::moment),
    ("simd", "the cipher in vectors, byte for byte the crate's", simd::run),
    ("wasm", "the app's own tests in Chromium", wasm),
    ("site", "the site, its size gate, and the server around it", site),
    ("e2e", "the journeys in Chromium against the real server", e2e::run),
];

type Part = (&'static str, &'static str, fn() -> Outcome);

/// `cargo xtask test [PART ...]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    if let Some(word) = words.iter().find(|word| PARTS.iter().all(|(name, ..)| name != *word)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, ..)| *name).collect();
        return Err(format!("test knows no part `{word}`; the parts are {}", names.join(" ")));
    }
    // What `shared` already holds is only run by its own name.
    let wanted = |name: &str| match words {
        [] => name != "interop",
        _ => words.iter().any(|word| word == name),
    };
    let mut summary = Summary::default();
    for (name, what, part) in PARTS {
        if wanted(name) {
            summary.step(name, what, part);
        }
    }
    summary.close()
}

fn fmt() -> Outcome {
    sh::run(&mut sh::cargo(&["fmt", "--all", "--check"]))
}

/// The whole claim: with `server` built alone, `shared` has no `plaintext`, so the types and
/// functions that open anything do not exist in it. That it compiles so is what `site` shows, which
/// builds it alone.
fn apart() -> Outcome {
    let words = ["tree", "-p", "server", "-e", "normal,features", "--prefix", "none"];
    let tree = sh::read(&mut sh::cargo(&words))?;
    if !tree.lines().any(|line| line.starts_with("shared ")) {
        return Err("cargo tree did not name `shared` at all, so nothing is proven".to_owned());
    }
    match tree.lines().find(|line| line.starts_with("shared feature \"plaintext\"")) {
        Some(line) => Err(format!("the server turns on what opens plaintext: {line}")),
        None => Ok(()),
    }
}

fn clippy() -> Outcome {
    let denied = ["--", "-D", "warnings"];
    let mut host = sh::cargo(&["clippy", "--all-targets", "--features", "shared/plaintext"]);
    sh::run(host.args(HOST).args(denied))?;
    let mut app =
        sh::cargo(&["clippy", "-p", "app", "-p", "worker", "--all-targets", "--target", WASM]);
    sh::run(build::wasm_flags(&mut app).args(denied))?;
    sh::run(simd::command("clippy").args(["-D", "warnings"]))
}

/// Runs the tests of one package out of the one set.
fn nextest(package: &str, filter: &str) -> Outcome<Command> {
    setup::for_tests()?;
    let mut command = sh::cargo(&["nextest", "run", "--features", "shared/plaintext"]);
    command.args(HOST).args(["--no-tests", "fail", "-E"]);
    command.arg(format!("package({package}){filter}"));
    command.args(["--status-level", "fail", "--final-status-level", "flaky"]);
    Ok(command)
}

fn shared() -> Outcome {
    with_what_others_published("")
}

fn interop() -> Outcome {
    with_what_others_published(" & binary(/interop|cctv/)")
}

/// The tests of `shared` hold it to the age test kit and to the age implementation for browsers,
/// which come from npm.
fn with_what_others_published(filter: &str) -> Outcome {
    let kit = setup::age_kit()?;
    sh::run(nextest("shared", filter)?.env("UNDERSEAL_CCTV", kit))
}

fn server() -> Outcome {
    let mut command = nextest("server", "")?;
    sh::run(command.env_remove("UNDERSEAL_TEST_POSTGRES").env_remove("UNDERSEAL_TEST_S3"))
}

/// Every test that stores sealed parts, with an engine of its own in each (`s3s-fs`), or at the
/// address that `UNDERSEAL_TEST_S3` names.
fn server_on_s3() -> Outcome {
    let engine = std::env::var("UNDERSEAL_TEST_S3").unwrap_or_else(|_| "s3s".to_owned());
    let storing = " & binary(/^(access|documents|evil|insider|intake|journey|line|s3|strict|versions|zero_knowledge)$/)";
    let mut command = nextest("server", storing)?;
    sh::run(command.env_remove("UNDERSEAL_TEST_POSTGRES").env("UNDERSEAL_TEST_S3", engine))
}

fn server_on_postgres() -> Outcome {
    let cluster = report::step("PostgreSQL: a cluster of our own", postgres::Cluster::start)?;
    let mut command = nextest("server", "")?;
    let command = command.env_remove("UNDERSEAL_TEST_S3");
    sh::run(command.env("UNDERSEAL_TEST_POSTGRES", &cluster.url))
}

/// An export is opened with npm's age implementation, among others.
fn cli() -> Outcome {
    setup::npm(&sh::at("shared/tests/interop"))?;
    sh::run(&mut nextest("cli", "")?)
}

fn xtask() -> Outcome {
    sh::run(&mut nextest("xtask", "")?)
}

/// The tests within the rooms of app and worker, and those that ask a browser what the app asks of it.
const SUITES: [&str; 3] = ["--lib", "--test", "browser"];

fn wasm() -> Outcome {
    setup::for_site()?;
    // ChromeDriver looks for the browser where the system puts it.
    setup::chromium()?;
    let driver = setup::chromedriver()?;
    let mut command = sh::cargo(&["test", "-p", "app", "-p", "worker", "--target", WASM]);
    build::wasm_flags(command.args(SUITES));
    command.env("CHROMEDRIVER", driver);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    // It lists every request of its own little server otherwise.
    let printed = sh::heard(command.env("RUST_LOG", "error"))?;
    all_suites_ran(&printed)
}

/// How many tests each suite passed that `wasm-bindgen-test-runner` ran.
pub(crate) fn passed(printed: &str) -> Vec<usize> {
    let count = |line: &str| {
        let (count, _) = line.strip_prefix("test result: ok. ")?.split_once(" passed")?;
        count.parse().ok()
    };
    printed.lines().filter_map(count).collect()
}

/// The runner says "no tests to run!" and succeeds: then nothing is proven.
fn all_suites_ran(printed: &str) -> Outcome {
    let suites = passed(printed);
    match suites.as_slice() {
        [rooms, browser, worker] if !suites.contains(&0) => {
            report::note(&format!(
                "{rooms} tests in the app's rooms, {browser} of the browser, {worker} of the worker"
            ));
            Ok(())
        }
        _ => Err(format!("three suites must run at least one test each; they ran {suites:?}")),
    }
}

fn site() -> Outcome {
    setup::for_site()?;
    build::site(false)?;
    build::server(false).map(drop)
}

#[cfg(test)]
mod tests {
    use super::all_suites_ran;

    #[test]
    fn a_suite_that_runs_nothing_proves_nothing() {
        let ran = |count: usize| format!("test result: ok. {count} passed; 0 failed; 0 ignored\n");
        assert!(all_suites_ran(&(ran(17) + &ran(20) + &ran(2))).is_ok());
        for bad in [
            String::new(),
            "no tests to run!\nno tests to run!\n".to_owned(),
            ran(17) + &ran(20),
            ran(17) + &ran(20) + "no tests to run!\n",
            ran(17) + &ran(0) + &ran(2),
            ran(17) + &ran(2) + "test result: FAILED. 20 passed; 1 failed\n",
        ] {
            assert!(all_suites_ran(&bad).is_err(), "{bad}");
        }
    }
}
