//! The whole main job, client core against the real router: a firm, a matter, an invitation, a
//! filled form with documents, opened again on the lawyer's device.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod drafts;
#[path = "../harness/mod.rs"]
mod harness;
mod links;
mod lost;

use harness::acts::{Firm, document, filled, hand_in, link_parts};
use harness::client::Device;
use harness::enter;
use harness::{NOW, acts, rt};
use shared::client::enrol::{Post, Standing};
use shared::client::filing::Filing as _;
use shared::client::intake::FiledDocument;
use shared::client::upload::FileFacts;
use shared::client::{ClientError, proven};
use shared::ids::FormId;
use shared::intake::answers::{Answer, FileRef};
use shared::intake::draft::{Attached, DraftV1};
use shared::intake::kind::{Kind, Upload};
use shared::intake::plain::SubmissionV1;
use shared::intake::value::{Date, Language};
use shared::journal::statement::{Decision, Verb};
use shared::problem::Code;
use shared::secret::Secret;

#[test]
fn what_a_client_hands_in_is_what_the_lawyer_reads() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let device = Device::new(&firm.router, NOW);
        let (invite, fragment) = link_parts(&link);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(intake.firm_name(), "Marsh & Lindqvist");
        assert_eq!(intake.lawyer_name(), "Clara Marsh");

        let bytes = document(5 * 1024 * 1024 + 17);
        let filed = hand_in(&intake, "lease – سند.pdf", &bytes).await.unwrap();
        let empty = hand_in(&intake, "empty.txt", &[]).await.unwrap();
        let form = filled(&intake);
        let sent = intake.submit(&form, &[filed.object, empty.object]).await.unwrap();
        assert_eq!(sent.documents.len(), 2);
        // Its receipt carries proof, which stands by itself.
        let proven = intake.prove_sent().await.unwrap().unwrap().proven.unwrap();
        let checked = proven::check(&proven).unwrap();
        assert_eq!((checked.receipt.leaf, checked.receipt.time), (sent.number, sent.time));
        for at in 0..proven.len() {
            let mut other = proven.to_vec();
            other[at] ^= 1;
            assert!(proven::check(&other).is_err(), "byte {at}");
        }

        let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(seen.description.as_ref().unwrap().client, "Ines Okafor");
        assert_eq!(seen.clients.len(), 1);
        assert!(seen.clients[0].genuine && seen.clients[0].level == Some(1));
        assert_eq!(seen.submissions.len(), 1);
        assert_eq!(seen.documents.len(), 2);

        let opened = firm
            .portal
            .open_answers(&firm.ring, firm.matter, seen.submissions[0].submission)
            .await
            .unwrap();
        assert!(opened.filled.to_bytes() == form.to_bytes());
        assert!(opened.troubles.is_empty());
        // The form asks for no documents: no answer names these two.
        assert_eq!((opened.absent.len(), opened.unnamed.len()), (0, 2));

        let pdf = seen.documents.iter().find(|one| one.object == filed.object).unwrap();
        assert_eq!(pdf.named.opened().unwrap().name, "lease – سند.pdf");
        assert!(firm.read(filed.object).await.unwrap() == bytes);
        assert!(firm.read(empty.object).await.unwrap().is_empty());

        firm.portal
            .decide(&firm.ring, firm.matter, seen.submissions[0].submission, Decision::Accepted)
            .await
            .unwrap();
        let journal = firm.portal.journal(&firm.ring, async |_, _| {}).await.unwrap();
        assert_eq!(journal.size as usize, journal.lines.len());
    });
}

#[test]
fn a_colleague_admitted_later_reads_nothing_she_was_not_granted() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let view = device.open_enrolment(enrolment, &fragment).await.unwrap();
        assert_eq!(view.firm_name, "Marsh & Lindqvist");
        let pass = Secret::new("a second long passphrase".to_owned());
        enter::enrol(&device, enrolment, &fragment, ("Bo Lindqvist", "bo"), &pass).await.unwrap();
        assert_eq!(enter::enter(&device, "bo", &pass).await.err(), Some(ClientError::SignIn));

        let waiting = firm.portal.waiting(&firm.ring).await.unwrap();
        assert_eq!(waiting[0].standing, Standing::Genuine);
        assert_eq!(waiting[0].name.as_deref(), Some("Bo Lindqvist"));
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();

        let ring = enter::enter(&device, "bo", &pass).await.unwrap();
        assert!(device.matters(&ring).await.unwrap().is_empty());
        assert!(device.matter(&ring, firm.matter).await.is_err());
        assert_eq!(device.greeting(&ring).await.unwrap().firm.unwrap(), "Marsh & Lindqvist");
        let people = device.people(&ring).await.unwrap();
        assert_eq!(people.len(), 2);
    });
}

