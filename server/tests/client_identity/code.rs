//! Contact, proven by a one-time code: the lawyer's device makes it, the client's browser types it back, and the
//! lawyer's device compares. The server carries, counts, and learns nothing where it is read aloud.

use shared::client::ClientError;
use shared::client::contact::Compared;
use shared::client::standing::State;
use shared::journal::code::{Channel, MOST_TRIES};
use shared::journal::verdict::{Finding, Need, Ways};
use shared::problem::Code;
use shared::time::{HOUR, MINUTE, Timestamp};

use crate::harness::acts::{Colleague, Firm, Tale, colleague};
use crate::harness::{NOW, TestApp, rt};
use crate::{Case, need};

const INVALID: Result<(), ClientError> = Err(ClientError::Refused(Code::InvalidStatement));

impl Case {
    async fn ask(&self, channel: Channel) -> String {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.ask_code(ring, *matter, self.client, channel).await.unwrap();
        portal.code(ring, *matter, self.client).unwrap()
    }

    async fn compare(&self) -> Result<Compared, ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.compare_code(ring, *matter, self.client).await
    }

    /// Moves the clocks of everybody.
    fn set(&self, now: Timestamp) {
        self.firm.server.set_clock(now);
        self.firm.portal.host().now.set(now);
    }
}

/// Another than this one.
fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

#[test]
fn a_code_that_is_read_aloud_comes_back_and_proves_contact() {
    rt(async {
        let case = Case::new(need(Ways::MET, None)).await;
        let before = case.firm.portal.host().sent.borrow().len();
        let code = case.ask(Channel::Voice).await;
        assert!(code.len() == 8 && code.bytes().all(|one| one.is_ascii_digit()));
        assert_eq!(case.compare().await, Ok(Compared::Nothing));
        let seen = case.client().await.code.unwrap();
        assert_eq!((seen.tries, seen.left, seen.channel), (0, MOST_TRIES, Channel::Voice));
        assert_eq!(seen.by.as_deref(), Some("Clara Marsh"));
        // However it is written.
        let (head, tail) = code.split_at(4);
        case.intake.answer_code(&format!(" {head} {tail}")).await.unwrap();
        assert_eq!(case.client().await.standing.state, State::Invited);
        assert_eq!(case.compare().await, Ok(Compared::Right));
        let seen = case.client().await;
        assert_eq!((seen.standing.state, seen.standing.ways), (State::Contact, Ways::CODE));
        // That somebody answers the telephone says not yet who it is.
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        // One code is good once, and the client's answer names nothing in the clear.
        assert!(seen.code.unwrap().over);
        assert_eq!(case.intake.answer_code(&code).await, INVALID);
        assert!(!has(&case.firm.portal.host().sent.borrow()[before..], &code));
        // Documents and answers list no codes.
        assert_eq!(case.view().await.documents.len(), 1);
    });
}

#[test]
fn where_a_code_is_enough_somebody_says_so_once_it_came_back() {
    rt(async {
        let enough = vec![Ways::CODE, Ways::MET];
        let case = Case::new(Some(Need { enough, again: None })).await;
        let verified = || case.found(Finding::Verified, Ways::CODE);
        assert!(case.judge(verified()).await.is_err());
        let code = case.ask(Channel::Voice).await;
        case.intake.answer_code(&code).await.unwrap();
        assert_eq!(case.compare().await, Ok(Compared::Right));
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        case.judge(verified()).await.unwrap();
        assert_eq!(case.client().await.standing.state, State::Verified);
        case.opens().await.unwrap();
    });
}

fn has(bytes: &[u8], code: &str) -> bool {
    memchr::memmem::find(bytes, code.as_bytes()).is_some()
}

