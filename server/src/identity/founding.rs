//! The first visit: whether a firm lives here, and how one comes into being.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::crypto::hash::equal;
use shared::crypto::opaque;
use shared::encoding::B64;
use shared::identity::wire::{FoundFirm, NewAccount, ReadStatus, Status};
use shared::journal::wire::Appended;
use shared::problem::Code;

use super::{factors, policy, store};
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{self, For, Stranger};
use crate::extract::place::Place;
use crate::http::limits::{self, Counted};
use crate::journal::append::append;
use crate::journal::permit::Permit;
use crate::journal::signer::Authority;
use crate::journal::store::directory;
use crate::start::is_founded;
use crate::state::{App, AppState};

/// Whether a firm lives here, and what a founder must know.
pub(super) async fn status(
    State(app): State<AppState>,
    Called { .. }: Called<ReadStatus>,
) -> Reply<Json<Status>> {
    Ok(Json(Status {
        founded: is_founded(&app.db).await?,
        log_key: B64(app.secrets.log.public().0.to_vec()),
        setup_code: app.setup_code.is_some(),
        now: app.now().0,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// The founder's account and the firm's first statements, together or not at all.
pub(super) async fn found(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<FoundFirm>,
) -> Reply<(HeaderMap, Json<Appended>)> {
    check_code(&app, call.setup_code.as_deref()).await?;
    let founder = policy::may_exist(as_kept(call.account)?)?;
    let mut tx = app.db.begin().await?;
    tx.lock_journal().await?;
    if directory::firm(&mut tx).await?.is_none() {
        factors::keep_account(&app, &mut tx, &founder, &place).await?;
    } else if !is_repetition(&mut tx, &founder).await? {
        return Err(ApiError::new(Code::AlreadyFounded, "A firm lives here already."));
    }
    let account = founder.account;
    let taken = append(&mut tx, &app, Authority::Founding { account }, &call.acts).await?;
    let cookie = caller::open(&mut tx, &app, For::Account(account), &place).await?;
    let appended = taken.commit(tx).await?;
    tracing::info!(account.id = %account, "a firm was founded");
    Ok((cookie.headers(), Json(appended)))
}

// An answer may be lost: the same founder may send the same again. The append door sees to it that
// the statements are the same too.
async fn is_repetition(tx: &mut Tx, founder: &Permit<NewAccount>) -> Reply<bool> {
    let found = store::by_id(tx, founder.account).await?;
    Ok(found.is_some_and(|found| {
        found.handle == founder.handle
            && found.record == founder.record.as_ref().map_or(&[][..], |record| &record.0)
            && found.recovery_hash == founder.recovery_hash
    }))
}

/// An account with its record as OPAQUE keeps it.
///
/// # Errors
/// When the record is none.
pub(super) fn as_kept(account: NewAccount) -> Reply<NewAccount> {
    let record = account.record.as_ref().map(|record| opaque::registration_record(&record.0));
    let record = record
        .transpose()
        .map_err(|_| ApiError::bad_request("The registration's record is malformed."))?;
    Ok(NewAccount { record: record.map(B64), ..account })
}

async fn check_code(app: &App, given: Option<&str>) -> Reply<()> {
    let Some(wanted) = &app.setup_code else {
        return Ok(());
    };
    let now = app.now();
    limits::count(&app.db, Counted::Setup, b"founding", now).await?;
    if !given.is_some_and(|given| equal(given.trim().as_bytes(), wanted.as_bytes())) {
        return Err(ApiError::new(
            Code::SetupCode,
            "Founding needs the set-up code that the server printed when it started.",
        ));
    }
    limits::forgive(&app.db, Counted::Setup, b"founding", now).await
}