#[test]
fn an_administrator_manages_people_and_opens_nothing() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Administrator, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let pass = Secret::new("a third long passphrase".to_owned());
        enter::enrol(&device, enrolment, &fragment, ("Ada Voss", "ada"), &pass).await.unwrap();
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();
        let ring = enter::enter(&device, "ada", &pass).await.unwrap();
        assert!(!ring.opens_matters().unwrap());
        assert!(device.forms(&ring).await.is_err());
        assert_eq!(
            device.journal(&ring, async |_, _| {}).await.unwrap().lines.first().unwrap().leaf,
            0
        );
    });
}

#[test]
fn the_recovery_words_open_a_new_device_and_set_its_passphrase() {
    rt(async {
        let firm = Firm::founded().await;
        let device = Device::new(&firm.router, NOW);
        let old = Secret::new(acts::PASSPHRASE.to_owned());
        assert_eq!(enter::enter(&device, "clara", &old).await.err(), Some(ClientError::NewDevice));
        let wrong = Secret::new("abandon ".repeat(11) + "about");
        let new = Secret::new("a new long passphrase".to_owned());
        let refused = device.sign_in_with_words("clara", &wrong, &new).await;
        assert_eq!(refused.err(), Some(ClientError::SignIn));
        let ring = device.sign_in_with_words("clara", &firm.words, &new).await.unwrap();
        assert_eq!(device.matters(&ring).await.unwrap().len(), 1);
        let again = device.host().reload();
        assert!(enter::enter(&again, "clara", &new).await.is_ok());
        assert_eq!(enter::enter(&again, "clara", &old).await.err(), Some(ClientError::SignIn));
    });
}

#[test]
fn a_line_cut_anywhere_while_sending_ends_in_one_submission() {
    rt(async {
        let firm = Firm::founded().await;
        for cut in 0..24 {
            let link = firm.invite().await;
            let (invite, fragment) = link_parts(&link);
            let device = Device::new(&firm.router, NOW);
            let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
            let form = filled(&intake);
            device.host().cut_after.set(Some(cut));
            let first = intake.submit(&form, &[]).await;
            let back = device.host().reload();
            // The fragment left the address with the first visit: the device knows the link.
            let intake = back.open_invite(invite, None).await.unwrap();
            let sent = intake.submit(&form, &[]).await.unwrap();
            if let Ok(first) = first {
                assert_eq!(first.receipt, sent.receipt);
            }
        }
        let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(seen.submissions.len(), 24);
    });
}

#[test]
fn a_document_cut_in_the_middle_goes_on_where_it_was() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let bytes = document(9 * 1024 * 1024);
        let facts = acts::facts("scan.pdf", &bytes);
        let plan = intake.begin_document(&facts).await.unwrap();
        intake.seal_and_send(&plan, 0, &bytes).await.unwrap();
        device.host().cut_after.set(Some(0));
        let cut = intake.seal_and_send(&plan, 1, &bytes).await;
        assert_eq!(cut.err(), Some(ClientError::Unreachable));

        let back = device.host().reload();
        let intake = back.open_invite(invite, None).await.unwrap();
        let plan = intake.unfinished().await.unwrap().remove(0);
        assert_eq!(plan.facts(), facts);
        assert_eq!(intake.kept_parts(&plan).await.unwrap(), [0]);

        // Another file under the same name is refused before anything of it is sealed.
        let other = document(9 * 1024 * 1024).into_iter().map(|byte| byte ^ 1).collect::<Vec<_>>();
        let refused = intake.seal_and_send(&plan, 1, &other).await;
        assert_eq!(refused.err(), Some(ClientError::FileChanged));

        for index in 1..plan.parts() {
            intake.seal_and_send(&plan, index, &bytes).await.unwrap();
        }
        let filed = intake.file_document(&plan).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        assert!(firm.read(filed.object).await.unwrap() == bytes);
        assert!(intake.unfinished().await.unwrap().is_empty());
    });
}

