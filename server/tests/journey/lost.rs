//! Answers of the server that are lost on the way, while the client goes on writing.

use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::Portal;
use shared::client::filing::Filing as _;
use shared::client::intake::Intake;
use shared::ids::InviteId;
use shared::intake::answers::Answer;
use shared::journal::wire::Append;

use crate::harness::acts::{self, Firm, document, hand_in, link_parts, telling};
use crate::harness::client::Device;
use crate::harness::{NOW, rt};

const FIRST: &str = "The landlord kept the deposit.";
const MENDED: &str = "The landlord kept half of the deposit.";

async fn opened(firm: &Firm) -> (Portal<Device>, InviteId, Intake<Device>) {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    (device, invite, intake)
}

/// What the lawyer reads of this visit, and how many documents came with it.
async fn read(firm: &Firm, intake: &Intake<Device>) -> (String, usize) {
    let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    let mine: Vec<_> =
        seen.submissions.iter().filter(|one| one.submission == intake.submission()).collect();
    assert_eq!(mine.len(), 1);
    let opened =
        firm.portal.open_answers(&firm.ring, firm.matter, intake.submission()).await.unwrap();
    let Some(Answer::Text(story)) = opened.filled.answers.get("story") else { panic!("a story") };
    (story.clone(), opened.unnamed.len())
}

#[test]
fn a_change_after_a_lost_answer_is_handed_in_or_said_not_to_be() {
    rt(async {
        let firm = Firm::founded().await;
        let (mut older, mut newer) = (0, 0);
        for cut in 0..16 {
            for reload in [false, true] {
                let (device, invite, intake) = opened(&firm).await;
                let early = hand_in(&intake, "early.pdf", &document(10)).await.unwrap();
                let late = hand_in(&intake, "late.pdf", &document(20)).await.unwrap();
                device.host().cut_after.set(Some(cut));
                let first = intake.submit(&telling(&intake, FIRST), &[early.object]).await;
                device.host().cut_after.set(None);
                let back = device.host().reload();
                let intake =
                    if reload { back.open_invite(invite, None).await.unwrap() } else { intake };
                let both = [early.object, late.object];
                let sent = intake.submit(&telling(&intake, MENDED), &both).await.unwrap();
                if let Ok(first) = first {
                    assert_eq!(first.receipt, sent.receipt);
                    continue;
                }
                let names: Vec<_> = sent.documents.iter().map(|one| one.name.as_str()).collect();
                let (story, documents) = read(&firm, &intake).await;
                assert_eq!(names.len(), documents);
                if sent.older {
                    older += 1;
                    assert_eq!((story.as_str(), names.as_slice()), (FIRST, &["early.pdf"][..]));
                } else {
                    newer += 1;
                    assert_eq!(story, MENDED);
                    assert_eq!(names, ["early.pdf", "late.pdf"]);
                }
                // The receipt says the same on every return.
                let again = back.open_invite(invite, None).await.unwrap();
                assert_eq!(again.sent(), Some(sent));
            }
        }
        assert!(older >= 2 && newer >= 2, "{older} {newer}");
    });
}

#[test]
fn the_same_again_is_not_called_older() {
    rt(async {
        let firm = Firm::founded().await;
        let (device, _, intake) = opened(&firm).await;
        intake.join().await.unwrap();
        // Begin, part, head, append: the append's answer is lost.
        device.host().cut_after.set(Some(4));
        let mut form = telling(&intake, FIRST);
        let lost = intake.submit(&form, &[]).await;
        assert_eq!(lost.err(), Some(ClientError::Unreachable));
        device.host().cut_after.set(None);
        form.written = form.written.plus(60_000);
        let sent = intake.submit(&form, &[]).await.unwrap();
        assert!(!sent.older);
        assert_eq!(read(&firm, &intake).await.0, FIRST);
    });
}

#[test]
fn of_tries_that_never_arrived_the_last_is_handed_in() {
    rt(async {
        let firm = Firm::founded().await;
        let (device, invite, intake) = opened(&firm).await;
        intake.join().await.unwrap();
        for story in [FIRST, "Something else.", FIRST] {
            device.host().unheard.set(Some(Append::ROUTE));
            let lost = intake.submit(&telling(&intake, story), &[]).await;
            assert_eq!(lost.err(), Some(ClientError::Unreachable));
        }
        let back = device.host().reload();
        let intake = back.open_invite(invite, None).await.unwrap();
        let sent = intake.submit(&telling(&intake, MENDED), &[]).await.unwrap();
        assert!(!sent.older);
        assert_eq!(read(&firm, &intake).await.0, MENDED);
    });
}

#[test]
fn a_document_whose_receipt_was_lost_is_filed_once() {
    rt(async {
        let firm = Firm::founded().await;
        let bytes = document(1000);
        let mut filed = 0;
        for cut in 0..5 {
            for reload in [false, true] {
                let (device, invite, intake) = opened(&firm).await;
                let plan = intake.begin_document(&acts::facts("lease.pdf", &bytes)).await.unwrap();
                intake.seal_and_send(&plan, 0, &bytes).await.unwrap();
                device.host().cut_after.set(Some(cut));
                let lost = intake.file_document(&plan).await.is_err();
                device.host().cut_after.set(None);
                assert_eq!(lost, cut <= 2);
                // Somebody else writes to the matter meanwhile.
                if cut % 2 == 0 {
                    firm.invite().await;
                }
                let back = device.host().reload();
                let intake =
                    if reload { back.open_invite(invite, None).await.unwrap() } else { intake };
                if lost {
                    let plan = intake.unfinished().await.unwrap().remove(0);
                    assert_eq!(intake.kept_parts(&plan).await.unwrap(), [0]);
                    intake.file_document(&plan).await.unwrap();
                }
                assert!(intake.unfinished().await.unwrap().is_empty());
                let [one] = <[_; 1]>::try_from(intake.filed()).unwrap();
                let sent = intake.submit(&telling(&intake, FIRST), &[one.object]).await.unwrap();
                assert_eq!(sent.documents, core::slice::from_ref(&one));
                assert!(firm.read(one.object).await.unwrap() == bytes);
                filed += 1;
            }
        }
        let seen = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(seen.documents.len(), filed);
    });
}
