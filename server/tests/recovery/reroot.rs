//! A quorum makes the firm's root anew: a copy of the root of before is worth nothing then.

use super::*;

#[test]
fn a_quorum_makes_the_root_anew_and_the_firm_goes_on() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, clara, matter, .. } = &house;
        // Seats that the first root passed on.
        let founder = house.founder();
        let new = house.returned().await;
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&bo.portal, &bo.ring), (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        assert_eq!(pass((&firm.portal, &ring), of).await, Ok(2));

        let bo_ring = again(&bo.portal, "bo", COLLEAGUES).await;
        let seats = [ShareFor::Person(*clara), ShareFor::Person(bo.kid), ShareFor::Sheet];
        let alone = bo.portal.make_root_anew(&bo_ring, Vec::new(), 2, &seats).await;
        assert_eq!(alone.err(), Some(ClientError::NotVerified(shared::client::Thing::Share)));
        let typed = vec![house.typed().await];
        let sheets = bo.portal.make_root_anew(&bo_ring, typed, 2, &seats).await.unwrap();
        assert_eq!(sheets.len(), 1);
        assert_eq!(seen((&bo.portal, &bo_ring)).await.rerooted.len(), 1);

        // The founder's copy is of the root of before, and sheets of before are void.
        let copy = firm.portal.name_shares(&ring, 2, &seats).await.err();
        assert_eq!(copy, Some(ClientError::Missing));
        assert_eq!(firm.portal.keeps_firm_keys(&ring).await, Ok(false));
        let void = vec![house.typed().await];
        let wrong = Some(ClientError::NotVerified(shared::client::Thing::Share));
        let again_void = bo.portal.make_root_anew(&bo_ring, void, 2, &seats).await;
        assert_eq!(again_void.err(), wrong);

        // What the first root gave opens still, on a device that reads everything anew.
        let portal = new.portal.host().reload();
        let ring = again(&portal, "cy-2", COLLEAGUES).await;
        let bytes = read((&portal, &ring), *matter, house.object).await.unwrap();
        assert_eq!(bytes, house.bytes);
        assert!(
            portal.journal(&ring, async |_, _| {}).await.is_ok(),
            "and every line is somebody's"
        );

        // And the next recovery goes by the new shares and the new root.
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let founder = (&firm.portal, &ring);
        let next = colleague(firm, Post::Lawyer, "Cy Abel", "cy-3").await;
        let of = founder.0.ask_recovery(founder.1, new.kid, next.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo_ring), of, &code).await.unwrap();
        house.wait(&[founder, (&bo.portal, &bo.ring), (&next.portal, &next.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        assert_eq!(pass((&firm.portal, &ring), of).await, Ok(2));
        let ring = again(&next.portal, "cy-3", COLLEAGUES).await;
        let bytes = read((&next.portal, &ring), *matter, house.object).await.unwrap();
        assert_eq!(bytes, house.bytes);

        let app = &firm.server.app;
        let rebuilt = server::journal::rebuild::rebuild(&app.db, &app.secrets).await.unwrap();
        assert_eq!(rebuilt.differences, []);
    });
}
