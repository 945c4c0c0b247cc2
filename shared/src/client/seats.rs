//! Who sits at a matter, and so may say something there.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::directory::{Directory, Member};
use super::error::{ClientError, Thing};
use super::held::{Unseated, open, taken};
use super::matters::{Former, Seat};
use super::posts::Spot;
use super::ring::Keys;
use super::room::{BROKEN, Grant, Room};
use crate::crypto::keys::{Caps, Kid, Role, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::anchor::Leaf;
use crate::journal::statement::{EpochAct, Granted, Placed};
use crate::journal::stream::Place;
use crate::journal::wire::Entry;
use crate::vuln;

impl Room {
    /// Whether this member of staff created the matter or holds a grant that nobody took back.
    #[must_use]
    pub fn is_seated(&self, kid: Kid) -> bool {
        self.index.seated.contains(&kid)
    }

    /// Everybody who created the matter or holds a grant that nobody took back.
    pub(super) fn seated(&self) -> impl Iterator<Item = Kid> {
        self.index.seated.iter().copied()
    }

    /// Whether this member of staff has a seat or had one: what they did then stands.
    #[must_use]
    pub fn was_seated(&self, kid: Kid) -> bool {
        self.index.known.contains(&kid)
    }

    /// The key of a member with a seat, or of a client of this matter.
    pub(super) fn sender(&self, kid: Kid, directory: &Directory) -> Result<VerifyKey, ClientError> {
        let bundle = match self.clients.get(&kid) {
            Some(client) => &client.bundle,
            None => &directory.member_by_kid(kid).ok_or(BROKEN)?.bundle,
        };
        bundle.verify_key.ok_or(BROKEN)
    }

    pub(super) fn staff(
        &self,
        kid: Kid,
        caps: Caps,
        (directory, leaf): (&Directory, u64),
    ) -> Result<VerifyKey, ClientError> {
        self.staff_may(kid, caps, (directory, leaf))?;
        self.sender(kid, directory)
    }

    pub(super) fn staff_may(
        &self,
        kid: Kid,
        caps: Caps,
        (directory, leaf): (&Directory, u64),
    ) -> Result<(), ClientError> {
        let may = directory.member_by_kid(kid).is_some_and(|member| member.may_at(caps, leaf));
        let seated = self.is_seated(kid) || (vuln::a03() && self.was_seated(kid));
        if may && seated { Ok(()) } else { Err(BROKEN) }
    }

    /// Takes the beginning of a key, and the end of the seats that end with it.
    pub(super) fn begin_epoch(
        &mut self,
        signed: &Signed,
        leaf: u64,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        let key = self.staff(signed.signer(), Caps::MATTERS, (directory, leaf))?;
        let body: Placed<EpochAct> = open(signed, Namespace::EpochKey, &key)?;
        let leaving = body.act.leaving(signed.signer()).ok_or(BROKEN)?.to_vec();
        if !leaving.is_empty() {
            self.staff_may(signed.signer(), Caps::GRANT, (directory, leaf))?;
        }
        directory.reaches(body.act.known)?;
        let bundle = body.act.key;
        let fits = body.act.matter == self.matter
            && leaving.iter().all(|kid| self.sits(*kid, directory).is_ok())
            && body.act.epoch as usize == self.epochs.len()
            && bundle.role == Role::Matter
            && bundle.subject == self.matter.0
            && bundle.firm == directory.firm()
            && bundle.kem.is_some();
        if !fits {
            return Err(BROKEN);
        }
        // Whoever lost access has the keys before.
        if self.epochs.iter().chain(self.papers.keys()).any(|before| before.kem == bundle.kem) {
            return Err(ClientError::NotVerified(Thing::Epoch));
        }
        self.epochs.push(bundle);
        self.epoch_statements.push(signed.as_bytes().to_vec().into());
        for kid in leaving {
            self.index.seated.remove(&kid);
            let Place { seq, time, .. } = body.place;
            self.unseated.insert(kid, Unseated { seq, time });
            self.gone.push((kid, time));
        }
        Ok(body.place)
    }

    /// Takes a grant: to staff with a key that opens, whom neither post nor wall kept from the matter, to the
    /// firm's recovery key, or to a client who was accepted.
    pub(super) fn granted(
        &mut self,
        granted: Granted,
        (by, place): (Kid, Place),
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<(), ClientError> {
        let to = granted.recipient;
        let spot = Spot::of_others(entry);
        let staff = |member: &Member| member.bundle.kem.is_some() && directory.counts(to, &spot);
        let known = directory.member_by_kid(to).is_some_and(staff)
            || directory.recovery().is_some_and(|key| key.kid() == to)
            || self.clients.get(&to).is_some_and(super::room::Client::is_accepted);
        if !known || !self.has_epoch(granted.epoch) {
            return Err(BROKEN);
        }
        // Whether it stood before a wall, or an end, is not the server's to say.
        self.speakers.hear(to, Leaf::of(entry), directory);
        let envelope = taken(&mut entry.attachments, granted.envelope_hash);
        self.index.seat(to);
        self.grants.push(Grant { granted, envelope, by, seq: place.seq, time: place.time });
        Ok(())
    }

    pub(super) fn sits(&self, kid: Kid, directory: &Directory) -> Result<(), ClientError> {
        let seated = directory.member_by_kid(kid).is_some() && self.is_seated(kid);
        if seated { Ok(()) } else { Err(BROKEN) }
    }
}

/// Who can open a matter, and who could.
pub(super) fn all(
    keys: &Keys,
    room: &Room,
    names: &BTreeMap<AccountId, String>,
) -> (Vec<Seat>, Vec<Former>) {
    let account = |kid| keys.directory.member_by_kid(kid).map(|member| member.account);
    let name = |account: &AccountId| names.get(account).cloned();
    let me = keys.directory.member_by_kid(keys.kid);
    let may_rotate = me.is_some_and(|me| me.may(Caps::GRANT.union(Caps::MATTERS)));
    // A person holds the key of every epoch, and sits here once: since the first that still counts.
    let mut seen = BTreeSet::new();
    let counts = |grant: &&Grant| {
        let kid = grant.granted.recipient;
        let ended = room.unseated.get(&kid).is_some_and(|end| grant.seq < end.seq);
        !ended && !room.clients.contains_key(&kid)
    };
    let seats = room.grants.iter().filter(counts);
    let seats = seats.filter(|grant| seen.insert(grant.granted.recipient)).map(|grant| {
        let kid = grant.granted.recipient;
        let account = account(kid);
        let may_end = may_rotate && account.is_some() && kid != keys.kid;
        Seat { account, name: account.as_ref().and_then(name), kid, since: grant.time, may_end }
    });
    let seats = seats.collect();
    let gone = room.unseated.iter().filter(|(kid, _)| !room.is_seated(**kid));
    let former = gone.filter_map(|(kid, end)| {
        let account = account(*kid)?;
        Some(Former { account, name: name(&account), until: end.time })
    });
    (seats, former.collect())
}
