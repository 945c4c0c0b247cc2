//! A person leaves the firm, over the real router: the word, what ends with it, and the new keys.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod governed;
#[path = "../harness/mod.rs"]
mod harness;

use std::cell::Cell;

use harness::acts::{COLLEAGUES, Colleague, Firm, colleague, document, facts, link_parts};
use harness::acts::{ask, read};
use harness::client::Device;
use harness::enter;
use harness::soft_passkey::SoftPasskey;
use harness::{NOW, rt};
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::leave::Turned;
use shared::crypto::keys::Kid;
use shared::crypto::signed::{Namespace, Signed};
use shared::identity::wire::factors::Factor;
use shared::identity::wire::{ReadSession, Session};
use shared::ids::MatterId;
use shared::journal::statement::{EndKind, EpochAct, Placed};
use shared::journal::stream::StreamId;
use shared::journal::wire::{From, ReadStreams};
use shared::matters::plain::{DescriptionV1, Label};
use shared::problem::Code;
use shared::secret::Secret;

/// A firm with an administrator, and two lawyers who sit at its matters.
struct House {
    firm: Firm,
    ada: Colleague,
    bo: Colleague,
    cy: Colleague,
    matters: Vec<MatterId>,
}

impl House {
    async fn new(more: usize) -> Self {
        let firm = Firm::founded().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        let mut matters = vec![firm.matter];
        for _ in 0..more {
            matters.push(firm.portal.create_matter(&firm.ring, &a_matter()).await.unwrap());
        }
        for matter in &matters {
            for kid in [bo.kid, cy.kid] {
                firm.portal.give_access(&firm.ring, *matter, kid).await.unwrap();
            }
        }
        Self { firm, ada, bo, cy, matters }
    }

    async fn end(&self, kind: EndKind) {
        self.ada.portal.end(&self.ada.ring, self.bo.kid, kind).await.unwrap();
    }

    async fn turn(&self) -> Turned {
        self.firm.portal.turn_keys(&self.firm.ring, go_on).await.unwrap()
    }

    /// How many keys each matter had, and whether Bo's seat ended with the newest.
    async fn keys(&self) -> Vec<(usize, bool)> {
        let mut all = Vec::new();
        for matter in &self.matters {
            let epochs = epochs(&self.firm, *matter).await;
            let ended =
                epochs.last().unwrap().unseated.iter().flatten().any(|one| *one == self.bo.kid);
            all.push((epochs.len(), ended));
        }
        all
    }

    async fn founder(&self) -> Kid {
        let people = self.firm.portal.people(&self.firm.ring).await.unwrap();
        people.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap().kid
    }
}

fn a_matter() -> DescriptionV1 {
    DescriptionV1 {
        client: "Ines Okafor".into(),
        title: "Sale of the mill".into(),
        practice: "Property".into(),
        label: Label::Confidential,
    }
}

async fn go_on(_: usize, _: usize) -> bool {
    true
}

/// The keys of a matter, as the honest server tells it.
async fn epochs(firm: &Firm, matter: MatterId) -> Vec<EpochAct> {
    let from = vec![From { stream: StreamId::Matter(matter), seq: 0 }];
    let news = ask(&firm.portal, &ReadStreams { from, limit: 500, seen: 0 }).await;
    let signed = news.entries.iter().map(|entry| Signed::parse(&entry.statement.0).unwrap());
    signed
        .filter(|signed| signed.namespace() == Namespace::EpochKey)
        .map(|signed| minicbor::decode::<Placed<EpochAct>>(signed.body()).unwrap().act)
        .collect()
}

fn word() -> Secret<String> {
    Secret::new(COLLEAGUES.to_owned())
}

