//! `fetch`: carries the core's requests and nothing else.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use shared::client::transport::{ContentType, Method, Request, Response, Unreachable};
use shared::encoding::content_digest;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
};

use crate::platform::page;

/// A call that takes longer than this has lost its network.
const CALL_MILLIS: u32 = 60_000;
/// 4 MiB on a slow phone.
const BYTES_MILLIS: u32 = 300_000;

/// Sends one request with the session's cookie to this very origin.
///
/// # Errors
/// [`Unreachable`] when no whole answer came.
pub async fn fetch(request: Request) -> Result<Response, Unreachable> {
    let bytes = request.content_type == ContentType::Octets;
    let init = RequestInit::new();
    init.set_method(match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    });
    let headers = headers(&request)?;
    init.set_headers(headers.as_ref());
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    // A redirect would carry sealed bytes to somewhere the core did not name.
    init.set_redirect(RequestRedirect::Error);
    let limit = if bytes { BYTES_MILLIS } else { CALL_MILLIS };
    init.set_signal(Some(&AbortSignal::timeout_with_u32(limit)));
    if request.method != Method::Get {
        init.set_body(&Uint8Array::from(request.body.as_slice()));
    }
    let sent = page::window().fetch_with_str_and_init(&request.path, &init);
    let answer: web_sys::Response =
        JsFuture::from(sent).await.map_err(|_| Unreachable)?.dyn_into().map_err(|_| Unreachable)?;
    let body = answer.array_buffer().map_err(|_| Unreachable)?;
    let body: ArrayBuffer =
        JsFuture::from(body).await.map_err(|_| Unreachable)?.dyn_into().map_err(|_| Unreachable)?;
    Ok(Response { status: answer.status(), body: Uint8Array::new(&body).to_vec() })
}

fn headers(request: &Request) -> Result<Headers, Unreachable> {
    let headers: Headers = Headers::new().map_err(|_| Unreachable)?;
    let set = |name: &str, value: &str| headers.set(name, value).map_err(|_| Unreachable);
    if request.method != Method::Get {
        set(
            "Content-Type",
            match request.content_type {
                ContentType::Json => "application/json",
                ContentType::Octets => "application/octet-stream",
            },
        )?;
    }
    if let Some(digest) = &request.digest {
        set("Content-Digest", &content_digest(digest))?;
    }
    if let Some(version) = request.if_match {
        set("If-Match", &format!("\"{version}\""))?;
    }
    if let Some((first, last)) = request.range {
        set("Range", &format!("bytes={first}-{last}"))?;
    }
    Ok(headers)
}

/// Whether the browser believes it has a network at all.
#[must_use]
pub fn online() -> bool {
    let navigator = page::window().navigator();
    Reflect::get(&navigator, &JsValue::from("onLine")).is_ok_and(|value| value.is_truthy())
}
