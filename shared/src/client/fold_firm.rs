//! A firm and its people for tests of what a device refuses to fold: every statement is signed, and
//! read by the same code that reads the server's.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::vec::Vec;
use core::cell::Cell;

use super::access;
use super::directory::Directory;
use super::opening::Opening;
use super::pen::Pen;
use super::record;
use super::room::Room;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Identity, Kid, MatterKey, PublicBundle, Role, SigningKey};
use crate::crypto::manifest::{FileContext, FileKind, Manifest, sealed_len};
use crate::crypto::rng;
use crate::crypto::sealed::{RecordKind, seal_record};
use crate::crypto::signed::{Namespace, Signed};
use crate::encoding::B64;
use crate::ids::{AccountId, ClientId, EnrolmentId, InviteId, MatterId, ObjectId, RecordId};
use crate::journal::statement::{
    Admitted, ClientInvited, ClientJoined, EndKind, Ended, EnrolmentOffered, EpochAct, KeyringAct,
    MatterAct, RecordRef, Restored, RootAct,
};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Append, Entry};
use crate::time::Timestamp;

pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub(crate) struct Person {
    pub(crate) account: AccountId,
    pub(crate) keys: Identity,
    pub(crate) bundle: PublicBundle,
}

impl Person {
    pub(crate) fn signer(&self) -> (&SigningKey, Kid) {
        (&self.keys.signing, self.bundle.kid())
    }

    /// The act that admits this person.
    pub(crate) fn admitted(&self, enrolment: Option<EnrolmentId>) -> KeyringAct {
        let (key, kid) = self.signer();
        let body = cbor::encode(&self.bundle);
        let bundle = Signed::sign(Namespace::StaffBundle, key, kid, &body).unwrap();
        let bundle = bundle.as_bytes().to_vec();
        KeyringAct::Admitted(Admitted { account: self.account, bundle, enrolment })
    }

    /// The act that offers a place of this person's post.
    pub(crate) fn offered(&self, enrolment: EnrolmentId) -> EnrolmentOffered {
        EnrolmentOffered {
            enrolment,
            auth_hash: Hash32([1; 32]),
            blob_hash: Hash32([2; 32]),
            expires: NOW,
            role: self.bundle.role as u8,
            caps: self.bundle.caps.0,
            kept: kept(RecordKind::InviteSecret, enrolment),
            placing: None,
        }
    }
}

/// What the manifests here say of header and bytes.
pub(crate) const HEADER: Hash32 = Hash32([1; 32]);
pub(crate) const ROOT: Hash32 = Hash32([2; 32]);

/// And of whom they are sealed to.
const TO: Hash32 = Hash32([4; 32]);

/// A firm whose directory a device reads, statement by statement.
pub(crate) struct Firm {
    pub(crate) root: SigningKey,
    root_statement: Vec<u8>,
    pub(crate) id: Hash32,
    pub(crate) directory: Directory,
    pub(crate) matter: MatterId,
    pub(crate) key: MatterKey,
    /// The tree's next leaf.
    pub(crate) leaf: Cell<u64>,
    /// What its people's clocks say.
    pub(crate) clock: Cell<Timestamp>,
}

impl Firm {
    pub(crate) fn new() -> Self {
        let root = SigningKey::generate();
        let log = SigningKey::generate().public();
        let office = MatterId::random();
        let act =
            RootAct { root: root.public(), log, office, created: NOW, salt: rng::random_id() };
        let id = act.fingerprint();
        let mut pen = Pen::new(NOW, []);
        let kid = Kid::of_root(id);
        let statement =
            pen.write(Namespace::Root, StreamId::Keyring, act, &root, kid).unwrap().clone();
        let root_statement = statement.as_bytes().to_vec();
        let directory = Directory::begin(&root_statement, id).unwrap();
        Self {
            root,
            root_statement,
            id,
            directory,
            matter: MatterId::random(),
            key: MatterKey::generate(),
            leaf: Cell::new(1),
            clock: Cell::new(NOW),
        }
    }

    /// A directory that knows the root alone.
    pub(crate) fn directory_of(&self) -> Directory {
        Directory::begin(&self.root_statement, self.id).unwrap()
    }

    pub(crate) fn person(&self, account: AccountId, role: Role, caps: Caps) -> Person {
        let keys = Identity::generate(role);
        let bundle = keys.bundle(role, account.0, self.id, NOW, None, caps);
        Person { account, keys, bundle }
    }

    /// What the root says next in the keyring.
    pub(crate) fn act(&mut self, act: KeyringAct) -> bool {
        let statement = self.next(&act, (&self.root, Kid::of_root(self.id)));
        let entry = self.entry(B64(statement), NOW, Vec::new());
        self.directory.apply(&entry).is_ok()
    }

