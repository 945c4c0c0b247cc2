//! The firm's own keys: as the founder's account keeps a copy of them, or as a quorum of shares puts them together.
//! Once shares were looked at, the copy can go.

use alloc::vec::Vec;

use super::pass::{Quorum, put_together};
use super::shares::{ShareFor, Sheet, WRONG, is_named, my_share, say};
use crate::client::Portal;
use crate::client::account;
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::ring::{Keys, Ring};
use crate::crypto::keys::SigningKey;
use crate::crypto::shares::Share;
use crate::crypto::slots::{self, AccountSecrets};
use crate::encoding::B64;
use crate::identity::wire::secrets::{OwnSecrets, ReadSecrets, ReplaceSecrets};
use crate::journal::recovery::RecoveryAct;
use crate::journal::reroot::Rerooted;

impl<H: Host> Portal<H> {
    /// Whether the caller's account keeps the firm's own keys, so that it can cut shares.
    ///
    /// # Errors
    /// [`ClientError::StepUp`] when no factor was shown within five minutes; otherwise as usual.
    pub async fn keeps_firm_keys(&self, ring: &Ring) -> Result<bool, ClientError> {
        match self.firm_keys(ring).await {
            Ok(_) => Ok(true),
            Err(ClientError::Missing) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Cuts anew without anybody's copy: by sheets that were typed, and the caller's own share, if there is one.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of the share when one is not the keyring's, or there are too few; otherwise as
    /// [`Portal::name_shares`].
    pub async fn name_shares_by(
        &self,
        ring: &Ring,
        typed: Vec<Share>,
        threshold: u8,
        seats: &[ShareFor],
    ) -> Result<Vec<Sheet>, ClientError> {
        let (quorum, _) = self.quorum_in_hand(ring, typed).await?;
        self.cut(ring, &quorum, threshold, seats).await
    }

    /// Makes the firm's root anew by shares in hand, the caller's own among them, and cuts the recovery key anew: what
    /// a copy of the root of before signs counts for nothing from then on. Gives the sheets.
    ///
    /// # Errors
    /// As [`Portal::name_shares_by`].
    pub async fn make_root_anew(
        &self,
        ring: &Ring,
        typed: Vec<Share>,
        threshold: u8,
        seats: &[ShareFor],
    ) -> Result<Vec<Sheet>, ClientError> {
        let (before, given) = self.quorum_in_hand(ring, typed).await?;
        let anew = Quorum { recovery: before.recovery, root: SigningKey::generate() };
        self.cut_by(ring, &anew, threshold, seats, |keys, pen, named| {
            let act = Rerooted::by(keys.firm(), &anew.root, named, &given);
            say(keys, pen, RecoveryAct::Rerooted(act), Some(&before.root))
        })
        .await
    }

    /// Takes the firm's own keys out of the caller's account. What it may do by itself it does no more: from then on
    /// a quorum of shares does.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] before as many shares of the newest cutting were looked at as it takes;
    /// [`ClientError::Missing`] when the account keeps none; [`ClientError::StepUp`]; otherwise as usual.
    pub async fn forget_firm_keys(&self, ring: &Ring) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        let own = self.call(&ReadSecrets {}).await?;
        let (version, secrets) = ring.with(|keys| {
            let opened = open_own(keys, &own)?;
            if opened.root.is_none() && opened.recovery.is_none() {
                return Err(ClientError::Missing);
            }
            if to_forget(keys) > 0 {
                return Err(ClientError::Unfit);
            }
            let kept = AccountSecrets { root: None, recovery: None, ..opened };
            let context = account::secrets_context(keys.account);
            let sealed = slots::seal_secrets(&keys.amk, &context, &kept);
            let sealed = sealed.map_err(|_| ClientError::Unfit)?;
            // What replaces the account's keys opens, and holds the same person.
            let again = OwnSecrets { secrets: B64(sealed), version: own.version };
            let same = open_own(keys, &again)?.identity.signing.public();
            let mine = keys.identity.signing.public() == same;
            if mine { Ok((own.version, again.secrets)) } else { Err(ClientError::Unfit) }
        })??;
        self.call(&ReplaceSecrets { secrets, version }).await.map(drop)
    }

    /// What was typed and the caller's own share, with what they give back.
    async fn quorum_in_hand(
        &self,
        ring: &Ring,
        typed: Vec<Share>,
    ) -> Result<(Quorum, Vec<Share>), ClientError> {
        self.sync_directory(ring).await?;
        ring.with(|keys| in_hand(keys, typed))?
    }

    /// The copy in the caller's account, as long as it is of the root that there is.
    pub(super) async fn firm_keys(&self, ring: &Ring) -> Result<Quorum, ClientError> {
        self.sync_directory(ring).await?;
        let own = self.call(&ReadSecrets {}).await?;
        ring.with(|keys| {
            let opened = open_own(keys, &own)?;
            let (root, recovery) = opened.root.zip(opened.recovery).ok_or(ClientError::Missing)?;
            let known = keys.directory.recovery().and_then(|bundle| bundle.kem.as_ref());
            // The firm may have gone on without the founder's copy.
            let holds =
                root.public() == *keys.directory.root_key() && known == Some(&recovery.public());
            if holds { Ok(Quorum { recovery, root }) } else { Err(ClientError::Missing) }
        })?
    }
}

fn open_own(keys: &Keys, own: &OwnSecrets) -> Result<AccountSecrets, ClientError> {
    let context = account::secrets_context(keys.account);
    let opened = slots::open_secrets(&keys.amk, &context, &own.secrets.0);
    opened.map_err(|_| ClientError::NotVerified(Thing::Account))
}

/// How many shares of the newest cutting are to be looked at before the copy can go: as many as give the key back
/// must have been since it was made, the sheets among them by the caller, and each must be able to speak for
/// whoever comes back by it. So nothing that was misprinted, never arrived, or that somebody only says to have
/// seen, is all that is left.
pub(super) fn to_forget(keys: &Keys) -> usize {
    let ceremonies = keys.directory.ceremonies();
    ceremonies.shares().map_or(usize::MAX, |(shares, _)| {
        let stands = |holder| !keys.directory.is_ended(holder);
        let there = shares.numbered().filter(|(number, share)| {
            let looked = ceremonies.tester(*number);
            let there = match &share.held {
                Some(held) => looked == Some(held.holder) && stands(held.holder),
                None => looked == Some(keys.kid),
            };
            there && share.voice.is_some()
        });
        usize::from(shares.threshold).saturating_sub(there.count())
    })
}

/// What was typed and the caller's own share, each of which the keyring names.
fn in_hand(keys: &Keys, mut given: Vec<Share>) -> Result<(Quorum, Vec<Share>), ClientError> {
    match my_share(keys) {
        Ok(mine) => given.push(mine),
        Err(ClientError::Missing) => {}
        Err(other) => return Err(other),
    }
    given.sort_by_key(Share::number);
    given.dedup_by_key(|share| share.number());
    given.iter().try_for_each(|share| is_named(keys, share))?;
    let (named, _) = keys.directory.ceremonies().shares().ok_or(ClientError::Missing)?;
    if given.len() < usize::from(named.threshold) {
        return Err(WRONG);
    }
    Ok((put_together(&keys.directory, named, &given)?, given))
}
