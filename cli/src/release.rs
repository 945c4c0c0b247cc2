//! What `underseal-release` does: makes a maker's key, lists and signs the files of a built site, and
//! writes what WEBCAT's own tool asks for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use shared::crypto::hash::sha256;
use shared::crypto::keys::{SigningKey, VerifyKey};
use shared::delivery::{self, PAGE_POLICY, VIEWER_POLICY_WITHOUT_BLOB};
use shared::encoding::{read_hex, to_base64url, to_hex};
use shared::journal::release::{Release, ReleaseFile};
use shared::secret::Secret;
use shared::time::Timestamp;

use crate::private;
use crate::refusal::Refusal;

/// What a release says of where it came from.
pub struct Origin {
    /// The product's version.
    pub version: String,
    /// The commit.
    pub source: String,
    /// The tools.
    pub toolchain: String,
    /// The commit's time, in seconds.
    pub time: u64,
}

/// Makes a maker's key in a new file for its owner alone; returns its public half.
///
/// # Errors
/// When something stands there already, or it cannot be written.
pub fn new_key(path: &Path) -> Result<VerifyKey, Refusal> {
    let key = SigningKey::generate();
    let mut file = private::new_file(path)?;
    // EXPOSE: into a file for its owner alone, which is what this command is for.
    let digits = Secret::new(format!("{}\n", to_hex(key.seed())));
    file.write_all(digits.expose().as_bytes())?;
    file.sync_all()?;
    Ok(key.public())
}

/// Reads a maker's key.
///
/// # Errors
/// When the file is not one.
pub fn read_key(path: &Path) -> Result<SigningKey, Refusal> {
    let text = Secret::new(fs::read_to_string(path)?);
    // EXPOSE: the digits become the key.
    let seed = read_hex::<32>(text.expose().trim());
    seed.map(SigningKey::from_seed).ok_or_else(|| {
        Refusal::cannot("The file holds no release key: 64 hex digits are asked for.")
    })
}

/// Lists every file of a site.
///
/// # Errors
/// When a file cannot be read.
pub fn list(site: &Path, origin: Origin) -> Result<Release, Refusal> {
    let mut files = Vec::new();
    for path in below(site)? {
        let bytes = fs::read(&path)?;
        let name = path.strip_prefix(site).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        files.push(ReleaseFile { path: name, size: bytes.len() as u64, hash: sha256(&bytes) });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let Origin { version, source, toolchain, time } = origin;
    Ok(Release { format: 1, version, source, toolchain, time: Timestamp(time * 1000), files })
}

fn below(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// Signs a release and writes it into a folder: the statement as the server serves it
/// (`well-known/underseal/release`), the same for people (`release.json`), and what WEBCAT's tool
/// starts from (`webcat/`).
///
/// # Errors
/// When the list is no release, or the folder cannot be written.
pub fn write(release: &Release, key: &SigningKey, app: &str, out: &Path) -> Result<(), Refusal> {
    let signed = release
        .sign(key)
        .map_err(|error| Refusal::cannot(format!("The site's files make no release: {error}.")))?;
    let place = out.join("well-known/underseal");
    fs::create_dir_all(&place)?;
    fs::write(place.join("release"), signed.as_bytes())?;
    let files: Vec<_> = release
        .files
        .iter()
        .map(|file| json!({ "path": file.path, "bytes": file.size, "sha256": file.hash.to_string() }))
        .collect();
    let shown = json!({
        "version": release.version,
        "source": release.source,
        "toolchain": release.toolchain,
        "time": release.time.0,
        "key": to_hex(&key.public().0),
        "release": sha256(signed.as_bytes()).to_string(),
        "files": files,
    });
    fs::write(out.join("release.json"), pretty(&shown)?)?;
    let place = out.join("webcat");
    fs::create_dir_all(&place)?;
    fs::write(place.join("webcat.config.json"), pretty(&webcat_config(release, app))?)?;
    Ok(fs::write(place.join("manifest.unsigned.json"), pretty(&webcat_manifest(release))?)?)
}

fn pretty(value: &serde_json::Value) -> Result<String, Refusal> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Refusal::cannot(format!("The list cannot be written: {error}.")))
}

/// What WEBCAT's manifest generator reads. Links of clients stand at addresses of their own, and WEBCAT
/// knows one fallback: the client's page.
fn webcat_config(release: &Release, app: &str) -> serde_json::Value {
    json!({
        "app": app,
        "version": release.version,
        "default_csp": delivery::policy(PAGE_POLICY, true),
        "default_index": "index.html",
        "default_fallback": "/client.html",
        "wasm": wasm(release),
        "extra_csp": { "/viewer/": delivery::policy(VIEWER_POLICY_WITHOUT_BLOB, true) },
    })
}

fn webcat_manifest(release: &Release) -> serde_json::Value {
    let files: BTreeMap<String, String> = served(release)
        .map(|file| (format!("/{}", file.path), to_base64url(file.hash.as_bytes())))
        .collect();
    let mut manifest = webcat_config(release, "underseal");
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("app");
        fields.insert("name".to_owned(), json!("underseal"));
        fields.insert("files".to_owned(), json!(files));
    }
    manifest
}

fn wasm(release: &Release) -> Vec<String> {
    let modules = served(release).filter(|file| file.path.ends_with(".wasm"));
    let mut hashes: Vec<_> = modules.map(|file| to_base64url(file.hash.as_bytes())).collect();
    hashes.sort();
    hashes
}

/// The files that have an address: compressed twins are another form of one of them.
fn served(release: &Release) -> impl Iterator<Item = &ReleaseFile> {
    release.files.iter().filter(|file| !is_twin(&file.path))
}

/// Whether a file is the compressed form of another.
#[must_use]
pub fn is_twin(path: &str) -> bool {
    path.ends_with(".br") || path.ends_with(".gz")
}