    /// What somebody says next in the keyring.
    pub(crate) fn act_by(&mut self, by: &Person, act: &KeyringAct) -> bool {
        let statement = self.next(act, by.signer());
        let entry = self.entry(B64(statement), NOW, Vec::new());
        self.directory.apply(&entry).is_ok()
    }

    /// A statement as the server shows it, at the tree's next leaf.
    pub(crate) fn entry(&self, statement: B64, arrived: Timestamp, attachments: Vec<B64>) -> Entry {
        let leaf = self.leaf.replace(self.leaf.get() + 1);
        Entry { statement, leaf, blind: Hash32([0; 32]), arrived: arrived.0, attachments }
    }

    /// The keyring's next statement.
    pub(crate) fn next(&self, act: &KeyringAct, (key, kid): (&SigningKey, Kid)) -> Vec<u8> {
        let mut pen = Pen::new(self.clock.get(), [(StreamId::Keyring, self.directory.head())]);
        let written = pen.write(Namespace::Keyring, StreamId::Keyring, act.clone(), key, kid);
        written.unwrap().as_bytes().to_vec()
    }

    pub(crate) fn admit(&mut self, person: &Person) -> bool {
        if self.directory.members().next().is_none() {
            return self.act(person.admitted(None));
        }
        let enrolment = EnrolmentId::random();
        self.act(KeyringAct::Invited(person.offered(enrolment)))
            && self.act(person.admitted(Some(enrolment)))
    }

    /// Somebody whom the firm admitted.
    pub(crate) fn with(&mut self, role: Role, caps: Caps) -> Person {
        let person = self.person(AccountId::random(), role, caps);
        assert!(self.admit(&person));
        person
    }

    /// A matter with its maker's own grant.
    pub(crate) fn room(&self, maker: &Person) -> Room {
        let mut pen = Pen::new(NOW, []);
        let opening = Opening { firm: self.id, matter: self.matter, key: &self.key };
        let own = maker.bundle.kem.as_ref().unwrap();
        opening.write(&mut pen, maker.signer(), &[(maker.bundle.kid(), own)]).unwrap();
        let mut room = Room::empty(self.matter);
        assert!(self.fold(&mut room, &pen.append()));
        room
    }

    pub(crate) fn fold(&self, room: &mut Room, append: &Append) -> bool {
        self.fold_at(room, append, NOW)
    }

    /// Folds what the server took at this instant.
    fn fold_at(&self, room: &mut Room, append: &Append, arrived: Timestamp) -> bool {
        append.statements.iter().all(|one| {
            let entry = self.entry(one.clone(), arrived, append.attachments.clone());
            room.apply(entry, &self.directory).is_ok()
        })
    }

    pub(crate) fn pen_at(&self, room: &Room) -> Pen {
        Pen::new(self.clock.get(), [(StreamId::Matter(self.matter), room.head())])
    }

    pub(crate) fn grant(&self, room: &mut Room, by: &Person, to: &PublicBundle) -> bool {
        let mut pen = self.pen_at(room);
        let lent = MatterKey::generate();
        let kem = to.kem.clone().unwrap_or_else(|| lent.public());
        let epoch_key = room.epochs.first().unwrap();
        let key = (&self.key, epoch_key.kid());
        let place = (self.id, self.matter, 0);
        access::grant(&mut pen, place, key, (to.kid(), &kem), by.signer()).unwrap();
        self.fold(room, &pen.append())
    }

    /// The act that ends a person's time with the firm.
    pub(crate) fn ended(&self, person: &Person, kind: EndKind) -> KeyringAct {
        KeyringAct::Ended(Ended { account: person.account, kid: person.bundle.kid(), kind })
    }

    /// The act by which it goes on.
    pub(crate) fn restored(&self, person: &Person) -> KeyringAct {
        KeyringAct::Restored(Restored { account: person.account, kid: person.bundle.kid() })
    }

    /// The matter's next key begins, and these seats end.
    pub(crate) fn rotate(&self, room: &mut Room, by: &Person, unseated: Option<&[Kid]>) -> bool {
        self.rotate_knowing(room, by, unseated, None)
    }

