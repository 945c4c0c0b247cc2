//! A journal that the server made up and signs with the firm's true log key: statements exchanged, added or
//! left out, with proofs as an honest server would give them. What it cannot make is people's signatures.

use std::collections::BTreeMap;

use shared::call::Call as _;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::SigningKey;
use shared::journal::anchor::Leaf;
use shared::journal::checkpoint::{Checkpoint, Note};
use shared::journal::statement::place_of;
use shared::journal::stream::{Place, StreamId};
use shared::journal::tree;
use shared::journal::wire::{
    Append, Entry, From, News, Proof, ReadJournal, ReadProof, ReadStreams, last_of_each_stream,
};

use super::forge::entries_of;
use crate::harness::acts::{Firm, ask};
use crate::harness::client::Twist;

pub const STREAMS: &str = ReadStreams::ROUTE;
pub const PROOF: &str = ReadProof::ROUTE;

/// The journal and the key that signs it.
pub struct Journal {
    pub leaves: Vec<Hash32>,
    origin: String,
    key: SigningKey,
    instead: BTreeMap<u64, Option<Entry>>,
    added: Vec<Entry>,
}

impl Journal {
    /// The true one.
    pub async fn of(firm: &Firm) -> Self {
        let key = SigningKey::from_seed(*firm.server.app.secrets.log.seed());
        let journal = firm.portal.journal(&firm.ring, async |_, _| {}).await.unwrap();
        Self {
            leaves: leaves(firm).await,
            origin: checkpoint(&journal.note).origin,
            key,
            instead: BTreeMap::new(),
            added: Vec::new(),
        }
    }

    /// One that has nothing to do with the true one: another firm's, under a key of the server's own.
    pub fn made_up(firm: Hash32, key: SigningKey) -> Self {
        let origin = shared::journal::checkpoint::origin(firm);
        let instead = (0..1000).map(|leaf| (leaf, None)).collect();
        Self { leaves: Vec::new(), origin, key, instead, added: Vec::new() }
    }

    /// One statement of the past exchanged for another.
    pub fn with_another_past(mut self) -> Self {
        self.leaves[1] = Hash32([7; 32]);
        self
    }

    /// Shows this entry in the place of the one that has its leaf.
    pub fn exchange(mut self, entry: Entry) -> Self {
        self.leaves[entry.leaf as usize] = Leaf::of(&entry).hash;
        self.instead.insert(entry.leaf, Some(entry));
        self
    }

    /// Shows nothing where this leaf's entry was; the tree keeps its leaf.
    pub fn leave_out(mut self, leaf: u64) -> Self {
        self.instead.insert(leaf, None);
        self
    }

    /// Adds an entry, at the next leaf, to the end of the stream that its statement names.
    pub fn add(mut self, mut entry: Entry) -> Self {
        entry.leaf = self.leaves.len() as u64;
        self.leaves.push(Leaf::of(&entry).hash);
        self.added.push(entry);
        self
    }

    /// Adds everything that a script says.
    pub fn say(self, acts: Append) -> Self {
        entries_of(acts).into_iter().fold(self, Self::add)
    }

    fn node(&self, level: u8, index: u64) -> Hash32 {
        let (from, to) = ((index << level) as usize, ((index + 1) << level) as usize);
        tree::root_of(&self.leaves[from..to])
    }

    fn note(&self, size: u64) -> String {
        let root = tree::root(size, |level, index| self.node(level, index));
        Checkpoint { origin: self.origin.clone(), size, root }.sign(&self.key).unwrap()
    }

    /// Proofs as an honest server would give them, of this journal.
    pub fn prove(&self, seen: u64, leaves: &[u64], size: u64) -> Proof {
        let get = |level, index| self.node(level, index);
        let consistency =
            if seen == 0 || seen >= size { Vec::new() } else { tree::consistency(seen, size, get) };
        let inclusion = leaves.iter().map(|leaf| tree::inclusion(*leaf, size, get)).collect();
        Proof { note: self.note(size), consistency, inclusion, witnessed: Vec::new() }
    }

