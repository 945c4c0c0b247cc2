//! Who may end whom: the firm is never left without anybody who admits, and a page left open ends nobody.

use super::*;

#[test]
fn the_firm_is_never_left_without_anybody_who_admits() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, bo, .. } = &house;
        let clara = house.founder().await;
        let unfit = Some(ClientError::Unfit);
        assert_eq!(ada.portal.end(&ada.ring, ada.kid, EndKind::Left).await.err(), unfit, "oneself");
        assert_eq!(bo.portal.end(&bo.ring, ada.kid, EndKind::Left).await.err(), unfit, "a lawyer");
        ada.portal.end(&ada.ring, clara, EndKind::Suspended).await.unwrap();
        let bob = colleague_by(&house, "Bob Hale", "bob").await;
        let last = bob.portal.end(&bob.ring, ada.kid, EndKind::Left).await;
        assert_eq!(last.err(), unfit);
        ada.portal.restore(&ada.ring, clara).await.unwrap();
        let pass = Secret::new(harness::acts::PASSPHRASE.to_owned());
        let ring = enter::enter(&firm.portal, "clara", &pass).await.unwrap();
        firm.portal.end(&ring, ada.kid, EndKind::Left).await.unwrap();
    });
}

#[test]
fn a_page_that_was_left_open_ends_nobody() {
    rt(async {
        let house = House::new(1).await;
        let House { firm, ada, bo, .. } = &house;
        firm.server.pass(6 * 60_000);
        let refused = ada.portal.end(&ada.ring, bo.kid, EndKind::Suspended).await.err();
        assert_eq!(refused, Some(ClientError::StepUp));
        step_up(ada, "ada").await;
        ada.portal.end(&ada.ring, bo.kid, EndKind::Suspended).await.unwrap();
        firm.server.pass(6 * 60_000);
        let refused = ada.portal.restore(&ada.ring, bo.kid).await.err();
        assert_eq!(refused, Some(ClientError::StepUp));
    });
}

#[test]
fn a_page_that_was_left_open_brings_nobody_in_and_takes_nothing_out() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, bo, .. } = &house;
        let link = ada.portal.invite_staff(&ada.ring, Post::Lawyer, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let portal = Device::new(&firm.router, NOW);
        enter::enrol(&portal, enrolment, &fragment, ("Dee Ames", "dee"), &word()).await.unwrap();
        firm.server.pass(6 * 60_000);
        let wants = ClientError::StepUp;
        let invited = ada.portal.invite_staff(&ada.ring, Post::Lawyer, 7).await;
        assert_eq!(invited.err(), Some(wants.clone()));
        assert_eq!(ada.portal.admit(&ada.ring, enrolment).await.err(), Some(wants.clone()));
        let taken = firm.portal.take_access_back(&firm.ring, firm.matter, bo.kid).await;
        assert_eq!(taken.err(), Some(wants.clone()));
        let mut file = Vec::new();
        let exported = firm.portal.export(&firm.ring, firm.matter, &word(), &mut file).await;
        assert_eq!(exported.err(), Some(wants));
        assert!(file.is_empty(), "nothing of the matter was written");
        // Reading, and what follows from somebody's leaving, wants nothing.
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        step_up(ada, "ada").await;
        ada.portal.admit(&ada.ring, enrolment).await.unwrap();
        house.end(EndKind::Left).await;
        assert_eq!(house.turn().await.turned, 2, "the matter, and the firm's own room");
    });
}

async fn step_up(person: &Colleague, handle: &str) {
    let wanted = person.portal.begin_step_up().await.unwrap();
    let said = SoftPasskey::of(handle).sign(&wanted.challenge);
    person.portal.finish_step_up(&wanted, Factor::Passkey(said)).await.unwrap();
}

/// A lawyer whom the administrator brings in.
async fn colleague_by(house: &House, name: &str, handle: &str) -> Colleague {
    let House { firm, ada, .. } = house;
    let link = ada.portal.invite_staff(&ada.ring, Post::Lawyer, 7).await.unwrap();
    let (enrolment, fragment) = link_parts(&link);
    let portal = Device::new(&firm.router, NOW);
    enter::enrol(&portal, enrolment, &fragment, (name, handle), &word()).await.unwrap();
    ada.portal.admit(&ada.ring, enrolment).await.unwrap();
    let ring = enter::enter(&portal, handle, &word()).await.unwrap();
    let people = ada.portal.people(&ada.ring).await.unwrap();
    let kid = people.iter().find(|one| one.handle.as_deref() == Some(handle)).unwrap().kid;
    Colleague { portal, ring, kid }
}

#[test]
fn two_who_end_each_other_at_once_leave_one() {
    rt(async {
        let house = House::new(0).await;
        let House { firm, ada, .. } = &house;
        let clara = house.founder().await;
        let (one, other) = futures::join!(
            firm.portal.end(&firm.ring, ada.kid, EndKind::Left),
            ada.portal.end(&ada.ring, clara, EndKind::Left)
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
        let (portal, ring) =
            if one.is_ok() { (&firm.portal, &firm.ring) } else { (&ada.portal, &ada.ring) };
        let people = portal.people(ring).await.unwrap();
        assert_eq!(people.iter().filter(|one| one.end.is_some()).count(), 1);
        assert!(portal.invite_staff(ring, Post::Administrator, 7).await.is_ok(), "still governed");
    });
}
