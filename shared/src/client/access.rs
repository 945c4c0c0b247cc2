//! A colleague is given access to a matter: the keys of all its epochs, each in an envelope that only
//! the colleague opens.

use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::papers;
use super::pen::Pen;
use super::ring::{GRANT_PURPOSE, Keys, Ring};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, KemPublic, Kid, MatterKey, SigningKey};
use crate::crypto::signed::Namespace;
use crate::crypto::wrapped::{self, Signer, WrapContext};
use crate::ids::MatterId;
use crate::journal::statement::{Granted, MatterAct};
use crate::journal::stream::StreamId;

impl<H: Host> Portal<H> {
    /// Gives the person with these keys access to a matter, from its first document on. The keys are
    /// named by their id, as the firm's verified directory has them: what was compared is what is
    /// given.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not share, or the person can hold no key to a
    /// matter; [`ClientError::Missing`] when the keys are nobody's of this firm, or the matter is
    /// not the caller's; otherwise as usual.
    pub async fn give_access(
        &self,
        ring: &Ring,
        matter: MatterId,
        to: Kid,
    ) -> Result<(), ClientError> {
        self.give(ring, matter, to, false).await
    }

    /// Gives somebody access once more who has it already, and for whom it does not open: only their
    /// own device can tell.
    ///
    /// # Errors
    /// As [`Portal::give_access`].
    pub async fn give_access_again(
        &self,
        ring: &Ring,
        matter: MatterId,
        to: Kid,
    ) -> Result<(), ClientError> {
        self.give(ring, matter, to, true).await
    }

    /// Lets a lawyer into the firm's own room, where names and forms are: needed once for those
    /// whom an administrator admitted, who has no key to it, and again where its key does not open.
    ///
    /// # Errors
    /// As [`Portal::give_access`].
    pub async fn let_in(&self, ring: &Ring, to: Kid) -> Result<(), ClientError> {
        let office = ring.with(Keys::office)?;
        self.give_access_again(ring, office, to).await
    }

    async fn give(
        &self,
        ring: &Ring,
        matter: MatterId,
        to: Kid,
        again: bool,
    ) -> Result<(), ClientError> {
        let which = |keys: &Keys| if again { epochs(keys, matter) } else { owed(keys, matter, to) };
        self.sync_directory(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        ring.with(|keys| may_give(keys, matter, to))??;
        let nothing = ring.with_mut(|keys| {
            let papers = papers::owed(keys, matter, to, again);
            which(keys).map(|epochs| epochs.is_empty() && papers.is_empty())
        })??;
        if nothing {
            return Ok(());
        }
        // The keyring with each try: nobody is given a key whose time with the firm ended meanwhile.
        self.append(ring, &[StreamId::Keyring, StreamId::Matter(matter)], |keys, pen| {
            // Asked anew: the streams may have moved since.
            may_give(keys, matter, to)?;
            let epochs = which(keys)?;
            give(keys, pen, matter, to, &epochs)?;
            papers::give(keys, pen, matter, to, again)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }
}

fn may_give(keys: &Keys, matter: MatterId, to: Kid) -> Result<(), ClientError> {
    keys.directory.recipient(to, matter)?;
    let shares = keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.may(Caps::GRANT));
    if shares { Ok(()) } else { Err(ClientError::Unfit) }
}

/// All epochs of a matter.
fn epochs(keys: &Keys, matter: MatterId) -> Result<Vec<u32>, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let (newest, _) = room.epoch().ok_or(ClientError::Missing)?;
    Ok((0..=newest).collect())
}

/// The epochs whose key the person was not given yet.
fn owed(keys: &Keys, matter: MatterId, to: Kid) -> Result<Vec<u32>, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let holds = |epoch: u32| {
        let to_them = |granted: &Granted| granted.recipient == to && granted.epoch == epoch;
        room.grants.iter().any(|grant| to_them(&grant.granted))
    };
    Ok(epochs(keys, matter)?.into_iter().filter(|epoch| !holds(*epoch)).collect())
}

pub(super) fn give(
    keys: &mut Keys,
    pen: &mut Pen,
    matter: MatterId,
    to: Kid,
    epochs: &[u32],
) -> Result<(), ClientError> {
    for epoch in epochs {
        keys.matter_key(matter, *epoch)?;
    }
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let kem = keys.directory.recipient(to, matter)?;
    let signer = (&keys.identity.signing, keys.kid);
    for epoch in epochs.iter().copied() {
        let key = keys.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
        let bundle = room.epochs.get(epoch as usize).ok_or(ClientError::Missing)?;
        let place = (keys.firm(), matter, epoch);
        grant(pen, place, (key, bundle.kid()), (to, kem), signer)?;
    }
    Ok(())
}

/// Grants an epoch's key to one recipient.
pub(crate) fn grant(
    pen: &mut Pen,
    (firm, matter, epoch): (Hash32, MatterId, u32),
    (matter_key, pub_kid): (&MatterKey, Kid),
    (recipient, kem): (Kid, &KemPublic),
    (key, kid): (&SigningKey, Kid),
) -> Result<(), ClientError> {
    let context = WrapContext { firm, matter, epoch, purpose: GRANT_PURPOSE };
    let whom = (recipient, kem);
    let granted = envelope(pen, &context, (matter_key, pub_kid), whom, (key, kid))?;
    let act = MatterAct::Granted(granted);
    pen.write(Namespace::Matter, StreamId::Matter(matter), act, key, kid).map(drop)
}

/// Attaches the envelope of a key to one recipient; gives what the act says of it.
pub(super) fn envelope(
    pen: &mut Pen,
    context: &WrapContext,
    (matter_key, pub_kid): (&MatterKey, Kid),
    (recipient, kem): (Kid, &KemPublic),
    (key, kid): (&SigningKey, Kid),
) -> Result<Granted, ClientError> {
    let envelope = wrapped::seal(
        (recipient, kem),
        context,
        Signer { key, kid },
        matter_key.seed(),
        pub_kid,
        pen.next_seq(StreamId::Matter(context.matter)),
    )
    .map_err(|_| ClientError::Unfit)?;
    let envelope_hash = pen.attach(envelope);
    Ok(Granted { epoch: context.epoch, recipient, envelope_hash })
}
