//! Which releases of the app the firm accepted: written by an officer, read by any of its staff.

use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::ring::Ring;
use crate::crypto::hash::sha256;
use crate::crypto::keys::VerifyKey;
use crate::crypto::signed::Namespace;
use crate::ids::AccountId;
use crate::journal::receipt::Receipt;
use crate::journal::release::{AcceptedRelease, PolicyAct, Release};
use crate::journal::stream::StreamId;
use crate::time::Timestamp;

/// An acceptance, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSeen {
    /// Which release.
    pub accepted: AcceptedRelease,
    /// When, as its signer says.
    pub time: Timestamp,
    /// Who.
    pub by: AccountId,
}

impl<H: Host> Portal<H> {
    /// Accepts a release in the firm's name, once its signature holds under the maker's key.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when it does not; when locked, or refused.
    pub async fn accept_release(
        &self,
        ring: &Ring,
        release: &[u8],
        key: &VerifyKey,
    ) -> Result<Receipt, ClientError> {
        Release::open(release, key).map_err(|_| ClientError::Unfit)?;
        let accepted = AcceptedRelease { key: *key, release: sha256(release) };
        let written = self.append(ring, &[StreamId::Policy], |keys, pen| {
            let act = PolicyAct::ReleaseAccepted(accepted.clone());
            let signer = &keys.identity.signing;
            pen.write(Namespace::Policy, StreamId::Policy, act, signer, keys.kid).map(|_| ())
        });
        written.await?.pop().ok_or(ClientError::Missing)
    }

    /// Every acceptance, oldest first: the last one holds.
    ///
    /// # Errors
    /// When locked, unreachable, or the stream does not verify.
    pub async fn accepted_releases(&self, ring: &Ring) -> Result<Vec<ReleaseSeen>, ClientError> {
        Ok(self.read_policy(ring).await?.releases)
    }
}
