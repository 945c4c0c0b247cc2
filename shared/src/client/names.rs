//! What documents are called. Each name takes a decapsulation, so it is opened when it is to be shown, and
//! once: what was opened is kept with the matter, sealed ([`super::verified`]).
//!
//! What this device asks the server for depends on what was asked for here before, and never on whether
//! something opened.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::papers::is_paper;
use super::read::{is_stranger, unseal};
use super::ring::{Keys, Ring};
use super::room::{Filed, Room};
use super::standing::Standing;
use crate::crypto::manifest::FileKind;
use crate::documents::plain::MetaV1;
use crate::ids::{AccountId, MatterId, ObjectId, SubmissionId};
use crate::journal::statement::place_of;
use crate::journal::stream::StreamId;
use crate::journal::wire::{From, MAX_PAGE, ReadStreams};
use crate::time::Timestamp;

/// Statements that nobody wants are asked for along with others where that spares a question.
const GAP: u64 = 16;

/// So many documents' names are opened with their matter: each takes a decapsulation. The others are opened
/// when they are to be shown.
pub const NAMED: usize = 50;

/// What a document is called, as far as this device knows.
#[derive(Clone)]
pub enum Named {
    /// Nobody asked here yet: [`Portal::names`] opens it.
    Sealed,
    /// Name, type and size.
    Opened(MetaV1),
    /// The sealed metadata does not open, or is not what the manifest names.
    Closed,
}

impl Named {
    /// Name, type and size, where they were opened.
    #[must_use]
    pub const fn opened(&self) -> Option<&MetaV1> {
        match self {
            Self::Opened(meta) => Some(meta),
            Self::Sealed | Self::Closed => None,
        }
    }
}

/// An object of a matter, without its content.
pub struct ObjectSeen {
    /// Which.
    pub object: ObjectId,
    /// What it is called.
    pub named: Named,
    /// When it arrived.
    pub arrived: Timestamp,
    /// By whom: staff's account, or a client.
    pub from: Sender,
    /// The submission it came with.
    pub submission: Option<SubmissionId>,
    /// How surely the firm knows the client who sent it.
    pub standing: Option<Standing>,
    /// Whether it waits until the firm knows the client well enough.
    pub waits: bool,
    /// Whether it is an identity paper, sealed to those who verify; and whether the caller can open it.
    pub paper: Option<bool>,
    /// When it is shredded, or was, as the verdict says.
    pub shreds: Option<Timestamp>,
}

/// Who filed an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A person of the firm.
    Staff(AccountId),
    /// A client whom staff accepted.
    Client,
    /// A client not accepted yet: shown apart, never opened by itself.
    Stranger,
}

impl<H: Host> Portal<H> {
    /// What these documents of a matter are called; those that are none of its documents are left out.
    ///
    /// # Errors
    /// When locked or unreachable.
    pub async fn names(
        &self,
        ring: &Ring,
        matter: MatterId,
        documents: &[ObjectId],
    ) -> Result<BTreeMap<ObjectId, Named>, ClientError> {
        self.open_names(ring, matter, documents).await?;
        let named = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let filed = documents.iter().filter_map(|id| Some((*id, room.objects.get(id)?)));
            let filed = filed.filter(|(_, filed)| is_document(filed));
            Ok(filed.map(|(id, filed)| (id, named(filed))).collect())
        })?;
        self.keep_later(ring, alloc::vec![matter]).await;
        named
    }

    /// Opens the metadata of documents that were not opened yet.
    pub(crate) async fn open_names(
        &self,
        ring: &Ring,
        matter: MatterId,
        documents: &[ObjectId],
    ) -> Result<(), ClientError> {
        let unasked: Vec<ObjectId> = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let asks = |id: &&ObjectId| {
                room.objects.get(id).is_some_and(|filed| is_document(filed) && !filed.asked)
            };
            Ok::<_, ClientError>(documents.iter().filter(asks).copied().collect())
        })??;
        self.bring_parts(ring, matter, &unasked).await?;
        ring.with_mut(|keys| open(keys, matter, documents))?
    }

    /// Asks for objects' headers and sealed metadata again where this device did not keep them. The
    /// manifests, which were verified, tell whether they are the ones.
    pub(super) async fn bring_parts(
        &self,
        ring: &Ring,
        matter: MatterId,
        objects: &[ObjectId],
    ) -> Result<(), ClientError> {
        let wanted: BTreeMap<u64, ObjectId> = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let mut wanted = BTreeMap::new();
            for object in objects {
                let filed = room.objects.get(object).ok_or(ClientError::Missing)?;
                if filed.header.is_none() {
                    wanted.insert(filed.seq, *object);
                }
            }
            Ok::<_, ClientError>(wanted)
        })??;
        for (first, limit) in runs(wanted.keys().copied()) {
            let from = alloc::vec![From { stream: StreamId::Matter(matter), seq: first }];
            let page = self.call(&ReadStreams { from, limit, seen: 0 }).await?;
            ring.with_mut(|keys| {
                let room = keys.rooms.get_mut(&matter).ok_or(ClientError::Missing)?;
                for mut entry in page.entries {
                    // By the server's word. Whatever it says, only what the manifest names is taken.
                    let place = place_of(&entry.statement.0);
                    let object = place.and_then(|place| wanted.get(&place.seq));
                    if let Some(filed) = object.and_then(|object| room.objects.get_mut(object)) {
                        filed.take_parts(&mut entry.attachments);
                    }
                }
                Ok::<_, ClientError>(())
            })??;
        }
        Ok(())
    }
}

