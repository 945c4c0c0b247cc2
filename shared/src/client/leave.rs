//! A person leaves the firm, is suspended, or comes back: the word itself, and the new keys that matters are
//! owed by it.
//!
//! Which matters those are stands in what is signed, and nowhere else: those where somebody has a seat whose
//! time with the firm ended. So whoever may do it finishes what somebody else began, and does nothing twice.

use alloc::vec::Vec;

use super::directory::Member;
use super::error::ClientError;
use super::host::Host;
use super::ring::{Keys, Ring};
use super::room::Room;
use super::rotate::{may_turn, owing, rotate, statements, without_newest};
use super::{Portal, access};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::signed::Namespace;
use crate::ids::MatterId;
use crate::journal::statement::{EndKind, Ended, KeyringAct, Restored};
use crate::journal::stream::StreamId;
use crate::journal::wire::MAX_STATEMENTS;

/// What became of the matters that were owed a new key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turned {
    /// How many have one now by this person's device.
    pub turned: usize,
    /// Those that still are owed one, where this person sits: others must do it, or it must be tried again.
    pub left: Vec<MatterId>,
}

impl<H: Host> Portal<H> {
    /// Ends a person's time with the firm. Matters get their new keys by [`Portal::turn_keys`]. What was said
    /// before is not said again.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not say it, for oneself, for the last person who admits, and
    /// for good where a matter would be lost ([`super::before::Before::lost`]); [`ClientError::Missing`] when
    /// the key is nobody's; otherwise as usual.
    pub async fn end(&self, ring: &Ring, kid: Kid, kind: EndKind) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        if ring.with(|keys| may_end(keys, kid, kind))??.is_none() {
            return Ok(());
        }
        if kind == EndKind::Left {
            let told = self.seats_counted(ring, kid).await?;
            if told.is_some_and(|told| told.lost > 0) {
                return Err(ClientError::Unfit);
            }
        }
        let said = self.append(ring, &[StreamId::Keyring], |keys, pen| {
            // Asked anew: the keyring may have moved since.
            let act = may_end(keys, kid, kind)?.ok_or(ClientError::Missing)?;
            let (key, by) = (&keys.identity.signing, keys.kid);
            let act = KeyringAct::Ended(act);
            pen.write(Namespace::Keyring, StreamId::Keyring, act, key, by).map(drop)
        });
        match said.await {
            // Somebody else said it meanwhile.
            Ok(_) | Err(ClientError::Missing) => self.sync_directory(ring).await,
            Err(other) => Err(other),
        }
    }

    /// Lets a suspended person come back. Of matters that had a new key meanwhile they hold none: somebody who
    /// sits there gives them access again.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not say it, or the person is not suspended;
    /// [`ClientError::Missing`] when the key is nobody's; otherwise as usual.
    pub async fn restore(&self, ring: &Ring, kid: Kid) -> Result<(), ClientError> {
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            governs(keys, kid)?;
            let member = keys.directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
            if member.end().is_none_or(|end| end.kind != EndKind::Suspended) {
                return Err(ClientError::Unfit);
            }
            let act = KeyringAct::Restored(Restored { account: member.account, kid });
            let (key, by) = (&keys.identity.signing, keys.kid);
            pen.write(Namespace::Keyring, StreamId::Keyring, act, key, by).map(drop)
        })
        .await?;
        self.sync_directory(ring).await
    }

    /// Gives new keys to the matters that are owed one and where this person may. `tell` hears how many of how
    /// many are done, and says whether to go on; what is not done is done the next time, by whomever.
    ///
    /// # Errors
    /// When locked or unreachable, or the firm's directory does not verify. A matter that does not verify, or
    /// whose turn is refused, takes nothing from the others.
    pub async fn turn_keys(
        &self,
        ring: &Ring,
        tell: impl AsyncFn(usize, usize) -> bool,
    ) -> Result<Turned, ClientError> {
        self.sync_directory(ring).await?;
        let anybody = |keys: &Keys| keys.directory.members().any(Member::may_owe);
        if !ring.opens_matters()? || !ring.with(anybody)? {
            return Ok(Turned::default());
        }
        let mut all: Vec<MatterId> =
            self.listed().await?.into_iter().map(|listed| listed.matter).collect();
        self.sync_each(ring, &all).await?;
        all.extend(self.unlisted(ring, &all).await?);
        let (owed, batches) = ring.with(|keys| (owed(keys, &all), batches(keys, &all)))?;
        let of: usize = batches.iter().map(Vec::len).sum();
        let mut done = 0;
        for batch in batches {
            if !tell(done, of).await {
                break;
            }
            if !self.turn_batch(ring, &batch).await? {
                for matter in &batch {
                    self.turn_batch(ring, core::slice::from_ref(matter)).await?;
                }
            }
            done += batch.len();
        }
        // What was written is read back: it counts once it stands in the journal.
        self.sync_each(ring, &owed).await?;
        self.give_newest(ring, &all).await?;
        let left: Vec<MatterId> = ring.with(|keys| self::owed(keys, &owed))?;
        tell(done, of).await;
        self.keep_later(ring, all).await;
        Ok(Turned { turned: owed.len() - left.len(), left })
    }

    /// Gives a matter the key that it is owed, where this person may, before something new is sealed to it: so
    /// whoever left holds no key to that, whichever matters a server lists.
    ///
    /// # Errors
    /// As [`Portal::turn_keys`]; when the matter does not verify.
    pub(super) async fn turn_owed(&self, ring: &Ring, matter: MatterId) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        let due = |keys: &Keys| {
            let room = keys.rooms.get(&matter);
            room.is_some_and(|room| !owing(keys, room).is_empty() && may_turn(keys, room))
        };
        if !ring.with(due)? {
            return Ok(());
        }
        self.turn_batch(ring, &[matter]).await?;
        self.sync_rooms(ring, &[matter]).await?;
        self.give_newest(ring, &[matter]).await
    }

    /// Matters beside these where this device knows of a seat of its own. A list may leave them out; one that
    /// cannot be read takes nothing from the others.
    async fn unlisted(
        &self,
        ring: &Ring,
        listed: &[MatterId],
    ) -> Result<Vec<MatterId>, ClientError> {
        let known: Vec<MatterId> = ring.with(|keys| {
            let rooms = keys.rooms.values().filter(|room| room.is_seated(keys.kid));
            rooms.map(Room::matter).filter(|matter| !listed.contains(matter)).collect()
        })?;
        let mut read = Vec::new();
        for matter in known {
            if self.sync_each(ring, &[matter]).await.is_ok_and(|broken| broken.is_empty()) {
                read.push(matter);
            }
        }
        Ok(read)
    }

    /// Turns some matters' keys in one append; false when the server, or a matter among them, did not let it.
    async fn turn_batch(&self, ring: &Ring, matters: &[MatterId]) -> Result<bool, ClientError> {
        let mut streams = alloc::vec![StreamId::Keyring];
        streams.extend(matters.iter().map(|matter| StreamId::Matter(*matter)));
        let turned = self.append(ring, &streams, |keys, pen| {
            let mut none = true;
            for matter in matters {
                // Asked anew: somebody else may have done it meanwhile.
                let room = keys.rooms.get(matter).ok_or(ClientError::Missing)?;
                if !owing(keys, room).is_empty() && may_turn(keys, room) {
                    rotate(keys, pen, *matter, None)?;
                    none = false;
                }
            }
            if none { Err(ClientError::Missing) } else { Ok(()) }
        });
        match turned.await {
            Err(ClientError::Missing) => Ok(true),
            other => goes_on(other.map(drop)),
        }
    }

    /// Gives the newest keys of matters to those who sit there and have it not: an append of a turn had no room
    /// for them.
    async fn give_newest(&self, ring: &Ring, matters: &[MatterId]) -> Result<(), ClientError> {
        let wanting = |keys: &Keys| -> Vec<MatterId> {
            let rooms = matters.iter().filter_map(|matter| keys.rooms.get(matter));
            let wanting = rooms.filter(|room| !without_newest(keys, room).is_empty());
            wanting.filter(|room| may_turn(keys, room)).map(Room::matter).collect()
        };
        for matter in ring.with(wanting)? {
            // As often as it takes; who has no key to give gives none, and somebody else does.
            while self.give_newest_of(ring, matter).await? {}
        }
        Ok(())
    }

    /// The same for one matter; whether anything was given.
    pub(super) async fn give_newest_of(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<bool, ClientError> {
        let streams = [StreamId::Keyring, StreamId::Matter(matter)];
        let given = self.append(ring, &streams, |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let (newest, _) = room.epoch().ok_or(ClientError::Missing)?;
            let kids = without_newest(keys, room);
            for kid in kids.iter().take(MAX_STATEMENTS) {
                access::give(keys, pen, matter, *kid, &[newest])?;
            }
            if kids.is_empty() { Err(ClientError::Missing) } else { Ok(()) }
        });
        goes_on(given.await.map(drop))
    }
}