    /// A page as this journal has it, from the honest one.
    fn rewrite(&self, asked: &ReadStreams, entries: Vec<Entry>) -> Vec<Entry> {
        let size = self.leaves.len() as u64;
        let mut page: Vec<Entry> = entries
            .into_iter()
            .filter_map(|entry| match self.instead.get(&entry.leaf) {
                Some(other) => other.clone(),
                None => (entry.leaf < size).then_some(entry),
            })
            .collect();
        for from in &asked.from {
            let of = |entry: &Entry| stream_of(entry) == Some(from.stream);
            let more = self.added.iter().filter(|entry| {
                of(entry) && place(entry).is_some_and(|place| place.seq >= from.seq)
            });
            let more: Vec<Entry> = more.cloned().collect();
            let order = |entry: &Entry| {
                asked.from.iter().position(|one| Some(one.stream) == stream_of(entry))
            };
            let here = asked.from.iter().position(|one| one.stream == from.stream);
            let at = page.iter().rposition(|entry| order(entry) <= here).map_or(0, |at| at + 1);
            page.splice(at..at, more);
        }
        page
    }

    /// Answers every question about the journal from this one.
    pub fn twist(self) -> Twist {
        let size = self.leaves.len() as u64;
        Box::new(move |path, question, answer| match path {
            STREAMS => {
                let asked: ReadStreams = serde_json::from_slice(question).unwrap();
                let Ok(mut news) = serde_json::from_slice::<News>(&answer) else { return answer };
                news.entries = self.rewrite(&asked, news.entries);
                let lasts: Vec<u64> =
                    last_of_each_stream(&news.entries).map(|entry| entry.leaf).collect();
                news.proof = self.prove(asked.seen, &lasts, size);
                serde_json::to_vec(&news).unwrap()
            }
            PROOF => {
                let asked: ReadProof = serde_json::from_slice(question).unwrap();
                let wanted = asked.size.unwrap_or(size);
                if wanted > size {
                    return b"{}".to_vec();
                }
                serde_json::to_vec(&self.prove(asked.seen, &asked.leaves, wanted)).unwrap()
            }
            _ => answer,
        })
    }
}

fn stream_of(entry: &Entry) -> Option<StreamId> {
    place(entry).map(|place| place.stream)
}

/// Where a statement claims to stand, whatever its suite.
fn place(entry: &Entry) -> Option<Place> {
    let mut bytes = entry.statement.0.clone();
    bytes[6] = 1;
    place_of(&bytes)
}

/// The server says that this statement stands at an early leaf.
pub fn backdated(mut journal: Twist, digest: Hash32) -> Twist {
    Box::new(move |path, question, answer| {
        let answer = journal(path, question, answer);
        if path != STREAMS {
            return answer;
        }
        let Ok(mut news) = serde_json::from_slice::<News>(&answer) else { return answer };
        let late = |bytes: &[u8]| sha256(bytes) == digest;
        news.entries
            .iter_mut()
            .filter(|entry| late(&entry.statement.0))
            .for_each(|one| one.leaf = 3);
        serde_json::to_vec(&news).unwrap()
    })
}

/// What a note says.
pub fn checkpoint(note: &str) -> Checkpoint {
    Note::parse(note).unwrap().checkpoint
}

/// All entries, as the honest server has them, by leaf; without attachments.
pub async fn entries(firm: &Firm) -> Vec<Entry> {
    let page = ask(&firm.portal, &ReadJournal { leaf: 0, limit: 200 }).await;
    assert!(!page.more);
    page.entries
}

/// The leaves as the honest server has them.
pub async fn leaves(firm: &Firm) -> Vec<Hash32> {
    entries(firm).await.iter().map(|entry| Leaf::of(entry).hash).collect()
}

/// A stream as the honest server shows it to the founder, with attachments.
pub async fn stream(firm: &Firm, stream: StreamId) -> Vec<Entry> {
    let from = vec![From { stream, seq: 0 }];
    ask(&firm.portal, &ReadStreams { from, limit: 200, seen: 0 }).await.entries
}
