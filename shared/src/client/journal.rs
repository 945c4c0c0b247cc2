//! The journal as a person of staff reads it: every act by leaf, and the newest checkpoint checked
//! against all of them.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::posts::Spot;
use super::ring::Ring;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Kid, VerifyKey};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::anchor::Leaf;
use crate::journal::statement::{self, AccessAct, ClientJoined, Placed, Verb};
use crate::journal::stream::{Head, Place, StreamId};
use crate::journal::tree;
use crate::journal::wire::{Entry, MAX_PAGE, ReadJournal};
use crate::time::Timestamp;
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// Statements verified in one breath: some 70 ms in a browser.
const STEP: usize = 200;

/// One act.
pub struct JournalLine {
    /// Its leaf.
    pub leaf: u64,
    /// What kind.
    pub namespace: Namespace,
    /// Its kind within the namespace, by number; `None` where there is only one.
    pub variant: Option<u8>,
    /// Where it stands, and when its signer says it was made.
    pub place: Place,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Who signed.
    pub signer: Actor,
}

/// Who signed an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The firm root.
    Root,
    /// A person of staff.
    Staff(AccountId),
    /// A client.
    Client(Kid),
}

/// The whole journal, with the checkpoint that it adds up to.
pub struct JournalSeen {
    /// All acts, oldest first.
    pub lines: Vec<JournalLine>,
    /// The verified tree size.
    pub size: u64,
    /// The checkpoint's note, to be saved as evidence.
    pub note: String,
    /// The leaf of the first act that arrived, as the server says, before the act in front of it. The times
    /// are the server's word alone; it has to say them in order (CRYPTO 10).
    pub backwards: Option<u64>,
}

impl<H: Host> Portal<H> {
    /// Reads the journal whole and verifies the checkpoint: signed by the firm's log key, grown out of
    /// the pinned one, and the root over exactly the statements that the server shows; each of these
    /// signed by whom it names, and in its place of its stream. Now and then `tell` is told how many of
    /// how many were verified, and may take a breath.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`] when the journal does not add up.
    pub async fn journal(
        &self,
        ring: &Ring,
        tell: impl AsyncFn(u64, u64),
    ) -> Result<JournalSeen, ClientError> {
        let log = ring.with(|keys| keys.directory.log())?;
        let pin = self.prove_standing(&log).await?;
        // After the checkpoint: whoever signed a statement under it was admitted before.
        self.sync_directory(ring).await?;
        let mut reading = Reading::default();
        while reading.read() < pin.size {
            let leaf = reading.read();
            let limit = u64::from(MAX_PAGE).min(pin.size - leaf) as u32;
            let page = self.call(&ReadJournal { leaf, limit }).await?.entries;
            // A record stands where it says that it stands.
            let in_place = page.iter().zip(leaf..).all(|(entry, place)| entry.leaf == place);
            if page.is_empty() || page.len() > limit as usize || !in_place {
                return Err(BROKEN);
            }
            for some in page.chunks(STEP) {
                ring.with(|keys| {
                    some.iter().try_for_each(|entry| reading.take(entry, &keys.directory))
                })??;
                tell(reading.read(), pin.size).await;
            }
        }
        if tree::root_of(&reading.leaves) != pin.root && !vuln::a36() {
            return Err(BROKEN);
        }
        let Reading { lines, backwards, .. } = reading;
        Ok(JournalSeen { lines, size: pin.size, note: pin.note, backwards })
    }
}

/// Acts of one kind are told apart by what they say they did: opened, saved, exported.
fn variant(signed: &Signed, entry: &Entry) -> Option<u8> {
    if signed.namespace() != Namespace::Access {
        return statement::variant_of(&entry.statement.0);
    }
    let body: Placed<AccessAct> = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
    Some(match body.act.verb {
        Verb::Opened => 1,
        Verb::Downloaded => 2,
        Verb::Exported => 3,
    })
}

/// What is known while the journal is read from its beginning: a server that signs checkpoints can put
/// anything under one, but nobody's signature.
#[derive(Default)]
struct Reading {
    clients: BTreeMap<Kid, VerifyKey>,
    heads: BTreeMap<StreamId, Head>,
    leaves: Vec<Hash32>,
    lines: Vec<JournalLine>,
    backwards: Option<u64>,
}

impl Reading {
    /// How many acts were taken in.
    const fn read(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn take(&mut self, entry: &Entry, directory: &Directory) -> Result<(), ClientError> {
        let line = self.line(entry, directory)?;
        let earlier = self.lines.last().is_some_and(|before| line.arrived < before.arrived);
        if earlier && self.backwards.is_none() {
            self.backwards = Some(line.leaf);
        }
        self.leaves.push(Leaf::of(entry).hash);
        self.lines.push(line);
        Ok(())
    }

    fn line(&mut self, entry: &Entry, directory: &Directory) -> Result<JournalLine, ClientError> {
        let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
        let place = statement::place_of(&entry.statement.0).ok_or(BROKEN)?;
        let signer = self.signer(&signed, entry.leaf, directory)?;
        // Here every leaf is known: all of them make the root.
        if !directory.counts(signed.signer(), &Spot::of(entry)) {
            return Err(BROKEN);
        }
        let head = self.heads.entry(place.stream).or_insert(Head::EMPTY);
        match head.advance(&place, signed.digest()) {
            Ok(next) => *head = next,
            Err(_) if vuln::a36() => {}
            Err(_) => return Err(BROKEN),
        }
        Ok(JournalLine {
            leaf: entry.leaf,
            namespace: signed.namespace(),
            variant: variant(&signed, entry),
            place,
            arrived: Timestamp(entry.arrived),
            signer,
        })
    }

    /// Who signed, under a key that is known: the root's, a member's, or that of a client who joined
    /// before.
    fn signer(
        &mut self,
        signed: &Signed,
        leaf: u64,
        directory: &Directory,
    ) -> Result<Actor, ClientError> {
        let kid = signed.signer();
        let (actor, key) = if let Some(member) = directory.member_by_kid(kid) {
            (Actor::Staff(member.account), member.bundle.verify_key)
        } else if kid == Kid::of_root(directory.firm()) {
            (Actor::Root, Some(*directory.root_key_at(leaf)))
        } else {
            if signed.namespace() == Namespace::ClientBundle {
                let body: Placed<ClientJoined> =
                    cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?;
                let bundle = body.act.bundle;
                let key = bundle.verify_key.filter(|_| bundle.kid() == kid).ok_or(BROKEN)?;
                self.clients.insert(kid, key);
            }
            (Actor::Client(kid), self.clients.get(&kid).copied())
        };
        let key = key.ok_or(BROKEN)?;
        let genuine = signed.verify(signed.namespace(), &key).is_ok();
        if genuine || vuln::a36() { Ok(actor) } else { Err(BROKEN) }
    }
}
