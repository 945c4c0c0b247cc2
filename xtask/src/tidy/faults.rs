//! Faults that are put back on purpose (shared/src/vuln.rs) stay where they are looked for: in the builds of
//! `cargo xtask evil`, and nowhere else.

use super::{File, Tree, Violation};

/// Who may turn faults on.
const ORDERS: [&str; 3] = ["xtask/src/evil/", "xtask/src/build.rs", "xtask/src/tidy/"];
/// Whose faults need no line of Rust: the delivered code is bound by the page that loads it.
const ELSEWHERE: [&str; 1] = ["a35"];

/// How a fault is named by whoever turns it on.
const NAMES: [&str; 4] = ["shared/vuln", "server/vuln", "\"vuln\"", "vuln-a"];
/// Files that could give orders.
const CODE: [&str; 5] = ["rs", "sh", "yml", "mjs", "ts"];

/// Nobody but `cargo xtask evil` asks for a fault.
pub(super) fn nothing_turns_faults_on(tree: &Tree) -> Vec<Violation> {
    let place = |file: &str, number: usize| Violation {
        place: format!("{file}:{number}"),
        sentence: "a fault is turned on; only `cargo xtask evil` does that".to_owned(),
    };
    let wrong = |file: &File| -> Vec<usize> {
        if file.path.ends_with("Cargo.toml") {
            in_manifest(&file.text)
        } else if may_order(&file.path) {
            Vec::new()
        } else {
            in_code(&file.text)
        }
    };
    tree.files
        .iter()
        .flat_map(|file| wrong(file).into_iter().map(|number| place(&file.path, number)))
        .collect()
}

fn may_order(path: &str) -> bool {
    let code = CODE.iter().any(|end| path.ends_with(end)) || path.starts_with(".ci/");
    !code || path == "shared/src/vuln.rs" || ORDERS.iter().any(|place| path.starts_with(place))
}

fn names_a_fault(line: &str) -> bool {
    NAMES.iter().any(|name| line.contains(name))
}

/// A manifest declares faults and never asks for one: no default feature, no dependency with one.
fn in_manifest(text: &str) -> Vec<usize> {
    let (mut features, mut default, mut wrong) = (false, false, Vec::new());
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if line.starts_with('[') {
            (features, default) = (line == "[features]", false);
        }
        default |= line.starts_with("default");
        if names_a_fault(line) && (!features || default) {
            wrong.push(number + 1);
        }
        default &= !line.ends_with(']');
    }
    wrong
}

/// Code asks whether it was built with one, and comments speak of them.
fn in_code(text: &str) -> Vec<usize> {
    let asks = ["#[cfg(", "#[cfg_attr(", "//"];
    let orders = |line: &str| names_a_fault(line) && !asks.iter().any(|ask| line.starts_with(ask));
    let lines = text.lines().map(str::trim).enumerate();
    lines.filter(|(_, line)| orders(line)).map(|(number, _)| number + 1).collect()
}

/// Every row has its feature, a check that asks for it, and a file of attacks.
pub(super) fn every_row_is_attacked(tree: &Tree) -> Vec<Violation> {
    let Some(faults) = tree.files.iter().find(|file| file.path == "shared/src/vuln.rs") else {
        return Vec::new();
    };
    let rows =
        faults.text.lines().filter_map(|line| line.trim().split_once(' ')).filter(|(name, _)| {
            name.len() == 3
                && name.starts_with('a')
                && name.bytes().skip(1).all(|byte| byte.is_ascii_digit())
        });
    let mut found = Vec::new();
    for (row, _) in rows {
        let mut lacks = |what: &str| {
            let sentence = format!("row {row} has no {what}");
            found.push(Violation { place: "shared/src/vuln.rs".to_owned(), sentence });
        };
        // Some faults are a feature that is put back beside the switch itself.
        let (asks, within) = (format!("vuln::{row}()"), format!("super::{row}()"));
        if !ELSEWHERE.contains(&row)
            && !faults.text.contains(&within)
            && !tree.rust(&["shared/src/", "app/"]).any(|file| file.text.contains(&asks))
        {
            lacks("check that asks for its fault");
        }
        let attacks = ["server/tests/evil/", "e2e/tests/evil/"];
        let named =
            |path: &str| attacks.iter().any(|folder| path.starts_with(&format!("{folder}{row}_")));
        if !tree.files.iter().any(|file| named(&file.path)) {
            lacks("file of attacks");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_declared_and_never_asked_for() {
        let good = ("shared/Cargo.toml", "[features]\nvuln = []\nvuln-a01 = [\"vuln\"]\n");
        assert!(nothing_turns_faults_on(&Tree::of(&[good])).is_empty());
        for bad in [
            ("shared/Cargo.toml", "[features]\ndefault = [\"vuln\"]\n"),
            ("app/Cargo.toml", "[dependencies]\nshared = { features = [\"vuln-a01\"] }\n"),
            (".ci/run", "cargo build --features shared/vuln-all\n"),
            ("xtask/src/run.rs", "fn a() { [\"--features\", \"server/vuln\"]; }\n"),
        ] {
            assert_eq!(nothing_turns_faults_on(&Tree::of(&[bad])).len(), 1, "{}", bad.1);
        }
    }

    #[test]
    fn a_row_without_a_check_or_a_file_is_named() {
        let faults = ("shared/src/vuln.rs", "rows! {\n    a01 1 \"vuln-a01\",\n}\n");
        let check = ("shared/src/client/x.rs", "if !vuln::a01() && bad {}\n");
        let file = ("server/tests/evil/a01_swap.rs", "");
        assert!(every_row_is_attacked(&Tree::of(&[faults, check, file])).is_empty());
        assert_eq!(every_row_is_attacked(&Tree::of(&[faults, check])).len(), 1);
        assert_eq!(every_row_is_attacked(&Tree::of(&[faults])).len(), 2);
    }
}
