//! Sends any [`Call`] and reads its answer strictly.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::error::ClientError;
use super::host::Host;
use super::transport::{Body, Method, Received, Request, Response};
use super::upload::SealedPart;
use crate::call::Call;
use crate::documents::wire::PartKept;
use crate::ids::ObjectId;
use crate::problem::Problem;

/// Sends a call.
///
/// # Errors
/// [`ClientError::Unreachable`], the server's refusal, or [`ClientError::Unreadable`].
pub(crate) async fn call<C: Call, H: Host>(host: &H, call: &C) -> Result<C::Reply, ClientError> {
    let body = serde_json::to_vec(call).map_err(|_| ClientError::Unfit)?;
    let request = Request {
        method: Method::Post,
        path: C::ROUTE.to_string(),
        body: Body::Json(body),
        root: None,
        if_match: call.if_match(),
        range: None,
    };
    let response = accepted(host.send(request).await?)?;
    #[cfg(feature = "vuln")]
    crate::vuln::listen(&response.body);
    serde_json::from_slice(&response.body).map_err(|_| ClientError::Unreadable)
}

/// Sends one part of an upload.
///
/// # Errors
/// As [`call`]; [`ClientError::NotVerified`] never: the answer is compared by the caller.
pub(crate) async fn put_part<H: Host>(
    host: &H,
    object: ObjectId,
    part: SealedPart<H::Sealed>,
) -> Result<PartKept, ClientError> {
    let (index, root) = (part.index, part.root);
    let request = Request {
        method: Method::Put,
        path: alloc::format!("/api/v1/uploads/{object}/parts/{index}"),
        body: Body::Sealed(part.bytes),
        root: Some(root),
        if_match: None,
        range: None,
    };
    let response = accepted(host.send(request).await?)?;
    serde_json::from_slice(&response.body).map_err(|_| ClientError::Unreadable)
}

/// Reads bytes `first..=last` of an object's sealed payload.
///
/// # Errors
/// As [`call`]; [`ClientError::Unreadable`] when the answer has another length.
pub(crate) async fn get_content<H: Host>(
    host: &H,
    object: ObjectId,
    first: u64,
    last: u64,
) -> Result<Vec<u8>, ClientError> {
    let response = accepted(host.send(content_request::<H>(object, first, last)).await?)?;
    if response.body.len() as u64 != last - first + 1 {
        return Err(ClientError::Unreadable);
    }
    Ok(response.body)
}

/// The same, as the transport holds sealed bytes.
///
/// # Errors
/// As [`get_content`].
pub(crate) async fn get_sealed<H: Host>(
    host: &H,
    object: ObjectId,
    first: u64,
    last: u64,
) -> Result<H::Sealed, ClientError> {
    match host.receive(content_request::<H>(object, first, last)).await? {
        Received::Sealed(bytes, len) if len == last - first + 1 => Ok(bytes),
        Received::Sealed(..) => Err(ClientError::Unreadable),
        // What is not the bytes is a refusal, or nothing that we know.
        Received::Other(response) => {
            Err(accepted(response).err().unwrap_or(ClientError::Unreadable))
        }
    }
}

fn content_request<H: Host>(object: ObjectId, first: u64, last: u64) -> Request<H::Sealed> {
    Request {
        method: Method::Get,
        path: content_path(object),
        body: Body::Empty,
        root: None,
        if_match: None,
        range: Some((first, last)),
    }
}

fn content_path(object: ObjectId) -> String {
    alloc::format!("/api/v1/objects/{object}/content")
}

fn accepted(response: Response) -> Result<Response, ClientError> {
    if response.is_content() {
        return Ok(response);
    }
    match serde_json::from_slice::<Problem>(&response.body) {
        Ok(problem) => Err(problem.into()),
        // A proxy's page, or a server that is going down: worth another try.
        Err(_) if matches!(response.status, 502..=504) => Err(ClientError::Unreachable),
        Err(_) => Err(ClientError::Unreadable),
    }
}
