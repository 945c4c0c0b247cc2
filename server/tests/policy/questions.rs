//! The firm's questions: they go out with an ordinary form, come back sealed, and are compared by a person.

use shared::client::ClientError;
use shared::client::intake::Intake;
use shared::client::verdicts::Judgement;
use shared::identity::alike::Likeness;
use shared::ids::{FormId, InviteId, SubmissionId};
use shared::intake::answers::Answer;
use shared::intake::draft::DraftV1;
use shared::intake::plain::SubmissionV1;
use shared::intake::questions::{asking, field_id};
use shared::intake::value::{Date, Language};
use shared::journal::verdict::{Finding, Need, Ways};
use shared::matters::plain::{ExpectedAnswerV1, ExpectedV1, KindV1, KindsV1, QuestionV1};

use crate::harness::acts::{Firm, a_form, link_parts, terms};
use crate::harness::client::Device;
use crate::harness::{NOW, rt};
use crate::kinds::{described, kind};

const DOG: [u8; 4] = [1, 2, 3, 4];
const MET: [u8; 4] = [250, 251, 252, 253];

fn questions() -> Vec<QuestionV1> {
    vec![
        QuestionV1 { id: DOG, text: "What is your dog called?".into(), day: false },
        QuestionV1 { id: MET, text: "When did we first meet?".into(), day: true },
    ]
}

fn expecting(all: &[([u8; 4], &str)]) -> ExpectedV1 {
    let one = |(id, text): &([u8; 4], &str)| ExpectedAnswerV1 { id: *id, text: (*text).into() };
    ExpectedV1 { answers: all.iter().map(one).collect() }
}

/// A firm whose kind of matter asks questions, and a client who answered them.
async fn answered(dog: &str, day: Date) -> (Firm, Intake<Device>, SubmissionId) {
    let mut firm = Firm::founded().await;
    let family = KindV1 { questions: questions(), ..kind("Family", &[Ways::QUESTIONS], None) };
    firm.portal.name_kinds(&firm.ring, &KindsV1 { kinds: vec![family] }).await.unwrap();
    firm.matter = firm.portal.create_matter(&firm.ring, &described("Family")).await.unwrap();
    let form = FormId::random();
    let asks = asking(&a_form(), &questions(), false);
    firm.portal.publish_form(&firm.ring, form, &asks).await.unwrap();
    let Firm { portal, ring, matter, .. } = &firm;
    let link = portal.invite_client(ring, *matter, form, &terms()).await.unwrap();
    let (invite, fragment): (InviteId, String) = link_parts(&link);
    let intake = Device::new(&firm.router, NOW).open_invite(invite, Some(&fragment)).await.unwrap();
    let form = intake.form();
    let mut draft = DraftV1::new(form, intake.submission(), Language::English, NOW);
    draft.answers.set("story", Answer::Text("The landlord kept the deposit.".into()));
    draft.answers.set(&field_id(DOG), Answer::Text(dog.into()));
    draft.answers.set(&field_id(MET), Answer::Date(day));
    let today = Date::at(NOW, 0);
    let filled = SubmissionV1::prepare(form, &draft, None, today, NOW);
    intake.submit(&filled.ok().unwrap(), &[]).await.unwrap();
    let view = portal.matter(ring, *matter).await.unwrap();
    let submission = view.submissions[0].submission;
    (firm, intake, submission)
}

#[test]
fn answers_and_what_is_expected_stand_side_by_side_while_the_rest_waits() {
    rt(async {
        let day = Date::new(2019, 5, 4).unwrap();
        let (firm, _intake, submission) = answered(" BISCUÍT", day).await;
        let Firm { portal, ring, matter, .. } = &firm;
        let opened = portal.open_answers(ring, *matter, submission).await;
        assert_eq!(opened.err(), Some(ClientError::Quarantined));
        let asked = portal.asked(ring, *matter, submission).await.unwrap();
        assert_eq!(asked.len(), 2, "and nothing else of the answers");
        assert!(asked.iter().all(|one| one.expected.is_none() && one.like.is_none()));
        let expected = expecting(&[(DOG, "Biscuit"), (MET, "5.4.2019")]);
        portal.expect_answers(ring, *matter, &expected).await.unwrap();
        let asked = portal.asked(ring, *matter, submission).await.unwrap();
        assert_eq!(asked[0].question, "What is your dog called?");
        assert_eq!(asked[0].answer.as_deref(), Some(" BISCUÍT"));
        assert_eq!(asked[0].expected.as_deref(), Some("Biscuit"));
        let like = |at: usize| asked[at].like;
        assert_eq!((like(0), like(1)), (Some(Likeness::Same), Some(Likeness::Different)));
        // The newest that was noted counts.
        let expected = expecting(&[(MET, "4.5.2019")]);
        portal.expect_answers(ring, *matter, &expected).await.unwrap();
        assert!(portal.expected_answers(ring, *matter).await.unwrap() == expected);
        let asked = portal.asked(ring, *matter, submission).await.unwrap();
        assert_eq!((asked[0].like, asked[1].like), (None, Some(Likeness::Same)));
        // A person decides.
        let client = portal.matter(ring, *matter).await.unwrap().clients[0].kid;
        let (finding, ways) = (Finding::Verified, Ways::QUESTIONS);
        let found =
            Judgement { client, finding, ways, expires: None, paper: None, of: None, reason: None };
        portal.judge(ring, *matter, &found).await.unwrap();
        portal.open_answers(ring, *matter, submission).await.unwrap();
    });
}

#[test]
fn too_much_is_not_expected() {
    rt(async {
        let firm = Firm::founded().await;
        let Firm { portal, ring, matter, .. } = &firm;
        assert!(portal.expected_answers(ring, *matter).await.unwrap().answers.is_empty());
        let long = "x".repeat(201);
        for bad in [
            expecting(&[(DOG, " ")]),
            expecting(&[(DOG, &long)]),
            expecting(&[(DOG, "Biscuit"); 9]),
        ] {
            let noted = portal.expect_answers(ring, *matter, &bad).await;
            assert_eq!(noted, Err(ClientError::Unfit));
        }
        let need = Need { enough: vec![Ways::QUESTIONS], again: None };
        portal.need(ring, *matter, need).await.unwrap();
    });
}
