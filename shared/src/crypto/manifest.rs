//! What a filed object is: its context, which the file's header carries as a hash, and the public
//! manifest, which its sender signs. With them the server can check every chunk without a key.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::age::{CHUNK, PART_CHUNKS, TAG};
use super::hash::{self, Hash32};
use super::keys::Kid;
use super::{cbor, purpose};
use crate::ids::{ClientId, MatterId, ObjectId};
use crate::journal::tree;
use crate::time::Timestamp;

/// What a file holds. Numbers are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum FileKind {
    /// The answers of a form.
    #[n(1)]
    Form,
    /// A document.
    #[n(2)]
    Document,
    /// A message.
    #[n(3)]
    Message,
    /// What identifies a person.
    #[n(4)]
    Identification,
    /// A one-time code that a client typed.
    #[n(5)]
    Code,
}

/// Where a file belongs: `{1: 1, 2: firm, 3: client, 4: matter, 5: epoch, 6: object, 7: version,
/// 8: kind, 9: sender, 10: previous manifest}`; 3 is absent for what the firm files, 10 for a
/// first version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FileContext {
    /// Always 1.
    #[n(1)]
    pub format: u8,
    /// The firm's fingerprint.
    #[n(2)]
    pub firm: Hash32,
    /// The client who sends it.
    #[n(3)]
    pub client: Option<ClientId>,
    /// The matter.
    #[n(4)]
    pub matter: MatterId,
    /// The epoch whose key it is sealed to.
    #[n(5)]
    pub epoch: u32,
    /// The object.
    #[n(6)]
    pub object: ObjectId,
    /// From 1.
    #[n(7)]
    pub version: u32,
    /// What it holds.
    #[n(8)]
    pub kind: FileKind,
    /// Who seals and signs it.
    #[n(9)]
    pub sender: Kid,
    /// SHA-256 of the manifest statement of the version before.
    #[n(10)]
    pub previous: Option<Hash32>,
}

impl FileContext {
    /// SHA-256("underseal/v1/file-ctx\0" || CBOR): what the file's header carries.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        hash::labelled(purpose::FILE_CTX, &[&cbor::encode(self)])
    }

    /// Whether this is a first version, or the next one after the file whose manifest it names: of
    /// the same kind, in the same matter, from the same side, and for a client from the same keys:
    /// colleagues go on with each other's papers, clients do not. `before` is that file's context,
    /// if there is such a manifest.
    #[must_use]
    pub fn follows(&self, before: Option<&Self>) -> bool {
        match (self.previous, before) {
            (None, _) => self.version == 1,
            (Some(_), None) => false,
            (Some(_), Some(before)) => {
                before.version.checked_add(1) == Some(self.version)
                    && before.kind == self.kind
                    && before.matter == self.matter
                    && before.client == self.client
                    && (self.client.is_none() || before.sender == self.sender)
            }
        }
    }
}

/// A checkpoint that a sender had verified: `{1: size, 2: root}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct CheckpointSeen {
    /// The tree's size.
    #[n(1)]
    pub size: u64,
    /// The tree's root.
    #[n(2)]
    pub root: Hash32,
}

/// The public word of a sender about an object.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// Always 1.
    #[n(1)]
    pub format: u8,
    /// Where the object belongs.
    #[n(2)]
    pub context: FileContext,
    /// SHA-256 of the age header with the nonce after it.
    #[n(3)]
    pub header_hash: Hash32,
    /// Length of all sealed chunks.
    #[n(4)]
    pub sealed_len: u64,
    /// Number of chunks.
    #[n(5)]
    pub chunks: u64,
    /// RFC 6962 root over the sealed chunks.
    #[n(6)]
    pub ct_root: Hash32,
    /// SHA-256 of the sealed metadata.
    #[n(7)]
    pub meta_hash: Hash32,
    /// [`recipients_hash`] over the kids that the header is sealed to, in its order.
    #[n(8)]
    pub recipients_hash: Hash32,
    /// The sender's own clock.
    #[n(9)]
    pub time: Timestamp,
    /// The number of the newest statement of the matter that the sender had verified.
    #[n(10)]
    pub seq_seen: u64,
    /// The newest checkpoint that the sender had verified; none before the first.
    #[n(11)]
    pub checkpoint_seen: Option<CheckpointSeen>,
}

