//! Identity papers: sealed to those who verify, and shredded when their time is over.

use bytes::Bytes;
use futures::TryStreamExt as _;
use shared::client::enrol::{Placing, Post};
use shared::client::filing::Filing as _;
use shared::client::intake::Intake;
use shared::client::matters::{MatterView, Named};
use shared::client::verdicts::Judgement;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::keys::Kid;
use shared::crypto::manifest::FileKind;
use shared::ids::{FormId, InviteId, MatterId, ObjectId};
use shared::intake::questions::asking;
use shared::journal::policy::PaperRules;
use shared::journal::statement::Verb;
use shared::journal::verdict::{Finding, Ways};
use shared::time::{DAY, MINUTE};

use crate::harness::acts::{Colleague, Firm, a_form, colleague, facts, filled, link_parts, terms};
use crate::harness::canary::{disguises, search_folder};
use crate::harness::client::Device;
use crate::harness::{NOW, rt};

const PICTURE: &[u8] = b"the picture of a passport, as a telephone took it";

/// A firm with a form that asks for a paper, and two colleagues at its matter: one who verifies, one who does not.
struct Office {
    firm: Firm,
    form: FormId,
    lawyer: Colleague,
    paralegal: Colleague,
}

impl Office {
    async fn new() -> Self {
        let firm = Firm::founded().await;
        firm.stay_long().await;
        let form = FormId::random();
        let asks = asking(&a_form(), &[], true);
        firm.portal.publish_form(&firm.ring, form, &asks).await.unwrap();
        let lawyer = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let paralegal = colleague(&firm, Post::Paralegal, "Pam Reed", "pam").await;
        for kid in [lawyer.kid, paralegal.kid] {
            firm.portal.give_access(&firm.ring, firm.matter, kid).await.unwrap();
        }
        Self { firm, form, lawyer, paralegal }
    }

    async fn link(&self) -> Result<String, ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.invite_client(ring, *matter, self.form, &terms()).await
    }

    /// A client who handed in a paper with her answers.
    async fn client(&self) -> (Intake<Device>, ObjectId) {
        let (invite, fragment): (InviteId, String) = link_parts(&self.link().await.unwrap());
        let device = Device::new(&self.firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let about = facts("passport.jpg", PICTURE);
        let paper = intake.hand_in_as(&about, PICTURE, FileKind::Identification).await.unwrap();
        intake.submit(&filled(&intake), &[paper.object]).await.unwrap();
        (intake, paper.object)
    }

    fn people(&self) -> [(&Portal<Device>, &Ring); 3] {
        let founder = (&self.firm.portal, &self.firm.ring);
        [
            founder,
            (&self.lawyer.portal, &self.lawyer.ring),
            (&self.paralegal.portal, &self.paralegal.ring),
        ]
    }

    async fn decide(&self, paper: ObjectId) {
        let Firm { portal, ring, matter, .. } = &self.firm;
        let found = judged(&view((portal, ring), *matter).await, Finding::Verified, Some(paper));
        portal.judge(ring, *matter, &found).await.unwrap();
    }
}

fn judged(view: &MatterView, finding: Finding, paper: Option<ObjectId>) -> Judgement {
    let client: Kid = view.clients.last().unwrap().kid;
    let ways = if finding == Finding::Verified { Ways::PAPER } else { Ways::NONE };
    Judgement { client, finding, ways, expires: None, paper, of: None, reason: None }
}

async fn view((portal, ring): (&Portal<Device>, &Ring), matter: MatterId) -> MatterView {
    portal.matter(ring, matter).await.unwrap()
}

async fn reads(
    who: (&Portal<Device>, &Ring),
    matter: MatterId,
    paper: ObjectId,
) -> Result<Vec<u8>, ClientError> {
    view(who, matter).await;
    let mut reader = who.0.open_document(who.1, matter, paper, Verb::Opened).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The bytes that the blob store has, of all objects.
async fn stored(firm: &Firm) -> Vec<Bytes> {
    let mut all = Vec::new();
    let folder = firm.server.data.path().join("blobs");
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => all.push(Bytes::from(std::fs::read(entry.path()).unwrap())),
            }
        }
    }
    all
}

async fn blobs(firm: &Firm) -> usize {
    firm.server.app.blobs.list().try_collect::<Vec<_>>().await.unwrap().len()
}

