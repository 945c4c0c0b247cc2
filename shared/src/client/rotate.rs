//! Access is taken back: the matter gets a new key, which everybody is given who stays. What is sealed
//! from then on is sealed to it. What the person opened before, they may have kept.

use alloc::vec::Vec;
use core::iter::once;

use super::Portal;
use super::access::grant;
use super::directory::Member;
use super::ended::ended_of;
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
use crate::journal::wire::MAX_STATEMENTS;

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
        let mut rest = 0;
        // The keyring with each try: whoever left the firm meanwhile is given nothing.
        self.append(ring, &[StreamId::Keyring, StreamId::Matter(matter)], |keys, pen| {
            // Asked anew: the streams may have moved since.
            may_take(keys, matter, from)?;
            rest = rotate(keys, pen, matter, Some(from))?;
            Ok(())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await?;
        while rest > 0 && self.give_newest_of(ring, matter).await? {}
        Ok(())
    }
}

impl<H: Host> Portal<H> {
    /// Gives a matter a new key although nobody loses access: what is sealed from then on is sealed to it. Links
    /// that nobody used yet end.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not; [`ClientError::Missing`] when the matter is not theirs;
    /// otherwise as usual.
    pub async fn renew_key(&self, ring: &Ring, matter: MatterId) -> Result<(), ClientError> {
        let mut rest = 0;
        self.append(ring, &[StreamId::Keyring, StreamId::Matter(matter)], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            if !may_turn(keys, room) {
                return Err(ClientError::Unfit);
            }
            rest = rotate(keys, pen, matter, None)?;
            Ok(())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await?;
        while rest > 0 && self.give_newest_of(ring, matter).await? {}
        Ok(())
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

/// Those with a seat here whose time with the firm ended: while there are any, the matter is owed a new key.
pub(super) fn owing(keys: &Keys, room: &Room) -> Vec<Kid> {
    ended_of(&keys.directory, room.matter(), room.seated())
}

/// Whether the caller may begin a matter's next key and end seats with it.
pub(super) fn may_turn(keys: &Keys, room: &Room) -> bool {
    let me = keys.directory.member_by_kid(keys.kid);
    let may =
        |me: &Member| keys.directory.is_with_us(me) && me.may(Caps::GRANT.union(Caps::MATTERS));
    let kept = keys.directory.is_kept_from(keys.kid, room.matter());
    me.is_some_and(may) && !kept && room.is_seated(keys.kid)
}

/// Begins the next key, and ends the seats of those who left the firm, and of one person more if one is
/// named. Gives how many of those who stay found no room in this append, and are to be given the key after it.
pub(super) fn rotate(
    keys: &Keys,
    pen: &mut Pen,
    matter: MatterId,
    from: Option<Kid>,
) -> Result<usize, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let (newest, before) = room.epoch().ok_or(ClientError::NotVerified(Thing::Matter))?;
    let epoch = newest.checked_add(1).ok_or(ClientError::Unfit)?;
    let signer = (&keys.identity.signing, keys.kid);
    // A new key with every try: the server has what a refused one sent, and who was to get it.
    let key = MatterKey::generate();
    let bundle = key.bundle(matter, keys.firm(), pen.now(), Some(before.kid()));
    let kid = bundle.kid();
    let mut leaving = owing(keys, room);
    let known = (!leaving.is_empty()).then(|| keys.directory.head());
    leaving.extend(from.filter(|from| !leaving.contains(from)));
    leaving.sort_by_key(|kid| kid.0);
    let stay = stay(keys, room, newest, &leaving)?;
    let unseated = (!leaving.is_empty()).then_some(leaving);
    let act = EpochAct { matter, epoch, key: bundle, unseated, known };
    pen.write(Namespace::EpochKey, StreamId::Matter(matter), act, signer.0, signer.1)?;
    let now = stay.len().min(MAX_STATEMENTS - 1);
    for to in stay.iter().take(now) {
        grant(pen, (keys.firm(), matter, epoch), (&key, kid), *to, signer)?;
    }
    Ok(stay.len() - now)
}

/// How many statements [`rotate`] writes for a matter.
pub(super) fn statements(keys: &Keys, room: &Room) -> usize {
    let newest = room.epoch().map_or(0, |(newest, _)| newest);
    let stay = stay(keys, room, newest, &owing(keys, room)).map_or(0, |stay| stay.len());
    (stay + 1).min(MAX_STATEMENTS)
}

/// Whom the new key goes to: the caller, who can go on from there, the firm's recovery key, the staff that
/// stays, and the clients who hold the newest key now.
fn stay<'k>(
    keys: &'k Keys,
    room: &'k Room,
    newest: u32,
    leaving: &[Kid],
) -> Result<Vec<(Kid, &'k KemPublic)>, ClientError> {
    let staff = keys.directory.members().map(|member| &member.bundle);
    let staff = staff.filter(|bundle| {
        let kid = bundle.kid();
        kid != keys.kid && !leaving.contains(&kid) && room.is_seated(kid)
    });
    let me = keys.directory.member_by_kid(keys.kid).ok_or(ClientError::Missing)?;
    let holds = |granted: &Granted, kid| granted.recipient == kid && granted.epoch == newest;
    let clients = room
        .clients
        .iter()
        .filter(|(_, client)| client.ended.is_none())
        .filter(|(kid, _)| room.grants.iter().any(|grant| holds(&grant.granted, **kid)));
    let clients = clients.map(|(_, client)| &client.bundle);
    once(&me.bundle)
        .chain(keys.directory.recovery())
        .chain(staff)
        .chain(clients)
        .map(|bundle| Ok((bundle.kid(), bundle.kem.as_ref().ok_or(ClientError::Unfit)?)))
        .collect()
}

/// Those with a seat who were not given the newest key: an append has room for so many statements and no more.
pub(super) fn without_newest(keys: &Keys, room: &Room) -> Vec<Kid> {
    let Some((newest, _)) = room.epoch() else { return Vec::new() };
    let holds = |kid: Kid| {
        let mut granted = room.grants.iter().map(|grant| &grant.granted);
        granted.any(|granted| granted.recipient == kid && granted.epoch == newest)
    };
    room.seated()
        .filter(|kid| keys.directory.recipient(*kid, room.matter()).is_ok() && !holds(*kid))
        .collect()
}
