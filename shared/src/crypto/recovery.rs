//! The printed recovery code: 128 bits as twelve BIP39 words, whose checksum catches a misread
//! word before anything is tried with it.

#![cfg(feature = "plaintext")]

use alloc::string::String;
use alloc::vec::Vec;

use bip39::{Language, Mnemonic};
use zeroize::Zeroize as _;

use super::{hazmat, purpose, rng};
use crate::secret::Secret;

/// How many words a code has.
pub const WORDS: usize = 12;

/// What was typed is no recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Not twelve words.
    #[error("a recovery code has twelve words; these are {0}")]
    Count(usize),
    /// A word is not on the list.
    #[error("word {0} is not a word of a recovery code")]
    Word(usize),
    /// All are words, but not these together.
    #[error("one of the words is wrong or they are out of order")]
    Checksum,
}

/// A recovery code.
pub struct RecoveryCode(Secret<[u8; 16]>);

impl RecoveryCode {
    /// A fresh code.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret::new(rng::random()))
    }

    /// Reads twelve words, in any case and with any spacing between them.
    ///
    /// # Errors
    /// Says which word is none, so that one can look again.
    pub fn parse(text: &str) -> Result<Self, BadCode> {
        let typed = Secret::new(text.to_lowercase());
        // EXPOSE: read in place.
        let words: Vec<&str> =
            typed.expose().split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
        if words.len() != WORDS {
            return Err(BadCode::Count(words.len()));
        }
        if let Some(at) = words.iter().position(|word| Language::English.find_word(word).is_none())
        {
            return Err(BadCode::Word(at + 1));
        }
        let phrase = Secret::new(words.join(" "));
        // EXPOSE: read in place.
        let mnemonic = Mnemonic::parse_in_normalized(Language::English, phrase.expose())
            .map_err(|_| BadCode::Checksum)?;
        let mut entropy = mnemonic.to_entropy();
        let code = entropy.as_slice().try_into().map(|code| Self(Secret::new(code)));
        entropy.zeroize();
        code.map_err(|_| BadCode::Checksum)
    }

    /// The twelve words, for printing once.
    #[must_use]
    pub fn words(&self) -> Secret<String> {
        let words: Vec<&str> = Mnemonic::from_entropy_in(Language::English, self.entropy())
            .map(|mnemonic| mnemonic.words().collect())
            .expect("16 bytes are twelve words");
        Secret::new(words.join(" "))
    }

    pub(crate) fn entropy(&self) -> &[u8; 16] {
        // EXPOSE: handed to the KDF or the word list.
        self.0.expose()
    }

    /// What shows the server that someone holds the code: HKDF(code, "",
    /// "underseal/v1/recovery-auth\0"). The server keeps its SHA-256.
    #[must_use]
    pub fn auth_token(&self) -> Secret<[u8; 32]> {
        Secret::new(*hazmat::kdf::hkdf(self.entropy(), &[], &[purpose::RECOVERY_AUTH.bytes()]))
    }
}
