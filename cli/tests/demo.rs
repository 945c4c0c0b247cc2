//! The demonstration, played against the real router: it is what it promises, and its people can
//! sign in as it says.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use cli::demo::cast::{CASES, Stage};
use cli::demo::host::Device;
use cli::demo::seed::{PASSPHRASE, SignIn};
use cli::demo::{seed, tell, told_again};
use harness::{Line, portal, run};
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::keys::{Caps, Role};
use shared::encoding::B64;
use shared::ids::InviteId;
use shared::journal::statement::Decision;
use shared::secret::Secret;

async fn on_a_new_browser(router: &axum::Router, person: &SignIn) -> (Portal<Device<Line>>, Ring) {
    let portal = Portal::new(Device::new(Line::new(router)));
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let unknown = portal.sign_in(person.handle, &passphrase).await;
    assert!(matches!(unknown, Err(ClientError::NewDevice)));
    let ring = portal.sign_in_with_words(person.handle, &person.words, &passphrase).await.unwrap();
    (portal, ring)
}

#[test]
fn the_demonstration_is_a_whole_firm_that_people_can_enter() {
    run(async {
        let data = tempfile::tempdir().unwrap();
        let router = portal(data.path()).await;
        let founder = Portal::new(Device::new(Line::new(&router)));
        let seeded = seed(&founder, None, || Line::new(&router), |_| ()).await.unwrap();
        assert_eq!((seeded.people.len(), seeded.matters.len(), seeded.documents), (3, 20, 60));

        let (lawyer, ring) = on_a_new_browser(&router, &seeded.people[0]).await;
        let people = lawyer.people(&ring).await.unwrap();
        let mut names: Vec<_> = people.iter().filter_map(|one| one.name.as_deref()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Daniel Okafor", "Margaret Hale", "Ruth Lindqvist"]);
        let admin = people.iter().find(|one| one.role == Role::Admin).unwrap();
        assert!(!admin.caps.contains(Caps::GRANT));

        let own = lawyer.matters(&ring).await.unwrap();
        assert_eq!(own.len(), CASES.iter().enumerate().filter(|(at, _)| at % 3 != 2).count());
        for summary in &own {
            let at = seeded.matters.iter().position(|matter| *matter == summary.matter).unwrap();
            let case = &CASES[at];
            assert_eq!(summary.description.as_ref().unwrap().title, case.title);
            let decision = summary.submissions.first().map(|one| one.decision);
            let expected = match case.stage {
                Stage::Opened | Stage::Invited => None,
                Stage::Waiting => Some(None),
                Stage::Accepted => Some(Some(Decision::Accepted)),
                Stage::Declined => Some(Some(Decision::Declined)),
                Stage::AskedBack => Some(Some(Decision::AskedBack)),
            };
            assert_eq!(decision, expected, "{}", case.title);
            assert_eq!(summary.submissions.first().map_or(0, |one| one.documents), case.papers);
            assert_eq!(summary.invited, case.stage == Stage::Invited);
        }
        let answered = own.iter().find(|matter| !matter.submissions.is_empty()).unwrap();
        let submission = answered.submissions[0].submission;
        let opened = lawyer.open_answers(&ring, answered.matter, submission).await.unwrap();
        assert!(opened.troubles.is_empty() && opened.filled.signature.is_some());

        let (_, admin_ring) = on_a_new_browser(&router, &seeded.people[2]).await;
        assert_eq!(admin_ring.opens_matters(), Ok(false));

        let (_, link) = &seeded.open_links[0];
        let (path, fragment) = link.split_once('#').unwrap();
        let invite: InviteId = path.rsplit('/').next().unwrap().parse().unwrap();
        let client = Portal::new(Device::new(Line::new(&router)));
        let intake = client.open_invite(invite, Some(fragment)).await.unwrap();
        assert_eq!(intake.firm_name(), cli::demo::cast::FIRM);

        let log_key = lawyer.status().await.unwrap().log_key;
        let mut told = Vec::new();
        tell(&seeded, &log_key, "http://localhost:8080/", &mut told).unwrap();
        let told = String::from_utf8(told).unwrap();
        for person in &seeded.people {
            assert!(told.contains(person.words.expose()) && told.contains(person.handle));
        }
        assert!(told.contains(&format!("http://localhost:8080{link}\n")));

        // The next start tells the same, at the address it has then, and only of the same portal.
        let again = told_again(&told, &log_key, "http://localhost:9000").unwrap();
        assert_eq!(again, told.replace(":8080", ":9000"));
        assert!(told_again(&told, &B64(vec![7; 32]), "http://localhost:9000").is_none());
        assert!(told_again("", &log_key, "http://localhost:9000").is_none());
    });
}
