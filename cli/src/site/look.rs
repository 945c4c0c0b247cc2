//! What a page names: every address in it must be a file of the release, and nothing may run that is
//! written into the page itself.

use shared::journal::release::Release;

use crate::refusal::Refusal;

/// Looks through a page, whatever its bytes are.
///
/// # Errors
/// With the first thing in it that the release does not have.
pub(super) fn at(address: &str, page: &str, release: &Release) -> Result<(), Refusal> {
    for tag in tags(page) {
        let is = |name: &str| {
            tag.strip_prefix(name)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        };
        let values = values(tag);
        if is("script") && !values.iter().any(|(name, _)| *name == "src") {
            return Err(strange(address, "has a script within it"));
        }
        if is("base") || is("iframe") || is("object") || is("embed") {
            return Err(strange(address, &format!("has a <{}>", name(tag))));
        }
        for (name, value) in values {
            let loads = matches!(name, "src" | "href") || value.starts_with('/');
            let known = value.strip_prefix('/').is_some_and(|path| release.file(path).is_some());
            if loads && !known {
                return Err(strange(address, &format!("names {value}, which was not released")));
            }
            if name.len() > 2 && name.starts_with("on") {
                return Err(strange(address, "has a script within it"));
            }
        }
    }
    Ok(())
}

fn strange(address: &str, what: &str) -> Refusal {
    // A page that was changed may hold anything: only what is plain is repeated.
    let plain: String =
        what.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(200).collect();
    Refusal::broken(format!("The page at {address} {plain}."))
}

/// The insides of every opening tag, from its name on, in lower case where it counts.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|rest| {
        let opens = rest.starts_with(|c: char| c.is_ascii_alphabetic());
        opens.then(|| rest.split_once('>').map_or(rest, |(inside, _)| inside))
    })
}

fn name(tag: &str) -> &str {
    tag.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// Attributes with their values, quoted in double quotes as the build writes them. One that is quoted
/// otherwise stands without a value, and so makes a script that loads nothing, which is refused.
fn values(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else { break };
        let name = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        found.push((name, value));
        rest = next;
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use shared::crypto::hash::sha256;
    use shared::journal::release::ReleaseFile;
    use shared::time::Timestamp;

    use super::*;

    fn looked(page: &str) -> Result<(), Refusal> {
        let file = |path: &str| ReleaseFile { path: path.into(), size: 1, hash: sha256(b"1") };
        let release = Release {
            format: 1,
            version: "1".into(),
            source: "1".into(),
            toolchain: "1".into(),
            time: Timestamp(0),
            files: vec![file("a.css"), file("a.js"), file("a.wasm")],
        };
        at("/", page, &release)
    }

    #[test]
    fn a_page_that_names_released_files_alone_stands() {
        let page = r#"<!doctype html><html lang="en"><link rel="stylesheet" href="/a.css">
            <script type="module" src="/a.js" data-wasm="/a.wasm"></script><p>on = 1 < 2</p>"#;
        assert_eq!(looked(page), Ok(()));
    }

    #[test]
    fn whatever_else_a_page_would_run_or_load_is_refused() {
        for page in [
            r#"<script src="/evil.js"></script>"#,
            r#"<script src="https://evil.example/a.js"></script>"#,
            r#"<script src="//evil.example/a.js"></script>"#,
            r#"<script src='/a.js'></script>"#,
            "<script>evil()</script>",
            r#"<p onclick="evil()">"#,
            r#"<link rel="modulepreload" href="/evil.js">"#,
            r#"<script src="/a.js" data-wasm="/evil.wasm"></script>"#,
            r#"<base href="/a.js">"#,
            r#"<iframe src="/a.js">"#,
        ] {
            assert_eq!(looked(page).unwrap_err().code(), 1, "{page}");
        }
    }
}