#[test]
fn an_administrator_ends_a_lawyer_and_every_matter_turns() {
    rt(async {
        let house = House::new(2).await;
        let House { firm, ada, bo, cy, matters } = &house;
        let bytes = document(3_000);
        let filing = bo.portal.filing(&bo.ring, firm.matter);
        let his = filing.hand_in(&facts("his.pdf", &bytes), &bytes).await.unwrap();
        read((&bo.portal, &bo.ring), firm.matter, his.object).await.unwrap();

        let before = firm.portal.before_leaving(&firm.ring, bo.kid).await.unwrap();
        assert_eq!((before.matters(), before.alone(), before.lost()), (3, 0, 0));
        let opened: usize = before.matters.iter().map(|one| one.opened.len()).sum();
        assert_eq!(opened, 1);
        assert!(before.matters.iter().all(|one| one.title.is_some() && one.sits));
        let hers = ada.portal.before_leaving(&ada.ring, bo.kid).await.unwrap();
        assert!(hers.matters.is_empty(), "she sits nowhere");
        assert_eq!(hers.matters(), 3);
        assert_eq!(house.keys().await, [(1, false); 3]);

        house.end(EndKind::Left).await;
        // The session is gone with the word itself.
        assert!(matches!(bo.portal.session().await.unwrap(), Session::None));
        let gone = Some(ClientError::Refused(Code::Unauthenticated));
        assert_eq!(bo.portal.matter(&bo.ring, firm.matter).await.err(), gone);
        assert_eq!(bo.portal.people(&bo.ring).await.err(), gone);
        let filing = bo.portal.filing(&bo.ring, firm.matter);
        assert_eq!(filing.hand_in(&facts("more.pdf", &bytes), &bytes).await.err(), gone);
        let again = enter::enter(&bo.portal, "bo", &word()).await;
        assert_eq!(again.err(), Some(ClientError::SignIn));
        let strange = enter::enter(&bo.portal, "bob", &word()).await;
        assert_eq!(strange.err(), Some(ClientError::SignIn), "as for a name that nobody has");

        // She holds no keys and turns none; a lawyer's device does.
        let hers = ada.portal.turn_keys(&ada.ring, go_on).await.unwrap();
        assert_eq!(hers, Turned::default());
        assert_eq!(
            house.turn().await,
            Turned { turned: 4, left: Vec::new() },
            "the firm's room, too"
        );
        assert_eq!(house.keys().await, [(2, true); 3]);
        assert_eq!(house.turn().await, Turned::default(), "a second time does nothing");
        let other = cy.portal.turn_keys(&cy.ring, go_on).await.unwrap();
        assert_eq!(other, Turned::default());
        assert_eq!(house.keys().await, [(2, true); 3]);

        // Those who stay go on; what he did before stands, and has his name.
        let filing = cy.portal.filing(&cy.ring, matters[1]);
        let new = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();
        assert!(read((&firm.portal, &firm.ring), matters[1], new.object).await.unwrap() == bytes);
        assert!(firm.read(his.object).await.unwrap() == bytes);
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.former[0].name.as_deref(), Some("Bo Lindqvist"));
        let after = firm.portal.before_leaving(&firm.ring, bo.kid).await.unwrap();
        assert_eq!(after.matters(), 0);
        assert_eq!(after.matters.iter().map(|one| one.opened.len()).sum::<usize>(), 1);
        let people = firm.portal.people(&firm.ring).await.unwrap();
        let him = people.iter().find(|one| one.kid == bo.kid).unwrap();
        assert_eq!(him.name.as_deref(), Some("Bo Lindqvist"));
        assert_eq!(him.end.as_ref().map(|end| end.kind), Some(EndKind::Left));
        // A device that knows nothing yet reads the same.
        let fresh = Device::new(&firm.router, NOW);
        let pass = Secret::new(harness::acts::PASSPHRASE.to_owned());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &pass).await.unwrap();
        assert!(read((&fresh, &ring), firm.matter, his.object).await.unwrap() == bytes);
        assert_eq!(fresh.matters(&ring).await.unwrap().len(), 3);
    });
}

