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

use crate::state::AppState;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     worker-src 'self'; frame-src 'self' blob:; manifest-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";

const VIEWER_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src blob: 'self'; \
     style-src 'self'; img-src blob: data:; font-src 'self' data: blob:; connect-src 'none'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

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
}

impl SecurityHeaders {
    /// For an https address also the headers that would break plain http on localhost.
    #[must_use]
    pub fn new(https: bool) -> Self {
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
        Self { common, page: policy(PAGE_POLICY, https), viewer: policy(VIEWER_POLICY, https) }
    }

    fn lay(&self, path: &str, headers: &mut HeaderMap) {
        for (name, value) in &self.common {
            headers.insert(name, value.clone());
        }
        let viewer = path.starts_with("/viewer/");
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
            // Every module of a page needs its hash in the page. Workers have no page to put it
            // in, and pdf.js in the viewer imports its own files by name.
            headers.insert(
                "integrity-policy",
                HeaderValue::from_static("blocked-destinations=(script)"),
            );
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
    if !https {
        return HeaderValue::from_static(text);
    }
    // Our own ASCII text is always a header value.
    HeaderValue::try_from(format!("{text}; upgrade-insecure-requests"))
        .unwrap_or(HeaderValue::from_static(text))
}

/// The layer.
pub async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    app.headers.lay(&path, response.headers_mut());
    response
}