    /// The same by somebody who says how far the keyring went.
    pub(crate) fn rotate_knowing(
        &self,
        room: &mut Room,
        by: &Person,
        unseated: Option<&[Kid]>,
        known: Option<Head>,
    ) -> bool {
        let mut pen = self.pen_at(room);
        let (key, kid) = by.signer();
        let epoch = u32::try_from(room.epochs.len()).unwrap();
        let next = MatterKey::generate().bundle(self.matter, self.id, NOW, None);
        let unseated = unseated.map(<[Kid]>::to_vec);
        let act = EpochAct { matter: self.matter, epoch, key: next, unseated, known };
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::EpochKey, stream, act, key, kid).unwrap();
        self.fold(room, &pen.append())
    }

    /// A description of the matter; `whole` when its record comes along.
    pub(crate) fn describe(&self, room: &mut Room, by: &Person, title: u8, whole: bool) -> bool {
        let mut pen = self.pen_at(room);
        let place = (0, &self.key);
        let record = RecordId([title; 16]);
        let kind = RecordKind::Matter;
        let (at, bytes) =
            record::seal(&u32::from(title), kind, self.id, self.matter, place, record).unwrap();
        if whole {
            pen.attach(bytes);
        }
        let (key, kid) = by.signer();
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::Matter, stream, MatterAct::Described(at), key, kid).unwrap();
        self.fold(room, &pen.append())
    }

    /// An invitation that is over at NOW.
    pub(crate) fn invite(&self, room: &mut Room, by: &Person) -> InviteId {
        let mut pen = self.pen_at(room);
        let (key, kid) = by.signer();
        let act = ClientInvited {
            invite: InviteId::random(),
            auth_hash: Hash32([1; 32]),
            blob_hash: Hash32([2; 32]),
            expires: NOW,
            secret: RecordRef { record: RecordId::random(), epoch: 0, hash: Hash32([3; 32]) },
        };
        let invite = act.invite;
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::Matter, stream, MatterAct::Invited(act), key, kid).unwrap();
        assert!(self.fold(room, &pen.append()));
        invite
    }

    /// A client joins by an invitation, at this instant.
    pub(crate) fn join(
        &self,
        room: &mut Room,
        invite: InviteId,
        client: &Person,
        arrived: Timestamp,
    ) -> bool {
        let mut pen = self.pen_at(room);
        let (key, kid) = client.signer();
        let act = ClientJoined { invite, bundle: client.bundle.clone(), mac: [9; 32] };
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::ClientBundle, stream, act, key, kid).unwrap();
        self.fold_at(room, &pen.append(), arrived)
    }

    pub(crate) fn file(&self, room: &mut Room, by: &Person, client: Option<ClientId>) -> bool {
        let (newest, _) = room.epoch().unwrap();
        self.file_under(room, by, client, newest)
    }

    /// Under the key of this epoch.
    pub(crate) fn file_under(
        &self,
        room: &mut Room,
        by: &Person,
        client: Option<ClientId>,
        epoch: u32,
    ) -> bool {
        let append = self.filing(room, by, (client, epoch));
        self.fold(room, &append)
    }

    /// What the server took at this instant.
    pub(crate) fn file_at(&self, room: &mut Room, by: &Person, arrived: Timestamp) -> bool {
        let (newest, _) = room.epoch().unwrap();
        let append = self.filing(room, by, (None, newest));
        self.fold_at(room, &append, arrived)
    }

    /// So many digits that the server took at this instant.
    pub(crate) fn answer_at(
        &self,
        room: &mut Room,
        by: &Person,
        (client, len): (Option<ClientId>, u64),
        arrived: Timestamp,
    ) -> bool {
        let append = self.filing_of(room, by, (client, 0), (FileKind::Code, len, TO));
        self.fold_at(room, &append, arrived)
    }

    fn filing(&self, room: &Room, by: &Person, at: (Option<ClientId>, u32)) -> Append {
        self.filing_of(room, by, at, (FileKind::Document, 3, TO))
    }

    /// An identity paper that its sender says is sealed to these.
    pub(crate) fn paper(
        &self,
        room: &mut Room,
        by: &Person,
        at: (Option<ClientId>, u32),
        to: Hash32,
    ) -> Option<ObjectId> {
        let append = self.filing_of(room, by, at, (FileKind::Identification, 3, to));
        let known: Vec<ObjectId> = room.objects.keys().copied().collect();
        self.fold(room, &append).then_some(())?;
        room.objects.keys().find(|object| !known.contains(object)).copied()
    }

    fn filing_of(
        &self,
        room: &Room,
        by: &Person,
        (client, epoch): (Option<ClientId>, u32),
        (kind, len, recipients_hash): (FileKind, u64, Hash32),
    ) -> Append {
        let mut pen = self.pen_at(room);
        let context = FileContext {
            format: 1,
            firm: self.id,
            client,
            matter: self.matter,
            epoch,
            object: ObjectId::random(),
            version: 1,
            kind,
            sender: by.bundle.kid(),
            previous: None,
        };
        let manifest = Manifest {
            format: 1,
            context,
            header_hash: HEADER,
            sealed_len: sealed_len(len),
            chunks: 1,
            ct_root: ROOT,
            meta_hash: Hash32([3; 32]),
            recipients_hash,
            time: NOW,
            seq_seen: 0,
            checkpoint_seen: None,
        };
        let (key, kid) = by.signer();
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::Manifest, stream, manifest, key, kid).unwrap();
        pen.append()
    }
}

/// A sealed record that nobody in these tests opens.
pub(crate) fn kept(kind: RecordKind, id: EnrolmentId) -> Vec<u8> {
    let key = MatterKey::generate().record_key(MatterId([0; 16]), 0);
    seal_record(&key, kind, id.0, b"", b"a secret").unwrap()
}
