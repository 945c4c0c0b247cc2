//! Who sits at a matter, and so may say something there.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::directory::Directory;
use super::error::ClientError;
use super::matters::{Former, Seat};
use super::ring::Keys;
use super::room::{BROKEN, Grant, Room};
use crate::crypto::keys::{Caps, Kid, VerifyKey};
use crate::ids::AccountId;
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
        directory: &Directory,
    ) -> Result<VerifyKey, ClientError> {
        self.staff_may(kid, caps, directory)?;
        self.sender(kid, directory)
    }

    pub(super) fn staff_may(
        &self,
        kid: Kid,
        caps: Caps,
        directory: &Directory,
    ) -> Result<(), ClientError> {
        let may = directory.member_by_kid(kid).is_some_and(|member| member.may(caps));
        let seated = self.is_seated(kid) || (vuln::a03() && self.was_seated(kid));
        if may && seated { Ok(()) } else { Err(BROKEN) }
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
