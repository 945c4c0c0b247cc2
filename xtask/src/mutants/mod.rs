//! `cargo xtask mutants [journal|crypto|FILE ...] [--shard K/N]`: changes every operator, every condition and
//! every answer in `shared/src/journal` and `shared/src/crypto`, one at a time, by cargo-mutants, and sees
//! whether a test falls. What survives must stand in `docs/MUTANTS.md`, with its reason.
//!
//! It works in a crate of its own, made anew from the same files: the two rooms, the few small types that
//! they stand on, and their tests, without the client core. That builds in two seconds where `shared` takes
//! a minute, and thirteen hundred mutants want to be built. For each file the tests that are near to it run
//! first; what survives those meets all of them. What was caught is not tried again until the file in
//! `target/mutants` that says so is gone, so a run may be stopped and gone on with.

mod judge;

use crate::report::step;
use crate::setup;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the two rooms stand on.
const BESIDE: &str = "call encoding ids problem secret time vuln";
const ROOMS: [&str; 2] = ["journal", "crypto"];
/// Test binaries of `shared` that can do without the client core.
const TESTS: [(&str, &str); 4] = [
    ("formats", "formats/main.rs"),
    ("vectors", "vectors.rs"),
    ("cctv", "cctv.rs"),
    ("interop", "interop.rs"),
];
/// Seconds after which a test that a mutant sent round in circles has fallen.
const LIMIT: &str = "60";

/// Files, and the tests that are near to them, all parted by spaces. A file that is not named here meets all
/// tests at once.
const NEAR: [(&str, &str); 22] = [
    ("journal/anchor.rs", "formats::anchor"),
    (
        "journal/checkpoint.rs journal/cosignature.rs",
        "formats::checkpoint::a formats::checkpoint::o formats::checkpoint::c formats::anchor vectors::log",
    ),
    ("journal/proof.rs journal/tree.rs", "formats::tree formats::anchor"),
    ("journal/tile.rs", "formats::tile"),
    ("journal/release.rs", "journal::release vectors::releases"),
    (
        "journal/statement.rs journal/stream.rs journal/epoch.rs",
        "formats::statement vectors::statements vectors::epochs",
    ),
    ("crypto/signed.rs", "formats::signed formats::limits vectors::statements"),
    ("crypto/manifest.rs", "formats::manifest formats::tree::the_root vectors::manifests"),
    (
        "crypto/bundle.rs",
        "formats::bundle::each formats::bundle::cap formats::bundle::a_bundle_of \
         formats::bundle::a_bundle_has formats::bundle::a_kem formats::signed vectors::bundles",
    ),
    ("crypto/cbor.rs", "cbor formats::limits vectors::statements"),
    (
        "crypto/wrapped.rs",
        "formats::wrapped::a formats::wrapped::the formats::wrapped::what formats::limits \
         vectors::envelopes",
    ),
    (
        "crypto/sealed.rs",
        "formats::sealed::a_ formats::sealed::no_bit formats::sealed::two formats::sealed::unk \
         formats::limits formats::unlock::an_ vectors::records vectors::slots",
    ),
    (
        "crypto/age/header.rs",
        "header::tests formats::files::every_other formats::files::a_file formats::files::re \
         formats::limits vectors::files every_vector_for_keys",
    ),
    (
        "crypto/age/file.rs crypto/age/stream.rs",
        "stream::tests formats::files::a_chunk_in formats::files::a_file formats::files::an_ \
         formats::files::re formats::files::no_bit_of_the formats::files::no_bit_of_a_small \
         formats::limits vectors::files",
    ),
    (
        "crypto/age/meta.rs crypto/age/stanza.rs crypto/age/identity.rs",
        "formats::files::no_bit_of_the formats::files::id formats::files::re formats::limits \
         vectors::files",
    ),
    ("crypto/age/foreign.rs", "every_vector_for interop::rust_age_reads interop::we_read"),
    (
        "crypto/age/scrypt.rs crypto/hazmat/scrypt.rs",
        "scrypt::tests interop::rust_age_and every_vector_for_passphrases",
    ),
    ("crypto/slots.rs crypto/recovery.rs", "formats::unlock vectors::slots vectors::recovery"),
    ("crypto/invite.rs", "formats::links vectors::links vectors::offers"),
    (
        "crypto/keys.rs crypto/hash.rs crypto/purpose.rs crypto/fingerprint.rs crypto/rng.rs",
        "crypto::hash crypto::rng crypto::purpose formats::unlock formats::bundle::each \
         formats::bundle::a_key formats::bundle::a_matter formats::statement formats::links vectors",
    ),
    (
        "crypto/opaque.rs crypto/hazmat/opaque.rs crypto/hazmat/argon2id.rs",
        "formats::opaque hazmat::opaque hazmat::argon2id published hazmat::rng",
    ),
    (
        "crypto/hazmat/hash.rs crypto/hazmat/kdf.rs crypto/hazmat/kem.rs crypto/hazmat/expanded.rs crypto/hazmat/sign.rs \
         crypto/hazmat/aead.rs crypto/hazmat/rng.rs",
        "wycheproof published hazmat::rng hazmat::kem hazmat::expanded crypto::hash \
         formats::bundle::a_kem formats::bundle::a_bundle_has vectors",
    ),
];

