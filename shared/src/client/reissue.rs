//! A client lost what speaks for them: the firm, which verifies the person again, ends the key. What it said stands;
//! it says nothing more, is given nothing more, and brings nobody back. A new invitation makes a new key, of which
//! nothing is known yet. The old one is nobody's to give: no device of the firm ever had it.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::papers;
use super::record;
use super::ring::Ring;
use super::room::{BROKEN, Client, Room};
use super::standing::reason_of;
use super::verdicts::{MAX_REASON, ReasonV1};
use crate::crypto::cbor;
use crate::crypto::keys::Kid;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::identity::back::{BackBy, BackSaid};
use crate::identity::wire::back::ReadBacks;
use crate::ids::{MatterId, RecordId};
use crate::journal::policy::PaperRules;
use crate::journal::statement::RecordRef;
use crate::journal::stream::StreamId;
use crate::journal::verdict::{IdentityAct, KeyEnded};
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// That a client's key ended.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct KeyEnd {
    /// By whom.
    #[n(1)]
    pub(crate) by: Kid,
    /// When, as they say.
    #[n(2)]
    pub(crate) time: Timestamp,
    /// The record that says why.
    #[n(3)]
    pub(crate) at: RecordRef,
    /// Sealed, where the server gave it to us.
    #[n(4)]
    pub(crate) reason: Option<ByteVec>,
}

/// A way back, in the words of the client's own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayBack {
    /// Whose.
    pub client: Kid,
    /// When that was last said.
    pub time: Timestamp,
    /// By what, if by no passkey.
    pub by: Option<BackBy>,
}

impl Room {
    /// Whether this is a client's key that the firm ended.
    #[must_use]
    pub fn is_ended(&self, client: Kid) -> bool {
        self.clients.get(&client).is_some_and(|client| client.ended.is_some())
    }

    /// Takes that a client's key ended.
    pub(super) fn end_key(
        &mut self,
        act: KeyEnded,
        (by, time): (Kid, Timestamp),
        entry: &mut Entry,
    ) -> Result<(), ClientError> {
        if !self.has_epoch(act.reason.epoch) || !act.is_sound(time) {
            return Err(BROKEN);
        }
        if let Some(shred) = act.shred {
            self.shred(self.papers_of(act.client).collect(), shred);
        }
        let reason = reason_of(entry, &act.reason, RecordKind::KeyEnded)?;
        let at = act.reason;
        let client = self.clients.get_mut(&act.client).filter(|client| client.ended.is_none());
        client.ok_or(BROKEN)?.ended = Some(KeyEnd { by, time, at, reason });
        Ok(())
    }

    /// Whether this signer may say something here at all: a client's key that ended may not.
    pub(super) fn still_speaks(&self, signer: Kid) -> Result<(), ClientError> {
        if self.is_ended(signer) && !vuln::a32() { Err(BROKEN) } else { Ok(()) }
    }
}

impl Client {
    /// Whether staff accepted the client, and its key did not end.
    pub(crate) const fn is_accepted(&self) -> bool {
        self.level.is_some() && self.ended.is_none()
    }
}

impl<H: Host> Portal<H> {
    /// Ends a client's key, with a reason that those with a seat read. The server asks for a factor again.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] without a reason, or with one too long; [`ClientError::Missing`] when there is no such
    /// key, or it ended; [`ClientError::StepUp`]; when locked, or refused.
    pub async fn end_client_key(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
        why: &str,
    ) -> Result<(), ClientError> {
        let text = why.trim();
        if text.is_empty() || text.chars().count() > MAX_REASON {
            return Err(ClientError::Unfit);
        }
        let rules = self.read_policy(ring).await?.papers;
        let rules = rules.map_or(PaperRules::DEFAULT, |said| said.what);
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let held = room.papers_of(client).next().is_some();
            let shreds = held && papers::verifies(&keys.directory, room, keys.kid);
            let known = room.clients.get(&client).filter(|client| client.ended.is_none());
            known.ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            let (firm, body) = (keys.firm(), ReasonV1 { text: text.into() });
            let key = keys.matter_key(matter, epoch)?;
            let (id, kind) = (RecordId::random(), RecordKind::KeyEnded);
            let (reason, bytes) = record::seal(&body, kind, firm, matter, (epoch, key), id)?;
            pen.attach(bytes);
            let act = IdentityAct::KeyEnded(KeyEnded {
                client,
                reason,
                shred: shreds.then(|| rules.shred(pen.now())),
            });
            pen.write(Namespace::IdVerdict, stream, act, &keys.identity.signing, keys.kid).map(drop)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// Which clients of a matter can come back without their link, and when each last said so itself. The server can
    /// keep one to itself, and can make none up.
    ///
    /// # Errors
    /// When locked, or refused; [`ClientError::NotVerified`] when it shows what no client of the matter signed.
    pub async fn ways_back(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<alloc::vec::Vec<WayBack>, ClientError> {
        let backs = self.call(&ReadBacks { matter }).await?;
        ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let read = |bytes: &[u8]| {
                let signed = Signed::parse(bytes).ok()?;
                let key = room.clients.get(&signed.signer())?.bundle.verify_key?;
                signed.verify(Namespace::Back, &key).ok()?;
                let said: BackSaid = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
                let way = WayBack { client: signed.signer(), time: said.time, by: said.by };
                (said.firm == keys.firm()).then_some(way)
            };
            backs.said.iter().map(|bytes| read(&bytes.0).ok_or(BROKEN)).collect()
        })?
    }
}
