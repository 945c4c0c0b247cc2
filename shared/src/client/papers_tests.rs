//! What a device refuses to fold about identity papers although a server shows it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Role};
use crate::ids::{AccountId, ClientId};
use crate::journal::statement::ClientAccepted;
use crate::journal::verdict::{Finding, IdentityAct, Verdict, Ways};
use crate::time::{DAY, Timestamp};

/// A matter of Anna's with a client whom she accepted, a lawyer and a paralegal.
struct Scene {
    firm: Firm,
    anna: Person,
    bo: Person,
    pam: Person,
    client: Person,
    room: Room,
}

impl Scene {
    fn new() -> Self {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::ALL);
        let bo = firm.with(Role::Staff, VERIFIES);
        let pam = firm.with(Role::Staff, Caps::INVITE);
        let client = firm.person(AccountId::random(), Role::Client, Caps::NONE);
        let mut room = firm.room(&anna);
        assert!(
            firm.grant(&mut room, &anna, &bo.bundle) && firm.grant(&mut room, &anna, &pam.bundle)
        );
        let invite = firm.invite(&mut room, &anna);
        assert!(firm.join(&mut room, invite, &client, NOW));
        let mut scene = Self { firm, anna, bo, pam, client, room };
        let act = ClientAccepted { client: scene.client.bundle.kid(), invite, level: 1 };
        assert!(scene.anna_says(MatterAct::Accepted(act)));
        scene
    }

    /// With a key of papers.
    fn keyed() -> Self {
        let mut scene = Self::new();
        let key = scene.key();
        assert!(scene.anna_says(MatterAct::PapersKey(key)));
        scene
    }

    fn anna_says(&mut self, act: MatterAct) -> bool {
        let (firm, room) = (&self.firm, &mut self.room);
        says(firm, room, &self.anna, act)
    }

    /// A key for the newest epoch's papers.
    fn key(&self) -> PapersKey {
        let (epoch, own) = self.room.epoch().unwrap();
        let bundle =
            MatterKey::generate().bundle(self.firm.matter, self.firm.id, NOW, Some(own.kid()));
        PapersKey { epoch, key: bundle }
    }

    fn granted(&self, to: Kid) -> MatterAct {
        let envelope_hash = Hash32([5; 32]);
        MatterAct::PapersGranted(Granted { epoch: 0, recipient: to, envelope_hash })
    }

    fn subject(&self) -> Option<ClientId> {
        Some(ClientId(self.client.bundle.subject))
    }

    /// What papers are sealed to.
    fn to(&self) -> Hash32 {
        recipients_hash(&[self.room.papers.key(0).unwrap().kid()])
    }

    fn files(&mut self) -> Option<ObjectId> {
        let (to, at) = (self.to(), (self.subject(), 0));
        self.firm.paper(&mut self.room, &self.client, at, to)
    }

    fn finds(&mut self, by: fn(&Self) -> &Person, verdict: Verdict) -> bool {
        let stream = StreamId::Matter(self.firm.matter);
        let mut pen = self.firm.pen_at(&self.room);
        let (key, kid) = by(self).signer();
        let act = IdentityAct::Found(verdict);
        pen.write(Namespace::IdVerdict, stream, act, key, kid).unwrap();
        let append = pen.append();
        self.firm.fold(&mut self.room, &append)
    }

    fn verdict(&self, finding: Finding, paper: Option<ObjectId>) -> Verdict {
        let ways = if finding == Finding::Verified { Ways::PAPER } else { Ways::NONE };
        let client = self.client.bundle.kid();
        Verdict { client, finding, ways, expires: None, paper, reason: None, shred: None }
    }
}

fn says(firm: &Firm, room: &mut Room, by: &Person, act: MatterAct) -> bool {
    let mut pen = firm.pen_at(room);
    let (key, kid) = by.signer();
    pen.write(Namespace::Matter, StreamId::Matter(firm.matter), act, key, kid).unwrap();
    firm.fold(room, &pen.append())
}

#[test]
fn a_key_of_papers_is_begun_by_those_who_verify_for_the_newest_epoch_once() {
    let mut scene = Scene::new();
    let good = scene.key();
    let (firm, room) = (&scene.firm, &mut scene.room);
    assert!(!says(firm, room, &scene.pam, MatterAct::PapersKey(good.clone())));
    let outside = scene.firm.with(Role::Staff, Caps::ALL);
    let (firm, room) = (&scene.firm, &mut scene.room);
    assert!(!says(firm, room, &outside, MatterAct::PapersKey(good.clone())));
    let own = scene.room.epoch().unwrap().1.clone();
    let bundle = |change: fn(&mut PublicBundle)| {
        let mut key = good.key.clone();
        change(&mut key);
        PapersKey { key, ..good.clone() }
    };
    for bad in [
        PapersKey { epoch: 1, ..good.clone() },
        bundle(|key| key.previous = None),
        bundle(|key| key.previous = Some(Kid([7; 32]))),
        bundle(|key| key.subject = [7; 16]),
        bundle(|key| key.firm = Hash32([7; 32])),
        bundle(|key| key.role = Role::Recovery),
        // The matter's own: everybody with a seat has it.
        PapersKey { key: PublicBundle { kem: own.kem, ..good.key.clone() }, ..good.clone() },
    ] {
        assert!(!scene.anna_says(MatterAct::PapersKey(bad.clone())), "{bad:?}");
    }
    let (firm, room) = (&scene.firm, &mut scene.room);
    assert!(says(firm, room, &scene.bo, MatterAct::PapersKey(good.clone())));
    let another = scene.key();
    assert!(!scene.anna_says(MatterAct::PapersKey(another)), "an epoch has one");
    // The next epoch has none, does not take the one before, and its own key is not that.
    assert!(scene.firm.rotate(&mut scene.room, &scene.anna, None));
    assert!(scene.room.newest_papers().is_none());
    let (epoch, own) = scene.room.epoch().unwrap();
    let kem = good.key.kem.clone();
    let again = PublicBundle { kem, previous: Some(own.kid()), ..good.key };
    assert!(!scene.anna_says(MatterAct::PapersKey(PapersKey { epoch, key: again })));
    let next = scene.key();
    assert!(scene.anna_says(MatterAct::PapersKey(next)));
}

