//! The unlocked keys of a person of staff, and what was verified with them.
//!
//! A [`Ring`] is a handle. The keys behind it are only ever borrowed inside a closure that cannot
//! wait, so that no key lives across an await and [`Ring::lock`] takes effect at once.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::{Cell, RefCell};

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::room::{Grant, Room};
use super::turn::{Taken, Turn};
use super::verified::Whose;
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{AccountKey, Identity, KemKey, Kid, MatterKey, PublicBundle};
use crate::crypto::slots::AccountProfile;
use crate::crypto::wrapped::{self, WrapContext};
use crate::ids::{AccountId, MatterId};
use crate::time::Timestamp;
use crate::vuln;

/// A handle on a person's unlocked keys; clones share them.
#[derive(Clone)]
pub struct Ring {
    keys: Rc<RefCell<Option<Keys>>>,
    reading: Rc<Turn>,
    whose: Whose,
    /// How much that somebody wanted open did not verify.
    closed: Rc<Cell<u32>>,
    owes_alarm: Rc<Cell<bool>>,
}

/// What an unlocked account holds. Dropped, and so overwritten, by [`Ring::lock`].
pub(crate) struct Keys {
    pub(crate) account: AccountId,
    pub(crate) handle: String,
    pub(crate) identity: Identity,
    pub(crate) kid: Kid,
    pub(crate) amk: AccountKey,
    pub(crate) profile: Option<AccountProfile>,
    pub(crate) directory: Directory,
    pub(crate) rooms: BTreeMap<MatterId, Room>,
    pub(crate) matter_keys: BTreeMap<(MatterId, u32), MatterKey>,
    /// Of identity papers; only those who verify are given any.
    pub(crate) papers_keys: BTreeMap<(MatterId, u32), MatterKey>,
    /// When this device last stood witness to the journal.
    pub(crate) witnessed: Option<Timestamp>,
}

impl Ring {
    pub(crate) fn new(keys: Keys) -> Self {
        let whose = Whose { firm: keys.firm(), account: keys.account };
        Self {
            keys: Rc::new(RefCell::new(Some(keys))),
            reading: Rc::default(),
            whose,
            closed: Rc::default(),
            owes_alarm: Rc::default(),
        }
    }

    /// Forgets the keys, in every clone of this handle.
    pub fn lock(&self) {
        self.keys.borrow_mut().take();
    }

    /// Whether the keys are gone.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.keys.borrow().is_none()
    }

    /// Counts one thing more that did not open; with the last that is borne, the keys are locked. True from
    /// then on.
    pub(crate) fn tires(&self, most: u32) -> bool {
        let closed = self.closed.get().saturating_add(1);
        self.closed.set(closed);
        let tired = closed >= most && !vuln::a25();
        if tired {
            self.lock();
        }
        if tired && closed == most {
            self.owes_alarm.set(true);
        }
        tired
    }

    /// Whether the keys were locked for what did not open, and this device has not kept that yet.
    pub(crate) fn owes_alarm(&self) -> bool {
        self.owes_alarm.get()
    }

    /// It has.
    pub(crate) fn alarm_is_kept(&self) {
        self.owes_alarm.set(false);
    }

    /// Whose keys they are, or were before they were locked.
    pub(crate) const fn whose(&self) -> Whose {
        self.whose
    }

    /// Held while news of a stream are asked for and taken in. Two readers at once would get the
    /// same news twice, and the second would take them for a forgery.
    pub(crate) async fn reading(&self) -> Taken<'_> {
        self.reading.take().await
    }

    pub(crate) fn with<R>(&self, look: impl FnOnce(&Keys) -> R) -> Result<R, ClientError> {
        self.keys.borrow().as_ref().map(look).ok_or(ClientError::Locked)
    }

    pub(crate) fn with_mut<R>(
        &self,
        change: impl FnOnce(&mut Keys) -> R,
    ) -> Result<R, ClientError> {
        self.keys.borrow_mut().as_mut().map(change).ok_or(ClientError::Locked)
    }

    /// The account that is unlocked.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn account(&self) -> Result<AccountId, ClientError> {
        self.with(|keys| keys.account)
    }

    /// The sign-in name.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn handle(&self) -> Result<String, ClientError> {
        self.with(|keys| keys.handle.clone())
    }

    /// The firm's fingerprint, 12 groups of 5 digits, for comparing by telephone.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn fingerprint(&self) -> Result<String, ClientError> {
        self.with(|keys| fingerprint::digits(keys.firm()))
    }

    /// Whether the account may open matters: administrators hold no key for content.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn opens_matters(&self) -> Result<bool, ClientError> {
        self.with(|keys| keys.identity.kem.is_some())
    }
}

