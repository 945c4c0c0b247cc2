//! Which releases of the app the firm accepted: written by an officer, read by any of its staff.

use alloc::vec::Vec;

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::{Keys, Ring};
use crate::crypto::hash::sha256;
use crate::crypto::keys::{Caps, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::receipt::Receipt;
use crate::journal::release::{AcceptedRelease, PolicyAct, Release};
use crate::journal::statement::Placed;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From};
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);

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
        self.sync_directory(ring).await?;
        let log = ring.with(|keys| keys.directory.log())?;
        let mut head = Head::EMPTY;
        let mut seen = Vec::new();
        loop {
            let from = From { stream: StreamId::Policy, seq: head.next };
            let page = self.page(&log, from, Thing::Journal).await?;
            for entry in &page.entries {
                seen.push(ring.with(|keys| read(keys, entry, &mut head))??);
            }
            if !page.more {
                return Ok(seen);
            }
        }
    }
}

fn read(keys: &Keys, entry: &Entry, head: &mut Head) -> Result<ReleaseSeen, ClientError> {
    let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
    let signer = keys.directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
    let key = signer.bundle.verify_key.filter(|_| signer.may(Caps::POLICY)).ok_or(BROKEN)?;
    let body: Placed<PolicyAct> = signed.body_as(Namespace::Policy, &key).map_err(|_| BROKEN)?;
    if body.version != 1 || body.place.stream != StreamId::Policy {
        return Err(BROKEN);
    }
    *head = head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
    let PolicyAct::ReleaseAccepted(accepted) = body.act;
    Ok(ReleaseSeen { accepted, time: body.place.time, by: signer.account })
}
