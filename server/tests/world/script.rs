//! Statements, written as a browser would write them, or as it would not.

use std::collections::BTreeMap;

use server::journal::store;
use shared::crypto::cbor;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{KemKey, Kid, MatterKey, PublicBundle, Role, SigningKey, VerifyKey};
use shared::crypto::sealed::{self, RecordKind};
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::wrapped::{self, Signer, WrapContext};
use shared::encoding::B64;
use shared::ids::{EnrolmentId, InviteId, MatterId, ObjectId, RecordId, SubmissionId};
use shared::journal::papers::PAPERS_PURPOSE;
use shared::journal::statement::*;
use shared::journal::stream::{Head, StreamId};
use shared::journal::wire::Append;
use shared::time::{HOUR, Timestamp};

use super::{NOW, Person, Room, World, noise};

/// The root's act and the fingerprint it gives.
pub fn root_act(root: &SigningKey, log: &VerifyKey, office: MatterId) -> (Hash32, RootAct) {
    let salt = shared::crypto::rng::random();
    let act = RootAct { root: root.public(), log: *log, office, created: NOW, salt };
    (act.fingerprint(), act)
}

/// A person's bundle, signed by itself.
pub fn self_signed(person: &Person) -> Vec<u8> {
    let body = cbor::encode(&person.bundle);
    Signed::sign(Namespace::StaffBundle, &person.keys.signing, person.kid(), &body)
        .unwrap()
        .into_bytes()
}

/// Statements that follow the streams as they stand.
pub struct Script<'w> {
    pub world: &'w World,
    heads: BTreeMap<StreamId, Head>,
    /// What the statements claim as their time.
    pub time: Timestamp,
    pub statements: Vec<B64>,
    pub attachments: Vec<B64>,
}

impl<'w> Script<'w> {
    /// Begins at the streams' ends as they are in the database now.
    pub async fn new(world: &'w World) -> Self {
        let mut read = world.app.db.read().await.unwrap();
        let rows = read.fetch_all("SELECT name FROM stream", &[]).await.unwrap();
        let mut heads = BTreeMap::new();
        for row in rows {
            let stream: StreamId = row.get::<String>(0).unwrap().parse().unwrap();
            heads.insert(stream, store::head(&mut read, stream).await.unwrap());
        }
        Self { world, heads, time: NOW, statements: Vec::new(), attachments: Vec::new() }
    }

    pub fn finish(self) -> Append {
        Append { statements: self.statements, attachments: self.attachments }
    }

    pub fn head(&self, stream: StreamId) -> Head {
        self.heads.get(&stream).copied().unwrap_or(Head::EMPTY)
    }

    /// Pretends that a stream ends elsewhere.
    pub fn move_head(&mut self, stream: StreamId, head: Head) {
        self.heads.insert(stream, head);
    }

    pub fn attach(&mut self, bytes: Vec<u8>) -> Hash32 {
        let hash = sha256(&bytes);
        self.attachments.push(B64(bytes));
        hash
    }

    pub fn write<A>(
        &mut self,
        ns: Namespace,
        stream: StreamId,
        act: A,
        key: &SigningKey,
        signer: Kid,
    ) where
        Placed<A>: minicbor::Encode<()>,
    {
        let place = self.head(stream).place(stream, self.time);
        let body = cbor::encode(&Placed { version: 1, place, act });
        let signed = Signed::sign(ns, key, signer, &body).unwrap();
        self.heads.insert(stream, Head { next: place.seq + 1, last: signed.digest() });
        self.statements.push(B64(signed.into_bytes()));
    }

    pub fn by<A>(&mut self, who: &Person, ns: Namespace, stream: StreamId, act: A)
    where
        Placed<A>: minicbor::Encode<()>,
    {
        self.write(ns, stream, act, &who.keys.signing, who.kid());
    }

    pub fn by_root<A>(&mut self, ns: Namespace, act: A)
    where
        Placed<A>: minicbor::Encode<()>,
    {
        let world = self.world;
        self.write(ns, StreamId::Keyring, act, &world.root, Kid::of_root(world.firm));
    }

