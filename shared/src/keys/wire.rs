//! What the server can say about staff: sign-in names by account.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::ids::AccountId;

/// Sign-in names of all staff. Any member of staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListHandles {}
call!(ListHandles, "/api/v1/keys/handles", Handles);

/// See [`ListHandles`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handles {
    /// One entry an account.
    pub handles: Vec<Handle>,
}

/// How much hangs on a person, as the server counts it: its word alone, for those who cannot see the matters
/// themselves. Staff with `ADMIT` or `KEYS`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountSeats {
    /// Whose.
    pub account: AccountId,
}
call!(CountSeats, "/api/v1/keys/count-seats", SeatsCounted);

/// See [`CountSeats`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsCounted {
    /// Matters where the person sits, without the firm's own room.
    pub matters: u64,
    /// Those of them where no other person sits who could open them.
    pub alone: u64,
    /// Those of them that the firm's recovery key opens neither.
    pub lost: u64,
    /// Links to those matters that nobody used yet.
    pub links: u64,
}

/// How many matters there are where somebody of the firm sits, as the server counts them: its word alone, for
/// those who review all of them and see few. Staff with `ADMIT`, `KEYS` or `POLICY`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountMatters {}
call!(CountMatters, "/api/v1/keys/count-matters", MattersCounted);

/// See [`CountMatters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MattersCounted {
    /// Without the firm's own room.
    pub matters: u64,
}

/// An account's sign-in name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handle {
    /// Which.
    pub account: AccountId,
    /// The name.
    pub handle: String,
}
