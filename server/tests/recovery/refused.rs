//! What nobody can make of recovery: a wrong share, a second code, a wait cut short, a word of somebody who may
//! not say it.

use super::*;

#[test]
fn a_wrong_share_is_named_before_anything_is_tried() {
    rt(async {
        let house = House::new().await;
        let House { firm, clara, bo, cy, .. } = &house;
        let founder = house.founder();
        let void = house.typed().await;
        let wrong = Some(ClientError::NotVerified(Thing::Share));
        // Another's bytes under a number, and the sheet of an earlier cutting.
        let swapped = sheet_of(&house, 3, [7; 32]).await;
        assert_eq!(founder.0.test_share(founder.1, Some(&swapped)).await.err(), wrong);
        let seats = [ShareFor::Person(*clara), ShareFor::Person(bo.kid), ShareFor::Sheet];
        let sheets = firm.portal.name_shares(&firm.ring, 2, &seats).await.unwrap();
        assert_eq!(founder.0.test_share(founder.1, Some(&void)).await.err(), wrong, "void by now");
        let good = founder.0.read_sheet(founder.1, &sheets[0].text).unwrap().ok().unwrap();
        assert_eq!(founder.0.test_share(founder.1, Some(&good)).await, Ok(3));
        let new = house.returned().await;
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        let given = founder.0.approve_recovery(founder.1, of, &code, Some(&swapped)).await;
        assert_eq!(given.err(), wrong);
        let given = founder.0.approve_recovery(founder.1, of, &code, Some(&void)).await;
        assert_eq!(given.err(), wrong);
        assert!(founder.0.wrong_shares(founder.1, of).await.unwrap().is_empty());
    });
}

/// A share with these bytes in a sheet's form.
async fn sheet_of(house: &House, number: u8, bytes: [u8; 32]) -> Share {
    let real = house.typed().await;
    let mut read = house.firm.server.app.db.read().await.unwrap();
    let firm = server::journal::store::directory::firm(&mut read).await.unwrap().unwrap();
    Share::of(firm.fingerprint, real.generation(), number, bytes)
}

#[test]
fn another_code_is_no_agreement() {
    rt(async {
        let house = House::new().await;
        let House { bo, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        let unfit = Err(ClientError::Unfit);
        assert_eq!(approve((&bo.portal, &bo.ring), of, "").await, unfit);
        let other = code.replace('1', "2").replace('3', "4").replace('5', "6");
        assert_eq!(approve((&bo.portal, &bo.ring), of, &other).await, unfit);
        let spaced = code.replace(' ', "-");
        assert_eq!(approve((&bo.portal, &bo.ring), of, &spaced).await, Ok(()));
    });
}

#[test]
fn nobody_cuts_the_wait_short_or_passes_a_seat_alone() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, matter, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        assert_eq!(pass(founder, of).await, Err(ClientError::Unfit));
        // A device whose clock is a day ahead signs, and the server refuses.
        let now = firm.portal.host().now.get();
        firm.portal.host().now.set(now.plus(DAY));
        let early = pass(founder, of).await;
        assert!(matches!(early, Err(ClientError::Refused(_))), "{early:?}");
        firm.portal.host().now.set(now);
        // Only the device that asked can end it, and only its person.
        assert_eq!(pass((&bo.portal, &bo.ring), of).await, Err(ClientError::Unfit));
        assert!(founder.0.matter(founder.1, *matter).await.is_err(), "asking opens nothing");
        // The person says that nothing was lost.
        cy.portal.cancel_recovery(&cy.ring, of).await.unwrap();
        assert_eq!(session(founder, of).await.stage, Stage::Over);
        house.wait(&[founder], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        assert!(pass((&firm.portal, &ring), of).await.is_err());
    });
}

#[test]
fn administrators_and_the_person_concerned_decide_nothing() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, .. } = &house;
        let ada = colleague(firm, Post::Administrator, "Ada Voss", "ada").await;
        let new = house.returned().await;
        let unfit = Some(ClientError::Unfit);
        assert_eq!(ada.portal.ask_recovery(&ada.ring, cy.kid, new.kid).await.err(), unfit);
        assert_eq!(new.portal.ask_recovery(&new.ring, cy.kid, new.kid).await.err(), unfit);
        let founder = house.founder();
        assert_eq!(founder.0.ask_recovery(founder.1, cy.kid, ada.kid).await.err(), unfit);
        assert_eq!(founder.0.ask_recovery(founder.1, house.clara, new.kid).await.err(), unfit);
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let twice = founder.0.ask_recovery(founder.1, cy.kid, bo.kid).await.err();
        assert_eq!(twice, unfit, "one at a time");
        let code = session(founder, of).await.code;
        let sheet = house.typed().await;
        for hand in [(&ada.portal, &ada.ring), (&new.portal, &new.ring), (&cy.portal, &cy.ring)] {
            let given = hand.0.approve_recovery(hand.1, of, &code, Some(&sheet)).await;
            assert!(given.is_err());
        }
        assert_eq!(
            ada.portal.name_shares(&ada.ring, 2, &[ShareFor::Sheet; 3]).await.err(),
            Some(ClientError::Missing)
        );
        assert_eq!(
            bo.portal.name_shares(&bo.ring, 2, &[ShareFor::Sheet; 3]).await.err(),
            Some(ClientError::Missing)
        );
        let to_admin = [ShareFor::Person(ada.kid), ShareFor::Sheet, ShareFor::Sheet];
        assert_eq!(founder.0.name_shares(founder.1, 2, &to_admin).await.err(), unfit);
        for (threshold, count) in [(1, 3), (4, 3), (2, 16)] {
            let seats = vec![ShareFor::Sheet; count];
            let cut = founder.0.name_shares(founder.1, threshold, &seats).await;
            assert!(cut.is_err(), "{threshold} of {count}");
        }
    });
}

#[test]
fn a_page_that_was_left_open_recovers_nothing() {
    rt(async {
        let house = House::new().await;
        let House { firm, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        firm.server.pass(6 * 60_000);
        let step_up = Some(ClientError::StepUp);
        assert_eq!(founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.err(), step_up);
        assert_eq!(founder.0.name_shares(founder.1, 2, &[ShareFor::Sheet; 3]).await.err(), step_up);
        assert_eq!(founder.0.test_share(founder.1, None).await, Ok(1), "to look is always well");
    });
}

#[test]
fn a_new_cutting_ends_what_goes_on() {
    rt(async {
        let house = House::new().await;
        let House { firm, cy, bo, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        firm.portal.name_shares(&firm.ring, 2, &[ShareFor::Sheet; 3]).await.unwrap();
        let given = approve((&bo.portal, &bo.ring), of, &code).await;
        assert_eq!(given, Err(ClientError::Missing));
        assert_eq!(session(founder, of).await.stage, Stage::Over);
    });
}

#[test]
fn a_rebuilt_server_knows_the_same() {
    rt(async {
        let house = House::new().await;
        let House { firm, cy, bo, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        pass((&firm.portal, &ring), of).await.unwrap();
        let app = &firm.server.app;
        let rebuilt = server::journal::rebuild::rebuild(&app.db, &app.secrets).await.unwrap();
        assert_eq!(rebuilt.differences, []);
    });
}
