//! How much one caller may ask: a quick count in memory by address, and slow counters in the
//! database for what must hold across restarts and replicas.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared::time::{HOUR, Timestamp};

use crate::db::{Db, own};
use crate::error::{ApiError, Reply};

/// Largest body of an ordinary call.
pub const CALL_BODY: usize = 256 * 1024;
/// Largest body of a call that carries statements with their attachments.
pub const APPEND_BODY: usize = 8 * 1024 * 1024;

const BURST: NonZeroU32 = NonZeroU32::new(60).unwrap();
const PER_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// Counts requests that need no session, by address.
pub struct Limits {
    strangers: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Default for Limits {
    fn default() -> Self {
        let quota = Quota::per_second(PER_SECOND).allow_burst(BURST);
        Self { strangers: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }
}

impl Limits {
    /// Counts one request of somebody without a session.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn stranger(&self, address: IpAddr) -> Reply<()> {
        self.strangers.check_key(&address).map_err(|not_until| {
            ApiError::too_many(not_until.wait_time_from(self.clock.now()).as_secs() + 1)
        })
    }

    /// Forgets addresses that have been quiet.
    pub fn tidy(&self) {
        self.strangers.retain_recent();
    }
}

/// What is counted in the database, an hour at a time.
#[derive(Clone, Copy)]
pub enum Counted {
    /// Failed tries to sign in by passphrase, by sign-in name.
    SignIn,
    /// The same by recovery words: whoever uses up the ones leaves the others.
    Words,
    /// The same of a device that the account was opened on before, by what it shows.
    Known,
    /// Failed tries to open a link, by link.
    Link,
    /// Wrong set-up codes.
    Setup,
    /// Mails that an account has sent.
    Mail,
    /// Wrong second factors of an account, by whoever had its passphrase or a session.
    Second,
    /// Failed tries to come back, by the passkey that is named.
    Back,
}

impl Counted {
    const fn number(self) -> i64 {
        match self {
            Self::SignIn => 1,
            Self::Link => 2,
            Self::Setup => 3,
            Self::Words => 4,
            Self::Known => 5,
            Self::Second => 6,
            Self::Mail => 7,
            Self::Back => 8,
        }
    }

    const fn most(self) -> u64 {
        match self {
            Self::Link => 20,
            _ => 10,
        }
    }
}

/// Counts a try before it is made, so that tries at once cannot slip through; a success takes it
/// back with [`forgive`].
///
/// # Errors
/// 429 when the hour's tries are used up.
pub async fn count(db: &Db, what: Counted, of: &[u8], now: Timestamp) -> Reply<()> {
    let hour = now.0 / HOUR;
    let tries = own::count_try(db, what.number(), of, hour).await?;
    if tries > what.most() {
        return Err(ApiError::too_many(((hour + 1) * HOUR).saturating_sub(now.0) / 1000 + 1));
    }
    Ok(())
}

/// Takes one try back after a success.
///
/// # Errors
/// When the database refuses.
pub async fn forgive(db: &Db, what: Counted, of: &[u8], now: Timestamp) -> Reply<()> {
    Ok(own::forgive_try(db, what.number(), of, now.0 / HOUR).await?)
}