#[test]
fn a_key_of_papers_goes_to_those_who_verify_and_gives_nobody_a_seat() {
    let mut scene = Scene::new();
    let (bo, pam) = (scene.bo.bundle.kid(), scene.pam.bundle.kid());
    let early = scene.granted(bo);
    assert!(!scene.anna_says(early), "there is none to give");
    let mut scene = Scene::keyed();
    let (bo_kid, pam_kid) = (scene.bo.bundle.kid(), scene.pam.bundle.kid());
    assert_ne!((bo, pam), (bo_kid, pam_kid));
    let outside = scene.firm.with(Role::Staff, Caps::ALL);
    for to in [pam_kid, scene.client.bundle.kid(), outside.bundle.kid(), Kid([7; 32])] {
        let act = scene.granted(to);
        assert!(!scene.anna_says(act), "{to:?}");
    }
    assert!(!scene.room.is_seated(outside.bundle.kid()));
    let act = scene.granted(bo_kid);
    let (firm, room) = (&scene.firm, &mut scene.room);
    assert!(!says(firm, room, &scene.pam, act.clone()), "a paralegal gives none");
    assert!(says(firm, room, &scene.bo, act));
    assert!(scene.room.papers.holders(0).eq([bo_kid]));
}

#[test]
fn a_paper_is_a_clients_sealed_to_the_key_of_papers_and_to_no_other() {
    let mut scene = Scene::new();
    let at = (scene.subject(), 0);
    let anything = Hash32([4; 32]);
    assert!(scene.firm.paper(&mut scene.room, &scene.client, at, anything).is_none());
    let mut scene = Scene::keyed();
    let at = (scene.subject(), 0);
    let own = recipients_hash(&[scene.room.epoch().unwrap().1.kid()]);
    let to = scene.to();
    for wrong in [anything, own] {
        assert!(scene.firm.paper(&mut scene.room, &scene.client, at, wrong).is_none());
    }
    assert!(scene.firm.paper(&mut scene.room, &scene.anna, (None, 0), to).is_none());
    let paper = scene.files().unwrap();
    assert!(scene.room.is_paper(paper));
}

#[test]
fn nobody_else_says_that_they_looked_at_a_paper_or_when_it_goes() {
    let mut scene = Scene::keyed();
    let paper = scene.files();
    let looks = scene.verdict(Finding::InReview, paper);
    assert!(!scene.finds(|scene| &scene.pam, looks.clone()));
    assert!(scene.finds(|scene| &scene.bo, looks));
    let met = Verdict { ways: Ways::MET, ..scene.verdict(Finding::Verified, None) };
    let shreds = Verdict { shred: Some(NOW), ..met.clone() };
    assert!(!scene.finds(|scene| &scene.pam, shreds));
    assert!(scene.finds(|scene| &scene.pam, met));
}

#[test]
fn all_papers_of_a_client_go_when_the_first_verdict_said() {
    let mut scene = Scene::keyed();
    let (front, back) = (scene.files().unwrap(), scene.files().unwrap());
    let on = |days: u64| Some(NOW.plus(days * DAY));
    let verified = scene.verdict(Finding::Verified, Some(front));
    let past = Some(Timestamp(NOW.0 - 1));
    assert!(!scene.finds(|scene| &scene.anna, Verdict { shred: past, ..verified.clone() }));
    assert!(scene.finds(|scene| &scene.anna, Verdict { shred: on(30), ..verified.clone() }));
    let later = scene.files().unwrap();
    assert_eq!([front, back, later].map(|one| scene.room.shreds(one)), [on(30), on(30), None]);
    // Later does not count, sooner does; what came meanwhile goes with it.
    assert!(scene.finds(|scene| &scene.anna, Verdict { shred: on(90), ..verified.clone() }));
    assert_eq!([front, later].map(|one| scene.room.shreds(one)), [on(30), on(90)]);
    assert!(scene.finds(|scene| &scene.anna, Verdict { shred: on(7), ..verified }));
    assert_eq!([front, later].map(|one| scene.room.shreds(one)), [on(7), on(7)]);
}

#[test]
fn a_key_of_papers_is_owed_when_one_who_holds_it_verifies_no_more() {
    let mut scene = Scene::keyed();
    let bo = scene.bo.bundle.kid();
    let act = scene.granted(bo);
    assert!(scene.anna_says(act));
    assert!(!scene.room.owes_papers_key(&scene.firm.directory));
    let placing = crate::journal::posts::Placing::of(crate::journal::posts::Post::Paralegal);
    let posted = crate::journal::posts::Posted {
        account: scene.bo.account,
        kid: bo,
        placing,
        caps: Caps::INVITE,
    };
    assert!(scene.firm.act(crate::journal::statement::KeyringAct::Posted(posted)));
    assert!(scene.room.owes_papers_key(&scene.firm.directory));
}
