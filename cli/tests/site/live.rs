//! A portal that listens, with a site and the release of that site.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use cli::refusal::Refusal;
use cli::release::{self, Origin};
use cli::site::fetch::Http;
use cli::site::{self, Question, Read};
use server::config::{Config, Layers};
use server::state::SystemClock;
use shared::crypto::keys::{SigningKey, VerifyKey};
use tempfile::TempDir;

use crate::harness;

/// One file of every kind that a built site has.
pub(crate) const FILES: [(&str, &str); 15] = [
    ("assets/boot-0123456789abcdef.js", "boot()"),
    ("assets/boot-0123456789abcdef.js.br", "b()"),
    ("assets/boot-0123456789abcdef.js.gz", "g()"),
    ("assets/client-0123456789abcdef.css", "p{}"),
    ("assets/client-0123456789abcdef.wasm", "\0asm"),
    ("assets/font-0123456789abcdef.woff2", "wOF2"),
    ("back.html", BACK),
    ("client.html", CLIENT),
    ("favicon.svg", "<svg/>"),
    ("index.html", DESK),
    ("manifest.json", "{}"),
    ("robots.txt", "User-agent: *"),
    ("viewer/pdf-0123456789abcdef.mjs", "pdf()"),
    ("viewer/viewer.html", "<!doctype html><title>viewer</title>"),
    ("waict.manifest", "{}\n\n"),
];
const BACK: &str = r#"<!doctype html><title>back</title><script type="module" src="/assets/boot-0123456789abcdef.js"></script>"#;
const CLIENT: &str = r#"<!doctype html><link rel="stylesheet" href="/assets/client-0123456789abcdef.css"><script type="module" src="/assets/boot-0123456789abcdef.js" data-wasm="/assets/client-0123456789abcdef.wasm"></script>"#;
pub(crate) const DESK: &str = r#"<!doctype html><link rel="icon" href="/favicon.svg"><script type="module" src="/assets/boot-0123456789abcdef.js"></script>"#;

/// A portal that listens, its site, and the release of that site.
pub(crate) struct Live {
    pub(crate) folder: TempDir,
    pub(crate) address: SocketAddr,
    pub(crate) key: VerifyKey,
}

impl Live {
    pub(crate) fn start() -> Self {
        Self::through(|router| router)
    }

    /// With somebody between the server and whoever asks.
    pub(crate) fn through(between: impl FnOnce(Router) -> Router + Send + 'static) -> Self {
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

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join("site").join(name)
    }

    pub(crate) fn release(&self) -> PathBuf {
        self.folder.path().join("well-known/underseal/release")
    }

    pub(crate) fn verify(&self) -> Result<(Read, String), Refusal> {
        let url = self.url();
        let question = Question { site: &url, key: self.key, release: None };
        let mut out = Vec::new();
        let read = site::verify(&question, &Http::new(&url)?, &mut out)?;
        Ok((read, String::from_utf8(out).unwrap()))
    }

    pub(crate) fn refusal(&self) -> String {
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
