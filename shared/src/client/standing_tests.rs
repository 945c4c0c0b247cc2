//! What a device refuses to fold about a client although a server shows it, and where a client stands then.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Role;
use crate::ids::{AccountId, ClientId, RecordId};
use crate::journal::statement::{ClientAccepted, MatterAct};
use crate::journal::stream::StreamId;
use crate::time::DAY;

/// A matter of Anna's with a client whom she accepted.
struct Scene {
    firm: Firm,
    anna: Person,
    client: Person,
    room: Room,
}

impl Scene {
    fn new() -> Self {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::ALL);
        let client = firm.person(AccountId::random(), Role::Client, Caps::NONE);
        let mut room = firm.room(&anna);
        let invite = firm.invite(&mut room, &anna);
        assert!(firm.join(&mut room, invite, &client, NOW));
        let mut scene = Self { firm, anna, client, room };
        let act = ClientAccepted { client: scene.client.bundle.kid(), invite, level: 1 };
        let stream = StreamId::Matter(scene.firm.matter);
        let mut pen = scene.firm.pen_at(&scene.room);
        let (key, kid) = scene.anna.signer();
        pen.write(Namespace::Matter, stream, MatterAct::Accepted(act), key, kid).unwrap();
        assert!(scene.firm.fold(&mut scene.room, &pen.append()));
        scene
    }

    fn kid(&self) -> Kid {
        self.client.bundle.kid()
    }

    /// Whether the device takes it from Anna, or from somebody else.
    fn says(&mut self, by: Option<&Person>, act: IdentityAct) -> bool {
        let (key, kid) = by.unwrap_or(&self.anna).signer();
        let stream = StreamId::Matter(self.firm.matter);
        let mut pen = self.firm.pen_at(&self.room);
        pen.write(Namespace::IdVerdict, stream, act, key, kid).unwrap();
        self.firm.fold(&mut self.room, &pen.append())
    }

    fn verdict(&self, finding: Finding, ways: Ways) -> Verdict {
        let client = self.kid();
        Verdict { client, finding, ways, expires: None, paper: None, reason: None, shred: None }
    }

    fn found(&mut self, finding: Finding, ways: Ways) -> bool {
        let verdict = self.verdict(finding, ways);
        self.says(None, IdentityAct::Found(verdict))
    }

    fn state(&self, now: Timestamp) -> State {
        self.room.standing(self.kid(), now).state
    }
}

#[test]
fn a_verdict_needs_a_seat_and_the_capability() {
    let mut scene = Scene::new();
    let bo = scene.firm.with(Role::Staff, Caps(Caps::ALL.0 & !Caps::INVITE.0));
    let cy = scene.firm.with(Role::Staff, Caps::ALL);
    assert!(scene.firm.grant(&mut scene.room, &scene.anna, &bo.bundle));
    let client = scene.firm.person(AccountId::random(), Role::Client, Caps::NONE);
    let own = Person { account: client.account, keys: client.keys, bundle: client.bundle };
    let act = |scene: &Scene| IdentityAct::Found(scene.verdict(Finding::Verified, Ways::MET));
    let need = IdentityAct::Needed(Need::NOTHING);
    for by in [&bo, &cy, &own] {
        let verdict = act(&scene);
        assert!(!scene.says(Some(by), verdict) && !scene.says(Some(by), need.clone()));
    }
    assert_eq!(scene.state(NOW), State::Invited);
    assert!(scene.found(Finding::Verified, Ways::MET));
    assert_eq!(scene.state(NOW), State::Verified);
}

#[test]
fn a_client_says_nothing_of_itself() {
    let mut scene = Scene::new();
    let verdict = scene.verdict(Finding::Verified, Ways::MET);
    let (key, kid) = scene.client.signer();
    let stream = StreamId::Matter(scene.firm.matter);
    let mut pen = scene.firm.pen_at(&scene.room);
    pen.write(Namespace::IdVerdict, stream, IdentityAct::Found(verdict), key, kid).unwrap();
    assert!(!scene.firm.fold(&mut scene.room, &pen.append()));
}

