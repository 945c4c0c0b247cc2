//! A firm over the real router, spoken to with raw requests: for tests that say what an honest
//! browser never would. Statements are real, signed with real keys; only sign-in is skipped.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(unreachable_pub, reason = "every test file is a crate of its own")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::ops::Deref;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt as _;
use server::blob::Blobs;
use server::db::{Tx, Value};
use server::extract::caller::{self, For};
use server::extract::place::Place;
use server::journal::append::append;
use server::journal::signer::Authority;
use server::journal::store::tiles;
use shared::call::Call;
use shared::client::directory::Directory;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{
    Caps, Identity, Kid, MatterKey, PublicBundle, Role, SigningKey, VerifyKey,
};
use shared::crypto::rng;
use shared::documents::wire::{PartKept, ROOT_HEADER};
use shared::encoding::to_base64url;
use shared::ids::{AccountId, ClientId, EnrolmentId, InviteId, MatterId, ObjectId};
use shared::journal::statement::RootAct;
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, Appended, Entry, From, ReadStreams};
use shared::problem::Code;
use shared::time::HOUR;

pub mod file;
pub mod insider;
pub mod script;

pub use crate::harness::NOW;
use crate::harness::{Answer, TestApp};
use script::Script;

/// Somebody with keys, and a session when the server knows them.
pub struct Person {
    pub account: AccountId,
    pub keys: Identity,
    pub bundle: PublicBundle,
    pub cookie: String,
}

impl Person {
    pub fn kid(&self) -> Kid {
        self.bundle.kid()
    }
}

/// A matter with its newest key.
pub struct Room {
    pub id: MatterId,
    pub key: MatterKey,
    pub bundle: PublicBundle,
}

/// A founded firm.
pub struct World {
    pub server: TestApp,
    pub root: SigningKey,
    pub firm: Hash32,
    pub office: Room,
    pub founder: Person,
}

impl Deref for World {
    type Target = TestApp;
    fn deref(&self) -> &TestApp {
        &self.server
    }
}

impl World {
    /// A firm with its founder and its office.
    pub async fn new() -> Self {
        Self::on(TestApp::new().await).await
    }

