//! Pages of streams: as many statements as fit, each with the attachments its reader may have.

use shared::crypto::keys::Kid;
use shared::ids::MatterId;
use shared::journal::stream::StreamId;
use shared::journal::wire::{self, Entries, Entry, From, MAX_PAGE, ReadJournal, ReadStreams};

use super::permit::Permit;
use super::policy::{self, Firm, Readable};
use super::recovery;
use super::store::{self, Weighed, directory};
use crate::db::Conn;
use crate::db::pool::DbError;
use crate::error::{ApiError, Reply};
use crate::extract::caller::Caller;
use crate::matters;

const MOST_STREAMS: usize = 64;
/// A page ends after this many bytes even when fewer statements than asked for fit.
const PAGE_BYTES: usize = 2 * 1024 * 1024;
/// Statements that are asked for at once.
const STEP: u32 = 256;

/// Whether the caller sits in the room that a stream belongs to: the office's for the forms.
pub(super) async fn seated(conn: &mut Conn, caller: &Caller, stream: StreamId) -> Reply<bool> {
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    seated_in(conn, &firm, caller, stream).await
}

async fn seated_in(conn: &mut Conn, firm: &Firm, caller: &Caller, stream: StreamId) -> Reply<bool> {
    let Caller::Staff { kid, .. } = caller else { return Ok(false) };
    let Some(room) = room_of(stream, firm) else { return Ok(false) };
    if matters::store::seated(conn, Kid(kid.0), room).await? {
        return Ok(true);
    }
    // Whoever passes a seat on reads what is passed on.
    Ok(stream == StreamId::Matter(room) && recovery::conducts(conn, *kid, room).await?)
}

const fn room_of(stream: StreamId, firm: &Firm) -> Option<MatterId> {
    match stream {
        StreamId::Keyring | StreamId::Reviews => None,
        StreamId::Forms | StreamId::Policy => Some(firm.office),
        StreamId::Matter(matter) | StreamId::Access(matter) => Some(matter),
    }
}

/// A page over several streams. Every one of them must be readable, or nothing is.
pub(super) async fn streams(
    conn: &mut Conn,
    caller: &Caller,
    call: &ReadStreams,
) -> Reply<Entries> {
    if call.from.len() > MOST_STREAMS {
        return Err(ApiError::bad_request("At most 64 streams are read at once."));
    }
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    let mut allowed = Vec::with_capacity(call.from.len());
    for from in &call.from {
        let seated = seated_in(conn, &firm, caller, from.stream).await?;
        allowed.push(policy::may_read(caller, from.stream, seated)?);
    }
    let mut page = Page::new(call.limit);
    for (from, permit) in call.from.iter().zip(&allowed) {
        if !page.add(conn, from, permit).await? {
            break;
        }
    }
    Ok(page.entries)
}

/// A page of the keyring, for whoever showed a quorum of shares.
///
/// # Errors
/// When the database refuses.
pub async fn by_shares(
    conn: &mut Conn,
    permit: &Permit<Readable>,
    seq: u64,
) -> Result<Entries, DbError> {
    let mut page = Page::new(MAX_PAGE);
    page.add(conn, &From { stream: permit.stream, seq }, permit).await?;
    Ok(page.entries)
}

/// A page of the whole journal.
pub(super) async fn journal(
    conn: &mut Conn,
    permit: &Permit<()>,
    call: &ReadJournal,
) -> Result<Entries, DbError> {
    let mut page = Page::new(call.limit);
    let mut leaf = call.leaf;
    loop {
        let step = STEP.min(page.left + 1);
        let found = store::read_journal(conn, permit, leaf, step).await?;
        let count = found.len();
        for weighed in found {
            leaf = weighed.entry.leaf.saturating_add(1);
            if !page.take(weighed) {
                page.entries.more = true;
                return Ok(page.entries);
            }
        }
        if count < step as usize {
            return Ok(page.entries);
        }
    }
}

/// The leaf of the last statement of each stream, in a page's order.
pub(super) fn lasts(entries: &[Entry]) -> Vec<u64> {
    wire::last_of_each_stream(entries).map(|entry| entry.leaf).collect()
}

struct Page {
    entries: Entries,
    left: u32,
    bytes: usize,
}

impl Page {
    fn new(limit: u32) -> Self {
        let entries = Entries { entries: Vec::new(), more: false };
        Self { entries, left: limit.clamp(1, MAX_PAGE), bytes: 0 }
    }

    /// Adds what fits of one stream; `false` when the page is full.
    async fn add(
        &mut self,
        conn: &mut Conn,
        from: &From,
        permit: &Permit<Readable>,
    ) -> Result<bool, DbError> {
        let mut seq = from.seq;
        loop {
            // One more than fits tells whether more follows.
            let step = STEP.min(self.left + 1);
            let found = store::read_stream(conn, permit, seq, step).await?;
            let (count, begun) = (found.len(), self.entries.entries.len());
            for weighed in found {
                if !self.take(weighed) {
                    break;
                }
            }
            let taken = self.entries.entries.len() - begun;
            if permit.attachments && taken > 0 {
                let seqs = (seq, seq + taken as u64);
                let mut beside = store::attachments(conn, permit, seqs).await?;
                for entry in self.entries.entries.iter_mut().skip(begun) {
                    entry.attachments = beside.remove(&entry.leaf).unwrap_or_default();
                }
            }
            if taken < count {
                self.entries.more = true;
                return Ok(false);
            }
            if count < step as usize {
                return Ok(true);
            }
            seq += taken as u64;
        }
    }

    /// Takes a statement in, unless the page is full. The first always fits.
    fn take(&mut self, Weighed { entry, bytes }: Weighed) -> bool {
        let empty = self.entries.entries.is_empty();
        if self.left == 0 || (self.bytes + bytes > PAGE_BYTES && !empty) {
            return false;
        }
        self.left -= 1;
        self.bytes += bytes;
        self.entries.entries.push(entry);
        true
    }
}
