//! What a device refuses to fold although a server shows it: keys under a name that is taken, access
//! given by those who may not, documents filed by those who do not sit there.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::vec;
use alloc::vec::Vec;

use super::Room;
use crate::client::access;
use crate::client::directory::Directory;
use crate::client::matters::Opening;
use crate::client::pen::Pen;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Identity, Kid, MatterKey, PublicBundle, Role, SigningKey};
use crate::crypto::manifest::{FileContext, FileKind, Manifest, sealed_len};
use crate::crypto::rng;
use crate::crypto::sealed::{RecordKind, seal_record};
use crate::crypto::signed::{Namespace, Signed};
use crate::encoding::B64;
use crate::ids::{AccountId, ClientId, EnrolmentId, MatterId, ObjectId};
use crate::journal::statement::{Admitted, EnrolmentOffered, KeyringAct, RootAct};
use crate::journal::stream::StreamId;
use crate::journal::wire::{Append, Entry};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

struct Person {
    account: AccountId,
    keys: Identity,
    bundle: PublicBundle,
}

impl Person {
    fn signer(&self) -> (&SigningKey, Kid) {
        (&self.keys.signing, self.bundle.kid())
    }
}

/// A firm whose directory a device reads, statement by statement.
struct Firm {
    root: SigningKey,
    id: Hash32,
    directory: Directory,
    matter: MatterId,
    key: MatterKey,
}

impl Firm {
    fn new() -> Self {
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
        let directory = Directory::begin(statement.as_bytes(), id).unwrap();
        Self { root, id, directory, matter: MatterId::random(), key: MatterKey::generate() }
    }

    fn person(&self, account: AccountId, role: Role, caps: Caps) -> Person {
        let keys = Identity::generate(role);
        let bundle = keys.bundle(role, account.0, self.id, NOW, None, caps);
        Person { account, keys, bundle }
    }

    fn act(&mut self, act: KeyringAct) -> bool {
        let kid = Kid::of_root(self.id);
        let before = self.directory.head();
        let mut pen = Pen::new(NOW, [(StreamId::Keyring, before)]);
        let written = pen.write(Namespace::Keyring, StreamId::Keyring, act, &self.root, kid);
        self.directory.apply(written.unwrap().as_bytes()).is_ok()
    }

    fn admit(&mut self, person: &Person) -> bool {
        let (key, kid) = person.signer();
        let body = cbor::encode(&person.bundle);
        let bundle = Signed::sign(Namespace::StaffBundle, key, kid, &body).unwrap();
        let bundle = bundle.as_bytes().to_vec();
        self.act(KeyringAct::Admitted(Admitted {
            account: person.account,
            bundle,
            enrolment: None,
        }))
    }

    /// Somebody whom the firm admitted.
    fn with(&mut self, role: Role, caps: Caps) -> Person {
        let person = self.person(AccountId::random(), role, caps);
        assert!(self.admit(&person));
        person
    }

    /// A matter with its maker's own grant.
    fn room(&self, maker: &Person) -> Room {
        let mut pen = Pen::new(NOW, []);
        let opening = Opening { firm: self.id, matter: self.matter, key: &self.key };
        let own = maker.bundle.kem.as_ref().unwrap();
        opening.write(&mut pen, maker.signer(), &[(maker.bundle.kid(), own)]).unwrap();
        let mut room = Room::empty(self.matter);
        assert!(self.fold(&mut room, &pen.append()));
        room
    }

    fn fold(&self, room: &mut Room, append: &Append) -> bool {
        let entry = |statement: &B64| Entry {
            statement: statement.clone(),
            leaf: 0,
            blind: Hash32([0; 32]),
            arrived: NOW.0,
            attachments: append.attachments.clone(),
        };
        append.statements.iter().all(|one| room.apply(entry(one), &self.directory).is_ok())
    }

    fn pen_at(&self, room: &Room) -> Pen {
        Pen::new(NOW, [(StreamId::Matter(self.matter), room.head())])
    }

    fn grant(&self, room: &mut Room, by: &Person, to: &PublicBundle) -> bool {
        let mut pen = self.pen_at(room);
        let lent = MatterKey::generate();
        let kem = to.kem.clone().unwrap_or_else(|| lent.public());
        let (_, epoch_key) = room.epoch().unwrap();
        let key = (&self.key, epoch_key.kid());
        let place = (self.id, self.matter, 0);
        access::grant(&mut pen, place, key, (to.kid(), &kem), by.signer()).unwrap();
        self.fold(room, &pen.append())
    }

