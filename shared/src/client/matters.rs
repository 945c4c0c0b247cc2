//! Listing matters, and seeing one whole.

use alloc::string::String;
use alloc::vec::Vec;

use super::contact::{self, CodeSeen};
use super::error::{ClientError, Thing};
use super::handed::states;
use super::host::Host;
use super::invites::{self, InviteSeen, InviteState};
use super::record;
use super::ring::{Keys, Ring};
use super::room::{Client, Room};
use super::standing::Standing;
use super::turn::both;
use super::{Portal, join, names, seats};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::ids::{AccountId, MatterId, ObjectId, SubmissionId};
use crate::journal::statement::{Decided, Decision, MatterAct};
use crate::journal::stream::StreamId;
use crate::journal::verdict::Need;
use crate::matters::plain::{DescriptionV1, Papers};
use crate::matters::wire::{ListMatters, Listed};
use crate::time::Timestamp;

pub use super::handed::SubmissionState;
pub use super::names::{NAMED, Named, ObjectSeen, Sender};
use super::verdicts::{Reason, less, may_judge, open_reasons, reason};

/// Why a matter cannot be read, or not called by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Its stream does not verify: nothing of it is believed.
    Stream,
    /// No key to it that was given to this person opens.
    Key,
    /// The newest record of what it is called does not open.
    Description,
}

/// A matter in a list.
pub struct MatterSummary {
    /// Which.
    pub matter: MatterId,
    /// What it is called, or why that cannot be said.
    pub description: Result<DescriptionV1, Closed>,
    /// Its submissions, oldest first.
    pub submissions: Vec<SubmissionState>,
    /// Whether an invitation is open: sent, not expired, not used.
    pub invited: bool,
    /// The server's time of the last change.
    pub changed: Timestamp,
}

/// Who can open a matter.
pub struct Seat {
    /// The person; `None` for the firm's recovery key.
    pub account: Option<AccountId>,
    /// The person's name, where the office room has it.
    pub name: Option<String>,
    /// The keys' id: by it, access is taken back.
    pub kid: Kid,
    /// When the grant was made, as its signer says.
    pub since: Timestamp,
    /// Whether the caller may take the access back.
    pub may_end: bool,
}

/// Somebody whose access was taken back.
pub struct Former {
    /// The person.
    pub account: AccountId,
    /// The person's name, where the office room has it.
    pub name: Option<String>,
    /// When it ended, as its signer says.
    pub until: Timestamp,
}

/// A client of a matter.
pub struct ClientSeen {
    /// The client's key.
    pub kid: Kid,
    /// 1: by the link alone; 2: confirmed. `None` before acceptance.
    pub level: Option<u8>,
    /// Whether the MAC under the link's secret holds.
    pub genuine: bool,
    /// How surely the firm knows it.
    pub standing: Standing,
    /// Who said so, where the office room has the name.
    pub by: Option<String>,
    /// Why, as they wrote.
    pub reason: Reason,
    /// The document by which it is verified.
    pub paper: Option<ObjectId>,
    /// Which kind of paper the newest verdict rests on, where it says so.
    pub of: Option<Papers>,
    /// The newest code that it was asked for.
    pub code: Option<CodeSeen>,
}

/// One matter, verified.
pub struct MatterView {
    /// Which.
    pub matter: MatterId,
    /// What it is called, or why that cannot be said.
    pub description: Result<DescriptionV1, Closed>,
    /// Who can open it.
    pub seats: Vec<Seat>,
    /// Who could, until their access was taken back.
    pub former: Vec<Former>,
    /// Its clients.
    pub clients: Vec<ClientSeen>,
    /// Its submissions, oldest first.
    pub submissions: Vec<SubmissionState>,
    /// Its documents, oldest first, without answers. The names of the newest [`NAMED`] are opened.
    pub documents: Vec<ObjectSeen>,
    /// Its invitations, newest first.
    pub invites: Vec<InviteSeen>,
    /// Whether an invitation is open.
    pub invited: bool,
    /// Whether the caller may give others access.
    pub may_share: bool,
    /// Whether the caller may say who a client is.
    pub may_judge: bool,
    /// What the matter needs before what clients hand in is opened.
    pub need: Option<Need>,
    /// Why it needs less than it did, where it does.
    pub less: Reason,
    /// Statements verified.
    pub statements: u64,
}

