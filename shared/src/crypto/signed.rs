//! `USS1`: the one format of everything that is signed.
//!
//! ```text
//! off   field        size
//! 0     "USS1"       4
//! 4     namespace    2    big endian; one kind of body each
//! 6     suite        1    1 = Ed25519
//! 7     signer kid   32
//! 39    body length  4    big endian, at most 65,536
//! 43    body         n    deterministic CBOR
//! 43+n  signature    64   over "underseal/v1/sig\0" || bytes 0..43+n
//! ```

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::error::{FormatError, SignatureError};
use super::hash::{Hash32, sha256};
use super::keys::{Kid, SigningKey, VerifyKey};
use super::{cbor, purpose};
use crate::vuln;

/// The largest body.
pub const MAX_BODY: usize = cbor::BODY_CAP;
/// The largest statement.
pub const MAX_SIGNED: usize = HEAD + MAX_BODY + SIGNATURE;

const MAGIC: &[u8; 4] = b"USS1";
const SUITE: u8 = 1;
const HEAD: usize = 43;
const SIGNATURE: usize = 64;

/// The kind of a statement's body. A new version of a message takes a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
#[allow(missing_docs, reason = "each is documented where its body is")]
pub enum Namespace {
    Root = 1,
    Keyring = 2,
    StaffBundle = 3,
    ClientBundle = 4,
    EpochKey = 5,
    Grant = 6,
    Manifest = 7,
    Matter = 8,
    Form = 9,
    Policy = 10,
    IdVerdict = 11,
    Invite = 12,
    Receipt = 13,
    Recovery = 14,
    DeviceState = 15,
    Release = 16,
    Session = 17,
    Access = 18,
    Export = 19,
    Offer = 20,
    Review = 21,
    Back = 22,
}

impl Namespace {
    /// Every namespace, in the order of its number.
    pub const ALL: [Self; 22] = [
        Self::Root,
        Self::Keyring,
        Self::StaffBundle,
        Self::ClientBundle,
        Self::EpochKey,
        Self::Grant,
        Self::Manifest,
        Self::Matter,
        Self::Form,
        Self::Policy,
        Self::IdVerdict,
        Self::Invite,
        Self::Receipt,
        Self::Recovery,
        Self::DeviceState,
        Self::Release,
        Self::Session,
        Self::Access,
        Self::Export,
        Self::Offer,
        Self::Review,
        Self::Back,
    ];

    /// The namespace of a number.
    #[must_use]
    pub fn from_u16(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|namespace| *namespace as u16 == number)
    }
}

/// Statements whose signatures were found to hold, each with the key under which: by whoever verified many
/// of them at once. It spares doing it again; what does not stand here is verified where it is read.
#[derive(Default)]
pub struct Sound(BTreeMap<Hash32, VerifyKey>);

impl Sound {
    /// Takes it that the signature of these very bytes holds under the key.
    pub fn add(&mut self, statement: &[u8], key: VerifyKey) {
        self.0.insert(sha256(statement), key);
    }
}

/// Verifies the signatures of many statements: quickly where one key signed most of them.
#[cfg(feature = "plaintext")]
#[derive(Default)]
pub struct Verifier(super::hazmat::often::Often);

#[cfg(feature = "plaintext")]
impl Verifier {
    /// Whether the signature holds, of whatever kind the statement is: as [`Signed::verify`] says.
    pub fn holds(&mut self, statement: &[u8], key: &VerifyKey) -> bool {
        let parts = statement.split_last_chunk::<SIGNATURE>().filter(|_| shape(statement).is_ok());
        parts.is_some_and(|(message, signature)| {
            self.0.verify(&key.0, &[purpose::SIG.bytes(), message], signature)
        })
    }
}

/// A statement that parsed. Its signature is checked by [`Self::verify`] or [`Self::body_as`].
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    bytes: Vec<u8>,
    namespace: Namespace,
    signer: Kid,
    /// The key under which the signature is known to hold.
    sound: Option<VerifyKey>,
    /// The digest, where it was made already.
    digest: Option<Hash32>,
}

impl core::fmt::Debug for Signed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Signed({:?}, {} bytes)", self.namespace, self.bytes.len())
    }
}

impl Signed {
    /// Signs a body.
    ///
    /// # Errors
    /// When the body is larger than a statement allows.
    pub fn sign(
        namespace: Namespace,
        key: &SigningKey,
        signer: Kid,
        body: &[u8],
    ) -> Result<Self, FormatError> {
        if body.len() > MAX_BODY {
            return Err(FormatError::TooLong);
        }
        let length = u32::try_from(body.len()).map_err(|_| FormatError::TooLong)?;
        let mut bytes = Vec::with_capacity(HEAD + body.len() + SIGNATURE);
        bytes.extend_from_slice(&Self::opening(namespace, signer));
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(body);
        let signature = key.sign(&to_be_signed(&bytes));
        bytes.extend_from_slice(&signature);
        Ok(Self { bytes, namespace, signer, sound: None, digest: None })
    }

