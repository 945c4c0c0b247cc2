//! How an account unlocks: slots that each hold the account master key (AMK) under another way
//! in, and one more slot that holds the account's seeds under the AMK.

#![cfg(feature = "plaintext")]

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroize;

use super::error::{FormatError, OpenError};
use super::hash::Hash32;
use super::keys::{AccountKey, Identity, Kek, KemKey, SigningKey};
use super::recovery::RecoveryCode;
use super::sealed::{self, SlotKind};
use super::{cbor, hazmat, purpose};
use crate::ids::{AccountId, SlotId};
use crate::secret::Secret;
use crate::vuln;

/// Where a slot belongs; bound into its key and its ciphertext:
/// `{1: user, 2: slot, 3: slot type, 4: AMK generation, 5: security version}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SlotContext {
    /// Whose account.
    #[n(1)]
    pub user: AccountId,
    /// Which slot.
    #[n(2)]
    pub slot_id: SlotId,
    /// [`SlotKind`] as a number.
    #[n(3)]
    pub slot_type: u8,
    /// Grows when the account gets a new AMK.
    #[n(4)]
    pub amk_gen: u32,
    /// Grows with the product's own rules; a device refuses to go back.
    #[n(5)]
    pub sec_version: u32,
}

impl SlotContext {
    fn kind(&self) -> Result<SlotKind, FormatError> {
        SlotKind::from_u8(self.slot_type).ok_or(FormatError::Value)
    }
}

/// The slot key of a passphrase: HKDF(export key || device secret, "", "underseal/v1/opaque\0").
/// Without the device's 128 bits, the server's copy is no ground for guessing passphrases.
#[must_use]
pub fn kek_from_opaque(export_key: &[u8], device_secret: &[u8; 16]) -> Kek {
    let device_secret: &[u8] = if vuln::a12() { &[] } else { device_secret };
    let ikm = Secret::new([export_key, device_secret].concat());
    // EXPOSE: the KDF neither logs nor keeps it.
    Kek::from_bytes(*hazmat::kdf::hkdf(ikm.expose(), &[], &[purpose::OPAQUE.bytes()]))
}

/// The slot key of a printed recovery code: HKDF(code, "", "underseal/v1/recovery\0").
#[must_use]
pub fn kek_from_recovery(code: &RecoveryCode) -> Kek {
    Kek::from_bytes(*hazmat::kdf::hkdf(code.entropy(), &[], &[purpose::RECOVERY.bytes()]))
}

/// The slot key of a passkey's PRF output: HKDF(prf, "", "underseal/v1/prf\0").
#[must_use]
pub fn kek_from_prf(prf: &[u8; 32]) -> Kek {
    Kek::from_bytes(*hazmat::kdf::hkdf(prf, &[], &[purpose::PRF.bytes()]))
}

/// What every passkey's PRF is asked for: SHA-256("underseal/v1/prf"). Compiled in, so that no server
/// can ask for another product's.
#[must_use]
pub fn prf_salt() -> [u8; 32] {
    super::hash::sha256(b"underseal/v1/prf").0
}

/// Seals the AMK in a slot.
///
/// # Errors
/// When the context names no known slot type.
pub fn seal_amk(
    kek: &Kek,
    context: &SlotContext,
    amk: &AccountKey,
) -> Result<Vec<u8>, FormatError> {
    let ctx = cbor::encode(context);
    sealed::seal_slot(kek, context.kind()?, context.slot_id.0, &ctx, amk.bytes())
}

/// Opens the AMK from a slot.
///
/// # Errors
/// See [`OpenError`].
pub fn open_amk(kek: &Kek, context: &SlotContext, bytes: &[u8]) -> Result<AccountKey, OpenError> {
    let ctx = cbor::encode(context);
    let amk = sealed::open_slot(kek, context.kind()?, context.slot_id.0, &ctx, bytes)?;
    // EXPOSE: the bytes move into their type.
    let amk = amk.expose().as_slice().try_into().map_err(|_| OpenError::Tampered)?;
    Ok(AccountKey::from_bytes(amk))
}

/// Bytes of the secret that a passphrase needs besides.
pub const DEVICE_SECRET: usize = 16;

/// The secrets of an account.
pub struct AccountSecrets {
    /// Signs and opens for this person.
    pub identity: Identity,
    /// The firm root, with the founder alone.
    pub root: Option<SigningKey>,
    /// The firm's recovery key, until it is split among officers.
    pub recovery: Option<KemKey>,
    /// The fingerprint of the firm, so that a new device knows it from the account alone.
    pub firm: Hash32,
    /// What the person and the firm are called; absent in accounts made before it was kept.
    pub profile: Option<AccountProfile>,
    /// The secret that a passphrase needs besides: a device that opened the account by the recovery
    /// words finds it here, so that all of a person's devices have the same. Absent in accounts made
    /// before it was kept.
    pub device: Option<Secret<[u8; DEVICE_SECRET]>>,
}

