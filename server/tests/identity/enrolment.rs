//! How a new person comes to the firm, and who may know of it.

use super::*;

#[tokio::test]
async fn a_new_person_enrols_waits_and_signs_in_after_admission() {
    use shared::client::enrol::{Post, Standing};
    let app = TestApp::new().await;
    let (boss, founded) = founded(&app).await;
    let link = boss.invite_staff(&founded.ring, Post::Lawyer, 7).await.unwrap();
    let (id, fragment) = parse_link(&link);
    let new = Device::new(&app.router, NOW);
    new.open_enrolment(id, fragment).await.unwrap();
    let word = passphrase("quiet quiet river");
    enter::enrol(&new, id, fragment, ("Ada Berg", "ada"), &word).await.unwrap();
    // The answer may be lost and asked for again, but nobody else enrols by the same link.
    let thief = Device::new(&app.router, NOW);
    let refused = enter::enrol(&thief, id, fragment, ("Eve", "eve"), &word).await;
    assert_eq!(refused.err(), Some(ClientError::LinkUsed));
    assert_eq!(enter::enter(&new, "ada", &word).await.err(), Some(ClientError::SignIn));
    let waiting = boss.waiting(&founded.ring).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].standing, Standing::Genuine);
    boss.admit(&founded.ring, id).await.unwrap();
    let ring = enter::enter(&new, "ada", &word).await.unwrap();
    assert!(boss.waiting(&founded.ring).await.unwrap().is_empty());
    assert_eq!(new.people(&ring).await.unwrap().len(), 2);
    assert_eq!(new.open_enrolment(id, fragment).await.err(), Some(ClientError::LinkUsed));
}

fn parse_link(link: &str) -> (EnrolmentId, &str) {
    let (path, fragment) = link.split_once('#').unwrap();
    (path.rsplit('/').next().unwrap().parse().unwrap(), fragment)
}

#[tokio::test]
async fn an_enrolment_link_opens_with_its_own_token_and_in_its_time() {
    use shared::client::enrol::Post;
    let app = TestApp::new().await;
    let (boss, founded) = founded(&app).await;
    let link = boss.invite_staff(&founded.ring, Post::Administrator, 7).await.unwrap();
    let (id, fragment) = parse_link(&link);
    for (enrolment, token) in
        [(id, vec![0; 32]), (id, vec![]), (EnrolmentId::random(), vec![0; 32])]
    {
        let call = OpenEnrolment { enrolment, token: B64(token) };
        assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::SignInFailed);
    }
    app.pass(8 * 24 * HOUR);
    let late = Device::new(&app.router, NOW).open_enrolment(id, fragment).await;
    assert_eq!(late.err(), Some(ClientError::LinkExpired));
}

#[tokio::test]
async fn only_staff_sees_names_and_only_whoever_admits_sees_who_waits() {
    let app = TestApp::new().await;
    founded(&app).await;
    assert_eq!(app.ask(None, &ListHandles {}).await.unwrap_err(), Code::Unauthenticated);
    assert_eq!(app.ask(None, &ListEnrolled {}).await.unwrap_err(), Code::Unauthenticated);
    let mine = cookie(&app).await;
    let handles = app.ask(Some(&mine), &ListHandles {}).await.unwrap().handles;
    assert_eq!(handles.len(), 1);
    assert_eq!(handles[0].handle, "maren");
    assert!(app.ask(Some(&mine), &ListEnrolled {}).await.unwrap().waiting.is_empty());
}
