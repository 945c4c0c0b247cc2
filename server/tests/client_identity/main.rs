//! The firm says who a client is, over the real router: verdicts, what waits until there is one, and what is
//! refused.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod back;
mod back_door;
mod back_words;
mod code;
mod door;
#[path = "../harness/mod.rs"]
mod harness;
mod mail;
mod papers;
mod papers_door;
mod reissue;
#[path = "../world/mod.rs"]
mod world;

use harness::acts::{Colleague, Firm, colleague, filled, hand_in, link_parts};
use harness::client::Device;
use harness::{NOW, rt};
use shared::client::enrol::Post;
use shared::client::intake::Intake;
use shared::client::matters::{ClientSeen, MatterView};
use shared::client::standing::State;
use shared::client::verdicts::{Judgement, Reason};
use shared::client::{ClientError, Portal};
use shared::crypto::keys::Kid;
use shared::ids::{InviteId, ObjectId, SubmissionId};
use shared::journal::statement::Verb;
use shared::journal::verdict::{Finding, Need, Ways};
use shared::matters::plain::Papers;
use shared::time::{DAY, Timestamp};

/// A firm, and a client who handed in a paper with her answers.
struct Case {
    firm: Firm,
    device: Portal<Device>,
    intake: Intake<Device>,
    client: Kid,
    paper: ObjectId,
    submission: SubmissionId,
}

impl Case {
    async fn new(need: Option<Need>) -> Self {
        Self::of(Firm::founded().await, need).await
    }

    async fn of(firm: Firm, need: Option<Need>) -> Self {
        if let Some(need) = need {
            firm.portal.need(&firm.ring, firm.matter, need).await.unwrap();
        }
        let (invite, fragment): (InviteId, String) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let paper = hand_in(&intake, "passport.jpg", b"a picture").await.unwrap().object;
        intake.submit(&filled(&intake), &[paper]).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let (client, submission) = (view.clients[0].kid, view.submissions[0].submission);
        Self { firm, device, intake, client, paper, submission }
    }

    async fn view(&self) -> MatterView {
        self.firm.portal.matter(&self.firm.ring, self.firm.matter).await.unwrap()
    }

    async fn client(&self) -> ClientSeen {
        self.view().await.clients.pop().unwrap()
    }

    async fn judge(&self, found: Judgement) -> Result<(), ClientError> {
        self.firm.portal.judge(&self.firm.ring, self.firm.matter, &found).await
    }

    async fn opens(&self) -> Result<(), ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.open_answers(ring, *matter, self.submission).await.map(drop)
    }

    async fn opens_paper(&self) -> Result<(), ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.open_document(ring, *matter, self.paper, Verb::Opened).await.map(drop)
    }

    fn found(&self, finding: Finding, ways: Ways) -> Judgement {
        let client = self.client;
        Judgement { client, finding, ways, expires: None, paper: None, of: None, reason: None }
    }
}

fn need(ways: Ways, again: Option<u32>) -> Option<Need> {
    Some(Need { enough: vec![ways], again })
}

#[test]
fn without_a_need_the_link_is_enough_and_a_verdict_says_more() {
    rt(async {
        let case = Case::new(None).await;
        let seen = case.client().await;
        assert_eq!((seen.standing.state, seen.standing.enough), (State::Invited, true));
        case.opens().await.unwrap();
        case.opens_paper().await.unwrap();
        let expires = Some(NOW.plus(DAY));
        let found = Judgement { expires, ..case.found(Finding::Verified, Ways::SPOKEN) };
        case.judge(found).await.unwrap();
        let view = case.view().await;
        let seen = &view.clients[0];
        assert_eq!((seen.standing.state, seen.standing.ways), (State::Verified, Ways::SPOKEN));
        assert_eq!((seen.standing.until, seen.by.as_deref()), (expires, Some("Clara Marsh")));
        assert_eq!(view.submissions[0].standing.state, State::Verified);
        assert_eq!(view.documents[0].standing.unwrap().state, State::Verified);
        case.firm.portal.host().now.set(NOW.plus(2 * DAY));
        assert_eq!(case.client().await.standing.state, State::Expired);
        case.opens().await.unwrap();
    });
}

