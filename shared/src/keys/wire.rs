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

/// An account's sign-in name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handle {
    /// Which.
    pub account: AccountId,
    /// The name.
    pub handle: String,
}
