//! The built frontend: out of the binary (feature `embed`) or out of a folder.
//!
//! A name with a 16-digit hash is immutable; a document is never stored; the rest is checked by
//! its tag. Precompressed neighbours (`.br`, `.gz`) are sent to whoever takes them. A path without
//! a dot is one of the app's own addresses and gets the page of the program it belongs to:
//! `client.html` below `/i/`, `back.html` at `/back` and below, `index.html` elsewhere.

use std::borrow::Cow;
use std::path::PathBuf;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use shared::crypto::hash::sha256;
use shared::delivery::content_type;

use crate::error::{ApiError, Reply};
use crate::state::AppState;

const DESK: &str = "index.html";
const CLIENT: &str = "client.html";
const BACK: &str = "back.html";

/// Where the files are.
#[derive(Clone)]
pub enum Site {
    /// In a folder.
    Folder(PathBuf),
    /// In the binary.
    #[cfg(feature = "embed")]
    Embedded,
}

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../target/site"]
struct Embedded;

impl Site {
    /// What this build serves: its own files, or those of the folder.
    #[must_use]
    pub fn of_build(folder: PathBuf) -> Self {
        #[cfg(feature = "embed")]
        {
            drop(folder);
            Self::Embedded
        }
        #[cfg(not(feature = "embed"))]
        Self::Folder(folder)
    }

    /// A file of the site by its name.
    pub(crate) async fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => tokio::fs::read(folder.join(name)).await.ok().map(Cow::Owned),
            #[cfg(feature = "embed")]
            Self::Embedded => Embedded::get(name).map(|file| file.data),
        }
    }
}

/// Answers every GET that no route took.
///
/// # Errors
/// 404 for a file that is not there, 405 for a write.
pub async fn serve(
    State(app): State<AppState>,
    method: axum::http::Method,
    uri: Uri,
    headers: HeaderMap,
) -> Reply<Response> {
    let path = uri.path();
    if path.starts_with("/api/") {
        return Err(ApiError::not_found());
    }
    if !method.is_safe() {
        return Err(ApiError::bad_request_as(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address can only be read.",
        ));
    }
    let name = file_name(path).ok_or_else(ApiError::not_found)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok());
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accepted, coding)
            && let Some(bytes) = app.site.read(&format!("{name}{ending}")).await
        {
            return Ok(answer(name, bytes, Some(coding), &headers));
        }
    }
    match app.site.read(name).await {
        Some(bytes) => Ok(answer(name, bytes, None, &headers)),
        None => Err(ApiError::not_found()),
    }
}

// Only plain names below the folder: no climbing, no hidden files, no stored encodings by name.
fn file_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    if !name.contains('.') {
        return Some(match name.split('/').next() {
            Some("i") if name != "i" => CLIENT,
            Some("back") => BACK,
            _ => DESK,
        });
    }
    (name.split('/').all(plain) && !name.ends_with(".br") && !name.ends_with(".gz")).then_some(name)
}

fn answer(
    name: &str,
    bytes: Cow<'static, [u8]>,
    coding: Option<&'static str>,
    asked: &HeaderMap,
) -> Response {
    let document = name.ends_with(".html");
    let caching = if document {
        "no-store"
    } else if has_hash(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if caching == "no-cache" {
        let tag = format!("\"{}\"", sha256(&bytes));
        let same = asked.get(header::IF_NONE_MATCH).is_some_and(|value| value == tag.as_str());
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        if same {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
    }
    let body = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (headers, body).into_response()
}

fn accepts(header: Option<&str>, coding: &str) -> bool {
    header.is_some_and(|text| {
        text.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|q| matches!(q, "q=0" | "q=0.0"))
        })
    })
}

// xtask writes name-<16 hex>.ext.
fn has_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '.', '_']).any(|part| {
        part.len() == 16 && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Whatever the address, the name is of a file below the folder that nothing hides.
        #[test]
        fn any_address_names_a_plain_file(path in "/[a-z.%/\\\\-]{0,30}|[\\x20-\\x7e]{0,40}") {
            if let Some(name) = file_name(&path) {
                assert!(name.split('/').all(|part| !part.is_empty() && !part.starts_with('.')));
                assert!(!name.contains(['\\', '%', ':', '\0']), "{name}");
                assert!([DESK, CLIENT].contains(&name) || path.strip_prefix('/') == Some(name));
            }
        }
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for desk in ["/", "/matters/00ff", "/i", "/inbox"] {
            assert_eq!(file_name(desk), Some(DESK), "{desk}");
        }
        assert_eq!(file_name("/i/00ff"), Some(CLIENT));
        assert_eq!(file_name("/i/00ff/review"), Some(CLIENT));
        assert_eq!(file_name("/viewer/viewer.html"), Some("viewer/viewer.html"));
        for bad in
            ["/../x.toml", "/a/../b.js", "/.env", "/a//b.js", "/a%2e%2e/b.js", "/x.js.br", "//x.js"]
        {
            assert_eq!(file_name(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(has_hash("desk-0123456789abcdef.js"));
        assert!(has_hash("assets/client-0123456789abcdef.wasm"));
        assert!(!has_hash("boot.js"));
        assert!(!has_hash("desk-0123456789ABCDEF.js"));
    }

    #[test]
    fn a_coding_is_used_only_when_taken() {
        assert!(accepts(Some("gzip, br;q=0.9"), "br"));
        assert!(!accepts(Some("gzip, br;q=0"), "br"));
        assert!(!accepts(None, "br"));
    }
}
