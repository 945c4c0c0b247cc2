//! The site's lists of itself, and the check that its pages load nothing unbound.
//!
//! - `manifest.json`: every file with its length and SHA-256.
//! - `waict.manifest`: the same for browsers that know WAICT (draft-waict-integrity-v2): the list, and
//!   an empty line where a proof of transparency would stand.

use super::Site;
use crate::sh::Outcome;
use crate::{hash, html};
use serde_json::json;
use std::collections::BTreeMap;

/// The list for everybody.
pub(super) const MANIFEST: &str = "manifest.json";
/// The list for browsers that know WAICT; the server finds it under this name.
pub(super) const WAICT: &str = "waict.manifest";
/// The pages, each of which stands at addresses that cannot be listed.
const PAGES: [&str; 3] = ["index.html", "client.html", "back.html"];
/// Stands in no page: WAICT takes a file apart at it before it looks among hashes without an address.
const NOWHERE: &str = "\u{1f}underseal\u{1f}";

pub(super) fn manifest(site: &Site) -> Outcome<Vec<u8>> {
    let files: Vec<_> = site
        .files
        .iter()
        .map(|(path, content)| {
            json!({ "path": path, "bytes": content.len(), "sha256": hash::sha256_hex(content) })
        })
        .collect();
    let manifest = json!({ "version": 1, "files": files });
    serde_json::to_vec_pretty(&manifest).map_err(|error| error.to_string())
}

pub(super) fn waict(site: &Site) -> Outcome<Vec<u8>> {
    let listed = |path: &str| site.files.get(path).map(|content| hash::sha256_base64url(content));
    let mut hashes: BTreeMap<String, String> = site
        .files
        .iter()
        .map(|(path, content)| (format!("/{path}"), hash::sha256_base64url(content)))
        .collect();
    hashes.extend(listed(PAGES[0]).map(|desk| ("/".to_owned(), desk)));
    let ending = |end: &str| {
        let files = site.files.iter().filter(|(path, _)| path.ends_with(end));
        let mut found: Vec<_> = files.map(|(_, bytes)| hash::sha256_base64url(bytes)).collect();
        found.sort();
        found
    };
    let mut pages: Vec<String> = PAGES.into_iter().filter_map(listed).collect();
    pages.sort();
    let list = json!({
        "hashes": hashes,
        "wasm_hashes": ending(".wasm"),
        "wildcard_hashes": pages,
        "resource_delimiter": NOWHERE,
    });
    Ok(format!("{list}\n\n").into_bytes())
}

/// Whatever a page loads by itself carries the hash of what it loads, so that a file which was changed
/// is refused by the browser and not by luck. A preload for a fetch is the exception: the fetch demands
/// it (app/boot/boot.js), and browsers ignore it on such a tag.
pub(super) fn every_load_is_bound(site: &Site) -> Outcome {
    let pages = site.files.iter().filter(|(path, _)| path.ends_with(".html"));
    for (path, content) in pages {
        let page = String::from_utf8_lossy(content);
        for tag in loads(&page) {
            let source = ["src", "href"].iter().find_map(|name| html::attribute(tag, name));
            let source = source.unwrap_or_default().trim_start_matches('/');
            let bound = site.files.contains_key(source)
                && html::attribute(tag, "integrity") == Some(site.integrity(source).as_str());
            if !bound {
                return Err(format!("{path} loads something without its hash: {tag}"));
            }
        }
    }
    Ok(())
}

fn loads(page: &str) -> impl Iterator<Item = &str> {
    let tags = |name| html::tags(page, name).into_iter().filter_map(|range| page.get(range));
    let links = tags("link")
        .filter(|tag| matches!(html::attribute(tag, "rel"), Some("stylesheet" | "modulepreload")));
    tags("script").chain(links)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn site(page: &str) -> Site {
        let mut site = Site::default();
        site.add("index.html", page.as_bytes().to_vec());
        site.add("client.html", b"<p>".to_vec());
        site.add("back.html", b"<p>back".to_vec());
        site.add("a.js", b"1".to_vec());
        site.add("b.wasm", b"2".to_vec());
        site
    }

    #[test]
    fn a_page_that_loads_something_unbound_is_refused() {
        let integrity = hash::integrity(b"1");
        let good = format!(r#"<script src="/a.js" integrity="{integrity}"></script>"#);
        assert!(every_load_is_bound(&site(&good)).is_ok());
        for bad in [
            r#"<script src="/a.js"></script>"#.to_owned(),
            "<script>1</script>".to_owned(),
            good.replace("/a.js", "/b.wasm"),
            good.replace("/a.js", "/c.js"),
            r#"<link rel="modulepreload" href="/a.js">"#.to_owned(),
            r#"<link rel="stylesheet" href="/a.js" integrity="">"#.to_owned(),
        ] {
            assert!(every_load_is_bound(&site(&bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn browsers_that_know_waict_get_every_file_and_an_empty_proof() {
        let bytes = waict(&site("<p>")).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.split('\n').collect();
        let [list, "", ""] = lines.as_slice() else { panic!("{text}") };
        let list: serde_json::Value = serde_json::from_str(list).unwrap();
        assert_eq!(list["hashes"]["/"], list["hashes"]["/index.html"]);
        assert_eq!(list["hashes"]["/a.js"], hash::sha256_base64url(b"1").as_str());
        assert_eq!(list["wasm_hashes"][0], hash::sha256_base64url(b"2").as_str());
        assert_eq!(list["wildcard_hashes"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn the_server_looks_for_the_list_under_its_name() {
        let delivery = crate::sh::text(&crate::sh::at("shared/src/delivery.rs")).unwrap();
        assert!(delivery.contains(&format!("WAICT_FILE: &str = \"{WAICT}\";")));
    }
}