    /// How every statement of this kind by this signer begins: what a store can look for.
    #[must_use]
    pub fn opening(namespace: Namespace, signer: Kid) -> [u8; 39] {
        let mut bytes = [0; 39];
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&(namespace as u16).to_be_bytes());
        bytes[6] = SUITE;
        bytes[7..].copy_from_slice(&signer.0);
        bytes
    }

    /// Reads a statement of exactly this length.
    ///
    /// # Errors
    /// When the bytes are anything else. The signature is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let (namespace, signer) = shape(bytes)?;
        Ok(Self { bytes: bytes.to_vec(), namespace, signer, sound: None, digest: None })
    }

    /// With what is known of its signature already.
    #[must_use]
    pub fn known(mut self, sound: &Sound) -> Self {
        if !sound.0.is_empty() {
            let digest = self.digest();
            self.sound = sound.0.get(&digest).copied();
            self.digest = Some(digest);
        }
        self
    }

    /// The whole statement.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The whole statement, given away.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The kind of the body, as claimed.
    #[must_use]
    pub const fn namespace(&self) -> Namespace {
        self.namespace
    }

    /// Who claims to have signed.
    #[must_use]
    pub const fn signer(&self) -> Kid {
        self.signer
    }

    /// The body. Before [`Self::verify`] it is a stranger's word: use it only to find the key
    /// that the statement itself brings.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.bytes[HEAD..self.bytes.len() - SIGNATURE]
    }

    /// SHA-256 of all bytes: how other statements name this one.
    #[must_use]
    pub fn digest(&self) -> Hash32 {
        self.digest.unwrap_or_else(|| sha256(&self.bytes))
    }

    /// Checks kind and signature. That `key` belongs to [`Self::signer`] is for the caller, who
    /// looked it up by that kid.
    ///
    /// # Errors
    /// When either does not hold.
    pub fn verify(&self, namespace: Namespace, key: &VerifyKey) -> Result<(), SignatureError> {
        if self.namespace != namespace {
            return Err(SignatureError::WrongNamespace);
        }
        let (message, signature) =
            self.bytes.split_last_chunk::<SIGNATURE>().ok_or(SignatureError::Invalid)?;
        let unsigned_once = vuln::a10() && self.bytes[6] == 0;
        let known = self.sound.as_ref() == Some(key);
        if known || unsigned_once || key.verify(&to_be_signed(message), signature) {
            Ok(())
        } else {
            Err(SignatureError::Invalid)
        }
    }

    /// Verifies, then reads the body strictly.
    ///
    /// # Errors
    /// As [`Self::verify`], and when the body is not the one encoding of a `T`.
    pub fn body_as<T>(&self, namespace: Namespace, key: &VerifyKey) -> Result<T, SignatureError>
    where
        T: Encode<()> + for<'b> Decode<'b, ()>,
    {
        self.verify(namespace, key)?;
        Ok(cbor::decode_strict(self.body(), MAX_BODY)?)
    }
}

/// The body of a statement, without a copy and without a look at its signature.
///
/// # Errors
/// As [`Signed::parse`].
pub fn body_of(bytes: &[u8]) -> Result<&[u8], FormatError> {
    shape(bytes)?;
    Ok(&bytes[HEAD..bytes.len() - SIGNATURE])
}

/// Who claims to have signed a statement, without a copy.
///
/// # Errors
/// As [`Signed::parse`].
pub fn signer_of(bytes: &[u8]) -> Result<Kid, FormatError> {
    shape(bytes).map(|(_, signer)| signer)
}

/// Kind and signer of a statement of exactly this length.
fn shape(bytes: &[u8]) -> Result<(Namespace, Kid), FormatError> {
    if bytes.len() > MAX_SIGNED {
        return Err(FormatError::TooLong);
    }
    if bytes.len() < HEAD + SIGNATURE {
        return Err(FormatError::Length);
    }
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::Magic);
    }
    let namespace =
        Namespace::from_u16(u16::from_be_bytes([bytes[4], bytes[5]])).ok_or(FormatError::Value)?;
    if bytes[6] != SUITE && !(vuln::a10() && bytes[6] == 0) {
        return Err(FormatError::VersionUnknown(bytes[6]));
    }
    let signer = Kid::try_from(&bytes[7..39])?;
    let length = u32::from_be_bytes([bytes[39], bytes[40], bytes[41], bytes[42]]);
    if usize::try_from(length) != Ok(bytes.len() - HEAD - SIGNATURE) {
        return Err(FormatError::Length);
    }
    Ok((namespace, signer))
}

// A grant's body holds a key, so the copy that is signed is overwritten, whatever it holds.
fn to_be_signed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([purpose::SIG.bytes(), bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: Namespace = Namespace::Matter;

    fn signed(key: &SigningKey, word: u8) -> Vec<u8> {
        let made = Signed::sign(NS, key, Kid([7; 32]), &cbor::encode(&word));
        made.map(Signed::into_bytes).unwrap_or_default()
    }

    fn holds(bytes: &[u8], ns: Namespace, key: &SigningKey, sound: &Sound) -> bool {
        let parsed = Signed::parse(bytes).map(|signed| signed.known(sound));
        parsed.is_ok_and(|signed| signed.body_as::<u8>(ns, &key.public()).is_ok())
    }

    #[test]
    fn what_is_known_to_hold_holds_for_those_bytes_and_that_key_alone() {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let (mine, next) = (signed(&key, 1), signed(&key, 2));
        let mut forged = mine.clone();
        *forged.last_mut().unwrap_or(&mut 0) ^= 1;
        let mut sound = Sound::default();
        assert!(!holds(&forged, NS, &key, &sound));
        // Somebody says so: it is taken for these bytes, without another look.
        sound.add(&forged, key.public());
        assert!(holds(&forged, NS, &key, &sound));
        assert!(!holds(&forged, NS, &other, &sound), "not for another key");
        assert!(!holds(&forged, Namespace::Policy, &key, &sound), "not as another kind");
        forged[50] ^= 1;
        assert!(!holds(&forged, NS, &key, &sound), "not for other bytes");
        // What nobody spoke of is verified as ever.
        assert!(holds(&mine, NS, &key, &sound) && holds(&next, NS, &key, &sound));
        assert!(!holds(&next, NS, &other, &sound));
    }
}
