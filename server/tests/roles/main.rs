//! What people are at the firm, over the real router: posts, an end by itself, one matter alone, conflict walls
//! and duties.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../harness/mod.rs"]
mod harness;

use harness::acts::terms;
use harness::acts::{COLLEAGUES, Colleague, Firm, colleague, document, facts, link_parts, read};
use harness::client::Device;
use harness::enter;
use harness::soft_passkey::SoftPasskey;
use harness::{NOW, rt};
use shared::client::ClientError;
use shared::client::enrol::{Placing, Post};
use shared::client::filing::Filing as _;
use shared::client::people::Person;
use shared::crypto::keys::Kid;
use shared::identity::wire::Session;
use shared::identity::wire::factors::Factor;
use shared::ids::MatterId;
use shared::journal::posts::Duty;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;
use shared::time::MINUTE;

async fn go_on(_: usize, _: usize) -> bool {
    true
}

fn word() -> Secret<String> {
    Secret::new(COLLEAGUES.to_owned())
}

fn a_matter() -> DescriptionV1 {
    DescriptionV1 {
        client: "Ines Okafor".into(),
        title: "Sale of the mill".into(),
        practice: "Property".into(),
        label: Label::Confidential,
    }
}

async fn another_matter(firm: &Firm) -> MatterId {
    firm.portal.create_matter(&firm.ring, &a_matter()).await.unwrap()
}

async fn person(who: &Colleague, kid: Kid) -> Person {
    let people = who.portal.people(&who.ring).await.unwrap();
    people.into_iter().find(|one| one.kid == kid).unwrap()
}

async fn files(who: &Colleague, matter: MatterId, name: &str) -> Result<(), ClientError> {
    let bytes = document(700);
    let filing = who.portal.filing(&who.ring, matter);
    filing.hand_in(&facts(name, &bytes), &bytes).await.map(drop)
}

async fn holds(firm: &Firm) {
    let rebuilt = server::journal::rebuild::rebuild(&firm.server.app.db, &firm.server.app.secrets);
    assert_eq!(rebuilt.await.unwrap().differences, Vec::new());
}

const KEPT: Option<ClientError> = Some(ClientError::KeptFrom);
const UNFIT: Option<ClientError> = Some(ClientError::Unfit);

#[test]
fn people_are_invited_to_posts_and_may_what_the_post_may() {
    rt(async {
        let firm = Firm::founded().await;
        let pam = colleague(&firm, Post::Paralegal, "Pam Reed", "pam").await;
        let rex = colleague(&firm, Post::Auditor, "Rex Moor", "rex").await;
        let mia = colleague(&firm, Post::Compliance, "Mia Holt", "mia").await;
        for (kid, post) in
            [(pam.kid, Post::Paralegal), (rex.kid, Post::Auditor), (mia.kid, Post::Compliance)]
        {
            assert_eq!(person(&pam, kid).await.placing, Placing::of(post));
            assert_eq!(person(&rex, kid).await.caps, post.caps());
        }
        // A paralegal works where they are let in, and lets nobody else in.
        firm.portal.give_access(&firm.ring, firm.matter, pam.kid).await.unwrap();
        files(&pam, firm.matter, "notes.pdf").await.unwrap();
        let clara = person(&pam, pam.kid).await.kid;
        let given = pam.portal.give_access(&pam.ring, firm.matter, clara).await;
        assert_eq!(given.err(), UNFIT);
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        assert_eq!(
            pam.portal.give_access(&pam.ring, firm.matter, bo.kid).await.err(),
            UNFIT,
            "they do not share"
        );
        // Who holds no key that opens can be given none.
        for kid in [rex.kid, mia.kid] {
            let given = firm.portal.give_access(&firm.ring, firm.matter, kid).await;
            assert_eq!(given.err(), UNFIT);
        }
        // Nobody is invited to a post without its bounds.
        let odd = firm.portal.invite_staff(&firm.ring, Post::Contractor, 7).await;
        assert_eq!(odd.err(), UNFIT);
        holds(&firm).await;
    });
}

