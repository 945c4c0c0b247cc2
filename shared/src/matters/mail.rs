//! One mail that brings a client its code: what the server is handed for it, and how it fares.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::ids::RecordId;

/// Hands an address and a code over for one mail. The server keeps both in its memory alone, until the mail is
/// sent or the code ends. No `Debug`: nothing of it goes into a log.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendCode {
    /// Which code, by its record.
    pub record: RecordId,
    /// Where to.
    pub address: String,
    /// Its digits.
    pub code: String,
}
call!(SendCode, "/api/v1/matters/code/send", CodeMail);

/// Asks how a mail fares; without a code, whether this server sends any.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadCodeMail {
    /// Which code, by its record.
    pub record: Option<RecordId>,
}
call!(ReadCodeMail, "/api/v1/matters/code/mail", CodeMail);

/// How a mail fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeMail {
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, by the server's clock in milliseconds, while it waits.
    pub next: u64,
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailState {
    /// This server sends no mail.
    NoRelay,
    /// None was handed over.
    Never,
    /// It waits for the mail server, and is tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// The mail server refuses the address.
    Refused,
    /// The code ended before the mail server took it.
    GaveUp,
    /// The server restarted meanwhile and forgot the address: it is to be handed over again.
    Lost,
}

impl CodeMail {
    /// Nothing more than a state.
    #[must_use]
    pub const fn plain(state: MailState) -> Self {
        Self { state, tries: 0, next: 0 }
    }
}
