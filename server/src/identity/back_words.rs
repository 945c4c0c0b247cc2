//! A client comes back by twelve words that its device made. The server keeps the SHA-256 of what the words show, and
//! what they open, sealed.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::call::Done;
use shared::crypto::hash::{equal, sha256};
use shared::encoding::B64;
use shared::identity::wire::back::{BackOpened, KeepWords, ReturnByWords};

use super::back::{OWN, client, taken};
use super::store::back::{self as rows, BackRow};
use super::{back_policy, ceremonies};
use crate::db::Tx;
use crate::error::Reply;
use crate::extract::call::Called;
use crate::extract::caller::{self, Caller, For, Stranger};
use crate::extract::place::Place;
use crate::http::limits::{self, Counted};
use crate::journal::store::directory;
use crate::state::{App, AppState};

/// Keeps what words open for the caller's key, which signed that it should.
pub(super) async fn keep(
    State(app): State<AppState>,
    caller: Caller,
    Called { call, .. }: Called<KeepWords>,
) -> Reply<Json<Done>> {
    let mut tx = app.db.begin().await?;
    let (by, firm, matter) = client(&app, &mut tx, caller).await?;
    let permit = back_policy::may_keep_words(&by, firm, call)?;
    rows::keep(&mut tx, matter, &permit).await.map_err(taken)?;
    tx.without_statement(OWN).await?;
    Ok(Json(Done {}))
}

/// Checks what words show, opens a session of the key they were kept for, and gives what they open. Words that nobody
/// has are counted and answered like those of somebody.
pub(super) async fn finish(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<ReturnByWords>,
) -> Reply<(HeaderMap, Json<BackOpened>)> {
    let counted = back_policy::counted_words(call.back);
    limits::count(&app.db, Counted::Back, &counted, app.now()).await?;
    let mut tx = app.db.begin().await?;
    let row = shown(&app, &mut tx, &call).await?;
    let cookie = caller::open(&mut tx, &app, For::Key(row.client), &Place::default()).await?;
    tx.without_statement("a session").await?;
    limits::forgive(&app.db, Counted::Back, &counted, app.now()).await?;
    let BackRow { slot, record, said, .. } = row;
    let opened = BackOpened { slot: B64(slot), record: B64(record), said: B64(said) };
    Ok((cookie.headers(), Json(opened)))
}

/// The way back whose words were shown, of a key that still speaks.
async fn shown(app: &App, tx: &mut Tx, call: &ReturnByWords) -> Reply<BackRow> {
    let given = sha256(&call.token.0).0;
    let row = rows::of_words(tx, call.back).await?;
    let row = row.filter(|row| equal(&row.credential, &given)).ok_or_else(ceremonies::failed)?;
    let speaks = directory::signer(tx, row.client, app.now()).await?;
    speaks.map(|_| row).ok_or_else(ceremonies::failed)
}
