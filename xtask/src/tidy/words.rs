//! Rules about single lines: which room may say what.

use super::{File, Tree, Violation};

/// This folder names every forbidden word in order to forbid it.
const HERE: &str = "xtask/src/tidy/";

/// Where the product's own code is.
const OURS: [&str; 5] = ["shared/src/", "server/src/", "app/src/", "app/worker/src/", "cli/src/"];

/// What runs in the browser: in the page, and in its workers.
const BROWSER: [&str; 2] = ["app/src/", "app/worker/src/"];

/// The worker's files that touch the browser: it has no room for them, being one itself.
const WORKERS_OWN: [&str; 4] = ["digest.rs", "outside.rs", "pieces.rs", "serve.rs"];

/// Crates that do cryptography, as Rust code names them.
const CIPHERS: [&str; 22] = [
    "aead",
    "argon2",
    "blake2",
    "chacha20",
    "chacha20poly1305",
    "curve25519_dalek",
    "digest",
    "ed25519_dalek",
    "hkdf",
    "hmac",
    "hpke",
    "ml_kem",
    "opaque_ke",
    "poly1305",
    "salsa20",
    "sha2",
    "sha2_old",
    "x25519_dalek",
    "x_wing",
    "sha3",
    "shake",
    "scrypt",
];

/// Primitives live behind one wall; everybody else says what bytes are for.
pub(super) fn only_hazmat_names_ciphers(tree: &Tree) -> Vec<Violation> {
    let outside = |file: &&File| !file.path.starts_with("shared/src/crypto/hazmat/");
    let rust = tree.rust(&OURS);
    lines(rust.filter(outside), |line| {
        let krate = CIPHERS.iter().find(|krate| names_crate(line, krate))?;
        Some(format!("`{krate}` belongs in shared/src/crypto/hazmat; call what that offers"))
    })
}

/// `use sha2` or `sha2::`, but not `crypto::sha2::` nor `my_sha2::`.
fn names_crate(line: &str, krate: &str) -> bool {
    let line = line.trim_start();
    let import = line.strip_prefix("use ").unwrap_or_default();
    let imported = import.strip_prefix(krate).is_some_and(|rest| rest.starts_with([':', ';', ' ']));
    let called = line.match_indices(&format!("{krate}::")).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        // A path that only ends in the crate's name is a module of ours of that name.
        !before.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == ':')
    });
    imported || (called && !is_own_module(krate))
}

/// Names that are also modules of ours, so that only an import tells them apart.
fn is_own_module(krate: &str) -> bool {
    ["aead", "digest", "hpke", "scrypt"].contains(&krate)
}

/// The browser is reached through `platform`; `net` may, for the one fetch.
pub(super) fn only_platform_names_the_browser(tree: &Tree) -> Vec<Violation> {
    let outside = |file: &&File| {
        let own = file.path.strip_prefix("app/worker/src/");
        !file.path.starts_with("app/src/platform/")
            && !file.path.starts_with("app/src/net/")
            && !own.is_some_and(|name| WORKERS_OWN.contains(&name))
    };
    lines(tree.rust(&BROWSER).filter(outside), |line| {
        line.contains("web_sys::").then(|| {
            "`web_sys` belongs in app/src/platform (or net), and in a worker in what lends it; ask \
             those for it"
                .to_owned()
        })
    })
}

/// Who waits in a page may find its part of the page gone, and a callback with it: `run` would end the app then.
pub(super) fn callbacks_may_be_gone(tree: &Tree) -> Vec<Violation> {
    let spawned = |file: &File| -> Vec<Violation> {
        let lines: Vec<&str> = file.text.lines().collect();
        let starts = (0..lines.len()).filter(|at| lines[*at].contains("spawn_local("));
        starts
            .flat_map(|start| runs_after_a_wait(&lines, start))
            .map(|at| Violation {
                place: format!("{}:{}", file.path, at + 1),
                sentence:
                    "after a wait a callback may be gone with its part of the page; use `try_run`"
                        .to_owned(),
            })
            .collect()
    };
    tree.rust(&["app/src/"]).flat_map(spawned).collect()
}