    pub fn at(&mut self, room: &Room, who: &Person, act: MatterAct) {
        self.by(who, Namespace::Matter, StreamId::Matter(room.id), act);
    }

    pub fn found(&mut self, root: RootAct) {
        let world = self.world;
        self.by_root(Namespace::Root, root);
        self.admit_by_root(&world.founder, None);
        self.by_root(Namespace::Keyring, KeyringAct::RecoveryKey(recovery(world.firm)));
        self.create(&world.office, &world.founder);
    }

    pub fn admit_by_root(&mut self, person: &Person, enrolment: Option<EnrolmentId>) {
        let bundle = self_signed(person);
        let act = Admitted { account: person.account, bundle, enrolment };
        self.by_root(Namespace::Keyring, KeyringAct::Admitted(act));
    }

    pub fn offer(&mut self, enrolment: EnrolmentId, bundle: &PublicBundle) {
        let blob_hash = self.attach(noise(300));
        let offer = EnrolmentOffered {
            enrolment,
            auth_hash: Hash32([3; 32]),
            blob_hash,
            expires: NOW.plus(HOUR),
            role: bundle.role as u8,
            caps: bundle.caps.0,
            kept: kept_secret(enrolment),
            placing: None,
        };
        let founder = &self.world.founder;
        self.by(founder, Namespace::Keyring, StreamId::Keyring, KeyringAct::Invited(offer));
    }

    pub fn admit(&mut self, person: &Person, enrolment: Option<EnrolmentId>) {
        let act = Admitted { account: person.account, bundle: self_signed(person), enrolment };
        let founder = &self.world.founder;
        self.by(founder, Namespace::Keyring, StreamId::Keyring, KeyringAct::Admitted(act));
    }

    /// A matter with its first epoch and its creator's grant.
    pub fn create(&mut self, room: &Room, who: &Person) {
        self.at(room, who, MatterAct::Created(room.id));
        self.epoch(room, 0, who);
        self.grant(room, &who.bundle, who);
    }

    pub fn epoch(&mut self, room: &Room, epoch: u32, who: &Person) {
        let act = EpochAct {
            matter: room.id,
            epoch,
            key: room.bundle.clone(),
            unseated: None,
            known: None,
        };
        self.by(who, Namespace::EpochKey, StreamId::Matter(room.id), act);
    }

    /// The next epoch begins, and these seats end.
    pub fn take_back(&mut self, room: &Room, epoch: u32, from: &[Kid], who: &Person) {
        let unseated = Some(from.to_vec());
        let act =
            EpochAct { matter: room.id, epoch, key: room.bundle.clone(), unseated, known: None };
        self.by(who, Namespace::EpochKey, StreamId::Matter(room.id), act);
    }

    pub fn grant(&mut self, room: &Room, to: &PublicBundle, who: &Person) {
        let envelope_hash = self.envelope(room, to, who);
        let act = Granted { epoch: 0, recipient: to.kid(), envelope_hash };
        self.at(room, who, MatterAct::Granted(act));
    }

    pub fn envelope(&mut self, room: &Room, to: &PublicBundle, who: &Person) -> Hash32 {
        let kem = to.kem.clone().unwrap_or_else(|| KemKey::generate().public());
        let context = WrapContext { firm: self.world.firm, matter: room.id, epoch: 0, purpose: 1 };
        let signer = Signer { key: &who.keys.signing, kid: who.kid() };
        let seq = self.head(StreamId::Matter(room.id)).next;
        let (kid, seed) = (room.bundle.kid(), room.key.seed());
        self.attach(wrapped::seal((to.kid(), &kem), &context, signer, seed, kid, seq).unwrap())
    }

