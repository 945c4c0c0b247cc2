//! Factors as somebody shows them: something to sign is given out, what comes back is checked.

use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::rng;
use shared::encoding::B64;
use shared::identity::wire::factors::{Assertion, Ceremony as Given, Factor, FactorWanted};
use shared::ids::AccountId;
use shared::problem::Code;
use shared::time::MINUTE;

use super::codes;
use super::passkeys::Begun;
use super::store::factors::{self as store, Ceremony, Purpose};
use crate::db::{Conn, Tx};
use crate::error::{ApiError, Reply};
use crate::http::limits::{self, Counted};
use crate::state::App;

/// How long something to sign may be signed.
const FIVE_MINUTES: u64 = 5 * MINUTE;

pub(super) fn failed() -> ApiError {
    ApiError::new(Code::SignInFailed, "This passkey does not belong here, or took too long.")
}

/// Gives something to sign out.
pub(super) async fn give(
    app: &App,
    tx: &mut Tx,
    purpose: Purpose,
    account: Option<AccountId>,
) -> Reply<Given> {
    let begun = match (purpose, account) {
        (Purpose::New | Purpose::NewBack, Some(account)) => app.passkeys.begin_new(account)?,
        // Where there can be no passkeys, a code will do, and something that nobody signs.
        (Purpose::Second | Purpose::StepUp, _) if !app.passkeys.are_possible() => {
            Begun { challenge: B64(Vec::new()), state: Vec::new() }
        }
        _ => app.passkeys.begin()?,
    };
    let name: [u8; 32] = rng::random();
    let expires = app.now().plus(FIVE_MINUTES);
    let ceremony = Ceremony { purpose, account, state: begun.state, expires };
    store::insert_ceremony(tx, sha256(&name), &ceremony).await?;
    Ok(Given { attempt: B64(name.to_vec()), challenge: begun.challenge })
}

/// Which factors of an account will do; none when it has none.
pub(super) async fn want(
    app: &App,
    tx: &mut Tx,
    purpose: Purpose,
    account: AccountId,
) -> Reply<Option<FactorWanted>> {
    let has = store::factors(tx, account).await?;
    if has.passkeys.is_empty() && has.code.is_none() {
        return Ok(None);
    }
    let Given { attempt, challenge } = give(app, tx, purpose, Some(account)).await?;
    let passkeys = has.passkeys.into_iter().map(|passkey| passkey.credential).collect();
    Ok(Some(FactorWanted { attempt, challenge, passkeys, code: has.code.is_some() }))
}

/// A ceremony that was given out for this, and its name.
pub(super) async fn given(
    app: &App,
    conn: &mut Conn,
    attempt: &B64,
    purpose: Purpose,
) -> Reply<(Hash32, Ceremony)> {
    let hash = sha256(&attempt.0);
    let found = store::ceremony(conn, hash, purpose, app.now()).await?;
    found.map(|ceremony| (hash, ceremony)).ok_or_else(failed)
}

/// Takes a ceremony out; the second to do so fails.
pub(super) async fn take(tx: &mut Tx, hash: Hash32) -> Reply<()> {
    if store::take_ceremony(tx, hash).await? { Ok(()) } else { Err(failed()) }
}

/// Checks a factor that was asked for, of `by` where that is known, and gives whose it is. Tries are counted by account before they are
/// made: ten an hour, whatever the factor.
pub(super) async fn shown(
    app: &App,
    attempt: &B64,
    purpose: Purpose,
    by: Option<AccountId>,
    factor: &Factor,
) -> Reply<AccountId> {
    let (hash, ceremony) = given(app, &mut *app.db.read().await?, attempt, purpose).await?;
    let account = ceremony.account.ok_or_else(failed)?;
    if by.is_some_and(|by| by != account) {
        return Err(failed());
    }
    limits::count(&app.db, Counted::Second, account.as_bytes(), app.now()).await?;
    let mut tx = app.db.begin().await?;
    match factor {
        Factor::Passkey(said) => {
            let whose = signed(app, &mut tx, &ceremony.state, said).await?;
            if whose != account {
                return Err(failed());
            }
        }
        Factor::Code(code) => codes::check(app, &mut tx, account, code).await?,
    }
    take(&mut tx, hash).await?;
    tx.without_statement("a factor was shown").await?;
    limits::forgive(&app.db, Counted::Second, account.as_bytes(), app.now()).await?;
    Ok(account)
}

/// Checks what a passkey signed, writes its use down, and gives whose it is.
pub(super) async fn signed(
    app: &App,
    tx: &mut Tx,
    state: &[u8],
    said: &Assertion,
) -> Reply<AccountId> {
    let credential = &said.credential.0;
    let row = store::passkey(tx, credential).await?.ok_or_else(failed)?;
    let kept = app.passkeys.finish(state, said, &row.state)?;
    if !store::use_passkey(tx, credential, (&row.state, &kept), app.now()).await? {
        return Err(failed());
    }
    Ok(row.account)
}