/// The lines of what is spawned at `start` that run a callback behind an `.await`.
fn runs_after_a_wait(lines: &[&str], start: usize) -> Vec<usize> {
    let (mut open, mut waited, mut found) = (0_usize, false, Vec::new());
    for (at, line) in lines.iter().enumerate().skip(start) {
        waited |= line.contains(".await");
        if waited && line.contains(".run(") {
            found.push(at);
        }
        open += line.matches(['{', '(']).count();
        open = open.saturating_sub(line.matches(['}', ')']).count());
        if open == 0 {
            break;
        }
    }
    found
}

/// One room talks to the network, so one room decides what leaves the browser.
pub(super) fn only_net_fetches(tree: &Tree) -> Vec<Violation> {
    let outside = |file: &&File| !file.path.starts_with("app/src/net/");
    lines(tree.rust(&BROWSER).filter(outside), |line| {
        let words =
            ["fetch_with_", ".fetch(", "XmlHttpRequest", "WebSocket", "send_beacon", "gloo::net"];
        let word = words.iter().find(|word| line.contains(*word))?;
        Some(format!("`{word}` belongs in app/src/net"))
    })
}

/// The page's policy refuses inline style, and markup out of strings is how scripts get in.
pub(super) fn no_inline_style(tree: &Tree) -> Vec<Violation> {
    let views = tree.files.iter().filter(|file| {
        file.path.starts_with("app/") && file.path.ends_with(".rs")
            || ["app/", "public/"].iter().any(|folder| file.path.starts_with(folder))
                && file.path.ends_with(".html")
    });
    lines(views, |line| {
        let trimmed = line.trim_start();
        if line.contains(" style=") || trimmed.starts_with("style=") || line.contains("<style") {
            return Some(
                "inline style is refused by the policy; use a class or `style:name=`".to_owned(),
            );
        }
        line.contains("inner_html")
            .then(|| "`inner_html` turns text into markup; write a view".to_owned())
    })
}

/// SQL is read where it is expected: in a feature's store and in `db`.
pub(super) fn sql_stays_in_stores(tree: &Tree) -> Vec<Violation> {
    let outside = |file: &&File| {
        !file.path.starts_with("server/src/db/")
            && !file.path.ends_with("/store.rs")
            && !file.path.contains("/store/")
    };
    lines(tree.rust(&["server/src/"]).filter(outside), |line| {
        let text = line.trim_start_matches([' ', '"', 'r', '#']);
        let starts =
            ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "BEGIN IMMEDIATE", "PRAGMA "];
        let speaks = line.contains("sqlx::query")
            || starts.iter().any(|word| text.starts_with(word) && line.contains('"'));
        speaks.then(|| "SQL belongs in the feature's store.rs or in server/src/db".to_owned())
    })
}

/// Which status an error has is decided in one place, from the error's own name.
pub(super) fn errors_choose_status(tree: &Tree) -> Vec<Violation> {
    const FINE: [&str; 6] =
        ["OK", "CREATED", "ACCEPTED", "NO_CONTENT", "PARTIAL_CONTENT", "NOT_MODIFIED"];
    let outside = |file: &&File| {
        file.path != "server/src/error.rs"
            // The readiness probe speaks to machines, not in problems.
            && file.path != "server/src/router.rs"
            && !file.path.starts_with("server/src/http/")
    };
    lines(tree.rust(&["server/src/"]).filter(outside), |line| {
        let (_, rest) = line.split_once("StatusCode::")?;
        let name: String =
            rest.chars().take_while(|next| next.is_ascii_uppercase() || *next == '_').collect();
        (!name.is_empty() && !FINE.contains(&name.as_str())).then(|| {
            format!("{name} is chosen here; name the error in server/src/error.rs, which chooses its status")
        })
    })
}

