//! People who leave, walls, and what the record says, while a recovery goes on.

use shared::client::enrol::Placing;
use shared::client::history::{Reader, Who};
use shared::journal::statement::EndKind;
use shared::time::Timestamp;

use super::*;

#[test]
fn what_somebody_gave_who_left_since_passes_nothing() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        firm.portal.end(&firm.ring, bo.kid, EndKind::Left).await.unwrap();
        let seen = session(founder, of).await;
        assert_eq!((seen.stage, seen.given.len()), (Stage::Asking, 1));
        house.wait(&[founder], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let founder = (&firm.portal, &ring);
        assert_eq!(pass(founder, of).await, Err(ClientError::Unfit));
        // A sheet takes its place, and a day begins.
        let sheet = house.typed().await;
        founder.0.approve_recovery(founder.1, of, &code, Some(&sheet)).await.unwrap();
        assert_eq!(session(founder, of).await.stage, Stage::Waiting(NOW.plus(2 * DAY)));
        house.wait(&[founder, (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        assert_eq!(pass((&firm.portal, &ring), of).await, Ok(2));
    });
}

async fn readers(hand: Hand<'_>, matter: MatterId) -> Vec<Reader> {
    let always = (Timestamp(0), NOW.plus(9 * DAY));
    hand.0.could_read(hand.1, matter, always).await.unwrap()
}

#[test]
fn the_record_names_whoever_passed_a_seat_on() {
    rt(async {
        let house = House::new().await;
        let House { firm, clara, bo, cy, matter, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        pass((&firm.portal, &ring), of).await.unwrap();
        let ring = again(&new.portal, "cy-2", COLLEAGUES).await;
        let told = readers((&new.portal, &ring), *matter).await;
        let conductor = told.iter().find(|reader| reader.kid == *clara).unwrap();
        assert_eq!(conductor.who, Who::Conductor(Some("Clara Marsh".to_owned())));
        assert_eq!((conductor.since, conductor.until), (NOW.plus(DAY), Some(NOW.plus(DAY))));
        // And nowhere else.
        let told = readers(house.founder(), firm.matter).await;
        assert!(!told.iter().any(|reader| matches!(reader.who, Who::Conductor(_))));
    });
}

#[test]
fn nobody_comes_back_without_their_walls() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        firm.portal.raise_wall(&firm.ring, cy.kid, firm.matter).await.unwrap();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let walled = pass((&firm.portal, &ring), of).await;
        assert!(matches!(walled, Err(ClientError::Refused(_))), "{walled:?}");
        firm.portal.raise_wall(&ring, new.kid, firm.matter).await.unwrap();
        assert_eq!(pass((&firm.portal, &ring), of).await, Ok(2));
        let ring = again(&new.portal, "cy-2", COLLEAGUES).await;
        assert!(new.portal.matter(&ring, firm.matter).await.is_err());
    });
}

#[test]
fn a_post_that_is_over_passes_nothing_on_and_closes_nothing() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        firm.portal.give_access(&firm.ring, firm.matter, cy.kid).await.unwrap();
        let until = Some(NOW.plus(DAY / 2));
        let placing = Placing { post: Post::Contractor, until, matter: None };
        firm.portal.change_post(&firm.ring, cy.kid, placing).await.unwrap();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&bo.portal, &bo.ring), (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let passed = firm.portal.pass_seats(&ring, of, go_on).await.unwrap();
        assert_eq!((passed.matters, passed.left.is_empty()), (0, false));
        // Everybody reads the matter still, from its first statement on.
        let portal = firm.portal.host().reload();
        let ring = again(&portal, "clara", PASSPHRASE).await;
        portal.matter(&ring, firm.matter).await.unwrap();
    });
}