#[test]
fn a_paper_opens_for_those_who_verify_and_for_nobody_else_with_a_seat() {
    rt(async {
        let office = Office::new().await;
        let matter = office.firm.matter;
        let (_, paper) = office.client().await;
        let [founder, lawyer, paralegal] = office.people();
        for who in [founder, lawyer] {
            assert_eq!(reads(who, matter, paper).await.unwrap(), PICTURE);
            let seen = &view(who, matter).await.documents[0];
            assert_eq!((seen.paper, seen.shreds), (Some(true), None));
            assert_eq!(seen.named.opened().unwrap().name, "passport.jpg");
        }
        let seen = view(paralegal, matter).await;
        assert_eq!(seen.documents[0].paper, Some(false));
        assert!(matches!(seen.documents[0].named, Named::Closed));
        assert_eq!(reads(paralegal, matter, paper).await, Err(ClientError::Missing));
        // What is no paper opens, answers and all.
        let submission = seen.submissions[0].submission;
        paralegal.0.open_answers(paralegal.1, matter, submission).await.unwrap();
        // Nor do they say that they looked at it, or that somebody is verified by it.
        for finding in [Finding::InReview, Finding::Verified] {
            let found = judged(&seen, finding, Some(paper));
            assert!(paralegal.0.judge(paralegal.1, matter, &found).await.is_err());
        }
        let found = judged(&seen, Finding::InReview, Some(paper));
        lawyer.0.judge(lawyer.1, matter, &found).await.unwrap();
        holds(&office.firm).await;
    });
}

async fn holds(firm: &Firm) {
    let rebuilt = server::journal::rebuild::rebuild(&firm.server.app.db, &firm.server.app.secrets);
    assert_eq!(rebuilt.await.unwrap().differences, Vec::new());
}

#[test]
fn whoever_comes_to_verify_later_is_given_the_papers_of_before() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, .. } = &office.firm;
        let (_, paper) = office.client().await;
        let cy = colleague(&office.firm, Post::Lawyer, "Cy Brand", "cy").await;
        portal.give_access(ring, *matter, cy.kid).await.unwrap();
        assert_eq!(reads((&cy.portal, &cy.ring), *matter, paper).await.unwrap(), PICTURE);
        // The paralegal is a lawyer from now on.
        let pam = (&office.paralegal.portal, &office.paralegal.ring);
        portal.change_post(ring, office.paralegal.kid, Placing::of(Post::Lawyer)).await.unwrap();
        portal.give_access(ring, *matter, office.paralegal.kid).await.unwrap();
        assert_eq!(reads(pam, *matter, paper).await.unwrap(), PICTURE);
        holds(&office.firm).await;
    });
}

#[test]
fn whoever_verifies_no_more_has_no_key_to_what_comes_then() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, .. } = &office.firm;
        let (_, first) = office.client().await;
        let bo = (&office.lawyer.portal, &office.lawyer.ring);
        assert_eq!(reads(bo, *matter, first).await.unwrap(), PICTURE);
        // A seat is left, and fewer capabilities.
        portal.change_post(ring, office.lawyer.kid, Placing::of(Post::Paralegal)).await.unwrap();
        let (_, second) = office.client().await;
        assert_eq!(reads((portal, ring), *matter, second).await.unwrap(), PICTURE);
        assert_eq!(reads(bo, *matter, second).await, Err(ClientError::Missing));
        // Of the first one the server hands out nothing more; the key they had, they may have kept.
        assert!(reads(bo, *matter, first).await.is_err());
        // And whoever loses the seat.
        portal.change_post(ring, office.lawyer.kid, Placing::of(Post::Lawyer)).await.unwrap();
        portal.give_access(ring, *matter, office.lawyer.kid).await.unwrap();
        assert_eq!(reads(bo, *matter, second).await.unwrap(), PICTURE);
        portal.take_access_back(ring, *matter, office.lawyer.kid).await.unwrap();
        let (_, third) = office.client().await;
        assert_eq!(reads((portal, ring), *matter, third).await.unwrap(), PICTURE);
        assert!(bo.0.matter(bo.1, *matter).await.is_err());
        holds(&office.firm).await;
    });
}

