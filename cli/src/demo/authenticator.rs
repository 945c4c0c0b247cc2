//! The authenticator apps of the demonstration's people: their second factor.

use shared::client::account::Ways;
use shared::client::factors::SignedIn;
use shared::client::host::Host;
use shared::client::{ClientError, Portal, Ring};
use shared::identity::wire::factors::{CodeStarted, Factor, NewCode};
use shared::ids::AccountId;
use shared::secret::Secret;
use totp_rs::Builder;

use super::seed::PASSPHRASE;

const STEP: u64 = 30;

/// One app with one secret.
pub struct Authenticator(CodeStarted);

impl Authenticator {
    /// What it shows so many steps from now.
    fn code(&self, now: u64, steps: u64) -> Result<String, ClientError> {
        let codes = Builder::new().with_secret(self.0.secret.0.clone()).build();
        let codes = codes.map_err(|_| ClientError::Unreadable)?;
        Ok(codes.generate(now / 1000 + steps * STEP).to_string())
    }
}

/// The passphrase of everybody, and an app.
///
/// # Errors
/// When the portal cannot be reached.
pub async fn ways<H: Host>(
    portal: &Portal<H>,
    account: AccountId,
) -> Result<(Ways, Authenticator), ClientError> {
    let app = Authenticator(portal.begin_code(account).await?);
    let code = app.code(portal.host().now().0, 0)?;
    let code = NewCode { nonce: app.0.nonce.clone(), code };
    let passphrase = Some(Secret::new(PASSPHRASE.to_owned()));
    Ok((Ways { passphrase, passkey: None, code: Some(code) }, app))
}

/// Signs in by both, for the first time: the step that connected the app is used up, so the next one it is,
/// which the server takes from a clock a little ahead.
///
/// # Errors
/// As signing in.
pub async fn sign_in_by_code<H: Host>(
    portal: &Portal<H>,
    handle: &str,
    app: &Authenticator,
) -> Result<Ring, ClientError> {
    match portal.sign_in(handle, &Secret::new(PASSPHRASE.to_owned())).await? {
        SignedIn::Open(ring) => Ok(ring),
        SignedIn::Second(second) => {
            let code = app.code(portal.host().now().0, 1)?;
            portal.finish_second(&second, Factor::Code(code)).await
        }
    }
}
