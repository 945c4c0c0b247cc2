//! Who could read a matter on a day, as the verified record says: the seats, when each began and ended, and
//! whether the person was with the firm then.
//!
//! Times are those that the signers of the statements say; the order is the journal's.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
use super::directory::{Directory, Member};
use super::error::ClientError;
use super::host::Host;
use super::people;
use super::ring::Ring;
use super::room::Room;
use crate::crypto::keys::Kid;
use crate::ids::MatterId;
use crate::time::Timestamp;

/// Somebody who could read a matter on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The key.
    pub kid: Kid,
    /// Whose it is.
    pub who: Who,
    /// Since when, as far as that day goes.
    pub since: Timestamp,
    /// When it ended, if it did.
    pub until: Option<Timestamp>,
}

/// Whose key a matter's key was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person of the firm, by name where the firm's own room names them.
    Colleague(Option<alloc::string::String>),
    /// The same, without a seat: whoever passed on the seat of a key that was lost.
    Conductor(Option<alloc::string::String>),
    /// A client of the matter.
    Client,
    /// The firm's recovery key.
    Recovery,
}

/// A stretch of time; without an end it goes on.
type Stretch = (Timestamp, Option<Timestamp>);

impl<H: Host> Portal<H> {
    /// Who could read a matter between two moments, those who could soonest first.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when the matter is not the caller's; otherwise as usual.
    pub async fn could_read(
        &self,
        ring: &Ring,
        matter: MatterId,
        day: (Timestamp, Timestamp),
    ) -> Result<Vec<Reader>, ClientError> {
        self.sync_directory(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        self.enter_office(ring).await?;
        ring.with_mut(|keys| {
            let names = people::names(keys);
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let mut readers = could_read(room, &keys.directory, day);
            for reader in &mut readers {
                let member = keys.directory.member_by_kid(reader.kid);
                let (Who::Colleague(name) | Who::Conductor(name)) = &mut reader.who else {
                    continue;
                };
                *name = member.and_then(|member| names.get(&member.account).cloned());
            }
            Ok(readers)
        })?
    }
}

/// Who could read a matter at some moment of a day, by key.
#[must_use]
pub fn could_read(
    room: &Room,
    directory: &Directory,
    (from, to): (Timestamp, Timestamp),
) -> Vec<Reader> {
    let mut readers = Vec::new();
    for (kid, seats) in seats(room) {
        let member = directory.member_by_kid(kid);
        let who = match member {
            Some(_) => Who::Colleague(None),
            None if room.clients.contains_key(&kid) => Who::Client,
            None => Who::Recovery,
        };
        let away = member.map_or_else(Vec::new, |member| away(member, room.matter()));
        let open = seats.into_iter().flat_map(|seat| without(seat, &away));
        let seen = open.filter(|(since, until)| *since <= to && until.is_none_or(|end| end > from));
        if let Some((since, until)) = seen.reduce(|one, other| (one.0, other.1)) {
            readers.push(Reader { kid, who, since, until });
        }
    }
    readers.extend(conductors(room, directory, (from, to)));
    readers.sort_by_key(|reader| (reader.since, reader.kid.0));
    readers
}

/// Who passed on a seat at the matter on that day: the recovery key was in their hands, from the passing on until
/// the lost key's time with the firm ended. Whoever came back by sheets did it for themselves.
fn conductors<'a>(
    room: &'a Room,
    directory: &'a Directory,
    (from, to): (Timestamp, Timestamp),
) -> impl Iterator<Item = Reader> + 'a {
    let granted = |kid: Kid| room.grants.iter().any(|grant| grant.granted.recipient == kid);
    directory.ceremonies().sessions().filter_map(move |one| {
        let since = one.passed_at?;
        let lost = directory.member_by_kid(one.asked.lost)?;
        let until = lost.ends.iter().map(|end| end.time).find(|end| *end >= since);
        let seen = since <= to && until.is_none_or(|end| end >= from);
        let kept = directory.is_kept_from(one.by, room.matter());
        let theirs = granted(one.asked.lost) && one.by != one.asked.to && !kept;
        (seen && theirs).then_some(Reader { kid: one.by, who: Who::Conductor(None), since, until })
    })
}

/// When each key's holder had a seat. A person holds the keys of all epochs: the first grant seats them.
fn seats(room: &Room) -> BTreeMap<Kid, Vec<Stretch>> {
    let mut all: BTreeMap<Kid, Vec<Stretch>> = BTreeMap::new();
    let mut gone: BTreeMap<Kid, Vec<Timestamp>> = BTreeMap::new();
    for (kid, time) in &room.gone {
        gone.entry(*kid).or_default().push(*time);
    }
    for grant in &room.grants {
        let ends = gone.get(&grant.granted.recipient).map_or(&[][..], Vec::as_slice);
        let end = ends.iter().copied().find(|end| *end > grant.time);
        let mine = all.entry(grant.granted.recipient).or_default();
        match mine.last() {
            // Given again, or the key of another epoch, while the seat lasts.
            Some((_, until)) if *until == end => {}
            _ => mine.push((grant.time, end)),
        }
    }
    all
}

/// When somebody was not with the firm, or kept from the matter.
fn away(member: &Member, matter: MatterId) -> Vec<Stretch> {
    let mut away: Vec<Stretch> = member.ends.iter().map(|end| (end.time, end.back)).collect();
    away.extend(member.walls.iter().filter(|wall| wall.matter == matter).map(|wall| {
        let lifted = wall.lifted.map(|(_, time)| time);
        (wall.time, lifted)
    }));
    for (at, posting) in member.posts.iter().enumerate() {
        let next = member.posts.get(at + 1).map(|next| next.time);
        let elsewhere = posting.placing.matter.is_some_and(|only| only != matter);
        if elsewhere {
            away.push((posting.time, next));
        } else if let Some(until) = posting.placing.until
            && next.is_none_or(|next| until < next)
        {
            away.push((until, next));
        }
    }
    away
}

/// What is left of a stretch without others.
fn without(seat: Stretch, away: &[Stretch]) -> Vec<Stretch> {
    let mut left = alloc::vec![seat];
    for (gone, back) in away {
        let cut = |(since, until): Stretch| {
            let before = (since, Some(until.map_or(*gone, |until| until.min(*gone))));
            let after = back.map(|back| (since.max(back), until));
            let lasts = |one: &Stretch| one.1.is_none_or(|end| one.0 < end);
            [Some(before), after].into_iter().flatten().filter(lasts).collect::<Vec<_>>()
        };
        left = left.into_iter().flat_map(cut).collect();
    }
    left
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
