//! What can go wrong, named for who can act on it.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};

use super::fork::Fork;
use super::store::StoreError;
use super::transport::Unreachable;
use crate::problem::{Code, Problem};
use crate::time::DAY;

/// Why a step did not happen. None of these holds a secret or anything the server made up beyond
/// a [`Code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Nothing answered; what was being sent may be sent again.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server refused, and says why by a code.
    #[error("the server refused: {0:?}")]
    Refused(Code),
    /// There were too many tries: so many seconds are to be waited, by the server's word.
    #[error("too many tries: wait {0} seconds")]
    Wait(u32),
    /// The server's answer is not in the agreed form.
    #[error("the server's answer cannot be read")]
    Unreadable,
    /// Something does not verify: it was changed, moved, left out or signed by a stranger. Names
    /// the thing, for the calm panel and the evidence.
    #[error("{0} does not verify")]
    NotVerified(Thing),
    /// The journal that the server shows does not continue the one that this device knows. With the
    /// evidence.
    #[error("the journal was forked or rolled back")]
    Forked(Box<Fork>),
    /// The keys are locked.
    #[error("locked")]
    Locked,
    /// Wrong name or passphrase, or wrong words.
    #[error("wrong name, passphrase or words")]
    SignIn,
    /// This device has no secret for that account: it needs the recovery words once.
    #[error("this device is new to the account")]
    NewDevice,
    /// A factor has to be shown again first.
    #[error("a factor has to be shown again")]
    StepUp,
    /// The passkey signed in, and has no way to open keys here.
    #[error("this passkey opens no keys")]
    NoKeysInPasskey,
    /// The device cannot keep data.
    #[error("this device cannot keep data")]
    Store,
    /// The link is not whole: letters are missing or changed.
    #[error("the link is not complete")]
    BadLink,
    /// The part of the link after `#` is missing, and this device does not know it.
    #[error("the secret part of the link is missing")]
    NoSecret,
    /// The link's time is over.
    #[error("the link has expired")]
    LinkExpired,
    /// Another browser used the link.
    #[error("the link was used in another browser")]
    LinkUsed,
    /// The file is not the one that was begun.
    #[error("the file changed")]
    FileChanged,
    /// What was typed cannot be taken; the caller has the details.
    #[error("that cannot be taken")]
    Unfit,
    /// A conflict wall stands between the person and the matter, or their post is for another one.
    #[error("the person is kept from this matter")]
    KeptFrom,
    /// A key for identity papers is to be made first, by somebody who verifies.
    #[error("somebody who verifies clients must do this first")]
    Verifier,
    /// It waits until the firm knows the client who sent it, or somebody releases it.
    #[error("it waits until the client is known")]
    Quarantined,
    /// It was an identity paper, and is no more.
    #[error("it was shredded")]
    Shredded,
    /// Nothing by that id.
    #[error("there is no such thing")]
    Missing,
}

impl ClientError {
    /// What can be shown to others: the error, and where a server contradicted itself, its own words.
    #[must_use]
    pub fn evidence(&self) -> String {
        match self {
            Self::Forked(fork) => fork.evidence(),
            other => other.to_string(),
        }
    }
}

/// A thing that can fail to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// The firm's directory of people and keys.
    Keyring,
    /// A matter's stream.
    Matter,
    /// The stream of forms.
    Forms,
    /// An invitation.
    Invitation,
    /// The key to a matter, as it was given to this person.
    Key,
    /// A matter's new key: it is one that the matter had before.
    Epoch,
    /// An account's sealed keys.
    Account,
    /// A document or a set of answers.
    Document,
    /// The server's receipt.
    Receipt,
    /// A checkpoint, or the proof that goes with it.
    Journal,
    /// The journal as the sender of a document had seen it.
    Seen,
    /// A share of the firm's recovery key.
    Share,
    /// What a client comes back to.
    Back,
}

impl core::fmt::Display for Thing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Keyring => "the firm's directory",
            Self::Matter => "the matter",
            Self::Forms => "the list of forms",
            Self::Invitation => "the invitation",
            Self::Key => "the key to the matter",
            Self::Epoch => "the matter's new key",
            Self::Account => "the account",
            Self::Document => "the document",
            Self::Receipt => "the receipt",
            Self::Journal => "the journal",
            Self::Seen => "the journal that the sender saw",
            Self::Share => "the share of the recovery key",
            Self::Back => "what a client comes back to",
        })
    }
}

impl From<Unreachable> for ClientError {
    fn from(_: Unreachable) -> Self {
        Self::Unreachable
    }
}

impl From<StoreError> for ClientError {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

impl From<Problem> for ClientError {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::SignInFailed => Self::SignIn,
            Code::StepUp => Self::StepUp,
            Code::InvitationExpired => Self::LinkExpired,
            Code::InvitationUsed => Self::LinkUsed,
            Code::TooManyTries => {
                let seconds = problem.retry_after.unwrap_or(60).min(DAY / 1000);
                Self::Wait(u32::try_from(seconds).unwrap_or(u32::MAX))
            }
            code => Self::Refused(code),
        }
    }
}