#[test]
fn a_wrong_code_is_told_to_the_firm_alone_and_there_are_five() {
    rt(async {
        let app = TestApp::with(&[("session.idle-minutes", "720")]).await;
        let case = Case::of(Firm::at(app, &Tale::USUAL).await, None).await;
        case.firm.stay_long().await;
        let code = case.ask(Channel::Voice).await;
        for left in (0..MOST_TRIES).rev() {
            case.intake.answer_code(&wrong(&code)).await.unwrap();
            assert_eq!(case.compare().await, Ok(Compared::Wrong(left)));
        }
        assert_eq!(case.intake.answer_code(&code).await, INVALID);
        assert_eq!(case.client().await.standing.state, State::Invited);
        // The next code has tries of its own; the hour has ten for both.
        let second = case.ask(Channel::Voice).await;
        assert_ne!(second, code);
        for _ in 1..MOST_TRIES {
            case.intake.answer_code(&code).await.unwrap();
        }
        case.intake.answer_code(&second).await.unwrap();
        assert_eq!(case.compare().await, Ok(Compared::Right));
        let third = case.ask(Channel::Voice).await;
        let often = case.intake.answer_code(&third).await;
        assert!(matches!(often, Err(ClientError::Wait(_))), "{often:?}");
        case.set(NOW.plus(HOUR / 2));
        case.client().await;
        case.set(NOW.plus(HOUR + MINUTE));
        let fourth = case.ask(Channel::Voice).await;
        case.intake.answer_code(&fourth).await.unwrap();
    });
}

#[test]
fn what_is_no_code_costs_no_try() {
    rt(async {
        let case = Case::new(None).await;
        assert_eq!(case.intake.answer_code("12345678").await, INVALID);
        case.ask(Channel::Voice).await;
        for short in ["", "1234567", "123456789", "one two three"] {
            assert_eq!(case.intake.answer_code(short).await, Err(ClientError::Unfit));
        }
        assert_eq!(case.client().await.code.unwrap().left, MOST_TRIES);
    });
}

#[test]
fn a_code_ends_by_the_servers_clock_alone() {
    rt(async {
        let case = Case::new(None).await;
        case.firm.stay_long().await;
        // The lawyer's clock is two days ahead, the client's a year behind.
        case.firm.portal.host().now.set(NOW.plus(48 * HOUR));
        let code = case.ask(Channel::Voice).await;
        case.firm.server.set_clock(NOW.plus(30 * MINUTE));
        case.intake.answer_code(&code).await.unwrap();
        // The verdict wants a factor again, after so long; to ask does not.
        assert_eq!(case.compare().await, Err(ClientError::StepUp));
        let late = case.ask(Channel::Voice).await;
        case.firm.server.set_clock(NOW.plus(61 * MINUTE));
        assert_eq!(case.intake.answer_code(&late).await, INVALID);
    });
}

#[test]
fn a_colleague_compares_after_a_restart_on_another_device() {
    rt(async {
        let case = Case::new(None).await;
        let code = case.ask(Channel::Voice).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        let post = shared::client::enrol::Post::Lawyer;
        let bo: Colleague = colleague(&case.firm, post, "Bo", "bo").await;
        portal.give_access(ring, *matter, bo.kid).await.unwrap();
        // Another process over the same data: nothing of the one before is left.
        let Case { firm, device, intake, client, .. } = case;
        let founders = firm.portal.clone();
        let devices = [&device, &bo.portal, &founders];
        devices.iter().for_each(|one| one.host().connect_to(&axum::Router::new()));
        let Firm { server, router, matter, .. } = firm;
        drop(router);
        let again = server.restart().await;
        devices.iter().for_each(|one| one.host().connect_to(&again.router));
        intake.answer_code(&wrong(&code)).await.unwrap();
        intake.answer_code(&code).await.unwrap();
        bo.portal.matter(&bo.ring, matter).await.unwrap();
        assert_eq!(bo.portal.code(&bo.ring, matter, client), Ok(code));
        let compared = bo.portal.compare_code(&bo.ring, matter, client).await;
        assert_eq!(compared, Ok(Compared::Right));
    });
}

#[test]
fn nobody_says_that_a_code_came_back_which_did_not() {
    rt(async {
        let case = Case::new(None).await;
        case.ask(Channel::Voice).await;
        let found = || case.found(Finding::Contact, Ways::CODE);
        assert_eq!(case.judge(found()).await, INVALID);
        let both = Ways::CODE.union(Ways::MET);
        assert_eq!(case.judge(case.found(Finding::Verified, both)).await, INVALID);
    });
}
