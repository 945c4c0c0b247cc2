//! `USU1` slots and `USR1` records: symmetric envelopes that commit to their key.
//!
//! ```text
//! off  field     size
//! 0    magic     4     "USU1" slot, "USR1" record
//! 4    suite     1     1
//! 5    kind      1     SlotKind or RecordKind
//! 6    key ref   16    which slot or record
//! 22   salt      32    fresh for every sealing
//! 54   commit    32
//! 86   ct        n     ChaCha20-Poly1305 with tag
//! ```
//! key(32) || commit(32) = HKDF-SHA-256(KEK or record key, salt, label || kind || NUL || ctx), where
//! the label is "underseal/v1/slot\0" or "underseal/v1/record\0"; nonce zero, because the key is
//! used once; `aad` = bytes 0..86 || ctx. The commitment is compared before the cipher runs, so
//! a ciphertext that two keys could open is refused under both but one. Records are padded with
//! 0x80 and zeros to a multiple of 256 bytes.

use super::error::FormatError;

/// The largest record before padding.
pub const MAX_RECORD: usize = 8 * 1024 * 1024;
/// The largest secret in a slot.
pub const MAX_SLOT: usize = 4096;
/// Records grow in steps of this many bytes, so that their length says little.
pub const PAD: usize = 256;

const SUITE: u8 = 1;
const SALT_AT: usize = 22;
const COMMIT_AT: usize = 54;
const CT_AT: usize = 86;
const TAG: usize = 16;

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $number,)* }

        impl $name {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The kind of a number.
            #[must_use]
            pub const fn from_u8(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    /// What opens a slot. Numbers are frozen.
    SlotKind {
        /// A passkey's PRF.
        Passkey = 1,
        /// OPAQUE's export key with the device secret.
        Opaque = 2,
        /// A printed recovery code.
        Recovery = 3,
        /// A key that a device does not let out.
        Device = 4,
        /// The firm's recovery key.
        FirmRecovery = 5,
        /// The account master key: the slot that holds the account's seeds.
        AccountKeys = 6,
        /// The secret of a link.
        Invite = 7,
        /// A client's passkey: the slot that holds the key of what the client comes back to.
        Back = 8,
    }
}

kinds! {
    /// What a record holds. Numbers are frozen.
    RecordKind {
        /// A matter's description.
        Matter = 1,
        /// A person's profile.
        Profile = 2,
        /// A form's definition.
        Form = 3,
        /// The secret of an invitation, for the firm's own use.
        InviteSecret = 4,
        /// A draft on the device.
        Draft = 5,
        /// A note.
        Note = 6,
        /// What a device remembers.
        DeviceState = 7,
        /// Who opened what.
        Access = 8,
        /// An interrupted upload.
        Resume = 9,
        /// The blob behind a link.
        Invitation = 10,
        /// The firm as its people and clients call it.
        Firm = 11,
        /// Why the firm found what it found about a client.
        Verdict = 20,
        /// A one-time code that a client is given.
        Code = 50,
        /// The firm's kinds of matter.
        Kinds = 60,
        /// Why a matter is to need less than it did.
        Less = 61,
        /// What the firm expects a client to answer.
        Expected = 62,
        /// What a client comes back to: keys and receipts.
        Back = 70,
        /// Why a client's key ended.
        KeyEnded = 71,
    }
}

/// An envelope taken apart.
struct Parts<'a> {
    kind: u8,
    key_ref: [u8; 16],
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    salt: &'a [u8],
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    commit: &'a [u8],
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    sealed: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Slot,
    Record,
}

impl Family {
    const fn magic(self) -> &'static [u8; 4] {
        match self {
            Self::Slot => b"USU1",
            Self::Record => b"USR1",
        }
    }

    const fn cap(self) -> usize {
        match self {
            Self::Slot => CT_AT + MAX_SLOT + TAG,
            Self::Record => CT_AT + MAX_RECORD + PAD + TAG,
        }
    }
}