pub(crate) fn run(words: &[String]) -> Outcome {
    if !sh::works("cargo", &["mutants", "--version"]) {
        return Err("cargo-mutants is missing; `cargo install --locked cargo-mutants` installs it"
            .to_owned());
    }
    let (chosen, shard) = asked(words)?;
    let home = sh::target().join("mutants");
    let work = home.join("work");
    make(&work)?;
    let kit = setup::age_kit()?;
    let at_work = |command: &mut Command| {
        // Each mutant runs every property so many times.
        command.current_dir(&work).env("PROPTEST_CASES", "64").env("INTEROP_OPTIONAL", "1");
        command.env("UNDERSEAL_CCTV", &kit).env_remove("CARGO_TARGET_DIR");
    };
    // Where a test fails by itself, every mutant would seem to be caught.
    let mut tests = sh::cargo(&["test"]);
    at_work(&mut tests);
    step("mutants: the tests, on the code as it is", || sh::run(&mut tests))?;
    let pass = |files: &[String], tests: &[&str]| {
        let mut command = sh::cargo(&["mutants", "--in-place", "--iterate", "--baseline", "skip"]);
        command.args(["--timeout", LIMIT, "--config"]).arg(sh::at(".cargo/mutants.toml"));
        command.arg("--output").arg(&home);
        if let Some(shard) = &shard {
            command.args(["--shard", shard.as_str()]);
        }
        files.iter().for_each(|file| {
            command.args(["--file", &format!("src/{file}")]);
        });
        command.args(["--", "--"]).args(tests);
        at_work(&mut command);
        judge::tried(command.status().map_err(|error| format!("cargo-mutants: {error}"))?.code())
    };
    for (files, tests) in NEAR {
        let wanted = |file: &&str| chosen.iter().any(|one| is_below(file, one));
        let files: Vec<String> =
            files.split_whitespace().filter(wanted).map(str::to_owned).collect();
        let tests: Vec<&str> = tests.split_whitespace().collect();
        if !files.is_empty() {
            step(&format!("mutants: {}", files.join(" ")), || pass(&files, &tests))?;
        }
    }
    let all: Vec<String> = chosen
        .iter()
        .map(|one| if one.contains('.') { one.clone() } else { format!("{one}/**/*.rs") })
        .collect();
    step("mutants: what survived, and all tests", || pass(&all, &[]))?;
    let out = home.join("mutants.out");
    judge::judge(|name| sh::text(&out.join(name)), &sh::text(&sh::at("docs/MUTANTS.md"))?)
}

/// Which rooms or files, and which part of the mutants.
fn asked(words: &[String]) -> Outcome<(Vec<String>, Option<String>)> {
    let (mut chosen, mut shard) = (Vec::new(), None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--shard" {
            let part = words.next().ok_or("--shard wants a part, as in 0/4")?;
            shard = Some(part.clone());
        } else {
            let below = ROOMS.iter().any(|room| is_below(word, room));
            let there = sh::at("shared/src").join(word).exists();
            if !below || !there {
                return Err(format!("`{word}` is neither journal nor crypto nor a file there"));
            }
            chosen.push(word.clone());
        }
    }
    if chosen.is_empty() {
        chosen = ROOMS.map(str::to_owned).into();
    }
    Ok((chosen, shard))
}

/// Whether a file, or a pattern of files, is this one or in this room.
fn is_below(file: &str, one: &str) -> bool {
    file.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Writes the crate.
fn make(work: &Path) -> Outcome {
    for folder in ["src", "tests"] {
        let folder = work.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        }
    }
    let shared = sh::at("shared");
    let copy = |from: PathBuf| {
        let to = work.join(from.strip_prefix(&shared).map_err(|error| error.to_string())?);
        sh::write(&to, &sh::bytes(&from)?)
    };
    BESIDE.split(' ').try_for_each(|name| copy(shared.join(format!("src/{name}.rs"))))?;
    for folder in ["src/journal", "src/crypto", "tests"] {
        sh::files(&shared.join(folder)).into_iter().try_for_each(copy)?;
    }
    // The vectors that need the client core stay out.
    sh::write(&work.join("tests/vectors_kept/mod.rs"), b"")?;
    sh::write(&work.join("src/lib.rs"), root_file().as_bytes())?;
    let (whole, own) = (sh::text(&sh::at("Cargo.toml"))?, sh::text(&shared.join("Cargo.toml"))?);
    sh::write(&work.join("Cargo.toml"), manifest(&whole, &own)?.as_bytes())?;
    sh::write(&work.join("Cargo.lock"), &sh::bytes(&sh::at("Cargo.lock"))?)?;
    sh::write(&work.join("rust-toolchain.toml"), &sh::bytes(&sh::at("rust-toolchain.toml"))?)
}

