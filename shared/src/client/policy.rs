//! What the firm decides for all its people and matters: the stream `policy`, written by those who decide for
//! the firm and read by all staff. The newest of each kind of statement holds; what a device read once, no
//! server takes back ([`super::ends`]).

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::posts::Spot;
use super::releases::ReleaseSeen;
use super::ring::{Keys, Ring};
use super::said::Speakers;
use super::{Portal, office, record};
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::Caps;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{AccountId, RecordId};
use crate::journal::anchor::Leaf;
use crate::journal::policy::{PaperRules, SessionRules};
use crate::journal::release::PolicyAct;
use crate::journal::statement::{Placed, RecordRef};
use crate::journal::stream::{Head, StreamId};
use crate::journal::verdict::Need;
use crate::journal::wire::{Entry, From};
use crate::matters::plain::KindsV1;
use crate::time::Timestamp;
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// More than what is kept of how long staff stay signed in.
const MAX_RULES: usize = 64;

/// Something decided, with who decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<T> {
    /// What.
    pub what: T,
    /// When, as they say.
    pub time: Timestamp,
    /// Who.
    pub by: AccountId,
}

/// The firm's kinds of matter, as far as they open for whoever asks.
#[derive(Clone, PartialEq, Eq)]
pub enum Kinds {
    /// They do not: they are for those in the firm's own room.
    Closed,
    /// These.
    Opened(KindsV1),
}

/// What the firm decided, verified.
pub struct Policy {
    /// How long staff stay signed in; none where the firm said nothing.
    pub sessions: Option<Decided<SessionRules>>,
    /// Its kinds of matter; none where the firm said nothing.
    pub kinds: Option<Decided<Kinds>>,
    /// What becomes of identity papers; none where the firm said nothing.
    pub papers: Option<Decided<PaperRules>>,
    /// Whether the caller decides for the firm.
    pub may_decide: bool,
    /// Whether the caller may name its kinds of matter.
    pub may_name: bool,
}

/// The record of the kinds as its statement names it.
struct Sealed {
    at: RecordRef,
    bytes: Option<ByteVec>,
}

/// The stream, as far as it was read.
pub(super) struct Reading {
    pub(super) releases: Vec<ReleaseSeen>,
    sessions: Option<Decided<SessionRules>>,
    kinds: Option<Decided<Sealed>>,
    pub(super) papers: Option<Decided<PaperRules>>,
    head: Head,
    speakers: Speakers,
}

impl<H: Host> Portal<H> {
    /// What the firm decided.
    ///
    /// # Errors
    /// When locked, unreachable, or the stream does not verify.
    pub async fn policy(&self, ring: &Ring) -> Result<Policy, ClientError> {
        let inside = self.enter_office(ring).await?;
        let reading = self.read_policy(ring).await?;
        if let Some(said) = &reading.sessions {
            self.keep_rules(ring, said.what).await?;
        }
        let kinds = reading.kinds.map(|said| ring.with_mut(|keys| opened(keys, said, inside)));
        let kinds = kinds.transpose()?.transpose()?;
        let may_decide = ring.with(decides)?;
        let (sessions, papers) = (reading.sessions, reading.papers);
        Ok(Policy { sessions, kinds, papers, may_decide, may_name: may_decide && inside })
    }

    /// How long staff stay signed in: as the firm says now, else as this device read it last, else as it is
    /// where no firm says anything. What a server keeps back makes nobody's session longer than it was.
    ///
    /// # Errors
    /// When locked.
    pub async fn session_rules(&self, ring: &Ring) -> Result<SessionRules, ClientError> {
        match self.read_policy(ring).await {
            Ok(reading) => {
                let rules = reading.sessions.map_or(SessionRules::DEFAULT, |said| said.what);
                // A device that cannot keep it asks again.
                let _ = self.keep_rules(ring, rules).await;
                Ok(rules)
            }
            Err(_) => self.kept_rules(ring).await,
        }
    }

