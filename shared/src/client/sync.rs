//! Brings what the device verified up to date with the server's streams.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::pen::Pen;
use super::ring::{Keys, Ring};
use super::room::Room;
use crate::ids::MatterId;
use crate::journal::receipt::Receipt;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{From, News, ReadHead};
use crate::problem::Code;
use crate::vuln;

/// How often a batch is signed again because somebody else wrote first.
pub(super) const TRIES: usize = 6;
/// Streams asked for in one call.
const STREAMS: usize = 64;

impl<H: Host> Portal<H> {
    /// Reads the rest of the keyring into the unlocked directory.
    pub(crate) async fn sync_directory(&self, ring: &Ring) -> Result<(), ClientError> {
        let _turn = ring.reading().await;
        loop {
            let (log, seq) =
                ring.with(|keys| (keys.directory.log(), keys.directory.head().next))?;
            let page =
                self.page(&log, From { stream: StreamId::Keyring, seq }, Thing::Keyring).await?;
            let head = ring.with_mut(|keys| {
                let directory = &mut keys.directory;
                page.entries.iter().try_for_each(|entry| directory.apply(&entry.statement.0))?;
                Ok::<_, ClientError>(directory.head())
            })??;
            self.remember_ends(log.firm, [(StreamId::Keyring, head)]).await?;
            if !page.more {
                return Ok(());
            }
        }
    }

    pub(crate) async fn extend_directory(
        &self,
        directory: &mut Directory,
    ) -> Result<(), ClientError> {
        loop {
            let from = From { stream: StreamId::Keyring, seq: directory.head().next };
            let page = self.page(&directory.log(), from, Thing::Keyring).await?;
            for entry in &page.entries {
                directory.apply(&entry.statement.0)?;
            }
            let end = (StreamId::Keyring, directory.head());
            self.remember_ends(directory.firm(), [end]).await?;
            if !page.more {
                return Ok(());
            }
        }
    }

