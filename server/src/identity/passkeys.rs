//! What WebAuthn asks a server to check of a passkey, by a library that does little else. In and out go
//! bytes: a ceremony's state and a passkey's are kept as the library writes them.

use shared::encoding::{B64, to_base64url};
use shared::identity::wire::factors::Assertion;
use shared::ids::AccountId;
use shared::problem::Code;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::{AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw};

use crate::config::PublicUrl;
use crate::error::{ApiError, Reply};

/// The checks, bound to the server's own address: a passkey made for another is refused.
pub struct Passkeys(Option<Webauthn>);

/// Something to sign, and what the answer is checked against.
pub(super) struct Begun {
    pub(super) challenge: B64,
    pub(super) state: Vec<u8>,
}

/// A passkey that holds.
pub(super) struct Kept {
    pub(super) credential: Vec<u8>,
    pub(super) state: Vec<u8>,
}

const KIND: &str = "public-key";

impl Passkeys {
    /// For a server that browsers know by this address. WebAuthn knows no bare numbers.
    #[must_use]
    pub fn at(url: &PublicUrl) -> Self {
        let numbers = url.host().trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
        let origin = Url::parse(url.origin()).ok().filter(|_| !numbers);
        Self(origin.and_then(|origin| WebauthnBuilder::new(url.host(), &origin).ok()?.build().ok()))
    }

    /// Whether browsers can make them for this address.
    #[must_use]
    pub const fn are_possible(&self) -> bool {
        self.0.is_some()
    }

    fn checks(&self) -> Reply<&Webauthn> {
        self.0.as_ref().ok_or(ApiError::bad_request("This server's address can have no passkeys."))
    }

    pub(super) fn begin_new(&self, account: AccountId) -> Reply<Begun> {
        // Browsers show what the page tells them, not this.
        let name = account.to_string();
        let user = Uuid::from_bytes(account.0);
        let (options, state) = self
            .checks()?
            .start_passkey_registration(user, &name, &name, None)
            .map_err(ApiError::internal)?;
        Ok(Begun { challenge: B64(options.public_key.challenge.to_vec()), state: json(&state)? })
    }

    pub(super) fn finish_new(&self, state: &[u8], object: &B64, data: &B64) -> Reply<Kept> {
        let state: PasskeyRegistration = from_json(state)?;
        let made = RegisterPublicKeyCredential {
            id: String::new(),
            raw_id: Vec::new(),
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: object.0.clone(),
                client_data_json: data.0.clone(),
                transports: None,
            },
            type_: KIND.to_owned(),
            extensions: Default::default(),
        };
        let passkey = self.checks()?.finish_passkey_registration(&made, &state).map_err(refused)?;
        Ok(Kept { credential: passkey.cred_id().to_vec(), state: json(&passkey)? })
    }

    pub(super) fn begin(&self) -> Reply<Begun> {
        let (options, state) =
            self.checks()?.start_discoverable_authentication().map_err(ApiError::internal)?;
        Ok(Begun { challenge: B64(options.public_key.challenge.to_vec()), state: json(&state)? })
    }

    /// Checks what a passkey signed. Gives the passkey as it is kept from now on.
    pub(super) fn finish(&self, state: &[u8], said: &Assertion, kept: &[u8]) -> Reply<Vec<u8>> {
        let state: DiscoverableAuthentication = from_json(state)?;
        let mut passkey: Passkey = from_json(kept)?;
        let signed = PublicKeyCredential {
            id: to_base64url(&said.credential.0),
            raw_id: said.credential.0.clone(),
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: said.authenticator.0.clone(),
                client_data_json: said.client_data.0.clone(),
                signature: said.signature.0.clone(),
                user_handle: None,
            },
            extensions: Default::default(),
            type_: KIND.to_owned(),
        };
        let result = self
            .checks()?
            .finish_discoverable_authentication_v2(&signed, state, &passkey)
            .map_err(refused)?;
        passkey.update_credential(&result);
        json(&passkey)
    }
}

fn refused(error: WebauthnError) -> ApiError {
    tracing::info!(%error, "a passkey's answer does not hold");
    if matches!(error, WebauthnError::CredentialPossibleCompromise) {
        return ApiError::new(
            Code::PasskeyCopied,
            "This passkey's counter went back: somebody may have a copy of it.",
        );
    }
    ApiError::new(Code::SignInFailed, "The passkey's answer does not hold.")
}

fn json<T: serde::Serialize>(value: &T) -> Reply<Vec<u8>> {
    serde_json::to_vec(value).map_err(ApiError::internal)
}

fn from_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Reply<T> {
    serde_json::from_slice(bytes).map_err(ApiError::internal)
}
