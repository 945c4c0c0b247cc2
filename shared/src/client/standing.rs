//! How surely the firm knows each client of a matter: verdicts, folded, and what waits until there is one.
//! What the server refuses to take (`server/src/matters/clients/policy.rs`) is refused here again.

use alloc::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::codes::Asked;
use super::directory::Directory;
use super::error::ClientError;
use super::held::{Client, Submission, open, taken};
use super::room::{BROKEN, Room};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::sealed::{RecordKind, inspect_record};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{ObjectId, SubmissionId};
use crate::journal::cosignature::are_alike;
use crate::journal::papers::VERIFIES;
use crate::journal::statement::{Placed, RecordRef};
use crate::journal::stream::Place;
use crate::journal::verdict::{Finding, IdentityAct, Lessened, Need, Verdict, Ways};
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// What a matter's stream says of its clients' identity.
#[derive(Default, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Identities {
    #[n(1)]
    clients: BTreeMap<Kid, Judged>,
    #[n(2)]
    need: Option<Need>,
    #[n(3)]
    released: BTreeSet<SubmissionId>,
    /// What was named as a paper to look at.
    #[n(4)]
    papers: BTreeSet<ObjectId>,
    /// The newest code that each client was asked for.
    #[cbor(n(5), default, skip_if = "BTreeMap::is_empty")]
    pub(super) codes: BTreeMap<Kid, Asked>,
    /// Why the matter needs less than it did, where the newest need says so.
    #[n(6)]
    less: Option<Less>,
    /// When papers are shredded: of each the first time that was ever said.
    #[cbor(n(7), default, skip_if = "BTreeMap::is_empty")]
    shreds: BTreeMap<ObjectId, Timestamp>,
}

/// Why a matter needs less than it did.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Less {
    /// The record that says it.
    #[n(1)]
    pub(crate) at: RecordRef,
    /// Sealed, where the server gave it to us.
    #[n(2)]
    pub(crate) bytes: Option<ByteVec>,
}

impl Identities {
    pub(crate) fn is_empty(&self) -> bool {
        // Nobody is released, and no paper looked at, where there is neither need nor verdict.
        self.clients.is_empty()
            && self.need.is_none()
            && self.released.is_empty()
            && self.codes.is_empty()
    }
}

/// The newest verdict on a client, and the newest that it is the right person.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Judged {
    #[n(1)]
    pub(crate) verdict: Verdict,
    #[n(2)]
    pub(crate) by: Kid,
    /// When, as its signer says.
    #[n(3)]
    pub(crate) time: Timestamp,
    /// The sealed reason, where the server gave it to us.
    #[n(4)]
    pub(crate) reason: Option<ByteVec>,
    #[n(5)]
    verified: Option<Verified>,
    /// In which ways the client is known by now; none of somebody who failed.
    #[n(6)]
    ways: Ways,
}

/// That a client is the right person. It goes on while something new is looked at, and ends when that fails.
#[derive(Clone, Copy, Encode, Decode)]
#[cbor(map)]
struct Verified {
    #[n(1)]
    ways: Ways,
    #[n(2)]
    by: Kid,
    #[n(3)]
    time: Timestamp,
    #[n(4)]
    expires: Option<Timestamp>,
}

/// Where a client stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It came, and nobody could tell yet that it came by the link.
    Stranger,
    /// It had the link, and nothing more is known.
    Invited,
    /// The person reached by a known telephone or address has its key.
    Contact,
    /// A paper is being looked at.
    InReview,
    /// It is the person whom the firm takes them for.
    Verified,
    /// It is not, or that could not be shown.
    Failed,
    /// It was verified, and that is over.
    Expired,
    /// Its key was lost, and the firm ended it.
    Ended,
}

/// How surely the firm knows a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// In which ways it is known.
    pub ways: Ways,
    /// Who said so.
    pub by: Option<Kid>,
    /// Since when, as they say.
    pub since: Option<Timestamp>,
    /// Until when it counts.
    pub until: Option<Timestamp>,
    /// Whether that is enough for this matter.
    pub enough: bool,
}

impl Standing {
    const fn plain(state: State) -> Self {
        Self { state, ways: Ways::NONE, by: None, since: None, until: None, enough: false }
    }
}

impl Room {
    /// What the matter needs before what clients hand in is opened.
    #[must_use]
    pub fn need(&self) -> Option<&Need> {
        self.identities.need.as_ref().filter(|need| !need.is_nothing())
    }

    /// Why the matter needs less than it did, where the newest need says so.
    pub(crate) fn less(&self) -> Option<&Less> {
        self.identities.less.as_ref()
    }

    /// The newest verdict on a client.
    pub(crate) fn judged(&self, client: Kid) -> Option<&Judged> {
        self.identities.clients.get(&client)
    }

