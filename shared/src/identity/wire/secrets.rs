//! The sealed keys of an account, asked for again by whoever opened it: the founder's, among which the firm's
//! are until officers hold them in shares.

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::encoding::B64;

/// The caller's own sealed secrets. Staff who showed a factor within five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSecrets {}
call!(ReadSecrets, "/api/v1/identity/secrets", OwnSecrets);

/// See [`ReadSecrets`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OwnSecrets {
    /// Sealed under the account's master key.
    pub secrets: B64,
}
