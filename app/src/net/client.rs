//! `fetch`: carries the core's requests and nothing else (the workers' program comes by `program`).

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use shared::client::transport::{Body, Method, Received, Request, Response, Unreachable};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
};
use worker::outside::Outside;
use worker::pieces::Reading;

use crate::platform::page;

/// A call that takes longer than this has lost its network.
const CALL_MILLIS: u32 = 60_000;
/// 4 MiB on a slow phone.
const BYTES_MILLIS: u32 = 300_000;

/// Sends one request with the session's cookie to this very origin.
///
/// # Errors
/// [`Unreachable`] when no whole answer came.
pub async fn fetch(request: Request<Outside>) -> Result<Response, Unreachable> {
    let answer = ask(&request).await?;
    read(&answer, request.range).await
}

/// The same for sealed bytes, which do not come into the program's memory.
///
/// # Errors
/// As [`fetch`].
pub async fn receive(request: Request<Outside>) -> Result<Received<Outside>, Unreachable> {
    let answer = ask(&request).await?;
    if !answer.ok() {
        return read(&answer, None).await.map(Received::Other);
    }
    let bytes = answer.array_buffer().map_err(|_| Unreachable)?;
    let bytes = JsFuture::from(bytes).await.map_err(|_| Unreachable)?;
    let bytes: ArrayBuffer = bytes.dyn_into().map_err(|_| Unreachable)?;
    let len = u64::from(bytes.byte_length());
    Ok(Received::Sealed(bytes.into(), len))
}

async fn read(
    answer: &web_sys::Response,
    range: Option<(u64, u64)>,
) -> Result<Response, Unreachable> {
    let body = whole(answer, range).await.ok_or(Unreachable)?;
    Ok(Response { status: answer.status(), body })
}

async fn ask(request: &Request<Outside>) -> Result<web_sys::Response, Unreachable> {
    let init = RequestInit::new();
    init.set_method(match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    });
    let headers = headers(request)?;
    init.set_headers(headers.as_ref());
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    // A redirect would carry sealed bytes to somewhere the core did not name.
    init.set_redirect(RequestRedirect::Error);
    let limit = match request.body {
        Body::Json(_) => CALL_MILLIS,
        Body::Empty | Body::Sealed(_) => BYTES_MILLIS,
    };
    init.set_signal(Some(&AbortSignal::timeout_with_u32(limit)));
    match &request.body {
        Body::Empty => {}
        Body::Json(bytes) => init.set_body(&Uint8Array::from(bytes.as_slice())),
        Body::Sealed(sealed) => init.set_body(&sealed.blob()),
    }
    let sent = page::window().fetch_with_str_and_init(&request.path, &init);
    JsFuture::from(sent).await.map_err(|_| Unreachable)?.dyn_into().map_err(|_| Unreachable)
}

/// Sealed bytes, which come in ranges, are read without a trail of buffers behind them.
async fn whole(answer: &web_sys::Response, range: Option<(u64, u64)>) -> Option<Vec<u8>> {
    let stream = range.and_then(|range| Some((range, answer.body()?)));
    if let Some(((first, last), stream)) = stream
        && let Some(reading) = Reading::of(&stream)
    {
        return reading.to_end((last - first + 1) as usize).await;
    }
    let body = JsFuture::from(answer.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&body).to_vec())
}

fn headers(request: &Request<Outside>) -> Result<Headers, Unreachable> {
    let headers: Headers = Headers::new().map_err(|_| Unreachable)?;
    for (name, value) in request.headers() {
        headers.set(name, &value).map_err(|_| Unreachable)?;
    }
    Ok(headers)
}

/// Whether the browser believes it has a network at all.
#[must_use]
pub fn online() -> bool {
    let navigator = page::window().navigator();
    Reflect::get(&navigator, &JsValue::from("onLine")).is_ok_and(|value| value.is_truthy())
}
