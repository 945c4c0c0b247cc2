//! Which matters a caller sits at.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::crypto::keys::Kid;
use crate::ids::MatterId;
use crate::journal::stream::Head;

/// The caller's matters, by id, a page at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListMatters {
    /// The last matter of the page before.
    pub after: Option<MatterId>,
    /// At most 200.
    pub limit: u32,
}
call!(ListMatters, "/api/v1/matters/list", Matters);

/// The matters at which a lost key has a seat, for whoever passes its seats on: by id, a page at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSeatsToPass {
    /// The key.
    pub lost: Kid,
    /// The last matter of the page before.
    pub after: Option<MatterId>,
    /// At most 200.
    pub limit: u32,
}
call!(ListSeatsToPass, "/api/v1/matters/seats-to-pass", Matters);

/// See [`ListMatters`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Matters {
    /// In the order of their ids.
    pub matters: Vec<Listed>,
    /// Whether another page follows.
    pub more: bool,
}

/// One matter at which the caller sits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    /// Which.
    pub matter: MatterId,
    /// The end of its stream.
    pub head: Head,
    /// The server's time of its last statement, in milliseconds.
    pub changed: u64,
}
