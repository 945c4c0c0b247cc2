//! Passkeys: one touch signs in and, by the passkey's PRF, unlocks. The browser makes and asks them; what
//! leaves it here is what the server verifies, and never the PRF.

use alloc::vec::Vec;

use super::Portal;
use super::account;
use super::error::ClientError;
use super::host::Host;
use super::ring::{Keys, Ring};
use super::unlock::keep_device;
use crate::crypto::keys::AccountKey;
use crate::crypto::sealed::SlotKind;
use crate::crypto::slots;
use crate::encoding::B64;
use crate::identity::wire::Slot;
use crate::identity::wire::factors::{
    AddPasskey, Assertion, Ceremony, FinishPasskey, NewPasskey, RemovePasskey, StartNewPasskey,
    StartPasskey,
};
use crate::ids::AccountId;
use crate::secret::Secret;

/// What a passkey gives for the product's one salt ([`slots::prf_salt`]).
pub type Prf = Secret<[u8; 32]>;

/// A passkey that the browser just made.
pub struct MadePasskey {
    /// From [`Ceremony`].
    pub attempt: B64,
    /// `attestationObject`.
    pub object: Vec<u8>,
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// Its PRF; none where it has none, so that it proves and does not unlock.
    pub prf: Option<Prf>,
}

/// A passkey that signed.
pub struct Signed {
    /// What goes to the server.
    pub assertion: Assertion,
    /// Its PRF, which does not.
    pub prf: Option<Prf>,
}

impl MadePasskey {
    /// As the server keeps it, with the account master key sealed for it.
    pub(super) fn seal(
        &self,
        account: AccountId,
        amk: &AccountKey,
    ) -> Result<NewPasskey, ClientError> {
        let seal = |prf: &Prf| -> Result<Slot, ClientError> {
            // EXPOSE: goes into the key derivation, which neither logs nor keeps it.
            let kek = slots::kek_from_prf(prf.expose());
            account::slot(account, SlotKind::Passkey, &kek, amk)
        };
        Ok(NewPasskey {
            attempt: self.attempt.clone(),
            object: B64(self.object.clone()),
            client_data: B64(self.client_data.clone()),
            slot: self.prf.as_ref().map(seal).transpose()?,
        })
    }
}

impl<H: Host> Portal<H> {
    /// Something for any passkey of this server to sign.
    ///
    /// # Errors
    /// When the server cannot be reached, or its address can have no passkeys.
    pub async fn begin_passkey(&self) -> Result<Ceremony, ClientError> {
        self.call(&StartPasskey {}).await
    }

    /// Signs in and unlocks by what a passkey signed and gave.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] for a passkey that the server does not know;
    /// [`ClientError::NoKeysInPasskey`] for one without a PRF; [`ClientError::NotVerified`] when the
    /// server shows other keys.
    pub async fn sign_in_with_passkey(
        &self,
        attempt: B64,
        signed: Signed,
    ) -> Result<Ring, ClientError> {
        let Signed { assertion, prf } = signed;
        // Whatever the server says: without a PRF nothing here opens.
        let prf = prf.ok_or(ClientError::NoKeysInPasskey)?;
        let opened = self.call(&FinishPasskey { attempt, assertion }).await?;
        account::check_handle(&opened.handle).map_err(|_| ClientError::Unreadable)?;
        let (account, handle, known) =
            (opened.account, opened.handle.clone(), opened.known.clone());
        let device = self.device(&handle).await?.filter(|device| device.account == account);
        // EXPOSE: goes into the key derivation, which neither logs nor keeps it.
        let kek = slots::kek_from_prf(prf.expose());
        let pinned = device.map(|device| device.firm);
        let (ring, secret) = self.unlock(&handle, opened, &kek, SlotKind::Passkey, pinned).await?;
        self.keep_known(&handle, &known).await;
        if let Some(secret) = secret {
            // So that the passphrase opens on this device, too, where the account has one.
            let firm = ring.with(Keys::firm)?;
            keep_device(self, account, &handle, &secret, firm).await?;
        }
        Ok(ring)
    }

    /// Something for a new passkey of an account to sign; the account need not exist yet.
    ///
    /// # Errors
    /// As [`Portal::begin_passkey`].
    pub async fn begin_new_passkey(&self, account: AccountId) -> Result<Ceremony, ClientError> {
        self.call(&StartNewPasskey { account }).await
    }

    /// Keeps a passkey of this account: from now on it signs in, and unlocks where it has a PRF.
    ///
    /// # Errors
    /// [`ClientError::StepUp`] when no factor was shown within five minutes; otherwise as usual.
    pub async fn add_passkey(&self, ring: &Ring, made: &MadePasskey) -> Result<(), ClientError> {
        let passkey = ring.with(|keys| made.seal(keys.account, &keys.amk))??;
        self.call(&AddPasskey { passkey }).await?;
        Ok(())
    }

    /// Forgets a passkey of this account; it ends the account's other sessions.
    ///
    /// # Errors
    /// [`ClientError::StepUp`]; refused when it is the last factor.
    pub async fn remove_passkey(&self, credential: &B64) -> Result<(), ClientError> {
        self.call(&RemovePasskey { credential: credential.clone() }).await?;
        Ok(())
    }
}