#[test]
fn answers_and_submission_are_compared_document_by_document() {
    rt(async {
        let firm = Firm::founded().await;
        let form = FormId::random();
        let mut definition = acts::a_form();
        let mut papers = definition.sections[0].fields[0].clone();
        papers.id = "papers".into();
        papers.kind = Kind::Upload(Upload {
            several: true,
            accepts: Vec::new(),
            hint: None,
            identity: false,
        });
        papers.required = false;
        definition.sections[0].fields.push(papers);
        firm.portal.publish_form(&firm.ring, form, &definition).await.unwrap();
        let terms = acts::terms();
        let link = firm.portal.invite_client(&firm.ring, firm.matter, form, &terms).await.unwrap();
        let (invite, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let bytes = document(100);
        let named = hand_in(&intake, "named.pdf", &bytes).await.unwrap();
        let left_out = hand_in(&intake, "left out.pdf", &bytes).await.unwrap();
        let unnamed = hand_in(&intake, "unnamed.pdf", &bytes).await.unwrap();
        let mut draft = DraftV1::new(&definition, intake.submission(), Language::English, NOW);
        draft.answers.set("story", Answer::Text("See the papers.".into()));
        let file = |filed: &FiledDocument| FileRef {
            object: filed.object,
            name: filed.name.clone(),
            size: filed.size,
        };
        draft.answers.set("papers", Answer::Files(vec![file(&named), file(&left_out)]));
        draft.documents = [&named, &left_out]
            .map(|filed| Attached {
                object: filed.object,
                field: "papers".into(),
                item: None,
                inner: None,
                name: filed.name.clone(),
                size: filed.size,
                filed: true,
            })
            .to_vec();
        let on = Date::at(NOW, 0);
        let form = SubmissionV1::prepare(&definition, &draft, None, on, NOW)
            .unwrap_or_else(|_| panic!("the form is filled"));
        intake.submit(&form, &[named.object, unnamed.object]).await.unwrap();

        let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = seen.submissions[0].submission;
        let opened = firm.portal.open_answers(&firm.ring, firm.matter, submission).await.unwrap();
        let absent: Vec<_> = opened.absent.iter().map(|file| file.object).collect();
        assert_eq!(absent, [left_out.object]);
        assert_eq!(opened.unnamed, [unnamed.object]);
    });
}

#[test]
fn two_clients_at_one_matter_do_not_lose_each_other() {
    rt(async {
        let firm = Firm::founded().await;
        let mut tasks = Vec::new();
        for _ in 0..2 {
            let link = firm.invite().await;
            let router = firm.router.clone();
            tasks.push(async move {
                let (invite, fragment) = link_parts(&link);
                let device = Device::new(&router, NOW);
                let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
                let filed = hand_in(&intake, "photo.jpg", &document(100_000)).await.unwrap();
                intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
            });
        }
        let second = tasks.pop().unwrap();
        let first = tasks.pop().unwrap();
        tokio::join!(first, second);
        let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(seen.submissions.len(), 2);
        assert_eq!(seen.documents.len(), 2);
    });
}

#[test]
fn readers_at_once_of_the_same_news_all_get_them() {
    rt(async {
        let firm = Firm::founded().await;
        for round in 1..=3 {
            // News in the matter's stream and in the keyring, which nobody has read yet.
            let link = firm.invite().await;
            let (invite, fragment) = link_parts(&link);
            let device = Device::new(&firm.router, NOW);
            let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
            intake.submit(&filled(&intake), &[]).await.unwrap();
            let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
            assert!(link.contains('#'));
            // Screens hold clones of the ring and ask in the same moment.
            let ring = firm.ring.clone();
            let (one, two, list, three) = tokio::join!(
                firm.portal.matter(&firm.ring, firm.matter),
                firm.portal.matter(&ring, firm.matter),
                firm.portal.matters(&ring),
                firm.portal.matter(&firm.ring, firm.matter),
            );
            for seen in [one, two, three] {
                assert_eq!(seen.unwrap().submissions.len(), round);
            }
            assert_eq!(list.unwrap().len(), 1);
        }
    });
}

#[test]
fn an_ended_session_is_opened_again_without_a_word() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.join().await.unwrap();
        device.host().drop_session();
        intake.submit(&filled(&intake), &[]).await.unwrap();
    });
}

#[test]
fn a_locked_ring_opens_nothing() {
    rt(async {
        let firm = Firm::founded().await;
        firm.ring.lock();
        assert_eq!(firm.portal.matters(&firm.ring).await.err(), Some(ClientError::Locked));
        let facts = FileFacts { name: String::new(), mime: String::new(), size: 0, modified: 0 };
        assert_eq!(facts.size, 0);
        let read = firm.portal.open_document(
            &firm.ring,
            firm.matter,
            shared::ids::ObjectId::random(),
            Verb::Opened,
        );
        assert_eq!(read.await.err(), Some(ClientError::Locked));
        let form = FormId::random();
        let terms = acts::terms();
        let invited = firm.portal.invite_client(&firm.ring, firm.matter, form, &terms);
        assert_eq!(invited.await.err(), Some(ClientError::Locked));
    });
}

#[test]
fn a_second_founding_is_refused() {
    rt(async {
        let firm = Firm::founded().await;
        let device = Device::new(&firm.router, NOW);
        let again = device.found(acts::founding(&device).await, |_| {}).await;
        assert_eq!(again.err(), Some(ClientError::Refused(Code::AlreadyFounded)));
    });
}