impl<H: Host> Portal<H> {
    /// All matters at which the caller sits, newest change first; the office room is none. One that
    /// cannot be read stands among them and says why, and takes nothing away from the others.
    ///
    /// # Errors
    /// When locked, unreachable, or the firm's directory does not verify.
    pub async fn matters(&self, ring: &Ring) -> Result<Vec<MatterSummary>, ClientError> {
        let office = ring.with(Keys::office)?;
        let (listed, known) = both(self.listed(), self.sync_directory(ring)).await;
        let (mut listed, ()) = (listed?, known?);
        let ids: Vec<MatterId> = listed.iter().map(|matter| matter.matter).collect();
        self.sync_each(ring, &ids).await?;
        for id in &ids {
            match self.settle(ring, *id).await {
                // What came with the news is told by the matter's own row.
                Ok(()) | Err(ClientError::NotVerified(Thing::Matter)) => {}
                Err(other) => return Err(other),
            }
        }
        self.keep_later(ring, ids).await;
        listed.retain(|matter| matter.matter != office);
        listed.sort_by_key(|matter| core::cmp::Reverse(matter.changed));
        let now = self.host.now();
        ring.with_mut(|keys| {
            listed
                .iter()
                .map(|matter| summary(keys, matter.matter, Timestamp(matter.changed), now))
                .collect()
        })
    }

    /// All matters that the server lists for the caller.
    pub(super) async fn listed(&self) -> Result<Vec<Listed>, ClientError> {
        let mut listed = Vec::new();
        let mut after = None;
        loop {
            let page = self.call(&ListMatters { after, limit: 200 }).await?;
            after = page.matters.last().map(|matter| matter.matter);
            listed.extend(page.matters);
            if !page.more || after.is_none() {
                return Ok(listed);
            }
        }
    }