#[test]
fn a_form_that_asks_for_a_paper_is_sent_first_by_somebody_who_verifies() {
    rt(async {
        let office = Office::new().await;
        let matter = office.firm.matter;
        let [_, lawyer, pam] = office.people();
        let sent = pam.0.invite_client(pam.1, matter, office.form, &terms()).await;
        assert_eq!(sent, Err(ClientError::Verifier));
        lawyer.0.invite_client(lawyer.1, matter, office.form, &terms()).await.unwrap();
        let link = pam.0.invite_client(pam.1, matter, office.form, &terms()).await.unwrap();
        let (invite, fragment): (InviteId, String) = link_parts(&link);
        let device = Device::new(&office.firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let about = facts("passport.jpg", PICTURE);
        let paper = intake.hand_in_as(&about, PICTURE, FileKind::Identification).await.unwrap();
        assert_eq!(reads(lawyer, matter, paper.object).await.unwrap(), PICTURE);
        assert_eq!(reads(pam, matter, paper.object).await, Err(ClientError::Missing));
    });
}

#[test]
fn a_link_whose_form_asks_for_none_takes_none() {
    rt(async {
        let office = Office::new().await;
        let (invite, fragment): (InviteId, String) = link_parts(&office.firm.invite().await);
        let device = Device::new(&office.firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let about = facts("passport.jpg", PICTURE);
        let refused = intake.hand_in_as(&about, PICTURE, FileKind::Identification).await;
        assert_eq!(refused.err(), Some(ClientError::Unfit));
    });
}

#[test]
fn a_paper_is_shredded_as_many_days_after_the_decision_as_the_firm_says() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, server, .. } = &office.firm;
        let (_, paper) = office.client().await;
        let all = blobs(&office.firm).await;
        let ciphertexts = stored(&office.firm).await;
        office.decide(paper).await;
        let until = Some(NOW.plus(30 * DAY));
        assert_eq!(view((portal, ring), *matter).await.documents[0].shreds, until);
        assert_eq!(reads((portal, ring), *matter, paper).await.unwrap(), PICTURE);
        server::jobs::shred(&server.app).await.unwrap();
        assert_eq!(blobs(&office.firm).await, all);
        // The days are over.
        server.set_clock(NOW.plus(30 * DAY));
        server::jobs::shred(&server.app).await.unwrap();
        assert_eq!(blobs(&office.firm).await, all - 1);
        let left = stored(&office.firm).await;
        let gone: Vec<&Bytes> = ciphertexts.iter().filter(|one| !left.contains(one)).collect();
        assert_eq!(gone.len(), 1);
        // Nowhere else in what the server keeps either.
        let needles = vec![("the paper".to_owned(), disguises(&gone[0][..32]))];
        search_folder(server.data.path(), &needles);
        server::jobs::once(&server.app).await.unwrap();
        server::jobs::shred(&server.app).await.unwrap();
        assert_eq!(blobs(&office.firm).await, all - 1);
        // The journal stands as it did.
        holds(&office.firm).await;
    });
}

#[test]
fn a_firm_may_say_at_once_and_no_device_asks_again() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, .. } = &office.firm;
        portal.set_papers(ring, PaperRules { days: 0 }).await.unwrap();
        let too_long = PaperRules { days: PaperRules::MOST + 1 };
        assert_eq!(portal.set_papers(ring, too_long).await, Err(ClientError::Unfit));
        assert_eq!(portal.policy(ring).await.unwrap().papers.unwrap().what.days, 0);
        let (_, paper) = office.client().await;
        let all = blobs(&office.firm).await;
        office.decide(paper).await;
        assert_eq!(reads((portal, ring), *matter, paper).await, Err(ClientError::Shredded));
        let bo = (&office.lawyer.portal, &office.lawyer.ring);
        assert_eq!(reads(bo, *matter, paper).await, Err(ClientError::Shredded));
        server::jobs::shred(&office.firm.server.app).await.unwrap();
        assert_eq!(blobs(&office.firm).await, all - 1);
        // A later word does not bring more time: the first one stands.
        portal.set_papers(ring, PaperRules { days: 90 }).await.unwrap();
        portal.host().now.set(NOW.plus(2 * MINUTE));
        office.firm.server.set_clock(NOW.plus(2 * MINUTE));
        office.decide(paper).await;
        let seen = view((portal, ring), *matter).await;
        assert_eq!(seen.documents[0].shreds, Some(NOW));
        holds(&office.firm).await;
    });
}

#[test]
fn no_clock_that_is_far_off_shreds_anything() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, server, .. } = &office.firm;
        let (_, paper) = office.client().await;
        let found = judged(&view((portal, ring), *matter).await, Finding::Verified, Some(paper));
        for now in [shared::time::Timestamp(NOW.0 - 40 * DAY), NOW.plus(40 * DAY)] {
            portal.host().now.set(now);
            let judged = portal.judge(ring, *matter, &found).await;
            assert_eq!(judged, Err(ClientError::Refused(shared::problem::Code::InvalidStatement)));
        }
        portal.host().now.set(NOW);
        server::jobs::shred(&server.app).await.unwrap();
        assert_eq!(reads((portal, ring), *matter, paper).await.unwrap(), PICTURE);
        portal.judge(ring, *matter, &found).await.unwrap();
    });
}

#[test]
fn the_papers_of_a_key_that_ended_go_too() {
    rt(async {
        let office = Office::new().await;
        let Firm { portal, ring, matter, server, .. } = &office.firm;
        let (_, paper) = office.client().await;
        let all = blobs(&office.firm).await;
        let client = view((portal, ring), *matter).await.clients.last().unwrap().kid;
        portal.end_client_key(ring, *matter, client, "The telephone was stolen.").await.unwrap();
        let until = Some(NOW.plus(30 * DAY));
        assert_eq!(view((portal, ring), *matter).await.documents[0].shreds, until);
        assert_eq!(reads((portal, ring), *matter, paper).await.unwrap(), PICTURE);
        server.set_clock(NOW.plus(30 * DAY));
        server::jobs::shred(&server.app).await.unwrap();
        assert_eq!(blobs(&office.firm).await, all - 1);
        holds(&office.firm).await;
    });
}
