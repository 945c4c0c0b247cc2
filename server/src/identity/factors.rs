//! Passkeys and authenticator apps of an account: made, listed, taken away, and shown again.

use axum::Json;
use axum::extract::State;
use shared::call::Done;
use shared::identity::wire::factors::{
    AddCode, AddPasskey, Ceremony, CodeStarted, FactorWanted, Factors, FinishStepUp, NewPasskey,
    ReadFactors, RemoveCode, RemovePasskey, StartCode, StartNewPasskey, StartStepUp,
};
use shared::identity::wire::{NewAccount, Slot};
use shared::ids::AccountId;
use shared::problem::Code;

use super::ceremonies;
use super::store::factors::{self as rows, NewPasskeyRow, Purpose};
use super::store::{self, sessions};
use super::{codes, policy};
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{Session, Stranger};
use crate::extract::place::Place;
use crate::journal::permit::Permit;
use crate::state::{App, AppState};

/// Something for a new passkey to sign. Needs no session: an account is made with its passkey.
pub(super) async fn start_new(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<StartNewPasskey>,
) -> Reply<Json<Ceremony>> {
    let mut tx = app.db.begin().await?;
    let given = ceremonies::give(&app, &mut tx, Purpose::New, Some(call.account)).await?;
    tx.without_statement("something to sign").await?;
    Ok(Json(given))
}

/// Begins to change what the caller's account has: with a factor shown lately, and one change after the other.
async fn begin_change(app: &App, session: &Session) -> Reply<(Tx, AccountId)> {
    let account = session.account()?;
    session.fresh(app)?;
    let mut tx = app.db.begin().await?;
    store::hold(&mut tx, account).await?;
    Ok((tx, account))
}

async fn settle(tx: Tx) -> Reply<Json<Done>> {
    tx.without_statement("how a person signs in and unlocks is the person's own affair").await?;
    Ok(Json(Done {}))
}

/// Keeps a passkey of the caller's.
pub(super) async fn add_passkey(
    State(app): State<AppState>,
    session: Session,
    place: Place,
    Called { call, .. }: Called<AddPasskey>,
) -> Reply<Json<Done>> {
    let (mut tx, account) = begin_change(&app, &session).await?;
    let has = rows::factors(&mut tx, account).await?;
    policy::may_add_passkey(has.passkeys.len(), &call.passkey)?;
    if let Some(slot) = &call.passkey.slot {
        store::add_slot(&mut tx, account, slot).await?;
    }
    keep_passkey(&app, &mut tx, account, &call.passkey, &place).await?;
    settle(tx).await
}

/// A new account with the factors that it comes with.
///
/// # Errors
/// [`Code::AlreadyExists`] when the id or the name is taken; when a factor does not hold.
pub(super) async fn keep_account(
    app: &App,
    tx: &mut Tx,
    new: &Permit<NewAccount>,
    place: &Place,
) -> Reply<()> {
    store::insert(tx, new).await.map_err(handle_taken)?;
    if let Some(passkey) = &new.passkey {
        if let Some(slot) = &passkey.slot {
            store::add_slot(tx, new.account, slot).await?;
        }
        keep_passkey(app, tx, new.account, passkey, place).await?;
    }
    if let Some(code) = &new.code {
        codes::keep(app, tx, new.account, code).await?;
    }
    Ok(())
}

fn handle_taken(error: DbError) -> ApiError {
    match error {
        DbError::Taken => ApiError::new(Code::AlreadyExists, "This sign-in name is taken."),
        other => other.into(),
    }
}

/// Checks a passkey that was just made for an account, and keeps it; its slot is kept by the caller.
async fn keep_passkey(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    new: &NewPasskey,
    place: &Place,
) -> Reply<()> {
    let (hash, ceremony) = ceremonies::given(app, tx, &new.attempt, Purpose::New).await?;
    if ceremony.account != Some(account) {
        return Err(ApiError::new(
            Code::SignInFailed,
            "This passkey was made for another account.",
        ));
    }
    ceremonies::take(tx, hash).await?;
    let kept = app.passkeys.finish_new(&ceremony.state, &new.object, &new.client_data)?;
    let row = NewPasskeyRow {
        credential: &kept.credential,
        account,
        slot: new.slot.as_ref().map(|slot: &Slot| slot.slot),
        state: &kept.state,
        device: &place.device,
    };
    Ok(rows::insert_passkey(tx, &row, app.now()).await?)
}

/// Forgets a passkey of the caller's.
pub(super) async fn remove_passkey(
    State(app): State<AppState>,
    session: Session,
    Called { call, .. }: Called<RemovePasskey>,
) -> Reply<Json<Done>> {
    let (mut tx, account) = begin_change(&app, &session).await?;
    let has = rows::factors(&mut tx, account).await?;
    policy::may_remove_passkey(&has, &call.credential)?;
    rows::remove_passkey(&mut tx, account, &call.credential.0).await?;
    store::end_other_sessions(&mut tx, account, session.hash).await?;
    settle(tx).await
}

/// A fresh secret for an authenticator app. Needs no session: an account is made with it.
pub(super) async fn start_code(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<StartCode>,
) -> Reply<Json<CodeStarted>> {
    Ok(Json(codes::begin(&app, call.account)))
}

/// Keeps an authenticator app of the caller's.
pub(super) async fn add_code(
    State(app): State<AppState>,
    session: Session,
    Called { call, .. }: Called<AddCode>,
) -> Reply<Json<Done>> {
    let (mut tx, account) = begin_change(&app, &session).await?;
    codes::keep(&app, &mut tx, account, &call.app).await?;
    store::end_other_sessions(&mut tx, account, session.hash).await?;
    settle(tx).await
}

/// Forgets the authenticator app of the caller's.
pub(super) async fn remove_code(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<RemoveCode>,
) -> Reply<Json<Done>> {
    let (mut tx, account) = begin_change(&app, &session).await?;
    policy::may_remove_code(&rows::factors(&mut tx, account).await?)?;
    rows::remove_authenticator(&mut tx, account).await?;
    store::end_other_sessions(&mut tx, account, session.hash).await?;
    settle(tx).await
}

/// What the caller's account has.
pub(super) async fn read(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<ReadFactors>,
) -> Reply<Json<Factors>> {
    let mut conn = app.db.read().await?;
    Ok(Json(rows::factors(&mut conn, session.account()?).await?))
}

/// Asks the caller for a factor again. An account without one unlocks anew instead.
pub(super) async fn start_step_up(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<StartStepUp>,
) -> Reply<Json<FactorWanted>> {
    let account = session.account()?;
    let mut tx = app.db.begin().await?;
    let wanted = ceremonies::want(&app, &mut tx, Purpose::StepUp, account).await?;
    tx.without_statement("something to sign").await?;
    wanted.map(Json).ok_or(ApiError::not_found())
}

/// A factor was shown again: it counts in this session for five minutes.
pub(super) async fn finish_step_up(
    State(app): State<AppState>,
    session: Session,
    Called { call, .. }: Called<FinishStepUp>,
) -> Reply<Json<Done>> {
    let account = session.account()?;
    let by = Some(account);
    ceremonies::shown(&app, &call.attempt, Purpose::StepUp, by, &call.factor).await?;
    let mut tx = app.db.begin().await?;
    sessions::step_up(&mut tx, session.hash, app.now()).await?;
    tx.without_statement("a factor was shown").await?;
    Ok(Json(Done {}))
}
