//! Installs what is missing, once, and says what it found.
//!
//! Tools go where their makers put them: Rust tools into the user's cargo folder, npm packages
//! beside their lockfile, system packages through apt when we are root. Where we may not install,
//! one sentence names what to install by hand.

use crate::report::{note, step, there};
use crate::sh::{self, Outcome};
use crate::{hash, postgres};
use std::path::{Path, PathBuf};

const TRUNK: &str = "0.21.14";
const TARGET: &str = "wasm32-unknown-unknown";

/// All of it.
pub(crate) fn everything() -> Outcome {
    for_site()?;
    for_tests()?;
    chromium().map(drop)?;
    chromedriver().map(drop)?;
    postgres::programs().map(drop)
}

/// What building app and server needs.
pub(crate) fn for_site() -> Outcome {
    step("setup: tools that build the portal", || {
        node()?;
        wasm_target()?;
        rust_tool("trunk", TRUNK, &["--version"], "trunk")?;
        let bindgen = locked("wasm-bindgen")?;
        rust_tool("wasm-bindgen", &bindgen, &["--version"], "wasm-bindgen-cli")?;
        npm(Path::new("e2e"))
    })
}

/// What the tests on this machine need besides browsers and databases.
pub(crate) fn for_tests() -> Outcome {
    step("setup: the test runner", || {
        if sh::works("cargo-nextest", &["nextest", "--version"]) {
            there("cargo-nextest");
            return Ok(());
        }
        note("installing cargo-nextest, which takes some minutes, once");
        sh::run(&mut sh::cargo(&["install", "--locked", "cargo-nextest"]))
    })
}

fn node() -> Outcome {
    let version = sh::read(sh::command("node").arg("--version")).map_err(|_| {
        "Node.js 20 or newer is missing; please install it (nodejs.org).".to_owned()
    })?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    match major.and_then(|number| number.parse::<u32>().ok()) {
        Some(major) if major >= 20 => {
            there(&format!("node {}", version.trim()));
            Ok(())
        }
        _ => Err(format!(
            "Node.js {} is too old; please install version 20 or newer.",
            version.trim()
        )),
    }
}

fn wasm_target() -> Outcome {
    let sysroot = sh::read(sh::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        there(TARGET);
        return Ok(());
    }
    sh::run(sh::command("rustup").args(["target", "add", TARGET]))
        .map_err(|error| format!("{error}; please install Rust's target {TARGET}."))
}

/// A program from crates.io at exactly one version.
fn rust_tool(program: &str, version: &str, ask: &[&str], package: &str) -> Outcome {
    let found = sh::read(sh::command(program).args(ask)).unwrap_or_default();
    if found.split_whitespace().nth(1) == Some(version) {
        there(&format!("{program} {version}"));
        return Ok(());
    }
    note(&format!("installing {package} {version}, which takes some minutes, once"));
    sh::run(&mut sh::cargo(&["install", "--locked", "--version", version, package]))
}

/// The version of a package as Cargo.lock fixes it: the tool must equal the crate.
fn locked(package: &str) -> Outcome<String> {
    let lock = sh::text(&sh::at("Cargo.lock"))?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock names no version of {package}"))
}

/// `npm ci` in a folder, unless its lockfile is the one already installed.
pub(crate) fn npm(folder: &Path) -> Outcome {
    let folder = sh::root().join(folder);
    let lock = hash::sha256_hex(&sh::bytes(&folder.join("package-lock.json"))?);
    let stamp = folder.join("node_modules/.installed");
    if sh::text(&stamp).is_ok_and(|installed| installed == lock) {
        there(&format!("npm packages of {}", sh::shown(&folder)));
        return Ok(());
    }
    sh::run(sh::command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    sh::write(&stamp, lock.as_bytes())
}

/// The age test kit, unpacked: the folder that `shared/tests/cctv.rs` wants to be told.
pub(crate) fn age_kit() -> Outcome<PathBuf> {
    let folder = sh::at("shared/tests/interop");
    npm(&folder)?;
    let kit = folder.join("node_modules/.cctv");
    sh::run(sh::command("node").arg(folder.join("unpack.mjs")).arg(&kit))?;
    Ok(kit)
}

/// The browser all browser tests run in: `$CHROMIUM`, or the one on the PATH, or apt's.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    system_program("CHROMIUM", &names, "chromium", "Chromium")
}

/// What drives that browser for the wasm tests.
pub(crate) fn chromedriver() -> Outcome<PathBuf> {
    system_program("CHROMEDRIVER", &["chromedriver"], "chromium-driver", "ChromeDriver")
}

/// What a browser's sending is measured against.
pub(crate) fn nginx() -> Outcome<PathBuf> {
    system_program("NGINX", &["nginx", "/usr/sbin/nginx"], "nginx", "nginx")
}

/// libFuzzer is written in C++, and built with the targets that it leads.
pub(crate) fn cxx() -> Outcome {
    system_program("CXX", &["c++", "g++", "clang++"], "g++", "a C++ compiler").map(drop)
}

fn system_program(variable: &str, names: &[&str], package: &str, what: &str) -> Outcome<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = sh::find(names) {
        return Ok(path);
    }
    apt(&[package], what)?;
    sh::find(names)
        .ok_or_else(|| format!("{what} is missing; please install it or set {variable}."))
}

/// Installs system packages when we may.
pub(crate) fn apt(packages: &[&str], what: &str) -> Outcome {
    if !sh::is_root() || sh::find(&["apt-get"]).is_none() {
        return Err(format!(
            "{what} is missing; please install it (Debian and Ubuntu: `sudo apt-get install {}`).",
            packages.join(" ")
        ));
    }
    step(&format!("setup: {what} through apt"), || {
        let quiet = |words: &[&str]| {
            sh::run(
                sh::command("apt-get")
                    .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
                    .args(words)
                    .env("DEBIAN_FRONTEND", "noninteractive")
                    // What is installed here is started by whoever needs it, not by the system.
                    .env("RUNLEVEL", "1"),
            )
        };
        quiet(&["update"])?;
        let mut words = vec!["install", "-y", "--no-install-recommends"];
        words.extend(packages);
        quiet(&words)
    })
}