#[test]
fn what_one_device_began_another_finishes() {
    rt(async {
        let house = House::new(17).await;
        let House { firm, cy, bo, .. } = &house;
        house.end(EndKind::Left).await;
        let steps = Cell::new(0);
        let once = async |_: usize, _: usize| steps.replace(steps.get() + 1) == 0;
        let begun = firm.portal.turn_keys(&firm.ring, once).await.unwrap();
        assert!(begun.turned > 0 && !begun.left.is_empty(), "{begun:?}");
        // The browser is closed. Somebody else signs in.
        let rest = cy.portal.turn_keys(&cy.ring, go_on).await.unwrap();
        assert_eq!(rest, Turned { turned: begun.left.len(), left: Vec::new() });
        assert_eq!(house.keys().await, [(2, true); 18]);
        assert_eq!(house.turn().await, Turned::default());
        // Cut off in the middle of an append: whether it arrived or not, no matter turns twice.
        let dee = colleague(firm, Post::Lawyer, "Dee Roe", "dee").await;
        firm.portal.give_access(&firm.ring, firm.matter, dee.kid).await.unwrap();
        firm.portal.end(&firm.ring, dee.kid, EndKind::Suspended).await.unwrap();
        firm.portal.host().cut_after.set(Some(9));
        let cut = firm.portal.turn_keys(&firm.ring, go_on).await;
        firm.portal.host().cut_after.set(None);
        assert!(cut.is_err() || cut.is_ok_and(|all| all.left.is_empty()));
        cy.portal.turn_keys(&cy.ring, go_on).await.unwrap();
        house.turn().await;
        assert_eq!(epochs(firm, firm.matter).await.len(), 3);
        let _ = bo;
    });
}

#[test]
fn two_devices_turn_at_once_and_every_matter_turns_once() {
    rt(async {
        let house = House::new(6).await;
        let House { firm, cy, .. } = &house;
        house.end(EndKind::Suspended).await;
        let (one, other) =
            futures::join!(house.turn(), async { cy.portal.turn_keys(&cy.ring, go_on).await });
        assert!(one.left.is_empty() && other.unwrap().left.is_empty());
        assert_eq!(house.keys().await, [(2, true); 7]);
        firm.portal.matters(&firm.ring).await.unwrap();
    });
}

#[test]
fn a_suspended_person_comes_back_and_is_given_access_again() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, bo, .. } = &house;
        house.end(EndKind::Suspended).await;
        house.end(EndKind::Suspended).await;
        let given = firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await;
        assert_eq!(given.err(), Some(ClientError::Unfit));
        assert_eq!(enter::enter(&bo.portal, "bo", &word()).await.err(), Some(ClientError::SignIn));
        house.turn().await;
        ada.portal.restore(&ada.ring, bo.kid).await.unwrap();
        let ring = enter::enter(&bo.portal, "bo", &word()).await.unwrap();
        assert!(bo.portal.matters(&ring).await.unwrap().is_empty(), "his seats ended");
        assert!(bo.portal.forms(&ring).await.is_err(), "in the firm's room as well");
        firm.portal.let_in(&firm.ring, bo.kid).await.unwrap();
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        assert_eq!(bo.portal.forms(&ring).await.unwrap().len(), 1);
        let bytes = document(700);
        let filing = bo.portal.filing(&ring, firm.matter);
        let his = filing.hand_in(&facts("back.pdf", &bytes), &bytes).await.unwrap();
        assert!(firm.read(his.object).await.unwrap() == bytes);
        // For good this time, and there is no way back.
        house.end(EndKind::Suspended).await;
        house.end(EndKind::Left).await;
        let back = ada.portal.restore(&ada.ring, bo.kid).await;
        assert_eq!(back.err(), Some(ClientError::Unfit));
        house.turn().await;
        assert_eq!(epochs(firm, firm.matter).await.len(), 3);
        assert!(
            firm.read(his.object).await.unwrap() == bytes,
            "between two ends he was one of them"
        );
    });
}