/// What an act on one of many matters came to: whether it was done, or what ends the whole.
fn goes_on(done: Result<(), ClientError>) -> Result<bool, ClientError> {
    match done {
        Ok(()) => Ok(true),
        Err(error @ (ClientError::Locked | ClientError::Unreachable | ClientError::Forked(_))) => {
            Err(error)
        }
        Err(_) => Ok(false),
    }
}

/// The matters among these where somebody sits whose time with the firm ended.
fn owed(keys: &Keys, matters: &[MatterId]) -> Vec<MatterId> {
    let rooms = matters.iter().filter_map(|matter| keys.rooms.get(matter));
    rooms.filter(|room| !owing(keys, room).is_empty()).map(|room| room.matter()).collect()
}

/// Those of them that this person may turn, as many together as an append has room for.
fn batches(keys: &Keys, matters: &[MatterId]) -> Vec<Vec<MatterId>> {
    let mut batches: Vec<Vec<MatterId>> = Vec::new();
    let mut left = 0;
    let rooms = owed(keys, matters).into_iter().filter_map(|matter| keys.rooms.get(&matter));
    for room in rooms.filter(|room| may_turn(keys, room)) {
        let wanted = statements(keys, room);
        match batches.last_mut().filter(|_| wanted <= left) {
            Some(batch) => batch.push(room.matter()),
            None => {
                batches.push(alloc::vec![room.matter()]);
                left = MAX_STATEMENTS;
            }
        }
        left -= wanted;
    }
    batches
}

/// Whether the caller may say of this person that their time with the firm ends or goes on.
pub(super) fn governs(keys: &Keys, kid: Kid) -> Result<(), ClientError> {
    let me = keys.directory.member_by_kid(keys.kid).ok_or(ClientError::Missing)?;
    let may = keys.directory.is_with_us(me) && (me.may(Caps::ADMIT) || me.may(Caps::KEYS));
    if may && kid != keys.kid { Ok(()) } else { Err(ClientError::Unfit) }
}

/// What is to be said so that a person's time with the firm ends; nothing where it was said.
fn may_end(keys: &Keys, kid: Kid, kind: EndKind) -> Result<Option<Ended>, ClientError> {
    governs(keys, kid)?;
    let member = keys.directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
    match member.end().map(|end| end.kind) {
        Some(said) if said == kind => return Ok(None),
        Some(EndKind::Left) => return Err(ClientError::Unfit),
        _ => {}
    }
    if !keys.directory.others_admit(kid) {
        return Err(ClientError::Unfit);
    }
    Ok(Some(Ended { account: member.account, kid, kind }))
}