#[test]
fn nobody_is_judged_who_was_not_accepted_or_is_not_here() {
    let mut scene = Scene::new();
    let stranger = scene.firm.person(AccountId::random(), Role::Client, Caps::NONE);
    let invite = scene.firm.invite(&mut scene.room, &scene.anna);
    assert!(scene.firm.join(&mut scene.room, invite, &stranger, NOW));
    for client in [stranger.bundle.kid(), scene.anna.bundle.kid(), Kid([9; 32])] {
        let verdict = Verdict { client, ..scene.verdict(Finding::Verified, Ways::MET) };
        assert!(!scene.says(None, IdentityAct::Found(verdict)));
    }
    assert_eq!(scene.room.standing(stranger.bundle.kid(), NOW).state, State::Stranger);
}

#[test]
fn a_paper_is_the_clients_own() {
    let mut scene = Scene::new();
    assert!(scene.firm.file(&mut scene.room, &scene.anna, None));
    let letter = *scene.room.objects.keys().next().unwrap();
    let subject = Some(ClientId(scene.client.bundle.subject));
    assert!(scene.firm.file(&mut scene.room, &scene.client, subject));
    let own = *scene.room.objects.keys().find(|object| **object != letter).unwrap();
    let looked = |scene: &mut Scene, paper| {
        let verdict = Verdict { paper, ..scene.verdict(Finding::InReview, Ways::NONE) };
        scene.says(None, IdentityAct::Found(verdict))
    };
    assert!(!looked(&mut scene, Some(letter)) && !looked(&mut scene, Some(ObjectId([9; 16]))));
    let need = Need { enough: alloc::vec![Ways::PAPER], again: None };
    assert!(scene.says(None, IdentityAct::Needed(need)));
    // What the firm files never waits.
    assert!(scene.room.waiting_objects().into_iter().eq([own]));
    assert!(looked(&mut scene, Some(own)));
    assert!(scene.room.waiting_objects().is_empty());
    assert_eq!(scene.state(NOW), State::InReview);
}

#[test]
fn a_verdict_goes_on_while_something_new_is_looked_at_and_ends_by_the_clock() {
    let mut scene = Scene::new();
    let end = Some(NOW.plus(2 * DAY));
    let verdict = Verdict { expires: end, ..scene.verdict(Finding::Verified, Ways::MET) };
    assert!(scene.says(None, IdentityAct::Found(verdict)));
    assert!(scene.found(Finding::Contact, Ways::SPOKEN));
    assert_eq!(scene.state(NOW), State::Verified);
    assert_eq!(scene.state(NOW.plus(2 * DAY)), State::Expired);
    let need = Need { enough: alloc::vec![Ways::MET], again: Some(1) };
    assert!(scene.says(None, IdentityAct::Needed(need)));
    assert_eq!(scene.room.standing(scene.kid(), NOW).until, Some(NOW.plus(DAY)));
    assert_eq!(scene.state(NOW.plus(DAY)), State::Expired);
    assert!(!scene.room.standing(scene.kid(), NOW.plus(2 * DAY)).enough);
    // The link is enough again, where somebody says why.
    assert!(!scene.says(None, IdentityAct::Needed(Need::NOTHING)));
    let more = Need { enough: alloc::vec![Ways::MET], again: Some(2) };
    assert!(!scene.says(None, IdentityAct::Needed(more)));
    let reason = |epoch| RecordRef { record: RecordId([7; 16]), epoch, hash: Hash32([8; 32]) };
    let less = Lessened { need: Need::NOTHING, reason: reason(9) };
    assert!(!scene.says(None, IdentityAct::NeededLess(less.clone())));
    let less = Lessened { reason: reason(0), ..less };
    assert!(scene.says(None, IdentityAct::NeededLess(less)));
    assert!(scene.room.less().is_some());
    assert!(scene.room.need().is_none() && scene.room.standing(scene.kid(), NOW).enough);
}

#[test]
fn what_was_folded_is_kept_and_gone_on_from() {
    let mut scene = Scene::new();
    assert!(scene.found(Finding::Contact, Ways::SPOKEN));
    let bytes = crate::crypto::cbor::encode(&scene.room);
    let again: Room = crate::crypto::cbor::decode_own(&bytes, bytes.len()).unwrap();
    scene.room = again.resumed();
    assert_eq!(scene.state(NOW), State::Contact);
    assert!(scene.found(Finding::Verified, Ways::SPOKEN));
    assert_eq!(scene.state(NOW), State::Verified);
}
