//! What every answer has, whatever the feature: headers, problems, static files.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use harness::TestApp;
use shared::identity::wire::{ReadSession, ReadStatus};
use shared::problem::Code;

const STATUS: &str = "/api/v1/identity/status";

async fn with_site(extra: &[(&str, &str)]) -> (TestApp, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("viewer")).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html><title>desk</title>"),
        ("client.html", "<!doctype html><title>client</title>"),
        ("back.html", "<!doctype html><title>back</title>"),
        ("viewer/viewer.html", "<!doctype html>"),
        ("viewer/viewer.mjs", "1"),
        ("boot-0123456789abcdef.js", "plain"),
        ("boot-0123456789abcdef.js.br", "squeezed"),
        ("boot-0123456789abcdef.js.gz", "zipped"),
        ("robots.txt", "User-agent: *"),
    ] {
        std::fs::write(site.path().join(name), text).unwrap();
    }
    std::fs::write(site.path().join(".secret"), "no").unwrap();
    let folder = site.path().to_str().unwrap().to_owned();
    let mut settings = vec![("site", folder.as_str())];
    settings.extend_from_slice(extra);
    (TestApp::with(&settings).await, site)
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (app, _site) = with_site(&[]).await;
    for path in ["/", "/i/00ff", "/missing.js", STATUS, "/livez", "/api/v1/nothing"] {
        let answer = app.get(path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("x-robots-tag", "noindex, nofollow"),
            ("origin-agent-cluster", "?1"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert!(answer.header("access-control-allow-origin").is_empty(), "{path}");
        let permissions = answer.header("permissions-policy");
        assert!(permissions.contains("camera=()"), "{path}");
        // Chromium does not know these everywhere and warns of them on every page.
        assert!(!permissions.contains("bluetooth") && !permissions.contains("web-share"), "{path}");
    }
}

#[tokio::test]
async fn only_an_https_portal_demands_https() {
    let (plain, _site) = with_site(&[]).await;
    let answer = plain.get("/", &[]).await;
    assert!(answer.header("strict-transport-security").is_empty());
    assert!(!answer.header("content-security-policy").contains("upgrade-insecure-requests"));
    let (tls, _site) = with_site(&[("public-url", "https://portal.example")]).await;
    let answer = tls.get("/", &[]).await;
    assert!(answer.header("strict-transport-security").contains("max-age=63072000"));
    assert!(answer.header("content-security-policy").ends_with("upgrade-insecure-requests"));
}

#[tokio::test]
async fn the_viewer_runs_its_own_files_and_connects_to_nothing() {
    let (app, _site) = with_site(&[]).await;
    for path in ["/viewer/viewer.html", "/viewer/viewer.mjs"] {
        let answer = app.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("connect-src 'none'") && policy.contains("frame-ancestors 'self'"));
        assert!(!policy.contains("wasm-unsafe-eval"));
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("integrity-policy").is_empty());
        assert!(answer.header("origin-agent-cluster").is_empty());
    }
}

