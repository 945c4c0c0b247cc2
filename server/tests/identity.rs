//! Founding, signing in, sessions, enrolment: what works, and all that is refused.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use axum::http::StatusCode;
use harness::client::Device;
use harness::{NOW, TestApp};
use shared::client::found::{Founded, Founding};
use shared::client::{ClientError, Portal};
use shared::crypto::hash::Hash32;
use shared::crypto::opaque;
use shared::encoding::B64;
use shared::identity::wire::{
    FinishKeySession, FinishSignIn, FoundFirm, ListEnrolled, NewAccount, OpenEnrolment, ReadSession,
    ReadStatus, ReplaceUnlock, Session, SignInByRecovery, SignOut, Slot, StartKeySession,
    StartRegistration, StartSignIn,
};
use shared::ids::{AccountId, EnrolmentId, SlotId};
use shared::journal::wire::Append;
use shared::keys::wire::ListHandles;
use shared::problem::Code;
use shared::secret::Secret;
use shared::time::HOUR;

const PASSPHRASE: &str = "a long and quiet river";
const MINUTE: u64 = 60_000;

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn founding(code: Option<&str>) -> Founding {
    Founding {
        firm_name: "Hart & Lindqvist".to_owned(),
        display_name: "Maren Hart".to_owned(),
        handle: "maren".to_owned(),
        passphrase: passphrase(PASSPHRASE),
        setup_code: code.map(str::to_owned),
    }
}

async fn founded(app: &TestApp) -> (Portal<Device>, Founded) {
    let portal = Device::new(&app.router, NOW);
    let founded = portal.found(founding(None), |_| {}).await.unwrap();
    (portal, founded)
}

/// The session's cookie of a sign-in that is made message by message.
async fn cookie(app: &TestApp) -> String {
    let (state, message) = opaque::login_start(PASSPHRASE.as_bytes()).unwrap();
    let call = StartSignIn { handle: "maren".to_owned(), message: B64(message) };
    let started = app.ask(None, &call).await.unwrap();
    let (message, _) =
        opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &started.message.0).unwrap();
    let finish = FinishSignIn { attempt: started.attempt, message: B64(message) };
    let answer = app.call(None, &finish).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.cookie()
}

#[tokio::test]
async fn a_firm_is_founded_once_and_its_founder_signs_in() {
    let app = TestApp::new().await;
    assert!(!app.ask(None, &ReadStatus {}).await.unwrap().founded);
    let (portal, _) = founded(&app).await;
    assert!(app.ask(None, &ReadStatus {}).await.unwrap().founded);
    assert!(matches!(portal.session().await.unwrap(), Session::Staff { handle, .. } if handle == "maren"));
    portal.host().drop_session();
    portal.sign_in("maren", &passphrase(PASSPHRASE)).await.unwrap();
    let second = Device::new(&app.router, NOW).found(founding(None), |_| {}).await;
    assert_eq!(second.err(), Some(ClientError::Refused(Code::AlreadyFounded)));
}

#[tokio::test]
async fn the_founders_session_is_a_cookie_that_scripts_and_other_sites_never_see() {
    let app = TestApp::new().await;
    founded(&app).await;
    let (state, message) = opaque::login_start(PASSPHRASE.as_bytes()).unwrap();
    let call = StartSignIn { handle: "maren".to_owned(), message: B64(message) };
    let started = app.ask(None, &call).await.unwrap();
    let (message, _) =
        opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &started.message.0).unwrap();
    let answer =
        app.call(None, &FinishSignIn { attempt: started.attempt, message: B64(message) }).await;
    let set = answer.header("set-cookie");
    for part in ["__Host-underseal=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(part), "{part}");
    }
    assert!(!set.contains("Domain"));
    // Whoever reads the database can open no session with what is in it.
    let token = shared::encoding::from_base64url(set.split(['=', ';']).nth(1).unwrap()).unwrap();
    assert_eq!(token.len(), 32);
    let mut read = app.app.db.read().await.unwrap();
    for row in read.fetch_all("SELECT hash FROM session", &[]).await.unwrap() {
        assert_ne!(row.get::<Vec<u8>>(0).unwrap(), token);
    }
}

