//! A recovery is asked for, agreed to, hastened, or called off.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::shares::{is_named, my_share, say};
use crate::client::Portal;
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::ring::{Keys, Ring};
use crate::crypto::hash::{Hash32, labelled};
use crate::crypto::keys::{KemKey, Kid, Role};
use crate::crypto::sealed::{self, RecordKind};
use crate::crypto::shares::Share;
use crate::crypto::wrapped::{self, Signer, WrapContext};
use crate::crypto::{cbor, fingerprint, purpose};
use crate::ids::{AccountId, MatterId, RecoveryId};
use crate::journal::ceremony::Ceremony;
use crate::journal::recovery::{APPROVAL_PURPOSE, Approved, RecoveryAct, Requested};
use crate::journal::stream::StreamId;

const KEYS: &str = "device/recovery/";

/// Where the key of a ceremony belongs that its device keeps.
#[derive(Encode, Decode)]
#[cbor(map)]
struct KeptPlace {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    account: AccountId,
    #[n(3)]
    session: RecoveryId,
}

impl<H: Host> Portal<H> {
    /// Asks the officers to pass the seats of a key that somebody lost on to their new one. The device that
    /// asks is the one that does it in the end.
    ///
    /// # Errors
    /// [`ClientError::Missing`] without shares, or when a key is nobody's; [`ClientError::Unfit`] when the
    /// caller may not ask for it; [`ClientError::StepUp`]; otherwise as usual.
    pub async fn ask_recovery(
        &self,
        ring: &Ring,
        lost: Kid,
        to: Kid,
    ) -> Result<RecoveryId, ClientError> {
        self.sync_directory(ring).await?;
        let (session, key) = (RecoveryId::random(), KemKey::generate());
        // Before anybody seals to it: without it nothing that is given can be opened.
        let kept = ring.with(|keys| seal_key(keys, session, &key))??;
        self.host.save(&kept_under(session), &kept).await?;
        let asked = self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let (shares, _) = keys.directory.ceremonies().shares().ok_or(ClientError::Missing)?;
            let bundle = key.bundle(Role::Recovery, session.0, keys.firm(), pen.now());
            let generation = shares.generation;
            let asked = Requested { session, generation, lost, to, key: bundle };
            let act = RecoveryAct::Requested(asked);
            if keys.directory.member_by_kid(lost).is_none() {
                return Err(ClientError::Missing);
            }
            may(keys, &act)?;
            say(keys, pen, act, None)
        });
        let asked = asked.await;
        self.sync_directory(ring).await?;
        // An answer that was lost or altered says nothing of whether it stands: the keyring does.
        let stands = ring.with(|keys| keys.directory.ceremonies().session(session).is_some())?;
        if !stands {
            self.host.remove(&kept_under(session)).await?;
            asked?;
        }
        Ok(session)
    }

    /// Gives a share to a recovery: the caller's own, or one that was typed from its sheet. `code` is what was
    /// compared with whoever asked.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the code is another, or it was given before;
    /// [`ClientError::NotVerified`] of the share when it is not the one that the keyring names;
    /// [`ClientError::Missing`] when there is no such recovery or share; [`ClientError::StepUp`].
    pub async fn approve_recovery(
        &self,
        ring: &Ring,
        session: RecoveryId,
        code: &str,
        typed: Option<&Share>,
    ) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let one = open(keys, session)?;
            if digits_alone(code) != digits_alone(&self::code(one)) {
                return Err(ClientError::Unfit);
            }
            let seq = pen.next_seq(StreamId::Keyring);
            let act = match typed {
                Some(share) => approval(keys, one, share, seq)?,
                None => approval(keys, one, &my_share(keys)?, seq)?,
            };
            let act = RecoveryAct::Approved(act);
            may(keys, &act)?;
            say(keys, pen, act, None)
        })
        .await?;
        self.sync_directory(ring).await
    }

    /// Agrees not to wait: two who neither asked nor gave a share.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not say it; [`ClientError::Missing`]; otherwise as usual.
    pub async fn hasten_recovery(
        &self,
        ring: &Ring,
        session: RecoveryId,
    ) -> Result<(), ClientError> {
        self.say_of(ring, RecoveryAct::Hastened(session), session).await
    }

    /// Calls a recovery off.
    ///
    /// # Errors
    /// As [`Portal::hasten_recovery`].
    pub async fn cancel_recovery(
        &self,
        ring: &Ring,
        session: RecoveryId,
    ) -> Result<(), ClientError> {
        self.say_of(ring, RecoveryAct::Cancelled(session), session).await?;
        self.host.remove(&kept_under(session)).await?;
        Ok(())
    }

    async fn say_of(
        &self,
        ring: &Ring,
        act: RecoveryAct,
        session: RecoveryId,
    ) -> Result<(), ClientError> {
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            open(keys, session)?;
            may(keys, &act)?;
            say(keys, pen, act.clone(), None)
        })
        .await?;
        self.sync_directory(ring).await
    }

    /// The key of a ceremony that this device asked for.
    pub(super) async fn session_key(
        &self,
        ring: &Ring,
        session: RecoveryId,
    ) -> Result<KemKey, ClientError> {
        let kept = self.host.load(&kept_under(session)).await?.ok_or(ClientError::Missing)?;
        ring.with(|keys| {
            let record_key = keys.amk.record_key();
            let (kind, ctx) = (RecordKind::DeviceState, kept_place(keys, session));
            let seed = sealed::open_record(&record_key, kind, session.0, &ctx, &kept);
            let seed = seed.map_err(|_| ClientError::Missing)?;
            // EXPOSE: the seed goes straight into its type.
            let seed = seed.expose().as_slice().try_into().map_err(|_| ClientError::Missing)?;
            Ok(KemKey::from_seed(seed))
        })?
    }

    /// The ceremony is over: its key opens nothing more.
    pub(super) async fn forget_session_key(&self, session: RecoveryId) -> Result<(), ClientError> {
        Ok(self.host.remove(&kept_under(session)).await?)
    }

    /// Whether this device can end what it asked for.
    pub(super) async fn keeps_session_key(&self, session: RecoveryId) -> Result<bool, ClientError> {
        Ok(self.host.load(&kept_under(session)).await?.is_some())
    }
}