#[test]
fn what_a_lawyer_signed_stands_when_they_are_something_else() {
    rt(async {
        let firm = Firm::founded().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        let dee = colleague(&firm, Post::Lawyer, "Dee Roe", "dee").await;
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        bo.portal.give_access(&bo.ring, firm.matter, cy.kid).await.unwrap();
        let paralegal = Placing::of(Post::Paralegal);
        let refused = cy.portal.change_post(&cy.ring, bo.kid, paralegal).await;
        assert_eq!(refused.err(), UNFIT);
        let refused = ada.portal.change_post(&ada.ring, bo.kid, Placing::of(Post::Officer)).await;
        assert_eq!(refused.err(), UNFIT);
        ada.portal.change_post(&ada.ring, bo.kid, paralegal).await.unwrap();
        assert_eq!(person(&cy, bo.kid).await.placing, paralegal);
        assert_eq!(person(&cy, bo.kid).await.caps, Post::Paralegal.caps());
        // What they gave was theirs to give.
        files(&cy, firm.matter, "brief.pdf").await.unwrap();
        files(&bo, firm.matter, "draft.pdf").await.unwrap();
        let fresh = Device::new(&firm.router, NOW);
        let pass = Secret::new(harness::acts::PASSPHRASE.to_owned());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &pass).await.unwrap();
        let view = fresh.matter(&ring, firm.matter).await.unwrap();
        assert_eq!((view.seats.iter().filter(|seat| seat.account.is_some())).count(), 3);
        assert_eq!(view.documents.len(), 2);
        let refused = bo.portal.give_access(&bo.ring, firm.matter, dee.kid).await;
        assert_eq!(refused.err(), UNFIT);
        // And back. A desk that had read the matter before goes on.
        ada.portal.change_post(&ada.ring, bo.kid, Placing::of(Post::Lawyer)).await.unwrap();
        bo.portal.give_access(&bo.ring, firm.matter, dee.kid).await.unwrap();
        assert!(fresh.matter(&ring, firm.matter).await.is_ok());
        assert!(cy.portal.matter(&cy.ring, firm.matter).await.is_ok());
        holds(&firm).await;
    });
}

#[test]
fn a_contractor_is_gone_when_their_time_is_over() {
    rt(async {
        let firm = Firm::founded().await;
        let until = Some(NOW.plus(2 * MINUTE));
        let what = Placing { until, ..Placing::of(Post::Contractor) };
        let con = colleague(&firm, what, "Con Hale", "con").await;
        assert_eq!(person(&con, con.kid).await.placing, what);
        firm.portal.give_access(&firm.ring, firm.matter, con.kid).await.unwrap();
        files(&con, firm.matter, "plan.pdf").await.unwrap();
        assert_eq!(
            firm.portal.turn_keys(&firm.ring, go_on).await.unwrap(),
            Default::default(),
            "nothing is owed yet"
        );
        firm.server.pass(3 * MINUTE);
        for portal in [&firm.portal, &con.portal] {
            portal.host().now.set(NOW.plus(3 * MINUTE));
        }
        assert!(matches!(con.portal.session().await.unwrap(), Session::None));
        assert_eq!(
            enter::enter(&con.portal, "con", &word()).await.err(),
            Some(ClientError::SignIn)
        );
        let given = firm.portal.give_access_again(&firm.ring, firm.matter, con.kid).await;
        assert_eq!(given.err(), UNFIT);
        let turned = firm.portal.turn_keys(&firm.ring, go_on).await.unwrap();
        assert_eq!((turned.turned, turned.left), (2, Vec::new()), "the firm's room, too");
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.former.len(), 1);
        assert_eq!(view.documents.len(), 1, "what they did stands");
        // Somebody may say that it goes on.
        let longer = Placing { until: Some(NOW.plus(60 * MINUTE)), ..what };
        firm.portal.change_post(&firm.ring, con.kid, longer).await.unwrap();
        let ring = enter::enter(&con.portal, "con", &word()).await.unwrap();
        assert!(con.portal.matters(&ring).await.unwrap().is_empty());
        firm.portal.give_access(&firm.ring, firm.matter, con.kid).await.unwrap();
        assert!(con.portal.matter(&ring, firm.matter).await.is_ok());
        holds(&firm).await;
    });
}