impl Manifest {
    /// Whether versions are known and length and count of chunks belong together.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.format == 1
            && self.context.format == 1
            && self.context.version >= 1
            && (self.context.version == 1) == self.context.previous.is_none()
            && chunks_of_sealed(self.sealed_len) == Some(self.chunks)
    }
}

/// SHA-256("underseal/v1/recipients\0" || kid || kid …).
#[must_use]
pub fn recipients_hash(kids: &[Kid]) -> Hash32 {
    let kids: Vec<&[u8]> = kids.iter().map(|kid| kid.0.as_slice()).collect();
    hash::labelled(purpose::RECIPIENTS, &kids)
}

/// Number of chunks of a plaintext: one at least, because an empty file has one empty chunk.
#[must_use]
pub const fn chunks_of_plain(plain_len: u64) -> u64 {
    if plain_len == 0 { 1 } else { plain_len.div_ceil(CHUNK as u64) }
}

/// Length of all sealed chunks of a plaintext. A length that somebody made up may be any number: one that
/// no file has gives one that no payload has.
#[must_use]
pub const fn sealed_len(plain_len: u64) -> u64 {
    plain_len.saturating_add(chunks_of_plain(plain_len) * TAG as u64)
}

/// Number of chunks of a sealed payload, or `None` when no payload has this length.
#[must_use]
pub const fn chunks_of_sealed(sealed: u64) -> Option<u64> {
    let chunks = sealed.div_ceil((CHUNK + TAG) as u64);
    let Some(plain) = sealed.checked_sub(chunks * TAG as u64) else { return None };
    // No plaintext makes no chunk, so nothing is not a payload.
    if chunks_of_plain(plain) == chunks { Some(chunks) } else { None }
}

/// Length of the plaintext of a sealed payload, or `None` when no payload has this length.
#[must_use]
pub const fn plain_len(sealed: u64) -> Option<u64> {
    match chunks_of_sealed(sealed) {
        Some(chunks) => Some(sealed - chunks * TAG as u64),
        None => None,
    }
}

/// The leaf of one chunk: SHA-256(0x00 || chunk). Sealed chunks make the manifest's root, the same chunks
/// as they were the digest in the metadata.
#[must_use]
pub fn chunk_leaf(chunk: &[u8]) -> Hash32 {
    tree::hash_leaf(chunk)
}

/// The root over the chunks of one part: [`PART_CHUNKS`] leaves, fewer only in the last part.
#[must_use]
pub fn part_root(leaves: &[Hash32]) -> Hash32 {
    tree::root_of(leaves)
}

/// The root over all chunks from the roots of the parts, or `None` when so many chunks do not make
/// so many parts. Equal to the root over all leaves, because a full part is a perfect subtree.
#[must_use]
pub fn root_of_parts(parts: &[Hash32], chunks: u64) -> Option<Hash32> {
    let fits = chunks > 0 && chunks.div_ceil(PART_CHUNKS as u64) == parts.len() as u64;
    fits.then(|| tree::root_of(parts))
}

/// The digest of a file that stands in memory whole: the root over its chunks.
#[must_use]
pub fn plain_digest(plaintext: &[u8]) -> Hash32 {
    let mut leaves: Vec<Hash32> = plaintext.chunks(CHUNK).map(chunk_leaf).collect();
    if leaves.is_empty() {
        // An empty file has one chunk, with nothing in it.
        leaves.push(chunk_leaf(&[]));
    }
    tree::root_of(&leaves)
}
