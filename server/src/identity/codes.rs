//! Codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds, one step early or late).
//!
//! The secret that app and server share is made from a nonce and a secret of the server's whenever it is
//! needed; both stand in the database, in tables apart. A step that was used is not taken again.

use shared::crypto::hash::sha256_of;
use shared::crypto::rng;
use shared::encoding::B64;
use shared::identity::wire::factors::{CodeStarted, NewCode};
use shared::ids::AccountId;
use shared::problem::Code;
use shared::time::Timestamp;
use totp_rs::{Builder, Totp};

use super::store::factors as store;
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::state::App;

const NONCE: usize = 16;
const SECRET: usize = 20;

fn wrong() -> ApiError {
    ApiError::new(Code::SignInFailed, "This code is not right, or was used before.")
}

/// A fresh secret for an account's app.
pub(super) fn begin(app: &App, account: AccountId) -> CodeStarted {
    let nonce: [u8; NONCE] = rng::random();
    let secret = secret(app, account, &nonce);
    CodeStarted { nonce: B64(nonce.to_vec()), secret: B64(secret.to_vec()) }
}

fn secret(app: &App, account: AccountId, nonce: &[u8; NONCE]) -> [u8; SECRET] {
    // EXPOSE: hashed with what stands beside it, all of fixed lengths; only the hash leaves.
    let hash = sha256_of(&[app.secrets.codes.expose(), nonce, account.as_bytes()]);
    let mut secret = [0; SECRET];
    secret.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    secret
}

// The step of a code that is right about now.
fn step(app: &App, account: AccountId, nonce: &[u8], code: &str, now: Timestamp) -> Reply<u64> {
    let nonce = nonce.try_into().map_err(|_| wrong())?;
    let codes = codes(&secret(app, account, nonce))?;
    codes.check(code, now.0 / 1000).ok_or_else(wrong)
}

fn codes(secret: &[u8; SECRET]) -> Reply<Totp> {
    Builder::new().with_secret(*secret).build().map_err(ApiError::internal)
}

/// Keeps an app that shows the right code.
pub(super) async fn keep(app: &App, tx: &mut Tx, account: AccountId, new: &NewCode) -> Reply<()> {
    let now = app.now();
    let step = step(app, account, &new.nonce.0, &new.code, now)?;
    Ok(store::put_authenticator(tx, account, &new.nonce.0, step, now).await?)
}

/// Checks a code and uses its step up.
pub(super) async fn check(app: &App, tx: &mut Tx, account: AccountId, code: &str) -> Reply<()> {
    let row = store::authenticator(tx, account).await?.ok_or_else(wrong)?;
    let step = step(app, account, &row.nonce, code, app.now())?;
    if store::use_step(tx, account, step).await? { Ok(()) } else { Err(wrong()) }
}
