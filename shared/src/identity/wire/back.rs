//! A client comes back by a passkey: what the server may see. The passkey's PRF stays in the browser, and what it
//! opens is sealed.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::factors::{Assertion, Ceremony};
use crate::call::{Done, call};
use crate::crypto::hash::Hash32;
use crate::encoding::B64;
use crate::ids::{BackId, MatterId};

/// Begins to make a passkey for coming back. A session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartNewBack {
    /// Which way it will be.
    pub back: BackId,
}
call!(StartNewBack, "/api/v1/identity/back/new", Ceremony);

/// Keeps a passkey with what it opens, in the place of the one that this key had. A session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepBack {
    /// From [`Ceremony`].
    pub attempt: B64,
    /// `attestationObject`.
    pub object: B64,
    /// `clientDataJSON`.
    pub client_data: B64,
    /// `USU1` of kind 8.
    pub slot: B64,
    /// `USR1` of kind 70.
    pub record: B64,
    /// `USS1` of namespace 22, by the client's key.
    pub said: B64,
}
call!(KeepBack, "/api/v1/identity/back/keep", Done);

/// Keeps what twelve words open, in the place of the way that this key had. A session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepWords {
    /// SHA-256 of the words' token.
    pub proof: Hash32,
    /// `USU1` of kind 8.
    pub slot: B64,
    /// `USR1` of kind 70.
    pub record: B64,
    /// `USS1` of namespace 22, by the client's key.
    pub said: B64,
}
call!(KeepWords, "/api/v1/identity/back/keep-words", Done);

/// Puts another record in the place of the one before. A session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewBack {
    /// `USR1` of kind 70.
    pub record: B64,
    /// `USS1` of namespace 22, by the client's key, under the next number.
    pub said: B64,
}
call!(RenewBack, "/api/v1/identity/back/renew", Done);

/// Forgets the way back of the caller's key. A session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropBack {}
call!(DropBack, "/api/v1/identity/back/remove", Done);

/// Asks for something to sign: any client's passkey for this server will do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartBack {}
call!(StartBack, "/api/v1/identity/back/start", Ceremony);

/// Comes back by a passkey. Opens a session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishBack {
    /// From [`Ceremony`].
    pub attempt: B64,
    /// What the passkey signed.
    pub assertion: Assertion,
}
call!(FinishBack, "/api/v1/identity/back/finish", BackOpened);

/// Comes back by words. Opens a session of the client's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnByWords {
    /// Which way, as the words say.
    pub back: BackId,
    /// Shows that somebody holds them; opens nothing.
    pub token: B64,
}
call!(ReturnByWords, "/api/v1/identity/back/words", BackOpened);

/// See [`FinishBack`] and [`ReturnByWords`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BackOpened {
    /// As in [`KeepBack`].
    pub slot: B64,
    /// The newest record.
    pub record: B64,
    /// What the client's key said of both last.
    pub said: B64,
}

/// Which clients of a matter have a way back. Staff with a seat there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBacks {
    /// The matter.
    pub matter: MatterId,
}
call!(ReadBacks, "/api/v1/identity/back/list", Backs);

/// See [`ReadBacks`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Backs {
    /// What each client's key said of its way back last.
    pub said: Vec<B64>,
}
