//! Saying who a client is: verdicts, what a matter needs, and letting out what waits.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::papers;
use super::record;
use super::ring::{Keys, Ring};
use super::room::Room;
use crate::crypto::fingerprint;
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, ObjectId, RecordId, SubmissionId};
use crate::journal::policy::PaperRules;
use crate::journal::statement::RecordRef;
use crate::journal::stream::StreamId;
use crate::journal::verdict::{Finding, IdentityAct, Lessened, Need, Verdict, Ways};
use crate::matters::plain::Papers;
use crate::time::Timestamp;

/// Most letters of a reason.
pub const MAX_REASON: usize = 2000;

/// Why something was found, as its author wrote it.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct ReasonV1 {
    #[n(1)]
    pub(super) text: String,
}

/// What a verdict says sealed: why, and which kind of paper it rests on.
#[derive(Encode, Decode)]
#[cbor(map)]
struct SaidV1 {
    /// Empty where no reason was given.
    #[n(1)]
    text: String,
    /// One of [`Papers::EACH`], where a paper was looked at.
    #[n(2)]
    of: Option<Papers>,
}

/// The reason of a verdict.
#[derive(Clone, PartialEq, Eq)]
pub enum Reason {
    /// None was given.
    None,
    /// It does not open for this person, or is not what was signed.
    Closed,
    /// What was written.
    Opened(String),
}

/// What somebody of the firm found about a client.
#[derive(Clone)]
pub struct Judgement {
    /// The client's key, as the verified matter has it.
    pub client: Kid,
    /// What.
    pub finding: Finding,
    /// In which ways.
    pub ways: Ways,
    /// Until when it counts.
    pub expires: Option<Timestamp>,
    /// The client's document that was looked at.
    pub paper: Option<ObjectId>,
    /// What kind of paper that is: only those with a seat read it.
    pub of: Option<Papers>,
    /// Why: only those with a seat read it.
    pub reason: Option<String>,
}

