//! Where an account is signed in: what the server may see.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::call::{Done, call};
use crate::ids::SessionId;

/// The sessions of the caller's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {}
call!(ListSessions, "/api/v1/identity/sessions", Sessions);

/// See [`ListSessions`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sessions {
    /// Newest use first.
    pub sessions: Vec<Listed>,
}

/// A session as its owner sees it listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Names it; opens nothing.
    pub session: SessionId,
    /// "Firefox on Linux", as the browser says of itself.
    pub device: String,
    /// The network of its last use, cut down to a neighbourhood: "203.0.113.0/24".
    pub network: String,
    /// When it was opened.
    pub opened: u64,
    /// When it was last used, to the minute.
    pub used: u64,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// Ends one of the caller's sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndSession {
    /// Which.
    pub session: SessionId,
}
call!(EndSession, "/api/v1/identity/sessions/end", Done);

/// Ends all of the caller's sessions but the one that asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndOtherSessions {}
call!(EndOtherSessions, "/api/v1/identity/sessions/end-others", Done);