/// What a person typed when the account was made, `{1: the person's name, 2: the firm's name}`: for
/// those who have no key to the room where the firm keeps names, and until they have one.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AccountProfile {
    /// The person's name.
    #[n(1)]
    pub name: String,
    /// The firm's name, as the person was invited.
    #[n(2)]
    pub firm_name: String,
}

/// `{1: signing seed, 2: KEM seed, 3: firm root seed, 4: recovery seed, 5: FRF, 6: profile, padded
/// as records are, 7: device secret}`; 2 to 4, 6 and 7 may be absent.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Seeds {
    #[cbor(n(1), with = "minicbor::bytes")]
    signing: [u8; 32],
    #[cbor(n(2), with = "minicbor::bytes")]
    kem: Option<[u8; 32]>,
    #[cbor(n(3), with = "minicbor::bytes")]
    root: Option<[u8; 32]>,
    #[cbor(n(4), with = "minicbor::bytes")]
    recovery: Option<[u8; 32]>,
    #[n(5)]
    firm: Hash32,
    // Padded, so that the length of the slot does not tell the length of a name.
    #[cbor(n(6), with = "minicbor::bytes")]
    profile: Option<Vec<u8>>,
    #[cbor(n(7), with = "minicbor::bytes")]
    device: Option<[u8; DEVICE_SECRET]>,
}

impl Drop for Seeds {
    fn drop(&mut self) {
        self.signing.zeroize();
        self.kem.zeroize();
        self.root.zeroize();
        self.recovery.zeroize();
        self.device.zeroize();
    }
}

/// Seals an account's secrets under its AMK. The context's slot type is
/// [`SlotKind::AccountKeys`].
///
/// # Errors
/// When the context is another.
pub fn seal_secrets(
    amk: &AccountKey,
    context: &SlotContext,
    secrets: &AccountSecrets,
) -> Result<Vec<u8>, FormatError> {
    if context.kind()? != SlotKind::AccountKeys {
        return Err(FormatError::Value);
    }
    let seeds = Secret::new(cbor::encode(&Seeds {
        signing: *secrets.identity.signing.seed(),
        kem: secrets.identity.kem.as_ref().map(|key| *key.seed()),
        root: secrets.root.as_ref().map(|key| *key.seed()),
        recovery: secrets.recovery.as_ref().map(|key| *key.seed()),
        firm: secrets.firm,
        profile: secrets
            .profile
            .as_ref()
            .map(|profile| sealed::pad(&cbor::encode(profile)).to_vec()),
        // EXPOSE: sealed below with the rest.
        device: secrets.device.as_ref().map(|secret| *secret.expose()),
    }));
    let ctx = cbor::encode(context);
    // EXPOSE: the envelope seals it.
    sealed::seal_slot(&amk.as_kek(), SlotKind::AccountKeys, context.slot_id.0, &ctx, seeds.expose())
}

/// Opens an account's secrets.
///
/// # Errors
/// See [`OpenError`].
pub fn open_secrets(
    amk: &AccountKey,
    context: &SlotContext,
    bytes: &[u8],
) -> Result<AccountSecrets, OpenError> {
    if context.kind()? != SlotKind::AccountKeys {
        return Err(OpenError::WrongPlace);
    }
    let ctx = cbor::encode(context);
    let seeds =
        sealed::open_slot(&amk.as_kek(), SlotKind::AccountKeys, context.slot_id.0, &ctx, bytes)?;
    // EXPOSE: the bytes move into their types.
    let seeds: Seeds = cbor::decode_strict(seeds.expose(), sealed::MAX_SLOT)?;
    let profile = seeds.profile.as_deref().map(open_profile).transpose()?;
    Ok(AccountSecrets {
        identity: Identity {
            signing: SigningKey::from_seed(seeds.signing),
            kem: seeds.kem.map(KemKey::from_seed),
        },
        root: seeds.root.map(SigningKey::from_seed),
        recovery: seeds.recovery.map(KemKey::from_seed),
        firm: seeds.firm,
        profile,
        device: seeds.device.map(Secret::new),
    })
}

fn open_profile(padded: &[u8]) -> Result<AccountProfile, OpenError> {
    let length = sealed::unpad(padded).ok_or(OpenError::Tampered)?;
    let bytes = padded.get(..length).ok_or(OpenError::Tampered)?;
    Ok(cbor::decode_strict(bytes, sealed::MAX_SLOT)?)
}
