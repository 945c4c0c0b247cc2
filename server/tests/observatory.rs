//! The score that Mozilla's HTTP Observatory gives the portal's answers, by its published rules
//! (mdn/mdn-http-observatory: `src/analyzer/tests`, `src/grader/charts.js`), behind an https address.
//!
//! What only the proxy decides is taken as docs/OPERATING.md sets it up: certificates that verify, and
//! no plain http, or one that redirects to the same host. Nobody is on the preload list by a header.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use std::collections::BTreeMap;

use harness::{Answer, TestApp};

const PAGE: &str = r#"<!doctype html><script type="module" src="/assets/boot-0123456789abcdef.js" integrity="sha384-AAAA"></script>"#;

async fn portal() -> (TestApp, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    for page in ["index.html", "client.html", "back.html"] {
        std::fs::write(site.path().join(page), PAGE).unwrap();
    }
    let folder = site.path().to_str().unwrap().to_owned();
    let settings = [("site", folder.as_str()), ("public-url", "https://portal.example")];
    (TestApp::with(&settings).await, site)
}

/// The points of one answer: from 100, what is wrong taken off; what is better than needed counts only
/// from 90 on.
fn score(answer: &Answer, cors: &Answer) -> i32 {
    let page = String::from_utf8_lossy(&answer.body);
    let points = [
        content_security_policy(answer),
        cookies(answer),
        cors_allowed(cors),
        referrer_policy(answer),
        strict_transport_security(answer),
        subresource_integrity(&page),
        content_type_options(answer),
        frame_options(answer),
        resource_policy(answer),
    ];
    let uncurved: i32 = 100 + points.iter().filter(|points| **points < 0).sum::<i32>();
    if uncurved >= 90 { 100 + points.iter().sum::<i32>() } else { uncurved }
}

type Policy = BTreeMap<String, Vec<String>>;

fn parsed(answer: &Answer) -> Option<Policy> {
    let text = answer.headers.get("content-security-policy")?.to_str().unwrap();
    // A comma would begin another policy; ours is one.
    assert!(!text.contains(','));
    let directives = text.split(';').map(str::trim).filter(|directive| !directive.is_empty());
    let words = directives.map(|directive| directive.split_whitespace().map(str::to_lowercase));
    Some(words.filter_map(|mut words| Some((words.next()?, words.collect()))).collect())
}

const BROAD: [&str; 8] =
    ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];

fn content_security_policy(answer: &Answer) -> i32 {
    let Some(policy) = parsed(answer) else { return -25 };
    let sources = |name: &str| {
        let found = policy.get(name).or_else(|| policy.get("default-src"));
        found.cloned().unwrap_or_else(|| vec!["*".to_owned()])
    };
    let (script, object, style) =
        (sources("script-src"), sources("object-src"), sources("style-src"));
    let broad = |list: &[String]| list.iter().any(|source| BROAD.contains(&source.as_str()));
    let inline = |list: &[String]| {
        list.iter().any(|source| source == "'unsafe-inline'" || source == "data:")
    };
    let plain = |list: &[String]| {
        list.iter().any(|source| source.starts_with("http:") || source.starts_with("ftp:"))
    };
    let passive = ["img-src", "media-src"];
    let mut active = policy.iter().filter(|(name, _)| !passive.contains(&name.as_str()));
    if broad(&script) || inline(&script) || broad(&object) {
        return -20;
    }
    if active.any(|(_, list)| plain(list)) {
        return -20;
    }
    if [&script, &style].iter().any(|list| list.iter().any(|source| source == "'unsafe-eval'")) {
        return -10;
    }
    if passive.iter().any(|name| plain(&sources(name))) {
        return -10;
    }
    if broad(&style) || inline(&style) {
        return 0;
    }
    if policy.get("default-src").is_some_and(|list| list == &["'none'"]) { 10 } else { 5 }
}

