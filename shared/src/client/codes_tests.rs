//! What a device refuses to fold of codes although a server shows it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::rc::Rc;

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person, kept};
use crate::client::standing::State;
use crate::crypto::hash::sha256;
use crate::crypto::keys::{Caps, Role};
use crate::crypto::signed::Namespace;
use crate::ids::{AccountId, ClientId, EnrolmentId, RecordId};
use crate::journal::code::{Channel, DIGITS};
use crate::journal::statement::{ClientAccepted, MatterAct, RecordRef};
use crate::journal::stream::StreamId;
use crate::journal::verdict::IdentityAct;
use crate::time::MINUTE;

struct Scene {
    firm: Firm,
    anna: Rc<Person>,
    client: Rc<Person>,
    room: Room,
}

impl Scene {
    fn new() -> Self {
        let mut firm = Firm::new();
        let anna = Rc::new(firm.with(Role::Staff, Caps::ALL));
        let client = Rc::new(firm.person(AccountId::random(), Role::Client, Caps::NONE));
        let mut room = firm.room(&anna);
        let invite = firm.invite(&mut room, &anna);
        assert!(firm.join(&mut room, invite, &client, NOW));
        let mut scene = Self { firm, anna, client, room };
        let act = ClientAccepted { client: scene.kid(), invite, level: 1 };
        let anna = Rc::clone(&scene.anna);
        assert!(scene.says(&anna, Namespace::Matter, MatterAct::Accepted(act), None));
        scene
    }

    fn kid(&self) -> Kid {
        self.client.bundle.kid()
    }

    fn says<A: minicbor::Encode<()>>(
        &mut self,
        by: &Person,
        ns: Namespace,
        act: A,
        attached: Option<Vec<u8>>,
    ) -> bool {
        let (key, kid) = by.signer();
        let mut pen = self.firm.pen_at(&self.room);
        attached.map(|bytes| pen.attach(bytes));
        pen.write(ns, StreamId::Matter(self.firm.matter), act, key, kid).unwrap();
        self.firm.fold(&mut self.room, &pen.append())
    }

    fn asks_of(&mut self, by: &Person, client: Kid, minutes: u32, kind: RecordKind) -> bool {
        let bytes = kept(kind, EnrolmentId([7; 16]));
        let code = RecordRef { record: RecordId([7; 16]), epoch: 0, hash: sha256(&bytes) };
        let act = CodeAsked { client, channel: Channel::Voice, minutes, code };
        self.says(by, Namespace::IdVerdict, IdentityAct::Asked(act), Some(bytes))
    }

    fn asks(&mut self) -> bool {
        let (anna, client) = (Rc::clone(&self.anna), self.kid());
        self.asks_of(&anna, client, 30, RecordKind::Code)
    }

    fn answers_at(&mut self, minutes: u64) -> bool {
        self.answers(minutes, DIGITS as u64)
    }

    fn answers(&mut self, minutes: u64, len: u64) -> bool {
        let by = Rc::clone(&self.client);
        let client = Some(ClientId(by.bundle.subject));
        let arrived = NOW.plus(minutes * MINUTE);
        self.firm.answer_at(&mut self.room, &by, (client, len), arrived)
    }

    fn found(&mut self, finding: Finding, ways: Ways) -> bool {
        let client = self.kid();
        let verdict = Verdict {
            client,
            finding,
            ways,
            expires: None,
            paper: None,
            reason: None,
            shred: None,
        };
        let anna = Rc::clone(&self.anna);
        self.says(&anna, Namespace::IdVerdict, IdentityAct::Found(verdict), None)
    }
}

#[test]
fn a_code_is_asked_of_an_accepted_client_by_somebody_who_may() {
    let mut scene = Scene::new();
    let bo = scene.firm.with(Role::Staff, Caps(Caps::ALL.0 & !Caps::INVITE.0));
    assert!(scene.firm.grant(&mut scene.room, &scene.anna, &bo.bundle));
    let (anna, client, own) = (Rc::clone(&scene.anna), scene.kid(), Rc::clone(&scene.client));
    for by in [&bo, &*own] {
        assert!(!scene.asks_of(by, client, 30, RecordKind::Code));
    }
    for (client, minutes, kind) in [
        (Kid([9; 32]), 30, RecordKind::Code),
        (anna.bundle.kid(), 30, RecordKind::Code),
        (client, 0, RecordKind::Code),
        (client, CodeAsked::MOST_MINUTES + 1, RecordKind::Code),
        (client, 30, RecordKind::Note),
    ] {
        assert!(!scene.asks_of(&anna, client, minutes, kind));
    }
    assert!(scene.asks());
}

#[test]
fn so_many_answers_are_taken_and_none_that_is_late_or_long() {
    let mut scene = Scene::new();
    assert!(!scene.answers_at(0));
    assert!(scene.asks());
    assert!(!scene.answers(0, DIGITS as u64 + 1) && !scene.answers_at(31));
    for left in (0..MOST_TRIES).rev() {
        assert!(scene.answers_at(30));
        assert_eq!(scene.room.asked(scene.kid()).unwrap().left(), left);
    }
    assert!(!scene.answers_at(1));
    // Another code has tries of its own.
    assert!(scene.asks() && scene.answers_at(1));
}

#[test]
fn a_verdict_by_code_needs_one_that_came_back_and_ends_it() {
    let mut scene = Scene::new();
    assert!(scene.asks());
    assert!(!scene.found(Finding::Contact, Ways::CODE));
    assert!(scene.answers_at(1) && scene.found(Finding::Contact, Ways::CODE));
    let standing = scene.room.standing(scene.kid(), NOW);
    assert_eq!((standing.state, standing.ways), (State::Contact, Ways::CODE));
    assert!(!scene.answers_at(1));
    // What came back stays known.
    assert!(scene.found(Finding::Verified, Ways::CODE.union(Ways::MET)));
}

#[test]
fn staff_answers_no_code() {
    let mut scene = Scene::new();
    assert!(scene.asks());
    let anna = Rc::clone(&scene.anna);
    assert!(!scene.firm.answer_at(&mut scene.room, &anna, (None, DIGITS as u64), NOW));
}
