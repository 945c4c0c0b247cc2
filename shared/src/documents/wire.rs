//! Uploads and downloads as the server sees them.
//!
//! Two routes carry sealed bytes and so are no [`crate::call::Call`]:
//!
//! - `PUT /api/v1/uploads/{object}/parts/{index}`: one part, `application/octet-stream`, with
//!   [`ROOT_HEADER`], the RFC 6962 root over its chunks in base64url: one pass over the bytes says
//!   whether they came as they were sent, and what the manifest must say of them. 200 with
//!   [`PartKept`]; the same bytes again earn the same answer, other bytes 409 `already-exists`.
//! - `GET /api/v1/objects/{object}/content`: the payload's sealed chunks in order (without header
//!   and nonce), with `Range` and a strong `ETag`. Header and metadata come as the manifest's
//!   attachments in the matter's stream.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::call::{Done, call};
use crate::crypto::hash::Hash32;
use crate::ids::{MatterId, ObjectId};

/// The header that announces the root of a part.
pub const ROOT_HEADER: &str = "underseal-part-root";
/// Largest payload: 50 GiB of plaintext.
pub const MAX_PLAINTEXT: u64 = 50 * 1024 * 1024 * 1024;

/// Begins an upload, or asks where one stands: the same call. Staff with a seat, or a client of
/// the matter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartUpload {
    /// Made by the sender.
    pub object: ObjectId,
    /// Where it will be filed.
    pub matter: MatterId,
    /// Length of the sealed payload in bytes, all chunks with their tags.
    pub sealed_len: u64,
}
call!(StartUpload, "/api/v1/uploads/start", Upload);

/// Where an upload stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Upload {
    /// The parts that are kept, by index.
    pub kept: Vec<PartKept>,
    /// Whether the object is filed already.
    pub filed: bool,
}

/// A part that is stored durably.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartKept {
    /// From 0.
    pub index: u32,
    /// The RFC 6962 root over the part's chunks.
    pub root: Hash32,
}

/// Gives an upload up; its parts are deleted. Repeating it is fine.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelUpload {
    /// Which.
    pub object: ObjectId,
}
call!(CancelUpload, "/api/v1/uploads/cancel", Done);
