//! Identity papers: who can open them. A key of papers is made when a form that asks for one is sent, and is given
//! to those with a seat who verify, and to the firm's recovery key. Whoever else sits at the matter has none, and
//! their device opens no paper, whatever a server hands it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::Portal;
use super::access::envelope;
use super::directory::{Directory, Member};
use super::error::{ClientError, Thing};
use super::held::{Filed, Grant, taken};
use super::host::Host;
use super::pen::Pen;
use super::posts::Spot;
use super::ring::{Keys, Ring};
use super::room::{BROKEN, Room};
use crate::crypto::keys::{KemKey, KemPublic, Kid, MatterKey, PublicBundle, SigningKey};
use crate::crypto::manifest::{FileContext, FileKind, Manifest, recipients_hash};
use crate::crypto::signed::{Namespace, Signed};
use crate::crypto::wrapped::WrapContext;
use crate::ids::{MatterId, ObjectId};
use crate::journal::anchor::Leaf;
use crate::journal::papers::{PAPERS_PURPOSE, PapersKey, VERIFIES};
use crate::journal::statement::{Granted, MatterAct};
use crate::journal::stream::{Place, StreamId};
use crate::journal::wire::{Entry, MAX_STATEMENTS};

/// A matter's keys of papers, as its stream has them.
#[derive(Default, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Papers {
    /// By epoch.
    #[n(1)]
    keys: BTreeMap<u32, PublicBundle>,
    #[n(2)]
    grants: Vec<Grant>,
    /// What began them, as an invitation carries it.
    #[n(3)]
    statements: BTreeMap<u32, ByteVec>,
}

impl Papers {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All keys that papers were ever sealed to.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicBundle> {
        self.keys.values()
    }

    /// The key of an epoch's papers.
    pub(super) fn key(&self, epoch: u32) -> Option<&PublicBundle> {
        self.keys.get(&epoch)
    }

    /// The statement that began it.
    pub(super) fn statement(&self, epoch: u32) -> Option<&ByteVec> {
        self.statements.get(&epoch)
    }

    /// Who was given it.
    fn holders(&self, epoch: u32) -> impl Iterator<Item = Kid> {
        let given = self.grants.iter().map(|grant| &grant.granted);
        given.filter(move |granted| granted.epoch == epoch).map(|granted| granted.recipient)
    }
}

/// Whether an object is an identity paper, sealed to those who verify.
pub(super) fn is_paper(context: &FileContext) -> bool {
    context.kind == FileKind::Identification
}

impl Room {
    /// Takes a key of papers: the first of the newest epoch, by somebody who verifies.
    pub(super) fn begin_papers(
        &mut self,
        act: PapersKey,
        (signed, leaf): (&Signed, u64),
        directory: &Directory,
    ) -> Result<(), ClientError> {
        self.staff_may(signed.signer(), VERIFIES, (directory, leaf))?;
        let (newest, own) = self.epoch().ok_or(BROKEN)?;
        let had = |one: &PublicBundle| one.kem == act.key.kem;
        let fits = act.fits(directory.firm(), self.matter, (newest, own.kid()))
            && self.papers.key(newest).is_none()
            && !self.epochs.iter().chain(self.papers.keys()).any(had);
        if !fits {
            return Err(BROKEN);
        }
        self.papers.keys.insert(newest, act.key);
        self.papers.statements.insert(newest, signed.as_bytes().to_vec().into());
        Ok(())
    }