    fn file(&self, room: &mut Room, by: &Person, client: Option<ClientId>) -> bool {
        let mut pen = self.pen_at(room);
        let context = FileContext {
            format: 1,
            firm: self.id,
            client,
            matter: self.matter,
            epoch: 0,
            object: ObjectId::random(),
            version: 1,
            kind: FileKind::Document,
            sender: by.bundle.kid(),
            previous: None,
        };
        let manifest = Manifest {
            format: 1,
            context,
            header_hash: Hash32([1; 32]),
            sealed_len: sealed_len(3),
            chunks: 1,
            ct_root: Hash32([2; 32]),
            meta_hash: Hash32([3; 32]),
            recipients_hash: Hash32([4; 32]),
            time: NOW,
            seq_seen: 0,
            checkpoint_seen: None,
        };
        let (key, kid) = by.signer();
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::Manifest, stream, manifest, key, kid).unwrap();
        self.fold(room, &pen.append())
    }
}

#[test]
fn a_second_key_under_a_known_account_is_refused() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let impostor = firm.person(anna.account, Role::Staff, Caps::ALL);
    assert!(!firm.admit(&impostor));
    assert!(firm.directory.member_by_kid(impostor.bundle.kid()).is_none());
    // The stream goes on for others.
    firm.with(Role::Staff, Caps::ALL);
}

#[test]
fn an_offer_is_refused_without_its_makers_secret_and_a_second_time() {
    let mut firm = Firm::new();
    let enrolment = EnrolmentId::random();
    let record = |kind: RecordKind, id: EnrolmentId| {
        let key = MatterKey::generate().record_key(MatterId([0; 16]), 0);
        seal_record(&key, kind, id.0, b"", b"a secret").unwrap()
    };
    let offer = |kept: Vec<u8>| {
        KeyringAct::Invited(EnrolmentOffered {
            enrolment,
            auth_hash: Hash32([1; 32]),
            blob_hash: Hash32([2; 32]),
            expires: NOW,
            role: Role::Staff as u8,
            caps: 0,
            kept,
        })
    };
    let good = record(RecordKind::InviteSecret, enrolment);
    for bad in [
        Vec::new(),
        vec![0; 512],
        record(RecordKind::InviteSecret, EnrolmentId::random()),
        record(RecordKind::Profile, enrolment),
        [good.clone(), vec![0; 1024]].concat(),
    ] {
        assert!(!firm.act(offer(bad)));
    }
    assert!(firm.act(offer(good.clone())));
    assert!(!firm.act(offer(good)));
}

#[test]
fn access_needs_a_seat_and_the_capability_and_a_recipient_with_a_key() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::MATTERS);
    let cy = firm.with(Role::Staff, Caps::ALL);
    let admin = firm.with(Role::Admin, Caps::ADMIT.union(Caps::GRANT));
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let try_it = |by: &Person, to: &Person, bo_sits: bool| {
        let mut room = firm.room(&anna);
        assert!(!bo_sits || firm.grant(&mut room, &anna, &bo.bundle));
        firm.grant(&mut room, by, &to.bundle)
    };
    assert!(try_it(&anna, &bo, false));
    assert!(try_it(&anna, &cy, true));
    assert!(!try_it(&bo, &cy, true), "a seat is no capability");
    assert!(!try_it(&cy, &cy, false), "a capability is no seat");
    assert!(!try_it(&admin, &cy, false), "an administrator sits nowhere");
    assert!(!try_it(&anna, &admin, false), "an administrator holds no key");
    assert!(!try_it(&anna, &stranger, false), "a stranger is nobody");
    assert!(!try_it(&stranger, &cy, false));
}

#[test]
fn the_firm_files_documents_from_a_seat_and_in_no_clients_name() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let cy = firm.with(Role::Staff, Caps::ALL);
    let file = |by: &Person, client| firm.file(&mut firm.room(&anna), by, client);
    assert!(file(&anna, None));
    assert!(!file(&anna, Some(ClientId::random())));
    assert!(!file(&cy, None));
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    assert!(!file(&stranger, None));
}