const BROKEN: ClientError = ClientError::NotVerified(Thing::Key);

/// Purpose byte of a matter key's envelope.
pub(crate) const GRANT_PURPOSE: u8 = 1;

impl Keys {
    pub(crate) fn firm(&self) -> Hash32 {
        self.directory.firm()
    }

    pub(crate) fn office(&self) -> MatterId {
        self.directory.root().office
    }

    /// The key of a matter's epoch, opened from a grant to this person.
    ///
    /// # Errors
    /// [`ClientError::Missing`] without a grant; [`Thing::Key`] does not verify when no grant opens,
    /// or none holds what the stream says: another key, another signer, another place.
    pub(crate) fn matter_key(
        &mut self,
        matter: MatterId,
        epoch: u32,
    ) -> Result<&MatterKey, ClientError> {
        if !self.matter_keys.contains_key(&(matter, epoch)) {
            let key = self.open_grant(matter, epoch)?;
            self.matter_keys.insert((matter, epoch), key);
        }
        self.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)
    }

    /// Forgets a matter that is not gone on with, its keys with it: they were its stream's.
    pub(crate) fn forget_room(&mut self, matter: MatterId) {
        self.rooms.remove(&matter);
        self.matter_keys.retain(|(of, _), _| *of != matter);
        self.papers_keys.retain(|(of, _), _| *of != matter);
    }

    /// Opens those of these epochs' keys that open; what is sealed under another stays closed.
    pub(crate) fn open_epochs(&mut self, matter: MatterId, epochs: BTreeSet<u32>) {
        for epoch in epochs {
            let _ = self.matter_key(matter, epoch);
        }
    }

    /// Tries every grant of the epoch to this person, the newest first: one that does not open, by a
    /// colleague's mistake or malice, takes nothing away that another gave.
    fn open_grant(&self, matter: MatterId, epoch: u32) -> Result<MatterKey, ClientError> {
        let room = self.rooms.get(&matter).ok_or(ClientError::Missing)?;
        let mine =
            |grant: &&Grant| grant.granted.recipient == self.kid && grant.granted.epoch == epoch;
        let mut grants = room.grants.iter().rev().filter(mine).peekable();
        grants.peek().ok_or(ClientError::Missing)?;
        grants.find_map(|grant| self.open_one(room, grant)).ok_or(BROKEN)
    }

    fn open_one(&self, room: &Room, grant: &Grant) -> Option<MatterKey> {
        self.open_as(room, grant, (self.kid, self.identity.kem.as_ref()?))
    }

    /// Opens a grant with the key of whomever it was given to.
    pub(crate) fn open_as(
        &self,
        room: &Room,
        grant: &Grant,
        whose: (Kid, &KemKey),
    ) -> Option<MatterKey> {
        let epoch = grant.granted.epoch;
        let (firm, matter) = (self.firm(), room.matter());
        let context = WrapContext { firm, matter, epoch, purpose: GRANT_PURPOSE };
        self.open_envelope(grant, whose, &context, room.epochs.get(epoch as usize)?)
    }

    /// Opens what was given, which must hold the key that the stream has.
    pub(super) fn open_envelope(
        &self,
        grant: &Grant,
        (kid, kem): (Kid, &KemKey),
        context: &WrapContext,
        logged: &PublicBundle,
    ) -> Option<MatterKey> {
        let envelope = grant.envelope.as_deref()?;
        // The root of today may not be the one that gave it.
        let by_root = grant.by == Kid::of_root(self.firm());
        let mut roots = 0..if by_root { self.directory.root_keys().count() } else { 1 };
        let seed = roots.find_map(|root| {
            let grantor = |kid| self.directory.grantor(kid, root);
            wrapped::open(envelope, kid, kem, context, grantor).ok()
        })?;
        let key = MatterKey::from_seed(seed.seed());
        let is_the_logged_one = seed.signer() == grant.by
            && seed.log_seq() == grant.seq
            && seed.pub_kid() == logged.kid()
            && logged.kem.as_ref() == Some(&key.public());
        (is_the_logged_one || vuln::a05()).then_some(key)
    }
}