#[tokio::test]
async fn founding_away_from_the_machine_needs_the_printed_code() {
    let app = TestApp::with(&[("listen", "0.0.0.0:8080"), ("setup-code", "abcd-efgh")]).await;
    assert!(app.ask(None, &ReadStatus {}).await.unwrap().setup_code);
    for wrong in [None, Some("abcd-efgi"), Some("")] {
        let refused = Device::new(&app.router, NOW).found(founding(wrong), |_| {}).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::SetupCode)));
    }
    assert!(!app.ask(None, &ReadStatus {}).await.unwrap().founded);
    Device::new(&app.router, NOW).found(founding(Some("abcd-efgh")), |_| {}).await.unwrap();
}

#[tokio::test]
async fn set_up_codes_cannot_be_guessed_through() {
    let app = TestApp::with(&[("setup-code", "abcd-efgh")]).await;
    let call = FoundFirm {
        setup_code: Some("wrong".to_owned()),
        account: some_account("maren"),
        acts: Append { statements: Vec::new(), attachments: Vec::new() },
    };
    for _ in 0..10 {
        assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::SetupCode);
    }
    assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::TooManyTries);
}

fn some_account(handle: &str) -> NewAccount {
    NewAccount {
        account: AccountId::random(),
        handle: handle.to_owned(),
        record: B64(vec![1]),
        slots: Vec::new(),
        secrets: B64(vec![1]),
        recovery_hash: Hash32([1; 32]),
    }
}

#[tokio::test]
async fn a_firm_without_statements_or_with_a_broken_account_is_not_founded() {
    let app = TestApp::new().await;
    let acts = Append { statements: Vec::new(), attachments: Vec::new() };
    let call = FoundFirm { setup_code: None, account: some_account("maren"), acts };
    assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::BadRequest);
    assert!(!app.ask(None, &ReadStatus {}).await.unwrap().founded);
}

#[tokio::test]
async fn a_wrong_passphrase_and_an_unknown_name_look_alike() {
    let app = TestApp::new().await;
    let (portal, _) = founded(&app).await;
    portal.host().drop_session();
    let refused = portal.sign_in("maren", &passphrase("something else")).await;
    assert_eq!(refused.err(), Some(ClientError::SignIn));
    let mut lengths = Vec::new();
    for handle in ["maren", "nobody", "nobody"] {
        let (_, message) = opaque::login_start(b"x").unwrap();
        let call = StartSignIn { handle: handle.to_owned(), message: B64(message) };
        let answer = app.call(None, &call).await;
        assert_eq!(answer.status, StatusCode::OK);
        lengths.push(answer.body.len());
    }
    assert_eq!(lengths[0], lengths[1]);
    assert_eq!(lengths[1], lengths[2]);
}

#[tokio::test]
async fn a_try_is_finished_once_and_within_two_minutes() {
    let app = TestApp::new().await;
    founded(&app).await;
    let start = async || {
        let (state, message) = opaque::login_start(PASSPHRASE.as_bytes()).unwrap();
        let call = StartSignIn { handle: "maren".to_owned(), message: B64(message) };
        let started = app.ask(None, &call).await.unwrap();
        let (message, _) =
            opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &started.message.0).unwrap();
        FinishSignIn { attempt: started.attempt, message: B64(message) }
    };
    let finish = start().await;
    assert!(app.ask(None, &finish).await.is_ok());
    assert_eq!(app.ask(None, &finish).await.unwrap_err(), Code::SignInFailed);
    let finish = start().await;
    app.pass(2 * MINUTE + 1);
    assert_eq!(app.ask(None, &finish).await.unwrap_err(), Code::SignInFailed);
    let mut finish = start().await;
    finish.message.0[0] ^= 1;
    assert_eq!(app.ask(None, &finish).await.unwrap_err(), Code::SignInFailed);
}

