//! The house rules as code: what must not stand where, over the sources themselves.
//!
//! A rule is a function from all sources to its violations, each one sentence with its place.
//! `layout` holds what concerns folders and files, `words` what single lines may say, `calls` that
//! every call has a route, `faults` that what is broken on purpose stays where it is looked for, `seals` the hashes that tie a text to what it describes.

mod calls;
mod faults;
mod layout;
mod seals;
mod words;

use crate::sh::{self, Outcome};

/// One source file, by its path from the root.
pub(super) struct File {
    path: String,
    text: String,
}

/// Every source file of the repository, sorted by path.
pub(super) struct Tree {
    files: Vec<File>,
}

/// One broken rule: where, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    place: String,
    sentence: String,
}

type Rule = fn(&Tree) -> Vec<Violation>;

const RULES: [Rule; 20] = [
    layout::files_stay_short,
    layout::handlers_stay_short,
    layout::every_file_says_why,
    layout::features_agree,
    layout::unknown_rooms,
    words::only_hazmat_names_ciphers,
    words::only_platform_names_the_browser,
    words::only_net_fetches,
    words::callbacks_may_be_gone,
    words::no_inline_style,
    words::sql_stays_in_stores,
    words::errors_choose_status,
    words::exposing_has_a_reason,
    words::nothing_left_undone,
    words::no_machine_paths,
    words::no_words_in_the_log,
    calls::every_call_is_routed,
    calls::no_route_stands_twice,
    faults::nothing_turns_faults_on,
    faults::every_row_is_attacked,
];

/// `cargo xtask tidy [--bless-crypto | --bless-migrations]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    match words {
        [] => check(),
        [word] if word == "--bless-crypto" => seals::bless_crypto(),
        [word] if word == "--bless-migrations" => seals::bless_migrations(),
        _ => Err("tidy takes --bless-crypto, --bless-migrations or nothing".to_owned()),
    }
}

/// Applies every rule.
pub(crate) fn check() -> Outcome {
    let tree = Tree::read();
    let mut violations: Vec<Violation> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    violations.extend(seals::crypto_is_described());
    violations.extend(seals::migrations_stand());
    for violation in &violations {
        println!("    {}: {}", violation.place, violation.sentence);
    }
    match violations.len() {
        0 => Ok(()),
        1 => Err("one place breaks a house rule".to_owned()),
        count => Err(format!("{count} places break a house rule")),
    }
}

impl Tree {
    /// Reads all text we write by hand.
    fn read() -> Self {
        const ENDINGS: [&str; 14] = [
            "rs", "ts", "js", "mjs", "css", "html", "sql", "toml", "md", "json", "svg", "txt",
            "yml", "sh",
        ];
        const FOLDERS: [&str; 11] = [
            ".cargo", ".ci", "app", "cli", "docs", "e2e", "public", "server", "shared", "xtask",
            "deploy",
        ];
        let top = std::fs::read_dir(sh::root()).into_iter().flatten().flatten();
        let files = FOLDERS
            .iter()
            .flat_map(|folder| sh::files(&sh::at(folder)))
            .chain(top.map(|entry| entry.path()).filter(|path| path.is_file()))
            .filter(|path| {
                path.extension().is_some_and(|end| ENDINGS.iter().any(|known| end == *known))
            })
            .filter_map(|path| {
                Some(File { path: sh::shown(&path), text: std::fs::read_to_string(&path).ok()? })
            })
            .collect();
        Self { files }
    }

    /// A tree for the rules' own tests.
    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect() }
    }

    /// The Rust files below one of these folders.
    fn rust<'t>(&'t self, folders: &'t [&str]) -> impl Iterator<Item = &'t File> {
        self.files.iter().filter(move |file| {
            file.path.ends_with(".rs") && folders.iter().any(|folder| file.path.starts_with(folder))
        })
    }
}

impl File {
    /// The lines of code with their numbers: without comments, and without the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(number, line)| (number + 1, line))
    }

    /// Whether this is a file of tests.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("tests.rs")
            || self.path.contains("/benches/")
    }

    fn violation(&self, line: usize, sentence: impl Into<String>) -> Violation {
        Violation { place: format!("{}:{line}", self.path), sentence: sentence.into() }
    }
}

/// The places a rule found, for its tests.
#[cfg(test)]
fn places(violations: &[Violation]) -> Vec<&str> {
    violations.iter().map(|violation| violation.place.as_str()).collect()
}