    /// An envelope of a key of papers, to whomever: a server cannot tell what it holds.
    pub fn papers_envelope(&mut self, room: &Room, to: Kid, who: &Person) -> Hash32 {
        let kem = KemKey::generate().public();
        let (firm, purpose) = (self.world.firm, PAPERS_PURPOSE);
        let context = WrapContext { firm, matter: room.id, epoch: 0, purpose };
        let signer = Signer { key: &who.keys.signing, kid: who.kid() };
        let seq = self.head(StreamId::Matter(room.id)).next;
        let (kid, seed) = (room.bundle.kid(), room.key.seed());
        self.attach(wrapped::seal((to, &kem), &context, signer, seed, kid, seq).unwrap())
    }

    pub fn record(&mut self, room: &Room) -> RecordRef {
        self.garbled(room, RecordKind::Matter, RecordId::random())
    }

    /// A record as a device of ours seals it, of any kind and under any id.
    pub fn sealed<T: minicbor::Encode<()>>(
        &mut self,
        room: &Room,
        kind: RecordKind,
        record: RecordId,
        body: &T,
    ) -> RecordRef {
        let place = record_place(self.world.firm, room.id, record);
        let key = room.key.record_key(room.id, 0);
        let bytes = sealed::seal_record(&key, kind, record.0, &place, &cbor::encode(body)).unwrap();
        RecordRef { record, epoch: 0, hash: self.attach(bytes) }
    }

    /// A record of any kind and under any id that nobody opens.
    pub fn garbled(&mut self, room: &Room, kind: RecordKind, record: RecordId) -> RecordRef {
        let key = room.key.record_key(room.id, 0);
        let bytes = sealed::seal_record(&key, kind, record.0, b"", b"a record").unwrap();
        RecordRef { record, epoch: 0, hash: self.attach(bytes) }
    }

    pub fn describe(&mut self, room: &Room, who: &Person) {
        let record = self.record(room);
        self.at(room, who, MatterAct::Described(record));
    }

    pub fn invite(&mut self, room: &Room, invite: InviteId, expires: Timestamp, who: &Person) {
        let blob_hash = self.attach(noise(700));
        let secret = self.record(room);
        let act = ClientInvited { invite, auth_hash: Hash32([5; 32]), blob_hash, expires, secret };
        self.at(room, who, MatterAct::Invited(act));
    }

    pub fn join(&mut self, room: &Room, invite: InviteId, client: &Person) {
        let act = ClientJoined { invite, bundle: client.bundle.clone(), mac: [9; 32] };
        self.by(client, Namespace::ClientBundle, StreamId::Matter(room.id), act);
    }

    pub fn submit(
        &mut self,
        room: &Room,
        answers: ObjectId,
        documents: &[ObjectId],
        who: &Person,
    ) -> SubmissionId {
        let submission = SubmissionId::random();
        let act = Submitted {
            submission,
            answers,
            documents: documents.to_vec(),
            form_hash: Hash32([1; 32]),
            notice_hash: Hash32([2; 32]),
        };
        self.at(room, who, MatterAct::Submitted(act));
        submission
    }
}

/// Where a record belongs (CRYPTO, section 6).
#[derive(minicbor::Encode)]
#[cbor(map)]
struct RecordPlace {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    matter: MatterId,
    #[n(3)]
    epoch: u32,
    #[n(4)]
    record: RecordId,
}

/// What a record of a matter's first epoch is bound to.
pub fn record_place(firm: Hash32, matter: MatterId, record: RecordId) -> Vec<u8> {
    cbor::encode(&RecordPlace { firm, matter, epoch: 0, record })
}

/// A secret that nobody in these tests opens: a record of its kind.
pub fn kept_secret(enrolment: EnrolmentId) -> Vec<u8> {
    let kind = RecordKind::InviteSecret;
    let key = MatterKey::generate().record_key(MatterId([0; 16]), 0);
    sealed::seal_record(&key, kind, enrolment.0, b"", b"a secret").unwrap()
}

/// A recovery key's public half; nobody in these tests opens with it.
pub fn recovery(firm: Hash32) -> PublicBundle {
    PublicBundle {
        role: Role::Recovery,
        subject: [0; 16],
        verify_key: None,
        kem: Some(KemKey::generate().public()),
        ..MatterKey::generate().bundle(MatterId([0; 16]), firm, NOW, None)
    }
}