    /// Takes the gift of one: to somebody with a seat who verifies, or to the firm's recovery key. Nobody gets a
    /// seat by it.
    pub(super) fn papers_granted(
        &mut self,
        granted: Granted,
        (by, place): (Kid, Place),
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<(), ClientError> {
        let (to, spot) = (granted.recipient, Spot::of_others(entry));
        let verifies = |member: &Member| {
            let opens = member.bundle.kem.is_some() && self.is_seated(to);
            opens && member.may_at(VERIFIES, entry.leaf) && directory.counts(to, &spot)
        };
        let known = directory.member_by_kid(to).is_some_and(verifies)
            || directory.recovery().is_some_and(|key| key.kid() == to);
        if !known || self.papers.key(granted.epoch).is_none() {
            return Err(BROKEN);
        }
        self.speakers.hear(to, Leaf::of(entry), directory);
        let envelope = taken(&mut entry.attachments, granted.envelope_hash);
        let Place { seq, time, .. } = place;
        self.papers.grants.push(Grant { granted, envelope, by, seq, time });
        Ok(())
    }

    /// Whether what is filed is no paper, or one of a client's under the key of its epoch's papers and no other.
    pub(super) fn seals_paper(&self, manifest: &Manifest) -> bool {
        let context = &manifest.context;
        !is_paper(context)
            || context.client.is_some()
                && self
                    .papers
                    .key(context.epoch)
                    .is_some_and(|key| manifest.recipients_hash == recipients_hash(&[key.kid()]))
    }

    /// Whether an object here is an identity paper, sealed to those who verify.
    pub(super) fn is_paper(&self, object: ObjectId) -> bool {
        self.objects.get(&object).is_some_and(|filed| is_paper(&filed.manifest.context))
    }

    /// The identity papers that a client filed, sealed to those who verify.
    pub(super) fn papers_of(&self, client: Kid) -> impl Iterator<Item = ObjectId> {
        let theirs =
            move |filed: &&Filed| filed.sender == client && is_paper(&filed.manifest.context);
        self.objects.values().filter(theirs).map(|filed| filed.manifest.context.object)
    }

    /// The statement that began the newest epoch's key of papers.
    pub(super) fn newest_papers(&self) -> Option<&ByteVec> {
        self.papers.statement(self.epoch()?.0)
    }

    /// Whether somebody holds the newest key of papers who has no seat any more, or verifies no more.
    fn owes_papers_key(&self, directory: &Directory) -> bool {
        let Some((newest, _)) = self.epoch() else { return false };
        let staff = |kid: &Kid| directory.member_by_kid(*kid).is_some();
        let mut holders = self.papers.holders(newest).filter(staff);
        holders.any(|kid| !verifies(directory, self, kid))
    }
}

/// Whether a person of the firm verifies at a matter now.
pub(super) fn verifies(directory: &Directory, room: &Room, kid: Kid) -> bool {
    let may = |member: &Member| member.may(VERIFIES);
    room.is_seated(kid)
        && directory.member_by_kid(kid).is_some_and(may)
        && directory.recipient(kid, room.matter()).is_ok()
}

impl Keys {
    /// The key of an epoch's papers, opened from a grant to this person.
    ///
    /// # Errors
    /// [`ClientError::Missing`] without a grant; [`Thing::Key`] does not verify when none opens.
    pub(super) fn papers_key(
        &mut self,
        matter: MatterId,
        epoch: u32,
    ) -> Result<&MatterKey, ClientError> {
        if !self.papers_keys.contains_key(&(matter, epoch)) {
            let room = self.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let kem = self.identity.kem.as_ref().ok_or(ClientError::Missing)?;
            if !room.papers.holders(epoch).any(|kid| kid == self.kid) {
                return Err(ClientError::Missing);
            }
            let key = self.open_papers(room, epoch, (self.kid, kem));
            let key = key.ok_or(ClientError::NotVerified(Thing::Key))?;
            self.papers_keys.insert((matter, epoch), key);
        }
        self.papers_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)
    }

    /// The same with the key of whomever it was given to.
    pub(super) fn open_papers(
        &self,
        room: &Room,
        epoch: u32,
        (kid, kem): (Kid, &KemKey),
    ) -> Option<MatterKey> {
        let logged = room.papers.key(epoch)?;
        let (firm, matter) = (self.firm(), room.matter());
        let context = WrapContext { firm, matter, epoch, purpose: PAPERS_PURPOSE };
        let theirs =
            |grant: &&Grant| grant.granted.recipient == kid && grant.granted.epoch == epoch;
        let mut grants = room.papers.grants.iter().rev().filter(theirs);
        grants.find_map(|grant| self.open_envelope(grant, (kid, kem), &context, logged))
    }

    /// The key that opens an object: the matter's, or that of its papers.
    pub(super) fn key_of(&mut self, context: &FileContext) -> Result<&MatterKey, ClientError> {
        if is_paper(context) {
            self.papers_key(context.matter, context.epoch)
        } else {
            self.matter_key(context.matter, context.epoch)
        }
    }

    /// The same, where it was opened before.
    pub(super) fn opened_key_of(&self, context: &FileContext) -> Option<&MatterKey> {
        let keys = if is_paper(context) { &self.papers_keys } else { &self.matter_keys };
        keys.get(&(context.matter, context.epoch))
    }
}

/// The epochs whose papers a person verifies and was not given the key of, as far as the caller can give it; all
/// of them when they are given again.
pub(super) fn owed(keys: &mut Keys, matter: MatterId, to: Kid, again: bool) -> Vec<u32> {
    let wanted: Vec<u32> = {
        let Some(room) = keys.rooms.get(&matter) else { return Vec::new() };
        let member = keys.directory.member_by_kid(to);
        let me = keys.directory.member_by_kid(keys.kid);
        // Whoever is being let in gets the seat in the same append.
        if ![member, me].iter().all(|one| one.is_some_and(|one| one.may(VERIFIES))) {
            return Vec::new();
        }
        let lacks = |epoch: &u32| again || !room.papers.holders(*epoch).any(|kid| kid == to);
        room.papers.keys.keys().copied().filter(lacks).collect()
    };
    wanted.into_iter().filter(|epoch| keys.papers_key(matter, *epoch).is_ok()).collect()
}