/// Questions for these statements: each from where, and how many.
fn runs(wanted: impl Iterator<Item = u64>) -> Vec<(u64, u32)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for seq in wanted {
        match runs.last_mut() {
            Some((first, last)) if seq - *last <= GAP && seq - *first < u64::from(MAX_PAGE) => {
                *last = seq;
            }
            _ => runs.push((seq, seq)),
        }
    }
    let count = |first, last| u32::try_from(last - first + 1).unwrap_or(MAX_PAGE);
    runs.into_iter().map(|(first, last)| (first, count(first, last))).collect()
}

fn is_document(filed: &Filed) -> bool {
    filed.manifest.context.kind == FileKind::Document || is_paper(&filed.manifest.context)
}

fn named(filed: &Filed) -> Named {
    match &filed.opened {
        Some(meta) => Named::Opened(meta.clone()),
        None if filed.asked => Named::Closed,
        None => Named::Sealed,
    }
}

/// The newest documents of a matter, whose names are shown first; and as many of strangers, who must not be
/// able to crowd the others out.
pub(super) fn newest(keys: &Keys, matter: MatterId) -> Result<Vec<ObjectId>, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let documents = room.objects.iter().filter(|(_, filed)| is_document(filed));
    // By its number in the stream, which is proven: times of arrival are the server's, and may be equal.
    let place = |(id, filed): (&ObjectId, &Filed)| (filed.seq, *id, is_stranger(room, filed));
    let mut all: Vec<_> = documents.map(place).collect();
    all.sort_unstable_by(|one, other| other.cmp(one));
    let of = |strange| {
        let some = all.iter().filter(move |(_, _, stranger)| *stranger == strange);
        some.take(NAMED).map(|(_, object, _)| *object)
    };
    Ok(of(false).chain(of(true)).collect())
}

/// Opens what is not open of these: once each, and again only what did not open, as it may under a key that
/// was granted meanwhile.
fn open(keys: &mut Keys, matter: MatterId, documents: &[ObjectId]) -> Result<(), ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let closed = |filed: &&Filed| is_document(filed) && filed.opened.is_none();
    let filed = documents.iter().filter_map(|object| room.objects.get(object)).filter(closed);
    let contexts = filed.map(|filed| &filed.manifest.context);
    let epochs: BTreeSet<_> = contexts.map(|one| (is_paper(one), one.epoch)).collect();
    for (paper, epoch) in epochs {
        // What is sealed under a key that does not open, or was not given, stays closed.
        let _ = if paper { keys.papers_key(matter, epoch) } else { keys.matter_key(matter, epoch) };
    }
    let room = keys.rooms.get_mut(&matter).ok_or(ClientError::Missing)?;
    for object in documents {
        let Some(filed) = room.objects.get_mut(object).filter(|filed| closed(&&**filed)) else {
            continue;
        };
        let context = &filed.manifest.context;
        let held = if is_paper(context) { &keys.papers_keys } else { &keys.matter_keys };
        let key = held.get(&(matter, context.epoch));
        filed.opened = key.and_then(|key| unseal(filed, key).ok()).map(|(_, meta)| meta);
        // What did not open counts like what did: what is kept decides what will be asked for again.
        room.fresh += u64::from(!core::mem::replace(&mut filed.asked, true));
    }
    Ok(())
}

/// The documents of a matter, oldest first, with the names that were opened.
pub(super) fn documents(
    keys: &Keys,
    matter: MatterId,
    now: Timestamp,
) -> Result<Vec<ObjectSeen>, ClientError> {
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let mut came_with = BTreeMap::new();
    for submission in room.submissions.values() {
        for object in &submission.submitted.documents {
            came_with.insert(*object, submission.submitted.submission);
        }
    }
    let mut documents: Vec<_> =
        room.objects.iter().filter(|(_, filed)| is_document(filed)).collect();
    documents.sort_unstable_by_key(|(_, filed)| filed.seq);
    let waiting = room.waiting_objects();
    let by_client = |kid| room.clients.contains_key(&kid).then(|| room.standing(kid, now));
    let seen = documents.into_iter().map(|(object, filed)| ObjectSeen {
        object: *object,
        named: named(filed),
        arrived: filed.arrived,
        from: sender(keys, room, filed),
        submission: came_with.get(object).copied(),
        standing: by_client(filed.sender),
        waits: waiting.contains(object),
        paper: is_paper(&filed.manifest.context)
            .then(|| keys.opened_key_of(&filed.manifest.context).is_some()),
        shreds: room.shreds(*object),
    });
    Ok(seen.collect())
}

fn sender(keys: &Keys, room: &Room, filed: &Filed) -> Sender {
    if let Some(member) = keys.directory.member_by_kid(filed.sender) {
        return Sender::Staff(member.account);
    }
    if is_stranger(room, filed) { Sender::Stranger } else { Sender::Client }
}
