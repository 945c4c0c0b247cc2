//! Passkeys, codes of an authenticator app, and asking for one of them again: what the server may see.
//!
//! Of what WebAuthn gives, the bytes that the server verifies travel, and no output of any extension: a
//! passkey's PRF opens keys, and stays in the browser.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{AccountOpened, Slot};
use crate::call::{Done, call};
use crate::encoding::B64;
use crate::ids::{AccountId, SlotId};

/// Something for a passkey to sign; valid for five minutes, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ceremony {
    /// Names it.
    pub attempt: B64,
    /// 32 random bytes.
    pub challenge: B64,
}

/// What a passkey signed: WebAuthn's `AuthenticatorAssertionResponse`, without extensions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// Which passkey.
    pub credential: B64,
    /// `authenticatorData`.
    pub authenticator: B64,
    /// `clientDataJSON`.
    pub client_data: B64,
    /// `signature`.
    pub signature: B64,
}

/// A passkey that was just made: WebAuthn's `AuthenticatorAttestationResponse`, without extensions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// From [`Ceremony`].
    pub attempt: B64,
    /// `attestationObject`.
    pub object: B64,
    /// `clientDataJSON`.
    pub client_data: B64,
    /// The account master key under the passkey's PRF; none where it has no PRF, so that it proves
    /// and does not unlock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
}

/// One factor that is shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Factor {
    /// A passkey of the account.
    Passkey(Assertion),
    /// Six digits of an authenticator app (RFC 6238).
    Code(String),
}

/// Which factors will do, with something to sign; valid for five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FactorWanted {
    /// Names it.
    pub attempt: B64,
    /// For a passkey to sign.
    pub challenge: B64,
    /// The account's passkeys, by credential id.
    pub passkeys: Vec<B64>,
    /// Whether an authenticator app's code will do.
    pub code: bool,
}

/// Asks for something to sign in with: any passkey that the browser has for this server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartPasskey {}
call!(StartPasskey, "/api/v1/identity/passkey/start", Ceremony);

/// Signs in by a passkey. Opens a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishPasskey {
    /// From [`Ceremony`].
    pub attempt: B64,
    /// What it signed.
    pub assertion: Assertion,
}
call!(FinishPasskey, "/api/v1/identity/passkey/finish", AccountOpened);

/// The second factor after the passphrase. Opens a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishSecond {
    /// From [`FactorWanted`].
    pub attempt: B64,
    /// What is shown.
    pub factor: Factor,
    /// As in [`super::StartSignIn`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<B64>,
}
call!(FinishSecond, "/api/v1/identity/sign-in/second", AccountOpened);

/// Begins to make a passkey for an account, which need not exist yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartNewPasskey {
    /// Whose it will be: WebAuthn's user handle.
    pub account: AccountId,
}
call!(StartNewPasskey, "/api/v1/identity/passkey/new", Ceremony);

/// Keeps a passkey of the caller's account. Staff who showed a factor within five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    /// As made.
    pub passkey: NewPasskey,
}
call!(AddPasskey, "/api/v1/identity/passkey/add", Done);

/// Forgets a passkey of the caller's account, with its slot. As [`AddPasskey`]; the last factor stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovePasskey {
    /// Which.
    pub credential: B64,
}
call!(RemovePasskey, "/api/v1/identity/passkey/remove", Done);

/// Begins to connect an authenticator app to an account, which need not exist yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartCode {
    /// Whose.
    pub account: AccountId,
}
call!(StartCode, "/api/v1/identity/code/start", CodeStarted);

/// What the app is told. Nothing is kept until a code proves that the app has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CodeStarted {
    /// Names the secret: [`NewCode::nonce`].
    pub nonce: B64,
    /// 20 bytes that the app and the server share (RFC 6238, SHA-1, six digits, 30 seconds).
    pub secret: B64,
}

/// An authenticator app that was connected.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCode {
    /// From [`CodeStarted`].
    pub nonce: B64,
    /// What the app shows.
    pub code: String,
}

/// Keeps an authenticator app of the caller's account, in the place of another. As [`AddPasskey`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCode {
    /// As connected.
    pub app: NewCode,
}
call!(AddCode, "/api/v1/identity/code/add", Done);

/// Forgets the authenticator app of the caller's account. As [`AddPasskey`]; the last factor stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveCode {}
call!(RemoveCode, "/api/v1/identity/code/remove", Done);

/// The factors of the caller's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadFactors {}
call!(ReadFactors, "/api/v1/identity/factors", Factors);

/// See [`ReadFactors`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Factors {
    /// Whose they are.
    pub account: AccountId,
    /// The version to name in [`super::ReplaceUnlock::if_match`].
    pub version: u64,
    /// Passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Since when there is an authenticator app.
    pub code: Option<u64>,
    /// Whether there is a passphrase.
    pub passphrase: bool,
}

/// A passkey as its owner sees it listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id.
    pub credential: B64,
    /// The slot that it opens; none for one that only proves.
    pub slot: Option<SlotId>,
    /// Where it was made: "Firefox on Linux".
    pub device: String,
    /// When it was made.
    pub added: u64,
    /// When it was last used.
    pub used: u64,
}

/// Asks for a factor once more, for what needs one shown within five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartStepUp {}
call!(StartStepUp, "/api/v1/identity/step-up/start", FactorWanted);

/// See [`StartStepUp`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishStepUp {
    /// From [`FactorWanted`].
    pub attempt: B64,
    /// What is shown.
    pub factor: Factor,
}
call!(FinishStepUp, "/api/v1/identity/step-up/finish", Done);
