//! Brings what the device verified up to date with the server's streams.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::{Claim, Host};
use super::matters;
use super::pen::Pen;
use super::pin::Proven;
use super::ring::{Keys, Ring};
use super::room::Room;
use super::turn::both;
use crate::crypto::hash::Hash32;
use crate::crypto::signed::{Sound, signer_of};
use crate::ids::MatterId;
use crate::journal::anchor::Log;
use crate::journal::receipt::Receipt;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From, News, ReadHead};
use crate::problem::Code;
use crate::vuln;

/// How often a batch is signed again because somebody else wrote first.
pub(super) const TRIES: usize = 6;
/// Streams asked for in one call.
pub(super) const STREAMS: usize = 64;

impl<H: Host> Portal<H> {
    /// Reads the rest of the keyring into the unlocked directory.
    pub(crate) async fn sync_directory(&self, ring: &Ring) -> Result<(), ClientError> {
        let _turn = ring.reading().await;
        let now = self.host.now();
        ring.with_mut(|keys| keys.directory.now = now)?;
        loop {
            let (log, seq) =
                ring.with(|keys| (keys.directory.log(), keys.directory.head().next))?;
            let page =
                self.page(&log, From { stream: StreamId::Keyring, seq }, Thing::Keyring).await?;
            self.hold_leaves(&log, &page.entries).await?;
            let head = ring.with_mut(|keys| {
                let directory = &mut keys.directory;
                page.entries.iter().try_for_each(|entry| directory.apply(entry))?;
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
        directory.now = self.host.now();
        loop {
            let from = From { stream: StreamId::Keyring, seq: directory.head().next };
            let page = self.page(&directory.log(), from, Thing::Keyring).await?;
            self.hold_leaves(&directory.log(), &page.entries).await?;
            page.entries.iter().try_for_each(|entry| directory.apply(entry))?;
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
    ///
    /// While a page is verified and folded, the next one is on its way: one, and only after the journal is
    /// proven to hold the page before it. And while others verify a page's signatures, the keys of the matters
    /// that were read to their end before it are opened here: of a thousand matters each has one.
    ///
    /// Those that speak of more of the keyring than was read here, and those that were read before somebody's
    /// end was known, are read once more.
    pub(crate) async fn sync_each(
        &self,
        ring: &Ring,
        matters: &[MatterId],
    ) -> Result<BTreeMap<MatterId, ClientError>, ClientError> {
        let mut broken = self.read_each(ring, matters).await?;
        let mut again = self.behind(ring, &broken).await?;
        broken.retain(|matter, _| !again.contains(matter));
        again.extend(self.hold_rooms(ring, matters, &mut broken).await?);
        if again.is_empty() {
            return Ok(broken);
        }
        broken.extend(self.read_each(ring, &again).await?);
        for matter in self.hold_rooms(ring, &again, &mut broken).await? {
            broken.insert(matter, ClientError::NotVerified(Thing::Matter));
        }
        Ok(broken)
    }

    async fn read_each(
        &self,
        ring: &Ring,
        matters: &[MatterId],
    ) -> Result<BTreeMap<MatterId, ClientError>, ClientError> {
        let _turn = ring.reading().await;
        self.resume_rooms(ring, matters).await;
        let mut broken = BTreeMap::new();
        let log = ring.with(|keys| keys.directory.log())?;
        let mut some = matters.chunks(STREAMS);
        let mut begin = || some.next().map(|some| ring.with(|keys| begun(keys, some))).transpose();
        let mut from = begin()?;
        let mut ahead = self.page_of_each(&log, from.as_deref()).await;
        let mut read = Vec::new();
        while let Some((asked, page)) = from.take().zip(ahead.take()) {
            let page = page?;
            refuse(ring, &page.refused, &mut broken)?;
            let streams: Vec<StreamId> = asked.iter().map(|from| from.stream).collect();
            let rest = going_on(asked, &page, &broken);
            let ended = if rest.is_empty() { streams } else { Vec::new() };
            from = if rest.is_empty() { begin()? } else { Some(rest) };
            let next = self.page_of_each(&log, from.as_deref());
            let taking = self.take_in(ring, log.firm, page, &mut broken, &read);
            // What is asked for goes out first: opening keys holds this thread.
            let (next, taken) = both(next, taking).await;
            taken?;
            (ahead, read) = (next, ended);
        }
        for matter in broken.keys() {
            // Nothing that led here is gone on with: the next try begins anew.
            self.let_go(ring.whose(), StreamId::Matter(*matter)).await;
        }
        Ok(broken)
    }

    async fn page_of_each(
        &self,
        log: &Log,
        from: Option<&[From]>,
    ) -> Option<Result<Proven, ClientError>> {
        let asked = self.ask(log.firm, from?.to_vec()).await;
        Some(match asked {
            Ok(asked) => self.prove_page(log, asked).await,
            Err(error) => Err(error),
        })
    }

    /// Verifies a page's statements and folds them into their rooms. Meanwhile the keys of the streams that
    /// were `read` before are opened.
    async fn take_in(
        &self,
        ring: &Ring,
        firm: Hash32,
        page: Proven,
        broken: &mut BTreeMap<MatterId, ClientError>,
        read: &[StreamId],
    ) -> Result<(), ClientError> {
        let open = async { ring.with_mut(|keys| matters::open_keys(keys, read)) };
        let (sound, opened) = both(self.verified_ahead(ring, &page.news), open).await;
        opened?;
        let sound = sound?;
        let heads = ring.with_mut(|keys| take(keys, page, broken, &sound))??;
        self.remember_ends(firm, heads).await
    }

    /// Which signatures of a page were found to hold, side by side: those of the firm's people. A client's key
    /// is learned from the stream itself.
    async fn verified_ahead(&self, ring: &Ring, page: &News) -> Result<Sound, ClientError> {
        let claims: Vec<Claim<'_>> = ring.with(|keys| {
            let claim = |entry: &'_ Entry| {
                let member = keys.directory.member_by_kid(signer_of(&entry.statement.0).ok()?)?;
                member.bundle.verify_key
            };
            let entries = page.entries.iter();
            let known = entries.filter_map(|entry| Some((claim(entry)?, &entry.statement.0)));
            known.map(|(key, statement)| Claim { key, statement }).collect()
        })?;
        let verdicts = self.host.verify(&claims).await;
        let mut sound = Sound::default();
        for (claim, _) in claims.iter().zip(verdicts).filter(|(_, holds)| *holds) {
            sound.add(claim.statement, claim.key);
        }
        Ok(sound)
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
            let heads = self.heads(ring, streams).await?;
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

    /// The ends of streams: the verified ones of those that are read, so that nobody signs on
    /// top of what was not checked; the server's word for the others.
    async fn heads(
        &self,
        ring: &Ring,
        streams: &[StreamId],
    ) -> Result<Vec<(StreamId, Head)>, ClientError> {
        if streams.contains(&StreamId::Keyring) {
            self.sync_directory(ring).await?;
        }
        let matters: Vec<MatterId> = streams.iter().filter_map(|one| one.matter()).collect();
        if !matters.is_empty() {
            self.sync_rooms(ring, &matters).await?;
        }
        let mut heads = Vec::with_capacity(streams.len());
        for stream in streams {
            heads.push((*stream, self.head(ring, *stream).await?));
        }
        Ok(heads)
    }

    async fn head(&self, ring: &Ring, stream: StreamId) -> Result<Head, ClientError> {
        match stream {
            StreamId::Keyring => ring.with(|keys| keys.directory.head()),
            StreamId::Matter(matter) => {
                ring.with(|keys| keys.rooms.get(&matter).map_or(Head::EMPTY, Room::head))
            }
            StreamId::Forms | StreamId::Policy | StreamId::Reviews | StreamId::Access(_) => {
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

/// Where the news of these matters begin.
fn begun(keys: &Keys, matters: &[MatterId]) -> Vec<From> {
    let begin = |matter: &MatterId| From {
        stream: StreamId::Matter(*matter),
        seq: keys.rooms.get(matter).map_or(0, |room| room.head().next),
    };
    matters.iter().map(begin).collect()
}

/// What is to be asked after a page that had no room for all: the same streams from where it ends, without
/// those that broke.
fn going_on(
    asked: Vec<From>,
    page: &Proven,
    broken: &BTreeMap<MatterId, ClientError>,
) -> Vec<From> {
    if !page.news.more {
        return Vec::new();
    }
    let goes_on = |from: &From| match from.stream {
        StreamId::Matter(matter) => !broken.contains_key(&matter),
        _ => true,
    };
    let read = |stream| page.streams.iter().filter(|one| **one == stream).count() as u64;
    let on = |From { stream, seq }| From { stream, seq: seq.saturating_add(read(stream)) };
    asked.into_iter().filter(goes_on).map(on).collect()
}

/// Marks the matters of streams that no journal holds.
fn refuse(
    ring: &Ring,
    refused: &[StreamId],
    broken: &mut BTreeMap<MatterId, ClientError>,
) -> Result<(), ClientError> {
    for stream in refused {
        let StreamId::Matter(matter) = *stream else {
            return Err(ClientError::NotVerified(Thing::Journal));
        };
        broken.entry(matter).or_insert(ClientError::NotVerified(Thing::Matter));
        ring.with_mut(|keys| keys.forget_room(matter))?;
    }
    Ok(())
}

/// Folds a page into its rooms; gives where those now end that took it in.
fn take(
    keys: &mut Keys,
    page: Proven,
    broken: &mut BTreeMap<MatterId, ClientError>,
    sound: &Sound,
) -> Result<BTreeMap<StreamId, Head>, ClientError> {
    let mut heads = BTreeMap::new();
    for (entry, stream) in page.news.entries.into_iter().zip(page.streams) {
        let StreamId::Matter(matter) = stream else {
            return Err(ClientError::NotVerified(Thing::Matter));
        };
        if broken.contains_key(&matter) {
            continue;
        }
        let room = keys.rooms.entry(matter).or_insert_with(|| Room::empty(matter));
        match room.apply_known(entry, &keys.directory, sound) {
            Ok(()) => drop(heads.insert(stream, room.head())),
            Err(error) => {
                heads.remove(&stream);
                keys.forget_room(matter);
                broken.insert(matter, error);
            }
        }
    }
    Ok(heads)
}
