//! Passkeys, codes, sessions: what opens, and all that is refused.

use shared::client::account::Ways;
use shared::client::factors::SignedIn;
use shared::client::passkey::Signed;
use shared::identity::wire::factors::{
    AddPasskey, Ceremony, Factor, FinishPasskey, FinishSecond, NewCode, NewPasskey,
    StartNewPasskey, StartPasskey,
};
use shared::time::Timestamp;
use totp_rs::Builder;

use super::*;

const FIVE: u64 = 5 * MINUTE;

/// A founder who unlocks by a passkey alone.
async fn touching(app: &TestApp) -> (Portal<Device>, Founded, SoftPasskey) {
    let portal = Device::new(&app.router, NOW);
    let account = AccountId::random();
    let passkey = SoftPasskey::unlocking("maren");
    let ceremony = portal.begin_new_passkey(account).await.unwrap();
    let ways = Ways { passkey: Some(passkey.make(&ceremony)), ..Ways::default() };
    let founding = Founding { account, ways, ..founding(&portal, None).await };
    let founded = portal.found(founding, |_| {}).await.unwrap();
    (portal, founded, passkey)
}

async fn touch(
    portal: &Portal<Device>,
    passkey: &SoftPasskey,
) -> Result<shared::client::Ring, ClientError> {
    let ceremony = portal.begin_passkey().await?;
    let signed = passkey.touched(&ceremony.challenge);
    portal.sign_in_with_passkey(ceremony.attempt, signed).await
}

fn code(started: &shared::identity::wire::factors::CodeStarted, now: Timestamp) -> String {
    let codes = Builder::new().with_secret(started.secret.0.clone()).build().unwrap();
    codes.generate(now.0 / 1000).to_string()
}

/// A founder with a passphrase and an authenticator app.
async fn typing(app: &TestApp) -> (Portal<Device>, shared::identity::wire::factors::CodeStarted) {
    let portal = Device::new(&app.router, NOW);
    let account = AccountId::random();
    let started = portal.begin_code(account).await.unwrap();
    let new = NewCode { nonce: started.nonce.clone(), code: code(&started, NOW) };
    let ways = Ways { passphrase: Some(passphrase(PASSPHRASE)), passkey: None, code: Some(new) };
    let founding = Founding { account, ways, ..founding(&portal, None).await };
    portal.found(founding, |_| {}).await.unwrap();
    portal.host().drop_session();
    (portal, started)
}

async fn shows(portal: &Portal<Device>, code: &str) -> Result<(), ClientError> {
    match portal.sign_in("maren", &passphrase(PASSPHRASE)).await? {
        SignedIn::Open(_) => panic!("no second factor was asked for"),
        SignedIn::Second(second) => {
            portal.finish_second(&second, Factor::Code(code.to_owned())).await.map(drop)
        }
    }
}

