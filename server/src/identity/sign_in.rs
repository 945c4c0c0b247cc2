//! The ways in: passkey, passphrase (OPAQUE) with a second factor, recovery code, client key.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::call::Done;
use shared::crypto::hash::{equal, sha256, sha256_of};
use shared::crypto::opaque;
use shared::crypto::rng;
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::identity::wire::factors::{Ceremony, FinishPasskey, FinishSecond, StartPasskey};
use shared::identity::wire::{
    AccountOpened, Answered, Challenge, FinishKeySession, FinishSignIn, SignInByRecovery,
    SignInStarted, SignedIn, StartKeySession, StartRegistration, StartSignIn,
};
use shared::ids::AccountId;
use shared::journal::statement::SessionProof;
use shared::problem::Code;

use super::ceremonies;
use super::known::Trier;
use super::store::factors::Purpose;
use super::store::{self, Attempt};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{self, For, Stranger};
use crate::extract::place::Place;
use crate::http::limits::Counted;
use crate::journal::signer::Part;
use crate::journal::store::directory;
use crate::state::{App, AppState};

/// How long a try or a challenge may be answered.
const TWO_MINUTES: u64 = 120_000;

fn failed() -> ApiError {
    ApiError::new(Code::SignInFailed, "Name or passphrase are not right.")
}

/// Answers the first message of a registration. Needs no session: it tells nothing.
pub(super) async fn register(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<StartRegistration>,
) -> Reply<Json<Answered>> {
    let message = opaque::registration_response(
        &app.secrets.opaque,
        &call.message.0,
        call.account.as_bytes(),
    )
    .map_err(|_| ApiError::bad_request("The registration's message is malformed."))?;
    Ok(Json(Answered { message: B64(message) }))
}

/// Answers the first message of a sign-in, in one shape for every name.
pub(super) async fn start(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<StartSignIn>,
) -> Reply<Json<SignInStarted>> {
    Trier::of(&app, &call.handle, call.known.as_ref(), Counted::SignIn).count(&app).await?;
    let found = {
        let mut read = app.db.read().await?;
        store::by_handle(&mut read, &call.handle).await?.filter(|account| account.admitted)
    };
    let identifier = found.as_ref().map_or_else(|| stand_in(&app, &call.handle), |found| found.id);
    let (state, message) = opaque::login_response(
        &app.secrets.opaque,
        // Whoever unlocks by passkeys alone has no record, and is answered like a stranger.
        found.as_ref().map(|found| found.record.as_slice()).filter(|record| !record.is_empty()),
        &call.message.0,
        identifier.as_bytes(),
    )
    .map_err(|_| ApiError::bad_request("The sign-in's message is malformed."))?;
    let name: [u8; 32] = rng::random();
    let attempt = Attempt {
        handle: call.handle,
        account: found.map(|found| found.id),
        // EXPOSE: two minutes in the server's own store, for the second message.
        state: state.expose().clone(),
        expires: app.now().plus(TWO_MINUTES),
    };
    let mut tx = app.db.begin().await?;
    store::insert_attempt(&mut tx, sha256(&name), &attempt).await?;
    tx.without_statement("a try to sign in").await?;
    Ok(Json(SignInStarted { attempt: B64(name.to_vec()), message: B64(message) }))
}

// The same name always gets the same stand-in, as a real account would.
fn stand_in(app: &App, handle: &str) -> AccountId {
    // EXPOSE: hashed with the name; the result leaves only inside OPAQUE's own hashing.
    let hash = sha256_of(&[app.secrets.stand_in.expose(), handle.as_bytes()]);
    let mut id = [0; 16];
    id.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    AccountId(id)
}

/// Checks the second message; opens a session, or asks for the account's second factor.
pub(super) async fn finish(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<FinishSignIn>,
) -> Reply<(HeaderMap, Json<SignedIn>)> {
    let mut tx = app.db.begin().await?;
    let attempt = store::take_attempt(&mut tx, sha256(&call.attempt.0)).await?;
    tx.without_statement("a try to sign in").await?;
    let attempt = attempt.filter(|attempt| app.now() <= attempt.expires).ok_or_else(failed)?;
    opaque::login_check(&attempt.state, &call.message.0).map_err(|_| failed())?;
    let account = attempt.account.ok_or_else(failed)?;
    // The person's time with the firm may have ended since the first message.
    admitted(&app, account).await?;
    let mut tx = app.db.begin().await?;
    let wanted = ceremonies::want(&app, &mut tx, Purpose::Second, account).await?;
    tx.without_statement("something to sign").await?;
    if wanted.is_some() {
        return Ok((HeaderMap::new(), Json(SignedIn { opened: None, second: wanted })));
    }
    let trier = Trier::of(&app, &attempt.handle, call.known.as_ref(), Counted::SignIn);
    let (headers, Json(opened)) = open(&app, account, &attempt.handle, trier, &place).await?;
    Ok((headers, Json(SignedIn { opened: Some(opened), second: None })))
}

