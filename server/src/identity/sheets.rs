//! Somebody comes back by a quorum of the firm's sheets, with no session. What the shares sign is looked up in
//! the keyring; there is nothing to guess and so no lasting count of tries, which would let strangers keep the
//! owner out: strangers are held back by their address, as everywhere. Every refusal looks the same.

use axum::Json;
use axum::extract::State;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::rng;
use shared::crypto::signed::Signed;
use shared::identity::wire::sheets::{
    ReadBySheets, ReturnBySheets, SheetsAnswer, SheetsAsked, SheetsOpened, StartSheets,
};
use shared::journal::wire::Appended;
use shared::problem::Code;
use shared::time::MINUTE;

use super::founding::as_kept;
use super::{factors, policy, store};
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::Stranger;
use crate::extract::place::Place;
use crate::journal::permit::Permit;
use crate::journal::policy::Readable;
use crate::journal::signer::Authority;
use crate::journal::store::directory;
use crate::journal::{append::append, read, recovery};
use crate::keys;
use crate::state::{App, AppState};

/// Something for shares to sign.
pub(super) async fn start(
    State(app): State<AppState>,
    _: Stranger,
    Called { .. }: Called<StartSheets>,
) -> Reply<Json<SheetsAsked>> {
    let nonce = Hash32(rng::random());
    let mut tx = app.db.begin().await?;
    let firm = directory::firm(&mut tx).await?.ok_or(ApiError::not_found())?.fingerprint;
    store::insert_challenge(&mut tx, sha256(&nonce.0), app.now().plus(2 * MINUTE)).await?;
    tx.without_statement("a challenge").await?;
    Ok(Json(SheetsAsked { nonce, firm }))
}

/// The keyring, for whoever has a quorum of shares.
pub(super) async fn open(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<ReadBySheets>,
) -> Reply<Json<SheetsOpened>> {
    let permit = shown(&app, &call.answer).await?;
    let mut conn = app.db.read().await?;
    let page = read::by_shares(&mut conn, &permit, call.seq).await?;
    let handles = keys::store::handles(&mut conn).await?;
    Ok(Json(SheetsOpened { entries: page.entries, more: page.more, handles }))
}

/// What the root says for them: with an account that waits, or a day later without.
pub(super) async fn comes_back(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<ReturnBySheets>,
) -> Reply<Json<Appended>> {
    let permit = shown(&app, &call.answer).await?;
    let said: Option<Vec<Signed>> =
        call.acts.statements.iter().map(|one| Signed::parse(&one.0).ok()).collect();
    let account = call.account.map(as_kept).transpose()?;
    let waits = policy::may_return(&permit, &said.unwrap_or_default(), account)?;
    let mut tx = app.db.begin().await?;
    if let Some(account) = &waits
        && store::by_id(&mut tx, account.account).await?.is_none()
    {
        factors::keep_account(&app, &mut tx, account, &place).await?;
    }
    let taken = append(&mut tx, &app, Authority::Sheets, &call.acts).await?;
    let appended = taken.commit(tx).await?;
    tracing::info!(waits = waits.is_some(), "somebody comes back by shares");
    Ok(Json(appended))
}

/// Takes the challenge out, and looks at the shares' words for it.
async fn shown(app: &App, answer: &SheetsAnswer) -> Reply<Permit<Readable>> {
    let refused = || ApiError::new(Code::SignInFailed, "These sheets open nothing here.");
    let mut tx = app.db.begin().await?;
    let expires = store::take_challenge(&mut tx, sha256(&answer.nonce.0)).await?;
    // Before anything is read that costs more.
    if expires.is_none_or(|expires| app.now() > expires) {
        tx.without_statement("a challenge was answered").await?;
        return Err(refused());
    }
    let firm = directory::firm(&mut tx).await?.ok_or_else(refused)?.fingerprint;
    let shares = recovery::shares(&mut tx).await?;
    tx.without_statement("a challenge was answered").await?;
    policy::holds_shares(firm, shares.as_ref(), answer).ok_or_else(refused)
}
