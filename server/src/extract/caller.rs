//! Who asks: the session that a cookie names.
//!
//! The cookie holds 256 random bits; the database holds their hash, so that whoever reads it can
//! open no session. A session ends when it was idle too long, when it is too old (for staff as the firm's
//! policy says, within the server's settings), or when its account or key is no longer known.

use core::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::Kid;
use shared::crypto::rng;
use shared::encoding::{from_base64url, to_base64url};
use shared::ids::{AccountId, MatterId};
use shared::journal::policy::SessionRules;
use shared::problem::Code;
use shared::time::{MINUTE, Timestamp};

use crate::db::own::{self, SessionRow};
use crate::db::pool::DbError;
use crate::db::{Conn, Tx};
use crate::error::{ApiError, Reply};
use crate::extract::place::Place;
use crate::journal::rules;
use crate::journal::signer::Part;
use crate::journal::store::directory;
use crate::state::{App, AppState};

const COOKIE: &str = "__Host-underseal";
/// The moment of the last use is written down at most this often.
const REMEMBERED: u64 = MINUTE;

/// Somebody with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// An admitted person of staff.
    Staff {
        /// Who.
        account: AccountId,
        /// The person's key.
        kid: Kid,
    },
    /// A client at one matter.
    Client {
        /// The client's key.
        kid: Kid,
        /// The matter.
        matter: MatterId,
    },
}

/// A session that holds, with the name under which it is kept.
#[derive(Clone, Copy)]
pub struct Session {
    /// Whose.
    pub caller: Caller,
    /// The hash of its token.
    pub hash: Hash32,
    /// When a factor was last shown in it.
    stepped: Timestamp,
}

/// How long a factor that was shown counts.
const FIVE_MINUTES: u64 = 5 * MINUTE;

impl Session {
    /// Whether a factor was shown within five minutes: for acts that a page left open must not do.
    ///
    /// # Errors
    /// [`Code::StepUp`] when none was.
    pub fn fresh(&self, app: &App) -> Reply<()> {
        if self.stepped.is_before(app.now(), FIVE_MINUTES) {
            return Err(ApiError::new(Code::StepUp, "Show your passkey or a code again first."));
        }
        Ok(())
    }

    /// The account, for what only staff may ask of identity.
    ///
    /// # Errors
    /// For a client, as if there were no such call.
    pub fn account(&self) -> Reply<AccountId> {
        match self.caller {
            Caller::Staff { account, .. } => Ok(account),
            Caller::Client { .. } => Err(ApiError::not_found()),
        }
    }
}

/// Whom a new session is for.
#[derive(Clone, Copy)]
pub enum For {
    /// Staff.
    Account(AccountId),
    /// A client.
    Key(Kid),
}

/// The cookie of a session that was just opened or ended.
#[must_use]
pub struct SessionCookie(String);

impl SessionCookie {
    /// As headers of an answer.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(header::SET_COOKIE, value);
        }
        headers
    }

    /// Makes the browser forget.
    pub fn ended() -> Self {
        Self(format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"))
    }
}

/// How long a session lasts, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Without a request.
    pub idle: u64,
    /// At all.
    pub absolute: u64,
}

impl Limits {
    const fn are_over(self, opened: Timestamp, used: Timestamp, now: Timestamp) -> bool {
        used.is_before(now, self.idle) || opened.is_before(now, self.absolute)
    }
}

/// What the server's settings allow: nobody stays longer.
fn own_limits(app: &App) -> Limits {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let config = &app.config;
    Limits { idle: millis(config.session_idle), absolute: millis(config.session_limit) }
}

/// How long sessions of clients last: half a day, within what the server's settings allow.
fn clients_limits(app: &App) -> Limits {
    let own = own_limits(app);
    Limits { absolute: own.absolute.min(SessionRules::DEFAULT.absolute()), ..own }
}

/// How long sessions of staff last: as the firm's policy says, within what the server's settings allow.
///
/// # Errors
/// When the database refuses.
pub async fn limits(conn: &mut Conn, app: &App) -> Result<Limits, DbError> {
    let said = rules::store::sessions(conn).await?.unwrap_or(SessionRules::DEFAULT);
    let own = own_limits(app);
    Ok(Limits { idle: own.idle.min(said.idle()), absolute: own.absolute.min(said.absolute()) })
}