#[tokio::test]
async fn files_are_cached_by_their_names() {
    let (app, _site) = with_site(&[]).await;
    for (path, name) in
        [("/back", "back"), ("/back/00ff", "back"), ("/i/00ff", "client"), ("/i", "desk")]
    {
        let page = app.get(path, &[]).await;
        assert!(String::from_utf8(page.body).unwrap().contains(name), "{path}");
    }
    let page = app.get("/matters/0011", &[]).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(page.header("integrity-policy"), "blocked-destinations=(script style)");
    let hashed = app.get("/boot-0123456789abcdef.js", &[]).await;
    assert_eq!(hashed.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(hashed.body, b"plain");
    let other = app.get("/robots.txt", &[]).await;
    assert_eq!(other.header("cache-control"), "no-cache");
    let tag = other.header("etag").to_owned();
    let again = app.get("/robots.txt", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn the_best_coding_that_the_browser_takes_is_sent() {
    let (app, _site) = with_site(&[]).await;
    for (accepted, body, coding) in [
        ("gzip, deflate, br", "squeezed", "br"),
        ("gzip", "zipped", "gzip"),
        ("br;q=0, gzip;q=0", "plain", ""),
        ("identity", "plain", ""),
    ] {
        let answer = app.get("/boot-0123456789abcdef.js", &[("accept-encoding", accepted)]).await;
        assert_eq!(answer.body, body.as_bytes(), "{accepted}");
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn nothing_outside_the_site_is_served() {
    let (app, _site) = with_site(&[]).await;
    for path in [
        "/.secret",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/viewer/../.secret",
        "/boot-0123456789abcdef.js.br",
    ] {
        let answer = app.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.code(), Code::NotFound, "{path}");
    }
}

#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    let app = TestApp::new().await;
    for headers in [
        [("sec-fetch-site", "cross-site")].as_slice(),
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let mut request = Request::post(STATUS).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, Code::CrossSite));
    }
    assert!(app.ask(None, &ReadStatus {}).await.is_ok());
}

async fn post(app: &TestApp, kind: &str, body: &str) -> harness::Answer {
    let request = Request::post(STATUS).header("content-type", kind);
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_an_echo() {
    let app = TestApp::new().await;
    for (kind, body, status) in [
        ("application/json", "{\"surplus\":\"canary\"}", StatusCode::BAD_REQUEST),
        ("application/json", "canary", StatusCode::BAD_REQUEST),
        ("application/json", "", StatusCode::BAD_REQUEST),
        ("text/plain", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", "a=canary", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let answer = post(&app, kind, body).await;
        assert_eq!((answer.status, answer.code()), (status, Code::BadRequest), "{kind} {body}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.problem().request_id, answer.header("x-request-id"));
        assert!(!String::from_utf8(answer.body).unwrap().contains("canary"));
    }
}

#[tokio::test]
async fn a_body_past_the_limit_is_refused() {
    let app = TestApp::new().await;
    let answer = post(&app, "application/json", &" ".repeat(300 * 1024)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge));
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let app = TestApp::with(&[("limits.body-seconds", "1")]).await;
    let stream = futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let request = Request::post(STATUS)
        .header("content-type", "application/json")
        .body(Body::from_stream(stream))
        .unwrap();
    assert_eq!(app.send(request).await.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn an_address_takes_only_its_method() {
    let app = TestApp::new().await;
    let answer = app.get(STATUS, &[]).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest));
    assert_eq!(answer.header("allow"), "POST");
    let request = Request::delete("/").header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn readiness_says_whether_rows_and_parts_can_be_kept() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/livez", &[]).await.status, StatusCode::OK);
    assert_eq!(app.get("/readyz", &[]).await.status, StatusCode::OK);
    app.app.db.close().await;
    assert_eq!(app.get("/livez", &[]).await.status, StatusCode::OK);
    assert_eq!(app.get("/readyz", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let answer = app.call(None, &ReadStatus {}).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, Code::Busy));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn nobody_has_a_session_by_claiming_one() {
    let app = TestApp::new().await;
    for cookie in
        ["__Host-underseal=", "__Host-underseal=AAAA", "underseal=x", "__Host-underseal=!!!"]
    {
        let session = app.ask(Some(cookie), &ReadSession {}).await;
        assert_eq!(session, Ok(shared::identity::wire::Session::None), "{cookie}");
    }
}

async fn from(app: &TestApp, address: &str, forwarded: &str) -> harness::Answer {
    let peer = server::http::peer::Peer(address.parse().unwrap());
    let request = Request::post("/api/v1/identity/key-session/start")
        .header("content-type", "application/json")
        .header("x-forwarded-for", forwarded)
        .extension(peer);
    app.send(request.body(Body::from("{}")).unwrap()).await
}

#[tokio::test]
async fn strangers_are_counted_by_their_address() {
    let app = TestApp::new().await;
    let mut refused = None;
    for at in 0..100 {
        // Claiming to come from elsewhere helps nobody.
        let answer = from(&app, "203.0.113.9", &format!("198.51.100.{at}")).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.code(), Code::TooManyTries);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(from(&app, "203.0.113.10", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_counted_alone() {
    let app = TestApp::with(&[("proxies", "10.0.0.1")]).await;
    for at in 0..100 {
        let answer = from(&app, "10.0.0.1", &format!("198.51.100.{at}")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn whom_to_tell_of_a_weakness_is_said_where_somebody_is_named() {
    let path = "/.well-known/security.txt";
    let nobody = TestApp::new().await.get(path, &[]).await;
    assert_eq!((nobody.status, nobody.code()), (StatusCode::NOT_FOUND, Code::NotFound));
    let named = TestApp::with(&[
        ("security-contact", "mailto:security@example.com"),
        ("public-url", "https://portal.example.com"),
    ]);
    let answer = named.await.get(path, &[]).await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = String::from_utf8(answer.body).unwrap();
    let expected = "Contact: mailto:security@example.com\nExpires: 2027-05-17T00:00:00Z\n\
                    Canonical: https://portal.example.com/.well-known/security.txt\n";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn what_an_operator_publishes_is_a_list_of_names() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = TestApp::new().await;
    for name in ["underseal", "webcat", "other"] {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    for name in ["underseal/release", "webcat/bundle.json", "other/file", "secret"] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    let text = folder.path().to_str().unwrap().to_owned();
    let (app, _site) = with_site(&[("well-known", text.as_str())]).await;
    for (name, kind) in [
        ("underseal/release", "application/octet-stream"),
        ("webcat/bundle.json", "application/json"),
    ] {
        let path = format!("/.well-known/{name}");
        let answer = app.get(&path, &[]).await;
        assert_eq!((answer.status, answer.body.as_slice()), (StatusCode::OK, name.as_bytes()));
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(nothing.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
    }
    for other in ["other/file", "secret", "webcat/manifest.json", "underseal/../secret", "", "x"] {
        let answer = app.get(&format!("/.well-known/{other}"), &[]).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, Code::NotFound),
            "{other}"
        );
    }
    // Where the site is enrolled with WEBCAT, no worker begins as a blob.
    let viewer = app.get("/viewer/viewer.html", &[]).await;
    assert!(viewer.header("content-security-policy").contains("worker-src 'none'"));
}

#[tokio::test]
async fn browsers_that_know_waict_are_told_where_the_list_is() {
    let (plain, _site) = with_site(&[]).await;
    assert!(plain.get("/", &[]).await.header("integrity-policy-waict-v1").is_empty());
    let (app, site) = with_site(&[]).await;
    std::fs::write(site.path().join("waict.manifest"), "{}\n\n").unwrap();
    let app = app.restart().await;
    let answer = app.get("/", &[]).await;
    let header = answer.header("integrity-policy-waict-v1");
    assert!(header.starts_with("max-age=0, mode=report, "), "{header}");
    let path = header.split("manifest=\"").nth(1).unwrap().trim_end_matches('"');
    // The address names the bytes, so the answer never changes.
    assert_eq!(path, "/.well-known/waict/manifests/underseal_xcJPfKHJRvpN_URAdAnI4R");
    let list = app.get(path, &[]).await;
    assert_eq!((list.status, list.body.as_slice()), (StatusCode::OK, b"{}\n\n".as_slice()));
    assert_eq!(list.header("content-type"), "application/waict-integrity-manifest");
    assert_eq!(list.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(app.get(&format!("{path}x"), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(
        app.get("/viewer/viewer.html", &[]).await.header("integrity-policy-waict-v1").is_empty()
    );
}
