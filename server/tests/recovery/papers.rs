//! Identity papers, where everybody who verified is lost.

use shared::client::filing::Filing as _;
use shared::crypto::manifest::FileKind;
use shared::ids::{FormId, InviteId};
use shared::intake::questions::asking;
use shared::time::DAY;

use crate::harness::acts::{COLLEAGUES, PASSPHRASE, a_form, facts, link_parts, read, terms};
use crate::harness::client::Device;
use crate::harness::{NOW, rt};
use crate::{House, again, approve, pass, session};

#[test]
fn the_papers_that_a_lost_key_opened_come_back_with_its_seats() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, matter, .. } = &house;
        let form = FormId::random();
        let asks = asking(&a_form(), &[], true);
        firm.portal.publish_form(&firm.ring, form, &asks).await.unwrap();
        let link = cy.portal.invite_client(&cy.ring, *matter, form, &terms()).await.unwrap();
        let (invite, fragment): (InviteId, String) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let picture = b"the picture of a passport";
        let about = facts("passport.jpg", picture);
        let paper = intake.hand_in_as(&about, picture, FileKind::Identification).await.unwrap();
        cy.portal.matter(&cy.ring, *matter).await.unwrap();

        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&bo.portal, &bo.ring), (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        assert_eq!(pass((&firm.portal, &ring), of).await, Ok(2));
        let ring = again(&new.portal, "cy-2", COLLEAGUES).await;
        let opened = read((&new.portal, &ring), *matter, paper.object).await.unwrap();
        assert_eq!(opened, picture);
        let rebuilt =
            server::journal::rebuild::rebuild(&firm.server.app.db, &firm.server.app.secrets);
        assert_eq!(rebuilt.await.unwrap().differences, Vec::new());
    });
}
