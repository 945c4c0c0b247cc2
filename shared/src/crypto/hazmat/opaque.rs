//! `opaque-ke` behind byte slices. It belongs to the generation of crates before the rest, so
//! none of its types leave this file.

use alloc::vec::Vec;

use opaque_ke::errors::{InternalError, ProtocolError};
use opaque_ke::generic_array::{ArrayLength, GenericArray};
#[cfg(feature = "plaintext")]
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialResponse, RegistrationResponse,
};
use opaque_ke::{
    CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest,
    RegistrationUpload, Ristretto255, ServerLogin, ServerLoginParameters, ServerRegistration,
    ServerSetup, TripleDh,
};

use super::rng::Platform;
use crate::crypto::purpose;

/// The suite.
struct Suite;

impl opaque_ke::CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2_old::Sha512>;
    type Ksf = Stretch;
}

/// Argon2id as a key stretching function. The salt is zero, as RFC 9807 has it: the OPRF has
/// already made the input unique to the account.
#[derive(Default)]
struct Stretch;

impl opaque_ke::ksf::Ksf for Stretch {
    fn hash<L: ArrayLength<u8>>(
        &self,
        input: GenericArray<u8, L>,
    ) -> Result<GenericArray<u8, L>, InternalError> {
        let mut out = GenericArray::default();
        if super::argon2id::stretch(&input, &[0; 16], &mut out) {
            Ok(out)
        } else {
            Err(InternalError::KsfError)
        }
    }
}

/// A step of OPAQUE failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueError {
    /// A message or state is not one of this protocol.
    #[error("the sign-in message is malformed")]
    Malformed,
    /// The passphrase is wrong, or the name unknown.
    #[error("the name or the passphrase is wrong")]
    Refused,
}

impl From<ProtocolError> for OpaqueError {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::InvalidLoginError => Self::Refused,
            _ => Self::Malformed,
        }
    }
}

fn context() -> Option<&'static [u8]> {
    Some(purpose::OPAQUE_CONTEXT.bytes())
}

pub(crate) struct Setup(ServerSetup<Suite>);

impl Setup {
    pub(crate) fn generate() -> Self {
        Self(ServerSetup::new(&mut Platform))
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.serialize().to_vec()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, OpaqueError> {
        Ok(Self(ServerSetup::deserialize(bytes)?))
    }
}

pub(crate) fn registration_response(
    setup: &Setup,
    message: &[u8],
    account: &[u8],
) -> Result<Vec<u8>, OpaqueError> {
    let message = RegistrationRequest::deserialize(message)?;
    let answer = ServerRegistration::<Suite>::start(&setup.0, message, account)?;
    Ok(answer.message.serialize().to_vec())
}

pub(crate) fn registration_record(upload: &[u8]) -> Result<Vec<u8>, OpaqueError> {
    let upload = RegistrationUpload::<Suite>::deserialize(upload)?;
    Ok(ServerRegistration::finish(upload).serialize().to_vec())
}

pub(crate) fn login_response(
    setup: &Setup,
    record: Option<&[u8]>,
    message: &[u8],
    account: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), OpaqueError> {
    let record = record.map(ServerRegistration::<Suite>::deserialize).transpose()?;
    let message = CredentialRequest::deserialize(message)?;
    let started = ServerLogin::start(&mut Platform, &setup.0, record, message, account, server())?;
    Ok((started.state.serialize().to_vec(), started.message.serialize().to_vec()))
}

pub(crate) fn login_check(state: &[u8], message: &[u8]) -> Result<(), OpaqueError> {
    let state = ServerLogin::<Suite>::deserialize(state)?;
    let message = CredentialFinalization::deserialize(message)?;
    state.finish(message, server()).map(|_| ()).map_err(|_| OpaqueError::Refused)
}

fn server() -> ServerLoginParameters<'static, 'static> {
    ServerLoginParameters { context: context(), identifiers: Identifiers::default() }
}

#[cfg(feature = "plaintext")]
pub(crate) fn registration_start(passphrase: &[u8]) -> Result<(Vec<u8>, Vec<u8>), OpaqueError> {
    let started = ClientRegistration::<Suite>::start(&mut Platform, passphrase)?;
    Ok((started.state.serialize().to_vec(), started.message.serialize().to_vec()))
}

#[cfg(feature = "plaintext")]
pub(crate) fn registration_finish(
    state: &[u8],
    passphrase: &[u8],
    response: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), OpaqueError> {
    let state = ClientRegistration::<Suite>::deserialize(state)?;
    let response = RegistrationResponse::deserialize(response)?;
    let parameters = ClientRegistrationFinishParameters::default();
    let done = state.finish(&mut Platform, passphrase, response, parameters)?;
    Ok((done.message.serialize().to_vec(), done.export_key.to_vec()))
}

#[cfg(feature = "plaintext")]
pub(crate) fn login_start(passphrase: &[u8]) -> Result<(Vec<u8>, Vec<u8>), OpaqueError> {
    let started = ClientLogin::<Suite>::start(&mut Platform, passphrase)?;
    Ok((started.state.serialize().to_vec(), started.message.serialize().to_vec()))
}

#[cfg(feature = "plaintext")]
pub(crate) fn login_finish(
    state: &[u8],
    passphrase: &[u8],
    response: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), OpaqueError> {
    let state = ClientLogin::<Suite>::deserialize(state)?;
    let response = CredentialResponse::deserialize(response)?;
    let parameters = ClientLoginFinishParameters {
        context: context(),
        ..ClientLoginFinishParameters::default()
    };
    let done = state.finish(&mut Platform, passphrase, response, parameters)?;
    Ok((done.message.serialize().to_vec(), done.export_key.to_vec()))
}

#[cfg(all(test, feature = "plaintext"))]
mod tests {
    use super::*;

