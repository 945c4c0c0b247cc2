//! Who brings people in, over the real router: officers without a key to content included.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::acts::{Firm, PASSPHRASE, link_parts};
use harness::client::Device;
use harness::enter;
use harness::{NOW, rt};
use server::db::Value;
use shared::client::enrol::{Post, Standing};
use shared::client::people::Person;
use shared::client::{ClientError, Portal, Ring, Thing};
use shared::ids::EnrolmentId;
use shared::problem::Code;
use shared::secret::Secret;
use shared::time::DAY;

fn word() -> Secret<String> {
    Secret::new("a fourth long passphrase".to_owned())
}

/// Somebody follows a link and makes keys.
async fn enrol(firm: &Firm, link: &str, name: &str, handle: &str) -> (Portal<Device>, EnrolmentId) {
    let (enrolment, fragment) = link_parts(link);
    let device = Device::new(&firm.router, NOW);
    enter::enrol(&device, enrolment, &fragment, (name, handle), &word()).await.unwrap();
    (device, enrolment)
}

/// The founder brings an administrator in.
async fn administrator(firm: &Firm) -> (Portal<Device>, Ring) {
    let link = firm.portal.invite_staff(&firm.ring, Post::Administrator, 7).await.unwrap();
    let (device, enrolment) = enrol(firm, &link, "Ada Voss", "ada").await;
    firm.portal.admit(&firm.ring, enrolment).await.unwrap();
    let ring = enter::enter(&device, "ada", &word()).await.unwrap();
    (device, ring)
}

fn named<'a>(people: &'a [Person], handle: &str) -> &'a Person {
    people.iter().find(|one| one.handle.as_deref() == Some(handle)).unwrap()
}

#[test]
fn an_administrator_invites_and_admits_without_any_key_to_content() {
    rt(async {
        let firm = Firm::founded().await;
        let (desk, admin) = administrator(&firm).await;
        let link = desk.invite_staff(&admin, Post::Lawyer, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let view = device.open_enrolment(enrolment, &fragment).await.unwrap();
        assert_eq!(view.firm_name, "Marsh & Lindqvist");
        assert_eq!(view.inviter, "Ada Voss");
        enter::enrol(&device, enrolment, &fragment, ("Bo Lindqvist", "bo"), &word()).await.unwrap();

        let waiting = desk.waiting(&admin).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].standing, Standing::Genuine);
        assert_eq!(waiting[0].name.as_deref(), Some("Bo Lindqvist"));
        desk.admit(&admin, enrolment).await.unwrap();
        assert!(desk.waiting(&admin).await.unwrap().is_empty());
        assert!(!admin.opens_matters().unwrap());
        let matter = desk.matter(&admin, firm.matter).await;
        assert_eq!(matter.err(), Some(ClientError::Refused(Code::NotFound)));

        let ring = enter::enter(&device, "bo", &word()).await.unwrap();
        assert!(device.matters(&ring).await.unwrap().is_empty());
    });
}

#[test]
fn a_lawyer_whom_an_administrator_admitted_waits_outside_until_a_lawyer_lets_them_in() {
    rt(async {
        let firm = Firm::founded().await;
        let (desk, admin) = administrator(&firm).await;
        let link = desk.invite_staff(&admin, Post::Lawyer, 7).await.unwrap();
        let (device, enrolment) = enrol(&firm, &link, "Bo Lindqvist", "bo").await;
        desk.admit(&admin, enrolment).await.unwrap();
        let ring = enter::enter(&device, "bo", &word()).await.unwrap();

        // The firm's name comes with the account; the names and forms stay closed.
        assert_eq!(device.greeting(&ring).await.unwrap().firm.unwrap(), "Marsh & Lindqvist");
        let people = device.people(&ring).await.unwrap();
        assert_eq!(named(&people, "bo").name.as_deref(), Some("Bo Lindqvist"));
        assert_eq!(named(&people, "clara").name, None);
        assert!(named(&people, "bo").outside, "he is told himself");
        assert!(device.forms(&ring).await.is_err());

        let people = firm.portal.people(&firm.ring).await.unwrap();
        let bo = named(&people, "bo");
        assert!(bo.outside && bo.name.is_none());
        assert!(people.iter().filter(|one| one.outside).count() == 1, "administrators need no key");
        firm.portal.let_in(&firm.ring, bo.kid).await.unwrap();

        assert_eq!(device.forms(&ring).await.unwrap().len(), 1);
        let people = device.people(&ring).await.unwrap();
        assert_eq!(named(&people, "clara").name.as_deref(), Some("Clara Marsh"));
        // His own device wrote his name down, for everybody in the room.
        let people = firm.portal.people(&firm.ring).await.unwrap();
        assert_eq!(named(&people, "bo").name.as_deref(), Some("Bo Lindqvist"));
        assert!(people.iter().all(|one| !one.outside));
    });
}

