//! Founding, signing in, sessions, enrolment: what works, and all that is refused.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod enrolment;
mod factors;
#[path = "../harness/mod.rs"]
mod harness;
mod sign_in;

use axum::http::StatusCode;
use harness::client::Device;
use harness::enter;
use harness::soft_passkey::SoftPasskey;
use harness::{Answer, NOW, TestApp};
use shared::client::found::{Founded, Founding};
use shared::client::{ClientError, Portal};
use shared::crypto::hash::Hash32;
use shared::crypto::opaque;
use shared::encoding::B64;
use shared::identity::wire::factors::{Factor, FinishSecond, NewCode};
use shared::identity::wire::{
    FinishKeySession, FinishSignIn, FoundFirm, ListEnrolled, NewAccount, OpenEnrolment,
    ReadSession, ReadStatus, ReplaceUnlock, Session, SignInByRecovery, SignOut, Slot,
    StartKeySession, StartRegistration, StartSignIn,
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

async fn founding(portal: &Portal<Device>, code: Option<&str>) -> Founding {
    let account = AccountId::random();
    Founding {
        firm_name: "Hart & Lindqvist".to_owned(),
        display_name: "Maren Hart".to_owned(),
        handle: "maren".to_owned(),
        account,
        ways: enter::ways(portal, account, "maren", PASSPHRASE).await,
        setup_code: code.map(str::to_owned),
    }
}

async fn try_founding(app: &TestApp, code: Option<&str>) -> Result<Founded, ClientError> {
    let portal = Device::new(&app.router, NOW);
    portal.found(founding(&portal, code).await, |_| {}).await
}

async fn founded(app: &TestApp) -> (Portal<Device>, Founded) {
    let portal = Device::new(&app.router, NOW);
    let founded = portal.found(founding(&portal, None).await, |_| {}).await.unwrap();
    (portal, founded)
}

/// The session's cookie of a sign-in that is made message by message.
async fn cookie(app: &TestApp) -> String {
    signed_in(app).await.cookie()
}

/// The answer to that.
async fn signed_in(app: &TestApp) -> Answer {
    let (state, message) = opaque::login_start(PASSPHRASE.as_bytes()).unwrap();
    let call = StartSignIn { handle: "maren".to_owned(), message: B64(message), known: None };
    let started = app.ask(None, &call).await.unwrap();
    let (message, _) =
        opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &started.message.0).unwrap();
    let finish = FinishSignIn { attempt: started.attempt, message: B64(message), known: None };
    let wanted = app.ask(None, &finish).await.unwrap().second.unwrap();
    let factor = Factor::Passkey(SoftPasskey::of("maren").sign(&wanted.challenge));
    let finish = FinishSecond { attempt: wanted.attempt, factor, known: None };
    let answer = app.call(None, &finish).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer
}

#[tokio::test]
async fn a_firm_is_founded_once_and_its_founder_signs_in() {
    let app = TestApp::new().await;
    assert!(!app.ask(None, &ReadStatus {}).await.unwrap().founded);
    let (portal, _) = founded(&app).await;
    assert!(app.ask(None, &ReadStatus {}).await.unwrap().founded);
    assert!(
        matches!(portal.session().await.unwrap(), Session::Staff { handle, .. } if handle == "maren")
    );
    portal.host().drop_session();
    enter::enter(&portal, "maren", &passphrase(PASSPHRASE)).await.unwrap();
    let second = try_founding(&app, None).await;
    assert_eq!(second.err(), Some(ClientError::Refused(Code::AlreadyFounded)));
}

#[tokio::test]
async fn the_founders_session_is_a_cookie_that_scripts_and_other_sites_never_see() {
    let app = TestApp::new().await;
    founded(&app).await;
    let answer = signed_in(&app).await;
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
        let refused = try_founding(&app, wrong).await;
        assert_eq!(refused.err(), Some(ClientError::Refused(Code::SetupCode)));
    }
    assert!(!app.ask(None, &ReadStatus {}).await.unwrap().founded);
    try_founding(&app, Some("abcd-efgh")).await.unwrap();
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
        record: Some(B64(vec![1])),
        passkey: None,
        code: Some(NewCode { nonce: B64(vec![1; 16]), code: "000000".to_owned() }),
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
async fn a_lost_answer_to_founding_is_asked_for_again() {
    let app = TestApp::new().await;
    let portal = Device::new(&app.router, NOW);
    let founding = founding(&portal, None).await;
    // Three requests: status, registration, founding; the answer to the last is lost.
    portal.host().cut_after.set(Some(3));
    let lost = portal.found(founding, |_| {}).await;
    assert_eq!(lost.err(), Some(ClientError::Unreachable));
    assert!(app.ask(None, &ReadStatus {}).await.unwrap().founded);
    portal.host().cut_after.set(None);
    enter::enter(&portal, "maren", &passphrase(PASSPHRASE)).await.unwrap();
}