#[tokio::test]
async fn guesses_are_counted_by_name_and_the_next_hour_is_free() {
    let app = TestApp::new().await;
    let (_, message) = opaque::login_start(b"x").unwrap();
    let call = StartSignIn { handle: "maren".to_owned(), message: B64(message) };
    for _ in 0..10 {
        assert!(app.ask(None, &call).await.is_ok());
    }
    let answer = app.call(None, &call).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, Code::TooManyTries));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 3601);
    let other = StartSignIn { handle: "someone".to_owned(), message: call.message.clone() };
    assert!(app.ask(None, &other).await.is_ok());
    app.pass(HOUR);
    assert!(app.ask(None, &call).await.is_ok());
}

#[tokio::test]
async fn signing_in_does_not_use_up_the_hours_tries() {
    let app = TestApp::new().await;
    founded(&app).await;
    for _ in 0..11 {
        cookie(&app).await;
    }
}

#[tokio::test]
async fn a_session_ends_when_idle_when_old_and_when_ended() {
    let app = TestApp::new().await;
    founded(&app).await;
    let idle = cookie(&app).await;
    app.pass(59 * MINUTE);
    assert_ne!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));
    app.pass(59 * MINUTE);
    assert_ne!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));
    app.pass(61 * MINUTE);
    assert_eq!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));

    let old = cookie(&app).await;
    for _ in 0..12 {
        assert_ne!(app.ask(Some(&old), &ReadSession {}).await, Ok(Session::None));
        app.pass(59 * MINUTE);
    }
    app.pass(13 * MINUTE);
    assert_eq!(app.ask(Some(&old), &ReadSession {}).await, Ok(Session::None));

    let ended = cookie(&app).await;
    let answer = app.call(Some(&ended), &SignOut {}).await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(app.ask(Some(&ended), &ReadSession {}).await, Ok(Session::None));
    assert_eq!(app.ask(Some(&ended), &ListHandles {}).await.unwrap_err(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_session_and_a_sign_in_survive_a_restart() {
    let app = TestApp::new().await;
    founded(&app).await;
    let kept = cookie(&app).await;
    let app = app.restart().await;
    assert_ne!(app.ask(Some(&kept), &ReadSession {}).await, Ok(Session::None));
    cookie(&app).await;
}

#[tokio::test]
async fn the_recovery_words_open_the_account_and_make_a_new_passphrase() {
    let app = TestApp::new().await;
    let (_, founded) = founded(&app).await;
    let other = cookie(&app).await;
    let fresh = Device::new(&app.router, NOW);
    let new = passphrase("another long river");
    fresh.sign_in_with_words("maren", &founded.recovery_words, &new).await.unwrap();
    fresh.host().drop_session();
    fresh.sign_in("maren", &new).await.unwrap();
    // The passphrase changed, so every other session ended.
    assert_eq!(app.ask(Some(&other), &ReadSession {}).await, Ok(Session::None));
    let wrong = SignInByRecovery { handle: "maren".to_owned(), token: B64(vec![7; 32]) };
    assert_eq!(app.ask(None, &wrong).await.unwrap_err(), Code::SignInFailed);
    let nobody = SignInByRecovery { handle: "nobody".to_owned(), token: B64(vec![7; 32]) };
    assert_eq!(app.ask(None, &nobody).await.unwrap_err(), Code::SignInFailed);
}

async fn new_unlock(app: &TestApp, version: u64) -> ReplaceUnlock {
    let (state, message) = opaque::registration_start(b"new").unwrap();
    let call = StartRegistration { account: AccountId::random(), message: B64(message) };
    let response = app.ask(None, &call).await.unwrap();
    let (record, _) =
        opaque::registration_finish(state.expose(), b"new", &response.message.0).unwrap();
    let slot = Slot { slot: SlotId::random(), kind: 1, sealed: B64(vec![1; 64]) };
    ReplaceUnlock { record: B64(record), slots: vec![slot], version }
}

#[tokio::test]
async fn an_unlock_is_replaced_only_over_the_version_that_was_read() {
    let app = TestApp::new().await;
    founded(&app).await;
    let mine = cookie(&app).await;
    let Ok(Session::Staff { version, .. }) = app.ask(Some(&mine), &ReadSession {}).await else {
        panic!("no session");
    };
    let stale = new_unlock(&app, version + 1).await;
    assert_eq!(app.ask(Some(&mine), &stale).await.unwrap_err(), Code::Stale);
    assert_eq!(app.ask(None, &stale).await.unwrap_err(), Code::Unauthenticated);
    let good = new_unlock(&app, version).await;
    assert!(app.ask(Some(&mine), &good).await.is_ok());
    assert_eq!(app.ask(Some(&mine), &good).await.unwrap_err(), Code::Stale);
    let mut none = new_unlock(&app, version + 1).await;
    none.slots.clear();
    assert_eq!(app.ask(Some(&mine), &none).await.unwrap_err(), Code::BadRequest);
    let twice = Slot { slot: SlotId::random(), kind: 1, sealed: B64(vec![1]) };
    none.slots = vec![twice.clone(), twice];
    assert_eq!(app.ask(Some(&mine), &none).await.unwrap_err(), Code::BadRequest);
}

#[tokio::test]
async fn a_replacement_without_if_match_is_asked_for_one() {
    let app = TestApp::new().await;
    founded(&app).await;
    let mine = cookie(&app).await;
    let body = serde_json::to_vec(&new_unlock(&app, 1).await).unwrap();
    let request = axum::http::Request::post("/api/v1/identity/unlock")
        .header("content-type", "application/json")
        .header("cookie", mine)
        .body(axum::body::Body::from(body));
    assert_eq!(app.send(request.unwrap()).await.status, StatusCode::PRECONDITION_REQUIRED);
}

#[tokio::test]
async fn malformed_opaque_messages_are_refused() {
    let app = TestApp::new().await;
    for bytes in [vec![], vec![0; 31], vec![0xff; 32], vec![0; 500]] {
        let call = StartRegistration { account: AccountId::random(), message: B64(bytes.clone()) };
        assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::BadRequest);
        let call = StartSignIn { handle: "maren".to_owned(), message: B64(bytes) };
        assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::BadRequest);
    }
}