#[test]
fn a_third_party_reads_one_matter_and_nothing_of_the_firm_s_own() {
    rt(async {
        let firm = Firm::founded().await;
        let other = another_matter(&firm).await;
        let what = Placing { matter: Some(firm.matter), ..Placing::of(Post::ThirdParty) };
        let tom = colleague(&firm, what, "Tom Ash", "tom").await;
        assert!(tom.portal.matters(&tom.ring).await.unwrap().is_empty());
        firm.portal.give_access(&firm.ring, firm.matter, tom.kid).await.unwrap();
        assert!(tom.portal.matter(&tom.ring, firm.matter).await.is_ok());
        let given = firm.portal.give_access(&firm.ring, other, tom.kid).await;
        assert_eq!(given.err(), KEPT);
        assert_eq!(firm.portal.let_in(&firm.ring, tom.kid).await.err(), KEPT);
        assert!(tom.portal.forms(&tom.ring).await.is_err());
        let clara = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        assert_eq!(person(&clara, tom.kid).await.name.as_deref(), Some("Tom Ash"));
        assert!(!person(&clara, tom.kid).await.outside, "nobody is to let them in");
        // A lawyer who becomes one loses every other seat.
        firm.portal.give_access(&firm.ring, firm.matter, clara.kid).await.unwrap();
        firm.portal.give_access(&firm.ring, other, clara.kid).await.unwrap();
        firm.portal.change_post(&firm.ring, clara.kid, what).await.unwrap();
        let all = clara.portal.matters(&clara.ring).await.unwrap();
        assert_eq!(all.len(), 1);
        let turned = firm.portal.turn_keys(&firm.ring, go_on).await.unwrap();
        assert_eq!((turned.turned, turned.left), (2, Vec::new()), "the other, and the firm's room");
        assert!(clara.portal.matter(&clara.ring, firm.matter).await.is_ok());
        holds(&firm).await;
    });
}

#[test]
fn a_wall_ends_the_seat_and_no_device_wraps_for_whoever_stands_behind_it() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        for kid in [bo.kid, cy.kid] {
            firm.portal.give_access(&firm.ring, firm.matter, kid).await.unwrap();
        }
        files(&bo, firm.matter, "his.pdf").await.unwrap();
        let other = another_matter(&firm).await;
        let unseated = cy.portal.raise_wall(&cy.ring, bo.kid, other).await;
        assert_eq!(unseated.err(), UNFIT, "where they do not sit");
        let own = cy.portal.raise_wall(&cy.ring, cy.kid, firm.matter).await;
        assert_eq!(own.err(), UNFIT, "oneself");
        cy.portal.raise_wall(&cy.ring, bo.kid, firm.matter).await.unwrap();
        assert!(bo.portal.matters(&bo.ring).await.unwrap().is_empty());
        assert!(files(&bo, firm.matter, "more.pdf").await.is_err());
        let turned = cy.portal.turn_keys(&cy.ring, go_on).await.unwrap();
        assert_eq!((turned.turned, turned.left), (1, Vec::new()), "that matter alone");
        let given = firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await;
        assert_eq!(given.err(), KEPT);
        firm.portal.give_access(&firm.ring, other, bo.kid).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!((view.documents.len(), view.former.len()), (1, 1), "what he did stands");
        assert_eq!(person(&cy, bo.kid).await.walls.len(), 1);
        // It is lifted by who governs, and then somebody may let him in.
        assert_eq!(cy.portal.lift_wall(&cy.ring, bo.kid, firm.matter).await.err(), UNFIT);
        firm.portal.lift_wall(&firm.ring, bo.kid, firm.matter).await.unwrap();
        cy.portal.give_access(&cy.ring, firm.matter, bo.kid).await.unwrap();
        files(&bo, firm.matter, "back.pdf").await.unwrap();
        let fresh = Device::new(&firm.router, NOW);
        let pass = Secret::new(harness::acts::PASSPHRASE.to_owned());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &pass).await.unwrap();
        let view = fresh.matter(&ring, firm.matter).await.unwrap();
        assert_eq!(view.documents.len(), 2);
        let object = view.documents[0].object;
        assert!(read((&fresh, &ring), firm.matter, object).await.is_ok());
        holds(&firm).await;
    });
}