    /// A firm whose server has settings of the test's own.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::on(TestApp::with(settings).await).await
    }

    /// A firm whose sealed parts go to a store of the test's own.
    pub async fn over(blobs: Blobs) -> Self {
        let mut server = TestApp::new().await;
        let old = &server.app;
        let (config, db, clock) = (old.config.clone(), old.db.clone(), old.clock.clone());
        server.app = server::start::assemble(config, db, blobs, clock).await.unwrap();
        server.router = server::build(server.app.clone());
        Self::on(server).await
    }

    async fn on(server: TestApp) -> Self {
        let (mut world, act) = Self::unfounded(server);
        let mut script = Script::new(&world).await;
        script.found(act);
        let acts = script.finish();
        let account = world.founder.account;
        world.take(Authority::Founding { account }, &acts).await.unwrap();
        world.founder.cookie = world.session(For::Account(account)).await;
        world
    }

    /// A founder before the first statement, and the one that would be it.
    pub fn unfounded(server: TestApp) -> (Self, RootAct) {
        let root = SigningKey::generate();
        let office = MatterId::random();
        let (firm, act) = script::root_act(&root, &server.app.secrets.log.public(), office);
        let founder = person(firm, Role::Staff, Caps::ALL);
        (Self { server, root, firm, office: room(firm, office), founder }, act)
    }

    /// Another server process over the same data.
    pub async fn restart(self) -> Self {
        Self { server: self.server.restart().await, ..self }
    }

    /// Statements straight through the append door, on any authority.
    pub async fn take(&self, authority: Authority, acts: &Append) -> Result<Appended, Code> {
        let mut tx = self.app.db.begin().await.unwrap();
        if let Authority::Founding { account } = authority {
            insert_account(&mut tx, account).await;
        }
        let taken =
            append(&mut tx, &self.app, authority, acts).await.map_err(|error| error.code())?;
        taken.commit(tx).await.map_err(|error| error.code())
    }

    /// A session of whoever has this key.
    pub async fn session_of(&self, kid: Kid) -> String {
        self.session(For::Key(kid)).await
    }

    pub async fn session(&self, whom: For) -> String {
        let mut tx = self.app.db.begin().await.unwrap();
        let cookie = caller::open(&mut tx, &self.app, whom, &Place::default()).await.unwrap();
        tx.without_statement("a test signs in").await.unwrap();
        let headers = cookie.headers();
        let text = headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
        text.split(';').next().unwrap().to_owned()
    }

    /// A second lawyer with these capabilities, invited, enrolled and admitted.
    pub async fn staff(&self, role: Role, caps: Caps) -> Person {
        let mut person = person(self.firm, role, caps);
        let enrolment = self.enrolled(&person).await;
        let mut script = Script::new(self).await;
        script.offer(enrolment, &person.bundle);
        script.admit(&person, Some(enrolment));
        self.append(&self.founder, &script.finish()).await.unwrap();
        person.cookie = self.session(For::Account(person.account)).await;
        person
    }

    /// Somebody's account and keys, handed in by an invitation.
    pub async fn enrolled(&self, person: &Person) -> EnrolmentId {
        let enrolment = EnrolmentId::random();
        self.enrol(person, enrolment, [0; 32], &[1]).await;
        enrolment
    }

    async fn enrol(&self, person: &Person, enrolment: EnrolmentId, mac: [u8; 32], name: &[u8]) {
        let mut tx = self.app.db.begin().await.unwrap();
        insert_account(&mut tx, person.account).await;
        let bundle = script::self_signed(person);
        tx.execute(
            "INSERT INTO enrolled (enrolment, account, bundle, mac, name) \
             VALUES ($1, $2, $3, $4, $5)",
            &[
                Value::from(enrolment),
                Value::from(person.account),
                Value::from(&bundle),
                Value::from(mac),
                Value::from(name),
            ],
        )
        .await
        .unwrap();
        tx.without_statement("a test enrols").await.unwrap();
    }

    /// A matter of the founder's.
    pub async fn matter(&self) -> Room {
        let room = room(self.firm, MatterId::random());
        let mut script = Script::new(self).await;
        script.create(&room, &self.founder);
        self.append(&self.founder, &script.finish()).await.unwrap();
        room
    }

    /// A client who came to a matter by an invitation.
    pub async fn client(&self, room: &Room) -> Person {
        let invite = InviteId::random();
        let mut script = Script::new(self).await;
        script.invite(room, invite, self.app.now().plus(HOUR), &self.founder);
        self.append(&self.founder, &script.finish()).await.unwrap();
        let mut client = person(self.firm, Role::Client, Caps::NONE);
        let mut script = Script::new(self).await;
        script.join(room, invite, &client);
        self.take(Authority::Redeeming { invite }, &script.finish()).await.unwrap();
        client.cookie = self.session(For::Key(client.kid())).await;
        client
    }

    pub async fn append(&self, who: &Person, acts: &Append) -> Result<Appended, Code> {
        self.call(who, acts).await
    }

    /// A call with somebody's session.
    pub async fn call<C: Call>(&self, who: &Person, call: &C) -> Result<C::Reply, Code> {
        let answer = self.post(&who.cookie, C::ROUTE, serde_json::to_vec(call).unwrap()).await;
        if answer.status == StatusCode::OK {
            Ok(serde_json::from_slice(&answer.body).unwrap())
        } else {
            Err(answer.code())
        }
    }

    pub async fn post(&self, cookie: &str, route: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(route)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub async fn put(
        &self,
        who: &Person,
        object: ObjectId,
        index: u32,
        bytes: &[u8],
    ) -> Result<PartKept, Code> {
        self.put_as(who, object, index, bytes, file::root_of_part(bytes)).await
    }

    pub async fn put_as(
        &self,
        who: &Person,
        object: ObjectId,
        index: u32,
        bytes: &[u8],
        root: Hash32,
    ) -> Result<PartKept, Code> {
        let request = Request::put(format!("/api/v1/uploads/{object}/parts/{index}"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::COOKIE, &who.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(ROOT_HEADER, to_base64url(&root.0))
            .body(Body::from(bytes.to_vec()));
        let answer = self.send(request.unwrap()).await;
        if answer.status == StatusCode::OK {
            Ok(serde_json::from_slice(&answer.body).unwrap())
        } else {
            Err(answer.code())
        }
    }

    pub async fn get(&self, who: &Person, object: ObjectId, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(format!("/api/v1/objects/{object}/content"))
            .header(header::COOKIE, &who.cookie)
            .header("sec-fetch-site", "same-origin");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A stream from its beginning.
    pub async fn entries(&self, stream: StreamId) -> Vec<Entry> {
        let ask = ReadStreams { from: vec![From { stream, seq: 0 }], limit: 64, seen: 0 };
        let page = self.call(&self.founder, &ask).await.unwrap();
        assert!(!page.more);
        page.entries
    }

    /// The keyring, read as a device reads it.
    pub async fn directory(&self) -> Directory {
        directory_of(&self.entries(StreamId::Keyring).await, self.firm)
    }

    /// How many rows a table has.
    pub async fn count(&self, sql: &'static str) -> u64 {
        let mut read = self.app.db.read().await.unwrap();
        read.fetch_optional(sql, &[]).await.unwrap().unwrap().get(0).unwrap()
    }

    /// How many leaves the tree has.
    pub async fn leaves(&self) -> u64 {
        let mut read = self.app.db.read().await.unwrap();
        tiles::size(&mut read).await.unwrap()
    }

    /// How many objects are stored; in a folder, every file counts, whatever its name.
    pub async fn blobs(&self) -> usize {
        if std::env::var_os("UNDERSEAL_TEST_S3").is_some() {
            return self.app.blobs.list().map(Result::unwrap).count().await;
        }
        let mut folders = vec![self.data.path().join("blobs")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    files += 1;
                }
            }
        }
        files
    }
}

/// The directory of a whole keyring.
pub fn directory_of(keyring: &[Entry], firm: Hash32) -> Directory {
    let (first, rest) = keyring.split_first().unwrap();
    let mut directory = Directory::begin(&first.statement.0, firm).unwrap();
    for entry in rest {
        directory.apply(entry).unwrap();
    }
    directory
}

pub async fn insert_account(tx: &mut Tx, account: AccountId) {
    tx.execute(
        "INSERT INTO account (id, handle, record, secrets, recovery_hash, version) \
         VALUES ($1, $2, $3, $4, $5, 1)",
        &[
            Value::from(account),
            Value::from(format!("p{account}")),
            Value::from([0]),
            Value::from([0]),
            Value::from([0; 32]),
        ],
    )
    .await
    .unwrap();
}

/// Fresh keys of somebody of this firm, whom nobody knows yet.
pub fn person(firm: Hash32, role: Role, caps: Caps) -> Person {
    let keys = Identity::generate(role);
    let account = AccountId::random();
    let subject = if role == Role::Client { ClientId::random().0 } else { account.0 };
    let bundle = keys.bundle(role, subject, firm, NOW, None, caps);
    Person { account, keys, bundle, cookie: String::new() }
}

/// A matter's id with a fresh key.
pub fn room(firm: Hash32, id: MatterId) -> Room {
    let key = MatterKey::generate();
    let bundle = key.bundle(id, firm, NOW, None);
    Room { id, key, bundle }
}

/// Bytes that nobody can tell from sealed ones.
pub fn noise(len: usize) -> Vec<u8> {
    let seed: [u8; 32] = rng::random();
    (0..len).map(|at| seed[at % 32] ^ (at / 32) as u8).collect()
}

/// What the log key signs under.
pub fn log_key(world: &World) -> VerifyKey {
    world.app.secrets.log.public()
}