    /// How long staff stay signed in, as this device read it last.
    ///
    /// # Errors
    /// When locked.
    pub async fn kept_rules(&self, ring: &Ring) -> Result<SessionRules, ClientError> {
        let kept = self.host.load(&key(ring.with(Keys::firm)?)).await.ok().flatten();
        let rules = kept.and_then(|bytes| cbor::decode_strict(&bytes, MAX_RULES).ok());
        Ok(rules.filter(SessionRules::is_sound).unwrap_or(SessionRules::DEFAULT))
    }

    async fn keep_rules(&self, ring: &Ring, rules: SessionRules) -> Result<(), ClientError> {
        Ok(self.host.save(&key(ring.with(Keys::firm)?), &cbor::encode(&rules)).await?)
    }

    /// Says in the firm's name how long staff stay signed in.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] beyond the bounds, or without the capability; [`ClientError::StepUp`]; when
    /// locked, or refused.
    pub async fn set_sessions(&self, ring: &Ring, rules: SessionRules) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        if !rules.is_sound() || !ring.with(decides)? {
            return Err(ClientError::Unfit);
        }
        self.say_policy(ring, |_| Ok((PolicyAct::Sessions(rules), None))).await
    }

    /// Says in the firm's name how long identity papers are kept after a decision.
    ///
    /// # Errors
    /// As [`Portal::set_sessions`].
    pub async fn set_papers(&self, ring: &Ring, rules: PaperRules) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        if !rules.is_sound() || !ring.with(decides)? {
            return Err(ClientError::Unfit);
        }
        self.say_policy(ring, |_| Ok((PolicyAct::Papers(rules), None))).await
    }

    /// Names the firm's kinds of matter, all of them.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when nobody could work by them, or for somebody who may not;
    /// [`ClientError::StepUp`]; when locked, or refused.
    pub async fn name_kinds(&self, ring: &Ring, kinds: &KindsV1) -> Result<(), ClientError> {
        let inside = self.enter_office(ring).await?;
        self.sync_directory(ring).await?;
        if !kinds.is_sound() || !inside || !ring.with(decides)? {
            return Err(ClientError::Unfit);
        }
        self.turn_owed(ring, ring.with(Keys::office)?).await?;
        self.say_policy(ring, |keys| {
            let (office, firm) = (keys.office(), keys.firm());
            let epoch = office::newest(keys)?;
            let key = keys.matter_key(office, epoch)?;
            let (kind, id) = (RecordKind::Kinds, RecordId::random());
            let (at, bytes) = record::seal(kinds, kind, firm, office, (epoch, key), id)?;
            Ok((PolicyAct::Kinds(at), Some(bytes)))
        })
        .await
    }

    /// What a matter of this kind needs from its beginning; none where that is nothing, or the firm has no kinds.
    ///
    /// # Errors
    /// As [`Portal::policy`]; [`ClientError::Unfit`] for a caller who may not say what a matter needs.
    pub(super) async fn need_of_kind(
        &self,
        ring: &Ring,
        name: &str,
    ) -> Result<Option<Need>, ClientError> {
        let Some(said) = self.read_policy(ring).await?.kinds else { return Ok(None) };
        let inside = self.enter_office(ring).await?;
        let Kinds::Opened(kinds) = ring.with_mut(|keys| opened(keys, said, inside))??.what else {
            // Who keeps the kinds back must not decide by it that a matter needs nothing.
            return Err(ClientError::Missing);
        };
        let need = kinds.named(name).map(|kind| kind.need.clone());
        let need = need.filter(|need| !need.is_nothing());
        let invites = |keys: &Keys| {
            keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.may(Caps::INVITE))
        };
        if need.is_some() && !ring.with(invites)? { Err(ClientError::Unfit) } else { Ok(need) }
    }

    async fn say_policy(
        &self,
        ring: &Ring,
        say: impl Fn(&mut Keys) -> Result<(PolicyAct, Option<Vec<u8>>), ClientError>,
    ) -> Result<(), ClientError> {
        let stream = StreamId::Policy;
        self.append(ring, &[stream], |keys, pen| {
            let (act, bytes) = say(keys)?;
            if let Some(bytes) = bytes {
                pen.attach(bytes);
            }
            let key = &keys.identity.signing;
            pen.write(Namespace::Policy, stream, act, key, keys.kid).map(drop)
        })
        .await
        .map(drop)
    }

    /// Reads the whole stream.
    ///
    /// # Errors
    /// When locked, unreachable, or it does not verify.
    pub(super) async fn read_policy(&self, ring: &Ring) -> Result<Reading, ClientError> {
        self.sync_directory(ring).await?;
        let log = ring.with(|keys| keys.directory.log())?;
        let mut reading = Reading::new();
        loop {
            let from = From { stream: StreamId::Policy, seq: reading.head.next };
            let page = self.page(&log, from, Thing::Journal).await?;
            for entry in &page.entries {
                ring.with(|keys| reading.take(&keys.directory, entry))??;
            }
            if !page.more {
                self.hold_speakers(ring, &[&reading.speakers], Thing::Journal).await?;
                self.remember_ends(log.firm, [(StreamId::Policy, reading.head)]).await?;
                return Ok(reading);
            }
        }
    }
}

