//! Devices on which an account was opened. Tries to sign in are counted by name, and whoever likes can use up
//! the hour's tries of any name. So a device that shows what it was given at its last sign-in is counted for
//! itself: strangers close the name for strangers. It opens nothing, and gives its holder ten tries an hour,
//! shared with those of the name's devices that fall in the same of sixteen lots.
//!
//! 16 random bytes, and SHA-256 over a secret of the server's, them, and the name's SHA-256: all of fixed
//! lengths. Nothing is looked up, so that names that do not exist are answered alike.

use shared::crypto::hash::{equal, sha256, sha256_of};
use shared::crypto::rng;
use shared::encoding::B64;

use crate::error::Reply;
use crate::http::limits::{self, Counted};
use crate::state::App;

const NONCE: usize = 16;

/// As whom somebody tries.
pub(super) struct Trier {
    counted: Option<(Counted, Vec<u8>)>,
    shown: Option<Vec<u8>>,
}

/// A name's devices are counted in so many lots: whoever collected what many sign-ins gave out has no more
/// tries by it than these.
const LOTS: u8 = 16;

impl Trier {
    /// By what the device shows, where that is of this name; otherwise as a stranger in this way in.
    pub(super) fn of(app: &App, handle: &str, shown: Option<&B64>, stranger: Counted) -> Self {
        match shown.filter(|shown| holds(app, handle, &shown.0)) {
            Some(shown) => Self::known(handle, shown.0.clone()),
            None => Self { counted: Some((stranger, handle.as_bytes().to_vec())), shown: None },
        }
    }

    /// By a passkey, which nobody guesses.
    pub(super) const fn uncounted() -> Self {
        Self { counted: None, shown: None }
    }

    fn known(handle: &str, shown: Vec<u8>) -> Self {
        let lot = shown.first().map_or(0, |byte| byte % LOTS);
        let of = [&sha256(handle.as_bytes()).0[..], &[lot]].concat();
        Self { counted: Some((Counted::Known, of)), shown: Some(shown) }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// 429 when the hour's are used up.
    pub(super) async fn count(&self, app: &App) -> Reply<()> {
        let Some((what, of)) = &self.counted else { return Ok(()) };
        limits::count(&app.db, *what, of, app.now()).await
    }

    /// Takes the try back that succeeded. Gives what the device shows the next time: what it showed now, or
    /// something new.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn forgive(self, app: &App, handle: &str) -> Reply<B64> {
        if let Some((what, of)) = &self.counted {
            limits::forgive(&app.db, *what, of, app.now()).await?;
        }
        Ok(B64(self.shown.unwrap_or_else(|| made(app, handle, rng::random()))))
    }
}

fn made(app: &App, handle: &str, nonce: [u8; NONCE]) -> Vec<u8> {
    // EXPOSE: hashed with what stands beside it; only the hash leaves.
    let secret = app.secrets.known.expose();
    let tag = sha256_of(&[secret, &nonce, &sha256(handle.as_bytes()).0]);
    [&nonce[..], &tag.0].concat()
}

fn holds(app: &App, handle: &str, shown: &[u8]) -> bool {
    let nonce = shown.first_chunk::<NONCE>();
    nonce.is_some_and(|nonce| equal(&made(app, handle, *nonce), shown))
}