#[tokio::test]
async fn one_touch_signs_in_and_unlocks_on_any_device() {
    let app = TestApp::new().await;
    let (portal, founded, passkey) = touching(&app).await;
    let account = founded.ring.account().unwrap();
    portal.host().drop_session();
    for device in [portal.host().reload(), Device::new(&app.router, NOW)] {
        let ring = touch(&device, &passkey).await.unwrap();
        assert_eq!(ring.account().unwrap(), account);
        assert_eq!(device.known_handle().await.unwrap().as_deref(), Some("maren"));
        device.people(&ring).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_passkey_gives_is_never_sent() {
    let app = TestApp::new().await;
    let (portal, _, passkey) = touching(&app).await;
    touch(&portal, &passkey).await.unwrap();
    let prf = passkey.prf.unwrap();
    let sent = portal.host().sent.borrow().clone();
    let text = shared::encoding::to_base64url(&prf);
    let id = shared::encoding::to_base64url(&passkey.id);
    assert!(memchr::memmem::find(&sent, id.as_bytes()).is_some(), "what was sent is looked at");
    for shape in [&prf[..], text.as_bytes(), shared::encoding::to_hex(&prf).as_bytes()] {
        assert!(memchr::memmem::find(&sent, shape).is_none());
    }
}

#[tokio::test]
async fn an_account_of_passkeys_alone_looks_like_none_to_whoever_types() {
    let app = TestApp::new().await;
    touching(&app).await;
    let stranger = Device::new(&app.router, NOW);
    for name in ["maren", "nobody"] {
        let refused = stranger.sign_in(name, &passphrase(PASSPHRASE)).await.err();
        assert_eq!(refused, Some(ClientError::SignIn), "{name}");
    }
}

#[tokio::test]
async fn a_passkey_without_a_prf_signs_nobody_in_alone() {
    let app = TestApp::new().await;
    let (portal, _) = founded(&app).await;
    let refused = touch(&portal.host().reload(), &SoftPasskey::of("maren")).await.err();
    assert_eq!(refused, Some(ClientError::NoKeysInPasskey));
}

#[tokio::test]
async fn a_ceremony_is_finished_once_in_time_and_as_what_it_was_begun() {
    let app = TestApp::new().await;
    let (portal, _, passkey) = touching(&app).await;
    let begun = app.ask(None, &StartPasskey {}).await.unwrap();
    let finish = |begun: &Ceremony| FinishPasskey {
        attempt: begun.attempt.clone(),
        assertion: passkey.sign(&begun.challenge),
    };
    assert!(app.ask(None, &finish(&begun)).await.is_ok());
    assert_eq!(app.ask(None, &finish(&begun)).await.unwrap_err(), Code::SignInFailed);
    // Not as a second factor, and not as a new passkey's.
    let begun = app.ask(None, &StartPasskey {}).await.unwrap();
    let factor = Factor::Passkey(passkey.sign(&begun.challenge));
    let second = FinishSecond { attempt: begun.attempt.clone(), factor, known: None };
    assert_eq!(app.ask(None, &second).await.unwrap_err(), Code::SignInFailed);
    let account = AccountId::random();
    let new = app.ask(None, &StartNewPasskey { account }).await.unwrap();
    assert_eq!(app.ask(None, &finish(&new)).await.unwrap_err(), Code::SignInFailed);
    app.pass(FIVE + 1);
    assert_eq!(app.ask(None, &finish(&begun)).await.unwrap_err(), Code::SignInFailed);
    portal.host().now.set(app.app.now());
    touch(&portal, &passkey).await.unwrap();
}

#[tokio::test]
async fn a_passkey_of_another_site_or_of_nobody_or_unverified_is_refused() {
    let app = TestApp::new().await;
    let (portal, _, passkey) = touching(&app).await;
    let wrong = [
        SoftPasskey { host: "portal.example.com".into(), ..passkey.clone() },
        SoftPasskey { origin: "https://evil.example".into(), ..passkey.clone() },
        // Present, and not verified.
        SoftPasskey { flags: 0x01, ..passkey.clone() },
        SoftPasskey::unlocking("somebody else"),
        SoftPasskey { id: passkey.id.clone(), ..SoftPasskey::unlocking("somebody else") },
    ];
    for (at, one) in wrong.iter().enumerate() {
        assert_eq!(touch(&portal, one).await.err(), Some(ClientError::SignIn), "{at}");
    }
    touch(&portal, &passkey).await.unwrap();
}

#[tokio::test]
async fn a_copied_passkey_is_found_by_its_counter() {
    let app = TestApp::new().await;
    let (portal, _, passkey) = touching(&app).await;
    let at = |counter| SoftPasskey { counter: Some(counter), ..passkey.clone() };
    touch(&portal, &at(1_000_000)).await.unwrap();
    let copied = Some(ClientError::Refused(Code::PasskeyCopied));
    assert_eq!(touch(&portal, &at(1_000_000)).await.err(), copied);
    assert_eq!(touch(&portal, &at(999_999)).await.err(), copied);
    touch(&portal, &at(1_000_001)).await.unwrap();
}

#[tokio::test]
async fn a_passkey_belongs_to_the_account_it_was_made_for() {
    let app = TestApp::new().await;
    let (portal, founded, _) = touching(&app).await;
    let other = AccountId::random();
    let ceremony = portal.begin_new_passkey(other).await.unwrap();
    let made = SoftPasskey::unlocking("another").make(&ceremony);
    let refused = portal.add_passkey(&founded.ring, &made).await.err();
    assert_eq!(refused, Some(ClientError::SignIn));
    // And nobody adds the one that is known already.
    let account = founded.ring.account().unwrap();
    let ceremony = portal.begin_new_passkey(account).await.unwrap();
    let again = SoftPasskey::unlocking("maren").make(&ceremony);
    let refused = portal.add_passkey(&founded.ring, &again).await.err();
    assert_eq!(refused, Some(ClientError::Refused(Code::AlreadyExists)));
}

#[tokio::test]
async fn an_account_is_never_made_with_a_passphrase_alone() {
    let app = TestApp::new().await;
    let portal = Device::new(&app.router, NOW);
    let ways = Ways { passphrase: Some(passphrase(PASSPHRASE)), ..Ways::default() };
    let bare = Founding { ways, ..founding(&portal, None).await };
    assert_eq!(portal.found(bare, |_| {}).await.err(), Some(ClientError::Unfit));
    let account = NewAccount { code: None, ..some_account("maren") };
    let acts = Append { statements: Vec::new(), attachments: Vec::new() };
    let call = FoundFirm { setup_code: None, account, acts };
    assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::BadRequest);
}

#[tokio::test]
async fn a_code_counts_once_within_a_step_and_not_from_far() {
    let app = TestApp::new().await;
    let (portal, started) = typing(&app).await;
    let step = 30_000;
    let at = |steps: i64| Timestamp(NOW.0.saturating_add_signed(steps * step));
    // The one that connected the app is used up.
    assert_eq!(shows(&portal, &code(&started, NOW)).await, Err(ClientError::SignIn));
    for far in [-3, -2, -1, 2, 3] {
        assert_eq!(shows(&portal, &code(&started, at(far))).await, Err(ClientError::SignIn));
    }
    shows(&portal, &code(&started, at(1))).await.unwrap();
    assert_eq!(shows(&portal, &code(&started, at(1))).await, Err(ClientError::SignIn));
    app.pass(2 * 30_000);
    shows(&portal, &code(&started, at(2))).await.unwrap();
}

#[tokio::test]
async fn a_wrong_code_may_be_followed_by_a_right_one_ten_times_an_hour() {
    let app = TestApp::new().await;
    let (portal, started) = typing(&app).await;
    app.pass(30_000);
    let right = code(&started, app.app.now());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let SignedIn::Second(second) = portal.sign_in("maren", &passphrase(PASSPHRASE)).await.unwrap()
    else {
        panic!("no second factor was asked for");
    };
    for _ in 0..3 {
        let refused = portal.finish_second(&second, Factor::Code(wrong.into())).await.err();
        assert_eq!(refused, Some(ClientError::SignIn));
    }
    portal.finish_second(&second, Factor::Code(right)).await.unwrap();
    // It was finished: not even the right one opens again.
    app.pass(30_000);
    let next = code(&started, app.app.now());
    let refused = portal.finish_second(&second, Factor::Code(next)).await.err();
    assert_eq!(refused, Some(ClientError::SignIn));

    let SignedIn::Second(second) = portal.sign_in("maren", &passphrase(PASSPHRASE)).await.unwrap()
    else {
        panic!("no second factor was asked for");
    };
    let mut waited = false;
    for _ in 0..10 {
        let refused = portal.finish_second(&second, Factor::Code(wrong.into())).await.err();
        waited |= matches!(refused, Some(ClientError::Wait(_)));
    }
    assert!(waited, "guesses are counted by account");
    let right = code(&started, app.app.now());
    let refused = portal.finish_second(&second, Factor::Code(right)).await.err();
    assert!(matches!(refused, Some(ClientError::Wait(_))));
}

#[tokio::test]
async fn changing_factors_needs_one_shown_within_five_minutes() {
    let app = TestApp::new().await;
    let (portal, founded, passkey) = touching(&app).await;
    let ring = founded.ring;
    app.pass(FIVE + 1);
    let account = ring.account().unwrap();
    let second = SoftPasskey::unlocking("a second one");
    let ceremony = portal.begin_new_passkey(account).await.unwrap();
    let made = second.make(&ceremony);
    assert_eq!(portal.add_passkey(&ring, &made).await.err(), Some(ClientError::StepUp));
    assert_eq!(
        portal.set_passphrase(&ring, &passphrase("a quiet new river")).await,
        Err(ClientError::StepUp)
    );
    assert_eq!(portal.remove_code().await, Err(ClientError::StepUp));

    let wanted = portal.begin_step_up().await.unwrap();
    assert_eq!(wanted.passkeys, [B64(passkey.id.clone())]);
    let stranger = Factor::Passkey(second.sign(&wanted.challenge));
    assert_eq!(portal.finish_step_up(&wanted, stranger).await, Err(ClientError::SignIn));
    let mine = Factor::Passkey(passkey.sign(&wanted.challenge));
    portal.finish_step_up(&wanted, mine).await.unwrap();
    portal.add_passkey(&ring, &made).await.unwrap();
    assert_eq!(portal.factors().await.unwrap().passkeys.len(), 2);
    touch(&portal.host().reload(), &second).await.unwrap();
}

#[tokio::test]
async fn a_factor_is_taken_away_with_what_it_opened_and_the_last_stays() {
    let app = TestApp::new().await;
    let (portal, founded, passkey) = touching(&app).await;
    let ring = founded.ring;
    let last = portal.remove_passkey(&B64(passkey.id.clone())).await.err();
    assert_eq!(last, Some(ClientError::Refused(Code::LastFactor)));
    let second = SoftPasskey::unlocking("a second one");
    let ceremony = portal.begin_new_passkey(ring.account().unwrap()).await.unwrap();
    portal.add_passkey(&ring, &second.make(&ceremony)).await.unwrap();
    let elsewhere = Device::new(&app.router, NOW);
    let theirs = touch(&elsewhere, &passkey).await.unwrap();

    portal.remove_passkey(&B64(passkey.id.clone())).await.unwrap();
    assert_eq!(
        app.app
            .db
            .read()
            .await
            .unwrap()
            .fetch_all("SELECT id FROM passkey", &[])
            .await
            .unwrap()
            .len(),
        1
    );
    let refused = elsewhere.people(&theirs).await.err();
    assert_eq!(refused, Some(ClientError::Refused(Code::Unauthenticated)), "sessions end");
    assert_eq!(touch(&elsewhere, &passkey).await.err(), Some(ClientError::SignIn));
    touch(&elsewhere, &second).await.unwrap();
}

#[tokio::test]
async fn a_passphrase_changes_and_passkeys_open_as_before() {
    let app = TestApp::new().await;
    let (portal, founded, passkey) = touching(&app).await;
    portal.set_passphrase(&founded.ring, &passphrase(PASSPHRASE)).await.unwrap();
    touch(&portal.host().reload(), &passkey).await.unwrap();
    let SignedIn::Second(second) = portal.sign_in("maren", &passphrase(PASSPHRASE)).await.unwrap()
    else {
        panic!("no second factor was asked for");
    };
    let mine = Factor::Passkey(passkey.sign(&second.wanted.challenge));
    portal.finish_second(&second, mine).await.unwrap();
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let app = TestApp::new().await;
    let (portal, _, passkey) = touching(&app).await;
    let tablet = Device::new(&app.router, NOW);
    app.pass(MINUTE);
    let theirs = touch(&tablet, &passkey).await.unwrap();
    let listed = portal.sessions().await.unwrap();
    assert_eq!(listed.iter().filter(|one| one.here).count(), 1);
    let other = listed.iter().find(|one| !one.here).unwrap();
    assert_eq!(other.opened, NOW.0 + MINUTE);
    portal.end_session_of(other.session).await.unwrap();
    assert_eq!(
        tablet.people(&theirs).await.err(),
        Some(ClientError::Refused(Code::Unauthenticated))
    );
    let again = touch(&tablet, &passkey).await.unwrap();
    tablet.end_other_sessions().await.unwrap();
    tablet.people(&again).await.unwrap();
    assert!(matches!(portal.sessions().await, Err(ClientError::Refused(Code::Unauthenticated))));
}

#[tokio::test]
async fn a_server_known_by_a_number_has_no_passkeys_and_says_so() {
    let app = TestApp::with(&[("public-url", "http://127.0.0.1:8080")]).await;
    assert_eq!(app.ask(None, &StartPasskey {}).await.unwrap_err(), Code::BadRequest);
    // A passphrase with an app does there.
    let (portal, started) = typing(&app).await;
    app.pass(30_000);
    shows(&portal, &code(&started, app.app.now())).await.unwrap();
}

#[tokio::test]
async fn malformed_passkeys_are_refused_and_none_is_kept() {
    let app = TestApp::new().await;
    let (portal, founded, passkey) = touching(&app).await;
    let account = founded.ring.account().unwrap();
    let empty = |begun: &Ceremony| NewPasskey {
        attempt: begun.attempt.clone(),
        object: B64(Vec::new()),
        client_data: B64(b"{}".to_vec()),
        slot: None,
    };
    let begun = portal.begin_new_passkey(account).await.unwrap();
    let cookie = signed_in_by(&app, &passkey).await;
    let call = AddPasskey { passkey: empty(&begun) };
    assert_eq!(app.ask(Some(&cookie), &call).await.unwrap_err(), Code::SignInFailed);
    let begun = app.ask(None, &StartPasskey {}).await.unwrap();
    let Signed { mut assertion, .. } = passkey.touched(&begun.challenge);
    assertion.client_data.0.truncate(20);
    let call = FinishPasskey { attempt: begun.attempt, assertion };
    assert_eq!(app.ask(None, &call).await.unwrap_err(), Code::SignInFailed);
    assert_eq!(portal.factors().await.unwrap().passkeys.len(), 1);
}

async fn signed_in_by(app: &TestApp, passkey: &SoftPasskey) -> String {
    let begun = app.ask(None, &StartPasskey {}).await.unwrap();
    let assertion = passkey.sign(&begun.challenge);
    app.call(None, &FinishPasskey { attempt: begun.attempt, assertion }).await.cookie()
}
