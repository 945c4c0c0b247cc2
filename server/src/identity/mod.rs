//! Accounts, sign-in, sessions.
//!
//! A person proves a passphrase through OPAQUE: two messages each way, of which the server learns
//! nothing it could test guesses against without its own secrets and the device's. Names that do
//! not exist, and people who are not admitted yet, are answered in the same shape. A client proves
//! the key that its browser made. A passkey signs in by itself; after a passphrase a second factor is
//! shown, where the account has one, and again for what a page left open must not do. An account is only a sign-in name and sealed bytes; who belongs
//! to the firm is the keyring's word.

use axum::Router;
use shared::identity::wire;

use crate::extract::call::on;
use crate::state::AppState;

mod back;
mod back_policy;
mod back_words;
mod ceremonies;
mod codes;
mod enrolment;
mod factors;
mod founding;
mod known;
mod passkeys;
mod policy;
mod routes;
mod sessions;
mod sheets;
mod sign_in;
pub mod store;

pub use passkeys::Passkeys;

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
    let router = on::<wire::factors::FinishSecond, _, _>(router, sign_in::second);
    let router = on::<wire::factors::StartPasskey, _, _>(router, sign_in::start_passkey);
    let router = on::<wire::factors::FinishPasskey, _, _>(router, sign_in::by_passkey);
    let router = on::<wire::StartKeySession, _, _>(router, sign_in::challenge);
    let router = on::<wire::FinishKeySession, _, _>(router, sign_in::by_key);
    let router = on::<wire::ReplaceUnlock, _, _>(router, routes::replace_unlock);
    let router = on::<wire::secrets::ReadSecrets, _, _>(router, routes::secrets);
    let router = on::<wire::secrets::ReplaceSecrets, _, _>(router, routes::replace_secrets);
    let router = on::<wire::ReadSession, _, _>(router, routes::session);
    let router = on::<wire::SignOut, _, _>(router, routes::sign_out);
    let router = on::<wire::OpenEnrolment, _, _>(router, enrolment::open);
    let router = on::<wire::Enrol, _, _>(router, enrolment::enrol);
    let router = on::<wire::ListEnrolled, _, _>(router, enrolment::waiting);
    let router = on::<wire::sheets::StartSheets, _, _>(router, sheets::start);
    let router = on::<wire::sheets::ReadBySheets, _, _>(router, sheets::open);
    let router = on::<wire::sheets::ReturnBySheets, _, _>(router, sheets::comes_back);
    with_back(with_factors(router))
}

fn with_back(router: Router<AppState>) -> Router<AppState> {
    let router = on::<wire::back::StartNewBack, _, _>(router, back::start_new);
    let router = on::<wire::back::KeepBack, _, _>(router, back::keep);
    let router = on::<wire::back::RenewBack, _, _>(router, back::renew);
    let router = on::<wire::back::DropBack, _, _>(router, back::forget);
    let router = on::<wire::back::StartBack, _, _>(router, back::start);
    let router = on::<wire::back::FinishBack, _, _>(router, back::finish);
    let router = on::<wire::back::ReadBacks, _, _>(router, back::list);
    let router = on::<wire::back::KeepWords, _, _>(router, back_words::keep);
    on::<wire::back::ReturnByWords, _, _>(router, back_words::finish)
}

fn with_factors(router: Router<AppState>) -> Router<AppState> {
    let router = on::<wire::factors::StartNewPasskey, _, _>(router, factors::start_new);
    let router = on::<wire::factors::AddPasskey, _, _>(router, factors::add_passkey);
    let router = on::<wire::factors::RemovePasskey, _, _>(router, factors::remove_passkey);
    let router = on::<wire::factors::StartCode, _, _>(router, factors::start_code);
    let router = on::<wire::factors::AddCode, _, _>(router, factors::add_code);
    let router = on::<wire::factors::RemoveCode, _, _>(router, factors::remove_code);
    let router = on::<wire::factors::ReadFactors, _, _>(router, factors::read);
    let router = on::<wire::factors::StartStepUp, _, _>(router, factors::start_step_up);
    let router = on::<wire::factors::FinishStepUp, _, _>(router, factors::finish_step_up);
    let router = on::<wire::sessions::ListSessions, _, _>(router, sessions::list);
    let router = on::<wire::sessions::EndSession, _, _>(router, sessions::end);
    on::<wire::sessions::EndOtherSessions, _, _>(router, sessions::end_others)
}
