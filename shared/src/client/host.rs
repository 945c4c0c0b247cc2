//! The world as the core sees it: a transport, a store, a clock, and somewhere to stretch
//! passphrases without freezing the page.

use alloc::vec::Vec;

use super::error::ClientError;
use super::store::DeviceStore;
use super::transport::Transport;
use crate::crypto::keys::VerifyKey;
use crate::crypto::opaque;
use crate::crypto::signed::Signed;
use crate::secret::Secret;
use crate::time::Clock;

/// The two steps of OPAQUE that take 64 MiB and half a second. The default runs them in place; the
/// app runs them in a worker of their own, whose memory goes away afterwards.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait PassphraseWork {
    /// Finishes a registration: the record for the server, and the export key.
    ///
    /// # Errors
    /// [`ClientError::Unreadable`] when the server's message is none.
    async fn finish_registration(
        &self,
        state: &[u8],
        passphrase: &Secret<alloc::string::String>,
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
        // EXPOSE: the passphrase goes into the protocol, which neither logs nor keeps it.
        opaque::registration_finish(state, passphrase.expose().as_bytes(), response)
            .map_err(|_| ClientError::Unreadable)
    }

    /// Finishes a sign-in: the message for the server, and the export key.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] when the passphrase is wrong or the name is unknown.
    async fn finish_sign_in(
        &self,
        state: &[u8],
        passphrase: &Secret<alloc::string::String>,
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
        // EXPOSE: as above.
        opaque::login_finish(state, passphrase.expose().as_bytes(), response)
            .map_err(|_| ClientError::SignIn)
    }
}

/// A statement, and the key that is to have signed it.
pub struct Claim<'a> {
    /// The key.
    pub key: VerifyKey,
    /// All bytes.
    pub statement: &'a [u8],
}

impl Claim<'_> {
    /// Whether the signature holds, of whatever kind the statement is.
    #[must_use]
    pub fn holds(&self) -> bool {
        let signed = Signed::parse(self.statement);
        signed.is_ok_and(|signed| signed.verify(signed.namespace(), &self.key).is_ok())
    }
}

/// Many signatures, which the app has its workers verify side by side.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait SignatureWork {
    /// Says of each claim, in their order, whether it was found to hold. Those that are not spoken of, or
    /// were not found to hold, are verified where their statements are read: the default leaves it all to
    /// that.
    async fn verify(&self, claims: &[Claim<'_>]) -> Vec<bool> {
        let _ = claims;
        Vec::new()
    }
}

/// Work that nobody waits for.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait Leisure {
    /// Does this once there is time for it, or never, if the program ends before. The default does it now.
    async fn later(&self, work: impl Future<Output = ()> + 'static) {
        work.await;
    }
}

/// Everything that the core needs from outside.
pub trait Host: Transport + DeviceStore + PassphraseWork + SignatureWork + Leisure + Clock {}

impl<T> Host for T where
    T: Transport + DeviceStore + PassphraseWork + SignatureWork + Leisure + Clock
{
}
