//! Whose time with the firm ended, and where in the journal: what somebody signed counts as far as it stands
//! before the leaf of their end.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::directory::{BROKEN, Directory, Member};
use super::error::ClientError;
use super::posts::Spot;
use crate::crypto::keys::{Caps, KemPublic, Kid};
use crate::ids::{AccountId, MatterId};
use crate::journal::posts::Placing;
use crate::journal::statement::{EndKind, Ended, Restored};
use crate::journal::stream::Head;
use crate::time::Timestamp;
use crate::vuln;

/// An end of somebody's time with the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct End {
    /// For good, or for now.
    #[n(1)]
    pub kind: EndKind,
    /// The leaf of the statement.
    #[n(2)]
    pub leaf: u64,
    /// When, as its signer says.
    #[n(3)]
    pub time: Timestamp,
    /// Who said so.
    #[n(4)]
    pub by: Kid,
    /// The leaf of the statement by which the person came back.
    #[n(5)]
    pub until: Option<u64>,
    /// When that was, as its signer says.
    #[n(6)]
    pub back: Option<Timestamp>,
}

impl Member {
    /// How and when the person's time with the firm ended, if it did and they did not come back.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.ends.last().filter(|end| end.until.is_none())
    }

    /// Whether what the person signed counts at this leaf.
    #[must_use]
    pub fn stands_at(&self, leaf: u64) -> bool {
        let outside = |end: &End| leaf < end.leaf || end.until.is_some_and(|until| leaf > until);
        self.ends.iter().all(outside) || vuln::a27()
    }

    /// Whether matters may be owed a key by the person: as far as they alone tell, without a matter or a clock.
    pub(super) fn may_owe(&self) -> bool {
        let bounds = |placing: Placing| placing.until.is_some() || placing.matter.is_some();
        self.end().is_some() || bounds(self.placing()) || !self.walls.is_empty()
    }

    /// How often the person had come back before this leaf.
    pub(super) fn returns_before(&self, leaf: u64) -> usize {
        self.ends.iter().filter(|end| end.until.is_some_and(|until| until < leaf)).count()
    }

    /// Whether an end stands behind this leaf.
    pub(super) fn ends_after(&self, leaf: u64) -> bool {
        self.ends.iter().any(|end| leaf < end.leaf)
    }
}

impl Directory {
    /// Whether this key is of somebody whose time with the firm ended.
    #[must_use]
    pub fn is_ended(&self, kid: Kid) -> bool {
        self.member_by_kid(kid).is_some_and(|member| !self.is_with_us(member)) && !vuln::a27()
    }

    /// Whether this key may be given that of a matter: of staff who are with the firm, and whom neither post
    /// nor wall keeps from it.
    pub(crate) fn recipient(&self, kid: Kid, matter: MatterId) -> Result<&KemPublic, ClientError> {
        let member = self.member_by_kid(kid).ok_or(ClientError::Missing)?;
        let stands = self.is_with_us(member) || vuln::a27();
        if self.is_kept_from(kid, matter) {
            return Err(ClientError::KeptFrom);
        }
        member.bundle.kem.as_ref().filter(|_| stands).ok_or(ClientError::Unfit)
    }

    /// Whether what a key's holder signed counts where it stands, as far as the firm's own people go.
    pub(super) fn counts(&self, kid: Kid, spot: &Spot) -> bool {
        let counts = |member: &Member| member.stands_at(spot.leaf) && member.placed_at(spot);
        self.member_by_kid(kid).is_none_or(counts)
    }

    /// Whether somebody other than this person can admit.
    #[must_use]
    pub fn others_admit(&self, than: Kid) -> bool {
        let stays = |one: &Member| one.end().is_none() && one.placing().until.is_none();
        let admits = |one: &Member| one.may(Caps::ADMIT) && stays(one);
        self.members().any(|one| one.bundle.kid() != than && admits(one))
    }

    /// Holds what somebody else had read of the keyring to what was shown here.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of the keyring when there is more of it, or something else.
    pub(super) fn reaches(&self, known: Option<Head>) -> Result<(), ClientError> {
        let Some(known) = known else { return Ok(()) };
        let head = self.head();
        let shown = known.next < head.next || known == head;
        if shown || vuln::a27() || vuln::a28() { Ok(()) } else { Err(BROKEN) }
    }

    /// Takes an end: of somebody else than its signer, who is with the firm or only suspended so far, and
    /// never of the last person who admits.
    pub(super) fn end(
        &mut self,
        act: Ended,
        (leaf, time, by): (u64, Timestamp, Kid),
    ) -> Result<(), ClientError> {
        if act.kid == by || !self.others_admit(act.kid) {
            return Err(BROKEN);
        }
        let member = self.of(act.kid, act.account)?;
        match member.ends.last_mut().filter(|end| end.until.is_none()) {
            None => {
                member.ends.push(End { kind: act.kind, leaf, time, by, until: None, back: None })
            }
            Some(end) if (end.kind, act.kind) == (EndKind::Suspended, EndKind::Left) => {
                // Where it took effect, it took effect.
                (end.kind, end.time, end.by) = (act.kind, time, by);
            }
            Some(_) => return Err(BROKEN),
        }
        Ok(())
    }

    /// Takes the return of somebody who was suspended.
    pub(super) fn restore(
        &mut self,
        act: Restored,
        (leaf, time, by): (u64, Timestamp, Kid),
    ) -> Result<(), ClientError> {
        if act.kid == by {
            return Err(BROKEN);
        }
        let member = self.of(act.kid, act.account)?;
        let end = member.ends.last_mut().filter(|end| end.until.is_none()).ok_or(BROKEN)?;
        if end.kind != EndKind::Suspended || leaf <= end.leaf {
            return Err(BROKEN);
        }
        (end.until, end.back) = (Some(leaf), Some(time));
        Ok(())
    }

    pub(super) fn of(&mut self, kid: Kid, account: AccountId) -> Result<&mut Member, ClientError> {
        self.members.get_mut(&kid).filter(|member| member.account == account).ok_or(BROKEN)
    }
}

/// The keys of those whose seat at a matter ought to end, in order.
pub(super) fn ended_of(
    directory: &Directory,
    matter: MatterId,
    kids: impl Iterator<Item = Kid>,
) -> Vec<Kid> {
    let mut ended: Vec<Kid> = kids.filter(|kid| directory.must_leave(*kid, matter)).collect();
    ended.sort_by_key(|kid| kid.0);
    ended
}
