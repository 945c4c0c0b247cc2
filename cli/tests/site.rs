//! A live portal held to a signed release: honest, and with one byte or one header changed.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::map_response;
use cli::demo::host::{Device, HttpWire};
use cli::refusal::Refusal;
use cli::release::{self, Origin};
use cli::site::fetch::Http;
use cli::site::officer::Officer;
use cli::site::{self, Question, Read};
use server::config::{Config, Layers};
use server::state::SystemClock;
use shared::client::Portal;
use shared::crypto::keys::{SigningKey, VerifyKey};
use shared::secret::Secret;
use tempfile::TempDir;

/// One file of every kind that a built site has.
const FILES: [(&str, &str); 14] = [
    ("assets/boot-0123456789abcdef.js", "boot()"),
    ("assets/boot-0123456789abcdef.js.br", "b()"),
    ("assets/boot-0123456789abcdef.js.gz", "g()"),
    ("assets/client-0123456789abcdef.css", "p{}"),
    ("assets/client-0123456789abcdef.wasm", "\0asm"),
    ("assets/font-0123456789abcdef.woff2", "wOF2"),
    ("client.html", CLIENT),
    ("favicon.svg", "<svg/>"),
    ("index.html", DESK),
    ("manifest.json", "{}"),
    ("robots.txt", "User-agent: *"),
    ("viewer/pdf-0123456789abcdef.mjs", "pdf()"),
    ("viewer/viewer.html", "<!doctype html><title>viewer</title>"),
    ("waict.manifest", "{}\n\n"),
];
const CLIENT: &str = r#"<!doctype html><link rel="stylesheet" href="/assets/client-0123456789abcdef.css"><script type="module" src="/assets/boot-0123456789abcdef.js" data-wasm="/assets/client-0123456789abcdef.wasm"></script>"#;
const DESK: &str = r#"<!doctype html><link rel="icon" href="/favicon.svg"><script type="module" src="/assets/boot-0123456789abcdef.js"></script>"#;

/// A portal that listens, its site, and the release of that site.
struct Live {
    folder: TempDir,
    address: SocketAddr,
    key: VerifyKey,
}

impl Live {
    fn start() -> Self {
        Self::through(|router| router)
    }

