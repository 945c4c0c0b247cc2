//! The end of a recovery, on the device that asked for it: the shares are put together, the root is opened by
//! them, and the seats of the lost key pass on. What is put together lives as long as that takes.

use alloc::vec::Vec;

use super::session::{open, place as given_at};
use super::shares::{WRONG, place, say};
use crate::client::Portal;
use crate::client::access::grant;
use crate::client::directory::{Directory, Member};
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::papers;
use crate::client::pen::Pen;
use crate::client::ring::{Keys, Ring};
use crate::client::room::Room;
use crate::crypto::keys::{KemKey, Kid, MatterKey, SigningKey};
use crate::crypto::shares::{self, Share};
use crate::crypto::signed::Namespace;
use crate::crypto::wrapped::{self, WrapContext};
use crate::ids::{MatterId, RecoveryId};
use crate::journal::ceremony::{Approval, Ceremony};
use crate::journal::papers::{PAPERS_PURPOSE, VERIFIES};
use crate::journal::recovery::{ESCROW_PURPOSE, RecoveryAct, SharesNamed};
use crate::journal::statement::{EndKind, Ended, KeyringAct};
use crate::journal::stream::StreamId;
use crate::journal::wire::MAX_STATEMENTS;
use crate::matters::wire::ListSeatsToPass;
use crate::problem::Code;

/// What became of the seats of a lost key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOn {
    /// Matters where the new key has the seat.
    pub matters: usize,
    /// Matters that did not verify, or that the recovery key does not open: whoever sits there gives access.
    pub left: Vec<MatterId>,
}

/// What the quorum holds, for as long as it is used.
pub(super) struct Quorum {
    pub(super) recovery: KemKey,
    pub(super) root: SigningKey,
}

impl<H: Host> Portal<H> {
    /// Which of the shares that were given are not those that the keyring names, with who gave them: nothing
    /// is tried with them.
    ///
    /// # Errors
    /// [`ClientError::Missing`] on another device than the one that asked; otherwise as usual.
    pub async fn wrong_shares(
        &self,
        ring: &Ring,
        session: RecoveryId,
    ) -> Result<Vec<(u8, Kid)>, ClientError> {
        let key = self.session_key(ring, session).await?;
        ring.with(|keys| {
            let one = keys.directory.ceremonies().session(session).ok_or(ClientError::Missing)?;
            let wrong =
                one.approvals.iter().filter(|given| opened(keys, one, given, &key).is_none());
            Ok(wrong.map(|given| (given.act.number, given.by)).collect())
        })?
    }

    /// Passes the seats on. What is done already is not done again, so that whoever was interrupted goes on.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] before the time to wait is over, or when it is somebody else's to do;
    /// [`ClientError::NotVerified`] of the shares when too few are those that the keyring names;
    /// [`ClientError::Missing`] on another device than the one that asked; [`ClientError::StepUp`].
    pub async fn pass_seats(
        &self,
        ring: &Ring,
        session: RecoveryId,
        tell: impl AsyncFn(usize, usize) -> bool,
    ) -> Result<PassedOn, ClientError> {
        self.sync_directory(ring).await?;
        let now = self.host.now();
        let (lost, to, done) = ring.with(|keys| {
            let one = keys.directory.ceremonies().session(session).ok_or(ClientError::Missing)?;
            let done = one.passed().is_some();
            let ready =
                done || one.ready(|kid| !keys.directory.is_ended(kid)).is_some_and(|at| at <= now);
            let mine = one.by == keys.kid && ready;
            mine.then_some((one.asked.lost, one.asked.to, done)).ok_or(ClientError::Unfit)
        })??;
        let key = self.session_key(ring, session).await?;
        let quorum = ring.with(|keys| gather(keys, session, &key))??;
        if !done {
            self.append(ring, &[StreamId::Keyring], |keys, pen| {
                open(keys, session)?;
                say(keys, pen, RecoveryAct::Passed(session), Some(&quorum.root))
            })
            .await?;
            self.sync_directory(ring).await?;
        }
        let passed = self.pass_each(ring, &quorum, (lost, to), tell).await?;
        if let Some(passed) = passed {
            self.end_lost(ring, &quorum, lost).await?;
            self.forget_session_key(session).await?;
            return Ok(passed);
        }
        Ok(PassedOn::default())
    }

