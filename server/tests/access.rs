//! Who can open a matter, over the real router: a colleague's seat, the firm's own documents, and
//! the links that are out.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::acts::{Firm, colleague, document, facts, filled, hand_in, link_parts, read, terms};
use harness::client::Device;
use harness::{NOW, rt};
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::invites::InviteState;
use shared::client::matters::Sender;
use shared::crypto::keys::Kid;
use shared::intake::value::Language;
use shared::problem::Code;
use shared::time::DAY;

#[test]
fn a_colleague_opens_a_matter_from_its_first_document_once_access_was_given() {
    rt(async {
        let firm = Firm::founded().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        let bytes = document(100_000);
        let filed = hand_in(&intake, "lease.pdf", &bytes).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();

        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        assert!(bo.portal.matters(&bo.ring).await.unwrap().is_empty());
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        // A second time changes nothing.
        let before = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let after = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(before.statements, after.statements);
        let names: Vec<_> = after.seats.iter().map(|seat| seat.name.as_deref()).collect();
        assert_eq!(names, [Some("Clara Marsh"), None, Some("Bo Lindqvist")]);

        assert_eq!(bo.portal.matters(&bo.ring).await.unwrap().len(), 1);
        let view = bo.portal.matter(&bo.ring, firm.matter).await.unwrap();
        assert_eq!(view.description.unwrap().client, "Ines Okafor");
        assert!(view.may_share);
        assert!(read((&bo.portal, &bo.ring), firm.matter, filed.object).await.unwrap() == bytes);
        let submission = view.submissions[0].submission;
        let opened = bo.portal.open_answers(&bo.ring, firm.matter, submission).await.unwrap();
        assert_eq!(opened.form.title.read(Language::English), "First questions");
        // She invites in her own name, with the key that another made.
        let link =
            bo.portal.invite_client(&bo.ring, firm.matter, firm.form, &terms()).await.unwrap();
        let (invite, fragment) = link_parts(&link);
        let intake =
            Device::new(&firm.router, NOW).open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(intake.lawyer_name(), "Bo Lindqvist");
    });
}

#[test]
fn access_is_given_by_those_who_sit_there_to_those_who_can_hold_a_key() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let to_admin = firm.portal.give_access(&firm.ring, firm.matter, ada.kid).await;
        assert_eq!(to_admin.err(), Some(ClientError::Unfit));
        let to_nobody = firm.portal.give_access(&firm.ring, firm.matter, Kid([9; 32])).await;
        assert_eq!(to_nobody.err(), Some(ClientError::Missing));
        // Neither a capability without a seat nor an administrator gives anything.
        let unseated = bo.portal.give_access(&bo.ring, firm.matter, bo.kid).await;
        assert_eq!(unseated.err(), Some(ClientError::Refused(Code::NotFound)));
        let by_admin = ada.portal.give_access(&ada.ring, firm.matter, bo.kid).await;
        assert_eq!(by_admin.err(), Some(ClientError::Refused(Code::NotFound)));
        let seats = firm.portal.matter(&firm.ring, firm.matter).await.unwrap().seats;
        assert_eq!(seats.len(), 2);
    });
}

#[test]
fn a_lawyers_own_documents_stand_beside_the_clients() {
    rt(async {
        let firm = Firm::founded().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        let theirs = hand_in(&intake, "lease.pdf", &document(9)).await.unwrap();
        intake.submit(&filled(&intake), &[theirs.object]).await.unwrap();
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();

        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let bytes = document(5 * 1024 * 1024 + 3);
        let filing = bo.portal.filing(&bo.ring, firm.matter);
        let refused = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::NotFound)));
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let ours = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();

        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let seen = |object| view.documents.iter().find(|one| one.object == object).unwrap();
        assert_eq!(seen(ours.object).from, Sender::Staff(bo.ring.account().unwrap()));
        assert_eq!(seen(ours.object).submission, None);
        assert_eq!(seen(ours.object).named.opened().unwrap().name, "brief.pdf");
        assert_eq!(seen(theirs.object).from, Sender::Client);
        assert!(seen(theirs.object).submission.is_some());
        assert!(firm.read(ours.object).await.unwrap() == bytes);
        // A client sees the head of the stream and nothing of what the firm files.
        assert_eq!(intake.filed().len(), 1);
    });
}

#[test]
fn a_lost_answer_files_a_document_once() {
    rt(async {
        let firm = Firm::founded().await;
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let bytes = document(70_000);
        let plan = filing.begin_document(&facts("brief.pdf", &bytes)).await.unwrap();
        filing.seal_and_send(&plan, 0, &bytes).await.unwrap();
        // Every cut between the first request and the last answer, then once more.
        for requests in 0..8 {
            firm.portal.host().cut_after.set(Some(requests));
            let _ = filing.file_document(&plan).await;
        }
        firm.portal.host().cut_after.set(None);
        filing.file_document(&plan).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.documents.len(), 1);
        assert!(firm.read(plan.object()).await.unwrap() == bytes);
    });
}

#[test]
fn a_locked_account_files_nothing() {
    rt(async {
        let firm = Firm::founded().await;
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let bytes = document(10);
        let plan = filing.begin_document(&facts("brief.pdf", &bytes)).await.unwrap();
        firm.ring.lock();
        let refused = filing.file_document(&plan).await;
        assert_eq!(refused.err(), Some(ClientError::Locked));
        let refused = filing.begin_document(&facts("brief.pdf", &bytes)).await;
        assert_eq!(refused.err(), Some(ClientError::Locked));
    });
}

#[test]
fn invitations_are_listed_with_what_became_of_them() {
    rt(async {
        let firm = Firm::founded().await;
        let (first, fragment) = link_parts(&firm.invite().await);
        firm.portal.host().now.set(NOW.plus(DAY));
        firm.invite().await;
        let state = async |at: usize| {
            let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
            let one = &view.invites[at];
            assert_eq!(one.by.as_deref(), Some("Clara Marsh"));
            let title = one.form.as_ref().unwrap();
            assert_eq!(title.read(Language::English), "First questions");
            (one.made, one.expires, one.state, view.invited)
        };
        // Newest first.
        let newest = (NOW.plus(DAY), NOW.plus(15 * DAY), InviteState::Open, true);
        assert_eq!(state(0).await, newest);
        assert_eq!(state(1).await, (NOW, NOW.plus(14 * DAY), InviteState::Open, true));
        let client = Device::new(&firm.router, NOW);
        client.open_invite(first, Some(&fragment)).await.unwrap().join().await.unwrap();
        assert_eq!(state(1).await.2, InviteState::Used);
        assert_eq!(state(0).await.2, InviteState::Open);
        firm.portal.host().now.set(NOW.plus(15 * DAY + 1));
        assert_eq!(state(1).await.2, InviteState::Used, "what was used stays used");
        let (.., expired, out) = state(0).await;
        assert_eq!((expired, out), (InviteState::Expired, false));
    });
}
