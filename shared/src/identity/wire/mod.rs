//! Requests and replies of sign-in: what the server may see.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::call::{Call, Done, call};
use crate::crypto::hash::Hash32;
use crate::encoding::B64;
use crate::ids::{AccountId, EnrolmentId, MatterId, SlotId};
use crate::journal::wire::{Append, Appended};

pub mod back;
pub mod factors;
pub mod secrets;
pub mod sessions;
pub mod sheets;

use factors::{FactorWanted, NewCode, NewPasskey};

/// Whether the firm exists, and what a founder needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadStatus {}
call!(ReadStatus, "/api/v1/identity/status", Status);

/// See [`ReadStatus`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// Whether a firm lives here.
    pub founded: bool,
    /// The server's log key (Ed25519), which the founder writes into the root statement.
    pub log_key: B64,
    /// Whether founding needs the code that the server printed when it started.
    pub setup_code: bool,
    /// The server's clock, so that a browser can tell its own is wrong.
    pub now: u64,
    /// The server's version.
    pub version: String,
}

/// First step of an OPAQUE registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRegistration {
    /// The account the passphrase will belong to: OPAQUE's credential identifier.
    pub account: AccountId,
    /// RegistrationRequest.
    pub message: B64,
}
call!(StartRegistration, "/api/v1/identity/register", Answered);

/// An OPAQUE message back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    /// RegistrationResponse.
    pub message: B64,
}

/// An account as the server keeps it: a sign-in name and sealed bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Made by the person's device.
    pub account: AccountId,
    /// What the person types to sign in: 2 to 64 of `a-z 0-9 . _ -`, beginning with a letter.
    /// Visible to the server and to all staff.
    pub handle: String,
    /// OPAQUE's RegistrationUpload; none for somebody who unlocks by passkeys alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<B64>,
    /// A passkey; its slot stands with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<NewPasskey>,
    /// An authenticator app. Beside a passphrase there is this or a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<NewCode>,
    /// The account's other slots.
    pub slots: Vec<Slot>,
    /// The account's secrets, sealed under the account master key.
    pub secrets: B64,
    /// SHA-256 of the token that the recovery code yields.
    pub recovery_hash: Hash32,
}

/// One way to unlock an account: the account master key, sealed (`USU1`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Which.
    pub slot: SlotId,
    /// [`crate::crypto::sealed::SlotKind`] as a number.
    pub kind: u8,
    /// The sealed key.
    pub sealed: B64,
}

/// The founder's account with the firm's first statements; once, on an empty server. Opens a
/// session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundFirm {
    /// The code that the server printed, where it asks for one.
    pub setup_code: Option<String>,
    /// The founder.
    pub account: NewAccount,
    /// Root, admission of the founder, recovery key; the office room with its key and grants.
    pub acts: Append,
}
call!(FoundFirm, "/api/v1/identity/found", Appended);

/// First step of signing in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSignIn {
    /// The sign-in name.
    pub handle: String,
    /// CredentialRequest.
    pub message: B64,
    /// What the server gave this device when the account was last opened on it, if it was: such tries are
    /// counted apart from those of strangers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<B64>,
}
call!(StartSignIn, "/api/v1/identity/sign-in/start", SignInStarted);

/// The same shape for names that exist and names that do not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInStarted {
    /// Names this attempt; valid for two minutes, once.
    pub attempt: B64,
    /// CredentialResponse.
    pub message: B64,
}

/// Second step of signing in. Opens a session, unless the account has a second factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishSignIn {
    /// From [`SignInStarted`].
    pub attempt: B64,
    /// CredentialFinalization.
    pub message: B64,
    /// As in [`StartSignIn`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<B64>,
}
call!(FinishSignIn, "/api/v1/identity/sign-in/finish", SignedIn);

/// The passphrase was right: one of the two.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// It is all that the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<AccountOpened>,
    /// A second factor comes next: [`factors::FinishSecond`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<FactorWanted>,
}

/// Signs in by the recovery code's token. Opens a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInByRecovery {
    /// The sign-in name.
    pub handle: String,
    /// The token.
    pub token: B64,
    /// As in [`StartSignIn`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<B64>,
}
call!(SignInByRecovery, "/api/v1/identity/sign-in/recovery", AccountOpened);

