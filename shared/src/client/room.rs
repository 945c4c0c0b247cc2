//! A matter as this device verified it: its stream, folded statement by statement. What the server
//! refuses to take (`server/src/matters/policy.rs`) is refused here again.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::papers::Papers;
use super::posts::Spot;
use super::said::Speakers;
use super::standing::Identities;
use crate::crypto::cbor;
use crate::crypto::keys::{Caps, Kid, PublicBundle, Role};
use crate::crypto::manifest::Manifest;
use crate::crypto::sealed::{RecordKind, inspect_record};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed, Sound};
use crate::ids::{ClientId, InviteId, MatterId, ObjectId, SubmissionId};
use crate::journal::anchor::Leaf;
use crate::journal::papers::VERIFIES;
use crate::journal::statement::{ClientAccepted, ClientJoined, MatterAct, Placed};
use crate::journal::stream::{Head, Place, StreamId};
use crate::journal::tree::leaf_hash;
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

pub use super::held::{Client, Filed, Grant, Submission};
use super::held::{Index, open, taken};
pub(crate) use super::held::{Invited, SealedRecord, Unseated};

pub(super) const BROKEN: ClientError = ClientError::NotVerified(Thing::Matter);

/// A matter's verified state.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Room {
    #[n(1)]
    pub(super) matter: MatterId,
    #[n(2)]
    head: Head,
    #[n(3)]
    pub(super) creator: Option<Kid>,
    #[n(4)]
    pub(crate) epochs: Vec<PublicBundle>,
    #[n(5)]
    pub(crate) epoch_statements: Vec<ByteVec>,
    #[n(6)]
    pub(crate) grants: Vec<Grant>,
    /// In the stream's order; of those that name the matter, the newest.
    #[n(7)]
    pub(crate) records: Vec<SealedRecord>,
    #[n(8)]
    pub(crate) invites: BTreeMap<InviteId, Invited>,
    #[n(9)]
    pub(crate) clients: BTreeMap<Kid, Client>,
    #[n(10)]
    pub(crate) objects: BTreeMap<ObjectId, Filed>,
    #[n(11)]
    pub(crate) submissions: BTreeMap<SubmissionId, Submission>,
    /// Whose access was taken back, and when last.
    #[cbor(n(12), default, skip_if = "BTreeMap::is_empty")]
    pub(crate) unseated: BTreeMap<Kid, Unseated>,
    /// Who of the firm spoke here, and where last.
    #[cbor(n(13), default, skip_if = "Speakers::is_empty")]
    pub(crate) speakers: Speakers,
    /// Whose access was taken back, each time.
    #[cbor(n(14), default, skip_if = "Vec::is_empty")]
    pub(crate) gone: Vec<(Kid, Timestamp)>,
    /// How surely its clients are known.
    #[cbor(n(15), default, skip_if = "Identities::is_empty")]
    pub(super) identities: Identities,
    /// The keys that identity papers are sealed to.
    #[cbor(n(16), default, skip_if = "Papers::is_empty")]
    pub(super) papers: Papers,
    #[cbor(skip)]
    pub(super) index: Index,
    /// How much was learned since this device kept the matter last.
    #[cbor(skip)]
    pub(crate) fresh: u64,
}

impl Room {
    /// A matter of which nothing was read yet.
    #[must_use]
    pub fn empty(matter: MatterId) -> Self {
        Self {
            matter,
            head: Head::EMPTY,
            creator: None,
            epochs: Vec::new(),
            epoch_statements: Vec::new(),
            grants: Vec::new(),
            records: Vec::new(),
            invites: BTreeMap::new(),
            clients: BTreeMap::new(),
            objects: BTreeMap::new(),
            submissions: BTreeMap::new(),
            unseated: BTreeMap::new(),
            speakers: Speakers::default(),
            gone: Vec::new(),
            identities: Identities::default(),
            papers: Papers::default(),
            index: Index::default(),
            fresh: 0,
        }
    }

    /// The matter as this device kept it, ready to go on.
    pub(crate) fn resumed(mut self) -> Self {
        self.index = Index::of(&self);
        self.objects.values_mut().for_each(Filed::resume);
        self
    }

