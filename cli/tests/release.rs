//! The maker's side of a release: the key, the list, and what outside checkers start from.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::Path;

use cli::release::{self, Origin};
use serde_json::Value;
use shared::crypto::hash::sha256;
use shared::crypto::keys::SigningKey;
use shared::encoding::{to_base64url, to_hex};
use shared::journal::release::Release;

fn origin() -> Origin {
    Origin {
        version: "0.1.0".into(),
        source: "00ff".into(),
        toolchain: "rustc 1.95.0".into(),
        time: 1_795_000_000,
    }
}

fn site(folder: &Path) {
    for (name, text) in [
        ("site/index.html", "<p>desk"),
        ("site/client.html", "<p>client"),
        ("site/assets/a.wasm", "\0asm"),
        ("site/assets/a.wasm.br", "squeezed"),
    ] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_release_key_is_for_its_owner_alone_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let public = release::new_key(&path).unwrap();
    assert_eq!(release::read_key(&path).unwrap().public(), public);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(release::new_key(&path).unwrap_err().code(), 2);
    for bad in ["", "00", "no key at all", &"0g".repeat(32)] {
        fs::write(&path, bad).unwrap();
        assert_eq!(release::read_key(&path).err().unwrap().code(), 2, "{bad}");
    }
}

#[test]
fn the_same_site_and_key_give_the_same_release_wherever_they_lie() {
    let key = SigningKey::generate();
    let made = [(); 2].map(|()| {
        let folder = tempfile::tempdir().unwrap();
        site(folder.path());
        let list = release::list(&folder.path().join("site"), origin()).unwrap();
        release::write(&list, &key, "underseal", folder.path()).unwrap();
        let file = folder.path().join("well-known/underseal/release");
        (fs::read(file).unwrap(), json(&folder.path().join("release.json")))
    });
    let [(bytes, shown), again] = &made;
    assert_eq!((bytes, shown), (&again.0, &again.1));
    let release = Release::open(bytes, &key.public()).unwrap();
    assert_eq!(release.files.len(), 4);
    assert_eq!(shown["key"], to_hex(&key.public().0).as_str());
    assert_eq!(shown["release"], sha256(bytes).to_string().as_str());
    assert_eq!(shown["files"][2]["path"], "client.html");
}

#[test]
fn webcat_gets_files_modules_and_policies_that_it_allows() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path());
    let list = release::list(&folder.path().join("site"), origin()).unwrap();
    let key = SigningKey::generate();
    release::write(&list, &key, "https://example.com/source", folder.path()).unwrap();
    let config = json(&folder.path().join("webcat/webcat.config.json"));
    assert_eq!(config["app"], "https://example.com/source");
    let manifest = json(&folder.path().join("webcat/manifest.unsigned.json"));
    let hash = |text: &str| to_base64url(sha256(text.as_bytes()).as_bytes());
    assert_eq!(manifest["wasm"][0], hash("\0asm").as_str());
    // A compressed twin is no file of its own to a browser.
    assert_eq!(manifest["files"].as_object().unwrap().len(), 3);
    let fallback = manifest["default_fallback"].as_str().unwrap();
    assert_eq!(manifest["files"][fallback], hash("<p>client").as_str());
    let index = format!("/{}", manifest["default_index"].as_str().unwrap());
    assert_eq!(manifest["files"][index], hash("<p>desk").as_str());
    for policy in [&manifest["default_csp"], &manifest["extra_csp"]["/viewer/"]] {
        let policy = policy.as_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains(','), "{policy}");
        let directive = |name| policy.split("; ").find(|text| text.starts_with(name)).unwrap();
        assert!(!directive("worker-src").contains("blob:"), "{policy}");
        assert!(!directive("script-src").contains("blob:"), "{policy}");
    }
}
