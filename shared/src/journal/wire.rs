//! What travels between a browser and the journal.
//!
//! [`Append`] is the one door through which acts reach the server: a list of statements that are
//! taken together or not at all, with the sealed attachments that they name by hash.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::statement::place_of;
use super::stream::{Head, StreamId};
use crate::call::{Done, call};
use crate::crypto::hash::Hash32;
use crate::encoding::B64;

/// Most statements in one [`Append`].
pub const MAX_STATEMENTS: usize = 64;
/// Largest attachment, in bytes: a sealed form definition or an invitation's blob.
pub const MAX_ATTACHMENT: usize = 256 * 1024;
/// Most leaves in one [`ReadProof`].
pub const MAX_LEAVES: usize = 1000;
/// Most entries in one page of [`ReadStreams`] or [`ReadJournal`]; a page also ends after some 2 MiB.
pub const MAX_PAGE: u32 = 2000;
/// Most cosigned checkpoints in one [`Proof`].
pub const MAX_WITNESSED: usize = 8;

/// Statements to append, in order, all or none.
///
/// Sending the same statements again earns the same receipts: a lost answer is asked for again by
/// repeating the call.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Append {
    /// `USS1` statements.
    pub statements: Vec<B64>,
    /// What they name by hash; every one is named, every name is met.
    #[serde(default)]
    pub attachments: Vec<B64>,
}
call!(Append, "/api/v1/journal/append", Appended);

/// The receipts, one a statement, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Appended {
    /// `USS1`, namespace 13.
    pub receipts: Vec<B64>,
}

/// The end of a stream that the caller may write to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadHead {
    /// Which.
    pub stream: StreamId,
}
call!(ReadHead, "/api/v1/journal/head", Head);

/// Statements of several streams, each from a number on, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadStreams {
    /// At most 64 streams.
    pub from: Vec<From>,
    /// At most [`MAX_PAGE`]; statements over all streams together.
    pub limit: u32,
    /// Size of the newest checkpoint that the caller verified; 0 before the first.
    pub seen: u64,
}
call!(ReadStreams, "/api/v1/journal/streams", News);

/// A page of statements in the order of the question's streams, then of their numbers, and where
/// they stand in the tree.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct News {
    /// The statements.
    pub entries: Vec<Entry>,
    /// Whether more would have followed with a larger limit.
    pub more: bool,
    /// For the page's last statement of each stream, in the page's order: it names all before it.
    pub proof: Proof,
}

/// Where to begin in one stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Which.
    pub stream: StreamId,
    /// The first number wanted.
    pub seq: u64,
}

/// The last statement of each stream of a page, in the page's order: what its proof is about. One that
/// claims no stream stands for itself.
pub fn last_of_each_stream(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let stream = |entry: &Entry| place_of(&entry.statement.0).map(|place| place.stream);
    let same = move |a: &Entry, b: &Entry| stream(a).is_some_and(|one| stream(b) == Some(one));
    entries.chunk_by(same).filter_map(<[Entry]>::last)
}

/// A page of the journal by leaf.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entries {
    /// The statements.
    pub entries: Vec<Entry>,
    /// Whether more would have followed with a larger limit.
    pub more: bool,
}

/// One statement as the server keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// `USS1`.
    pub statement: B64,
    /// Its leaf in the tree.
    pub leaf: u64,
    /// The leaf's blind.
    pub blind: Hash32,
    /// The server's time of arrival, in milliseconds.
    pub arrived: u64,
    /// Those of its attachments that the caller may have (staff with a seat; for `forms` and the
    /// office room, staff with a grant to the office).
    #[serde(default)]
    pub attachments: Vec<B64>,
}

/// All statements of the firm by leaf, without attachments. Any member of staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadJournal {
    /// The first leaf wanted.
    pub leaf: u64,
    /// At most [`MAX_PAGE`].
    pub limit: u32,
}
call!(ReadJournal, "/api/v1/journal/entries", Entries);

/// Proof of where some leaves stand, and that the tree grew out of the one that the caller knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadProof {
    /// Size of the newest checkpoint that the caller verified; 0 before the first.
    pub seen: u64,
    /// At most [`MAX_LEAVES`].
    pub leaves: Vec<u64>,
    /// The size of the tree that is asked about; absent for the present one.
    #[serde(default)]
    pub size: Option<u64>,
}
call!(ReadProof, "/api/v1/journal/proof", Proof);

/// A checkpoint and what hangs on it. Hashes are in the order of RFC 6962, section 2.1.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proof {
    /// A C2SP signed note: the checkpoint.
    pub note: String,
    /// That its tree begins with the tree of the size that the caller has seen; none where there is
    /// nothing to prove.
    pub consistency: Vec<Hash32>,
    /// That each leaf is in its tree, in the order of the question.
    pub inclusion: Vec<Vec<Hash32>>,
    /// Checkpoints that members of staff cosigned within [`super::cosignature::FRESH`], the largest
    /// first; at most [`MAX_WITNESSED`]. Only in answers to [`ReadProof`] about the present tree, and for
    /// a client those of members who sit at its matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<Witnessed>,
}

/// A checkpoint that was cosigned when the tree had this size, or a smaller one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Witnessed {
    /// A C2SP signed note: the checkpoint with the lines of those who cosigned it.
    pub note: String,
    /// That the proof's tree begins with its tree; none where the two are the same.
    pub consistency: Vec<Hash32>,
}

/// A cosignature of the caller's own, by which staff stands witness to the journal. The server keeps
/// the newest of each member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cosign {
    /// The size of the checkpoint.
    pub size: u64,
    /// One signature line of `cosignature/v1` over it, with its line end.
    pub line: String,
}
call!(Cosign, "/api/v1/journal/cosign", Done);
