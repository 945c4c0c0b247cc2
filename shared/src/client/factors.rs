//! The second factor after a passphrase, a factor shown again, and the account's list of them; where it
//! is signed in.

use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::account::Ways;
use super::error::ClientError;
use super::host::Host;
use super::ring::Ring;
use super::unlock::Proven;
use crate::identity::wire::factors::{
    AddCode, CodeStarted, Factor, FactorWanted, Factors, FinishSecond, FinishStepUp, NewCode,
    ReadFactors, RemoveCode, StartCode, StartStepUp,
};
use crate::identity::wire::sessions::{EndOtherSessions, EndSession, ListSessions, Listed};
use crate::ids::{AccountId, SessionId};

/// The passphrase was right; a second factor opens.
pub struct Second {
    pub(super) handle: String,
    pub(super) proven: Proven,
    /// What will do.
    pub wanted: FactorWanted,
}

/// What a passphrase came to.
pub enum SignedIn {
    /// Unlocked.
    Open(Ring),
    /// A second factor is wanted: [`Portal::finish_second`].
    Second(Second),
}

impl<H: Host> Portal<H> {
    /// Signs in and unlocks by the second factor. A wrong one may be followed by another, within five
    /// minutes.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] when the factor is not right; [`ClientError::Wait`] after ten; otherwise
    /// as [`Portal::sign_in`].
    pub async fn finish_second(
        &self,
        second: &Second,
        factor: Factor,
    ) -> Result<Ring, ClientError> {
        let Second { handle, proven, wanted } = second;
        let known = self.known(handle).await;
        let call = FinishSecond { attempt: wanted.attempt.clone(), factor, known };
        let opened = self.call(&call).await?;
        self.open_proven(handle, opened, proven).await
    }

    /// Asks for a factor again, for what needs one shown within five minutes.
    ///
    /// # Errors
    /// Refused with `NotFound` for an account that has none: it unlocks anew instead.
    pub async fn begin_step_up(&self) -> Result<FactorWanted, ClientError> {
        self.call(&StartStepUp {}).await
    }

    /// Shows a factor again.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] when it is not right; [`ClientError::Wait`] after ten.
    pub async fn finish_step_up(
        &self,
        wanted: &FactorWanted,
        factor: Factor,
    ) -> Result<(), ClientError> {
        self.call(&FinishStepUp { attempt: wanted.attempt.clone(), factor }).await?;
        Ok(())
    }

    /// Other ways in, for somebody who came by the recovery words: a passkey is added, a passphrase and an
    /// authenticator app take the place of others.
    ///
    /// # Errors
    /// As [`Portal::add_passkey`], [`Portal::add_code`] and [`Portal::set_passphrase`].
    pub async fn renew(&self, ring: &Ring, ways: Ways) -> Result<(), ClientError> {
        let Ways { passphrase, passkey, code } = ways;
        if let Some(made) = passkey {
            self.add_passkey(ring, &made).await?;
        }
        if let Some(code) = code {
            self.add_code(code).await?;
        }
        if let Some(passphrase) = passphrase {
            self.set_passphrase(ring, &passphrase).await?;
        }
        // Who comes by the words may have lost a device that is still signed in.
        self.end_other_sessions().await
    }

    /// What this account has.
    ///
    /// # Errors
    /// As usual.
    pub async fn factors(&self) -> Result<Factors, ClientError> {
        self.call(&ReadFactors {}).await
    }

    /// A fresh secret for an authenticator app of an account, which need not exist yet.
    ///
    /// # Errors
    /// As usual.
    pub async fn begin_code(&self, account: AccountId) -> Result<CodeStarted, ClientError> {
        self.call(&StartCode { account }).await
    }

    /// Keeps an authenticator app that shows the right code, in the place of another.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] when the code is not right; [`ClientError::StepUp`].
    pub async fn add_code(&self, app: NewCode) -> Result<(), ClientError> {
        self.call(&AddCode { app }).await?;
        Ok(())
    }

    /// Forgets the authenticator app; it ends the account's other sessions.
    ///
    /// # Errors
    /// [`ClientError::StepUp`]; refused when it is the last factor.
    pub async fn remove_code(&self) -> Result<(), ClientError> {
        self.call(&RemoveCode {}).await?;
        Ok(())
    }

    /// Where this account is signed in, by the server's word.
    ///
    /// # Errors
    /// As usual.
    pub async fn sessions(&self) -> Result<Vec<Listed>, ClientError> {
        Ok(self.call(&ListSessions {}).await?.sessions)
    }

    /// Ends one of this account's sessions.
    ///
    /// # Errors
    /// As usual.
    pub async fn end_session_of(&self, session: SessionId) -> Result<(), ClientError> {
        self.call(&EndSession { session }).await?;
        Ok(())
    }

    /// Ends all of this account's sessions but this one.
    ///
    /// # Errors
    /// As usual.
    pub async fn end_other_sessions(&self) -> Result<(), ClientError> {
        self.call(&EndOtherSessions {}).await?;
        Ok(())
    }
}
