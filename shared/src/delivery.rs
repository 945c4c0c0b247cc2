//! How the app's files are delivered: the headers and types that the server sends, that
//! `verify-site` demands, and that outside checkers are told to expect.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;

/// The policy of every answer outside the viewer, over plain http on the machine itself.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     worker-src 'self'; frame-src 'self' blob:; manifest-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";

/// The policy of the viewer of PDF files: a frame of opaque origin, which may run nothing but its own
/// files and connects to nothing.
pub const VIEWER_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src blob: 'self'; \
     style-src 'self'; img-src blob: data:; font-src 'self' data: blob:; connect-src 'none'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The viewer's policy where WEBCAT is in use, which allows no worker that begins as a blob; pdf.js
/// then works in the frame's own thread.
pub const VIEWER_POLICY_WITHOUT_BLOB: &str = "default-src 'none'; script-src 'self'; \
     worker-src 'none'; style-src 'self'; img-src blob: data:; font-src 'self' data: blob:; \
     connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// What a page may load only with its hash in the page.
pub const INTEGRITY_POLICY: &str = "blocked-destinations=(script style)";

/// Where the release that a server serves can be read.
pub const RELEASE: &str = "/.well-known/underseal/release";

/// The site's own list for browsers that know WAICT, as a file of the site.
pub const WAICT_FILE: &str = "waict.manifest";

/// A policy as it is sent to browsers that come by https, or by plain http.
#[must_use]
pub fn policy(text: &str, https: bool) -> String {
    if https { format!("{text}; upgrade-insecure-requests") } else { text.to_owned() }
}

/// Whether a path belongs to the viewer.
#[must_use]
pub fn is_viewer(path: &str) -> bool {
    path.starts_with("/viewer/")
}

/// The type that a file is sent as, by its name.
#[must_use]
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