/// The code of a ceremony: twelve groups of five digits over its asking.
#[must_use]
pub fn code(ceremony: &Ceremony) -> String {
    fingerprint::digits(labelled(purpose::RECOVERY_CODE, &[&ceremony.digest.0]))
}

/// Where a share that is given to a ceremony belongs.
pub(super) fn place(keys: &Keys, ceremony: &Ceremony) -> WrapContext {
    let (firm, matter) = (keys.firm(), MatterId(ceremony.asked.session.0));
    let epoch = u32::from(ceremony.asked.generation);
    WrapContext { firm, matter, epoch, purpose: APPROVAL_PURPOSE }
}

fn approval(
    keys: &Keys,
    ceremony: &Ceremony,
    share: &Share,
    seq: u64,
) -> Result<Approved, ClientError> {
    is_named(keys, share)?;
    let signer = Signer { key: &keys.identity.signing, kid: keys.kid };
    let key = &ceremony.asked.key;
    let to = (key.kid(), key.kem.as_ref().ok_or(ClientError::Unfit)?);
    let of = Kid(share.commitment().0);
    let envelope = wrapped::seal(to, &place(keys, ceremony), signer, share.bytes(), of, seq);
    let envelope = envelope.map_err(|_| ClientError::Unfit)?;
    Ok(Approved { session: ceremony.asked.session, number: share.number(), envelope })
}

/// A ceremony that goes on.
pub(super) fn open(keys: &Keys, session: RecoveryId) -> Result<&Ceremony, ClientError> {
    let ceremonies = keys.directory.ceremonies();
    let known = ceremonies.session(session).filter(|one| ceremonies.is_open(one));
    known.ok_or(ClientError::Missing)
}

/// Whether everybody would take this from the caller: the clocks are the server's to compare.
fn may(keys: &Keys, act: &RecoveryAct) -> Result<(), ClientError> {
    let facts = keys.directory.facts(act, keys.kid, keys.directory.now);
    let may = keys.directory.ceremonies().may_now(act, keys.kid, &facts);
    may.map_err(|_| ClientError::Unfit)
}

fn digits_alone(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).collect()
}

fn kept_under(session: RecoveryId) -> String {
    format!("{KEYS}{session}")
}

fn kept_place(keys: &Keys, session: RecoveryId) -> Vec<u8> {
    cbor::encode(&KeptPlace { firm: keys.firm(), account: keys.account, session })
}

fn seal_key(keys: &Keys, session: RecoveryId, key: &KemKey) -> Result<Vec<u8>, ClientError> {
    let (kind, ctx) = (RecordKind::DeviceState, kept_place(keys, session));
    sealed::seal_record(&keys.amk.record_key(), kind, session.0, &ctx, key.seed())
        .map_err(|_| ClientError::NotVerified(Thing::Account))
}
