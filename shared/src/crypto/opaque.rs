//! The passphrase proof (OPAQUE, RFC 9807): nobody can check guesses without the server's own secret,
//! and a right one opens nothing without the device's; unknown names are answered like known ones.
//! Suite: ristretto255-SHA512, 3DH, Argon2id with 64 MiB, 3 passes, 1 lane, compiled in.

use alloc::vec::Vec;

use super::hazmat::opaque as suite;
use crate::secret::Secret;

pub use suite::OpaqueError;

/// The server's long-lived secret for OPAQUE.
pub struct ServerSetup(suite::Setup);

impl ServerSetup {
    /// A fresh secret.
    #[must_use]
    pub fn generate() -> Self {
        Self(suite::Setup::generate())
    }

    /// The bytes, for the server's own store.
    #[must_use]
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        Secret::new(self.0.to_bytes())
    }

    /// Out of the server's own store.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpaqueError> {
        suite::Setup::from_bytes(bytes).map(Self)
    }
}

/// Server: answers a registration's first message for an account.
///
/// # Errors
/// [`OpaqueError::Malformed`].
pub fn registration_response(
    setup: &ServerSetup,
    message: &[u8],
    account: &[u8],
) -> Result<Vec<u8>, OpaqueError> {
    suite::registration_response(&setup.0, message, account)
}

/// Server: checks the record that ends a registration; what is given back is what to store.
///
/// # Errors
/// [`OpaqueError::Malformed`].
pub fn registration_record(upload: &[u8]) -> Result<Vec<u8>, OpaqueError> {
    suite::registration_record(upload)
}

/// Server: answers a sign-in's first message. Without a record it answers as if there were one.
/// Gives the state to keep until [`login_check`], and the answer.
///
/// # Errors
/// [`OpaqueError::Malformed`].
pub fn login_response(
    setup: &ServerSetup,
    record: Option<&[u8]>,
    message: &[u8],
    account: &[u8],
) -> Result<(Secret<Vec<u8>>, Vec<u8>), OpaqueError> {
    let (state, answer) = suite::login_response(&setup.0, record, message, account)?;
    Ok((Secret::new(state), answer))
}

/// Server: whether the last message proves the passphrase.
///
/// # Errors
/// [`OpaqueError::Refused`] when it does not.
pub fn login_check(state: &[u8], message: &[u8]) -> Result<(), OpaqueError> {
    suite::login_check(state, message)
}

#[cfg(feature = "plaintext")]
pub use client::{login_finish, login_start, registration_finish, registration_start};

#[cfg(feature = "plaintext")]
mod client {
    use super::{OpaqueError, Secret, Vec, suite};

    /// Begins a registration: the state to keep, and the message for the server.
    ///
    /// # Errors
    /// When the passphrase cannot be used at all.
    pub fn registration_start(
        passphrase: &[u8],
    ) -> Result<(Secret<Vec<u8>>, Vec<u8>), OpaqueError> {
        suite::registration_start(passphrase).map(|(state, message)| (Secret::new(state), message))
    }

    /// Ends a registration: the record for the server, and the export key. Takes 64 MiB and about
    /// half a second.
    ///
    /// # Errors
    /// [`OpaqueError::Malformed`] when the server's answer is none.
    pub fn registration_finish(
        state: &[u8],
        passphrase: &[u8],
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), OpaqueError> {
        suite::registration_finish(state, passphrase, response)
            .map(|(record, export)| (record, Secret::new(export)))
    }

    /// Begins a sign-in: the state to keep, and the message for the server.
    ///
    /// # Errors
    /// When the passphrase cannot be used at all.
    pub fn login_start(passphrase: &[u8]) -> Result<(Secret<Vec<u8>>, Vec<u8>), OpaqueError> {
        suite::login_start(passphrase).map(|(state, message)| (Secret::new(state), message))
    }

    /// Ends a sign-in: the last message for the server, and the export key. Takes 64 MiB and about
    /// half a second.
    ///
    /// # Errors
    /// [`OpaqueError::Refused`] when the passphrase is wrong or the name unknown: the two look alike.
    pub fn login_finish(
        state: &[u8],
        passphrase: &[u8],
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), OpaqueError> {
        suite::login_finish(state, passphrase, response)
            .map(|(message, export)| (message, Secret::new(export)))
    }
}