/// Opens a session.
///
/// # Errors
/// When the database refuses.
pub async fn open(tx: &mut Tx, app: &App, whom: For, at: &Place) -> Result<SessionCookie, DbError> {
    let token: [u8; 32] = rng::random();
    let now = app.now();
    let limit = match whom {
        For::Account(_) => limits(tx, app).await?.absolute,
        For::Key(_) => clients_limits(app).absolute,
    };
    let expires = now.plus(limit);
    // Nobody lists a client's sessions, so nothing of where the client is is kept.
    let (account, kid, at) = match whom {
        For::Account(account) => (Some(account), None, at.clone()),
        For::Key(kid) => (None, Some(kid), Place::default()),
    };
    let row = SessionRow { account, kid, stepped: now, opened: now, used: now, expires };
    own::insert_session(tx, sha256(&token), &row, &at).await?;
    Ok(SessionCookie(format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={}",
        to_base64url(&token),
        limit / 1000
    )))
}

/// The session that a request names, if it holds.
///
/// # Errors
/// When the database refuses.
pub async fn find(parts: &Parts, app: &App) -> Reply<Option<Session>> {
    let Some(hash) = token_hash(&parts.headers) else {
        return Ok(None);
    };
    let mut read = app.db.read().await?;
    let Some(row) = own::session(&mut read, hash).await? else {
        return Ok(None);
    };
    let now = app.now();
    let limits = match row.account {
        Some(_) => limits(&mut read, app).await?,
        None => clients_limits(app),
    };
    if now > row.expires || limits.are_over(row.opened, row.used, now) {
        return Ok(None);
    }
    let caller = whose(&mut read, row.account, row.kid, now).await?;
    drop(read);
    let Some(caller) = caller else {
        return Ok(None);
    };
    if row.used.is_before(now, REMEMBERED) {
        let network = row.account.map(|_| Place::of(parts, app).network).unwrap_or_default();
        if let Err(error) = own::use_session(&app.db, hash, &network, now).await {
            // On a full disk people can still read.
            tracing::debug!(%error, "the use of a session was not written down");
        }
    }
    Ok(Some(Session { caller, hash, stepped: row.stepped }))
}

async fn whose(
    conn: &mut Conn,
    account: Option<AccountId>,
    kid: Option<Kid>,
    now: Timestamp,
) -> Result<Option<Caller>, DbError> {
    if let Some(account) = account {
        let signer = directory::staff(conn, account, now).await?;
        return Ok(signer.map(|signer| Caller::Staff { account, kid: signer.kid }));
    }
    let Some(kid) = kid else {
        return Ok(None);
    };
    Ok(directory::signer(conn, kid, now).await?.and_then(|signer| match signer.part {
        Part::Client { matter, .. } => Some(Caller::Client { kid, matter }),
        Part::Staff { .. } | Part::Root => None,
    }))
}

fn token_hash(headers: &HeaderMap) -> Option<Hash32> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .and_then(from_base64url)
        .filter(|token| token.len() == 32)
        .map(|token| sha256(&token))
}

impl FromRequestParts<AppState> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Reply<Self> {
        find(parts, app).await?.ok_or(ApiError::unauthenticated())
    }
}

impl OptionalFromRequestParts<AppState> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Reply<Option<Self>> {
        find(parts, app).await
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Reply<Self> {
        Ok(find(parts, app).await?.ok_or(ApiError::unauthenticated())?.caller)
    }
}

/// A request of somebody who needs no session, counted under its address.
pub struct Stranger;

impl FromRequestParts<AppState> for Stranger {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Reply<Self> {
        // Tests call the router without a connection.
        if let Some(peer) = parts.extensions.get::<crate::http::peer::Peer>() {
            app.limits.stranger(app.counted_as(peer.0, &parts.headers))?;
        }
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn named(cookie: &str) -> Option<Hash32> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        token_hash(&headers)
    }

    proptest::proptest! {
        /// Any words are read; a session is named only by 32 bytes in their one spelling.
        #[test]
        fn any_cookies_are_read(
            before in "[ -:<-~]{0,20}", after in "[ -~]{0,20}", token: [u8; 32], cut in 0..43_usize
        ) {
            assert_eq!(named(&before), None);
            let text = to_base64url(&token);
            let whole = named(&format!("a={before}; {COOKIE}={text}; b={after}"));
            assert_eq!(whole, Some(sha256(&token)));
            let short: String = text.chars().take(cut).collect();
            assert_eq!(named(&format!("{COOKIE}={short}")), None);
            assert_eq!(named(&format!("{COOKIE}={text}=")), None);
            assert_eq!(named(&format!("{COOKIE}s={text}")), None);
        }
    }
}