/// Named `shared` to itself, so that tests from outside can stand inside: one program to link.
fn root_file() -> String {
    let modules = BESIDE.split(' ').chain(ROOMS).map(|name| format!("pub mod {name};\n"));
    let tests = TESTS
        .iter()
        .map(|(name, path)| format!("#[cfg(test)]\n#[path = \"../tests/{path}\"]\nmod {name};\n"));
    let head =
        "#![allow(dead_code)]\nextern crate alloc;\nextern crate self as shared;\n".to_owned();
    std::iter::once(head).chain(modules).chain(tests).collect()
}

/// The crate's manifest, out of the workspace's and that of `shared`.
fn manifest(whole: &str, own: &str) -> Outcome<String> {
    let kept = |line: &&str| !line.contains("path = ");
    let workspace: Vec<&str> =
        table(whole, "[workspace.dependencies]")?.into_iter().filter(kept).collect();
    let features: Vec<&str> =
        table(own, "[features]")?.into_iter().filter(|line| !line.starts_with("default")).collect();
    let mut lines = vec![
        "[package]",
        "name = \"mutants\"",
        "version = \"0.0.0\"",
        "edition = \"2024\"",
        "autotests = false",
        "[lib]",
        "doctest = false",
        "[workspace]",
        "[profile.dev]",
        "debug = false",
        "strip = \"debuginfo\"",
        "[workspace.dependencies]",
    ];
    lines.extend(workspace);
    lines.extend(["[features]", "default = [\"plaintext\"]"]);
    lines.extend(features);
    let hosts = "[target.'cfg(not(target_arch = \"wasm32\"))'.dev-dependencies]";
    for head in ["[dependencies]", "[dev-dependencies]", hosts] {
        lines.push(head);
        lines.extend(table(own, head)?);
    }
    // Dependencies as the other tests have them: the ciphers optimised.
    for head in whole.lines().filter(|line| line.starts_with("[profile.dev.package")) {
        lines.push(head);
        lines.extend(table(whole, head)?);
    }
    Ok(lines.join("\n") + "\n")
}

/// As [`section`]; the table must be there.
fn table<'t>(text: &'t str, head: &str) -> Outcome<Vec<&'t str>> {
    let lines = section(text, head);
    if lines.is_empty() { Err(format!("no {head} in a Cargo.toml")) } else { Ok(lines) }
}

/// The lines of a table of TOML, without its head.
fn section<'t>(text: &'t str, head: &str) -> Vec<&'t str> {
    let rest = text.lines().skip_while(|line| *line != head).skip(1);
    rest.take_while(|line| !line.starts_with('[')).collect()
}

#[cfg(test)]
mod tests {
    use super::{NEAR, asked, is_below, manifest, root_file, section};
    use crate::sh;

    #[test]
    fn every_file_that_is_named_is_there() {
        for file in NEAR.iter().flat_map(|(files, _)| files.split_whitespace()) {
            assert!(sh::at("shared/src").join(file).exists(), "{file}");
        }
    }

    #[test]
    fn a_room_or_a_file_of_one_can_be_asked_for() {
        let ask = |words: &[&str]| {
            asked(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(ask(&[]).map(|(rooms, _)| rooms.len()), Ok(2));
        let (files, shard) = ask(&["crypto/cbor.rs", "--shard", "1/4"]).unwrap_or_default();
        assert_eq!((files, shard.as_deref()), (vec!["crypto/cbor.rs".to_owned()], Some("1/4")));
        assert!(ask(&["client"]).is_err() && ask(&["crypto/none.rs"]).is_err());
        assert!(ask(&["--shard"]).is_err());
        assert!(is_below("crypto/age/*.rs", "crypto") && !is_below("cryptography", "crypto"));
    }

    #[test]
    fn the_crate_has_what_the_rooms_use_and_not_the_client() {
        let text = |path: &str| sh::text(&sh::at(path)).unwrap_or_default();
        let made = manifest(&text("Cargo.toml"), &text("shared/Cargo.toml")).unwrap_or_default();
        assert!(made.contains("\n[dependencies]\n") && made.contains("minicbor.workspace = true"));
        assert!(made.contains("[profile.dev.package.argon2]\nopt-level = 3"));
        assert!(made.contains("-a40 = [") && !made.contains("path = "));
        assert!(root_file().contains("pub mod crypto;") && !root_file().contains("client"));
        assert_eq!(section("[a]\nb = 1\nc = 2\n[d]\ne = 3", "[a]"), ["b = 1", "c = 2"]);
    }
}
