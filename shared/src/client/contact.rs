//! Proving contact: a code that this device makes, the client's browser sends back sealed, and a device of the
//! firm compares. The server counts and carries; it is not asked whether the code was right.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::record;
use super::ring::{Keys, Ring};
use super::room::Room;
use super::verdicts::Judgement;
use crate::crypto::hash;
use crate::crypto::keys::Kid;
use crate::crypto::manifest::FileKind;
use crate::crypto::rng;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, ObjectId, RecordId};
use crate::journal::code::{Channel, CodeAsked, DIGITS, MOST_TRIES};
use crate::journal::stream::StreamId;
use crate::journal::verdict::{Finding, IdentityAct, Ways};
use crate::matters::mail::{CodeMail, ReadCodeMail, SendCode};
use crate::problem::Code;
use crate::time::Timestamp;

/// For how long a code is answered that was read aloud, in minutes.
const SPOKEN_FOR: u32 = 30;
/// The same of one that was mailed: a mail server may keep it waiting.
const MAILED_FOR: u32 = 24 * 60;

/// The code itself.
#[derive(Encode, Decode)]
#[cbor(map)]
struct CodeV1 {
    #[n(1)]
    digits: String,
}

/// A code that a client was asked for, as a page shows it.
#[derive(Clone)]
pub struct CodeSeen {
    /// Which: by it the server knows the mail.
    pub record: RecordId,
    /// How it reaches the person.
    pub channel: Channel,
    /// Who asked, where the office room has the name.
    pub by: Option<String>,
    /// Until when it is answered, by the server's clock.
    pub ends: Timestamp,
    /// How many answers came.
    pub tries: usize,
    /// How many more are taken.
    pub left: usize,
    /// Whether a verdict ended it.
    pub over: bool,
}

/// What comparing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It was the code.
    Right,
    /// None of what came was, and so many more are taken.
    Wrong(usize),
    /// Nothing came yet.
    Nothing,
}

impl<H: Host> Portal<H> {
    /// Makes a code for a client, and asks for it. One that was asked for before counts no more.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when there is no such client; when locked, or refused.
    pub async fn ask_code(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
        channel: Channel,
    ) -> Result<(), ClientError> {
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            room.clients.get(&client).ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            let (firm, id, kind) = (keys.firm(), RecordId::random(), RecordKind::Code);
            let body = CodeV1 { digits: format!("{:0DIGITS$}", rng::below(100_000_000)) };
            let key = keys.matter_key(matter, epoch)?;
            let (code, bytes) = record::seal(&body, kind, firm, matter, (epoch, key), id)?;
            pen.attach(bytes);
            let minutes = match channel {
                Channel::Voice => SPOKEN_FOR,
                Channel::Mail => MAILED_FOR,
            };
            let act = IdentityAct::Asked(CodeAsked { client, channel, minutes, code });
            let key = &keys.identity.signing;
            pen.write(Namespace::IdVerdict, stream, act, key, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// The code that a client is asked for: to be read aloud, or handed over for one mail.
    ///
    /// # Errors
    /// When locked; [`ClientError::Missing`] when there is none; [`ClientError::NotVerified`].
    pub fn code(&self, ring: &Ring, matter: MatterId, client: Kid) -> Result<String, ClientError> {
        ring.with_mut(|keys| digits(keys, matter, client))?
    }

    /// Hands the code over for one mail to this address, which nothing keeps: neither this device, nor the server
    /// beyond that one send.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] where the server sees no address in it; [`ClientError::Missing`] when no code was
    /// asked for; when locked, unreachable or refused.
    pub async fn send_code(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
        address: &str,
    ) -> Result<CodeMail, ClientError> {
        let call = ring.with_mut(|keys| {
            let code = digits(keys, matter, client)?;
            let record = asked(keys, matter, client)?.act.code.record;
            Ok::<_, ClientError>(SendCode { record, address: address.trim().into(), code })
        })??;
        match self.call(&call).await {
            Err(ClientError::Refused(Code::BadRequest)) => Err(ClientError::Unfit),
            other => other,
        }
    }

    /// How the mail with a code fares; without one, whether the server sends any.
    ///
    /// # Errors
    /// Unreachable, or refused.
    pub async fn code_mail(&self, record: Option<RecordId>) -> Result<CodeMail, ClientError> {
        self.call(&ReadCodeMail { record }).await
    }

    /// Compares what came back with the code, and says that contact is proven where it is the same.
    ///
    /// # Errors
    /// When locked, unreachable or refused; [`ClientError::Missing`] when no code was asked for.
    pub async fn compare_code(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
    ) -> Result<Compared, ClientError> {
        let came = self.look_at_code(ring, matter, client).await?;
        if came == Compared::Right {
            let (finding, ways) = (Finding::Contact, Ways::CODE);
            let (expires, paper, reason) = (None, None, None);
            let found = Judgement { client, finding, ways, expires, paper, of: None, reason };
            self.judge(ring, matter, &found).await?;
        }
        Ok(came)
    }

    /// Compares what came back with the code, and says nothing.
    ///
    /// # Errors
    /// As [`Portal::compare_code`].
    pub async fn look_at_code(
        &self,
        ring: &Ring,
        matter: MatterId,
        client: Kid,
    ) -> Result<Compared, ClientError> {
        self.sync_rooms(ring, &[matter]).await?;
        let (code, tries, left) = ring.with_mut(|keys| {
            let code = digits(keys, matter, client)?;
            let asked = asked(keys, matter, client)?;
            // What a server shows beyond the bound was refused with the stream that it stands in.
            let tries: Vec<ObjectId> = asked.tries.clone();
            Ok::<_, ClientError>((code, tries, asked.left()))
        })??;
        if tries.is_empty() {
            return Ok(Compared::Nothing);
        }
        for object in tries {
            let kind = FileKind::Code;
            let typed = match self.read_whole(ring, matter, object, kind, DIGITS as u64).await {
                // What does not open is not the code.
                Err(ClientError::NotVerified(Thing::Document)) => continue,
                other => other?,
            };
            if hash::equal(&typed, code.as_bytes()) {
                return Ok(Compared::Right);
            }
        }
        Ok(Compared::Wrong(left))
    }
}

fn asked(keys: &Keys, matter: MatterId, client: Kid) -> Result<&super::codes::Asked, ClientError> {
    keys.rooms.get(&matter).and_then(|room| room.asked(client)).ok_or(ClientError::Missing)
}

fn digits(keys: &mut Keys, matter: MatterId, client: Kid) -> Result<String, ClientError> {
    let epoch = asked(keys, matter, client)?.act.code.epoch;
    keys.matter_key(matter, epoch)?;
    let key = keys.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
    let asked = asked(keys, matter, client)?;
    // What a verdict ended is compared no more.
    if asked.over {
        return Err(ClientError::Missing);
    }
    let (at, bytes) = (&asked.act.code, asked.sealed.as_ref().map(|bytes| bytes.as_slice()));
    let kind = RecordKind::Code;
    record::open_bytes::<CodeV1>(bytes, at, kind, keys.firm(), matter, key).map(|one| one.digits)
}

/// The code that a client was asked for.
pub(super) fn seen(
    room: &Room,
    client: Kid,
    named: impl Fn(Kid) -> Option<String>,
) -> Option<CodeSeen> {
    let asked = room.asked(client)?;
    Some(CodeSeen {
        record: asked.act.code.record,
        channel: asked.act.channel,
        by: named(asked.by),
        ends: asked.act.ends(asked.taken),
        tries: asked.tries.len().min(MOST_TRIES),
        left: asked.left(),
        over: asked.over,
    })
}
