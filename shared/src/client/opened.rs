//! What people opened, saved and took out, as the stream `access/<matter>` says.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::pin::Proven;
use super::posts::Spot;
use super::ring::Ring;
use super::room::Room;
use super::said::Speakers;
use super::sync::STREAMS;
use crate::crypto::keys::Kid;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{MatterId, ObjectId};
use crate::journal::anchor::Leaf;
use crate::journal::statement::{AccessAct, Placed, Verb};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From};
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Matter);

/// Something that somebody did with what they opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Who.
    pub by: Kid,
    /// The object; none for the whole matter.
    pub object: Option<ObjectId>,
    /// What was done.
    pub verb: Verb,
    /// When the server took the note.
    pub arrived: Timestamp,
}

impl<H: Host> Portal<H> {
    /// Everything that was opened, saved or taken out of a matter, oldest first. Notes are made by the
    /// devices of those who open: one that was tampered with may have kept them back.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`] when the stream does not verify.
    pub async fn uses(&self, ring: &Ring, matter: MatterId) -> Result<Vec<Use>, ClientError> {
        self.sync_directory(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        Ok(self.uses_of(ring, &[matter]).await?.remove(&matter).unwrap_or_default())
    }

    /// The same of several matters, whose streams were read before.
    pub(super) async fn uses_of(
        &self,
        ring: &Ring,
        matters: &[MatterId],
    ) -> Result<BTreeMap<MatterId, Vec<Use>>, ClientError> {
        let mut all = BTreeMap::new();
        for some in matters.chunks(STREAMS) {
            let notes = some.iter().map(|matter| (*matter, Notes::default()));
            let mut notes: BTreeMap<MatterId, Notes> = notes.collect();
            while self.read_notes(ring, &mut notes).await? {}
            let log = ring.with(|keys| keys.directory.log())?;
            let ends = notes.iter().map(|(of, one)| (StreamId::Access(*of), one.head));
            let ends = ends.collect::<Vec<_>>();
            let speakers: Vec<&Speakers> = notes.values().map(|one| &one.speakers).collect();
            // What is refused is not remembered.
            self.hold_speakers(ring, &speakers, Thing::Matter).await?;
            self.remember_ends(log.firm, ends).await?;
            all.extend(notes.into_iter().map(|(matter, one)| (matter, one.uses)));
        }
        Ok(all)
    }

    /// Reads one page more; whether there is another.
    async fn read_notes(
        &self,
        ring: &Ring,
        notes: &mut BTreeMap<MatterId, Notes>,
    ) -> Result<bool, ClientError> {
        let log = ring.with(|keys| keys.directory.log())?;
        let from = |(of, one): (&MatterId, &Notes)| From {
            stream: StreamId::Access(*of),
            seq: one.head.next,
        };
        let asked = self.ask(log.firm, notes.iter().map(from).collect()).await?;
        let Proven { news, streams, refused } = self.prove_page(&log, asked).await?;
        if !refused.is_empty() {
            return Err(BROKEN);
        }
        ring.with(|keys| {
            for (entry, stream) in news.entries.iter().zip(streams) {
                let StreamId::Access(matter) = stream else { return Err(BROKEN) };
                let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
                let notes = notes.get_mut(&matter).ok_or(BROKEN)?;
                notes.take(entry, &keys.directory, room)?;
            }
            Ok(news.more)
        })?
    }
}

/// What is known of a matter's notes while they are read.
struct Notes {
    head: Head,
    uses: Vec<Use>,
    speakers: Speakers,
}

impl Default for Notes {
    fn default() -> Self {
        Self { head: Head::EMPTY, uses: Vec::new(), speakers: Speakers::default() }
    }
}

impl Notes {
    fn take(
        &mut self,
        entry: &Entry,
        directory: &Directory,
        room: &Room,
    ) -> Result<(), ClientError> {
        let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
        let by = signed.signer();
        let note = read_note(&signed, directory, room).ok_or(BROKEN)?;
        if !directory.counts(by, &Spot::of(entry)) {
            return Err(BROKEN);
        }
        self.speakers.hear(by, Leaf::of(entry), directory);
        let AccessAct { object, verb } = note.act;
        self.uses.push(Use { by, object, verb, arrived: Timestamp(entry.arrived) });
        self.head = self.head.advance(&note.place, signed.digest()).map_err(|_| BROKEN)?;
        Ok(())
    }
}

/// A note by somebody who sits at the matter, or did when they made it: the stream's order alone cannot
/// tell the two apart, and a note takes nothing from anybody.
pub(super) fn read_note(
    signed: &Signed,
    directory: &Directory,
    room: &Room,
) -> Option<Placed<AccessAct>> {
    let member = directory.member_by_kid(signed.signer())?;
    let key = member.bundle.verify_key.filter(|_| room.was_seated(signed.signer()))?;
    let body: Placed<AccessAct> = signed.body_as(Namespace::Access, &key).ok()?;
    let fits = body.version == 1 && body.place.stream == StreamId::Access(room.matter());
    fits.then_some(body)
}
