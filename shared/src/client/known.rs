//! What the server gives a device on which an account was opened: shown at the next sign-in, it is counted
//! apart from strangers, who cannot close the name for this device. It opens nothing.

use alloc::string::String;

use super::Portal;
use super::host::Host;
use crate::encoding::B64;

/// The longest that is kept.
const MOST: usize = 64;

fn key(handle: &str) -> String {
    alloc::format!("device/known/{handle}")
}

impl<H: Host> Portal<H> {
    /// What this device has for a sign-in name. A device that cannot say is a stranger.
    pub(super) async fn known(&self, handle: &str) -> Option<B64> {
        self.host.load(&key(handle)).await.ok().flatten().map(B64)
    }

    /// Keeps what came with the account. A device that cannot keep it is a stranger the next time.
    pub(super) async fn keep_known(&self, handle: &str, given: &B64) {
        if !given.0.is_empty() && given.0.len() <= MOST {
            let _ = self.host.save(&key(handle), &given.0).await;
        }
    }
}
