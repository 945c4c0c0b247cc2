//! Coming back by shares in one's own hands, without a session: what the server may see of it.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::NewAccount;
use crate::call::call;
use crate::crypto::hash::Hash32;
use crate::crypto::share_word::ShareWord;
use crate::journal::wire::{Append, Appended, Entry};
use crate::keys::wire::Handle;

/// Something for shares to sign. It tells nothing of whether there are any.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSheets {}
call!(StartSheets, "/api/v1/identity/sheets/start", SheetsAsked);

/// Valid for two minutes, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetsAsked {
    /// To be signed.
    pub nonce: Hash32,
    /// Whose sheets, as the server says: the sheets tell whether it is so.
    pub firm: Hash32,
}

/// A quorum of shares answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetsAnswer {
    /// From [`SheetsAsked`].
    pub nonce: Hash32,
    /// By ascending number.
    pub words: Vec<ShareWord>,
}

/// The keyring, for whoever has a quorum of shares.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBySheets {
    /// That they have.
    pub answer: SheetsAnswer,
    /// The first statement wanted.
    pub seq: u64,
}
call!(ReadBySheets, "/api/v1/identity/sheets/read", SheetsOpened);

/// See [`ReadBySheets`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetsOpened {
    /// Statements of the keyring.
    pub entries: Vec<Entry>,
    /// Whether more follow.
    pub more: bool,
    /// Sign-in names.
    pub handles: Vec<Handle>,
}

/// What the root says for whoever has a quorum of shares: that somebody comes back, with the account that waits
/// for it; a day later, without one, that they are back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnBySheets {
    /// That they have.
    pub answer: SheetsAnswer,
    /// The account that is to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<NewAccount>,
    /// Statements of the root's.
    pub acts: Append,
}
call!(ReturnBySheets, "/api/v1/identity/sheets/return", Appended);
