//! The founder's copy of the firm's own keys goes once shares were looked at, and a quorum cuts anew without it.

use shared::call::Call as _;
use shared::journal::wire::Append;

use super::*;

const MISSING: Option<ClientError> = Some(ClientError::Missing);

#[test]
fn the_copy_goes_after_a_quorum_was_looked_at_and_never_before() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, clara, .. } = &house;
        let (portal, ring) = house.founder();
        assert_eq!(portal.keeps_firm_keys(ring).await, Ok(true));
        let unfit = Err(ClientError::Unfit);
        assert_eq!(portal.forget_firm_keys(ring).await, unfit, "nobody looked");
        assert_eq!(seen(house.founder()).await.to_forget, 2);
        portal.test_share(ring, None).await.unwrap();
        portal.test_share(ring, None).await.unwrap();
        assert_eq!(portal.forget_firm_keys(ring).await, unfit, "one, twice");
        let sheet = house.typed().await;
        bo.portal.test_share(&bo.ring, Some(&sheet)).await.unwrap();
        assert_eq!(portal.forget_firm_keys(ring).await, unfit, "somebody else says so");
        assert_eq!(seen(house.founder()).await.to_forget, 1);
        portal.test_share(ring, Some(&sheet)).await.unwrap();
        assert_eq!(seen(house.founder()).await.to_forget, 0);
        assert_eq!(bo.portal.forget_firm_keys(&bo.ring).await.err(), MISSING, "has none");
        // A new cutting was looked at by nobody.
        let seats = [ShareFor::Person(*clara), ShareFor::Person(bo.kid), ShareFor::Sheet];
        let sheets = portal.name_shares(ring, 2, &seats).await.unwrap();
        assert_eq!(portal.forget_firm_keys(ring).await, unfit, "of another cutting");
        portal.test_share(ring, None).await.unwrap();
        let typed = portal.read_sheet(ring, &sheets[0].text).unwrap().ok().unwrap();
        portal.test_share(ring, Some(&typed)).await.unwrap();
        firm.server.pass(6 * 60_000);
        assert_eq!(portal.forget_firm_keys(ring).await, Err(ClientError::StepUp));
        let ring = again(portal, "clara", PASSPHRASE).await;
        portal.forget_firm_keys(&ring).await.unwrap();
        assert_eq!(portal.keeps_firm_keys(&ring).await, Ok(false));
        assert_eq!(portal.forget_firm_keys(&ring).await.err(), MISSING);
        assert_eq!(portal.name_shares(&ring, 2, &seats).await.err(), MISSING);
        // The account opens as before, here and by the words.
        let ring = again(portal, "clara", PASSPHRASE).await;
        assert!(portal.matter(&ring, firm.matter).await.is_ok());
        let fresh = Device::new(&firm.router, NOW);
        let word = Secret::new("another long passphrase".to_owned());
        fresh.sign_in_with_words("clara", &firm.words, &word).await.unwrap();
    });
}

#[test]
fn a_quorum_cuts_anew_without_anybodys_copy() {
    rt(async {
        let house = House::new().await;
        let House { bo, cy, clara, .. } = &house;
        let (portal, ring) = house.founder();
        let sheet = house.typed().await;
        portal.test_share(ring, None).await.unwrap();
        portal.test_share(ring, Some(&sheet)).await.unwrap();
        portal.forget_firm_keys(ring).await.unwrap();
        let seats = [ShareFor::Person(*clara), ShareFor::Person(cy.kid), ShareFor::Sheet];
        let wrong = Some(ClientError::NotVerified(Thing::Share));
        let alone = bo.portal.name_shares_by(&bo.ring, Vec::new(), 2, &seats).await;
        assert_eq!(alone.err(), wrong, "one share is none");
        let none = cy.portal.name_shares_by(&cy.ring, vec![house.typed().await], 2, &seats).await;
        assert_eq!(none.err(), wrong, "a sheet alone");
        // Bo's own share and the sheet.
        let typed = vec![house.typed().await];
        let made = bo.portal.name_shares_by(&bo.ring, typed, 2, &seats).await.unwrap();
        assert_eq!(made.len(), 1);
        let view = seen(house.founder()).await;
        assert_eq!(
            view.seats.iter().map(|seat| seat.mine).collect::<Vec<_>>(),
            [true, false, false]
        );
        assert_eq!(cy.portal.test_share(&cy.ring, None).await, Ok(2));
        assert_eq!(bo.portal.test_share(&bo.ring, None).await.err(), MISSING, "has none now");
        let void = vec![house.typed().await];
        let again = portal.name_shares_by(ring, void, 2, &seats).await;
        assert_eq!(again.err(), wrong, "void by now");
        let fits = portal.read_sheet(ring, &made[0].text).unwrap().ok().unwrap();
        assert!(portal.name_shares_by(ring, vec![fits], 2, &seats).await.is_ok());
    });
}

/// The server keeps what it is sent and garbles its answer.
fn garble(portal: &Portal<Device>) {
    *portal.host().twist.borrow_mut() =
        Some(Box::new(
            |path, _, answer| {
                if path == Append::ROUTE { b"{}".to_vec() } else { answer }
            },
        ));
}

#[test]
fn an_answer_that_does_not_arrive_costs_nobody_their_sheets() {
    rt(async {
        let house = House::new().await;
        let (portal, ring) = house.founder();
        assert_eq!(portal.unprinted_sheets(ring).await.unwrap().len(), 1, "of before");
        portal.sheets_on_paper().await.unwrap();
        assert!(portal.unprinted_sheets(ring).await.unwrap().is_empty());
        let seats = [ShareFor::Sheet, ShareFor::Sheet];
        garble(portal);
        let made = portal.name_shares(ring, 2, &seats).await.unwrap();
        portal.host().twist.take();
        assert_eq!(made.len(), 2);
        let looked = |sheet: &Sheet| portal.read_sheet(ring, &sheet.text).unwrap().ok().unwrap();
        portal.test_share(ring, Some(&looked(&made[0]))).await.unwrap();
        drop(made);
        // The page ended before they were printed.
        let kept = portal.unprinted_sheets(ring).await.unwrap();
        assert_eq!(kept.len(), 2);
        let typed = kept.iter().map(looked).collect();
        portal.name_shares_by(ring, typed, 2, &seats).await.unwrap();
        // What was never named is no sheet.
        portal.sheets_on_paper().await.unwrap();
        portal.host().unheard.set(Some(Append::ROUTE));
        assert!(portal.name_shares(ring, 2, &seats).await.is_err());
        portal.host().unheard.set(None);
        assert!(portal.unprinted_sheets(ring).await.unwrap().is_empty());
    });
}