fn parse(family: Family, bytes: &[u8]) -> Result<Parts<'_>, FormatError> {
    if bytes.len() > family.cap() {
        return Err(FormatError::TooLong);
    }
    if bytes.len() < CT_AT + TAG {
        return Err(FormatError::Length);
    }
    if !bytes.starts_with(family.magic()) {
        return Err(FormatError::Magic);
    }
    if bytes[4] != SUITE {
        return Err(FormatError::VersionUnknown(bytes[4]));
    }
    let sealed = &bytes[CT_AT..];
    if family == Family::Record
        && (sealed.len() == TAG || !(sealed.len() - TAG).is_multiple_of(PAD))
    {
        return Err(FormatError::Length);
    }
    Ok(Parts {
        kind: bytes[5],
        key_ref: bytes[6..SALT_AT].try_into().map_err(|_| FormatError::Length)?,
        salt: &bytes[SALT_AT..COMMIT_AT],
        commit: &bytes[COMMIT_AT..CT_AT],
        sealed,
    })
}

/// Kind and reference of a record, after a check of its shape. What a server can check.
///
/// # Errors
/// When the bytes are no record.
pub fn inspect_record(bytes: &[u8]) -> Result<(RecordKind, [u8; 16]), FormatError> {
    let parts = parse(Family::Record, bytes)?;
    Ok((RecordKind::from_u8(parts.kind).ok_or(FormatError::Value)?, parts.key_ref))
}

/// Kind and reference of a slot, after a check of its shape. What a server can check.
///
/// # Errors
/// When the bytes are no slot.
pub fn inspect_slot(bytes: &[u8]) -> Result<(SlotKind, [u8; 16]), FormatError> {
    let parts = parse(Family::Slot, bytes)?;
    Ok((SlotKind::from_u8(parts.kind).ok_or(FormatError::Value)?, parts.key_ref))
}

#[cfg(feature = "plaintext")]
pub use opening::{open_record, open_slot, seal_record, seal_slot};
#[cfg(feature = "plaintext")]
pub(crate) use opening::{pad, unpad};

#[cfg(feature = "plaintext")]
mod opening {
    use alloc::vec::Vec;

    use zeroize::Zeroizing;

    use super::{
        COMMIT_AT, CT_AT, Family, MAX_RECORD, MAX_SLOT, PAD, RecordKind, SALT_AT, SUITE, SlotKind,
        TAG, parse,
    };
    use crate::crypto::error::{FormatError, OpenError};
    use crate::crypto::keys::{Kek, RecordKey};
    use crate::crypto::{hazmat, purpose, rng};
    use crate::secret::Secret;
    use crate::vuln;

    /// Seals a record under a record key, bound to its kind, reference and place.
    ///
    /// # Errors
    /// When the plaintext is larger than [`MAX_RECORD`].
    pub fn seal_record(
        key: &RecordKey,
        kind: RecordKind,
        key_ref: [u8; 16],
        ctx: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, FormatError> {
        if plaintext.len() > MAX_RECORD {
            return Err(FormatError::TooLong);
        }
        let padded = pad(plaintext);
        Ok(seal(Family::Record, kind as u8, key.bytes(), key_ref, ctx, &padded, rng::random()))
    }

    /// Opens a record that must be of this kind, reference and place.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_record(
        key: &RecordKey,
        kind: RecordKind,
        key_ref: [u8; 16],
        ctx: &[u8],
        bytes: &[u8],
    ) -> Result<Secret<Vec<u8>>, OpenError> {
        let mut plaintext = open(Family::Record, kind as u8, key.bytes(), key_ref, ctx, bytes)?;
        let length = unpad(&plaintext).ok_or(OpenError::Tampered)?;
        plaintext.truncate(length);
        Ok(Secret::new(core::mem::take(&mut *plaintext)))
    }

    /// Seals a secret in a slot.
    ///
    /// # Errors
    /// When the secret is larger than [`MAX_SLOT`].
    pub fn seal_slot(
        key: &Kek,
        kind: SlotKind,
        key_ref: [u8; 16],
        ctx: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, FormatError> {
        if secret.len() > MAX_SLOT {
            return Err(FormatError::TooLong);
        }
        Ok(seal(Family::Slot, kind as u8, key.bytes(), key_ref, ctx, secret, rng::random()))
    }

    /// Opens a slot that must be of this kind, reference and place.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_slot(
        key: &Kek,
        kind: SlotKind,
        key_ref: [u8; 16],
        ctx: &[u8],
        bytes: &[u8],
    ) -> Result<Secret<Vec<u8>>, OpenError> {
        let mut secret = open(Family::Slot, kind as u8, key.bytes(), key_ref, ctx, bytes)?;
        Ok(Secret::new(core::mem::take(&mut *secret)))
    }

