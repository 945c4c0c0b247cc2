//! A client comes back by a passkey. What is sealed in slot and record is for the client's devices alone; the client's
//! own key says what belongs together, so that no passkey is kept for a key that did not ask for it.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::call::Done;
use shared::crypto::hash::Hash32;
use shared::encoding::B64;
use shared::identity::wire::back::{
    BackOpened, Backs, DropBack, FinishBack, KeepBack, ReadBacks, RenewBack, StartBack,
    StartNewBack,
};
use shared::identity::wire::factors::{Assertion, Ceremony};
use shared::ids::{AccountId, BackId, MatterId};
use shared::problem::Code;

use super::back_policy::{self, Parts};
use super::store::back::{self as rows, BackRow};
use super::store::factors::Purpose;
use super::{ceremonies, passkeys};
use crate::db::pool::DbError;
use crate::db::{Conn, Tx};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{self, Caller, For, Stranger};
use crate::extract::place::Place;
use crate::http::limits::{self, Counted};
use crate::journal::signer::{Part, Signer};
use crate::journal::store::directory;
use crate::matters::store::seated;
use crate::state::{App, AppState};

/// Why the journal need not know.
pub(super) const OWN: &str = "how a client comes back is the client's own affair";

/// Something for a new passkey of a client's to sign.
pub(super) async fn start_new(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<StartNewBack>,
) -> Reply<Json<Ceremony>> {
    let Caller::Client { .. } = caller else { return Err(ApiError::not_found()) };
    let mut tx = app.db.begin().await?;
    let way = Some(AccountId(call.back.0));
    let given = ceremonies::give(&app, &mut tx, Purpose::NewBack, way).await?;
    tx.without_statement("something to sign").await?;
    Ok(Json(given))
}

/// Keeps a passkey for the caller's key, which signed that it should.
pub(super) async fn keep(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<KeepBack>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    let (by, firm, matter) = client(&app, &mut tx, caller).await?;
    let made = made(&app, &mut tx, &call).await?;
    let parts = Parts { slot: call.slot.0, record: call.record.0, said: call.said.0 };
    let permit = back_policy::may_keep(&by, firm, made, parts)?;
    rows::keep(&mut tx, matter, &permit).await.map_err(taken)?;
    tx.without_statement(OWN).await?;
    Ok(Json(Done {}))
}

/// Puts another record in the place of the one before.
pub(super) async fn renew(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<RenewBack>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    let (by, firm, _) = client(&app, &mut tx, caller).await?;
    let before = rows::of_client(&mut tx, by.kid).await?;
    let permit = back_policy::may_renew(&by, firm, before.as_ref(), call)?;
    if !rows::renew(&mut tx, &permit).await? {
        return Err(ApiError::new(Code::Stale, "The way back was changed by another device."));
    }
    tx.without_statement(OWN).await?;
    Ok(Json(Done {}))
}

/// Forgets the way back of the caller's key.
pub(super) async fn forget(
    State(app): State<AppState>,
    caller: Caller,
    Called { .. }: Called<DropBack>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    let (by, ..) = client(&app, &mut tx, caller).await?;
    rows::forget(&mut tx, by.kid).await?;
    tx.without_statement(OWN).await?;
    Ok(Json(Done {}))
}

/// Something for any client's passkey to sign.
pub(super) async fn start(
    State(app): State<AppState>,
    _: Stranger,
    Called { .. }: Called<StartBack>,
) -> Reply<Json<Ceremony>> {
    let mut tx = app.db.begin().await?;
    let given = ceremonies::give(&app, &mut tx, Purpose::Back, None).await?;
    tx.without_statement("something to sign").await?;
    Ok(Json(given))
}

/// Checks what a passkey signed, opens a session of the key it was kept for, and gives what its PRF opens. A passkey
/// that nobody knows is counted and answered like one that is known.
pub(super) async fn finish(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<FinishBack>,
) -> Reply<(HeaderMap, Json<BackOpened>)> {
    let counted = back_policy::counted(&call.assertion.credential.0);
    limits::count(&app.db, Counted::Back, &counted, app.now()).await?;
    let mut tx = app.db.begin().await?;
    let (hash, given) = ceremonies::given(&app, &mut tx, &call.attempt, Purpose::Back).await?;
    ceremonies::take(&mut tx, hash).await?;
    let row = signed(&app, &mut tx, &given.state, &call.assertion).await?;
    let cookie = caller::open(&mut tx, &app, For::Key(row.client), &Place::default()).await?;
    tx.without_statement("a session").await?;
    limits::forgive(&app.db, Counted::Back, &counted, app.now()).await?;
    let BackRow { slot, record, said, .. } = row;
    let opened = BackOpened { slot: B64(slot), record: B64(record), said: B64(said) };
    Ok((cookie.headers(), Json(opened)))
}

/// Which clients of a matter have one, in their own words.
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<ReadBacks>,
) -> Reply<Json<Backs>> {
    let Caller::Staff { kid, .. } = caller else { return Err(ApiError::not_found()) };
    let mut read = app.db.read().await?;
    if !seated(&mut read, kid, call.matter).await? {
        return Err(ApiError::not_found());
    }
    let said = rows::at(&mut read, call.matter).await?;
    Ok(Json(Backs { said: said.into_iter().map(B64).collect() }))
}

/// The client who asks, whose key still speaks.
pub(super) async fn client(
    app: &App,
    conn: &mut Conn,
    caller: Caller,
) -> Reply<(Signer, Hash32, MatterId)> {
    let Caller::Client { kid, .. } = caller else { return Err(ApiError::not_found()) };
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?.fingerprint;
    let by = directory::signer(conn, kid, app.now()).await?.ok_or(ApiError::unauthenticated())?;
    let Part::Client { matter, .. } = by.part else { return Err(ApiError::not_found()) };
    Ok((by, firm, matter))
}

/// Checks a passkey that was just made, and for which way it was begun.
async fn made(app: &App, tx: &mut Tx, call: &KeepBack) -> Reply<(BackId, passkeys::Kept)> {
    let (hash, ceremony) = ceremonies::given(app, tx, &call.attempt, Purpose::NewBack).await?;
    ceremonies::take(tx, hash).await?;
    let way = ceremony.account.ok_or_else(ceremonies::failed)?;
    let made = app.passkeys.finish_new(&ceremony.state, &call.object, &call.client_data)?;
    Ok((BackId(way.0), made))
}

/// Checks what a passkey signed, writes its use down, and gives the way back that it is kept for.
async fn signed(app: &App, tx: &mut Tx, state: &[u8], said: &Assertion) -> Reply<BackRow> {
    let credential = &said.credential.0;
    let row = rows::of_passkey(tx, credential).await?.ok_or_else(ceremonies::failed)?;
    let kept = app.passkeys.finish(state, said, &row.state)?;
    let used = rows::touch(tx, credential, (&row.state, &kept)).await?;
    // The firm may have ended the key.
    let speaks = directory::signer(tx, row.client, app.now()).await?;
    speaks.filter(|_| used).ok_or_else(ceremonies::failed)?;
    Ok(row)
}

pub(super) fn taken(error: DbError) -> ApiError {
    match error {
        DbError::Taken => {
            ApiError::new(Code::AlreadyExists, "This way back is kept for another key already.")
        }
        other => other.into(),
    }
}
