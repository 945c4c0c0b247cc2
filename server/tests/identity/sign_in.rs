//! Signing in and out, and all that is refused on the way.

use shared::client::store::DeviceStore as _;

use super::*;

#[tokio::test]
async fn a_wrong_passphrase_and_an_unknown_name_look_alike() {
    let app = TestApp::new().await;
    let (portal, _) = founded(&app).await;
    portal.host().drop_session();
    let refused = enter::enter(&portal, "maren", &passphrase("something else")).await;
    assert_eq!(refused.err(), Some(ClientError::SignIn));
    let mut lengths = Vec::new();
    for handle in ["maren", "nobody", "nobody"] {
        let (_, message) = opaque::login_start(b"x").unwrap();
        let call = StartSignIn { handle: handle.to_owned(), message: B64(message), known: None };
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
        let call = StartSignIn { handle: "maren".to_owned(), message: B64(message), known: None };
        let started = app.ask(None, &call).await.unwrap();
        let (message, _) =
            opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &started.message.0)
                .unwrap();
        FinishSignIn { attempt: started.attempt, message: B64(message), known: None }
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
    let call = StartSignIn { handle: "maren".to_owned(), message: B64(message), known: None };
    for _ in 0..10 {
        assert!(app.ask(None, &call).await.is_ok());
    }
    let answer = app.call(None, &call).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, Code::TooManyTries));
    let wait = answer.header("retry-after").parse::<u64>().unwrap();
    assert!(wait <= 3601);
    assert_eq!(answer.problem().retry_after, Some(wait));
    let other =
        StartSignIn { handle: "someone".to_owned(), message: call.message.clone(), known: None };
    assert!(app.ask(None, &other).await.is_ok());
    app.pass(HOUR);
    assert!(app.ask(None, &call).await.is_ok());
}

fn guess(handle: &str, known: Option<&[u8]>) -> StartSignIn {
    let (_, message) = opaque::login_start(b"x").unwrap();
    let known = known.map(|known| B64(known.to_vec()));
    StartSignIn { handle: handle.to_owned(), message: B64(message), known }
}

async fn shown_by(portal: &Portal<Device>) -> Vec<u8> {
    portal.host().load("device/known/maren").await.unwrap().unwrap()
}

#[tokio::test]
async fn strangers_close_a_name_for_strangers_alone() {
    let app = TestApp::new().await;
    let (portal, founded) = founded(&app).await;
    portal.host().drop_session();
    enter::enter(&portal, "maren", &passphrase(PASSPHRASE)).await.unwrap();
    let shown = shown_by(&portal).await;
    for _ in 0..10 {
        assert!(app.ask(None, &guess("maren", None)).await.is_ok());
    }
    assert_eq!(app.ask(None, &guess("maren", None)).await.err(), Some(Code::TooManyTries));
    // The device that the account was opened on goes in, and shows the same the next time.
    portal.host().drop_session();
    enter::enter(&portal, "maren", &passphrase(PASSPHRASE)).await.unwrap();
    assert_eq!(shown_by(&portal).await, shown);
    // A new device hears how long to wait, and the words open the account on it.
    let fresh = Device::new(&app.router, NOW);
    let refused = enter::enter(&fresh, "maren", &passphrase(PASSPHRASE)).await.err();
    assert!(matches!(refused, Some(ClientError::Wait(1..=3601))), "{refused:?}");
    let new = passphrase("another long river");
    fresh.sign_in_with_words("maren", &founded.recovery_words, &new).await.unwrap();
    let other = shown_by(&fresh).await;
    assert_ne!(other, shown);
    fresh.host().drop_session();
    enter::enter(&fresh, "maren", &new).await.unwrap();
    // Guesses on one of the devices close it for that one, also for another server process.
    for _ in 0..10 {
        assert!(app.ask(None, &guess("maren", Some(&shown))).await.is_ok());
    }
    drop((portal, fresh));
    let app = app.restart().await;
    let closed = app.ask(None, &guess("maren", Some(&shown))).await;
    assert_eq!(closed.err(), Some(Code::TooManyTries));
    assert!(app.ask(None, &guess("maren", Some(&other))).await.is_ok());
}

#[tokio::test]
async fn what_a_device_shows_is_of_its_own_name_and_made_by_the_server() {
    let app = TestApp::new().await;
    let (portal, _) = founded(&app).await;
    portal.host().drop_session();
    enter::enter(&portal, "maren", &passphrase(PASSPHRASE)).await.unwrap();
    let shown = shown_by(&portal).await;
    for handle in ["maren", "nobody"] {
        for _ in 0..10 {
            assert!(app.ask(None, &guess(handle, None)).await.is_ok());
        }
    }
    assert!(app.ask(None, &guess("maren", Some(&shown))).await.is_ok());
    let refused = Some(Code::TooManyTries);
    assert_eq!(app.ask(None, &guess("nobody", Some(&shown))).await.err(), refused);
    for at in 0..shown.len() {
        let mut other = shown.clone();
        other[at] ^= 1;
        assert_eq!(app.ask(None, &guess("maren", Some(&other))).await.err(), refused);
        assert_eq!(app.ask(None, &guess("maren", Some(&shown[..at]))).await.err(), refused);
    }
    let longer = [&shown[..], &[0]].concat();
    assert_eq!(app.ask(None, &guess("maren", Some(&longer))).await.err(), refused);
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
    app.pass(14 * MINUTE);
    assert_ne!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));
    app.pass(14 * MINUTE);
    assert_ne!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));
    app.pass(16 * MINUTE);
    assert_eq!(app.ask(Some(&idle), &ReadSession {}).await, Ok(Session::None));

    let old = cookie(&app).await;
    for _ in 0..52 {
        assert_ne!(app.ask(Some(&old), &ReadSession {}).await, Ok(Session::None));
        app.pass(14 * MINUTE - 10_000);
    }
    app.pass(MINUTE);
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
    enter::enter(&fresh, "maren", &new).await.unwrap();
    // The passphrase changed, so every other session ended.
    assert_eq!(app.ask(Some(&other), &ReadSession {}).await, Ok(Session::None));
    let wrong =
        SignInByRecovery { handle: "maren".to_owned(), token: B64(vec![7; 32]), known: None };
    assert_eq!(app.ask(None, &wrong).await.unwrap_err(), Code::SignInFailed);
    let nobody =
        SignInByRecovery { handle: "nobody".to_owned(), token: B64(vec![7; 32]), known: None };
    assert_eq!(app.ask(None, &nobody).await.unwrap_err(), Code::SignInFailed);
}

async fn new_unlock(app: &TestApp, version: u64) -> ReplaceUnlock {
    let (state, message) = opaque::registration_start(b"new").unwrap();
    let call = StartRegistration { account: AccountId::random(), message: B64(message) };
    let response = app.ask(None, &call).await.unwrap();
    let (record, _) =
        opaque::registration_finish(state.expose(), b"new", &response.message.0).unwrap();
    let slot = Slot { slot: SlotId::random(), kind: 2, sealed: B64(vec![1; 64]) };
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
    let twice = Slot { slot: SlotId::random(), kind: 2, sealed: B64(vec![1]) };
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
        let call = StartSignIn { handle: "maren".to_owned(), message: B64(bytes), known: None };
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
