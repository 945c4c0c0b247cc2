//! A stranger writes to the firm: opens an invitation's link, joins, and has a session for what
//! follows. Sign-in aside, this is the only door without a caller.

use axum::Router;
use shared::intake::wire;

use crate::extract::call::on;
use crate::state::AppState;

mod routes;
mod store;

/// The routes of intake.
pub fn router() -> Router<AppState> {
    let router = on::<wire::OpenInvite, _, _>(Router::new(), routes::open);
    on::<wire::RedeemInvite, _, _>(router, routes::redeem)
}
