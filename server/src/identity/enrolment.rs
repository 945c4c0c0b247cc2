//! How a new person comes to the firm: opens the link, hands in an account and keys, waits.

use axum::Json;
use axum::extract::State;
use shared::call::Done;
use shared::encoding::B64;
use shared::identity::wire::{
    Enrol, Enrolled, EnrolmentOpened, ListEnrolled, NewAccount, OpenEnrolment,
};
use shared::ids::EnrolmentId;
use shared::problem::Code;

use super::founding::as_kept;
use super::policy::{self, Offered};
use super::{factors, store};
use crate::error::{ApiError, Reply};
use crate::extract::Caller;
use crate::extract::call::Called;
use crate::extract::caller::Stranger;
use crate::extract::place::Place;
use crate::http::limits::{self, Counted};
use crate::journal::store::directory;
use crate::state::{App, AppState};

/// The sealed blob, for whoever holds the link.
pub(super) async fn open(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<OpenEnrolment>,
) -> Reply<Json<EnrolmentOpened>> {
    let offer = held(&app, call.enrolment, &call.token.0).await?;
    policy::in_time(offer.expires, app.now())?;
    if offer.admitted {
        return Err(used());
    }
    Ok(Json(EnrolmentOpened { blob: B64(offer.blob) }))
}

/// An account with keys that waits for admission.
pub(super) async fn enrol(
    State(app): State<AppState>,
    _: Stranger,
    place: Place,
    Called { call, .. }: Called<Enrol>,
) -> Reply<Json<Done>> {
    let offer = held(&app, call.enrolment, &call.token.0).await?;
    let mut tx = app.db.begin().await?;
    if let Some((account, bundle)) = store::enrolled(&mut tx, call.enrolment).await? {
        let same = account == call.account.account && bundle == call.bundle.0;
        return if same { Ok(Json(Done {})) } else { Err(used()) };
    }
    policy::in_time(offer.expires, app.now())?;
    let firm = directory::firm(&mut tx).await?.ok_or(ApiError::not_found())?.fingerprint;
    let _bundle = policy::may_enrol(&call, &Offered { role: offer.role, caps: offer.caps, firm })?;
    let account = policy::may_exist(as_kept(NewAccount::clone(&call.account))?)?;
    factors::keep_account(&app, &mut tx, &account, &place).await?;
    store::enrol(&mut tx, &call).await?;
    tx.without_statement("the keyring speaks when the person is admitted").await?;
    Ok(Json(Done {}))
}

/// Who waits, for whoever admits.
pub(super) async fn waiting(
    State(app): State<AppState>,
    caller: Caller,
    Called { .. }: Called<ListEnrolled>,
) -> Reply<Json<Enrolled>> {
    let Caller::Staff { account, .. } = caller else {
        return Err(ApiError::not_found());
    };
    let mut read = app.db.read().await?;
    let signer =
        directory::staff(&mut read, account, app.now()).await?.ok_or(ApiError::not_found())?;
    let permit = policy::may_see_waiting(&signer)?;
    Ok(Json(Enrolled { waiting: store::waiting(&mut read, &permit).await? }))
}

async fn held(app: &App, enrolment: EnrolmentId, token: &[u8]) -> Reply<store::Offer> {
    let now = app.now();
    limits::count(&app.db, Counted::Link, enrolment.as_bytes(), now).await?;
    let offer = store::offer(&mut *app.db.read().await?, enrolment).await?;
    policy::holds_link(token, offer.as_ref().map(|offer| offer.auth_hash))?;
    limits::forgive(&app.db, Counted::Link, enrolment.as_bytes(), now).await?;
    offer.ok_or(ApiError::not_found())
}

fn used() -> ApiError {
    ApiError::new(Code::InvitationUsed, "The invitation was used by another browser.")
}
