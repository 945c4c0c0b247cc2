//! An account is made on its owner's device: a passkey, or a passphrase's proof with a second factor; a
//! secret of the device, twelve words, and the sealed keys.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::passkey::MadePasskey;
use crate::crypto::hash::sha256;
use crate::crypto::keys::{AccountKey, Kek};
use crate::crypto::opaque;
use crate::crypto::recovery::RecoveryCode;
use crate::crypto::rng;
use crate::crypto::sealed::SlotKind;
use crate::crypto::slots::{self, AccountSecrets, DEVICE_SECRET, SlotContext};
use crate::encoding::B64;
use crate::identity::wire::factors::NewCode;
use crate::identity::wire::{NewAccount, Slot, StartRegistration};
use crate::ids::{AccountId, SlotId};
use crate::secret::Secret;

/// The account master key's generation; a later one re-seals everything.
pub(crate) const GENERATION: u32 = 1;
/// The security version that slots are bound to.
pub(crate) const SECURITY: u32 = 1;

/// How somebody will sign in and unlock: by a passkey with a PRF, or by a passphrase with something
/// beside it.
#[derive(Default)]
pub struct Ways {
    /// A passphrase.
    pub passphrase: Option<Secret<String>>,
    /// A passkey, made for the account's id.
    pub passkey: Option<MadePasskey>,
    /// An authenticator app, connected for the account's id.
    pub code: Option<NewCode>,
}

impl Ways {
    /// Whether they are enough: the server asks the same.
    #[must_use]
    pub fn are_enough(&self) -> bool {
        let opens = self.passkey.as_ref().is_some_and(|passkey| passkey.prf.is_some());
        let beside = self.code.is_some() || self.passkey.is_some();
        opens || (self.passphrase.is_some() && beside)
    }
}

/// Whose account is made.
pub(crate) struct Newcomer<'a> {
    pub(crate) account: AccountId,
    pub(crate) handle: String,
    pub(crate) ways: &'a Ways,
    pub(crate) secrets: &'a AccountSecrets,
}

/// What the device holds after an account was made.
pub(crate) struct Enlisted {
    pub(crate) new_account: NewAccount,
    pub(crate) amk: AccountKey,
    pub(crate) device_secret: Secret<[u8; DEVICE_SECRET]>,
    pub(crate) recovery_words: Secret<String>,
}

/// Makes an account: registers the ways in and seals the secrets. Nothing is stored by the server until
/// the account is sent with what admits it.
pub(crate) async fn enlist<H: Host>(
    portal: &Portal<H>,
    newcomer: Newcomer<'_>,
) -> Result<Enlisted, ClientError> {
    let Newcomer { account, handle, ways, secrets } = newcomer;
    if !ways.are_enough() {
        return Err(ClientError::Unfit);
    }
    let amk = AccountKey::generate();
    let device_secret = secrets.device.as_ref().ok_or(ClientError::Unfit)?;
    // EXPOSE: kept by the device's store, which seals it.
    let device_secret = Secret::new(*device_secret.expose());
    let code = RecoveryCode::generate();
    let mut slots = vec![recovery_slot(account, &amk, &code)?];
    let mut record = None;
    if let Some(passphrase) = &ways.passphrase {
        let (registered, export) = register(portal, account, passphrase).await?;
        slots.insert(0, passphrase_slot(account, &amk, &export, &device_secret)?);
        record = Some(B64(registered));
    }
    let new_account = NewAccount {
        account,
        handle,
        record,
        passkey: ways.passkey.as_ref().map(|made| made.seal(account, &amk)).transpose()?,
        code: ways.code.clone(),
        slots,
        secrets: B64(seal_secrets(account, &amk, secrets)?),
        // EXPOSE: the server keeps the token's hash alone.
        recovery_hash: sha256(code.auth_token().expose()),
    };
    Ok(Enlisted { new_account, amk, device_secret, recovery_words: code.words() })
}

/// A fresh device secret.
pub(crate) fn device_secret() -> Secret<[u8; DEVICE_SECRET]> {
    Secret::new(rng::random())
}

/// Registers a passphrase with the server: the record to keep there, and the key that only this
/// passphrase yields.
pub(crate) async fn register<H: Host>(
    portal: &Portal<H>,
    account: AccountId,
    passphrase: &Secret<String>,
) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
    // EXPOSE: the passphrase goes into the protocol, which neither logs nor keeps it.
    let (state, message) = opaque::registration_start(passphrase.expose().as_bytes())
        .map_err(|_| ClientError::Unfit)?;
    let reply = portal.call(&StartRegistration { account, message: B64(message) }).await?;
    // EXPOSE: the protocol's state goes back into the protocol.
    portal.host.finish_registration(state.expose(), passphrase, &reply.message.0).await
}

/// Seals the account master key under passphrase and device.
pub(crate) fn passphrase_slot(
    account: AccountId,
    amk: &AccountKey,
    export: &Secret<Vec<u8>>,
    device: &Secret<[u8; DEVICE_SECRET]>,
) -> Result<Slot, ClientError> {
    // EXPOSE: both go into the key derivation, which neither logs nor keeps them.
    let kek = slots::kek_from_opaque(export.expose(), device.expose());
    slot(account, SlotKind::Opaque, &kek, amk)
}

/// Seals the account master key under the recovery words.
pub(crate) fn recovery_slot(
    account: AccountId,
    amk: &AccountKey,
    code: &RecoveryCode,
) -> Result<Slot, ClientError> {
    slot(account, SlotKind::Recovery, &slots::kek_from_recovery(code), amk)
}

pub(crate) fn slot(
    account: AccountId,
    kind: SlotKind,
    kek: &Kek,
    amk: &AccountKey,
) -> Result<Slot, ClientError> {
    let slot = SlotId::random();
    let sealed =
        slots::seal_amk(kek, &context(account, slot, kind), amk).map_err(|_| ClientError::Unfit)?;
    Ok(Slot { slot, kind: kind as u8, sealed: B64(sealed) })
}

fn seal_secrets(
    account: AccountId,
    amk: &AccountKey,
    secrets: &AccountSecrets,
) -> Result<Vec<u8>, ClientError> {
    slots::seal_secrets(amk, &secrets_context(account), secrets).map_err(|_| ClientError::Unfit)
}

/// What an account's secrets are bound to: the account itself stands for the slot.
pub(crate) const fn secrets_context(account: AccountId) -> SlotContext {
    context(account, SlotId(account.0), SlotKind::AccountKeys)
}

/// What a slot is bound to.
pub(crate) const fn context(account: AccountId, slot: SlotId, kind: SlotKind) -> SlotContext {
    SlotContext {
        user: account,
        slot_id: slot,
        slot_type: kind as u8,
        amk_gen: GENERATION,
        sec_version: SECURITY,
    }
}

/// A sign-in name: 2 to 64 of `a-z 0-9 . _ -`, beginning with a letter.
///
/// # Errors
/// [`ClientError::Unfit`].
pub(crate) fn check_handle(handle: &str) -> Result<(), ClientError> {
    if crate::identity::wire::is_handle(handle) { Ok(()) } else { Err(ClientError::Unfit) }
}