/// What a person's device needs to unlock itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountOpened {
    /// The account.
    pub account: AccountId,
    /// Its sign-in name.
    pub handle: String,
    /// Its slots.
    pub slots: Vec<Slot>,
    /// Its sealed secrets.
    pub secrets: B64,
    /// The version to name in [`ReplaceUnlock::if_match`].
    pub version: u64,
    /// What this device shows when it signs in again: [`StartSignIn::known`].
    pub known: B64,
}

/// A new passphrase: OPAQUE record and the slot that it opens are replaced together; other slots stay. Staff
/// who showed a factor within five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceUnlock {
    /// RegistrationUpload.
    pub record: B64,
    /// The passphrase's.
    pub slots: Vec<Slot>,
    /// The version read, sent as `If-Match`; not part of the body.
    #[serde(skip)]
    pub version: u64,
}
impl Call for ReplaceUnlock {
    const ROUTE: &'static str = "/api/v1/identity/unlock";
    type Reply = Done;
    fn if_match(&self) -> Option<u64> {
        Some(self.version)
    }
}

/// Ends the session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOut {}
call!(SignOut, "/api/v1/identity/sign-out", Done);

/// Who the session belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSession {}
call!(ReadSession, "/api/v1/identity/session", Session);

/// See [`ReadSession`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Session {
    /// Nobody.
    None,
    /// A person of staff.
    Staff {
        /// Which.
        account: AccountId,
        /// The sign-in name.
        handle: String,
        /// [`AccountOpened::version`].
        version: u64,
    },
    /// A client at one matter.
    Client {
        /// The client's key.
        kid: Hash32,
        /// The matter.
        matter: MatterId,
    },
}

/// Asks for a challenge to sign with a client key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartKeySession {}
call!(StartKeySession, "/api/v1/identity/key-session/start", Challenge);

/// Valid for two minutes, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Challenge {
    /// 32 bytes.
    pub nonce: B64,
}

/// Opens a session for the client whose key signed the challenge (`USS1`, namespace 17).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishKeySession {
    /// The proof.
    pub proof: B64,
}
call!(FinishKeySession, "/api/v1/identity/key-session/finish", Done);

/// Opens an invitation of staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenEnrolment {
    /// Which.
    pub enrolment: EnrolmentId,
    /// The token derived from the link's secret.
    pub token: B64,
}
call!(OpenEnrolment, "/api/v1/identity/enrolment/open", EnrolmentOpened);

/// See [`OpenEnrolment`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolmentOpened {
    /// The sealed blob.
    pub blob: B64,
}

/// The invited person's account and keys, waiting for admission. Opens no session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// Which.
    pub enrolment: EnrolmentId,
    /// The token derived from the link's secret.
    pub token: B64,
    /// The account.
    pub account: NewAccount,
    /// The self-signed bundle (`USS1`, namespace 3).
    pub bundle: B64,
    /// HMAC under the link secret over bundle and enrolment.
    pub mac: B64,
    /// The person's display name, sealed under the link secret for whoever admits.
    pub name: B64,
}
call!(Enrol, "/api/v1/identity/enrolment/enrol", Done);

/// People who enrolled and wait for admission. Staff with `ADMIT`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListEnrolled {}
call!(ListEnrolled, "/api/v1/identity/enrolment/waiting", Enrolled);

/// See [`ListEnrolled`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Enrolled {
    /// Those who wait.
    pub waiting: Vec<Waiting>,
}

/// One person who waits for admission.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// Which invitation.
    pub enrolment: EnrolmentId,
    /// The account made.
    pub account: AccountId,
    /// The sign-in name.
    pub handle: String,
    /// As in [`Enrol`].
    pub bundle: B64,
    /// As in [`Enrol`].
    pub mac: B64,
    /// As in [`Enrol`].
    pub name: B64,
}

/// Whether a text can be a sign-in name: 2 to 64 of `a-z 0-9 . _ -`, beginning with a letter. Both
/// sides ask here.
#[must_use]
pub fn is_handle(text: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    (2..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(fits)
}