/// Checks the second factor after the passphrase and opens a session.
pub(super) async fn second(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<FinishSecond>,
) -> Reply<(HeaderMap, Json<AccountOpened>)> {
    let FinishSecond { attempt, factor, known } = &call;
    let account = ceremonies::shown(&app, attempt, Purpose::Second, None, factor).await?;
    let handle = admitted(&app, account).await?;
    let trier = Trier::of(&app, &handle, known.as_ref(), Counted::SignIn);
    open(&app, account, &handle, trier, &place).await
}

/// Something for any passkey to sign.
pub(super) async fn start_passkey(
    State(app): State<AppState>,
    _: Stranger,
    Called { .. }: Called<StartPasskey>,
) -> Reply<Json<Ceremony>> {
    let mut tx = app.db.begin().await?;
    let given = ceremonies::give(&app, &mut tx, Purpose::SignIn, None).await?;
    tx.without_statement("something to sign").await?;
    Ok(Json(given))
}

/// Checks what a passkey signed and opens a session: it is two factors by itself, what one has and what
/// one knows or is.
pub(super) async fn by_passkey(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<FinishPasskey>,
) -> Reply<(HeaderMap, Json<AccountOpened>)> {
    let mut tx = app.db.begin().await?;
    let (hash, given) = ceremonies::given(&app, &mut tx, &call.attempt, Purpose::SignIn).await?;
    ceremonies::take(&mut tx, hash).await?;
    let account = ceremonies::signed(&app, &mut tx, &given.state, &call.assertion).await?;
    tx.without_statement("a passkey was used").await?;
    let handle = admitted(&app, account).await?;
    open(&app, account, &handle, Trier::uncounted(), &place).await
}

// Whoever waits for admission is answered like a stranger.
async fn admitted(app: &App, account: AccountId) -> Reply<String> {
    let found = store::by_id(&mut *app.db.read().await?, account).await?;
    found.filter(|found| found.admitted).map(|found| found.handle).ok_or_else(failed)
}

/// Signs in by the recovery code's token.
pub(super) async fn by_recovery(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<SignInByRecovery>,
) -> Reply<(HeaderMap, Json<AccountOpened>)> {
    let trier = Trier::of(&app, &call.handle, call.known.as_ref(), Counted::Words);
    trier.count(&app).await?;
    let found = {
        let mut read = app.db.read().await?;
        store::by_handle(&mut read, &call.handle).await?.filter(|account| account.admitted)
    };
    let given = sha256(&call.token.0);
    let account = found
        .filter(|found| equal(&found.recovery_hash.0, &given.0))
        .ok_or(ApiError::new(Code::SignInFailed, "Name or recovery code are not right."))?;
    open(&app, account.id, &account.handle, trier, &place).await
}

async fn open(
    app: &App,
    account: AccountId,
    handle: &str,
    trier: Trier,
    place: &Place,
) -> Reply<(HeaderMap, Json<AccountOpened>)> {
    let known = trier.forgive(app, handle).await?;
    let mut tx = app.db.begin().await?;
    // The person's time with the firm may have ended since the first message.
    directory::staff(&mut tx, account, app.now()).await?.ok_or_else(failed)?;
    let opened = store::opened(&mut tx, account, known).await?;
    let cookie = caller::open(&mut tx, app, For::Account(account), place).await?;
    tx.without_statement("a session").await?;
    Ok((cookie.headers(), Json(opened)))
}

/// Gives out a challenge for a client's key.
pub(super) async fn challenge(
    State(app): State<AppState>,
    _: Stranger,
    Called { .. }: Called<StartKeySession>,
) -> Reply<Json<Challenge>> {
    let nonce: [u8; 32] = rng::random();
    let mut tx = app.db.begin().await?;
    store::insert_challenge(&mut tx, sha256(&nonce), app.now().plus(TWO_MINUTES)).await?;
    tx.without_statement("a challenge").await?;
    Ok(Json(Challenge { nonce: B64(nonce.to_vec()) }))
}

/// Opens a session for the client whose key signed a challenge.
pub(super) async fn by_key(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<FinishKeySession>,
) -> Reply<(HeaderMap, Json<Done>)> {
    let refused = || ApiError::new(Code::SignInFailed, "The proof does not hold.");
    let proof = Signed::parse(&call.proof.0).map_err(|_| refused())?;
    let mut tx = app.db.begin().await?;
    let firm = directory::firm(&mut tx).await?.ok_or_else(refused)?;
    let signer =
        directory::signer(&mut tx, proof.signer(), app.now()).await?.ok_or_else(refused)?;
    if !matches!(signer.part, Part::Client { .. }) {
        return Err(refused());
    }
    let said: SessionProof =
        proof.body_as(Namespace::Session, &signer.key).map_err(|_| refused())?;
    let expires = store::take_challenge(&mut tx, sha256(&said.nonce)).await?;
    if said.firm != firm.fingerprint || expires.is_none_or(|expires| app.now() > expires) {
        return Err(refused());
    }
    let cookie = caller::open(&mut tx, &app, For::Key(signer.kid), &Place::default()).await?;
    tx.without_statement("a session").await?;
    Ok((cookie.headers(), Json(Done {})))
}
