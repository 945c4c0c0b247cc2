//! `cargo xtask release`: the site and the programs from a committed state, with the signed list of
//! every file of the app; `--verify` builds the app a second time elsewhere and compares it byte by byte.

use crate::report::{note, step};
use crate::sh::{self, Outcome};
use crate::{build, frontend, hash, setup};
use std::path::{Path, PathBuf};

/// Where the release lies.
const OUT: &str = "target/release-out";
/// Where the second build is made: another folder than the first one's, and its own target.
const AGAIN: &str = "target/release-again";
/// The maker's key, where no flag names it.
const KEY: &str = "UNDERSEAL_RELEASE_KEY";
/// The programs of a release.
const PROGRAMS: [&str; 2] = ["underseal", "underseal-open"];

#[derive(Default)]
struct Wish {
    key: Option<PathBuf>,
    app: Option<String>,
    verify: bool,
}

/// `cargo xtask release [--key FILE] [--app URL] [--verify]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let wish = read(words)?;
    let source = committed()?;
    setup::for_site()?;
    build::site(false)?;
    if wish.verify {
        step("release: the app once more, in another folder", || again(&source))?;
    }
    build::server(false)?;
    sh::run(&mut sh::cargo(&["build", "--release", "-p", "cli"]))?;
    step("release: the list of every file, signed", || write(&wish, &source))
}

/// `cargo xtask release-key FILE`.
pub(crate) fn key(words: &[String]) -> Outcome {
    let [file] = words else { return Err("release-key takes the new key's file".to_owned()) };
    let file = std::path::absolute(file).map_err(|error| error.to_string())?;
    let words = ["run", "--quiet", "--release", "-p", "cli", "--bin", "underseal-release"];
    let public = sh::read(sh::cargo(&words).args(["--", "key"]).arg(&file))?;
    println!("Release key: {}", public.trim());
    note("publish these digits; keep the file where releases are signed, and nowhere else");
    Ok(())
}

fn read(words: &[String]) -> Outcome<Wish> {
    let mut wish = Wish::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--key" => wish.key = Some(PathBuf::from(value()?)),
            "--app" => wish.app = Some(value()?.clone()),
            "--verify" => wish.verify = true,
            other => return Err(format!("release does not know `{other}`")),
        }
    }
    wish.key = wish.key.or_else(|| std::env::var_os(KEY).map(PathBuf::from));
    Ok(wish)
}

/// The commit that is built: nobody can build again what was not committed.
fn committed() -> Outcome<String> {
    let changed = sh::read(sh::command("git").args(["status", "--porcelain"]))?;
    if !changed.trim().is_empty() {
        return Err("a release is built from a committed state; commit first".to_owned());
    }
    git(&["rev-parse", "HEAD"])
}

fn git(words: &[&str]) -> Outcome<String> {
    Ok(sh::read(sh::command("git").args(words))?.trim().to_owned())
}

/// Builds the app of the same commit in a clone, with a target of its own, and compares.
fn again(source: &str) -> Outcome {
    let folder = sh::at(AGAIN);
    // It is only there when an earlier run was cut off.
    let _ = std::fs::remove_dir_all(&folder);
    let mut clone = sh::command("git");
    sh::run(clone.args(["clone", "--quiet", "--no-hardlinks"]).arg(sh::root()).arg(&folder))?;
    let mut checkout = sh::command("git");
    sh::run(checkout.arg("-C").arg(&folder).args(["checkout", "--quiet", source]))?;
    let mut build = sh::cargo(&["run", "--quiet", "--package", "xtask", "--", "build", "--site"]);
    sh::run(build.current_dir(&folder).env_remove("CARGO_TARGET_DIR"))?;
    let found = differences(&frontend::site(), &folder.join("target/site"));
    for difference in &found {
        println!("    {difference}");
    }
    if !found.is_empty() {
        return Err(format!("{} files of the app are not the same; see {AGAIN}", found.len()));
    }
    let count = sh::files(&frontend::site()).len();
    note(&format!("{count} files of the app, the same bytes in both folders"));
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}

