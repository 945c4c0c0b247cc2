//! What people are at the firm, by the place in the journal where it matters; and whom a conflict wall keeps
//! from a matter.
//!
//! A change takes effect by its leaf, as an end does ([`super::ended`]): what somebody signed is judged by
//! the post that they had there, so that nobody's earlier word falls with their post, and no later one rises.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::directory::{BROKEN, Directory, Member};
use super::error::ClientError;
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::signed::Signed;
use crate::ids::{MatterId, WallId};
use crate::journal::posts::{Duty, DutyGiven, Placing, Post, Posted, WallLifted, WallRaised};
use crate::journal::statement::place_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// A post that somebody was given.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct Posting {
    /// Which, with its bounds.
    #[n(1)]
    pub placing: Placing,
    /// What the person may.
    #[n(2)]
    pub caps: Caps,
    /// The leaf of the statement.
    #[n(3)]
    pub leaf: u64,
    /// When, as its signer says.
    #[n(4)]
    pub time: Timestamp,
    /// Who said so.
    #[n(5)]
    pub by: Kid,
    /// The statement, where it gives more than the person's keys say: whoever follows a path of admissions
    /// outside the stream needs it.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub(super) statement: Vec<u8>,
}

/// A conflict wall before somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wall {
    /// Which.
    #[n(1)]
    pub wall: WallId,
    /// What they must not see.
    #[n(2)]
    pub matter: MatterId,
    /// The leaf of the statement.
    #[n(3)]
    pub leaf: u64,
    /// When, as its signer says.
    #[n(4)]
    pub time: Timestamp,
    /// Who said so.
    #[n(5)]
    pub by: Kid,
    /// Where it was lifted, and when.
    #[n(6)]
    pub lifted: Option<(u64, Timestamp)>,
}

/// Where and when something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The leaf of the statement.
    pub(crate) leaf: u64,
    /// The later of what its signer says and what the server says.
    pub(crate) time: Timestamp,
    /// In the stream of which matter.
    pub(crate) matter: Option<MatterId>,
}

impl Spot {
    /// The spot of a statement as the server shows it.
    pub(crate) fn of(entry: &Entry) -> Self {
        let place = place_of(&entry.statement.0);
        let arrived = Timestamp(entry.arrived);
        Self {
            leaf: entry.leaf,
            time: place.map_or(arrived, |place| place.time.max(arrived)),
            matter: place.and_then(|place| about(place.stream)),
        }
    }
}

impl Spot {
    /// The same for others than its signer, of whom a signer's clock says nothing: by the server's time alone.
    pub(crate) fn of_others(entry: &Entry) -> Self {
        Self { time: Timestamp(entry.arrived), ..Self::of(entry) }
    }
}

/// The matter of a stream, or of the notes beside it.
const fn about(stream: StreamId) -> Option<MatterId> {
    match stream {
        StreamId::Matter(matter) | StreamId::Access(matter) => Some(matter),
        StreamId::Keyring | StreamId::Forms | StreamId::Policy | StreamId::Reviews => None,
    }
}

impl Member {
    /// The newest post that was said.
    #[must_use]
    pub fn posting(&self) -> Option<&Posting> {
        self.posts.last()
    }

    /// What the person is, and within which bounds.
    #[must_use]
    pub fn placing(&self) -> Placing {
        let by_keys = || Placing::of(Post::of_bundle(self.bundle.role, self.bundle.caps));
        self.posting().map_or_else(by_keys, |posting| posting.placing)
    }

