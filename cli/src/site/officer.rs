//! A person of the firm at the command line: asks the journal which release the firm accepts, or says
//! so in it.

use std::io::Write;

use shared::client::export::index::rfc3339;
use shared::client::transport::Transport;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::hash::sha256;
use shared::crypto::keys::VerifyKey;
use shared::journal::release::AcceptedRelease;
use shared::secret::Secret;

use super::Read;
use super::memory::Memory;
use crate::demo::block_on;
use crate::demo::host::Device;
use crate::refusal::Refusal;

/// Somebody with the keys unlocked, for one thing to do.
pub struct Officer<T: Transport<Sealed = Vec<u8>>> {
    portal: Portal<Device<T>>,
    ring: Ring,
    memory: Memory,
}

impl<T: Transport<Sealed = Vec<u8>>> Officer<T> {
    /// Signs in by the recovery words; the account stays as it is. The journal has to continue the one that
    /// is remembered.
    ///
    /// # Errors
    /// When name and words do not fit, or the firm's directory does not verify.
    pub fn sign_in(
        wire: T,
        name: &str,
        words: &Secret<String>,
        memory: Memory,
        out: &mut impl Write,
    ) -> Result<Self, Refusal> {
        let portal = Portal::new(Device::new(wire));
        if let Some(known) = memory.known() {
            block_on(portal.recall(known)).map_err(|error| refused(error, &memory, out))?;
        }
        let signed_in = block_on(portal.visit_with_words(name, words));
        let ring = signed_in.map_err(|error| refused(error, &memory, out))?;
        let officer = Self { portal, ring, memory };
        let now = block_on(officer.portal.memory(&officer.ring, None));
        let now = now.map_err(|error| refused(error, &officer.memory, out))?;
        if officer.memory.known().is_some_and(|known| known.firm != now.firm) {
            officer.leave();
            return Err(Refusal::cannot(format!(
                "The file {} is about another firm's journal. Name another file with --memory.",
                officer.memory.path().display()
            )));
        }
        Ok(officer)
    }

    /// Says whether the release that the site serves is the one that the firm accepted last.
    ///
    /// # Errors
    /// When it is not, or the journal does not verify.
    pub fn accepted(self, read: &Read, out: &mut impl Write) -> Result<(), Refusal> {
        let seen = block_on(self.portal.accepted_releases(&self.ring));
        let seen = seen.map_err(|error| refused(error, &self.memory, out));
        let newest = seen.map(|seen| seen.last().cloned());
        // Whatever the firm accepted, the journal was verified as far as it goes now.
        let kept = match &newest {
            Ok(newest) => self.keep(newest.as_ref().map(|one| one.accepted.clone()), out),
            Err(_) => Ok(()),
        };
        self.leave();
        let newest = newest?;
        kept?;
        let Some(newest) = newest else {
            return Err(Refusal::broken("The firm has accepted no release yet."));
        };
        let before = self.memory.known().and_then(|known| known.accepted.as_ref());
        if before.is_some_and(|before| *before != newest.accepted) {
            writeln!(out, "The firm accepted another release than when this was asked before.")?;
        }
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
        let receipt = block_on(self.portal.accept_release(&self.ring, release, key));
        let receipt = receipt.map_err(|error| refused(error, &self.memory, out));
        let accepted = AcceptedRelease { key: *key, release: sha256(release) };
        let kept = match &receipt {
            Ok(_) => self.keep(Some(accepted), out),
            Err(_) => Ok(()),
        };
        self.leave();
        let number = receipt?.leaf;
        writeln!(out, "The firm accepts this release: number {number:08} in its journal.")?;
        kept
    }

    fn keep(&self, accepted: Option<AcceptedRelease>, out: &mut impl Write) -> Result<(), Refusal> {
        let memory = block_on(self.portal.memory(&self.ring, accepted));
        self.memory.keep(&memory.map_err(|error| refused(error, &self.memory, out))?, out)
    }

    /// Ends the session. Where even that cannot be sent, it ends by itself.
    fn leave(&self) {
        let _ = block_on(self.portal.sign_out(&self.ring));
    }
}

fn refused(error: ClientError, memory: &Memory, out: &mut impl Write) -> Refusal {
    if matches!(error, ClientError::Forked(_)) {
        // What the server signed, for whoever has to judge it.
        let _ = writeln!(out, "{}", error.evidence());
        return Refusal::broken(format!(
            "The journal does not continue the one that was verified before. Keep what stands above. If the \
             firm put a backup back, remove {} and ask again.",
            memory.path().display()
        ));
    }
    match error {
        ClientError::NotVerified(_) => {
            Refusal::broken(format!("The firm's journal does not verify: {error}."))
        }
        other => Refusal::cannot(format!("That was not done: {other}.")),
    }
}
