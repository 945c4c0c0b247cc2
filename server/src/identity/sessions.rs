//! Where the caller's account is signed in, and ending that.

use axum::Json;
use axum::extract::State;
use shared::call::Done;
use shared::identity::wire::sessions::{EndOtherSessions, EndSession, ListSessions, Sessions};
use shared::time::Timestamp;

use super::store::{self, sessions};
use crate::error::Reply;
use crate::extract::call::Called;
use crate::extract::caller::{self, Session};
use crate::state::AppState;

/// All that hold.
pub(super) async fn list(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<ListSessions>,
) -> Reply<Json<Sessions>> {
    let now = app.now();
    let mut read = app.db.read().await?;
    let limits = caller::limits(&mut read, &app).await?;
    let since = |millis: u64| Timestamp(now.0.saturating_sub(millis));
    let holds = (since(limits.absolute), since(limits.idle), now);
    let sessions = sessions::list(&mut read, session.account()?, session.hash, holds).await?;
    Ok(Json(Sessions { sessions }))
}

/// Ends one.
pub(super) async fn end(
    State(app): State<AppState>,
    session: Session,
    Called { call, .. }: Called<EndSession>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    sessions::end(&mut tx, session.account()?, call.session).await?;
    tx.without_statement("a session").await?;
    Ok(Json(Done {}))
}

/// Ends all but the caller's own.
pub(super) async fn end_others(
    State(app): State<AppState>,
    session: Session,
    Called { .. }: Called<EndOtherSessions>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    store::end_other_sessions(&mut tx, session.account()?, session.hash).await?;
    tx.without_statement("sessions").await?;
    Ok(Json(Done {}))
}