#[test]
fn what_comes_from_somebody_unknown_waits_until_a_verdict() {
    rt(async {
        let case = Case::new(need(Ways::SPOKEN, None)).await;
        let view = case.view().await;
        assert!(view.submissions[0].waits && view.documents[0].waits && view.need.is_some());
        assert!(!view.clients[0].standing.enough);
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        assert_eq!(case.opens_paper().await, Err(ClientError::Quarantined));
        // That there is a telephone number says not yet who it is.
        case.judge(case.found(Finding::Contact, Ways::SPOKEN)).await.unwrap();
        assert_eq!(case.client().await.standing.state, State::Contact);
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        // Nor is any way enough but the one that is needed.
        case.judge(case.found(Finding::Verified, Ways::QUESTIONS)).await.unwrap();
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        case.judge(case.found(Finding::Verified, Ways::SPOKEN.union(Ways::MET))).await.unwrap();
        let view = case.view().await;
        assert!(!view.submissions[0].waits && !view.documents[0].waits);
        assert!(view.clients[0].standing.enough);
        case.opens().await.unwrap();
        case.opens_paper().await.unwrap();
    });
}

#[test]
fn a_release_is_a_word_for_one_submission() {
    rt(async {
        let case = Case::new(need(Ways::MET, None)).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        portal.release(ring, *matter, case.submission).await.unwrap();
        case.opens().await.unwrap();
        case.opens_paper().await.unwrap();
        assert!(!case.client().await.standing.enough);
        // What else the client files waits still.
        let other = hand_in(&case.intake, "another.pdf", b"more").await.unwrap().object;
        case.view().await;
        let opened = portal.open_document(ring, *matter, other, Verb::Opened).await;
        assert_eq!(opened.err(), Some(ClientError::Quarantined));
        assert!(portal.release(ring, *matter, case.submission).await.is_err());
    });
}

#[test]
fn a_paper_that_is_looked_at_opens_and_nothing_else_does() {
    rt(async {
        let case = Case::new(need(Ways::PAPER, Some(365))).await;
        let paper = Some(case.paper);
        let found = Judgement { paper, ..case.found(Finding::InReview, Ways::NONE) };
        case.judge(found).await.unwrap();
        assert_eq!(case.client().await.standing.state, State::InReview);
        case.opens_paper().await.unwrap();
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        let reason = Some("The picture shows somebody else.".to_owned());
        let found = Judgement { paper, reason, ..case.found(Finding::Failed, Ways::NONE) };
        case.judge(found).await.unwrap();
        let seen = case.client().await;
        assert_eq!(seen.standing.state, State::Failed);
        assert!(seen.reason == Reason::Opened("The picture shows somebody else.".into()));
        // Not verified without another look.
        let verified = || Judgement { paper, ..case.found(Finding::Verified, Ways::PAPER) };
        assert!(case.judge(verified()).await.is_err());
        let again = Judgement { paper, ..case.found(Finding::InReview, Ways::NONE) };
        case.judge(again).await.unwrap();
        // Which kind of paper it was, those with a seat read, and one that is none is not signed.
        for none in [Papers(0), Papers(3), Papers(16)] {
            let found = Judgement { of: Some(none), ..verified() };
            assert_eq!(case.judge(found).await, Err(ClientError::Unfit));
        }
        let of = Some(Papers::PASSPORT);
        case.judge(Judgement { of, ..verified() }).await.unwrap();
        let seen = case.client().await;
        assert!(seen.of == of && seen.reason == Reason::None);
        // With a reason, and by somebody who names none.
        let reason = Some("Seen by two of us.".to_owned());
        case.judge(Judgement { of, reason, ..verified() }).await.unwrap();
        let seen = case.client().await;
        assert!(seen.of == of && seen.reason == Reason::Opened("Seen by two of us.".into()));
        case.judge(verified()).await.unwrap();
        assert!(case.client().await.of.is_none());
        case.opens().await.unwrap();
        // A year later the client is to be verified again; what came before stays open.
        let standing = case.client().await.standing;
        assert_eq!(standing.until, Some(NOW.plus(365 * DAY)));
        case.firm.portal.host().now.set(NOW.plus(366 * DAY));
        assert_eq!(case.client().await.standing.state, State::Expired);
        case.opens().await.unwrap();
    });
}