    /// What the person may.
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.posting().map_or(self.bundle.caps, |posting| posting.caps)
    }

    fn posting_at(&self, leaf: u64) -> Option<&Posting> {
        self.posts.iter().rfind(|posting| posting.leaf < leaf)
    }

    /// Whether the person held all of these capabilities at this leaf.
    #[must_use]
    pub fn may_at(&self, caps: Caps, leaf: u64) -> bool {
        let held = self.posting_at(leaf).map_or(self.bundle.caps, |posting| posting.caps);
        held.contains(caps) || (vuln::a28() && self.bundle.caps.contains(caps))
    }

    /// Whether the person's post is over at this time.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.placing().until.is_some_and(|until| until < now) && !vuln::a28()
    }

    /// The wall that stands between the person and a matter.
    #[must_use]
    pub fn wall(&self, matter: MatterId) -> Option<&Wall> {
        self.walls.iter().find(|wall| wall.matter == matter && wall.lifted.is_none())
    }

    /// The walls before the person.
    pub fn walls_now(&self) -> impl Iterator<Item = &Wall> {
        self.walls.iter().filter(|wall| wall.lifted.is_none())
    }

    /// Whether what the person says there counts, as far as posts and walls go.
    pub(super) fn placed_at(&self, spot: &Spot) -> bool {
        let placing = self.posting_at(spot.leaf).map(|posting| posting.placing);
        let bounds = placing.is_none_or(|placing| {
            let in_time = placing.until.is_none_or(|until| spot.time <= until);
            in_time && placing.matter.is_none_or(|only| spot.matter.is_none_or(|at| at == only))
        });
        let behind = |wall: &Wall| {
            let stands =
                wall.leaf < spot.leaf && wall.lifted.is_none_or(|(lifted, _)| spot.leaf < lifted);
            stands && Some(wall.matter) == spot.matter
        };
        (bounds && !self.walls.iter().any(behind)) || vuln::a28()
    }

    /// How often it changed before this leaf what the person may.
    pub(super) fn changes_before(&self, leaf: u64) -> usize {
        let posts = self.posts.iter().map(|posting| posting.leaf);
        let walls = self.walls.iter().map(|wall| wall.leaf);
        let lifted = self.walls.iter().filter_map(|wall| wall.lifted.map(|(leaf, _)| leaf));
        posts.chain(walls).chain(lifted).filter(|change| *change < leaf).count()
            + self.returns_before(leaf)
    }

    /// Whether a change stands behind this leaf that could have taken something.
    pub(super) fn changes_after(&self, leaf: u64) -> bool {
        self.ends_after(leaf)
            || self.posts.iter().any(|posting| leaf < posting.leaf)
            || self.walls.iter().any(|wall| leaf < wall.leaf)
    }
}

/// Who answers for something now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Whoever holds the duty.
    Holder(Kid),
    /// The deputy, because the holder is gone.
    Deputy(Kid),
    /// Nobody.
    Nobody,
}

impl Directory {
    /// Whether this person's time with the firm goes on, by the time of the newest reading.
    #[must_use]
    pub fn is_with_us(&self, member: &Member) -> bool {
        member.end().is_none() && !member.is_over(self.now)
    }

    /// Whether this key's holder may be given a matter's key, as far as post and walls go.
    #[must_use]
    pub fn is_kept_from(&self, kid: Kid, matter: MatterId) -> bool {
        let kept = |member: &Member| {
            let elsewhere = member.placing().matter.is_some_and(|only| only != matter);
            elsewhere || member.wall(matter).is_some()
        };
        self.member_by_kid(kid).is_some_and(kept) && !vuln::a28()
    }

    /// Whether somebody's seat at a matter ought to end: they left, their time is over, or they are kept from it.
    pub(super) fn must_leave(&self, kid: Kid, matter: MatterId) -> bool {
        self.is_ended(kid) || self.is_kept_from(kid, matter)
    }

    /// Whether this key's holder is an officer, or the root.
    #[must_use]
    pub fn is_officer(&self, kid: Kid) -> bool {
        kid == Kid::of_root(self.firm())
            || self.member_by_kid(kid).is_some_and(|one| one.placing().post == Post::Officer)
            || vuln::a26()
            || vuln::a27()
            || vuln::a28()
    }

    /// Who answers for a duty.
    #[must_use]
    pub fn answers(&self, duty: Duty) -> Answers {
        let given = self.duties.iter().rfind(|given| given.duty == duty);
        let here = |kid: &Kid| self.member_by_kid(*kid).is_some_and(|one| self.is_with_us(one));
        let Some(given) = given else { return Answers::Nobody };
        match (given.holder.filter(here), given.deputy.filter(here)) {
            (Some(holder), _) => Answers::Holder(holder),
            (None, Some(deputy)) => Answers::Deputy(deputy),
            (None, None) => Answers::Nobody,
        }
    }

