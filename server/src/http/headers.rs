//! The security headers of every answer.
//!
//! One policy for all documents, without inline code. The viewer is the exception: a frame of
//! opaque origin that shows what people uploaded, so it may run nothing but its own files and may
//! connect to nothing. Its files are public, so others may embed them (an opaque origin is nobody's
//! own).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use shared::delivery;

use super::well_known::Waict;
use crate::state::AppState;

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
     display-capture=(), encrypted-media=(), fullscreen=(self), gamepad=(), geolocation=(), \
     gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), \
     midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
     publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), \
     serial=(), storage-access=(), usb=(), window-management=(), \
     xr-spatial-tracking=()";

/// The headers that no answer lacks, made once.
#[derive(Clone)]
pub struct SecurityHeaders {
    common: Vec<(HeaderName, HeaderValue)>,
    page: HeaderValue,
    viewer: HeaderValue,
    waict: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// For an https address also the headers that would break plain http on localhost; `waict` where
    /// the site has its list for browsers that know it, `webcat` where the operator enrolled the site.
    #[must_use]
    pub fn new(https: bool, waict: Option<&Waict>, webcat: bool) -> Self {
        let mut common = vec![
            fixed("cross-origin-opener-policy", "same-origin"),
            fixed("cross-origin-embedder-policy", "require-corp"),
            fixed("permissions-policy", PERMISSIONS),
            fixed("referrer-policy", "no-referrer"),
            fixed("x-content-type-options", "nosniff"),
            fixed("x-robots-tag", "noindex, nofollow"),
        ];
        if https {
            common.push(fixed(
                "strict-transport-security",
                "max-age=63072000; includeSubDomains; preload",
            ));
        }
        let viewer =
            if webcat { delivery::VIEWER_POLICY_WITHOUT_BLOB } else { delivery::VIEWER_POLICY };
        Self {
            common,
            page: policy(delivery::PAGE_POLICY, https),
            viewer: policy(viewer, https),
            waict: waict.and_then(|waict| HeaderValue::try_from(waict.header()).ok()),
        }
    }

    fn lay(&self, path: &str, headers: &mut HeaderMap) {
        for (name, value) in &self.common {
            headers.insert(name, value.clone());
        }
        let viewer = delivery::is_viewer(path);
        let (policy, frame, embed) = if viewer {
            (&self.viewer, "SAMEORIGIN", "cross-origin")
        } else {
            (&self.page, "DENY", "same-origin")
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(frame));
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static(embed));
        if viewer {
            // Modules are fetched with CORS, and an opaque origin is never the same one.
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        } else {
            // Not for the viewer: its opaque origin is apart by itself, and its address has the
            // page's origin, so that the browser would only complain.
            headers.insert("origin-agent-cluster", HeaderValue::from_static("?1"));
        }
        if !viewer && is_document(headers) {
            // Every script and style of a page needs its hash in the page. Workers have no page to
            // put it in (app/src/net/program.rs), and pdf.js in the viewer imports its own files by
            // name.
            headers
                .insert("integrity-policy", HeaderValue::from_static(delivery::INTEGRITY_POLICY));
            if let Some(waict) = &self.waict {
                headers.insert("integrity-policy-waict-v1", waict.clone());
            }
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}

fn is_document(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn fixed(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

fn policy(text: &'static str, https: bool) -> HeaderValue {
    // Our own ASCII text is always a header value.
    HeaderValue::try_from(delivery::policy(text, https)).unwrap_or(HeaderValue::from_static(text))
}

/// The layer.
pub async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    app.headers.lay(&path, response.headers_mut());
    response
}
