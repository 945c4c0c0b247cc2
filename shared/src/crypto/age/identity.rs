//! Keys as age writes them: `AGE-SECRET-KEY-PQ-1…` and `age1pq1…`, so that an exported matter key
//! opens the exported files with a stock age.

use alloc::string::String;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};

use crate::crypto::error::FormatError;
use crate::crypto::keys::{KemKey, KemPublic};
use crate::secret::Secret;

const SECRET: &str = "age-secret-key-pq-";
const PUBLIC: &str = "age1pq";

/// BIP 173's checksum without its limit on length, which age lifts too.
enum LongBech32 {}

impl bech32::Checksum for LongBech32 {
    type MidstateRepr = <Bech32 as bech32::Checksum>::MidstateRepr;
    type CorrectionField = <Bech32 as bech32::Checksum>::CorrectionField;
    const ROOT_GENERATOR: Self::CorrectionField = Bech32::ROOT_GENERATOR;
    const ROOT_EXPONENTS: core::ops::RangeInclusive<usize> = Bech32::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = 4096;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [Self::MidstateRepr; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: Self::MidstateRepr = Bech32::TARGET_RESIDUE;
}

/// The identity of a key, upper case as age writes it.
#[must_use]
pub fn identity_string(key: &KemKey) -> Secret<String> {
    let mut text = encode(SECRET, key.seed());
    text.make_ascii_uppercase();
    Secret::new(text)
}

/// The recipient of a public key.
#[must_use]
pub fn recipient_string(key: &KemPublic) -> String {
    encode(PUBLIC, key.as_bytes())
}

/// Reads an identity.
///
/// # Errors
/// When it is none, or not upper case.
pub fn parse_identity(text: &str) -> Result<KemKey, FormatError> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(FormatError::NotCanonical);
    }
    let seed = Secret::new(decode(SECRET, text)?);
    // EXPOSE: the bytes move into their type.
    seed.expose().as_slice().try_into().map(KemKey::from_seed).map_err(|_| FormatError::Length)
}

/// Reads a recipient.
///
/// # Errors
/// When it is none, or not lower case.
pub fn parse_recipient(text: &str) -> Result<KemPublic, FormatError> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(FormatError::NotCanonical);
    }
    KemPublic::parse(&decode(PUBLIC, text)?)
}

fn encode(hrp: &str, bytes: &[u8]) -> String {
    let hrp = Hrp::parse(hrp).expect("the prefix is a constant");
    bech32::encode_lower::<LongBech32>(hrp, bytes)
        .expect("the lengths are constants below the limit")
}

fn decode(hrp: &str, text: &str) -> Result<alloc::vec::Vec<u8>, FormatError> {
    let checked =
        CheckedHrpstring::new::<LongBech32>(text).map_err(|_| FormatError::NotCanonical)?;
    if !checked.hrp().to_string_lower().eq(hrp) {
        return Err(FormatError::Magic);
    }
    checked.validate_segwit_padding().map_err(|_| FormatError::NotCanonical)?;
    Ok(checked.byte_iter().collect())
}

trait Lower {
    fn to_string_lower(&self) -> String;
}

impl Lower for Hrp {
    fn to_string_lower(&self) -> String {
        self.lowercase_char_iter().collect()
    }
}