    /// Which matter.
    #[must_use]
    pub const fn matter(&self) -> MatterId {
        self.matter
    }

    /// The end of the verified part of the stream.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The newest epoch with its number.
    #[must_use]
    pub fn epoch(&self) -> Option<(u32, &PublicBundle)> {
        let key = self.epochs.last()?;
        Some((u32::try_from(self.epochs.len() - 1).ok()?, key))
    }

    pub(super) fn has_epoch(&self, epoch: u32) -> bool {
        (epoch as usize) < self.epochs.len()
    }

    /// Takes the stream's next statement with its attachments.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] when anything about it does not hold: its place, signature,
    /// signer's capability, or an attachment's hash.
    pub fn apply(&mut self, entry: Entry, directory: &Directory) -> Result<(), ClientError> {
        self.apply_known(entry, directory, &Sound::default())
    }

    /// As [`Self::apply`], where some signatures are known to hold already.
    pub(crate) fn apply_known(
        &mut self,
        mut entry: Entry,
        directory: &Directory,
        sound: &Sound,
    ) -> Result<(), ClientError> {
        let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?.known(sound);
        if !directory.counts(signed.signer(), &Spot::of(&entry)) {
            return Err(BROKEN);
        }
        self.still_speaks(signed.signer())?;
        let place = match signed.namespace() {
            Namespace::EpochKey => self.begin_epoch(&signed, entry.leaf, directory)?,
            Namespace::ClientBundle => self.join(&signed, &entry, directory)?,
            Namespace::Manifest => self.file(&signed, &mut entry, directory)?,
            Namespace::Matter => self.act(&signed, &mut entry, directory)?,
            Namespace::IdVerdict => self.identify(&signed, &mut entry, directory)?,
            _ => return Err(BROKEN),
        };
        if place.stream != StreamId::Matter(self.matter) {
            return Err(BROKEN);
        }
        let digest = signed.digest();
        self.head = self.head.advance(&place, digest).map_err(|_| BROKEN)?;
        let leaf = Leaf { index: entry.leaf, hash: leaf_hash(digest, entry.blind) };
        self.speakers.hear(signed.signer(), leaf, directory);
        self.fresh += 1;
        Ok(())
    }

    fn join(
        &mut self,
        signed: &Signed,
        entry: &Entry,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        // The key comes with the statement: it proves possession only. Whether the client is the
        // invited one is told by the MAC, which staff checks before accepting.
        let body: Placed<ClientJoined> =
            cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?;
        let ClientJoined { invite, bundle, mac } = body.act;
        let key = bundle.verify_key.ok_or(BROKEN)?;
        let fits = signed.signer() == bundle.kid()
            && bundle.role == Role::Client
            && bundle.firm == directory.firm()
            && !self.index.used.contains(&invite)
            // Two under one name could speak for each other.
            && !self.index.subjects.contains(&bundle.subject)
            && !self.clients.contains_key(&bundle.kid())
            && self.invites.get(&invite).is_some_and(|one| !self.is_void(one))
            // Whoever left may have read the link's secret, until the matter has a new key.
            && self.seated().all(|kid| directory.counts(kid, &Spot::of_others(entry)))
            && signed.verify(Namespace::ClientBundle, &key).is_ok();
        if !fits || body.version != 1 {
            return Err(BROKEN);
        }
        let (kid, arrived) = (bundle.kid(), Timestamp(entry.arrived));
        let client = Client { bundle, invite, mac, arrived, level: None, ended: None };
        self.index.join(&client);
        self.clients.insert(kid, client);
        Ok(body.place)
    }