/// Nobody who only looks gets a cookie; one that is set must be bound in every way.
fn cookies(answer: &Answer) -> i32 {
    let Some(cookie) = answer.headers.get("set-cookie") else { return 0 };
    let text = cookie.to_str().unwrap().to_lowercase();
    let has = |word: &str| text.split(';').any(|part| part.trim() == word);
    match (has("secure"), has("httponly"), has("samesite=strict") || has("samesite=lax")) {
        (true, true, true) => 5,
        (true, true, false) => 0,
        (true, false, _) => -30,
        (false, ..) => -40,
    }
}

fn cors_allowed(answer: &Answer) -> i32 {
    let allowed = answer.header("access-control-allow-origin");
    let credentials = answer.header("access-control-allow-credentials") == "true";
    if allowed == "https://hacker.example" && credentials { -50 } else { 0 }
}

fn referrer_policy(answer: &Answer) -> i32 {
    let good = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];
    match answer.header("referrer-policy") {
        "" => 0,
        value if good.contains(&value) => 5,
        _ => -5,
    }
}

fn strict_transport_security(answer: &Answer) -> i32 {
    let header = answer.header("strict-transport-security");
    let age: Option<u64> =
        header.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok());
    match age {
        None => -20,
        Some(age) if age < 15_552_000 => -10,
        Some(_) => 0,
    }
}

/// Every script of the page is of this site; the points are for those that carry their hash.
fn subresource_integrity(page: &str) -> i32 {
    let scripts: Vec<&str> = page.split("<script").skip(1).collect();
    assert!(scripts.iter().all(|tag| tag.contains("src=\"/") && !tag.contains("src=\"//")));
    if scripts.iter().any(|tag| tag.contains("integrity=\"sha")) { 5 } else { 0 }
}

fn content_type_options(answer: &Answer) -> i32 {
    if answer.header("x-content-type-options") == "nosniff" { 0 } else { -5 }
}

fn frame_options(answer: &Answer) -> i32 {
    if parsed(answer).is_some_and(|policy| policy.contains_key("frame-ancestors")) {
        return 5;
    }
    let value = answer.header("x-frame-options").to_lowercase();
    if ["deny", "sameorigin"].contains(&value.as_str()) { 0 } else { -20 }
}

fn resource_policy(answer: &Answer) -> i32 {
    match answer.header("cross-origin-resource-policy") {
        "same-origin" | "same-site" => 10,
        "" | "cross-origin" => 0,
        _ => -5,
    }
}

#[tokio::test]
async fn every_page_scores_135_and_so_at_least_120() {
    let (app, _site) = portal().await;
    for path in ["/", "/i/00ff", "/matters", "/back", "/index.html", "/client.html"] {
        let answer = app.get(path, &[]).await;
        let cors = app.get(path, &[("origin", "https://hacker.example")]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(score(&answer, &cors), 135, "{path}");
    }
}

#[tokio::test]
async fn the_score_falls_with_every_header_that_is_weakened() {
    let (app, _site) = portal().await;
    for (name, value, expected) in [
        ("content-security-policy", None, 75),
        ("content-security-policy", Some("default-src 'self'"), 125),
        ("content-security-policy", Some("default-src 'none'; script-src https:"), 80),
        ("content-security-policy", Some("default-src 'none'; script-src 'unsafe-inline'"), 80),
        ("strict-transport-security", None, 80),
        ("strict-transport-security", Some("max-age=60"), 125),
        ("referrer-policy", Some("unsafe-url"), 125),
        ("x-content-type-options", None, 130),
        ("cross-origin-resource-policy", None, 125),
    ] {
        let mut answer = app.get("/", &[]).await;
        let cors = app.get("/", &[]).await;
        answer.headers.remove(name);
        if let Some(value) = value {
            answer.headers.insert(name, value.parse().unwrap());
        }
        assert_eq!(score(&answer, &cors), expected, "{name}: {value:?}");
    }
}