    /// Where a client of this matter stands at an instant.
    #[must_use]
    pub fn standing(&self, kid: Kid, now: Timestamp) -> Standing {
        let ended = self.clients.get(&kid).and_then(|client| client.ended.as_ref());
        if let Some(end) = ended {
            let (by, since) = (Some(end.by), Some(end.time));
            return Standing { by, since, ..Standing::plain(State::Ended) };
        }
        let level = self.clients.get(&kid).and_then(|client| client.level);
        if level.is_none() && !vuln::a32() {
            return Standing::plain(State::Stranger);
        }
        let Some(judged) = self.judged(kid) else {
            let nothing = Standing::plain(State::Invited);
            return Standing { enough: self.need().is_none(), ..nothing };
        };
        let verdict = &judged.verdict;
        let (ways, expires) = (judged.ways, verdict.expires);
        let (by, since) = (Some(judged.by), Some(judged.time));
        let found = Standing { ways, by, since, until: expires, ..Standing::plain(State::Invited) };
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        let standing = match (verdict.finding, judged.verified) {
            (Finding::Failed, _) => Standing { state: State::Failed, ..found },
            (Finding::InReview, _) => Standing { state: State::InReview, ..found },
            (Finding::Verified | Finding::Contact, Some(known)) => {
                let until = self.ends(known);
                let state = if over(until) { State::Expired } else { State::Verified };
                let (by, since) = (Some(known.by), Some(known.time));
                Standing { state, ways, by, since, until, enough: false }
            }
            (Finding::Contact, None) if over(expires) => {
                Standing { state: State::Expired, ..found }
            }
            (Finding::Contact | Finding::Verified, None) => {
                Standing { state: State::Contact, ..found }
            }
        };
        let nothing_needed = self.need().is_none() && standing.state != State::Failed;
        Standing { enough: nothing_needed || self.covers(kid, now), ..standing }
    }

    /// The paper by which a client is verified.
    pub(crate) fn paper_of(&self, client: Kid) -> Option<ObjectId> {
        let judged = self.judged(client)?;
        judged.verdict.paper.filter(|_| judged.verdict.finding == Finding::Verified)
    }

    /// When an identity paper is shredded, or was.
    pub(crate) fn shreds(&self, paper: ObjectId) -> Option<Timestamp> {
        self.identities.shreds.get(&paper).copied()
    }

    /// By which verdict a client was verified: in which ways, by whom, when, as they say, and until when.
    pub(crate) fn verified_by(
        &self,
        client: Kid,
    ) -> Option<(Ways, Kid, Timestamp, Option<Timestamp>)> {
        let known = self.judged(client)?.verified?;
        Some((known.ways, known.by, known.time, self.ends(known)))
    }

    fn ends(&self, known: Verified) -> Option<Timestamp> {
        self.need().map_or(known.expires, |need| need.ends(known.time, known.expires))
    }

    /// Whether what a client handed in at an instant comes from somebody known well enough.
    fn covers(&self, client: Kid, at: Timestamp) -> bool {
        let Some(need) = self.need() else { return true };
        let known = self.judged(client).and_then(|judged| judged.verified);
        known.is_some_and(|known| {
            need.is_met_by(known.ways) && self.ends(known).is_none_or(|end| at <= end)
        })
    }

    /// Whether a submission waits until its client is known well enough, or somebody releases it.
    pub(crate) fn waits(&self, submission: &Submission) -> bool {
        let released = self.identities.released.contains(&submission.submitted.submission);
        !released && !self.covers(submission.client, submission.arrived) && !vuln::a19()
    }

    /// The objects of a client that wait; a paper that is looked at does not.
    pub(crate) fn waiting_objects(&self) -> BTreeSet<ObjectId> {
        if self.need().is_none() {
            return BTreeSet::new();
        }
        let late = |filed: &&super::held::Filed| {
            self.clients.contains_key(&filed.sender) && !self.covers(filed.sender, filed.arrived)
        };
        let objects = self.objects.values().filter(late);
        let mut waiting: BTreeSet<_> = objects.map(|filed| filed.manifest.context.object).collect();
        for submission in self.submissions.values() {
            let handed = &submission.submitted;
            for object in handed.documents.iter().chain([&handed.answers]) {
                if !self.waits(submission) {
                    waiting.remove(object);
                }
            }
        }
        waiting.retain(|object| !self.identities.papers.contains(object));
        waiting
    }

