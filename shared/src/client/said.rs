//! Where people of the firm spoke last in a stream, or were last given a matter's key, so that it can be proven
//! that this was before their time with the firm ended, or before they got another post or a wall.
//!
//! A page proves where the last statement of each stream stands, and that one names all before it; of those
//! the server alone says the leaf. What came afterwards could be shown at an earlier one. So of everybody whom
//! such a change concerns the last statement before each is proven by itself: it names those before it, which
//! so were made before it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::pin;
use super::ring::Ring;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::MatterId;
use crate::journal::anchor::{self, Leaf, Log};
use crate::journal::statement::variant_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::{Entry, MAX_LEAVES};
use crate::vuln;

/// Somebody's last statement between two ends.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Said {
    #[n(1)]
    leaf: u64,
    #[n(2)]
    hash: Hash32,
    /// How often the person had come back before, or been given another post, or a wall.
    #[n(3)]
    returns: u64,
    /// Whether the leaf was proven since somebody asked.
    #[n(4)]
    proven: bool,
}

/// Who of the firm spoke in a stream, and where last.
#[derive(Default, Encode, Decode)]
#[cbor(transparent)]
pub(crate) struct Speakers(#[n(0)] BTreeMap<Kid, Vec<Said>>);

/// What is to be done before a stream is believed.
pub(crate) enum Doubt {
    /// Somebody spoke when their time with the firm was over.
    Late,
    /// It was read before somebody's return was known: it is to be read anew.
    Anew,
    /// These leaves are to be proven.
    Unproven(Vec<Leaf>),
}

impl Speakers {
    /// Whether nobody spoke.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Hears a statement that counts where the server says that it stands.
    pub(crate) fn hear(&mut self, kid: Kid, leaf: Leaf, directory: &Directory) {
        let Leaf { index: leaf, hash } = leaf;
        let member = directory.member_by_kid(kid).map(|member| member.changes_before(leaf));
        let changes = member.or_else(|| directory.root_changes_before(kid, leaf));
        let Some(returns) = changes.map(|changes| changes as u64) else { return };
        let said = Said { leaf, hash, returns, proven: false };
        let all = self.0.entry(kid).or_default();
        match all.last_mut().filter(|last| last.returns == said.returns) {
            Some(last) => *last = said,
            None => all.push(said),
        }
    }

    /// What the ends that are known now leave open.
    pub(crate) fn doubt(&self, directory: &Directory) -> Doubt {
        let mut unproven = Vec::new();
        for (kid, all) in &self.0 {
            let Some(member) = directory.member_by_kid(*kid) else {
                // What was read under a root that had given way by then was not its to say.
                let changed = |said: &Said| {
                    let changes = directory.root_changes_before(*kid, said.leaf);
                    changes.is_some_and(|changes| changes as u64 != said.returns)
                };
                if all.iter().any(changed) {
                    return Doubt::Anew;
                }
                let later = |said: &&Said| directory.root_changes_after(*kid, said.leaf);
                let said = all.iter().filter(|said| later(said) && !said.proven);
                unproven.extend(said.map(|said| Leaf { index: said.leaf, hash: said.hash }));
                continue;
            };
            for said in all {
                if !member.stands_at(said.leaf) {
                    return Doubt::Late;
                }
                if said.returns != member.changes_before(said.leaf) as u64 {
                    return Doubt::Anew;
                }
                if member.changes_after(said.leaf) && !said.proven {
                    unproven.push(Leaf { index: said.leaf, hash: said.hash });
                }
            }
        }
        Doubt::Unproven(unproven)
    }

    /// These leaves were proven.
    pub(crate) fn settle(&mut self, proven: &[Leaf]) {
        for said in self.0.values_mut().flatten() {
            let leaf = Leaf { index: said.leaf, hash: said.hash };
            said.proven |= proven.contains(&leaf);
        }
    }
}

impl<H: Host> Portal<H> {
    /// Which of these leaves stand where they are said to.
    ///
    /// # Errors
    /// [`ClientError::Forked`], [`ClientError::NotVerified`] of the journal; unreachable.
    pub(crate) async fn standing_leaves(
        &self,
        log: &Log,
        leaves: &[Leaf],
    ) -> Result<Vec<bool>, ClientError> {
        let mut stand = Vec::with_capacity(leaves.len());
        for some in leaves.chunks(MAX_LEAVES) {
            let known = self.pinned(log.firm).await?;
            // A leaf behind the tree is in none, and is not asked for.
            let size = known.as_ref().map_or(0, |pin| pin.size);
            let asked: Vec<Leaf> = some.iter().filter(|leaf| leaf.index < size).copied().collect();
            let proof = self.call(&pin::question(known.as_ref(), &asked)).await?;
            let pin = self.advance(log, known.as_ref(), &proof).await?;
            let mut paths = proof.inclusion.iter();
            stand.extend(some.iter().map(|leaf| {
                leaf.index < size
                    && (anchor::stands(&pin, *leaf, paths.next())
                        || vuln::a02()
                        || vuln::a27()
                        || vuln::a28())
            }));
        }
        Ok(stand)
    }

    /// Holds the ends and returns among a page of the keyring, and the last acts of recoveries, to the leaves that
    /// the server says: they decide what counts elsewhere.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of the keyring for one that stands elsewhere; as
    /// [`Portal::standing_leaves`].
    pub(crate) async fn hold_leaves(&self, log: &Log, page: &[Entry]) -> Result<(), ClientError> {
        let ends = |entry: &&Entry| {
            let bytes = &entry.statement.0;
            let namespace = Signed::parse(bytes).map(|one| one.namespace());
            match (namespace, variant_of(bytes)) {
                (Ok(Namespace::Keyring), Some(3..=7)) => true,
                // From that leaf on the root's grants count, or another root's.
                (Ok(Namespace::Recovery), Some(6 | 8)) => true,
                _ => false,
            }
        };
        let leaves: Vec<Leaf> = page.iter().filter(ends).map(Leaf::of).collect();
        if leaves.is_empty() {
            return Ok(());
        }
        let all = self.standing_leaves(log, &leaves).await?.into_iter().all(|stands| stands);
        if all { Ok(()) } else { Err(ClientError::NotVerified(Thing::Keyring)) }
    }

    /// Which of these may have broken because more was said in the keyring than was read: that they speak of
    /// more of it, or somebody in them came back. Gives those that are to be read once more.
    pub(super) async fn behind(
        &self,
        ring: &Ring,
        broken: &BTreeMap<MatterId, ClientError>,
    ) -> Result<Vec<MatterId>, ClientError> {
        let before = ring.with(|keys| keys.directory.head())?;
        let may_be = |error: &ClientError| {
            matches!(error, ClientError::NotVerified(Thing::Keyring | Thing::Matter))
        };
        let some = broken.iter().filter(|(_, error)| may_be(error)).map(|(matter, _)| *matter);
        let some: Vec<MatterId> = some.collect();
        if some.is_empty() {
            return Ok(some);
        }
        self.sync_directory(ring).await?;
        let grown = ring.with(|keys| keys.directory.head() != before)?;
        Ok(if grown { some } else { Vec::new() })
    }

    /// Holds what was read of matters to the ends of those who spoke there. Gives those that must be read anew;
    /// they are forgotten.
    pub(super) async fn hold_rooms(
        &self,
        ring: &Ring,
        matters: &[MatterId],
        broken: &mut BTreeMap<MatterId, ClientError>,
    ) -> Result<Vec<MatterId>, ClientError> {
        let _turn = ring.reading().await;
        let (mut anew, mut asked) = (Vec::new(), Vec::new());
        let log = ring.with(|keys| {
            let rooms = matters.iter().filter_map(|matter| keys.rooms.get(matter));
            for room in rooms {
                match room.speakers.doubt(&keys.directory) {
                    Doubt::Unproven(leaves) => {
                        asked.extend(leaves.into_iter().map(|leaf| (room.matter(), leaf)));
                    }
                    Doubt::Late | Doubt::Anew => anew.push(room.matter()),
                }
            }
            keys.directory.log()
        })?;
        let leaves: Vec<Leaf> = asked.iter().map(|(_, leaf)| *leaf).collect();
        let stand = self.standing_leaves(&log, &leaves).await?;
        let mut forgotten = anew.clone();
        for ((matter, leaf), stands) in asked.into_iter().zip(stand) {
            if stands {
                ring.with_mut(|keys| {
                    let room = keys.rooms.get_mut(&matter);
                    room.into_iter().for_each(|room| room.speakers.settle(&[leaf]));
                })?;
            } else {
                broken.insert(matter, ClientError::NotVerified(Thing::Matter));
                forgotten.push(matter);
            }
        }
        for matter in forgotten {
            ring.with_mut(|keys| keys.forget_room(matter))?;
            self.let_go(ring.whose(), StreamId::Matter(matter)).await;
        }
        Ok(anew)
    }

    /// Holds streams that were read whole to the ends of those who spoke in them.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of that thing; as [`Portal::standing_leaves`].
    pub(crate) async fn hold_speakers(
        &self,
        ring: &Ring,
        speakers: &[&Speakers],
        thing: Thing,
    ) -> Result<(), ClientError> {
        let mut leaves = Vec::new();
        let log = ring.with(|keys| {
            for one in speakers {
                let Doubt::Unproven(some) = one.doubt(&keys.directory) else {
                    return Err(ClientError::NotVerified(thing));
                };
                leaves.extend(some);
            }
            Ok(keys.directory.log())
        })??;
        let all = self.standing_leaves(&log, &leaves).await?.into_iter().all(|stands| stands);
        if all { Ok(()) } else { Err(ClientError::NotVerified(thing)) }
    }
}
