//! The journal as a person of staff reads it: every act by leaf, and the newest checkpoint checked
//! against all of them.

use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::Ring;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::checkpoint;
use crate::journal::statement::{self, AccessAct, Placed, Verb};
use crate::journal::stream::Place;
use crate::journal::tree;
use crate::journal::wire::{Entry, MAX_PAGE, ReadCheckpoint, ReadJournal};
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);

/// One act.
pub struct JournalLine {
    /// Its leaf.
    pub leaf: u64,
    /// What kind.
    pub namespace: Namespace,
    /// Its kind within the namespace, by number; `None` where there is only one.
    pub variant: Option<u8>,
    /// Where it stands, and when its signer says it was made.
    pub place: Place,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Who signed.
    pub signer: Actor,
}

/// Who signed an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The firm root.
    Root,
    /// A person of staff.
    Staff(AccountId),
    /// A client.
    Client(Kid),
}

/// The whole journal, with the checkpoint that it adds up to.
pub struct JournalSeen {
    /// All acts, oldest first.
    pub lines: Vec<JournalLine>,
    /// The verified tree size.
    pub size: u64,
    /// The checkpoint's note, to be saved as evidence.
    pub note: String,
}

impl<H: Host> Portal<H> {
    /// Reads the journal whole and verifies the checkpoint: signed by the firm's log key, and the
    /// root over exactly the statements that the server shows. The newest verified checkpoint is
    /// pinned on this device; a shorter or other journal later is refused.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`] when the journal does not add up.
    pub async fn journal(&self, ring: &Ring) -> Result<JournalSeen, ClientError> {
        self.sync_directory(ring).await?;
        let (log, firm) = ring.with(|keys| (keys.directory.root().log, keys.firm()))?;
        let note = self.call(&ReadCheckpoint {}).await?.note;
        let checkpoint = checkpoint::Checkpoint::open(&note, &checkpoint::origin(firm), &log)
            .map_err(|_| BROKEN)?;
        let entries = self.entries(checkpoint.size).await?;
        let leaves: Vec<Hash32> = entries.iter().map(leaf_of).collect::<Result<_, _>>()?;
        if tree::root_of(&leaves) != checkpoint.root {
            return Err(BROKEN);
        }
        self.pin(firm, &leaves, checkpoint.size, checkpoint.root).await?;
        let lines = ring.with(|keys| {
            entries.iter().map(|entry| line(entry, &keys.directory)).collect::<Result<_, _>>()
        })??;
        Ok(JournalSeen { lines, size: checkpoint.size, note })
    }

    async fn entries(&self, size: u64) -> Result<Vec<Entry>, ClientError> {
        let mut entries: Vec<Entry> = Vec::new();
        while (entries.len() as u64) < size {
            let leaf = entries.len() as u64;
            let limit = u64::from(MAX_PAGE).min(size - leaf) as u32;
            let page = self.call(&ReadJournal { leaf, limit }).await?.entries;
            if page.is_empty() {
                return Err(BROKEN);
            }
            entries.extend(page);
        }
        entries.truncate(size as usize);
        Ok(entries)
    }

    async fn pin(
        &self,
        firm: Hash32,
        leaves: &[Hash32],
        size: u64,
        root: Hash32,
    ) -> Result<(), ClientError> {
        let key = alloc::format!("pin/{firm}");
        if let Some(bytes) = self.host.load(&key).await? {
            let (old_size, old_root): (u64, Hash32) =
                cbor::decode_strict(&bytes, 128).map_err(|_| ClientError::Store)?;
            let old = usize::try_from(old_size).ok().and_then(|size| leaves.get(..size));
            if old.map(tree::root_of) != Some(old_root) {
                return Err(BROKEN);
            }
        }
        Ok(self.host.save(&key, &cbor::encode(&(size, root))).await?)
    }
}

fn leaf_of(entry: &Entry) -> Result<Hash32, ClientError> {
    let digest = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?.digest();
    Ok(tree::leaf_hash(digest, entry.blind))
}

/// Acts of one kind are told apart by what they say they did: opened, saved, exported.
fn variant(signed: &Signed, entry: &Entry) -> Option<u8> {
    if signed.namespace() != Namespace::Access {
        return statement::variant_of(&entry.statement.0);
    }
    let body: Placed<AccessAct> = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
    Some(match body.act.verb {
        Verb::Opened => 1,
        Verb::Downloaded => 2,
        Verb::Exported => 3,
    })
}

fn line(
    entry: &Entry,
    directory: &super::directory::Directory,
) -> Result<JournalLine, ClientError> {
    let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
    let place = statement::place_of(&entry.statement.0).ok_or(BROKEN)?;
    let signer = match directory.member_by_kid(signed.signer()) {
        Some(member) => Actor::Staff(member.account),
        None if signed.signer() == Kid::of_root(directory.firm()) => Actor::Root,
        None => Actor::Client(signed.signer()),
    };
    Ok(JournalLine {
        leaf: entry.leaf,
        namespace: signed.namespace(),
        variant: variant(&signed, entry),
        place,
        arrived: Timestamp(entry.arrived),
        signer,
    })
}