    fn file(
        &mut self,
        signed: &Signed,
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        let sender = signed.signer();
        let client = self.clients.get(&sender).map(|client| ClientId(client.bundle.subject));
        if client.is_none() {
            self.sits(sender, directory)?;
        }
        let key = self.sender(sender, directory)?;
        let body: Placed<Manifest> = open(signed, Namespace::Manifest, &key)?;
        let manifest = body.act;
        let context = &manifest.context;
        let fits = manifest.is_sound()
            && context.matter == self.matter
            && context.firm == directory.firm()
            && context.client == client
            && context.sender == sender
            && context.follows(self.version_before(context))
            && self.has_epoch(context.epoch)
            && self.seals_paper(&manifest)
            // Staff knows the newest key; a client may not have heard of it.
            && (client.is_some() || context.epoch as usize + 1 == self.epochs.len())
            && !self.objects.contains_key(&context.object);
        let (object, arrived) = (context.object, Timestamp(entry.arrived));
        if !fits || !self.take_answer(&manifest, arrived) {
            return Err(BROKEN);
        }
        let (seq, digest) = (body.place.seq, signed.digest());
        let (header, meta, opened) = (None, None, None);
        let (parts, asked) = (&mut entry.attachments, false);
        let mut filed =
            Filed { manifest, sender, header, meta, arrived, seq, digest, opened, asked };
        filed.take_parts(parts);
        self.index.file(&filed);
        self.objects.insert(object, filed);
        Ok(body.place)
    }

    fn act(
        &mut self,
        signed: &Signed,
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        let signer = signed.signer();
        if signer == Kid::of_root(directory.firm()) {
            return self.pass_seat(signed, entry, directory);
        }
        let key = self.sender(signer, directory)?;
        let body: Placed<MatterAct> = open(signed, Namespace::Matter, &key)?;
        match body.act {
            MatterAct::Created(matter) => {
                // It seats its signer; every later statement needs the seat.
                let may = directory
                    .member_by_kid(signer)
                    .is_some_and(|by| by.may_at(Caps::MATTERS, entry.leaf));
                let first = may && body.place.seq == 0 && self.creator.replace(signer).is_none();
                if matter != self.matter || !first {
                    return Err(BROKEN);
                }
                self.index.seat(signer);
            }
            MatterAct::Granted(granted) => {
                self.staff_may(signer, Caps::GRANT, (directory, entry.leaf))?;
                self.granted(granted, (signer, body.place), entry, directory)?;
            }
            MatterAct::Described(at) => {
                self.sits(signer, directory)?;
                if !self.has_epoch(at.epoch) {
                    return Err(BROKEN);
                }
                // One that is left out would bring an older one, or none, in its place.
                let bytes = taken(&mut entry.attachments, at.hash).ok_or(BROKEN)?;
                let (kind, _) = inspect_record(&bytes).map_err(|_| BROKEN)?;
                if kind == RecordKind::Matter {
                    // What a matter is called is in the newest alone: no older one takes its place.
                    self.records.retain(|record| record.kind != kind);
                }
                let leaf = entry.leaf;
                self.records.push(SealedRecord { at, kind, bytes, by: signer, leaf });
            }
            MatterAct::Invited(act) => {
                self.staff_may(signer, Caps::INVITE, (directory, entry.leaf))?;
                if !self.has_epoch(act.secret.epoch) || self.invites.contains_key(&act.invite) {
                    return Err(BROKEN);
                }
                let secret = taken(&mut entry.attachments, act.secret.hash);
                let blob = taken(&mut entry.attachments, act.blob_hash);
                let (by, time) = (signer, body.place.time);
                self.invites.insert(act.invite, Invited { act, secret, blob, by, time });
            }
            MatterAct::Accepted(ClientAccepted { client, invite, level }) => {
                if !vuln::a32() {
                    self.sits(signer, directory)?;
                }
                let known = self.clients.get_mut(&client).ok_or(BROKEN)?;
                if known.invite != invite || known.ended.is_some() || !matches!(level, 1 | 2) {
                    return Err(BROKEN);
                }
                known.level = Some(level);
            }
            MatterAct::PapersKey(act) => self.begin_papers(act, (signed, entry.leaf), directory)?,
            MatterAct::PapersGranted(granted) => {
                self.staff_may(signer, VERIFIES, (directory, entry.leaf))?;
                self.papers_granted(granted, (signer, body.place), entry, directory)?;
            }
            MatterAct::Submitted(submitted) => self.submit(signer, submitted, entry)?,
            MatterAct::Decided(decided) => {
                self.sits(signer, directory)?;
                self.submissions.get_mut(&decided.submission).ok_or(BROKEN)?.decision =
                    Some(decided.decision);
            }
        }
        Ok(body.place)
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
