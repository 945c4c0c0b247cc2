//! What the firm decides for all its people and matters, over the real router: how long staff stay signed in, and
//! what matters of a kind need.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod door;
#[path = "../harness/mod.rs"]
mod harness;
mod kinds;
mod questions;
#[path = "../world/mod.rs"]
mod world;

use harness::acts::{COLLEAGUES, Colleague, Firm, PASSPHRASE, colleague};
use harness::{enter, rt};
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::identity::wire::Session;
use shared::journal::policy::SessionRules;
use shared::secret::Secret;
use shared::time::MINUTE;

const fn rules(idle_minutes: u32, absolute_hours: u32) -> SessionRules {
    SessionRules { idle_minutes, absolute_hours }
}

async fn set(firm: &Firm, rules: SessionRules) {
    firm.portal.set_sessions(&firm.ring, rules).await.unwrap();
}

async fn holds(firm: &Firm) -> bool {
    !matches!(firm.portal.session().await, Ok(Session::None))
}

async fn again(firm: &Firm) {
    enter::enter(&firm.portal, "clara", &Secret::new(PASSPHRASE.to_owned())).await.unwrap();
}

#[test]
fn a_firm_says_how_long_its_people_stay_signed_in_and_each_device_knows() {
    rt(async {
        let firm = Firm::founded().await;
        let bo: Colleague = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let read = || async { bo.portal.session_rules(&bo.ring).await.unwrap() };
        assert_eq!(read().await, SessionRules::DEFAULT);
        assert!(firm.portal.policy(&firm.ring).await.unwrap().sessions.is_none());
        set(&firm, rules(5, 2)).await;
        assert_eq!(read().await, rules(5, 2));
        set(&firm, rules(7, 3)).await;
        assert_eq!(read().await, rules(7, 3));
        let policy = bo.portal.policy(&bo.ring).await.unwrap();
        assert!(!policy.may_decide && !policy.may_name);
        let said = policy.sessions.unwrap();
        let people = bo.portal.people(&bo.ring).await.unwrap();
        let clara = people.iter().find(|one| one.name.as_deref() == Some("Clara Marsh")).unwrap();
        assert_eq!((said.what, said.by), (rules(7, 3), clara.account));
    });
}

#[test]
fn nobody_says_it_who_does_not_decide_for_the_firm_or_beyond_the_bounds() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let unfit = Err(ClientError::Unfit);
        assert_eq!(bo.portal.set_sessions(&bo.ring, rules(5, 2)).await, unfit);
        for bad in [rules(0, 2), rules(61, 2), rules(5, 0), rules(5, 25)] {
            assert_eq!(firm.portal.set_sessions(&firm.ring, bad).await, unfit, "{bad:?}");
        }
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        ada.portal.set_sessions(&ada.ring, rules(9, 9)).await.unwrap();
        assert_eq!(firm.portal.session_rules(&firm.ring).await, Ok(rules(9, 9)));
    });
}

#[test]
fn the_server_ends_sessions_as_the_firm_says() {
    rt(async {
        let firm = Firm::founded().await;
        assert!(holds(&firm).await);
        set(&firm, rules(5, 1)).await;
        firm.server.pass(4 * MINUTE);
        assert!(holds(&firm).await);
        firm.server.pass(6 * MINUTE);
        assert!(!holds(&firm).await, "nobody used it");
        again(&firm).await;
        for _ in 0..15 {
            assert!(holds(&firm).await);
            firm.server.pass(4 * MINUTE);
        }
        firm.server.pass(1);
        assert!(!holds(&firm).await, "it is an hour old");
        // One that was opened before ends as well, once the firm says so.
        again(&firm).await;
        set(&firm, rules(60, 24)).await;
        firm.server.pass(31 * MINUTE);
        assert!(holds(&firm).await);
        firm.server.pass(31 * MINUTE);
        assert!(!holds(&firm).await, "it was opened for an hour");
        again(&firm).await;
        firm.server.pass(45 * MINUTE);
        assert!(holds(&firm).await);
        again(&firm).await;
        set(&firm, rules(60, 1)).await;
        firm.server.pass(50 * MINUTE);
        assert!(holds(&firm).await);
        firm.server.pass(11 * MINUTE);
        assert!(!holds(&firm).await);
    });
}

#[test]
fn it_is_said_by_somebody_who_showed_a_factor_lately() {
    rt(async {
        let firm = Firm::founded().await;
        firm.server.pass(6 * MINUTE);
        let said = firm.portal.set_sessions(&firm.ring, rules(5, 1)).await;
        assert_eq!(said, Err(ClientError::StepUp));
    });
}

#[test]
fn what_was_read_last_holds_where_nothing_answers() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        assert_eq!(bo.portal.kept_rules(&bo.ring).await, Ok(SessionRules::DEFAULT));
        set(&firm, rules(2, 3)).await;
        assert_eq!(bo.portal.session_rules(&bo.ring).await, Ok(rules(2, 3)));
        bo.portal.host().drop_session();
        assert!(bo.portal.policy(&bo.ring).await.is_err());
        assert_eq!(bo.portal.session_rules(&bo.ring).await, Ok(rules(2, 3)));
        enter::enter(&bo.portal, "bo", &Secret::new(COLLEAGUES.to_owned())).await.unwrap();
        set(&firm, rules(3, 3)).await;
        assert_eq!(bo.portal.session_rules(&bo.ring).await, Ok(rules(3, 3)));
    });
}
