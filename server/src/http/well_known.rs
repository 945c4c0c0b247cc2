//! What stands under `/.well-known/` besides `security.txt`: the signed release and WEBCAT's files,
//! which the operator puts into a folder, and the site's own list for browsers that know WAICT.
//!
//! The names are a list, so that no request chooses a path.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use shared::crypto::hash::sha256;
use shared::delivery::WAICT_FILE;
use shared::encoding::to_base64url;

use super::static_files::Site;
use crate::config::Config;
use crate::error::{ApiError, Reply};
use crate::state::AppState;

const BUNDLE: &str = "webcat/bundle.json";
const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
/// The files that an operator may put into the folder, by their names there and below `/.well-known/`.
const FILES: [(&str, &str); 4] = [
    ("underseal/release", BYTES),
    ("webcat/enrollment.json", JSON),
    ("webcat/manifest.json", JSON),
    (BUNDLE, JSON),
];

/// The site's list of its files' hashes (waict-integrity-spec): its address, which names its bytes.
#[derive(Clone)]
pub struct Waict {
    path: String,
}

impl Waict {
    /// The list that was built with the site, if there is one.
    pub async fn of(site: &Site) -> Option<Self> {
        let bytes = site.read(WAICT_FILE).await?;
        let digest = to_base64url(sha256(&bytes).as_bytes());
        let name: String = digest.chars().take(22).collect();
        Some(Self { path: format!("/.well-known/waict/manifests/underseal_{name}") })
    }

    /// The header that names it. It only reports: enforcement needs a transparency log that the
    /// operator joins, and browsers hold to it for good.
    #[must_use]
    pub fn header(&self) -> String {
        format!("max-age=0, mode=report, blocked-destinations=(script), manifest=\"{}\"", self.path)
    }
}

/// Whether the operator enrolled the site with WEBCAT.
pub async fn has_webcat(config: &Config) -> bool {
    match &config.well_known {
        Some(folder) => tokio::fs::try_exists(folder.join(BUNDLE)).await.unwrap_or(false),
        None => false,
    }
}

/// Answers with one of the files.
///
/// # Errors
/// When there is none by that name.
pub async fn serve(
    State(app): State<AppState>,
    Path(name): Path<String>,
) -> Reply<([(HeaderName, &'static str); 2], Cow<'static, [u8]>)> {
    let headers = |kind, caching| [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching)];
    let asked = format!("/.well-known/{name}");
    if app.waict.as_ref().is_some_and(|waict| waict.path == asked) {
        let bytes = app.site.read(WAICT_FILE).await.ok_or(ApiError::not_found())?;
        let kind = "application/waict-integrity-manifest";
        return Ok((headers(kind, "public, max-age=31536000, immutable"), bytes));
    }
    let known = FILES.iter().find(|(file, _)| *file == name).ok_or(ApiError::not_found())?;
    let folder = app.config.well_known.as_ref().ok_or(ApiError::not_found())?;
    let bytes = tokio::fs::read(folder.join(known.0)).await.map_err(|_| ApiError::not_found())?;
    Ok((headers(known.1, "no-cache"), Cow::Owned(bytes)))
}