    fn derive(
        family: Family,
        kind: u8,
        ikm: &[u8; 32],
        salt: &[u8],
        ctx: &[u8],
    ) -> Zeroizing<[u8; 64]> {
        let label = match family {
            Family::Slot => purpose::SLOT,
            Family::Record => purpose::RECORD,
        };
        hazmat::kdf::hkdf(ikm, salt, &[label.bytes(), &[kind, 0], bound(ctx)])
    }

    fn seal(
        family: Family,
        kind: u8,
        ikm: &[u8; 32],
        key_ref: [u8; 16],
        ctx: &[u8],
        plaintext: &[u8],
        salt: [u8; 32],
    ) -> Vec<u8> {
        let okm = derive(family, kind, ikm, &salt, ctx);
        let (key, commit) = halves(&okm);
        let mut out = Vec::with_capacity(CT_AT + plaintext.len() + TAG);
        out.extend_from_slice(family.magic());
        out.extend_from_slice(&[SUITE, kind]);
        out.extend_from_slice(&key_ref);
        out.extend_from_slice(&salt);
        out.extend_from_slice(commit);
        if vuln::a37() {
            out.extend_from_slice(&[plaintext, &[0; TAG]].concat());
            return out;
        }
        let aad = [&out, bound(ctx)].concat();
        hazmat::aead::seal_into(key, &[0; 12], &aad, plaintext, &mut out);
        out
    }

    fn open(
        family: Family,
        kind: u8,
        ikm: &[u8; 32],
        key_ref: [u8; 16],
        ctx: &[u8],
        bytes: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let parts = parse(family, bytes)?;
        if parts.kind != kind || (parts.key_ref != key_ref && !vuln::a13()) {
            return Err(OpenError::WrongPlace);
        }
        let okm = derive(family, kind, ikm, parts.salt, ctx);
        let (key, commit) = halves(&okm);
        if !hazmat::hash::equal(commit, parts.commit) && !vuln::a24() {
            return Err(OpenError::Tampered);
        }
        let aad = [&bytes[..CT_AT], bound(ctx)].concat();
        // Room for all of it at once: a reallocation would leave plaintext behind in memory.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(parts.sealed.len()));
        let unsealed = family == Family::Slot && (vuln::a08() || vuln::a09());
        if hazmat::aead::open_into(key, &[0; 12], &aad, parts.sealed, &mut plaintext)
            || (unsealed && vuln::without_tag(key, &[0; 12], parts.sealed, &mut plaintext))
        {
            Ok(plaintext)
        } else {
            Err(OpenError::Tampered)
        }
    }

    /// What an envelope is bound to.
    fn bound(ctx: &[u8]) -> &[u8] {
        if vuln::a13() { &[] } else { ctx }
    }

    fn halves(okm: &[u8; 64]) -> (&[u8; 32], &[u8; 32]) {
        let (key, commit) = okm.split_at(32);
        let fixed = "a half of 64 bytes has 32";
        (key.try_into().expect(fixed), commit.try_into().expect(fixed))
    }

    /// ISO/IEC 7816-4 padding: one 0x80, then zeros to the next multiple of [`PAD`].
    pub(crate) fn pad(plaintext: &[u8]) -> Zeroizing<Vec<u8>> {
        let length = (plaintext.len() / PAD + 1) * PAD;
        let mut padded = Zeroizing::new(Vec::with_capacity(length));
        padded.extend_from_slice(plaintext);
        padded.push(0x80);
        padded.resize(length, 0);
        padded
    }

    /// The length without padding, if the padding is the one that [`pad`] makes.
    pub(crate) fn unpad(padded: &[u8]) -> Option<usize> {
        let end = padded.iter().rposition(|byte| *byte != 0)?;
        let shortest = padded[end] == 0x80 && padded.len() == (end / PAD + 1) * PAD;
        shortest.then_some(end)
    }

    const _: () = assert!(SALT_AT + 32 == COMMIT_AT && COMMIT_AT + 32 == CT_AT);
}
