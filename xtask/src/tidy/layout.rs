//! Rules about files and folders: short, opening with their reason, alike in all three trees.

use super::{File, Tree, Violation};
use std::collections::BTreeSet;

const FILE_LINES: usize = 400;
const HANDLER_LINES: usize = 25;

/// The feature words, each a folder of the same name in `shared`, `server` and `app`.
pub(super) const FEATURES: [&str; 10] = [
    "identity",
    "keys",
    "intake",
    "matters",
    "documents",
    "messages",
    "schedule",
    "retention",
    "journal",
    "compliance",
];

/// Folders that are no features, by tree. `app/src/bin` holds the browser's two programs.
const ROOMS: [(&str, &[&str]); 3] = [
    ("shared/src/", &["crypto", "client"]),
    ("server/src/", &["blob", "config", "db", "extract", "http", "jobs", "bin"]),
    ("app/src/", &["bin", "desk", "net", "platform", "ui", "words"]),
];

/// A file past 400 lines becomes a folder of the same name.
pub(super) fn files_stay_short(tree: &Tree) -> Vec<Violation> {
    let bound = |file: &&File| {
        [".rs", ".ts", ".css", ".js", ".mjs"].iter().any(|end| file.path.ends_with(end))
    };
    let long = |file: &File| {
        let lines = file.text.lines().count();
        (lines > FILE_LINES).then(|| {
            file.violation(
                lines,
                format!("{lines} lines, more than {FILE_LINES}; make it a folder of the same name"),
            )
        })
    };
    tree.files.iter().filter(bound).filter_map(long).collect()
}

/// A handler extracts, asks, permits, stores, appends and replies; what is longer hides a step.
pub(super) fn handlers_stay_short(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust(&["server/src/"]).filter(|file| file.path.ends_with("/routes.rs")) {
        let mut begun = None;
        for (number, line) in file.code() {
            if line.starts_with("pub") && line.contains("async fn ")
                || line.starts_with("async fn ")
            {
                begun = Some(number);
            }
            if line != "}" {
                continue;
            }
            // The signature counts from `fn` to `{`; the body is what the budget is about.
            if let Some(from) = begun.take() {
                let body = body_lines(file, from, number);
                if body > HANDLER_LINES {
                    found.push(file.violation(
                        from,
                        format!("a handler of {body} lines, more than {HANDLER_LINES}; a step of it belongs in policy or store"),
                    ));
                }
            }
        }
    }
    found
}

fn body_lines(file: &File, from: usize, to: usize) -> usize {
    let lines: Vec<&str> = file.text.lines().skip(from - 1).take(to - from).collect();
    let open = lines.iter().position(|line| line.trim_end().ends_with('{')).unwrap_or(0);
    lines.len() - open - 1
}

/// `//!` at the head: why the file exists.
pub(super) fn every_file_says_why(tree: &Tree) -> Vec<Violation> {
    tree.rust(&[""])
        .filter(|file| !file.text.trim_start().starts_with("//!"))
        .map(|file| {
            file.violation(1, "opens without `//!`; say in one sentence why the file exists")
        })
        .collect()
}

/// A feature that the server or the app knows is a feature of the agreement between them.
pub(super) fn features_agree(tree: &Tree) -> Vec<Violation> {
    let shared = folders(tree, "shared/src/");
    let mut found = Vec::new();
    for side in ["server/src/", "app/src/"] {
        for word in folders(tree, side) {
            if FEATURES.contains(&word.as_str()) && !shared.contains(&word) {
                found.push(Violation {
                    place: format!("{side}{word}:1"),
                    sentence: format!("`{word}` is a feature, so shared/src/{word} must exist too"),
                });
            }
        }
    }
    found
}

/// A folder is a feature or one of the known rooms; a new word is decided in HOUSE, not in passing.
pub(super) fn unknown_rooms(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (side, rooms) in ROOMS {
        for word in folders(tree, side) {
            if !FEATURES.contains(&word.as_str()) && !rooms.contains(&word.as_str()) {
                found.push(Violation {
                    place: format!("{side}{word}:1"),
                    sentence: format!("`{word}` is neither a feature nor a known room; add it to tidy's list with its reason in docs/adr"),
                });
            }
        }
    }
    found
}

fn folders(tree: &Tree, side: &str) -> BTreeSet<String> {
    tree.files
        .iter()
        .filter_map(|file| file.path.strip_prefix(side)?.split_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn the_line_after_the_wall_is_refused() {
        let (fits, over) = ("x\n".repeat(400), "x\n".repeat(401));
        let tree = Tree::of(&[("a.rs", &fits), ("b.css", &over), ("c.md", &over)]);
        assert_eq!(places(&files_stay_short(&tree)), ["b.css:401"]);
    }

    #[test]
    fn a_long_handler_is_refused_whatever_its_signature() {
        let short =
            format!("async fn a(\n    x: X,\n) -> Reply {{\n{}}}\n", "    y();\n".repeat(25));
        let long = format!("pub(super) async fn b() {{\n{}}}\n", "    y();\n".repeat(26));
        let tree = Tree::of(&[("server/src/keys/routes.rs", &(short + &long))]);
        assert_eq!(places(&handlers_stay_short(&tree)), ["server/src/keys/routes.rs:30"]);
    }

    #[test]
    fn a_file_without_its_reason_is_refused() {
        let tree = Tree::of(&[("a.rs", "//! Why.\n"), ("b.rs", "// why\n")]);
        assert_eq!(places(&every_file_says_why(&tree)), ["b.rs:1"]);
    }

    #[test]
    fn a_feature_on_one_side_only_is_refused() {
        let tree = Tree::of(&[
            ("shared/src/keys/mod.rs", ""),
            ("server/src/keys/mod.rs", ""),
            ("app/src/messages/mod.rs", ""),
            ("app/src/helpers/mod.rs", ""),
        ]);
        assert_eq!(places(&features_agree(&tree)), ["app/src/messages:1"]);
        assert_eq!(places(&unknown_rooms(&tree)), ["app/src/helpers:1"]);
    }
}
