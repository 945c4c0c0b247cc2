//! The journal's part of an export, and what it proves. The same function runs when an export is
//! written and when it is read years later by somebody else: nothing is written that would not
//! stand.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::flaw::Flaw;
use crate::client::directory::Directory;
use crate::client::opened::read_note;
use crate::client::path::root_fingerprint;
use crate::client::posts::Spot;
use crate::client::room::Room;
use crate::crypto::hash::Hash32;
use crate::crypto::signed::Signed;
use crate::ids::MatterId;
use crate::journal::checkpoint::{Checkpoint, origin};
use crate::journal::proof::verify_inclusion;
use crate::journal::stream::{Head, StreamId};
use crate::journal::tree;
use crate::journal::wire::Entry;

/// One stream of the journal as a file: `journal/keyring.json`, `matter.json`, `access.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamFile {
    /// Which.
    pub stream: StreamId,
    /// All its statements from the first one on.
    pub entries: Vec<Entry>,
}

/// `journal/inclusion.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    /// The size of the tree that the proofs are for: the checkpoint's.
    pub size: u64,
    /// One for each statement of the export.
    pub proofs: Vec<Proof>,
}

/// Why a statement is in the tree (RFC 6962 section 2.1.1).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Its leaf.
    pub leaf: u64,
    /// The path, in the RFC's order.
    pub hashes: Vec<Hash32>,
}

/// The journal's files.
pub struct Journal {
    /// The firm's people and keys.
    pub keyring: StreamFile,
    /// The matter.
    pub matter: StreamFile,
    /// Who opened what.
    pub access: StreamFile,
    /// The signed note.
    pub checkpoint: String,
    /// The proofs.
    pub inclusion: Inclusion,
}

/// What a journal proves.
pub struct Evidence {
    /// The firm's people and keys.
    pub directory: Directory,
    /// The matter.
    pub room: Room,
    /// Number of acts of opening, saving and exporting.
    pub accesses: usize,
    /// The tree that holds all of it.
    pub checkpoint: Checkpoint,
}

impl Journal {
    /// Verifies everything, from the firm's root down. Whether that root is the right firm's is for
    /// the reader to compare: [`Evidence::directory`] has the fingerprint.
    ///
    /// # Errors
    /// With the first thing that does not hold.
    pub fn verify(&self) -> Result<Evidence, Flaw> {
        let StreamId::Matter(matter) = self.matter.stream else { return Err(Flaw::Matter) };
        let directory = self.directory()?;
        let mut room = Room::empty(matter);
        for entry in &self.matter.entries {
            room.apply(entry.clone(), &directory).map_err(|_| Flaw::Matter)?;
        }
        self.check_access(matter, &directory, &room)?;
        let checkpoint = self.check_inclusion(&directory)?;
        Ok(Evidence { directory, room, accesses: self.access.entries.len(), checkpoint })
    }

    fn directory(&self) -> Result<Directory, Flaw> {
        let (root, rest) = self.keyring.entries.split_first().ok_or(Flaw::Keyring)?;
        let firm = root_fingerprint(&root.statement.0).ok_or(Flaw::Keyring)?;
        let mut directory = Directory::begin(&root.statement.0, firm).map_err(|_| Flaw::Keyring)?;
        for entry in rest {
            directory.apply(entry).map_err(|_| Flaw::Keyring)?;
        }
        if self.keyring.stream == StreamId::Keyring { Ok(directory) } else { Err(Flaw::Keyring) }
    }

    fn check_access(
        &self,
        matter: MatterId,
        directory: &Directory,
        room: &Room,
    ) -> Result<(), Flaw> {
        let stream = StreamId::Access(matter);
        let mut head = Head::EMPTY;
        for entry in &self.access.entries {
            let signed = Signed::parse(&entry.statement.0).map_err(|_| Flaw::Access)?;
            let note = read_note(&signed, directory, room).ok_or(Flaw::Access)?;
            if !directory.counts(signed.signer(), &Spot::of(entry)) {
                return Err(Flaw::Access);
            }
            head = head.advance(&note.place, signed.digest()).map_err(|_| Flaw::Access)?;
        }
        if self.access.stream == stream { Ok(()) } else { Err(Flaw::Access) }
    }

    /// Every statement is in the tree that the firm's log signed.
    fn check_inclusion(&self, directory: &Directory) -> Result<Checkpoint, Flaw> {
        let origin = origin(directory.firm());
        let log = directory.root().log;
        let checkpoint =
            Checkpoint::open(&self.checkpoint, &origin, &log).map_err(|_| Flaw::Checkpoint)?;
        if self.inclusion.size != checkpoint.size {
            return Err(Flaw::Checkpoint);
        }
        let proofs: BTreeMap<u64, &[Hash32]> = self
            .inclusion
            .proofs
            .iter()
            .map(|proof| (proof.leaf, proof.hashes.as_slice()))
            .collect();
        for entry in self.entries() {
            let digest = crate::crypto::hash::sha256(&entry.statement.0);
            let leaf = tree::leaf_hash(digest, entry.blind);
            let path = proofs.get(&entry.leaf).ok_or(Flaw::Inclusion(entry.leaf))?;
            verify_inclusion(leaf, entry.leaf, checkpoint.size, checkpoint.root, path)
                .map_err(|_| Flaw::Inclusion(entry.leaf))?;
        }
        Ok(checkpoint)
    }

    /// Every statement of the export.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        [&self.keyring, &self.matter, &self.access].into_iter().flat_map(|file| &file.entries)
    }
}
