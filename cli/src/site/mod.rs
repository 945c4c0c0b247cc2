//! What `underseal-open verify-site` does: holds a live site to a signed release, byte by byte.
//!
//! Every file is asked for in each form that a browser could get (plain, brotli, gzip), the pages at
//! the addresses that people open, and everything that those pages name. A server that answers this
//! program honestly and one visitor not is beyond any such check: it shows what a site serves to a
//! stranger, from where one stands.

pub mod fetch;
mod look;
pub mod memory;
pub mod officer;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::VerifyKey;
use shared::delivery::{INTEGRITY_POLICY, RELEASE, content_type, is_viewer, policy};
use shared::delivery::{PAGE_POLICY, VIEWER_POLICY, VIEWER_POLICY_WITHOUT_BLOB};
use shared::encoding::read_hex;
use shared::journal::release::{Release, ReleaseFile};

use crate::refusal::Refusal;
use crate::release::is_twin;
use fetch::{Answer, Coding, Fetch};

/// The largest release: no statement is longer.
const MAX_RELEASE: u64 = 1 << 17;
/// Addresses that people open, and the page that stands there. The second is a link's.
const PAGES: [(&str, &str); 6] = [
    ("/", "index.html"),
    ("/i/00000000000000000000000000000000", "client.html"),
    ("/i/00000000000000000000000000000000/review", "client.html"),
    ("/back", "back.html"),
    ("/back/00000000000000000000000000000000", "back.html"),
    ("/matters", "index.html"),
];

/// A site, and what it is held to.
pub struct Question<'a> {
    /// The site's address.
    pub site: &'a str,
    /// The maker's key.
    pub key: VerifyKey,
    /// A release at hand; the one that the site itself shows otherwise.
    pub release: Option<PathBuf>,
}

/// A release that was read under its maker's key.
pub struct Read {
    /// What it says.
    pub release: Release,
    /// Its digest.
    pub digest: Hash32,
}

/// A maker's key as it is published: 64 hex digits.
///
/// # Errors
/// With a sentence, for anything else.
pub fn parse_key(text: &str) -> Result<VerifyKey, String> {
    read_hex::<32>(text)
        .map(VerifyKey)
        .filter(VerifyKey::is_sound)
        .ok_or_else(|| "a release key has 64 hex digits".to_owned())
}

/// Reads a release from a file.
///
/// # Errors
/// When it cannot be read, or is not the maker's.
pub fn read_file(path: &Path, key: &VerifyKey) -> Result<(Read, Vec<u8>), Refusal> {
    let bytes = fs::read(path)?;
    Ok((open(&bytes, key)?, bytes))
}

fn open(bytes: &[u8], key: &VerifyKey) -> Result<Read, Refusal> {
    let release = Release::open(bytes, key).map_err(|error| {
        Refusal::broken(format!("The release is not one that this key signed: {error}."))
    })?;
    Ok(Read { release, digest: sha256(bytes) })
}

/// Holds the site to the release and says what stands.
///
/// # Errors
/// With the first file or header that is not as released, by name.
pub fn verify(
    question: &Question<'_>,
    fetch: &impl Fetch,
    out: &mut impl Write,
) -> Result<Read, Refusal> {
    let read = match &question.release {
        Some(path) => read_file(path, &question.key)?.0,
        None => served_release(fetch, &question.key)?,
    };
    let release = &read.release;
    writeln!(out, "Release {} of {}", release.version, release.source)?;
    writeln!(out, "Built with {}", release.toolchain)?;
    writeln!(out, "Digest {}", read.digest)?;
    let site = Site { fetch, release, https: question.site.starts_with("https://") };
    for file in release.files.iter().filter(|file| !is_twin(&file.path)) {
        site.file(file)?;
    }
    for (address, page) in PAGES {
        if release.file(page).is_some() {
            site.page(address, page)?;
        }
    }
    let count = release.files.len();
    writeln!(out, "The site serves this release: {count} files, byte for byte.")?;
    Ok(read)
}