    const PASSPHRASE: &[u8] = b"correct horse battery staple";
    const CONTEXT: &[u8] = b"underseal/v1/opaque-context\0";

    /// The bytes are the reference implementation's; see [`super::super::argon2id`].
    #[test]
    fn what_comes_of_a_passphrase_is_stretched_under_a_salt_of_zeros() {
        let input = GenericArray::from(core::array::from_fn::<u8, 64, _>(|at| at as u8));
        let out = opaque_ke::ksf::Ksf::hash(&Stretch, input).unwrap_or_default();
        let expected = "97076ac1d2e29b8f16f2af338d9f0e63a0d078c2b3cce12024bc7ecdd3cbc2d4\
                        b4dcb53de561c257004dc2d756cd8abcac4efc7b764b385fd8f624d7aa447a22";
        assert_eq!(crate::encoding::to_hex(&out), expected);
    }

    /// Registers, and gives the server's secret and the record.
    fn registered() -> Result<(Setup, Vec<u8>), OpaqueError> {
        let setup = Setup::generate();
        let (state, message) = registration_start(PASSPHRASE)?;
        let response = registration_response(&setup, &message, b"account")?;
        let (upload, _) = registration_finish(&state, PASSPHRASE, &response)?;
        Ok((setup, registration_record(&upload)?))
    }

    /// A server of another protocol that has the same record.
    fn other_server(
        (setup, record): &(Setup, Vec<u8>),
        context: Option<&[u8]>,
        message: &[u8],
    ) -> Result<Vec<u8>, OpaqueError> {
        let record = ServerRegistration::<Suite>::deserialize(record)?;
        let message = CredentialRequest::deserialize(message)?;
        let said = ServerLoginParameters { context, identifiers: Identifiers::default() };
        let started =
            ServerLogin::start(&mut Platform, &setup.0, Some(record), message, b"account", said)?;
        Ok(started.message.serialize().to_vec())
    }

    /// A client of another protocol that knows the passphrase.
    fn other_client(
        (setup, record): &(Setup, Vec<u8>),
        context: Option<&[u8]>,
    ) -> Result<(), OpaqueError> {
        let started = ClientLogin::<Suite>::start(&mut Platform, PASSPHRASE)?;
        let message = started.message.serialize();
        let (_, answer) = login_response(setup, Some(record), &message, b"account")?;
        let answer = CredentialResponse::deserialize(&answer)?;
        let said = ClientLoginFinishParameters { context, ..Default::default() };
        started.state.finish(&mut Platform, PASSPHRASE, answer, said)?;
        Ok(())
    }

    #[test]
    fn each_side_signs_in_for_this_product_alone() {
        let Ok(account) = registered() else { panic!("nobody is registered") };
        for (context, expected) in [
            (Some(CONTEXT), Ok(())),
            (None, Err(OpaqueError::Refused)),
            (Some(&CONTEXT[..CONTEXT.len() - 1]), Err(OpaqueError::Refused)),
        ] {
            let finish = || {
                let (state, message) = login_start(PASSPHRASE)?;
                let answer = other_server(&account, context, &message)?;
                login_finish(&state, PASSPHRASE, &answer).map(drop)
            };
            assert_eq!(finish(), expected, "a server of {context:?}");
            assert_eq!(other_client(&account, context), expected, "a client of {context:?}");
        }
    }

    #[test]
    fn what_is_no_message_is_malformed_and_not_a_wrong_passphrase() {
        let Ok((setup, record)) = registered() else { panic!("nobody is registered") };
        let (state, message) = registration_start(PASSPHRASE).unwrap_or_default();
        let malformed = Err(OpaqueError::Malformed);
        let short = &message[..message.len() - 1];
        assert_eq!(registration_response(&setup, short, b"account"), malformed);
        assert_eq!(registration_record(&record[1..]), malformed);
        assert_eq!(login_check(&state, &message), Err(OpaqueError::Malformed));
        assert_eq!(registration_finish(&state, PASSPHRASE, short).map(drop), malformed.map(drop));
        let answer = login_response(&setup, Some(&record[1..]), &message, b"account");
        assert_eq!(answer.map(drop), Err(OpaqueError::Malformed));
        assert_eq!(login_finish(&state, PASSPHRASE, short).map(drop), Err(OpaqueError::Malformed));
    }
}