    /// Grants the keys of every matter of the lost key to the new one; nothing when `tell` says to stop.
    pub(super) async fn pass_each(
        &self,
        ring: &Ring,
        quorum: &Quorum,
        (lost, to): (Kid, Kid),
        tell: impl AsyncFn(usize, usize) -> bool,
    ) -> Result<Option<PassedOn>, ClientError> {
        let matters = self.seats_to_pass(lost).await?;
        let broken = self.sync_each(ring, &matters).await?;
        let mut passed = PassedOn { matters: 0, left: broken.keys().copied().collect() };
        let whole: Vec<MatterId> =
            matters.into_iter().filter(|matter| !broken.contains_key(matter)).collect();
        for (done, matter) in whole.iter().enumerate() {
            if !tell(done, whole.len()).await {
                return Ok(None);
            }
            match self.pass_one(ring, quorum, *matter, to).await {
                Ok(true) => passed.matters += 1,
                // A wall, or the server, keeps this one back; the others pass all the same.
                Ok(false) | Err(ClientError::KeptFrom | ClientError::Unfit) => {
                    passed.left.push(*matter);
                }
                Err(ClientError::Refused(code)) if code != Code::StepUp => {
                    passed.left.push(*matter);
                }
                Err(other) => return Err(other),
            }
        }
        tell(whole.len(), whole.len()).await;
        Ok(Some(passed))
    }

    /// The same for one matter; whether the new key has all of its keys now.
    async fn pass_one(
        &self,
        ring: &Ring,
        quorum: &Quorum,
        matter: MatterId,
        to: Kid,
    ) -> Result<bool, ClientError> {
        let streams = [StreamId::Keyring, StreamId::Matter(matter)];
        loop {
            let mut rest = 0;
            let given = self.append(ring, &streams, |keys, pen| {
                rest = pass_keys(keys, pen, quorum, matter, to)?;
                Ok(())
            });
            match given.await {
                Ok(_) if rest == 0 => break,
                Ok(_) => {}
                // There is nothing to give, or nothing that can be given.
                Err(ClientError::Missing) => break,
                Err(other) => return Err(other),
            }
        }
        self.sync_rooms(ring, &[matter]).await?;
        ring.with(|keys| {
            let all = |room| owed(room, to).is_empty() && lacks(keys, room, to).is_empty();
            keys.rooms.get(&matter).is_some_and(all)
        })
    }

    async fn seats_to_pass(&self, lost: Kid) -> Result<Vec<MatterId>, ClientError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.call(&ListSeatsToPass { lost, after, limit: 200 }).await?;
            after = page.matters.last().map(|matter| matter.matter);
            all.extend(page.matters.iter().map(|listed| listed.matter));
            if !page.more || after.is_none() {
                return Ok(all);
            }
        }
    }

    /// The lost key's time with the firm ends, unless nobody could admit people then.
    pub(super) async fn end_lost(
        &self,
        ring: &Ring,
        quorum: &Quorum,
        lost: Kid,
    ) -> Result<(), ClientError> {
        let ended = self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let member = keys.directory.member_by_kid(lost).ok_or(ClientError::Missing)?;
            let left = member.end().is_some_and(|end| end.kind == EndKind::Left);
            if left || !keys.directory.others_admit(lost) {
                return Err(ClientError::Missing);
            }
            let act = Ended { account: member.account, kid: lost, kind: EndKind::Left };
            let root = Kid::of_root(keys.firm());
            let act = KeyringAct::Ended(act);
            pen.write(Namespace::Keyring, StreamId::Keyring, act, &quorum.root, root).map(drop)
        });
        match ended.await {
            Ok(_) | Err(ClientError::Missing) => self.sync_directory(ring).await,
            Err(other) => Err(other),
        }
    }
}

/// A share that was given, when it is the one that the keyring names.
fn opened(keys: &Keys, one: &Ceremony, given: &Approval, key: &KemKey) -> Option<Share> {
    let (shares, _) = keys.directory.ceremonies().shares()?;
    let mine = one.asked.key.kid();
    let envelope = &given.act.envelope;
    let seed = wrapped::open(envelope, mine, key, &given_at(keys, one), |kid| {
        keys.directory.grantor(kid, 0).filter(|_| kid == given.by)
    });
    let generation = one.asked.generation;
    let share = Share::of(keys.firm(), generation, given.act.number, *seed.ok()?.seed());
    let named = shares.share(given.act.number)?.commitment;
    (shares.generation == generation && named == share.commitment()).then_some(share)
}

/// Puts the shares together, and opens the root by them.
fn gather(keys: &Keys, session: RecoveryId, key: &KemKey) -> Result<Quorum, ClientError> {
    let ceremonies = keys.directory.ceremonies();
    let one = ceremonies.session(session).ok_or(ClientError::Missing)?;
    let (named, _) = ceremonies.shares().ok_or(ClientError::Missing)?;
    let here = one.approvals.iter().filter(|given| !keys.directory.is_ended(given.by));
    let given = here.filter_map(|given| opened(keys, one, given, key));
    let mut given: Vec<Share> = given.collect();
    given.sort_by_key(Share::number);
    given.dedup_by_key(|share| share.number());
    given.truncate(usize::from(one.threshold));
    if given.len() < usize::from(one.threshold) {
        return Err(WRONG);
    }
    put_together(&keys.directory, named, &given)
}

