//! One-time codes in a matter's stream: who was asked, and what may come back. What the server refuses to take
//! (`server/src/matters/clients/codes.rs`) is refused here again.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::error::ClientError;
use super::held::taken;
use super::room::{BROKEN, Room};
use crate::crypto::keys::Kid;
use crate::crypto::manifest::{FileKind, Manifest};
use crate::crypto::sealed::{RecordKind, inspect_record};
use crate::ids::ObjectId;
use crate::journal::code::{CodeAsked, MOST_TRIES, is_answer};
use crate::journal::verdict::{Finding, Verdict, Ways};
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// The newest code that a client was asked for.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Asked {
    #[n(1)]
    pub(crate) act: CodeAsked,
    #[n(2)]
    pub(crate) by: Kid,
    /// The server's time.
    #[n(3)]
    pub(crate) taken: Timestamp,
    /// The sealed code, where the server gave it to us.
    #[n(4)]
    pub(crate) sealed: Option<ByteVec>,
    /// What came back, oldest first.
    #[n(5)]
    pub(crate) tries: Vec<ObjectId>,
    /// Whether a verdict ended it.
    #[n(6)]
    pub(crate) over: bool,
}

impl Asked {
    /// How many more answers are taken.
    pub(crate) fn left(&self) -> usize {
        if self.over { 0 } else { MOST_TRIES.saturating_sub(self.tries.len()) }
    }

    /// Whether an answer that arrives at an instant is taken.
    pub(crate) fn takes(&self, arrived: Timestamp) -> bool {
        self.left() > 0 && arrived <= self.act.ends(self.taken)
    }
}

impl Room {
    /// The newest code that a client was asked for.
    pub(crate) fn asked(&self, client: Kid) -> Option<&Asked> {
        self.identities.codes.get(&client)
    }

    /// Whether a client ever answered a code.
    pub(super) fn code_came(&self, client: Kid) -> bool {
        let is_answer = |kind, sender| kind == FileKind::Code && sender == client;
        self.objects.values().any(|one| is_answer(one.manifest.context.kind, one.sender))
    }

    /// Takes that a client is asked for a code.
    pub(super) fn ask_code(
        &mut self,
        act: CodeAsked,
        by: Kid,
        entry: &mut Entry,
    ) -> Result<(), ClientError> {
        let accepted = self.clients.get(&act.client).is_some_and(super::held::Client::is_accepted);
        if !accepted || !act.is_sound() || !self.has_epoch(act.code.epoch) {
            return Err(BROKEN);
        }
        let sealed = taken(&mut entry.attachments, act.code.hash);
        let is_code =
            |bytes: &ByteVec| inspect_record(bytes).is_ok_and(|(kind, _)| kind == RecordKind::Code);
        if !sealed.iter().all(is_code) {
            return Err(BROKEN);
        }
        let taken = Timestamp(entry.arrived);
        let asked = Asked { act, by, taken, sealed, tries: Vec::new(), over: false };
        self.identities.codes.insert(asked.act.client, asked);
        Ok(())
    }

    /// Counts what a client files in answer to a code; whatever else is filed is none of this.
    pub(super) fn take_answer(&mut self, manifest: &Manifest, arrived: Timestamp) -> bool {
        let context = &manifest.context;
        if context.kind != FileKind::Code {
            return true;
        }
        let asked = self.identities.codes.get_mut(&context.sender);
        let asked = asked.filter(|asked| asked.takes(arrived) || vuln::a32());
        let Some(asked) = asked.filter(|_| is_answer(manifest)) else { return false };
        asked.tries.push(context.object);
        true
    }

    /// A verdict that rests on the code, or that it is somebody else, ends it.
    pub(super) fn end_code(&mut self, verdict: &Verdict) {
        let ends = verdict.ways.contains(Ways::CODE) || verdict.finding == Finding::Failed;
        if let Some(asked) = self.identities.codes.get_mut(&verdict.client) {
            asked.over |= ends;
        }
    }
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
