//! Handing a mail over, and asking how it fares.

use axum::Json;
use axum::extract::State;
use shared::ids::RecordId;
use shared::matters::mail::{CodeMail, MailState, ReadCodeMail, SendCode};
use shared::time::Timestamp;

use super::message::Recipient;
use super::store::Send;
use super::{queue, store};
use crate::db::Conn;
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::Caller;
use crate::http::limits::{self, Counted};
use crate::journal::store::directory;
use crate::matters::clients::codes;
use crate::matters::clients::store::codes as asked;
use crate::matters::store::seated;
use crate::state::AppState;

/// Takes an address and a code for one mail.
pub(in crate::matters) async fn send(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<SendCode>,
) -> Reply<Json<CodeMail>> {
    let Caller::Staff { account, .. } = caller else { return Err(ApiError::not_found()) };
    let SendCode { record, address, code } = call;
    let to = Recipient::parse(address, code)
        .ok_or(ApiError::bad_request("This is no address that mail can be sent to, or no code."))?;
    if app.relay.is_none() {
        return Ok(Json(CodeMail::plain(MailState::NoRelay)));
    }
    let now = app.now();
    limits::count(&app.db, Counted::Mail, account.as_bytes(), now).await?;
    let mut tx = app.db.begin().await?;
    let ends = may_see(&mut tx, caller, record, now).await?;
    let before = store::find(&mut tx, record, now).await?;
    let permit = codes::may_mail(before.state, Send { record, ends }, now)?;
    store::begin(&mut tx, &permit, now).await?;
    tx.without_statement("how a mail fares is the server's own affair").await?;
    tokio::spawn(queue::run(app.clone(), record, ends, to));
    Ok(Json(CodeMail { state: MailState::Waiting, tries: 0, next: now.0 }))
}

/// How a mail fares.
pub(in crate::matters) async fn read(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<ReadCodeMail>,
) -> Reply<Json<CodeMail>> {
    let Caller::Staff { .. } = caller else { return Err(ApiError::not_found()) };
    if app.relay.is_none() {
        return Ok(Json(CodeMail::plain(MailState::NoRelay)));
    }
    let Some(record) = call.record else { return Ok(Json(CodeMail::plain(MailState::Never))) };
    let mut read = app.db.read().await?;
    may_see(&mut read, caller, record, app.now()).await?;
    Ok(Json(store::find(&mut read, record, app.now()).await?))
}

/// Until when a code is answered that this caller may have mailed.
async fn may_see(
    conn: &mut Conn,
    caller: Caller,
    record: RecordId,
    now: Timestamp,
) -> Reply<Timestamp> {
    let Caller::Staff { kid, .. } = caller else { return Err(ApiError::not_found()) };
    let (matter, ends) = asked::mailed(conn, record).await?.ok_or(ApiError::not_found())?;
    let signer = directory::signer(conn, kid, now).await?.ok_or(ApiError::not_found())?;
    let seated = seated(conn, kid, matter).await?;
    codes::may_see(&signer, seated)?;
    Ok(ends)
}