    /// To whom a duty was given last.
    #[must_use]
    pub fn duty(&self, duty: Duty) -> Option<&DutyGiven> {
        self.duties.iter().rfind(|given| given.duty == duty)
    }

    /// A post as a statement says it.
    pub(super) fn posting(
        &self,
        act: &Posted,
        statement: &[u8],
        (leaf, time): (u64, Timestamp),
    ) -> Posting {
        let by = Signed::parse(statement).map_or(Kid::of_root(self.firm()), |one| one.signer());
        let keys = self.member_by_kid(act.kid).map_or(Caps::ALL, |member| member.bundle.caps);
        let more = !keys.contains(act.caps);
        let statement = if more { statement.to_vec() } else { Vec::new() };
        Posting { placing: act.placing, caps: act.caps, leaf, time, by, statement }
    }

    /// Takes a post: of somebody else than its signer, who is with the firm and whose keys fit it. An officer
    /// is made, and made something else, by officers and the root alone; somebody who admits stays.
    pub(super) fn post(&mut self, act: &Posted, posting: Posting) -> Result<(), ClientError> {
        let (governed, officer) = (self.others_admit(act.kid), self.is_officer(posting.by));
        let (office, by) = (self.root().office, posting.by);
        let member = self.of(act.kid, act.account)?;
        let (role, before) = (member.bundle.role, member.placing().post);
        let of_officers = before == Post::Officer || act.placing.post == Post::Officer;
        let admits = act.caps.contains(Caps::ADMIT) && act.placing.until.is_none();
        let fits = act.kid != by
            && member.end().is_none()
            && act.placing.fits(role, act.caps)
            && act.placing.matter != Some(office)
            && (officer || !of_officers)
            && (governed || admits);
        if !fits && !vuln::a28() {
            return Err(BROKEN);
        }
        member.posts.push(posting);
        Ok(())
    }

    /// Takes a wall before somebody else than its signer, who could be given a key; none twice.
    pub(super) fn raise(&mut self, act: WallRaised, wall: Wall) -> Result<(), ClientError> {
        let office = self.root().office;
        let taken = self.members().any(|one| one.walls.iter().any(|wall| wall.wall == act.wall));
        let member = self.of(act.kid, act.account)?;
        let fits = act.kid != wall.by
            && act.matter != office
            && member.bundle.kem.is_some()
            && member.wall(act.matter).is_none()
            && !taken;
        if !fits {
            return Err(BROKEN);
        }
        member.walls.push(wall);
        Ok(())
    }

    /// Takes the word that a wall stands no longer, by somebody else than whom it keeps out.
    pub(super) fn lift(
        &mut self,
        act: WallLifted,
        (leaf, time, by): (u64, Timestamp, Kid),
    ) -> Result<(), ClientError> {
        let member = self.members.get_mut(&act.kid).filter(|_| act.kid != by).ok_or(BROKEN)?;
        let mut walls = member.walls.iter_mut();
        let wall = walls.find(|wall| wall.wall == act.wall && wall.lifted.is_none());
        wall.ok_or(BROKEN)?.lifted = Some((leaf, time));
        Ok(())
    }

    /// Takes the word whose a duty is: of people whom the firm admitted, two different ones.
    pub(super) fn give_duty(&mut self, act: DutyGiven) -> Result<(), ClientError> {
        let known = |kid: &Kid| self.member_by_kid(*kid).is_some_and(|one| one.end().is_none());
        let named = act.holder.iter().chain(&act.deputy).all(known);
        let fits = named && (act.deputy.is_none() || act.deputy != act.holder);
        if !fits {
            return Err(BROKEN);
        }
        self.duties.retain(|given| given.duty != act.duty);
        self.duties.push(act);
        Ok(())
    }
}

#[cfg(test)]
#[path = "posts_tests.rs"]
mod tests;
