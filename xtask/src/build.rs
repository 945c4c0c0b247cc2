//! `cargo xtask build`: the site, then the server that carries it.

use crate::frontend::programs::{self, Program, WorkerBuild};
use crate::report::{note, step, there};
use crate::sh::{self, Outcome};
use crate::{frontend, hash, setup, size};
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// `cargo xtask build [--dev|--site]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let (dev, whole) = match words {
        [] => (false, true),
        [word] if word == "--dev" => (true, true),
        [word] if word == "--site" => (false, false),
        _ => return Err("build takes --dev, --site or nothing".to_owned()),
    };
    setup::for_site()?;
    site(dev)?;
    if whole { server(dev).map(drop) } else { Ok(()) }
}

/// Builds the site into `target/site/`; a release also passes the size gate.
pub(crate) fn site(dev: bool) -> Outcome {
    step("build: the app with Trunk, and the site around it", || {
        let mark = mark(dev)?;
        let stamp = sh::at("target/site.stamp");
        let same = sh::text(&stamp).is_ok_and(|built| built == mark);
        if same && frontend::site().join(programs::CLIENT.page).is_file() {
            there("target/site, built from these very sources");
        } else {
            for program in &programs::PROGRAMS {
                trunk(program, &dist(), trunk_words(dev))?;
            }
            for worker in &programs::WORKERS {
                build_worker(worker, "worker", &dist().join(worker.name), dev)?;
            }
            frontend::assemble(&dist(), !dev, &frontend::site())?;
            sh::write(&stamp, mark.as_bytes())?;
        }
        if dev {
            note("a development build: not shrunk, not compressed, not weighed");
            return Ok(());
        }
        size::gate()
    })
}

/// Builds the server with the site inside and returns where it is.
pub(crate) fn server(dev: bool) -> Outcome<PathBuf> {
    step("build: the server, with the site inside", || {
        let mut words = vec!["build", "-p", "server", "--features", "embed"];
        if !dev {
            words.push("--release");
        }
        sh::run(&mut sh::cargo(&words))?;
        Ok(binary("underseal", dev))
    })
}

/// Where cargo leaves a binary.
pub(crate) fn binary(name: &str, dev: bool) -> PathBuf {
    let profile = if dev { "debug" } else { "release" };
    sh::target().join(profile).join(name)
}

/// Compiler flags of every wasm build: the same everywhere, so that nothing is compiled twice, and
/// without this machine's folders, so that two machines get the same bytes.
pub(crate) fn wasm_flags(command: &mut Command) -> &mut Command {
    with_flags(command, "")
}

fn with_flags<'a>(command: &'a mut Command, more: &str) -> &'a mut Command {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let root = sh::root().display().to_string();
    command.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        format!("--remap-path-prefix={root}=/underseal --remap-path-prefix={home}=/cargo{more}"),
    )
}

fn dist() -> PathBuf {
    sh::at("target/dist")
}

/// The site with the faults of the rows that need a browser, for `cargo xtask evil`: a development
/// build, because no other compiles with them, in a folder that nothing else serves.
pub(crate) fn weakened_site() -> Outcome<PathBuf> {
    let (dist, place) = (sh::at("target/dist-weakened"), sh::at("target/site-weakened"));
    for program in &programs::PROGRAMS {
        trunk(program, &dist, &["--features", "vuln"])?;
    }
    for worker in &programs::WORKERS {
        build_worker(worker, "worker", &dist.join(worker.name), true)?;
    }
    frontend::assemble(&dist, false, &place)?;
    Ok(place)
}

fn trunk_words(dev: bool) -> &'static [&'static str] {
    if dev { &[] } else { &["--release"] }
}

fn trunk(program: &Program, dist: &Path, words: &[&str]) -> Outcome {
    let mut command = sh::command("trunk");
    command.arg("build").arg(sh::at("app").join(program.page));
    command.arg("--dist").arg(dist.join(program.name)).args(words);
    // Trunk would otherwise ask the web for a newer Trunk.
    command.env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    // Its own call stack says nothing about our sources.
    command.env("RUST_BACKTRACE", "0");
    sh::run(wasm_flags(&mut command))
}

/// The program that only seals, for `cargo xtask bench seal`, made as the site's is: a script and its
/// WebAssembly in the folder that is returned.
pub(crate) fn bare_worker() -> Outcome<PathBuf> {
    let (place, worker) = (sh::at("target/bench-worker"), &programs::VECTORS);
    build_worker(worker, "bare", &place, false)?;
    let wasm = frontend::optimised(&place.join("bare_bg.wasm"), worker.level)?;
    sh::write(&place.join("bare.wasm"), &wasm)?;
    Ok(place)
}

/// A workers' program: too small for Trunk, whose pages it is not.
fn build_worker(worker: &WorkerBuild, bin: &str, place: &Path, dev: bool) -> Outcome {
    let profile = if dev { "dev" } else { worker.profile };
    let mut build = sh::cargo(&["build", "-p", "worker", "--bin", bin]);
    build.args(["--target", WASM, "--profile", profile]);
    sh::run(with_flags(&mut build, worker.flags))?;
    let folder = if dev { "debug" } else { worker.profile };
    sh::run(
        sh::command("wasm-bindgen")
            .args(["--target", "no-modules", "--no-typescript", "--out-name", bin])
            .arg("--out-dir")
            .arg(place)
            .arg(sh::target().join(WASM).join(folder).join(format!("{bin}.wasm"))),
    )
}

/// One hash over everything the site is made from.
fn mark(dev: bool) -> Outcome<String> {
    let mut list = format!("dev={dev}\n");
    let folders = ["app", "shared/src", "public", "xtask/src/frontend", ".cargo"];
    let files = [
        "Cargo.toml",
        "Cargo.lock",
        "Trunk.toml",
        "shared/Cargo.toml",
        "e2e/package-lock.json",
        "rust-toolchain.toml",
    ];
    let all = folders
        .iter()
        .flat_map(|folder| sh::files(&sh::at(folder)))
        .chain(files.iter().map(|file| sh::at(file)));
    for file in all {
        let line = format!("{} {}\n", sh::shown(&file), hash::sha256_hex(&sh::bytes(&file)?));
        list.push_str(&line);
    }
    Ok(hash::sha256_hex(list.as_bytes()))
}
