//! An object's sealed bytes going out: whole or a span, streamed part by part.

use core::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, TryStreamExt as _};
use shared::ids::ObjectId;
use shared::journal::papers::VERIFIES;

use super::headers::{Wanted, wanted};
use super::policy;
use super::store::{self, Object, Part};
use crate::blob::{BlobKey, Blobs};
use crate::db::Conn;
use crate::error::{ApiError, OUTSIDE, Reply};
use crate::extract::caller::Caller;
use crate::journal::store::directory;
use crate::matters::{self, papers};
use crate::state::App;

/// Answers a request for an object's bytes.
pub(super) async fn send(
    app: &App,
    caller: &Caller,
    id: ObjectId,
    headers: &HeaderMap,
) -> Reply<Response> {
    let mut read = app.db.read().await?;
    let object = store::object(&mut read, id).await?.ok_or(ApiError::not_found())?;
    let seated = matters::store::seated(&mut read, policy::kid_of(caller), object.matter).await?;
    if papers::store::is_over(&mut read, id, app.now()).await? {
        return Err(ApiError::not_found());
    }
    let sealed = papers::store::is_sealed(&mut read, id).await?;
    let may = if sealed { seated && verifies(&mut read, app, caller).await? } else { seated };
    let permit = policy::may_read(caller, may, id)?;
    let parts = store::parts(&mut read, *permit).await?;
    drop(read);
    let etag = format!("\"{}\"", object.ct_root);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes()) {
        return answer(StatusCode::NOT_MODIFIED, &etag, &[], Body::empty());
    }
    reply(app, &object, &parts, &etag, wanted(headers, object.sealed_len, &etag))
}

/// Whether a person verifies: nobody else is handed an identity paper, sealed as it is.
async fn verifies(read: &mut Conn, app: &App, caller: &Caller) -> Reply<bool> {
    let signer = directory::signer(read, policy::kid_of(caller), app.now()).await?;
    Ok(signer.is_some_and(|signer| signer.is_staff_with(VERIFIES)))
}

fn reply(
    app: &App,
    object: &Object,
    parts: &[Part],
    etag: &str,
    wanted: Wanted,
) -> Reply<Response> {
    let length = object.sealed_len;
    let (status, from, until, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0, length, None),
        Wanted::Span(from, until) => {
            let range = format!("bytes {from}-{}/{length}", until - 1);
            (StatusCode::PARTIAL_CONTENT, from, until, Some(range))
        }
        Wanted::Nothing => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return answer(OUTSIDE, etag, &range, Body::empty());
        }
    };
    let mut more = vec![
        (header::CONTENT_LENGTH, (until - from).to_string()),
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
    ];
    more.extend(range.map(|range| (header::CONTENT_RANGE, range)));
    answer(status, etag, &more, stream(app.blobs.clone(), cut(parts, from, until)))
}

fn answer(
    status: StatusCode,
    etag: &str,
    more: &[(header::HeaderName, String)],
    body: Body,
) -> Reply<Response> {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, HeaderValue::from_str(etag).map_err(ApiError::internal)?);
    for (name, value) in more {
        headers.insert(name.clone(), HeaderValue::from_str(value).map_err(ApiError::internal)?);
    }
    Ok(response)
}

/// Which span of which blob, of which length, makes up `from..until` of the object.
fn cut(parts: &[Part], from: u64, until: u64) -> Vec<(BlobKey, Range<u64>, u64)> {
    let mut start = 0;
    let mut spans = Vec::new();
    for part in parts {
        let end = start + part.len;
        if start < until && from < end {
            let span = from.max(start) - start..until.min(end) - start;
            spans.push((part.blob.clone(), span, part.len));
        }
        start = end;
    }
    spans
}

/// One part after the other, each opened when the one before was sent: memory stays constant.
fn stream(blobs: Blobs, spans: Vec<(BlobKey, Range<u64>, u64)>) -> Body {
    let pieces = futures::stream::iter(spans)
        .then(move |(blob, span, length)| {
            let blobs = blobs.clone();
            async move { blobs.get(&blob, span, length).await }
        })
        .try_flatten();
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use shared::crypto::hash::Hash32;

    use super::*;

    #[test]
    fn a_span_is_cut_at_the_edges_of_parts() {
        let part = |index, len| Part { index, len, root: Hash32([0; 32]), blob: BlobKey::random() };
        let parts = [part(0, 10), part(1, 10), part(2, 3)];
        let cut = |from, until| {
            cut(&parts, from, until)
                .iter()
                .map(|(blob, span, length)| {
                    let at = parts.iter().position(|part| part.blob == *blob).unwrap();
                    assert_eq!(parts[at].len, *length);
                    (at, span.start, span.end)
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(cut(0, 23), [(0, 0, 10), (1, 0, 10), (2, 0, 3)]);
        assert_eq!(cut(9, 11), [(0, 9, 10), (1, 0, 1)]);
        assert_eq!(cut(10, 20), [(1, 0, 10)]);
        assert_eq!(cut(22, 23), [(2, 2, 3)]);
    }
}