#[tokio::test]
async fn a_key_nobody_knows_opens_no_session() {
    let app = TestApp::new().await;
    founded(&app).await;
    app.ask(None, &StartKeySession {}).await.unwrap();
    for proof in [vec![], vec![0; 200]] {
        let call = FinishKeySession { proof: B64(proof) };
        assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::SignInFailed);
    }
}

#[tokio::test]
async fn a_new_person_enrols_waits_and_signs_in_after_admission() {
    use shared::client::enrol::Post;
    let app = TestApp::new().await;
    let (boss, founded) = founded(&app).await;
    let link = boss.invite_staff(&founded.ring, Post::Lawyer, 7).await.unwrap();
    let (id, fragment) = parse_link(&link);
    let new = Device::new(&app.router, NOW);
    new.open_enrolment(id, fragment).await.unwrap();
    let word = passphrase("quiet quiet river");
    new.enrol(id, fragment, "Ada Berg", "ada", &word).await.unwrap();
    // The answer may be lost and asked for again, but nobody else enrols by the same link.
    let thief = Device::new(&app.router, NOW);
    let refused = thief.enrol(id, fragment, "Eve", "eve", &word).await;
    assert_eq!(refused.err(), Some(ClientError::LinkUsed));
    assert_eq!(new.sign_in("ada", &word).await.err(), Some(ClientError::SignIn));
    let waiting = boss.waiting(&founded.ring).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].genuine);
    boss.admit(&founded.ring, id).await.unwrap();
    let ring = new.sign_in("ada", &word).await.unwrap();
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
    for (enrolment, token) in [(id, vec![0; 32]), (id, vec![]), (EnrolmentId::random(), vec![0; 32])] {
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

#[tokio::test]
async fn a_lost_answer_to_founding_is_asked_for_again() {
    let app = TestApp::new().await;
    let portal = Device::new(&app.router, NOW);
    // Three requests: status, registration, founding; the answer to the last is lost.
    portal.host().cut_after.set(Some(3));
    let lost = portal.found(founding(None), |_| {}).await;
    assert_eq!(lost.err(), Some(ClientError::Unreachable));
    assert!(app.ask(None, &ReadStatus {}).await.unwrap().founded);
    portal.host().cut_after.set(None);
    portal.sign_in("maren", &passphrase(PASSPHRASE)).await.unwrap();
}
