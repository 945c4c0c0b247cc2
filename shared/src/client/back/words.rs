//! Twelve words for coming back, where a browser has no passkey that unlocks: the device makes them, the client keeps
//! them on paper or in a password manager, and reads two of them back before they count.

use alloc::string::String;

use super::come::{Returned, Shown};
use super::make::First;
use crate::client::Portal;
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::intake::Intake;
use crate::crypto::back::{self, BackPlace, BackWords};
use crate::crypto::keys::RecordKey;
use crate::crypto::recovery::{RecoveryCode, WORDS};
use crate::crypto::rng;
use crate::encoding::B64;
use crate::identity::back::BackBy;
use crate::identity::wire::back::{KeepWords, ReturnByWords};
use crate::intake::value::Language;
use crate::secret::Secret;

const HALF: usize = WORDS / 2;

/// Words that are about to count.
pub struct NewWords {
    code: RecoveryCode,
    asked: [usize; 2],
}

impl NewWords {
    /// The words, apart by spaces, to be shown once.
    #[must_use]
    pub fn words(&self) -> Secret<String> {
        self.code.words()
    }

    /// Which two are to be read back, counted from nought: one of each half, by chance.
    #[must_use]
    pub const fn asked(&self) -> [usize; 2] {
        self.asked
    }

    /// Whether this is the word that was asked for there.
    #[must_use]
    pub fn is(&self, at: usize, typed: &str) -> bool {
        let words = self.words();
        // EXPOSE: compared with what the client read back, in place.
        let word = words.expose().split(' ').nth(at);
        word.is_some_and(|word| word.eq_ignore_ascii_case(typed.trim()))
    }
}

impl<H: Host> Intake<H> {
    /// Makes words by which this client comes back. Nothing is kept of them before two were read back.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] before the client joined.
    pub fn begin_words(&self) -> Result<NewWords, ClientError> {
        if !self.kept.borrow().confirmed {
            return Err(ClientError::Unfit);
        }
        let [first, second] = rng::random::<2>();
        let asked = [usize::from(first) % HALF, HALF + usize::from(second) % HALF];
        Ok(NewWords { code: RecoveryCode::generate(), asked })
    }

    /// Keeps them, once the two that were asked for were read back: from now on they bring the client back, on
    /// whatever device. A way that was made before, for the same key, does not any more.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when one is another word; then nothing is kept.
    pub async fn keep_words(
        &self,
        new: &NewWords,
        typed: [&str; 2],
        language: Language,
    ) -> Result<(), ClientError> {
        if !new.asked.into_iter().zip(typed).all(|(at, typed)| new.is(at, typed)) {
            return Err(ClientError::Unfit);
        }
        let (words, key) = (BackWords(&new.code), RecordKey::generate());
        let place = BackPlace { firm: self.firm(), client: self.kid(), back: words.way() };
        let slot = back::seal_key(&words.kek(), &place, &key).map_err(|_| ClientError::Unfit)?;
        let proof = words.proof();
        let by = Some(BackBy::Words);
        let first = First { place, key, credential: &proof.0, slot: &slot, by };
        let held = self.first(first, language).await?;
        let (record, said) = self.speak(&held)?;
        self.call(&KeepWords { proof, slot: B64(slot), record, said }).await?;
        self.hold(&held).await
    }
}

impl<H: Host> Portal<H> {
    /// Comes back by words. Nothing is kept on the device.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] for words that the server does not know, or of a key that the firm ended;
    /// [`ClientError::NotVerified`] when what the server gives is not of these words, not what the client's key
    /// said, or older than what this device knows.
    pub async fn return_by_words(&self, code: &RecoveryCode) -> Result<Returned<H>, ClientError> {
        let words = BackWords(code);
        // EXPOSE: the token shows the server that somebody holds the words, and opens nothing.
        let token = B64(words.token().expose().to_vec());
        let opened = self.call(&ReturnByWords { back: words.way(), token }).await?;
        let proof = words.proof();
        let shown = Shown { kek: words.kek(), credential: &proof.0, by: Some(BackBy::Words) };
        self.returned(&opened, &shown, |place| place.back == words.way()).await
    }
}