    /// Reads the news of some matters and verifies them all.
    pub(crate) async fn sync_rooms(
        &self,
        ring: &Ring,
        matters: &[MatterId],
    ) -> Result<(), ClientError> {
        match self.sync_each(ring, matters).await?.into_values().next() {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    /// Reads the news of some matters and verifies each by itself. Those that do not verify come with
    /// the reason, and are forgotten whole: what is half folded is no matter.
    pub(crate) async fn sync_each(
        &self,
        ring: &Ring,
        matters: &[MatterId],
    ) -> Result<BTreeMap<MatterId, ClientError>, ClientError> {
        let _turn = ring.reading().await;
        self.resume_rooms(ring, matters).await;
        let mut broken = BTreeMap::new();
        for some in matters.chunks(STREAMS) {
            let mut some = some.to_vec();
            while !some.is_empty() && self.sync_some(ring, &some, &mut broken).await? {
                some.retain(|matter| !broken.contains_key(matter));
            }
        }
        for matter in broken.keys() {
            // Nothing that led here is gone on with: the next try begins anew.
            self.let_go(ring.whose(), StreamId::Matter(*matter)).await;
        }
        Ok(broken)
    }

    async fn sync_some(
        &self,
        ring: &Ring,
        matters: &[MatterId],
        broken: &mut BTreeMap<MatterId, ClientError>,
    ) -> Result<bool, ClientError> {
        let (log, from) = ring.with(|keys| {
            let begin = |matter: &MatterId| From {
                stream: StreamId::Matter(*matter),
                seq: keys.rooms.get(matter).map_or(0, |room| room.head().next),
            };
            (keys.directory.log(), matters.iter().map(begin).collect::<Vec<_>>())
        })?;
        let (page, refused) = self.page_of_each(&log, from).await?;
        for stream in refused {
            let StreamId::Matter(matter) = stream else {
                return Err(ClientError::NotVerified(Thing::Journal));
            };
            broken.insert(matter, ClientError::NotVerified(Thing::Matter));
            ring.with_mut(|keys| keys.rooms.remove(&matter))?;
        }
        let more = page.more;
        let heads = ring.with_mut(|keys| take(keys, page, broken))??;
        self.remember_ends(log.firm, heads).await?;
        Ok(more)
    }

    /// Signs acts at the present heads of these streams and appends them; when somebody else wrote
    /// first, reads the news and signs again.
    pub(crate) async fn append(
        &self,
        ring: &Ring,
        streams: &[StreamId],
        mut write: impl FnMut(&mut Keys, &mut Pen) -> Result<(), ClientError>,
    ) -> Result<Vec<Receipt>, ClientError> {
        for _ in 0..TRIES {
            let mut heads = Vec::with_capacity(streams.len());
            for stream in streams {
                heads.push((*stream, self.head(ring, *stream).await?));
            }
            let mut pen = Pen::new(self.host.now(), heads);
            let log = ring.with_mut(|keys| {
                write(keys, &mut pen)?;
                Ok::<_, ClientError>(keys.directory.log())
            })??;
            match self.call(&pen.append()).await {
                Ok(reply) => {
                    let receipts = pen.check(&reply, &log.key)?;
                    // What was written is shown again as it was, or not at all.
                    if !vuln::a07() {
                        self.remember_ends(log.firm, pen.ends()).await?;
                    }
                    return Ok(receipts);
                }
                Err(ClientError::Refused(Code::StreamMoved)) => {}
                Err(other) => return Err(other),
            }
        }
        Err(ClientError::Refused(Code::Busy))
    }

    /// The end of a stream: the verified one for streams that are read, so that nobody signs on
    /// top of what was not checked; the server's word for the others.
    async fn head(&self, ring: &Ring, stream: StreamId) -> Result<Head, ClientError> {
        match stream {
            StreamId::Keyring => {
                self.sync_directory(ring).await?;
                ring.with(|keys| keys.directory.head())
            }
            StreamId::Matter(matter) => {
                self.sync_rooms(ring, &[matter]).await?;
                ring.with(|keys| keys.rooms.get(&matter).map_or(Head::EMPTY, Room::head))
            }
            StreamId::Forms | StreamId::Policy | StreamId::Access(_) => {
                let firm = ring.with(Keys::firm)?;
                // What was known when it is asked: nobody signs twice at one place.
                let known = self.ends(firm).await?.get(&stream).copied().unwrap_or(Head::EMPTY);
                let head = self.call(&ReadHead { stream }).await?;
                let stands =
                    head.next > known.next || (head.next == known.next && head.last == known.last);
                if stands { Ok(head) } else { Err(ClientError::NotVerified(Thing::Journal)) }
            }
        }
    }
}

/// Folds a page into its rooms; gives where those now end that took it in.
fn take(
    keys: &mut Keys,
    page: News,
    broken: &mut BTreeMap<MatterId, ClientError>,
) -> Result<BTreeMap<StreamId, Head>, ClientError> {
    let mut heads = BTreeMap::new();
    for entry in page.entries {
        let stream = stream_of(&entry.statement.0)?;
        let StreamId::Matter(matter) = stream else {
            return Err(ClientError::NotVerified(Thing::Matter));
        };
        if broken.contains_key(&matter) {
            continue;
        }
        let room = keys.rooms.entry(matter).or_insert_with(|| Room::empty(matter));
        match room.apply(entry, &keys.directory) {
            Ok(()) => drop(heads.insert(stream, room.head())),
            Err(error) => {
                heads.remove(&stream);
                keys.rooms.remove(&matter);
                broken.insert(matter, error);
            }
        }
    }
    Ok(heads)
}

/// The stream that a statement claims; the room it is given to checks the claim.
pub(crate) fn stream_of(statement: &[u8]) -> Result<StreamId, ClientError> {
    crate::journal::statement::place_of(statement)
        .map(|place| place.stream)
        .ok_or(ClientError::NotVerified(Thing::Journal))
}