/// Gives a person the keys of papers that they are owed.
pub(super) fn give(
    keys: &mut Keys,
    pen: &mut Pen,
    matter: MatterId,
    to: Kid,
    again: bool,
) -> Result<(), ClientError> {
    for epoch in owed(keys, matter, to, again) {
        let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
        let bundle = room.papers.key(epoch).ok_or(ClientError::Missing)?;
        let key = keys.papers_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
        let kem = keys.directory.recipient(to, matter)?;
        let context = WrapContext { firm: keys.firm(), matter, epoch, purpose: PAPERS_PURPOSE };
        let signer = (&keys.identity.signing, keys.kid);
        grant(pen, &context, (key, bundle.kid()), (to, kem), signer)?;
    }
    Ok(())
}

/// Gives the key of an epoch's papers to one recipient.
pub(super) fn grant(
    pen: &mut Pen,
    context: &WrapContext,
    key: (&MatterKey, Kid),
    whom: (Kid, &KemPublic),
    signer: (&SigningKey, Kid),
) -> Result<(), ClientError> {
    let act = MatterAct::PapersGranted(envelope(pen, context, key, whom, signer)?);
    pen.write(Namespace::Matter, StreamId::Matter(context.matter), act, signer.0, signer.1)
        .map(drop)
}

/// The epochs whose key of papers this person was not given, whoever can give it.
pub(super) fn lacking(room: &Room, to: Kid) -> Vec<u32> {
    let holds = |epoch: &u32| room.papers.holders(*epoch).any(|kid| kid == to);
    room.papers.keys.keys().copied().filter(|epoch| !holds(epoch)).collect()
}

impl<H: Host> Portal<H> {
    /// Sees to it that a matter has a key for the papers that a form asks for, held by those who verify and by
    /// nobody who does not.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] where there is none and the caller does not verify; otherwise as usual.
    pub(super) async fn ready_for_papers(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<(), ClientError> {
        let stale = ring.with(|keys| {
            keys.rooms.get(&matter).is_some_and(|room| room.owes_papers_key(&keys.directory))
        })?;
        if stale {
            // A link that nobody used yet leads to the key before: it ends, as with every new key of a matter.
            self.renew_key(ring, matter).await?;
        }
        let streams = [StreamId::Keyring, StreamId::Matter(matter)];
        let written = self.append(ring, &streams, |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let (newest, own) = room.epoch().ok_or(ClientError::Missing)?;
            if room.papers.key(newest).is_none() {
                let key = MatterKey::generate();
                let bundle = key.bundle(matter, keys.firm(), pen.now(), Some(own.kid()));
                return begin(keys, pen, matter, (newest, &key, bundle));
            }
            let others: Vec<Kid> =
                room.seated().filter(|kid| verifies(&keys.directory, room, *kid)).collect();
            let before = pen.next_seq(StreamId::Matter(matter));
            for to in others {
                give(keys, pen, matter, to, false)?;
            }
            let nothing = pen.next_seq(StreamId::Matter(matter)) == before;
            if nothing { Err(ClientError::Missing) } else { Ok(()) }
        });
        match written.await {
            // There is nothing to do.
            Err(ClientError::Missing) => Ok(()),
            other => {
                other?;
                self.sync_rooms(ring, &[matter]).await
            }
        }
    }
}

/// Begins the key of the newest epoch's papers, and gives it to those who verify.
fn begin(
    keys: &Keys,
    pen: &mut Pen,
    matter: MatterId,
    (epoch, key, bundle): (u32, &MatterKey, PublicBundle),
) -> Result<(), ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    if !verifies(&keys.directory, room, keys.kid) {
        return Err(ClientError::Verifier);
    }
    let (signer, pub_kid) = ((&keys.identity.signing, keys.kid), bundle.kid());
    let act = MatterAct::PapersKey(PapersKey { epoch, key: bundle });
    pen.write(Namespace::Matter, StreamId::Matter(matter), act, signer.0, signer.1)?;
    let context = WrapContext { firm: keys.firm(), matter, epoch, purpose: PAPERS_PURPOSE };
    let recovery = keys.directory.recovery().map(PublicBundle::kid);
    let others = room.seated().filter(|kid| *kid != keys.kid);
    let others = others.filter(|kid| verifies(&keys.directory, room, *kid));
    let all = [Some(keys.kid), recovery].into_iter().flatten().chain(others);
    for to in all.take(MAX_STATEMENTS - 1) {
        let kem = match keys.directory.recovery().filter(|key| key.kid() == to) {
            Some(recovery) => recovery.kem.as_ref().ok_or(ClientError::Missing)?,
            None => keys.directory.recipient(to, matter)?,
        };
        grant(pen, &context, (key, pub_kid), (to, kem), signer)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "papers_tests.rs"]
mod tests;