/// The recovery key from a quorum of shares that the keyring names, and the root from it.
pub(super) fn put_together(
    directory: &Directory,
    named: &SharesNamed,
    given: &[Share],
) -> Result<Quorum, ClientError> {
    let recovery = shares::combine(given).ok_or(WRONG)?;
    let bundle = directory.recovery().ok_or(ClientError::Missing)?;
    if bundle.kem.as_ref() != Some(&recovery.public()) {
        return Err(WRONG);
    }
    let at = place(directory, named.generation, ESCROW_PURPOSE);
    let root = *directory.root_key();
    let seed = wrapped::open(&named.root, bundle.kid(), &recovery, &at, |kid| {
        (kid == Kid::of_root(directory.firm())).then_some(root)
    });
    let seed = SigningKey::from_seed(*seed.map_err(|_| WRONG)?.seed());
    if seed.public() != root {
        return Err(WRONG);
    }
    Ok(Quorum { recovery, root: seed })
}

/// The epochs of a matter whose key this person was not given.
fn owed(room: &Room, to: Kid) -> Vec<u32> {
    let epochs = 0..u32::try_from(room.epochs.len()).unwrap_or(0);
    let holds = |epoch: &u32| {
        let mut granted = room.grants.iter().map(|grant| &grant.granted);
        granted.any(|one| one.recipient == to && one.epoch == *epoch)
    };
    epochs.filter(|epoch| !holds(epoch)).collect()
}

/// Grants what the recovery key opens, as much as one append takes; gives how much is left for the next.
fn pass_keys(
    keys: &Keys,
    pen: &mut Pen,
    quorum: &Quorum,
    matter: MatterId,
    to: Kid,
) -> Result<usize, ClientError> {
    if keys.directory.is_kept_from(keys.kid, matter) {
        return Err(ClientError::KeptFrom);
    }
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    // A post that is over passes nothing on.
    let over = |kid| keys.directory.member_by_kid(kid).is_none_or(|one| one.is_over(pen.now()));
    if !keys.directory.ceremonies().pass_to(to, u64::MAX).any(|lost| !over(lost)) {
        return Err(ClientError::KeptFrom);
    }
    let kem = keys.directory.recipient(to, matter)?;
    let opens: Vec<(u32, MatterKey)> = owed(room, to)
        .into_iter()
        .filter_map(|epoch| Some((epoch, by_recovery(keys, quorum, room, epoch)?)))
        .collect();
    // Papers come after the seat.
    let papers: Vec<(u32, MatterKey)> = lacks(keys, room, to)
        .into_iter()
        .filter_map(|epoch| Some((epoch, papers_by_recovery(keys, quorum, room, epoch)?)))
        .collect();
    let signer = (&quorum.root, Kid::of_root(keys.firm()));
    for (epoch, key) in opens.iter().take(MAX_STATEMENTS) {
        let bundle = room.epochs.get(*epoch as usize).ok_or(ClientError::Missing)?;
        let place = (keys.firm(), matter, *epoch);
        grant(pen, place, (key, bundle.kid()), (to, kem), signer)?;
    }
    for (epoch, key) in papers.iter().take(MAX_STATEMENTS.saturating_sub(opens.len())) {
        let bundle = room.papers.key(*epoch).ok_or(ClientError::Missing)?;
        let (firm, epoch) = (keys.firm(), *epoch);
        let context = WrapContext { firm, matter, epoch, purpose: PAPERS_PURPOSE };
        papers::grant(pen, &context, (key, bundle.kid()), (to, kem), signer)?;
    }
    let all = opens.len() + papers.len();
    if all == 0 {
        return Err(ClientError::Missing);
    }
    Ok(all.saturating_sub(MAX_STATEMENTS))
}

/// The epochs of whose papers this person, who verifies, was not given the key.
fn lacks(keys: &Keys, room: &Room, to: Kid) -> Vec<u32> {
    let verifies = |one: &Member| one.may(VERIFIES);
    let verifies = keys.directory.member_by_kid(to).is_some_and(verifies);
    if verifies { papers::lacking(room, to) } else { Vec::new() }
}

/// The key of an epoch's papers, from what was granted to the recovery key.
fn papers_by_recovery(keys: &Keys, quorum: &Quorum, room: &Room, epoch: u32) -> Option<MatterKey> {
    let recovery = keys.directory.recovery()?.kid();
    keys.open_papers(room, epoch, (recovery, &quorum.recovery))
}

/// The key of an epoch, from what was granted to the recovery key.
fn by_recovery(keys: &Keys, quorum: &Quorum, room: &Room, epoch: u32) -> Option<MatterKey> {
    let recovery = keys.directory.recovery()?.kid();
    let theirs = |grant: &&crate::client::room::Grant| {
        grant.granted.recipient == recovery && grant.granted.epoch == epoch
    };
    let mut grants = room.grants.iter().rev().filter(theirs);
    grants.find_map(|grant| keys.open_as(room, grant, (recovery, &quorum.recovery)))
}