    /// Takes an act of namespace 11.
    pub(super) fn identify(
        &mut self,
        signed: &Signed,
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        let signer = signed.signer();
        let key = self.sender(signer, directory)?;
        let body: Placed<IdentityAct> = open(signed, Namespace::IdVerdict, &key)?;
        let sealed = match &body.act {
            IdentityAct::Found(one) => one.paper.is_some_and(|paper| self.is_paper(paper)),
            _ => false,
        };
        let shreds = body.act.shred().is_some();
        // A clock that is far off must not destroy anything.
        if shreds && !are_alike(body.place.time, Timestamp(entry.arrived)) {
            return Err(BROKEN);
        }
        // Of what only those who verify can open, nobody else says that they looked, or that it goes.
        let needs = if sealed || shreds { VERIFIES } else { Caps::INVITE };
        if !vuln::a32() {
            self.staff_may(signer, needs, (directory, entry.leaf))?;
        }
        match body.act {
            IdentityAct::Found(verdict) => {
                self.judge(verdict, (signer, body.place.time), entry)?;
            }
            IdentityAct::Needed(need) => {
                let before = self.identities.need.as_ref();
                let enough = before.is_none_or(|before| need.is_at_least(before));
                if !need.is_sound() || !(enough || vuln::a32()) {
                    return Err(BROKEN);
                }
                (self.identities.need, self.identities.less) = (Some(need), None);
            }
            IdentityAct::NeededLess(Lessened { need, reason: at }) => {
                if !need.is_sound() || (at.epoch as usize) >= self.epochs.len() {
                    return Err(BROKEN);
                }
                let bytes = reason_of(entry, &at, RecordKind::Less)?;
                self.identities.less = Some(Less { at, bytes });
                self.identities.need = Some(need);
            }
            IdentityAct::Released(submission) => {
                let here = self.submissions.contains_key(&submission);
                if !here || !self.identities.released.insert(submission) {
                    return Err(BROKEN);
                }
            }
            IdentityAct::Asked(asked) => self.ask_code(asked, signer, entry)?,
            IdentityAct::KeyEnded(act) => self.end_key(act, (signer, body.place.time), entry)?,
        }
        Ok(body.place)
    }

    /// Papers go at this instant, or sooner where that was said before.
    pub(super) fn shred(&mut self, papers: BTreeSet<ObjectId>, shred: Timestamp) {
        for paper in papers {
            let said = self.identities.shreds.entry(paper).or_insert(shred);
            *said = shred.min(*said);
        }
    }

    fn judge(
        &mut self,
        verdict: Verdict,
        (by, time): (Kid, Timestamp),
        entry: &mut Entry,
    ) -> Result<(), ClientError> {
        let accepted = |client: &Client| client.is_accepted() || vuln::a32();
        let before = self.judged(verdict.client);
        let own = |object: &ObjectId| {
            self.objects.get(object).is_some_and(|filed| filed.sender == verdict.client)
        };
        let fits = self.clients.get(&verdict.client).is_some_and(accepted)
            && verdict.is_sound(time)
            && verdict.finding.follows(before.map(|before| before.verdict.finding))
            && verdict.paper.iter().all(own)
            && (!verdict.ways.contains(Ways::CODE) || self.code_came(verdict.client))
            && verdict.reason.iter().all(|at| (at.epoch as usize) < self.epochs.len());
        if !fits {
            return Err(BROKEN);
        }
        let reason = match &verdict.reason {
            Some(at) => reason_of(entry, at, RecordKind::Verdict)?,
            None => None,
        };
        let verified = match verdict.finding {
            Finding::Verified => {
                Some(Verified { ways: verdict.ways, by, time, expires: verdict.expires })
            }
            Finding::Failed => None,
            Finding::Contact | Finding::InReview => before.and_then(|before| before.verified),
        };
        let ways = match verdict.finding {
            Finding::Verified | Finding::Failed => verdict.ways,
            Finding::Contact | Finding::InReview => {
                before.map_or(Ways::NONE, |before| before.ways).union(verdict.ways)
            }
        };
        self.identities.papers.extend(verdict.paper);
        if let Some(shred) = verdict.shred {
            let theirs = self.papers_of(verdict.client).chain(verdict.paper).collect();
            self.shred(theirs, shred);
        }
        let client = verdict.client;
        self.end_code(&verdict);
        let judged = Judged { verdict, by, time, reason, verified, ways };
        self.identities.clients.insert(client, judged);
        Ok(())
    }
}

/// The reason that comes along. An export carries none; what does is what it should be.
pub(super) fn reason_of(
    entry: &mut Entry,
    at: &RecordRef,
    kind: RecordKind,
) -> Result<Option<ByteVec>, ClientError> {
    let bytes = taken(&mut entry.attachments, at.hash);
    let fits = |bytes: &ByteVec| inspect_record(bytes).is_ok_and(|(known, _)| known == kind);
    if bytes.iter().all(fits) { Ok(bytes) } else { Err(BROKEN) }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
