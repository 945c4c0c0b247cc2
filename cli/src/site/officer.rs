//! A person of the firm at the command line: asks the journal which release the firm accepts, or says
//! so in it.

use std::io::Write;

use shared::client::export::index::rfc3339;
use shared::client::transport::Transport;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::keys::VerifyKey;
use shared::secret::Secret;

use super::Read;
use crate::demo::block_on;
use crate::demo::host::Device;
use crate::refusal::Refusal;

/// Somebody with the keys unlocked, for one thing to do.
pub struct Officer<T: Transport<Sealed = Vec<u8>>> {
    portal: Portal<Device<T>>,
    ring: Ring,
}

impl<T: Transport<Sealed = Vec<u8>>> Officer<T> {
    /// Signs in by the recovery words; the account stays as it is.
    ///
    /// # Errors
    /// When name and words do not fit, or the firm's directory does not verify.
    pub fn sign_in(wire: T, name: &str, words: &Secret<String>) -> Result<Self, Refusal> {
        let portal = Portal::new(Device::new(wire));
        let ring = block_on(portal.visit_with_words(name, words)).map_err(refused)?;
        Ok(Self { portal, ring })
    }

    /// Says whether the release that the site serves is the one that the firm accepted last.
    ///
    /// # Errors
    /// When it is not, or the journal does not verify.
    pub fn accepted(self, read: &Read, out: &mut impl Write) -> Result<(), Refusal> {
        let seen = block_on(self.portal.accepted_releases(&self.ring)).map_err(refused);
        self.leave();
        let seen = seen?;
        let Some(newest) = seen.last() else {
            return Err(Refusal::broken("The firm has accepted no release yet."));
        };
        if newest.accepted.release != read.digest {
            let newest = newest.accepted.release;
            return Err(Refusal::broken(format!(
                "The firm accepted another release last: {newest}."
            )));
        }
        Ok(writeln!(out, "The firm accepted this release at {}.", rfc3339(newest.time))?)
    }

    /// Accepts a release in the firm's name.
    ///
    /// # Errors
    /// When the person may not, or the server cannot be reached.
    pub fn accept(
        self,
        release: &[u8],
        key: &VerifyKey,
        out: &mut impl Write,
    ) -> Result<(), Refusal> {
        let receipt =
            block_on(self.portal.accept_release(&self.ring, release, key)).map_err(refused);
        self.leave();
        let number = receipt?.leaf;
        Ok(writeln!(out, "The firm accepts this release: number {number:08} in its journal.")?)
    }

    /// Ends the session. Where even that cannot be sent, it ends by itself.
    fn leave(&self) {
        let _ = block_on(self.portal.sign_out(&self.ring));
    }
}

fn refused(error: ClientError) -> Refusal {
    match error {
        ClientError::NotVerified(_) | ClientError::Forked(_) => {
            Refusal::broken(format!("The firm's journal does not verify: {error}."))
        }
        other => Refusal::cannot(format!("That was not done: {other}.")),
    }
}
