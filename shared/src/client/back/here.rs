//! The invitations of which this device holds the keys: whoever joined and handed nothing in has no receipt to go on from.

use alloc::vec::Vec;

use crate::client::Portal;
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::intake::{KEPT, KeptV1};
use crate::ids::InviteId;

impl<H: Host> Portal<H> {
    /// The invitations by which a client joined from this device, the newest first. What cannot be read is none.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn joined_here(&self) -> Result<Vec<InviteId>, ClientError> {
        let mut joined = Vec::new();
        for key in self.host.keys(KEPT).await? {
            let Some(Ok(invite)) = key.strip_prefix(KEPT).map(str::parse::<InviteId>) else {
                continue;
            };
            let Some(bytes) = self.host.load(&key).await? else { continue };
            if let Ok(kept) = KeptV1::read(&bytes)
                && kept.confirmed
            {
                joined.push((kept.bundle.created, invite));
            }
        }
        joined.sort_unstable_by_key(|(created, _)| core::cmp::Reverse(*created));
        Ok(joined.into_iter().map(|(_, invite)| invite).collect())
    }
}