#[test]
fn somebody_who_was_suspended_and_comes_back_at_once_keeps_what_no_key_turned_for() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, bo, .. } = &house;
        house.end(EndKind::Suspended).await;
        ada.portal.restore(&ada.ring, bo.kid).await.unwrap();
        assert_eq!(house.turn().await, Turned::default());
        let ring = enter::enter(&bo.portal, "bo", &word()).await.unwrap();
        assert!(bo.portal.matter(&ring, firm.matter).await.is_ok());
    });
}

#[test]
fn links_end_with_whoever_made_or_read_them() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, bo, .. } = &house;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let counted = ada.portal.before_leaving(&ada.ring, bo.kid).await.unwrap().told.unwrap();
        assert_eq!((counted.matters, counted.links), (1, 1));
        let eve = colleague(firm, Post::Administrator, "Eve Lund", "eve").await;
        let offer = eve.portal.invite_staff(&eve.ring, Post::Lawyer, 7).await.unwrap();
        let (enrolment, secret) = link_parts(&offer);
        assert_eq!(ada.portal.before_leaving(&ada.ring, eve.kid).await.unwrap().offers, 1);

        house.end(EndKind::Left).await;
        // Before the key turned: he knows what is sealed to the old one.
        assert_eq!(intake.join().await, Err(ClientError::LinkExpired));
        let again = Device::new(&firm.router, NOW);
        let opened = again.open_invite(invite, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::LinkExpired));
        house.turn().await;
        assert_eq!(intake.join().await, Err(ClientError::LinkExpired));
        let (invite, fragment) = link_parts(&firm.invite().await);
        let intake = again.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.join().await.unwrap();
        assert_eq!(firm.portal.matter(&firm.ring, firm.matter).await.unwrap().clients.len(), 1);

        // A colleague's link, too.
        ada.portal.end(&ada.ring, eve.kid, EndKind::Suspended).await.unwrap();
        let stranger = Device::new(&firm.router, NOW);
        let opened = stranger.open_enrolment(enrolment, &secret).await;
        assert_eq!(opened.err(), Some(ClientError::LinkExpired));
    });
}

#[test]
fn a_matter_where_nobody_else_sits_is_counted_first() {
    rt(async {
        let house = House::new(0).await;
        let House { ada, bo, .. } = &house;
        bo.portal.create_matter(&bo.ring, &a_matter()).await.unwrap();
        let before = ada.portal.before_leaving(&ada.ring, bo.kid).await.unwrap();
        // The recovery key opens it: nothing is lost, and it must be said.
        assert_eq!((before.matters(), before.alone(), before.lost()), (2, 1, 0));
        house.end(EndKind::Left).await;
        assert_eq!(house.turn().await.left, Vec::new());
        let refused = bo.portal.before_leaving(&bo.ring, ada.kid).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::Unauthenticated)));
    });
}

#[test]
fn the_server_takes_nothing_of_somebody_who_left_on_an_open_line() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, bo, .. } = &house;
        house.end(EndKind::Suspended).await;
        assert!(matches!(ask(&bo.portal, &ReadSession {}).await, Session::None));
        let refused = bo.portal.give_access(&bo.ring, firm.matter, bo.kid).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::Unauthenticated)));
        // The tables say again what the journal says.
        let rebuilt =
            server::journal::rebuild::rebuild(&firm.server.app.db, &firm.server.app.secrets);
        assert_eq!(rebuilt.await.unwrap().differences, Vec::new());
    });
}

#[test]
fn what_is_sealed_next_waits_for_the_new_key() {
    rt(async {
        let house = House::new(2).await;
        let House { firm, cy, matters, .. } = &house;
        house.end(EndKind::Left).await;
        // Nobody turned anything yet.
        let bytes = document(3_000);
        let filing = cy.portal.filing(&cy.ring, matters[1]);
        let filed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();
        assert_eq!(house.keys().await, [(1, false), (2, true), (1, false)]);
        assert!(read((&firm.portal, &firm.ring), matters[1], filed.object).await.unwrap() == bytes);
        firm.invite().await;
        assert_eq!(house.keys().await, [(2, true), (2, true), (1, false)]);
        assert_eq!(house.turn().await.turned, 2, "the third matter, and the firm's own room");
    });
}