    /// One matter, read to its end and verified.
    ///
    /// # Errors
    /// As [`Portal::matters`]; [`ClientError::NotVerified`] when its stream does not verify or no key
    /// that was given to the caller opens.
    pub async fn matter(&self, ring: &Ring, matter: MatterId) -> Result<MatterView, ClientError> {
        self.sync_directory(ring).await?;
        self.enter_office(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        self.settle(ring, matter).await?;
        let newest = ring.with(|keys| names::newest(keys, matter))??;
        self.open_names(ring, matter, &newest).await?;
        let now = self.host.now();
        let view = ring.with_mut(|keys| view(keys, matter, now))?;
        self.keep_later(ring, alloc::vec![matter]).await;
        view
    }

    /// Decides on a submission.
    ///
    /// # Errors
    /// When locked, or refused.
    pub async fn decide(
        &self,
        ring: &Ring,
        matter: MatterId,
        submission: SubmissionId,
        decision: Decision,
    ) -> Result<(), ClientError> {
        let stream = StreamId::Matter(matter);
        let act = MatterAct::Decided(Decided { submission, decision });
        self.append(ring, &[stream], |keys, pen| {
            let key = &keys.identity.signing;
            pen.write(Namespace::Matter, stream, act.clone(), key, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// Accepts the clients whose MAC holds: staff's device is the first that can tell.
    async fn settle(&self, ring: &Ring, matter: MatterId) -> Result<(), ClientError> {
        let genuine = ring.with_mut(|keys| join::genuine_waiting(keys, matter))??;
        if genuine.is_empty() {
            return Ok(());
        }
        let stream = StreamId::Matter(matter);
        let streams = [stream];
        let accepted = self.append(ring, &streams, |keys, pen| {
            // Of those that wait by now: a colleague may have accepted one, or ended its key.
            let wait = join::genuine_waiting(keys, matter)?;
            if wait.is_empty() {
                return Err(ClientError::Missing);
            }
            for accepted in wait {
                let act = MatterAct::Accepted(accepted);
                pen.write(Namespace::Matter, stream, act, &keys.identity.signing, keys.kid)?;
            }
            Ok(())
        });
        match accepted.await {
            // There is nothing left to do.
            Err(ClientError::Missing) => Ok(()),
            other => {
                other?;
                self.sync_rooms(ring, &[matter]).await
            }
        }
    }
}

/// Opens the keys that the descriptions of these matters are under, as far as they open: who lists them asks
/// for each again, and learns then why one does not.
pub(super) fn open_keys(keys: &mut Keys, streams: &[StreamId]) {
    for stream in streams {
        if let StreamId::Matter(matter) = *stream {
            let _ = open_key(keys, matter);
        }
    }
}

/// The epoch of a matter's newest description, its key opened.
fn open_key(keys: &mut Keys, matter: MatterId) -> Result<u32, Closed> {
    let room = keys.rooms.get(&matter).ok_or(Closed::Stream)?;
    let epoch = room.record_of(RecordKind::Matter).ok_or(Closed::Description)?.at.epoch;
    keys.matter_key(matter, epoch).map_err(|_| Closed::Key)?;
    Ok(epoch)
}

/// The matter's newest description. An older one does not take its place: that would be for a server
/// to choose.
pub(super) fn describe(keys: &mut Keys, matter: MatterId) -> Result<DescriptionV1, Closed> {
    let kind = RecordKind::Matter;
    let epoch = open_key(keys, matter)?;
    let room = keys.rooms.get(&matter).ok_or(Closed::Stream)?;
    let key = keys.matter_keys.get(&(matter, epoch)).ok_or(Closed::Key)?;
    let sealed = room.record_of(kind).ok_or(Closed::Description)?;
    record::open(sealed, kind, keys.firm(), room, key).map_err(|_| Closed::Description)
}

fn summary(keys: &mut Keys, matter: MatterId, changed: Timestamp, now: Timestamp) -> MatterSummary {
    let description = describe(keys, matter);
    let room = keys.rooms.get(&matter);
    MatterSummary {
        matter,
        description,
        submissions: room.map(|room| states(room, now)).unwrap_or_default(),
        invited: room.is_some_and(|room| invited(room, now)),
        changed,
    }
}

fn invited(room: &Room, now: Timestamp) -> bool {
    room.invites.values().any(|invite| invites::state(room, invite, now) == InviteState::Open)
}

fn view(keys: &mut Keys, matter: MatterId, now: Timestamp) -> Result<MatterView, ClientError> {
    let description = describe(keys, matter);
    if matches!(description, Err(Closed::Key)) {
        return Err(ClientError::NotVerified(Thing::Key));
    }
    let genuine = join::genuine_clients(keys, matter)?;
    open_reasons(keys, matter);
    let documents = names::documents(keys, matter, now)?;
    let names = super::people::names(keys);
    let invites = invites::seen(keys, matter, &names, now)?;
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let (seats, former) = seats::all(keys, room, &names);
    let one = |(kid, client): (&Kid, &Client)| {
        let standing = room.standing(*kid, now);
        let named = |by| {
            let by = keys.directory.member_by_kid(by)?;
            names.get(&by.account).cloned()
        };
        let (why, of) = reason(keys, room, *kid);
        ClientSeen {
            kid: *kid,
            level: client.level,
            genuine: genuine.contains(kid),
            standing,
            by: standing.by.and_then(named),
            reason: why,
            paper: room.paper_of(*kid),
            of,
            code: contact::seen(room, *kid, named),
        }
    };
    let clients = room.clients.iter().map(one).collect();
    Ok(MatterView {
        matter,
        description,
        seats,
        former,
        clients,
        submissions: states(room, now),
        documents,
        invites,
        invited: invited(room, now),
        may_judge: may_judge(keys, room),
        need: room.need().cloned(),
        less: less(keys, room),
        may_share: keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.may(Caps::GRANT)),
        statements: room.head().next,
    })
}