#[test]
fn what_was_found_before_a_paper_is_looked_at_is_not_forgotten() {
    rt(async {
        let case = Case::new(need(Ways::SPOKEN.union(Ways::PAPER), None)).await;
        case.judge(case.found(Finding::Verified, Ways::SPOKEN)).await.unwrap();
        assert_eq!(case.opens().await, Err(ClientError::Quarantined));
        let paper = Some(case.paper);
        let looked = Judgement { paper, ..case.found(Finding::InReview, Ways::NONE) };
        case.judge(looked).await.unwrap();
        let seen = case.client().await;
        assert_eq!((seen.standing.ways, seen.paper), (Ways::SPOKEN, None));
        let ways = seen.standing.ways.union(Ways::PAPER);
        let verified = Judgement { paper, ..case.found(Finding::Verified, ways) };
        case.judge(verified).await.unwrap();
        let seen = case.client().await;
        assert_eq!((seen.standing.ways, seen.paper), (ways, paper));
        case.opens().await.unwrap();
    });
}

#[test]
fn nothing_is_said_without_a_reason_or_beyond_measure() {
    rt(async {
        let case = Case::new(None).await;
        let reason = Some("x".repeat(2001));
        for found in [
            case.found(Finding::Verified, Ways::NONE),
            case.found(Finding::Verified, Ways::PAPER),
            case.found(Finding::InReview, Ways::NONE),
            case.found(Finding::Failed, Ways::NONE),
            Judgement { expires: Some(Timestamp(1)), ..case.found(Finding::Verified, Ways::MET) },
            Judgement { reason, ..case.found(Finding::Failed, Ways::NONE) },
        ] {
            assert_eq!(case.judge(found).await, Err(ClientError::Unfit));
        }
        let stranger =
            Judgement { client: Kid([7; 32]), ..case.found(Finding::Verified, Ways::MET) };
        assert_eq!(case.judge(stranger).await, Err(ClientError::Missing));
        let Firm { portal, ring, matter, .. } = &case.firm;
        let never = Need { enough: vec![Ways::NONE], again: None };
        assert_eq!(portal.need(ring, *matter, never).await, Err(ClientError::Unfit));
    });
}

#[test]
fn client_and_lawyer_read_the_same_number_and_a_colleague_reads_it_too() {
    rt(async {
        let case = Case::new(None).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        let hers = case.intake.spoken_code();
        assert_eq!(portal.spoken_code(ring, *matter, case.client), Ok(hers.clone()));
        let bo: Colleague = colleague(&case.firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        portal.give_access(ring, *matter, bo.kid).await.unwrap();
        let view = bo.portal.matter(&bo.ring, *matter).await.unwrap();
        assert!(view.may_judge);
        assert_eq!(bo.portal.spoken_code(&bo.ring, *matter, case.client), Ok(hers.clone()));
        // Another client by another link has another.
        let (invite, fragment): (InviteId, String) = link_parts(&case.firm.invite().await);
        let other = Device::new(&case.firm.router, NOW);
        let other = other.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_ne!(other.spoken_code(), hers);
        let missing = portal.spoken_code(ring, *matter, Kid([7; 32]));
        assert_eq!(missing, Err(ClientError::Missing));
    });
}