fn served_release(fetch: &impl Fetch, key: &VerifyKey) -> Result<Read, Refusal> {
    let answer = fetch.get(RELEASE, Coding::Plain, MAX_RELEASE)?;
    if answer.status != 200 {
        return Err(Refusal::broken(
            "The site shows no release; name one that you have with --release.",
        ));
    }
    open(&answer.body, key)
}

struct Site<'a, F> {
    fetch: &'a F,
    release: &'a Release,
    https: bool,
}

impl<F: Fetch> Site<'_, F> {
    /// A file in every form in which it is sent.
    fn file(&self, file: &ReleaseFile) -> Result<(), Refusal> {
        let address = format!("/{}", file.path);
        for coding in Coding::ALL {
            let twin = self.release.file(&format!("{}{}", file.path, coding.ending()));
            let answer = self.fetch.get(&address, coding, most(file))?;
            let encoded = answer.header("content-encoding");
            let expected = match (encoded, coding.name(), twin) {
                ("", _, _) => file,
                (encoded, name, Some(twin)) if encoded == name => twin,
                _ => {
                    let trouble =
                        format!("is sent as `{encoded}`, which the release does not have");
                    return Err(wrong(&address, &trouble));
                }
            };
            if coding == Coding::Plain && file.path.ends_with(".html") {
                look::at(&address, &String::from_utf8_lossy(&answer.body), self.release)?;
            }
            self.is(&address, expected, &answer)?;
            self.headers(&address, &file.path, &answer)?;
        }
        Ok(())
    }

    /// A page at an address that people open.
    fn page(&self, address: &str, page: &str) -> Result<(), Refusal> {
        let Some(file) = self.release.file(page) else { return Ok(()) };
        let answer = self.fetch.get(address, Coding::Plain, most(file))?;
        look::at(address, &String::from_utf8_lossy(&answer.body), self.release)?;
        self.is(address, file, &answer)?;
        self.headers(address, page, &answer)
    }

    fn is(&self, address: &str, file: &ReleaseFile, answer: &Answer) -> Result<(), Refusal> {
        if answer.status != 200 {
            return Err(wrong(address, &format!("is answered with status {}", answer.status)));
        }
        let same = answer.body.len() as u64 == file.size && sha256(&answer.body) == file.hash;
        if same { Ok(()) } else { Err(wrong(address, "is not the file that was released")) }
    }

    fn headers(&self, address: &str, name: &str, answer: &Answer) -> Result<(), Refusal> {
        let must = |header: &str, allowed: &[&str]| {
            let value = answer.header(header);
            if allowed.contains(&value) {
                return Ok(());
            }
            Err(wrong(address, &format!("comes with `{header}: {value}`")))
        };
        let viewer = is_viewer(address);
        must("content-type", &[content_type(name)])?;
        must("x-content-type-options", &["nosniff"])?;
        must(
            "cross-origin-resource-policy",
            &[if viewer { "cross-origin" } else { "same-origin" }],
        )?;
        must("referrer-policy", &["no-referrer"])?;
        let texts: &[&str] =
            if viewer { &[VIEWER_POLICY, VIEWER_POLICY_WITHOUT_BLOB] } else { &[PAGE_POLICY] };
        // On the machine itself one may look behind the proxy that speaks TLS.
        let schemes: &[bool] = if self.https { &[true] } else { &[true, false] };
        let policies: Vec<String> = schemes
            .iter()
            .flat_map(|https| texts.iter().map(|text| policy(text, *https)))
            .collect();
        let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
        must("content-security-policy", &policies)?;
        if name.ends_with(".html") && !viewer {
            must("integrity-policy", &[INTEGRITY_POLICY])?;
        }
        Ok(())
    }
}

/// More than was released: enough to see that it is too much, and of a page, what was put into it.
const fn most(file: &ReleaseFile) -> u64 {
    file.size + (1 << 16)
}

fn wrong(address: &str, trouble: &str) -> Refusal {
    Refusal::broken(format!("{address} {trouble}."))
}
