//! Access is taken back: the matter gets a new key, which everybody is given who stays. What is sealed
//! from then on is sealed to it. What the person opened before, they may have kept.

use alloc::vec::Vec;

use super::Portal;
use super::access::grant;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::pen::Pen;
use super::ring::{Keys, Ring};
use super::room::Room;
use crate::crypto::keys::{Caps, KemPublic, Kid, MatterKey};
use crate::crypto::signed::Namespace;
use crate::ids::MatterId;
use crate::journal::statement::{EpochAct, Granted};
use crate::journal::stream::StreamId;

impl<H: Host> Portal<H> {
    /// Takes a colleague's access to a matter back: one act ends the seat and begins a new key, which
    /// goes to everybody who stays. The colleague is named by the keys' id.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not, for oneself, and for the firm's own room;
    /// [`ClientError::Missing`] when the person has no seat, or the matter is not the caller's;
    /// otherwise as usual.
    pub async fn take_access_back(
        &self,
        ring: &Ring,
        matter: MatterId,
        from: Kid,
    ) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        ring.with(|keys| may_take(keys, matter, from))??;
        self.append(ring, &[StreamId::Matter(matter)], |keys, pen| {
            // Asked anew: the streams may have moved since.
            may_take(keys, matter, from)?;
            // A new key with every try: the server has what a refused one sent, and who was to get it.
            rotate(keys, pen, matter, &MatterKey::generate(), from)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }
}

fn may_take(keys: &Keys, matter: MatterId, from: Kid) -> Result<(), ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let me = keys.directory.member_by_kid(keys.kid).ok_or(ClientError::Missing)?;
    if matter == keys.office() || from == keys.kid || !me.may(Caps::GRANT.union(Caps::MATTERS)) {
        return Err(ClientError::Unfit);
    }
    let sits = keys.directory.member_by_kid(from).is_some() && room.is_seated(from);
    if sits && room.is_seated(keys.kid) { Ok(()) } else { Err(ClientError::Missing) }
}

fn rotate(
    keys: &Keys,
    pen: &mut Pen,
    matter: MatterId,
    key: &MatterKey,
    from: Kid,
) -> Result<(), ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let (newest, before) = room.epoch().ok_or(ClientError::NotVerified(Thing::Matter))?;
    let epoch = newest.checked_add(1).ok_or(ClientError::Unfit)?;
    let signer = (&keys.identity.signing, keys.kid);
    let bundle = key.bundle(matter, keys.firm(), pen.now(), Some(before.kid()));
    let kid = bundle.kid();
    let act = EpochAct { matter, epoch, key: bundle, unseated: Some(alloc::vec![from]) };
    pen.write(Namespace::EpochKey, StreamId::Matter(matter), act, signer.0, signer.1)?;
    for to in stay(keys, room, newest, from)? {
        grant(pen, (keys.firm(), matter, epoch), (key, kid), to, signer)?;
    }
    Ok(())
}

/// Whom the new key goes to: the staff that stays, the firm's recovery key, and the clients who hold
/// the newest key now.
fn stay<'k>(
    keys: &'k Keys,
    room: &'k Room,
    newest: u32,
    from: Kid,
) -> Result<Vec<(Kid, &'k KemPublic)>, ClientError> {
    let staff = keys.directory.members().map(|member| &member.bundle);
    let staff = staff.filter(|bundle| bundle.kid() != from && room.is_seated(bundle.kid()));
    let holds = |granted: &Granted, kid| granted.recipient == kid && granted.epoch == newest;
    let clients = room
        .clients
        .iter()
        .filter(|(kid, _)| room.grants.iter().any(|grant| holds(&grant.granted, **kid)));
    let clients = clients.map(|(_, client)| &client.bundle);
    staff
        .chain(keys.directory.recovery())
        .chain(clients)
        .map(|bundle| Ok((bundle.kid(), bundle.kem.as_ref().ok_or(ClientError::Unfit)?)))
        .collect()
}
