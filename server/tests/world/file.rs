//! Sealed files as a browser makes them, ready to upload.

use shared::crypto::age::file::{FileSeal, seal_all};
use shared::crypto::age::{PART_CHUNKS, SEALED_CHUNK, SEALED_PART};
use shared::crypto::cbor::encode;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::Role;
use shared::crypto::manifest::{
    FileContext, FileKind, Manifest, chunk_leaf, chunks_of_sealed, part_root, plain_digest,
    recipients_hash, root_of_parts,
};
use shared::crypto::signed::Namespace;
use shared::documents::plain::MetaV1;
use shared::documents::wire::{StartUpload, Upload};
use shared::ids::{ClientId, ObjectId};
use shared::journal::stream::StreamId;
use shared::problem::Code;

use super::script::Script;
use super::{NOW, Person, Room, World};

/// A sealed file with its manifest.
pub struct Sealed {
    pub object: ObjectId,
    pub bytes: Vec<u8>,
    pub header: Vec<u8>,
    pub meta: Vec<u8>,
    pub manifest: Manifest,
}

impl Sealed {
    pub fn new(world: &World, room: &Room, who: &Person, plaintext: &[u8]) -> Self {
        Self::after(world, room, who, plaintext, None)
    }

    /// The version after another, whose manifest has this digest.
    pub fn after(
        world: &World,
        room: &Room,
        who: &Person,
        plaintext: &[u8],
        before: Option<(u32, Hash32)>,
    ) -> Self {
        Self::under(world, room, who, plaintext, ObjectId::random(), before)
    }

    /// The same under an id of the test's choice.
    pub fn under(
        world: &World,
        room: &Room,
        who: &Person,
        plaintext: &[u8],
        object: ObjectId,
        before: Option<(u32, Hash32)>,
    ) -> Self {
        Self::of(world, room, who, (FileKind::Document, plaintext), (object, before))
    }

    fn of(
        world: &World,
        room: &Room,
        who: &Person,
        (kind, plaintext): (FileKind, &[u8]),
        (object, before): (ObjectId, Option<(u32, Hash32)>),
    ) -> Self {
        let context = FileContext {
            format: 1,
            firm: world.firm,
            client: (who.bundle.role == Role::Client).then_some(ClientId(who.bundle.subject)),
            matter: room.id,
            epoch: 0,
            object,
            version: before.map_or(1, |(version, _)| version + 1),
            kind,
            sender: who.kid(),
            previous: before.map(|(_, digest)| digest),
        };
        let (seal, bytes): (FileSeal, Vec<u8>) =
            seal_all(context.hash(), &[&room.key.public()], plaintext).unwrap();
        let header = seal.header_and_nonce();
        let meta = seal.seal_meta(&encode(&named(plaintext))).unwrap();
        let manifest = Manifest {
            format: 1,
            context,
            header_hash: sha256(&header),
            sealed_len: bytes.len() as u64,
            chunks: chunks_of_sealed(bytes.len() as u64).unwrap(),
            ct_root: root(&bytes),
            meta_hash: sha256(&meta),
            recipients_hash: recipients_hash(&[room.bundle.kid()]),
            time: NOW,
            seq_seen: 0,
            checkpoint_seen: None,
        };
        Self { object, bytes, header, meta, manifest }
    }

    /// What a client types who is asked for a code.
    pub fn code(world: &World, room: &Room, who: &Person) -> Self {
        Self::of(world, room, who, (FileKind::Code, b"12345678"), (ObjectId::random(), None))
    }

    /// An identity paper, sealed to the key of this room.
    pub fn paper(world: &World, room: &Room, who: &Person) -> Self {
        let kind = (FileKind::Identification, b"a passport".as_slice());
        Self::of(world, room, who, kind, (ObjectId::random(), None))
    }

    /// The same bytes under a context that names this client.
    pub fn name_client(&mut self, client: Option<ClientId>, room: &Room) {
        self.manifest.context.client = client;
        let context = self.manifest.context.hash();
        let (seal, bytes) = seal_all(context, &[&room.key.public()], b"a letter").unwrap();
        self.header = seal.header_and_nonce();
        self.meta = seal.seal_meta(b"name and type").unwrap();
        self.manifest.header_hash = sha256(&self.header);
        self.manifest.meta_hash = sha256(&self.meta);
        self.manifest.ct_root = root(&bytes);
        self.bytes = bytes;
    }

    pub fn parts(&self) -> impl Iterator<Item = (u32, &[u8])> {
        (0..).zip(self.bytes.chunks(SEALED_PART))
    }

    pub fn start(&self, room: &Room) -> StartUpload {
        StartUpload { object: self.object, matter: room.id, sealed_len: self.bytes.len() as u64 }
    }

    /// Begins the upload and sends every part.
    pub async fn upload(&self, world: &World, room: &Room, who: &Person) -> Result<Upload, Code> {
        world.call(who, &self.start(room)).await?;
        for (index, part) in self.parts() {
            world.put(who, self.object, index, part).await?;
        }
        world.call(who, &self.start(room)).await
    }

    /// Writes the manifest with its attachments.
    pub fn file(&self, script: &mut Script<'_>, room: &Room, who: &Person) {
        script.attach(self.header.clone());
        script.attach(self.meta.clone());
        self.say(script, room, who, self.manifest.clone());
    }

    /// Writes any manifest.
    pub fn say(&self, script: &mut Script<'_>, room: &Room, who: &Person, manifest: Manifest) {
        script.by(who, Namespace::Manifest, StreamId::Matter(room.id), manifest);
    }

    /// Uploads and files; answers with the manifest's digest.
    pub async fn store(&self, world: &World, room: &Room, who: &Person) -> Result<Hash32, Code> {
        self.upload(world, room, who).await?;
        let mut script = Script::new(world).await;
        self.file(&mut script, room, who);
        let acts = script.finish();
        world.append(who, &acts).await?;
        Ok(sha256(&acts.statements[0].0))
    }
}

/// What a device says of a file, sealed.
fn named(plaintext: &[u8]) -> MetaV1 {
    MetaV1 {
        name: "A letter.txt".into(),
        mime: "text/plain".into(),
        size: plaintext.len() as u64,
        modified: NOW.0,
        digest: plain_digest(plaintext),
        form_hash: None,
        note: None,
    }
}

/// The root over the chunks of one part.
pub fn root_of_part(part: &[u8]) -> Hash32 {
    part_root(&part.chunks(SEALED_CHUNK).map(chunk_leaf).collect::<Vec<_>>())
}

/// The root over all chunks, computed as a reader does.
pub fn root(sealed: &[u8]) -> Hash32 {
    let leaves: Vec<_> = sealed.chunks(SEALED_CHUNK).map(chunk_leaf).collect();
    let parts: Vec<_> = leaves.chunks(PART_CHUNKS).map(part_root).collect();
    root_of_parts(&parts, leaves.len() as u64).unwrap()
}
