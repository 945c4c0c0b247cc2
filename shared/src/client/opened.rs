//! What people opened, saved and took out, as the stream `access/<matter>` says.

use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::Ring;
use super::room::Room;
use crate::crypto::keys::Kid;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{MatterId, ObjectId};
use crate::journal::statement::{AccessAct, Placed, Verb};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::From;
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
        let log = ring.with(|keys| keys.directory.log())?;
        let stream = StreamId::Access(matter);
        let (mut head, mut uses) = (Head::EMPTY, Vec::new());
        loop {
            let from = From { stream, seq: head.next };
            let page = self.page(&log, from, Thing::Matter).await?;
            head = ring.with(|keys| {
                let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
                page.entries.iter().try_fold(head, |head, entry| {
                    let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
                    let note = read_note(&signed, &keys.directory, room).ok_or(BROKEN)?;
                    let (by, arrived) = (signed.signer(), Timestamp(entry.arrived));
                    let AccessAct { object, verb } = note.act;
                    uses.push(Use { by, object, verb, arrived });
                    head.advance(&note.place, signed.digest()).map_err(|_| BROKEN)
                })
            })??;
            if !page.more {
                self.remember_ends(log.firm, [(stream, head)]).await?;
                return Ok(uses);
            }
        }
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