#[test]
fn only_whoever_invited_can_tell_the_invited_one_and_admit() {
    rt(async {
        let firm = Firm::founded().await;
        let (desk, admin) = administrator(&firm).await;
        let link = desk.invite_staff(&admin, Post::Administrator, 7).await.unwrap();
        let (_, enrolment) = enrol(&firm, &link, "Cy Ray", "cy").await;
        let seen = firm.portal.waiting(&firm.ring).await.unwrap();
        assert_eq!(seen[0].standing, Standing::InvitedBy(admin.account().unwrap()));
        assert_eq!(seen[0].name, None);
        let refused = firm.portal.admit(&firm.ring, enrolment).await;
        assert_eq!(refused.err(), Some(ClientError::Missing));
        // And the other way round.
        let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (_, enrolment) = enrol(&firm, &link, "Bo Lindqvist", "bo").await;
        assert_eq!(desk.admit(&admin, enrolment).await.err(), Some(ClientError::Missing));
    });
}

#[test]
fn a_stranger_in_the_newcomers_place_is_seen_and_not_admitted() {
    rt(async {
        let firm = Firm::founded().await;
        let (desk, admin) = administrator(&firm).await;
        for (column, handle) in [("mac", "bo"), ("name", "cy")] {
            let link = desk.invite_staff(&admin, Post::Lawyer, 7).await.unwrap();
            let (_, enrolment) = enrol(&firm, &link, "Bo Lindqvist", handle).await;
            // What a server does that puts somebody else there.
            let mut tx = firm.server.app.db.begin().await.unwrap();
            let sql = match column {
                "mac" => "UPDATE enrolled SET mac = $1 WHERE enrolment = $2",
                _ => "UPDATE enrolled SET name = $1 WHERE enrolment = $2",
            };
            tx.execute(sql, &[Value::from([7; 32]), Value::from(enrolment)]).await.unwrap();
            tx.without_statement("a test tampers").await.unwrap();
            let seen = desk.waiting(&admin).await.unwrap();
            let seen = seen.iter().find(|one| one.enrolment == enrolment).unwrap();
            assert_eq!((seen.standing, seen.name.is_none()), (Standing::Forged, true));
            let refused = desk.admit(&admin, enrolment).await;
            assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Invitation)));
        }
    });
}

#[test]
fn the_offers_secret_opens_on_the_inviters_other_device() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (_, enrolment) = enrol(&firm, &link, "Bo Lindqvist", "bo").await;
        let other = Device::new(&firm.router, NOW);
        let ring = other.sign_in_with_words("clara", &firm.words, &word()).await.unwrap();
        assert_eq!(other.waiting(&ring).await.unwrap()[0].standing, Standing::Genuine);
        other.admit(&ring, enrolment).await.unwrap();
    });
}

#[test]
fn a_lawyer_without_the_right_to_admit_invites_nobody() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (device, enrolment) = enrol(&firm, &link, "Bo Lindqvist", "bo").await;
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();
        let ring = enter::enter(&device, "bo", &word()).await.unwrap();
        let refused = device.invite_staff(&ring, Post::Administrator, 7).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::InvalidStatement)));
        let refused = device.waiting(&ring).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::NotFound)));
    });
}

#[test]
fn an_offer_whose_time_is_over_is_so_on_every_device_whatever_the_server_says() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        // The server's own clock stands still, so it refuses nothing.
        let late = NOW.plus(10 * DAY);
        let newcomer = Device::new(&firm.router, late);
        let refused = newcomer.open_enrolment(enrolment, &fragment).await;
        assert_eq!(refused.err(), Some(ClientError::LinkExpired));
        enrol(&firm, &link, "Bo Lindqvist", "bo").await;
        let desk = Device::new(&firm.router, late);
        let ring = desk.sign_in_with_words("clara", &firm.words, &word()).await.unwrap();
        assert_eq!(desk.waiting(&ring).await.unwrap()[0].standing, Standing::Late);
        let refused = desk.admit(&ring, enrolment).await;
        assert_eq!(refused.err(), Some(ClientError::LinkExpired));
    });
}

/// The words open the account on a second device; the passphrase chosen there opens it on both.
#[test]
fn a_person_may_have_several_devices() {
    rt(async {
        let firm = Firm::founded().await;
        let laptop = firm.portal.host();
        let tablet = Device::new(&firm.router, NOW);
        tablet.sign_in_with_words("clara", &firm.words, &word()).await.unwrap();
        for device in [laptop, tablet.host(), laptop] {
            let ring = enter::enter(&device.reload(), "clara", &word()).await.unwrap();
            assert_eq!(ring.handle().unwrap(), "clara");
        }
        let old = enter::enter(&laptop.reload(), "clara", &Secret::new(PASSPHRASE.into())).await;
        assert_eq!(old.err(), Some(ClientError::SignIn));
        // A device that never had the words has no secret to put beside the passphrase.
        let stranger = Device::new(&firm.router, NOW);
        let refused = enter::enter(&stranger, "clara", &word()).await;
        assert_eq!(refused.err(), Some(ClientError::NewDevice));
    });
}
