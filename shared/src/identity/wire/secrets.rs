//! The sealed keys of an account, asked for again by whoever opened it: the founder's, among which the firm's
//! are until officers hold them in shares.

use serde::{Deserialize, Serialize};

use crate::call::{Call, Done, call};
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
    /// The version to name in [`ReplaceSecrets::version`].
    pub version: u64,
}

/// The same keys of a person, without those of the firm. Staff who showed a factor within five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceSecrets {
    /// Sealed under the account's master key.
    pub secrets: B64,
    /// The version read, sent as `If-Match`; not part of the body.
    #[serde(skip)]
    pub version: u64,
}
impl Call for ReplaceSecrets {
    const ROUTE: &'static str = "/api/v1/identity/secrets/replace";
    type Reply = Done;
    fn if_match(&self) -> Option<u64> {
        Some(self.version)
    }
}