impl Reading {
    fn new() -> Self {
        let (releases, speakers) = (Vec::new(), Speakers::default());
        let (sessions, kinds, papers) = (None, None, None);
        Self { releases, sessions, kinds, papers, head: Head::EMPTY, speakers }
    }

    /// Takes the stream's next statement: by somebody who decides for the firm.
    fn take(&mut self, directory: &Directory, entry: &Entry) -> Result<(), ClientError> {
        let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
        let signer = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
        let may = (signer.may_at(Caps::POLICY, entry.leaf) || vuln::a28())
            && directory.counts(signed.signer(), &Spot::of(entry));
        let key = signer.bundle.verify_key.filter(|_| may).ok_or(BROKEN)?;
        let body: Placed<PolicyAct> =
            signed.body_as(Namespace::Policy, &key).map_err(|_| BROKEN)?;
        if body.version != 1 || body.place.stream != StreamId::Policy {
            return Err(BROKEN);
        }
        let head = self.head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
        let (time, by) = (body.place.time, signer.account);
        match body.act {
            PolicyAct::ReleaseAccepted(accepted) => {
                self.releases.push(ReleaseSeen { accepted, time, by });
            }
            PolicyAct::Sessions(what) => {
                if !what.is_sound() {
                    return Err(BROKEN);
                }
                self.sessions = Some(Decided { what, time, by });
            }
            PolicyAct::Papers(what) => {
                if !what.is_sound() {
                    return Err(BROKEN);
                }
                self.papers = Some(Decided { what, time, by });
            }
            PolicyAct::Kinds(at) => {
                let bytes = entry.attachments.iter().find(|bytes| sha256(&bytes.0) == at.hash);
                let bytes = bytes.map(|bytes| bytes.0.clone().into());
                self.kinds = Some(Decided { what: Sealed { at, bytes }, time, by });
            }
        }
        self.head = head;
        self.speakers.hear(signed.signer(), Leaf::of(entry), directory);
        Ok(())
    }
}

/// The kinds, opened for somebody in the firm's own room.
fn opened(
    keys: &mut Keys,
    said: Decided<Sealed>,
    inside: bool,
) -> Result<Decided<Kinds>, ClientError> {
    let what = if inside { Kinds::Opened(open_kinds(keys, &said.what)?) } else { Kinds::Closed };
    Ok(Decided { what, time: said.time, by: said.by })
}

/// Opens what the kinds are. One that is left out, or does not open, lets no older one take its place.
fn open_kinds(keys: &mut Keys, sealed: &Sealed) -> Result<KindsV1, ClientError> {
    let (office, firm) = (keys.office(), keys.firm());
    let key = keys.matter_key(office, sealed.at.epoch)?;
    let bytes = sealed.bytes.as_ref().map(|bytes| bytes.as_slice()).ok_or(BROKEN)?;
    let kinds: KindsV1 =
        record::open_bytes(Some(bytes), &sealed.at, RecordKind::Kinds, firm, office, key)
            .map_err(|_| BROKEN)?;
    if kinds.is_sound() { Ok(kinds) } else { Err(BROKEN) }
}

/// Whether the caller decides for the firm.
fn decides(keys: &Keys) -> bool {
    keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.may(Caps::POLICY))
}

fn key(firm: Hash32) -> String {
    alloc::format!("sessions/{firm}")
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
