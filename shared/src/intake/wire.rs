//! Invitations as the server sees them.

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::encoding::B64;
use crate::ids::{InviteId, MatterId};
use crate::journal::stream::Head;

/// Opens an invitation. Needs no session; limited in rate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenInvite {
    /// Which.
    pub invite: InviteId,
    /// The token derived from the link's secret.
    pub token: B64,
}
call!(OpenInvite, "/api/v1/intake/open", InviteOpened);

/// See [`OpenInvite`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InviteOpened {
    /// The sealed blob.
    pub blob: B64,
    /// The matter whose stream the client joins.
    pub matter: MatterId,
    /// The end of that stream.
    pub head: Head,
    /// The server's clock, in milliseconds.
    pub now: u64,
    /// Whether a browser has used it already (the same browser may use it again).
    pub used: bool,
}

/// Joins by an invitation and opens a session. The statement is namespace 4 in the matter's
/// stream. A repetition with the same key earns the same receipt; another key finds it used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemInvite {
    /// Which.
    pub invite: InviteId,
    /// The token derived from the link's secret.
    pub token: B64,
    /// `USS1`, namespace 4.
    pub joined: B64,
}
call!(RedeemInvite, "/api/v1/intake/redeem", Redeemed);

/// See [`RedeemInvite`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Redeemed {
    /// `USS1`, namespace 13.
    pub receipt: B64,
}