impl<H: Host> Portal<H> {
    /// Signs what was found about a client.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when it says nothing or its reason is too long; [`ClientError::Missing`] when
    /// there is no such client; when locked, or refused.
    pub async fn judge(
        &self,
        ring: &Ring,
        matter: MatterId,
        found: &Judgement,
    ) -> Result<(), ClientError> {
        let reason = found.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if reason.is_some_and(|text| text.chars().count() > MAX_REASON) {
            return Err(ClientError::Unfit);
        }
        let decides = matches!(found.finding, Finding::Verified | Finding::Failed);
        let rules = if decides { self.read_policy(ring).await?.papers } else { None };
        let rules = rules.map_or(PaperRules::DEFAULT, |said| said.what);
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let held = found.paper.is_some() || room.papers_of(found.client).next().is_some();
            let shreds = decides && held && papers::verifies(&keys.directory, room, keys.kid);
            room.clients.get(&found.client).ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            let mut verdict = Verdict {
                client: found.client,
                finding: found.finding,
                ways: found.ways,
                expires: found.expires,
                paper: found.paper,
                reason: None,
                shred: shreds.then(|| rules.shred(pen.now())),
            };
            let of = found.of.filter(|_| found.paper.is_some());
            if of.is_some_and(|of| !Papers::EACH.contains(&of)) {
                return Err(ClientError::Unfit);
            }
            if reason.is_some() || of.is_some() {
                let text = reason.unwrap_or_default().into();
                let (firm, body) = (keys.firm(), SaidV1 { text, of });
                let key = keys.matter_key(matter, epoch)?;
                let (id, kind) = (RecordId::random(), RecordKind::Verdict);
                let (at, bytes) = record::seal(&body, kind, firm, matter, (epoch, key), id)?;
                pen.attach(bytes);
                verdict.reason = Some(at);
            }
            if !verdict.is_sound(pen.now()) {
                return Err(ClientError::Unfit);
            }
            let (act, key) = (IdentityAct::Found(verdict), &keys.identity.signing);
            pen.write(Namespace::IdVerdict, stream, act, key, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// Says what a matter needs from now on before what its clients hand in is opened: no less than it did.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when no client can meet it, or it is less; when locked, or refused.
    pub async fn need(&self, ring: &Ring, matter: MatterId, need: Need) -> Result<(), ClientError> {
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            if !need.is_sound() || !room.need().is_none_or(|before| need.is_at_least(before)) {
                return Err(ClientError::Unfit);
            }
            let (act, key) = (IdentityAct::Needed(need.clone()), &keys.identity.signing);
            pen.write(Namespace::IdVerdict, stream, act, key, keys.kid).map(drop)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// Says that a matter needs less than it did, or another thing, and why that is enough.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when no client can meet it, or there is no reason or too long a one; when locked,
    /// or refused.
    pub async fn need_less(
        &self,
        ring: &Ring,
        matter: MatterId,
        need: Need,
        why: &str,
    ) -> Result<(), ClientError> {
        let text = why.trim();
        let fits = !text.is_empty() && text.chars().count() <= MAX_REASON;
        if !need.is_sound() || !fits {
            return Err(ClientError::Unfit);
        }
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            let (firm, body) = (keys.firm(), ReasonV1 { text: text.into() });
            let key = keys.matter_key(matter, epoch)?;
            let (id, kind) = (RecordId::random(), RecordKind::Less);
            let (reason, bytes) = record::seal(&body, kind, firm, matter, (epoch, key), id)?;
            pen.attach(bytes);
            let act = IdentityAct::NeededLess(Lessened { need: need.clone(), reason });
            pen.write(Namespace::IdVerdict, stream, act, &keys.identity.signing, keys.kid).map(drop)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// Lets a submission out of quarantine although the firm does not know its client well enough.
    ///
    /// # Errors
    /// When locked, or refused.
    pub async fn release(
        &self,
        ring: &Ring,
        matter: MatterId,
        submission: SubmissionId,
    ) -> Result<(), ClientError> {
        let act = IdentityAct::Released(submission);
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let key = &keys.identity.signing;
            pen.write(Namespace::IdVerdict, stream, act.clone(), key, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// The number that the client's own page shows, too, if nobody stands between: six groups of five digits,
    /// to be compared by voice.
    ///
    /// # Errors
    /// When locked; [`ClientError::Missing`] when this device has not read the client's joining.
    pub fn spoken_code(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
    ) -> Result<String, ClientError> {
        ring.with(|keys| {
            let room = keys.rooms.get(&matter)?;
            let invited = room.invites.get(&room.clients.get(&client)?.invite)?;
            Some(fingerprint::spoken(keys.firm(), invited.by, client, invited.act.blob_hash))
        })?
        .ok_or(ClientError::Missing)
    }
}

/// Whether the caller may say who a client of this matter is.
pub(super) fn may_judge(keys: &Keys, room: &Room) -> bool {
    room.staff_may(keys.kid, Caps::INVITE, (&keys.directory, u64::MAX)).is_ok()
}

/// Opens the keys under which a matter's reasons are kept, those that open.
pub(super) fn open_reasons(keys: &mut Keys, matter: MatterId) {
    let Some(room) = keys.rooms.get(&matter) else { return };
    let judged = room.clients.keys().filter_map(|client| room.judged(*client));
    let epochs = judged.filter_map(|judged| Some(judged.verdict.reason.as_ref()?.epoch));
    let ended = room.clients.values().filter_map(|client| Some(client.ended.as_ref()?.at.epoch));
    let epochs = epochs.chain(ended).chain(room.less().map(|less| less.at.epoch)).collect();
    keys.open_epochs(matter, epochs);
}

/// Why a client was judged as it was, and by which kind of paper; its key is open already, or both stay closed.
pub(super) fn reason(keys: &Keys, room: &Room, client: Kid) -> (Reason, Option<Papers>) {
    if let Some(end) = room.clients.get(&client).and_then(|client| client.ended.as_ref()) {
        let why = opened(keys, room, (&end.at, end.reason.as_ref()), RecordKind::KeyEnded);
        return (why, None);
    }
    let judged = room.judged(client);
    let Some((judged, at)) = judged.and_then(|one| Some((one, one.verdict.reason.as_ref()?)))
    else {
        return (Reason::None, None);
    };
    let Some(key) = keys.matter_keys.get(&(room.matter(), at.epoch)) else {
        return (Reason::Closed, None);
    };
    let (firm, bytes) = (keys.firm(), judged.reason.as_deref());
    let kind = RecordKind::Verdict;
    let said =
        record::open_bytes::<SaidV1>(bytes.map(Vec::as_slice), at, kind, firm, room.matter(), key);
    let Ok(SaidV1 { text, of }) = said else { return (Reason::Closed, None) };
    // Whoever names a kind without a paper, or one that is none, says nothing by it.
    let of = of.filter(|of| judged.verdict.paper.is_some() && Papers::EACH.contains(of));
    (if text.is_empty() { Reason::None } else { Reason::Opened(text) }, of)
}

/// Why a matter needs less than it did; its key is open already, or the reason stays closed.
pub(super) fn less(keys: &Keys, room: &Room) -> Reason {
    room.less().map_or(Reason::None, |less| {
        opened(keys, room, (&less.at, less.bytes.as_ref()), RecordKind::Less)
    })
}

fn opened(
    keys: &Keys,
    room: &Room,
    (at, bytes): (&RecordRef, Option<&ByteVec>),
    kind: RecordKind,
) -> Reason {
    let Some(key) = keys.matter_keys.get(&(room.matter(), at.epoch)) else { return Reason::Closed };
    let bytes = bytes.map(|bytes| bytes.as_slice());
    record::open_bytes::<ReasonV1>(bytes, at, kind, keys.firm(), room.matter(), key)
        .map_or(Reason::Closed, |reason| Reason::Opened(reason.text))
}