#[test]
fn a_wall_before_one_matter_of_a_client_stands_before_the_next() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let second = another_matter(&firm).await;
        let same = firm.portal.of_same_client(&firm.ring, second).await.unwrap();
        assert!(!same.contains(&second));
        let all: Vec<MatterId> = same.iter().copied().chain([second]).collect();
        firm.portal.raise_walls(&firm.ring, bo.kid, &all).await.unwrap();
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        assert_eq!(person(&cy, bo.kid).await.walls.len(), all.len());
        let twice = firm.portal.raise_walls(&firm.ring, bo.kid, &all).await;
        assert_eq!(twice.err(), UNFIT, "they stand already");
        // The next matter of the client has the wall from its first moment, and that of another has none.
        let described = a_matter();
        let client = described.client.to_uppercase().replace(' ', "  ");
        let next = DescriptionV1 { client, ..described };
        let third = firm.portal.create_matter(&firm.ring, &next).await.unwrap();
        let given = firm.portal.give_access(&firm.ring, third, bo.kid).await;
        assert_eq!(given.err(), KEPT);
        let else_where = DescriptionV1 { client: "Somebody Else".to_owned(), ..a_matter() };
        let free = firm.portal.create_matter(&firm.ring, &else_where).await.unwrap();
        firm.portal.give_access(&firm.ring, free, bo.kid).await.unwrap();
        holds(&firm).await;
    });
}

#[test]
fn a_client_believes_a_lawyer_who_was_a_paralegal() {
    rt(async {
        let firm = Firm::founded().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let pam = colleague(&firm, Post::Paralegal, "Pam Reed", "pam").await;
        let opens = async |matter, by: &Colleague| {
            let made = by.portal.invite_client(&by.ring, matter, firm.form, &terms()).await;
            let (invite, fragment) = link_parts(&made?);
            let device = Device::new(&firm.router, NOW);
            device.open_invite(invite, Some(&fragment)).await.map(drop)
        };
        // A paralegal invites where they are let in, and opens no matter.
        firm.portal.give_access(&firm.ring, firm.matter, pam.kid).await.unwrap();
        opens(firm.matter, &pam).await.unwrap();
        let own = pam.portal.create_matter(&pam.ring, &a_matter()).await;
        assert!(own.is_err());
        ada.portal.change_post(&ada.ring, pam.kid, Placing::of(Post::Lawyer)).await.unwrap();
        let own = pam.portal.create_matter(&pam.ring, &a_matter()).await.unwrap();
        opens(own, &pam).await.unwrap();
        // Less again: the matter's key was theirs to make.
        ada.portal.change_post(&ada.ring, pam.kid, Placing::of(Post::Paralegal)).await.unwrap();
        opens(own, &pam).await.unwrap();
        assert!(pam.portal.matter(&pam.ring, own).await.is_ok());
        holds(&firm).await;
    });
}

#[test]
fn a_matter_gets_a_new_key_although_nobody_leaves() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let pam = colleague(&firm, Post::Paralegal, "Pam Reed", "pam").await;
        let refused = bo.portal.renew_key(&bo.ring, firm.matter).await;
        assert!(refused.is_err(), "where they do not sit");
        for kid in [bo.kid, pam.kid] {
            firm.portal.give_access(&firm.ring, firm.matter, kid).await.unwrap();
        }
        let refused = pam.portal.renew_key(&pam.ring, firm.matter).await;
        assert_eq!(refused.err(), UNFIT);
        files(&pam, firm.matter, "before.pdf").await.unwrap();
        bo.portal.renew_key(&bo.ring, firm.matter).await.unwrap();
        files(&pam, firm.matter, "after.pdf").await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!((view.documents.len(), view.former.len()), (2, 0));
        for document in &view.documents {
            assert!(read((&pam.portal, &pam.ring), firm.matter, document.object).await.is_ok());
        }
        holds(&firm).await;
    });
}

#[test]
fn a_page_that_was_left_open_changes_nobody() {
    rt(async {
        let firm = Firm::founded().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.server.pass(6 * MINUTE);
        let to = Placing::of(Post::Paralegal);
        let refused = ada.portal.change_post(&ada.ring, bo.kid, to).await.err();
        assert_eq!(refused, Some(ClientError::StepUp));
        let duty = Duty::DataProtection;
        let refused = ada.portal.give_duty(&ada.ring, duty, Some(bo.kid), None).await.err();
        assert_eq!(refused, Some(ClientError::StepUp));
        let wanted = ada.portal.begin_step_up().await.unwrap();
        let said = SoftPasskey::of("ada").sign(&wanted.challenge);
        ada.portal.finish_step_up(&wanted, Factor::Passkey(said)).await.unwrap();
        ada.portal.change_post(&ada.ring, bo.kid, to).await.unwrap();
        ada.portal.give_duty(&ada.ring, duty, Some(bo.kid), Some(ada.kid)).await.unwrap();
        let same = ada.portal.give_duty(&ada.ring, duty, Some(bo.kid), Some(bo.kid)).await;
        assert_eq!(same.err(), UNFIT);
    });
}
