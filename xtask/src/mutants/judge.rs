//! What a run of cargo-mutants came to: a run that did not come to its end, or of which nothing was written,
//! shows nothing.

use crate::report::note;
use crate::sh::Outcome;

/// Whether cargo-mutants came to its end: with all of them caught, with some that survived (2), or with some
/// that went round in circles (3). Which ones is read from what it writes.
pub(super) fn tried(code: Option<i32>) -> Outcome {
    match code {
        Some(0 | 2 | 3) => Ok(()),
        Some(code) => Err(format!("cargo-mutants ended with {code}")),
        None => Err("cargo-mutants was ended".to_owned()),
    }
}

/// Counts, and holds what survived to the list. Where nothing was written or nothing was tried, nothing is
/// shown.
pub(super) fn judge(read: impl Fn(&str) -> Outcome<String>, list: &str) -> Outcome {
    let count = |name: &str| read(name).map(|text| text.lines().count());
    let survived: Vec<String> = read("missed.txt")?.lines().map(bare).collect();
    let circled = count("timeout.txt")?;
    // What an earlier run caught is only written down where there was one.
    let before = count("previously_caught.txt").unwrap_or_default();
    let caught = before + count("caught.txt")? + count("unviable.txt")?;
    note(&format!(
        "{caught} caught or impossible to build, {circled} sent round in circles until stopped, {} survived",
        survived.len()
    ));
    if caught + circled + survived.len() == 0 {
        return Err("cargo-mutants wrote down no mutant, so nothing was shown".to_owned());
    }
    let unknown = unexplained(&survived, list);
    if unknown.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} survived and are not explained in docs/MUTANTS.md:\n{}",
        unknown.len(),
        unknown.join("\n")
    ))
}

/// A mutant's name without line and column, which change with every edit above them.
fn bare(line: &str) -> String {
    let mut parts = line.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => line.to_owned(),
    }
}

fn unexplained(survived: &[String], list: &str) -> Vec<String> {
    let known: Vec<&str> = list.lines().filter_map(|line| line.split('`').nth(1)).collect();
    let times =
        |name: &str, all: &mut dyn Iterator<Item = &str>| all.filter(|one| *one == name).count();
    let mut unknown: Vec<String> = survived
        .iter()
        .filter(|name| {
            let here = times(name, &mut survived.iter().map(String::as_str));
            here > times(name, &mut known.iter().copied())
        })
        .cloned()
        .collect();
    unknown.dedup();
    unknown
}

#[cfg(test)]
mod tests {
    use super::{bare, judge, tried, unexplained};
    use crate::sh::Outcome;

    #[test]
    fn only_a_run_that_came_to_its_end_counts() {
        for code in [0, 2, 3] {
            assert_eq!(tried(Some(code)), Ok(()));
        }
        // Bad words, a baseline that fails, a fault of its own; and a signal.
        for code in [Some(1), Some(4), Some(70), Some(20), Some(23), None] {
            assert!(tried(code).is_err(), "{code:?}");
        }
    }

    /// What stands in the files of an output, and nothing of any other file.
    fn written(files: &[(&str, &str)], list: &str) -> Outcome {
        let read = |name: &str| {
            let file = files.iter().find(|(one, _)| *one == name);
            file.map(|(_, text)| (*text).to_owned()).ok_or_else(|| format!("no {name}"))
        };
        judge(read, list)
    }

    #[test]
    fn what_was_not_written_or_not_tried_shows_nothing() {
        let (line, list) = ("src/a.rs:1:2: replace < with <=\n", "`src/a.rs: replace < with <=`");
        let none =
            [("missed.txt", ""), ("timeout.txt", ""), ("caught.txt", ""), ("unviable.txt", "")];
        assert!(written(&none, "").is_err());
        for at in 0..none.len() {
            let mut some = none.to_vec();
            some[at].1 = line;
            assert_eq!(written(&some, list), Ok(()));
            // Only a survivor needs its reason.
            assert_eq!(written(&some, "").is_err(), at == 0);
            some.remove((at + 1) % none.len());
            assert!(written(&some, list).is_err(), "a file is missing");
        }
        // A run that is gone on with may have caught everything before.
        assert_eq!(written(&[&none[..], &[("previously_caught.txt", line)]].concat(), ""), Ok(()));
    }

    #[test]
    fn a_survivor_must_stand_in_the_list_as_often_as_it_survives() {
        let name = bare("src/a.rs:1:2: replace < with <= in a::b");
        assert_eq!(name, "src/a.rs: replace < with <= in a::b");
        let list = format!("- `{name}`: both are the same.\n");
        assert!(unexplained(std::slice::from_ref(&name), &list).is_empty());
        assert_eq!(unexplained(std::slice::from_ref(&name), "").len(), 1);
        assert_eq!(unexplained(&[name.clone(), name.clone()], &list), [name]);
    }
}
