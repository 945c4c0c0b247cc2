//! Acts of the journal in words.

use shared::client::journal::JournalLine;
use shared::crypto::signed::Namespace;

/// What was done, in a few words.
#[must_use]
pub const fn what(line: &JournalLine) -> &'static str {
    match (line.namespace, line.variant) {
        (Namespace::Root, _) => "Founded the firm",
        (Namespace::Keyring, Some(0)) => "Admitted a person to the firm",
        (Namespace::Keyring, Some(1)) => "Set the firm’s recovery key",
        (Namespace::Keyring, Some(2)) => "Invited a colleague",
        (Namespace::Keyring, Some(3)) => "Ended or suspended somebody’s time with the firm",
        (Namespace::Keyring, Some(4)) => "Restored somebody who was suspended",
        (Namespace::Keyring, Some(5)) => "Changed what somebody is at the firm",
        (Namespace::Keyring, Some(6)) => "Raised a conflict wall",
        (Namespace::Keyring, Some(7)) => "Lifted a conflict wall",
        (Namespace::Keyring, Some(8)) => "Gave a duty",
        (Namespace::Keyring, _) => "Changed the firm’s directory",
        (Namespace::Recovery, Some(0)) => "Made shares of the firm’s recovery key",
        (Namespace::Recovery, Some(1)) => "Looked at a share of the recovery key",
        (Namespace::Recovery, Some(2)) => "Asked the officers to recover somebody’s access",
        (Namespace::Recovery, Some(3)) => "Gave a share to a recovery",
        (Namespace::Recovery, Some(4)) => "Agreed not to wait with a recovery",
        (Namespace::Recovery, Some(5)) => "Called a recovery off",
        (Namespace::Recovery, Some(6)) => "Passed lost access on to new keys",
        (Namespace::Recovery, Some(7)) => "Comes back by the firm’s sheets",
        (Namespace::ClientBundle, _) => "Opened a link and joined the matter",
        (Namespace::EpochKey, _) => "Made a key for a matter",
        (Namespace::Manifest, _) => "Filed a document or answers",
        (Namespace::Matter, Some(0)) => "Opened a matter",
        (Namespace::Matter, Some(1)) => "Gave somebody access to a matter",
        (Namespace::Matter, Some(2)) => "Described a matter",
        (Namespace::Matter, Some(3)) => "Made a link for a client",
        (Namespace::Matter, Some(4)) => "Recognised a client by the link",
        (Namespace::Matter, Some(5)) => "Sent answers",
        (Namespace::Matter, Some(6)) => "Decided on a submission",
        (Namespace::Matter, _) => "Changed a matter",
        (Namespace::Form, _) => "Published a form",
        (Namespace::Policy, Some(0)) => "Accepted a release of the portal",
        (Namespace::Policy, Some(1)) => "Said how long people stay signed in",
        (Namespace::Policy, Some(2)) => "Named the firm’s kinds of matter",
        (Namespace::Review, Some(0)) => "Began a review of access",
        (Namespace::Review, Some(1)) => "Reviewed who can open a matter",
        (Namespace::Review, Some(2)) => "Closed a review of access",
        (Namespace::Access, Some(1)) => "Opened answers or a document",
        (Namespace::Access, Some(2)) => "Saved a document",
        (Namespace::Access, Some(3)) => "Exported a matter",
        (Namespace::Access, _) => "Looked into a matter",
        _ => "Made another record",
    }
}
