//! Releases of the app: the maker's signed list of every file, and the firm's word that it accepts one.
//!
//! A *release* is a `USS1` of namespace 16 under the maker's bare key, and stands in no stream: anyone
//! who knows that key can hold a live site to it. The firm's acceptance stands in the stream `policy`
//! and names the release by its digest, so that what was served, and since when, is in the journal.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::crypto::cbor;
use crate::crypto::error::{FormatError, SignatureError};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, SigningKey, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::journal::policy::{PaperRules, SessionRules};
use crate::journal::statement::RecordRef;
use crate::time::Timestamp;

/// The body of a release, namespace 16.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Release {
    /// Always 1.
    #[n(1)]
    pub format: u8,
    /// The product's version.
    #[n(2)]
    pub version: String,
    /// The commit that it was built from, in hex.
    #[n(3)]
    pub source: String,
    /// The tools that it was built with, in one line.
    #[n(4)]
    pub toolchain: String,
    /// The commit's time: a release says nothing of the hour in which it was built.
    #[n(5)]
    pub time: Timestamp,
    /// Every file of the app, sorted by path, compressed twins among them.
    #[n(6)]
    pub files: Vec<ReleaseFile>,
}

/// A file of the app.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReleaseFile {
    /// Its path from the site's root, without a slash before it.
    #[n(1)]
    pub path: String,
    /// Its length in bytes.
    #[n(2)]
    pub size: u64,
    /// SHA-256 of its bytes.
    #[n(3)]
    pub hash: Hash32,
}

impl Release {
    /// Signs it.
    ///
    /// # Errors
    /// When it is not one that [`Self::open`] would take, or too long.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, FormatError> {
        self.check()?;
        Signed::sign(Namespace::Release, key, Kid::of_key(&key.public()), &cbor::encode(self))
    }

    /// Reads a release that this key signed.
    ///
    /// # Errors
    /// When the bytes are no release, or another's.
    pub fn open(bytes: &[u8], key: &VerifyKey) -> Result<Self, SignatureError> {
        let signed = Signed::parse(bytes)?;
        if signed.signer() != Kid::of_key(key) {
            return Err(SignatureError::Invalid);
        }
        let release: Self = signed.body_as(Namespace::Release, key)?;
        release.check()?;
        Ok(release)
    }

    /// One meaning, one encoding: sorted, no path twice, and no path that leaves the site.
    fn check(&self) -> Result<(), FormatError> {
        if self.format != 1 {
            return Err(FormatError::VersionUnknown(self.format));
        }
        let sorted = self.files.windows(2).all(|two| two[0].path < two[1].path);
        let plain = self.files.iter().all(|file| is_plain(&file.path));
        if self.files.is_empty() || !sorted || !plain {
            return Err(FormatError::Value);
        }
        Ok(())
    }

    /// The file with this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&ReleaseFile> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }
}

/// Whether a path names a file below the site's root and nothing else.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    path.len() <= 255 && path.split('/').all(plain)
}

/// Namespace 10, stream `policy`: what the firm decides for all its matters.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum PolicyAct {
    /// The firm accepts a release of the app; the newest holds. Signed by staff with `POLICY`.
    #[n(0)]
    ReleaseAccepted(#[n(0)] AcceptedRelease),
    /// How long staff stay signed in; the newest holds. Signed by staff with `POLICY`.
    #[n(1)]
    Sessions(#[n(0)] SessionRules),
    /// The firm's kinds of matter; the newest holds. Attachment: the record (`USR1`, kind 60), sealed in the
    /// firm's own room. Signed by staff with `POLICY` and a seat there.
    #[n(2)]
    Kinds(#[n(0)] RecordRef),
    /// What becomes of identity papers; the newest holds. Signed by staff with `POLICY`.
    #[n(3)]
    Papers(#[n(0)] PaperRules),
}

/// See [`PolicyAct::ReleaseAccepted`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AcceptedRelease {
    /// The maker's key.
    #[n(1)]
    pub key: VerifyKey,
    /// Digest of the signed release.
    #[n(2)]
    pub release: Hash32,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use alloc::borrow::ToOwned as _;

    use super::*;

    fn file(path: &str) -> ReleaseFile {
        ReleaseFile { path: path.to_owned(), size: 3, hash: Hash32([7; 32]) }
    }

    fn release(paths: &[&str]) -> Release {
        Release {
            format: 1,
            version: "0.1.0".to_owned(),
            source: "00ff".to_owned(),
            toolchain: "rustc 1.95.0".to_owned(),
            time: Timestamp(1_795_000_000_000),
            files: paths.iter().map(|path| file(path)).collect(),
        }
    }

    #[test]
    fn a_release_is_read_under_its_makers_key_and_no_other() {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let release = release(&["assets/a.js", "index.html"]);
        let signed = release.sign(&key).unwrap().into_bytes();
        assert_eq!(Release::open(&signed, &key.public()).unwrap(), release);
        assert_eq!(release.file("index.html"), release.files.get(1));
        assert_eq!(release.file("index.htm"), None);
        assert!(Release::open(&signed, &other.public()).is_err());
        for at in 0..signed.len() {
            let mut bytes = signed.clone();
            bytes[at] ^= 1;
            assert!(Release::open(&bytes, &key.public()).is_err(), "byte {at}");
        }
    }

    #[test]
    fn what_has_another_encoding_or_leaves_the_site_is_no_release() {
        let key = SigningKey::generate();
        for paths in [
            [].as_slice(),
            &["b", "a"],
            &["a", "a"],
            &["/a"],
            &["../a"],
            &["a/../b"],
            &["a//b"],
            &[".a"],
            &["a b"],
            &["a%2e"],
        ] {
            assert_eq!(release(paths).sign(&key).err(), Some(FormatError::Value), "{paths:?}");
        }
        let later = Release { format: 2, ..release(&["a"]) };
        assert_eq!(later.sign(&key).err(), Some(FormatError::VersionUnknown(2)));
    }

    #[test]
    fn a_statement_of_another_kind_is_no_release() {
        let key = SigningKey::generate();
        let body = cbor::encode(&release(&["a"]));
        let kid = Kid::of_key(&key.public());
        let signed = Signed::sign(Namespace::Export, &key, kid, &body).unwrap();
        assert!(Release::open(signed.as_bytes(), &key.public()).is_err());
    }
}
