//! Accounts and sign-in as people of these tests have them: a passphrase, and beside it a passkey of the
//! sign-in name that proves and does not unlock.

use shared::client::account::Ways;
use shared::client::enrol::Joining;
use shared::client::factors::SignedIn;
use shared::client::{ClientError, Portal, Ring};
use shared::identity::wire::factors::Factor;
use shared::ids::{AccountId, EnrolmentId};
use shared::secret::Secret;

use super::client::Device;
use super::soft_passkey::SoftPasskey;

/// How the owner of a new account signs in. A line that is cut shows at the next call.
pub async fn ways(portal: &Portal<Device>, account: AccountId, handle: &str, word: &str) -> Ways {
    let passkey = match portal.begin_new_passkey(account).await {
        Ok(ceremony) => Some(SoftPasskey::of(handle).make(&ceremony)),
        Err(_) => None,
    };
    Ways { passphrase: Some(Secret::new(word.into())), passkey, code: None }
}

/// Signs in by both.
pub async fn enter(
    portal: &Portal<Device>,
    handle: &str,
    passphrase: &Secret<String>,
) -> Result<Ring, ClientError> {
    match portal.sign_in(handle, passphrase).await? {
        SignedIn::Open(ring) => Ok(ring),
        SignedIn::Second(second) => {
            let said = SoftPasskey::of(handle).sign(&second.wanted.challenge);
            portal.finish_second(&second, Factor::Passkey(said)).await
        }
    }
}

/// A newcomer makes an account and keys.
pub async fn enrol(
    portal: &Portal<Device>,
    enrolment: EnrolmentId,
    fragment: &str,
    (name, handle): (&str, &str),
    passphrase: &Secret<String>,
) -> Result<Secret<String>, ClientError> {
    let account = AccountId::random();
    let ways = ways(portal, account, handle, passphrase.expose()).await;
    let joining = Joining { account, display_name: name.into(), handle: handle.into(), ways };
    portal.enrol(enrolment, fragment, &joining).await
}