/// A secret is taken out of its wrapping only beside the reason.
pub(super) fn exposing_has_a_reason(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust(&OURS) {
        if file.is_test() {
            continue;
        }
        let all: Vec<&str> = file.text.lines().collect();
        for (number, line) in file.code().filter(|(_, line)| line.contains(".expose()")) {
            // A chain of calls may put a few lines between the reason and the word.
            let from = number.saturating_sub(8);
            let near = all.get(from..number).unwrap_or_default();
            if !near.iter().any(|line| line.contains("EXPOSE:")) {
                found.push(file.violation(
                    number,
                    format!("`expose()` without `// EXPOSE:` and its reason: {}", line.trim()),
                ));
            }
        }
    }
    found
}

/// What is merged is finished, and a test that may not fail is none.
pub(super) fn nothing_left_undone(tree: &Tree) -> Vec<Violation> {
    const WORDS: [&str; 12] = [
        "todo!(",
        "unimplemented!(",
        "TODO",
        "FIXME",
        "#[ignore",
        "test.skip",
        "test.fixme",
        "describe.skip",
        ".only(",
        "waitForTimeout",
        "dbg!(",
        "debugger;",
    ];
    let mut found = Vec::new();
    for file in written(tree) {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = WORDS.iter().find(|word| has_word(line, word)) {
                found.push(file.violation(
                    number + 1,
                    format!("`{word}` is not for merged work; finish it or open an issue"),
                ));
            }
        }
    }
    found
}

/// Whether the text stands there as a word of its own (MASTODON is no reminder).
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + word.len()..).unwrap_or_default();
        let shouts = word.chars().all(|letter| letter.is_ascii_uppercase());
        !shouts
            || !(before.ends_with(char::is_alphanumeric)
                || after.starts_with(char::is_alphanumeric))
    })
}

/// A path of somebody's machine works nowhere else.
pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Violation> {
    const STARTS: [&str; 5] = ["/home/", "/root/", "/Users/", "/work/", "C:\\Users"];
    let mut found = Vec::new();
    for file in written(tree) {
        for (number, line) in file.text.lines().enumerate() {
            let path = STARTS.iter().find(|start| {
                line.match_indices(**start).any(|(at, _)| {
                    // `https://x/home/` and `../work/` are no paths of a machine.
                    !line
                        .get(..at)
                        .unwrap_or_default()
                        .ends_with(|last: char| last.is_alphanumeric() || ".}_-".contains(last))
                })
            });
            if let Some(start) = path {
                found.push(file.violation(
                    number + 1,
                    format!("a path of one machine (`{start}…`); say it relative to the root"),
                ));
            }
        }
    }
    found
}

/// A log line has ids, sizes and outcomes; the debug form of a value has whatever is in it.
pub(super) fn no_words_in_the_log(tree: &Tree) -> Vec<Violation> {
    const MACROS: [&str; 5] = ["trace!(", "debug!(", "info!(", "warn!(", "error!("];
    let mut found = Vec::new();
    for file in tree.rust(&["server/src/"]) {
        let mut open = false;
        for (number, line) in file.code() {
            open = open || MACROS.iter().any(|name| line.contains(name));
            if open && line.contains(":?}") {
                found.push(file.violation(number, "the debug form of a value in a log line may hold words; name an id, a size or an outcome"));
            }
            open = open && !line.trim_end().ends_with(';');
        }
    }
    found
}

/// What people wrote, without what tools wrote and without the forbidding rules themselves.
fn written(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|file| {
        !file.path.starts_with(HERE)
            && !file.path.ends_with("package-lock.json")
            && !file.path.contains("/vectors/")
    })
}

fn lines<'t>(
    files: impl Iterator<Item = &'t File>,
    rule: impl Fn(&str) -> Option<String>,
) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files.filter(|file| !file.is_test()) {
        for (number, line) in file.code() {
            if let Some(sentence) = rule(line) {
                found.push(file.violation(number, sentence));
            }
        }
    }
    found
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
