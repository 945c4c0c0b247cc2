//! Accounts, sign-in, sessions.
//!
//! A person proves a passphrase through OPAQUE: two messages each way, of which the server learns
//! nothing it could test guesses against without its own secrets and the device's. Names that do
//! not exist, and people who are not admitted yet, are answered in the same shape. A client proves
//! the key that its browser made. An account is only a sign-in name and sealed bytes; who belongs
//! to the firm is the keyring's word.

use axum::Router;
use shared::identity::wire;

use crate::extract::call::on;
use crate::state::AppState;

mod enrolment;
mod founding;
mod known;
mod policy;
mod routes;
mod sign_in;
pub mod store;

pub(crate) use policy::{holds_link, in_time};

/// The routes of identity.
pub fn router() -> Router<AppState> {
    let router = Router::new();
    let router = on::<wire::ReadStatus, _, _>(router, founding::status);
    let router = on::<wire::FoundFirm, _, _>(router, founding::found);
    let router = on::<wire::StartRegistration, _, _>(router, sign_in::register);
    let router = on::<wire::StartSignIn, _, _>(router, sign_in::start);
    let router = on::<wire::FinishSignIn, _, _>(router, sign_in::finish);
    let router = on::<wire::SignInByRecovery, _, _>(router, sign_in::by_recovery);
    let router = on::<wire::StartKeySession, _, _>(router, sign_in::challenge);
    let router = on::<wire::FinishKeySession, _, _>(router, sign_in::by_key);
    let router = on::<wire::ReplaceUnlock, _, _>(router, routes::replace_unlock);
    let router = on::<wire::ReadSession, _, _>(router, routes::session);
    let router = on::<wire::SignOut, _, _>(router, routes::sign_out);
    let router = on::<wire::OpenEnrolment, _, _>(router, enrolment::open);
    let router = on::<wire::Enrol, _, _>(router, enrolment::enrol);
    on::<wire::ListEnrolled, _, _>(router, enrolment::waiting)
}
