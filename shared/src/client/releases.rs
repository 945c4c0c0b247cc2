//! Which releases of the app the firm accepted: written by an officer, read by any of its staff.

use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::posts::Spot;
use super::ring::Ring;
use super::said::Speakers;
use crate::crypto::hash::sha256;
use crate::crypto::keys::{Caps, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::anchor::Leaf;
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
        let (mut seen, mut speakers) = (Vec::new(), Speakers::default());
        loop {
            let from = From { stream: StreamId::Policy, seq: head.next };
            let page = self.page(&log, from, Thing::Journal).await?;
            for entry in &page.entries {
                seen.push(ring.with(|keys| {
                    let release = read(&keys.directory, entry, &mut head)?;
                    let by = keys.directory.member_by_account(release.by).ok_or(BROKEN)?;
                    speakers.hear(by.bundle.kid(), Leaf::of(entry), &keys.directory);
                    Ok::<_, ClientError>(release)
                })??);
            }
            if !page.more {
                self.hold_speakers(ring, &[&speakers], Thing::Journal).await?;
                self.remember_ends(log.firm, [(StreamId::Policy, head)]).await?;
                return Ok(seen);
            }
        }
    }
}

/// Reads the stream's next statement: by somebody who decides for the firm.
fn read(directory: &Directory, entry: &Entry, head: &mut Head) -> Result<ReleaseSeen, ClientError> {
    let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
    let signer = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
    let may = signer.may_at(Caps::POLICY, entry.leaf)
        && directory.counts(signed.signer(), &Spot::of(entry));
    let key = signer.bundle.verify_key.filter(|_| may).ok_or(BROKEN)?;
    let body: Placed<PolicyAct> = signed.body_as(Namespace::Policy, &key).map_err(|_| BROKEN)?;
    if body.version != 1 || body.place.stream != StreamId::Policy {
        return Err(BROKEN);
    }
    *head = head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
    let PolicyAct::ReleaseAccepted(accepted) = body.act;
    Ok(ReleaseSeen { accepted, time: body.place.time, by: signer.account })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::client::fold_firm::{Firm, NOW, Person};
    use crate::client::pen::Pen;
    use crate::crypto::hash::Hash32;
    use crate::crypto::keys::{Role, SigningKey};
    use crate::encoding::B64;

    fn said(by: &Person, stream: StreamId, namespace: Namespace, head: Head) -> Entry {
        let key = SigningKey::generate().public();
        let act = AcceptedRelease { key, release: Hash32([4; 32]) };
        let (key, kid) = by.signer();
        let mut pen = Pen::new(NOW, [(stream, head)]);
        let act = PolicyAct::ReleaseAccepted(act);
        let statement = pen.write(namespace, stream, act, key, kid).unwrap().as_bytes().to_vec();
        let (statement, blind, attachments) = (B64(statement), Hash32([0; 32]), Vec::new());
        Entry { statement, leaf: 9, blind, arrived: 0, attachments }
    }

    #[test]
    fn a_device_takes_an_acceptance_from_those_who_decide_for_the_firm_alone() {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::POLICY);
        let bo = firm.with(Role::Staff, Caps(Caps::ALL.0 & !Caps::POLICY.0));
        let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
        let policy = (StreamId::Policy, Namespace::Policy);
        let mut head = Head::EMPTY;
        for (by, (stream, namespace)) in [
            (&bo, policy),
            (&stranger, policy),
            (&anna, (StreamId::Forms, Namespace::Policy)),
            (&anna, (StreamId::Policy, Namespace::Form)),
        ] {
            let statement = said(by, stream, namespace, head);
            assert_eq!(read(&firm.directory, &statement, &mut head), Err(BROKEN));
        }
        let first = said(&anna, StreamId::Policy, Namespace::Policy, head);
        assert_eq!(read(&firm.directory, &first, &mut head).unwrap().by, anna.account);
        // Neither again, nor with a gap.
        assert_eq!(read(&firm.directory, &first, &mut head), Err(BROKEN));
        let far = Head { next: 2, ..head };
        let third = said(&anna, StreamId::Policy, Namespace::Policy, far);
        assert_eq!(read(&firm.directory, &third, &mut head), Err(BROKEN));
        assert_eq!(head.next, 1);
    }
}