/// Every file that is not the same in both folders, or stands in one alone.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<PathBuf> {
        let files = sh::files(folder);
        files.iter().filter_map(|file| Some(file.strip_prefix(folder).ok()?.into())).collect()
    };
    let mut all = [names(one), names(other)].concat();
    all.sort();
    all.dedup();
    let differs = |name: &PathBuf| {
        let [a, b] = [one, other].map(|folder| std::fs::read(folder.join(name)).ok());
        match (a, b) {
            (Some(a), Some(b)) if a == b => None,
            (Some(a), Some(b)) => {
                let at = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
                Some(format!("{}: from byte {at} on", name.display()))
            }
            _ => Some(format!("{}: in one folder alone", name.display())),
        }
    };
    all.iter().filter_map(differs).collect()
}

fn write(wish: &Wish, source: &str) -> Outcome {
    let out = sh::at(OUT);
    let _ = std::fs::remove_dir_all(&out);
    for file in sh::files(&frontend::site()) {
        let name = file.strip_prefix(frontend::site()).unwrap_or(&file);
        sh::write(&out.join("site").join(name), &sh::bytes(&file)?)?;
    }
    for program in PROGRAMS {
        let place = out.join(program);
        std::fs::copy(build::binary(program, false), &place).map_err(|error| error.to_string())?;
    }
    let tool = build::binary("underseal-release", false);
    let key = match &wish.key {
        Some(key) => std::path::absolute(key).map_err(|error| error.to_string())?,
        None => throwaway(&tool)?,
    };
    let mut sign = sh::command(&tool);
    sign.arg("sign").arg("--site").arg(out.join("site")).arg("--key").arg(key);
    sign.arg("--out").arg(&out).args(["--version", env!("CARGO_PKG_VERSION"), "--source", source]);
    sign.args(["--time", &git(&["show", "-s", "--format=%ct", source])?]);
    sign.args(["--toolchain", &toolchain()?]);
    sign.args(wish.app.iter().flat_map(|app| ["--app", app.as_str()]));
    let public = sh::read(&mut sign)?;
    let list: String = sh::files(&out)
        .iter()
        .map(|file| {
            let name = file.strip_prefix(&out).unwrap_or(file).display();
            Ok(format!("{}  {name}\n", hash::sha256_hex(&sh::bytes(file)?)))
        })
        .collect::<Outcome<_>>()?;
    sh::write(&out.join("SHA256SUMS"), list.as_bytes())?;
    note(&format!("{OUT}, signed by {}", public.trim()));
    Ok(())
}

/// A key for whoever only tries it out.
fn throwaway(tool: &Path) -> Outcome<PathBuf> {
    let key = sh::target().join("throwaway-release-key");
    let _ = std::fs::remove_file(&key);
    sh::read(sh::command(tool).arg("key").arg(&key))?;
    note(&format!("signed by a key made up for this run; --key FILE or {KEY} names the maker's"));
    Ok(key)
}

/// What else the bytes depend on; the npm tools are fixed by the commit's lock file.
fn toolchain() -> Outcome<String> {
    let said = |program: &str, word: &str| {
        sh::read(sh::command(program).arg(word)).map(|text| text.trim().to_owned())
    };
    let rustc = said("rustc", "--version")?;
    let node = format!("node {}", said("node", "--version")?);
    Ok([rustc, said("wasm-bindgen", "--version")?, said("trunk", "--version")?, node].join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn two_builds_that_differ_are_told_by_the_file_and_the_byte() {
        let folder = sh::target().join("tmp/release-differences");
        let _ = std::fs::remove_dir_all(&folder);
        let (one, other) = (folder.join("one"), folder.join("other"));
        for (place, bytes) in [("a.js", "same"), ("assets/b.wasm", "0123")] {
            sh::write(&one.join(place), bytes.as_bytes()).unwrap();
            sh::write(&other.join(place), bytes.as_bytes()).unwrap();
        }
        assert!(differences(&one, &other).is_empty());
        sh::write(&other.join("assets/b.wasm"), b"0133").unwrap();
        sh::write(&other.join("c.css"), b"").unwrap();
        let found = differences(&one, &other);
        assert_eq!(found, ["assets/b.wasm: from byte 2 on", "c.css: in one folder alone"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_wish_that_is_not_understood_is_refused() {
        let words =
            |words: &[&str]| read(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert!(words(&["--verify", "--app", "https://example.com"]).is_ok_and(|wish| wish.verify));
        for bad in [["--key"].as_slice(), &["--sign"], &["--verify", "twice"]] {
            assert!(words(bad).is_err(), "{bad:?}");
        }
    }
}