    /// With somebody between the server and whoever asks.
    fn through(between: impl FnOnce(Router) -> Router + Send + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            let path = folder.path().join("site").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let key = sign(folder.path());
        let (tell, told) = std::sync::mpsc::channel();
        let root = folder.path().to_owned();
        std::thread::spawn(move || {
            harness::run(async move {
                let router = between(portal(&root).await);
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { folder, address: told.recv().unwrap(), key }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join("site").join(name)
    }

    fn release(&self) -> PathBuf {
        self.folder.path().join("well-known/underseal/release")
    }

    fn verify(&self) -> Result<(Read, String), Refusal> {
        let url = self.url();
        let question = Question { site: &url, key: self.key, release: None };
        let mut out = Vec::new();
        let read = site::verify(&question, &Http::new(&url)?, &mut out)?;
        Ok((read, String::from_utf8(out).unwrap()))
    }

    fn refusal(&self) -> String {
        let refusal = self.verify().err().unwrap();
        assert_eq!(refusal.code(), 1, "{refusal}");
        refusal.to_string()
    }
}

fn sign(folder: &Path) -> VerifyKey {
    let key = SigningKey::generate();
    let origin = Origin {
        version: "0.1.0".into(),
        source: "00ff".into(),
        toolchain: "rustc 1.95.0".into(),
        time: 1_795_000_000,
    };
    let list = release::list(&folder.join("site"), origin).unwrap();
    release::write(&list, &key, "underseal", folder).unwrap();
    key.public()
}

async fn portal(folder: &Path) -> Router {
    let text = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let [data, site, known] = ["data", "site", "well-known"].map(text);
    let pairs = [("data", data.as_str()), ("site", &site), ("well-known", &known)];
    let config = Config::parse(&Layers::from_pairs(&pairs)).unwrap();
    fs::create_dir_all(&data).unwrap();
    let db = server::start::open_db(&config).await.unwrap();
    server::db::migrate::run(&db).await.unwrap();
    let blobs = server::blob::fs::open(&folder.join("data/blobs")).unwrap();
    let app = server::start::assemble(config, db, blobs, Arc::new(SystemClock)).await.unwrap();
    server::build(app)
}

#[test]
fn a_portal_that_serves_the_release_verifies() {
    let live = Live::start();
    let (read, said) = live.verify().unwrap();
    assert_eq!(read.release.files.len(), FILES.len());
    assert!(said.contains("14 files, byte for byte"), "{said}");
}

#[test]
fn one_changed_byte_in_any_file_is_found_and_the_file_is_named() {
    let live = Live::start();
    for (name, text) in FILES {
        let mut bytes = text.as_bytes().to_vec();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(live.place(name), &bytes).unwrap();
        let said = live.refusal();
        let named = name.trim_end_matches(".br").trim_end_matches(".gz");
        assert!(said.contains(&format!("/{named}")), "{name}: {said}");
        fs::write(live.place(name), [text.as_bytes(), b" "].concat()).unwrap();
        assert!(live.refusal().contains(&format!("/{named}")), "{name}");
        fs::write(live.place(name), text).unwrap();
    }
    assert!(live.verify().is_ok());
}

#[test]
fn a_page_that_runs_one_script_more_is_found_by_that_script() {
    let live = Live::start();
    let evil = format!(r#"{DESK}<script src="/assets/evil-0123456789abcdef.js"></script>"#);
    fs::write(live.place("assets/evil-0123456789abcdef.js"), "evil()").unwrap();
    fs::write(live.place("index.html"), evil).unwrap();
    assert!(live.refusal().contains("evil-0123456789abcdef.js"));
}

#[test]
fn a_file_that_is_gone_or_another_form_of_it_is_found() {
    let live = Live::start();
    fs::remove_file(live.place("favicon.svg")).unwrap();
    assert!(live.refusal().contains("/favicon.svg is answered with status 404"));
    fs::write(live.place("favicon.svg"), "<svg/>").unwrap();
    fs::write(live.place("robots.txt.br"), "squeezed by somebody else").unwrap();
    assert!(live.refusal().contains("/robots.txt is sent as `br`"));
}

#[test]
fn a_header_that_is_missing_or_weaker_is_found() {
    for (name, value) in [
        ("content-security-policy", "default-src 'self'"),
        ("integrity-policy", "blocked-destinations=()"),
        ("x-content-type-options", "sniff"),
        ("content-type", "text/html"),
        ("cross-origin-resource-policy", "cross-site"),
        ("referrer-policy", "unsafe-url"),
    ] {
        let live = Live::through(move |router| {
            router.layer(map_response(move |mut answer: axum::response::Response| async move {
                if answer.headers().contains_key(name) {
                    let value = HeaderValue::from_static(value);
                    answer.headers_mut().insert(HeaderName::from_static(name), value);
                }
                answer
            }))
        });
        assert!(live.refusal().contains(&format!("`{name}: {value}`")), "{name}");
    }
}

#[test]
fn a_header_that_is_sent_twice_is_found() {
    let live = Live::through(|router| {
        router.layer(map_response(|mut answer: axum::response::Response| async move {
            let lax = HeaderValue::from_static("default-src *");
            answer.headers_mut().append("content-security-policy", lax);
            answer
        }))
    });
    assert!(live.refusal().contains("content-security-policy"));
}

#[test]
fn a_release_of_another_maker_is_none() {
    let live = Live::start();
    let other = Live { key: SigningKey::generate().public(), ..Live::start() };
    assert!(other.refusal().contains("not one that this key signed"));
    let mut bytes = fs::read(live.release()).unwrap();
    bytes[60] ^= 1;
    fs::write(live.release(), bytes).unwrap();
    assert!(live.refusal().contains("not one that this key signed"));
    fs::remove_file(live.release()).unwrap();
    assert!(live.refusal().contains("shows no release"));
}

#[test]
fn only_an_address_is_taken_for_a_site_and_tls_needs_no_help() {
    for bad in ["portal.example.com", "http://portal.example.com", "https://", "https://a/b"] {
        assert_eq!(Http::new(bad).err().map(|refusal| refusal.code()), Some(2), "{bad}");
    }
    // A portal without TLS, asked by TLS: an error of the handshake, so the provider was there.
    let live = Live::start();
    let url = format!("https://{}", live.address);
    let question = Question { site: &url, key: live.key, release: Some(live.release()) };
    let refusal = site::verify(&question, &Http::new(&url).unwrap(), &mut Vec::new()).err();
    let refusal = refusal.unwrap();
    assert_eq!(refusal.code(), 2);
    assert!(refusal.to_string().contains("cannot be reached"), "{refusal}");
}

#[test]
fn an_officer_accepts_a_release_and_the_journal_says_so() {
    let live = Live::start();
    let url = live.url();
    let founder = Portal::new(Device::new(HttpWire::new(&url)));
    let words =
        cli::demo::block_on(founder.found(harness::founding(), |_| ())).unwrap().recovery_words;
    let officer = || Officer::sign_in(HttpWire::new(&url), "margaret", &words).unwrap();
    let (read, _) = live.verify().unwrap();
    let mut out = Vec::new();
    let none = officer().accepted(&read, &mut out).unwrap_err();
    assert!(none.to_string().contains("no release yet"), "{none}");

    let bytes = fs::read(live.release()).unwrap();
    let stranger = SigningKey::generate().public();
    assert_eq!(officer().accept(&bytes, &stranger, &mut out).unwrap_err().code(), 2);
    officer().accept(&bytes, &live.key, &mut out).unwrap();
    officer().accepted(&read, &mut out).unwrap();
    let said = String::from_utf8(out).unwrap();
    assert!(said.contains("accepted this release at"), "{said}");

    let other = Live::start();
    let bytes = fs::read(other.release()).unwrap();
    officer().accept(&bytes, &other.key, &mut Vec::new()).unwrap();
    let newer = officer().accepted(&read, &mut Vec::new()).unwrap_err();
    assert!(newer.to_string().contains("another release last"), "{newer}");
    let wrong = Secret::new("abandon ".repeat(11) + "about");
    assert_eq!(Officer::sign_in(HttpWire::new(&url), "margaret", &wrong).err().unwrap().code(), 2);
}
