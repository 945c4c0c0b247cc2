//! Who sits at which matter.
//!
//! A matter is a stream and the projections of it: key epochs, seats, invitations, submissions.
//! Everything that changes one arrives as a statement through [`crate::journal::append`], which
//! hands it to [`acts`]; [`policy`] says who may, and its seat is what all other features ask for.

use axum::Router;
use shared::matters::{mail, wire};

use self::clients::mail::routes as relay;
use crate::extract::call::on;
use crate::state::AppState;

pub mod acts;
pub mod clients;
pub mod papers;
pub mod policy;
mod routes;
pub mod store;

/// The routes of matters.
pub fn router() -> Router<AppState> {
    let router = on::<wire::ListMatters, _, _>(Router::new(), routes::list);
    let router = on::<wire::ListSeatsToPass, _, _>(router, routes::seats_to_pass);
    let router = on::<mail::SendCode, _, _>(router, relay::send);
    on::<mail::ReadCodeMail, _, _>(router, relay::read)
}
