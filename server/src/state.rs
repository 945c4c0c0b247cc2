//! What every handler can reach: the stores, the clock, the limits, the server's own keys.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use shared::time::{Clock, Timestamp};

use crate::blob::Blobs;
use crate::config::Config;
use crate::db::Db;
use crate::http::headers::SecurityHeaders;
use crate::http::limits::Limits;
use crate::http::static_files::Site;
use crate::http::well_known::Waict;
use crate::identity::Passkeys;
use crate::matters::clients::mail::relay::Relay;
use crate::secrets::ServerSecrets;

/// The time, in a form that many threads can ask.
pub type SharedClock = Arc<dyn Clock + Send + Sync>;

/// See [`App`]; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<App>);

impl AppState {
    /// Shares it.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(Arc::new(app))
    }
}

impl Deref for AppState {
    type Target = App;
    fn deref(&self) -> &App {
        &self.0
    }
}

/// The parts of the running server.
pub struct App {
    /// As it was started.
    pub config: Config,
    /// The rows.
    pub db: Db,
    /// The sealed bytes.
    pub blobs: Blobs,
    /// The time.
    pub clock: SharedClock,
    /// How much a stranger may ask.
    pub limits: Limits,
    /// Checks passkeys.
    pub passkeys: Passkeys,
    /// The way out for mails, where there is one.
    pub relay: Option<Relay>,
    /// The built frontend.
    pub site: Site,
    /// The site's list of itself, for browsers that know WAICT; none in a site that was not built.
    pub waict: Option<Waict>,
    /// Laid on every answer.
    pub headers: SecurityHeaders,
    /// The log key and what sign-in needs.
    pub secrets: ServerSecrets,
    /// What a founder must know; none on a loopback address.
    pub setup_code: Option<String>,
}

impl App {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The address that a request is counted under.
    #[must_use]
    pub fn counted_as(&self, peer: IpAddr, headers: &axum::http::HeaderMap) -> IpAddr {
        crate::http::peer::client(peer, headers, &self.config.trusted_proxies)
    }
}

/// The machine's clock: the one place that reads it.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that others take")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}
