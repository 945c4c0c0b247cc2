//! What the exploits said, row by row: printed, as JSON, and as docs/ATTACKS.md.

use super::rows::ROWS;
use crate::sh;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

pub(super) const DOC: &str = "docs/ATTACKS.md";

/// What one exploit on one build came to.
#[derive(Deserialize)]
pub(super) struct Said {
    row: String,
    exploit: String,
    build: String,
    outcome: String,
    error: Option<String>,
}

/// A row, as it went.
pub(super) struct Went {
    name: String,
    title: &'static str,
    source: &'static str,
    attack: &'static str,
    answer: &'static str,
    /// `falls`, or what else happened.
    weakened: &'static str,
    /// `refuses`, or what else happened.
    product: &'static str,
    /// By which names the product refused.
    errors: BTreeSet<String>,
    exploits: BTreeSet<String>,
}

/// All rows, with what was said of each.
pub(super) fn rows(said: &[Said]) -> Vec<Went> {
    ROWS.iter()
        .enumerate()
        .map(|(at, row)| {
            let name = row_name(at);
            let ours: Vec<&Said> = said.iter().filter(|one| one.row == name).collect();
            let of =
                |build: &'static str| ours.iter().copied().filter(move |one| one.build == build);
            Went {
                title: row.title,
                source: row.source,
                attack: row.attack,
                answer: row.answer,
                weakened: all(of("weakened"), "falls", "does not fall"),
                product: all(of("product"), "refuses", "falls"),
                errors: of("product").filter_map(|one| one.error.clone()).collect(),
                exploits: ours.iter().map(|one| one.exploit.clone()).collect(),
                name,
            }
        })
        .collect()
}

fn row_name(at: usize) -> String {
    format!("A{:02}", at + 1)
}

fn all<'a>(
    mut said: impl Iterator<Item = &'a Said>,
    good: &'static str,
    bad: &'static str,
) -> &'static str {
    let Some(first) = said.next() else { return "was not tried" };
    if first.outcome == good && said.all(|one| one.outcome == good) { good } else { bad }
}

/// What is not as it must be.
pub(super) fn flaws(rows: &[Went]) -> Vec<String> {
    let flaw = |row: &Went| {
        (row.weakened != "falls" || row.product != "refuses").then(|| {
            format!(
                "{}: the weakened build {}, the product {}",
                row.name, row.weakened, row.product
            )
        })
    };
    rows.iter().filter_map(flaw).collect()
}

/// Rows of the host of which nothing fell.
pub(super) fn absent(said: &[Said]) -> Vec<String> {
    let fell = |row: &str| said.iter().any(|one| one.row == row && one.outcome == "falls");
    let files = sh::files(&sh::at("server/tests/evil"));
    let on_host = |row: &str| {
        let start = format!("{}_", row.to_lowercase());
        let name = |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned());
        files.iter().any(|file| name(file).is_some_and(|name| name.starts_with(&start)))
    };
    (0..ROWS.len()).map(row_name).filter(|row| on_host(row) && !fell(row)).collect()
}

/// For the terminal.
pub(super) fn printed(rows: &[Went]) -> String {
    let mut out =
        format!("\n{:4} {:44} {:14} {:14} error\n", "row", "attack", "weakened", "product");
    for row in rows {
        let errors = join(&row.errors);
        out += &format!(
            "{:4} {:44} {:14} {:14} {errors}\n",
            row.name, row.title, row.weakened, row.product
        );
    }
    out
}

/// For other programs.
pub(super) fn json(rows: &[Went]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "row": row.name, "title": row.title, "source": row.source,
                "weakened": row.weakened, "product": row.product, "error": join(&row.errors),
            })
        })
        .collect();
    serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
}

/// For people.
pub(super) fn document(rows: &[Went]) -> String {
    let mut out = String::from(HEAD);
    out += "| Row | Attack | Published | Weakened build | Product | By the name of |\n";
    out += "|---|---|---|---|---|---|\n";
    for row in rows {
        let errors = row.errors.iter().map(|error| format!("`{error}`")).collect::<Vec<_>>();
        out += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            row.name,
            row.title,
            row.source,
            row.weakened,
            row.product,
            errors.join(", ")
        );
    }
    for row in rows {
        out += &format!("\n## {}: {}\n\n{} {}\n\n", row.name, row.title, row.attack, row.answer);
        let exploits: Vec<String> =
            row.exploits.iter().map(|name| format!("- {}", name.replace('_', " "))).collect();
        out += &(exploits.join("\n") + "\n");
    }
    out
}

fn join(errors: &BTreeSet<String>) -> String {
    errors.iter().cloned().collect::<Vec<_>>().join(", ")
}

const HEAD: &str = "\
# Attacks, and what becomes of them

`cargo xtask evil` writes this file. Each row is a class of attacks that was published against products like
this one, or that a server could try on any. Each is tried on a build that has the fault of its row put back,
which must fall, so that the test is known to see the attack; and on the product, which must refuse it by name.
The server is evil with all it has: its keys, its database, its blobs, its answers. The exploits are in
`server/tests/evil` and, where they need a browser, in `e2e/tests/evil`. After each of them it is checked that
nothing readable went out, that nothing that went out opens for the attacker, that what is shown is true or an
error, and that what goes out does not depend on what is secret.

References: BW, LP, DL, 1P: attacks on Bitwarden, LastPass, Dashlane and 1Password (ePrint 2026/058). BCS: \"End-to-End
Encrypted Cloud Storage in the Wild\" (CCS 2024, ePrint 2024/1616). MEGA: ePrint 2022/959, 2022/914, 2023/329. NC:
Nextcloud (ePrint 2024/546). CCTV: C2SP's test vectors.

";

#[cfg(test)]
mod tests {
    use super::*;

    fn one(row: &str, build: &str, outcome: &str) -> Said {
        let error = (outcome == "refuses").then(|| "NotVerified(Matter)".to_owned());
        Said {
            row: row.into(),
            exploit: "a_lie".into(),
            build: build.into(),
            outcome: outcome.into(),
            error,
        }
    }

    #[test]
    fn a_row_is_good_when_the_weakened_build_falls_and_the_product_refuses() {
        let good = [one("A01", "weakened", "falls"), one("A01", "product", "refuses")];
        let went = rows(&good);
        assert_eq!(went.len(), 40);
        assert_eq!((went[0].weakened, went[0].product), ("falls", "refuses"));
        let flawed = flaws(&went);
        assert_eq!(flawed.len(), 39, "the other rows were not tried");
        assert!(!flawed.iter().any(|flaw| flaw.starts_with("A01")));
    }

    #[test]
    fn one_exploit_that_goes_wrong_is_enough() {
        for (build, outcome) in [("weakened", "refuses"), ("product", "falls")] {
            let said = [
                one("A01", "weakened", "falls"),
                one("A01", "product", "refuses"),
                one("A01", build, outcome),
            ];
            assert!(flaws(&rows(&said)).iter().any(|flaw| flaw.starts_with("A01")));
        }
    }
}
