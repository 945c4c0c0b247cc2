//! What somebody with a session may ask about the session itself.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::call::Done;
use shared::crypto::hash::Hash32;
use shared::crypto::opaque;
use shared::identity::wire::secrets::{OwnSecrets, ReadSecrets, ReplaceSecrets};
use shared::identity::wire::{self, ReadSession, ReplaceUnlock, SignOut};
use shared::problem::Code;

use super::{policy, store};
use crate::error::{ApiError, Reply};
use crate::extract::Caller;
use crate::extract::call::Called;
use crate::extract::caller::{Session, SessionCookie};
use crate::state::AppState;

/// Replaces the passphrase of the caller's account: its record and its slot together.
pub(super) async fn replace_unlock(
    State(app): State<AppState>,
    session: Session,
    Called { call, if_match }: Called<ReplaceUnlock>,
) -> Reply<Json<Done>> {
    let account = session.account()?;
    session.fresh(&app)?;
    let version = if_match.ok_or(ApiError::precondition_required(
        "If-Match must name the version that is replaced.",
    ))?;
    let record = opaque::registration_record(&call.record.0)
        .map_err(|_| ApiError::bad_request("The registration's record is malformed."))?;
    policy::fit_to_unlock(&record, &call.slots)?;
    policy::are_of_passphrase(&call.slots)?;
    let mut tx = app.db.begin().await?;
    if !store::replace_unlock(&mut tx, account, version, &record, &call.slots).await? {
        return Err(ApiError::new(Code::Stale, "The account was changed elsewhere meanwhile."));
    }
    store::end_other_sessions(&mut tx, account, session.hash).await?;
    tx.without_statement("how a person unlocks is the person's own affair").await?;
    Ok(Json(Done {}))
}

/// The caller's sealed secrets once more.
pub(super) async fn secrets(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<ReadSecrets>,
) -> Reply<Json<OwnSecrets>> {
    session.fresh(&app)?;
    let mut read = app.db.read().await?;
    Ok(Json(store::own_secrets(&mut read, session.account()?).await?))
}

/// Replaces them by what the caller's device sealed anew.
pub(super) async fn replace_secrets(
    State(app): State<AppState>,
    session: Session,
    Called { call, if_match }: Called<ReplaceSecrets>,
) -> Reply<Json<Done>> {
    let account = session.account()?;
    session.fresh(&app)?;
    let version = if_match.ok_or(ApiError::precondition_required(
        "If-Match must name the version that is replaced.",
    ))?;
    let permit = policy::may_replace(call.secrets)?;
    let mut tx = app.db.begin().await?;
    if !store::replace_secrets(&mut tx, account, version, &permit).await? {
        return Err(ApiError::new(Code::Stale, "The account was changed elsewhere meanwhile."));
    }
    tx.without_statement("what an account seals is the person's own affair").await?;
    Ok(Json(Done {}))
}

/// Who the session belongs to.
pub(super) async fn session(
    State(app): State<AppState>,
    session: Option<Session>,
    Called { .. }: Called<ReadSession>,
) -> Reply<Json<wire::Session>> {
    let Some(session) = session else {
        return Ok(Json(wire::Session::None));
    };
    Ok(Json(match session.caller {
        Caller::Client { kid, matter } => wire::Session::Client { kid: Hash32(kid.0), matter },
        Caller::Staff { account, .. } => {
            let mut read = app.db.read().await?;
            let found =
                store::by_id(&mut read, account).await?.ok_or(ApiError::unauthenticated())?;
            wire::Session::Staff { account, handle: found.handle, version: found.version }
        }
    }))
}

/// Ends the session, if there is one.
pub(super) async fn sign_out(
    State(app): State<AppState>,
    session: Option<Session>,
    Called { .. }: Called<SignOut>,
) -> Reply<(HeaderMap, Json<Done>)> {
    if let Some(session) = session {
        let mut tx = app.db.begin().await?;
        store::end_session(&mut tx, session.hash).await?;
        tx.without_statement("a session").await?;
    }
    Ok((SessionCookie::ended().headers(), Json(Done {})))
}
