//! What went wrong, as a sentence and a way out: once in the client's words, once in staff's.

use shared::client::error::{ClientError, Thing};
use shared::problem::Code;

use crate::ui::trouble::{Trouble, TroubleWords};
use crate::words::{Word, t};

fn say(title: Word, happened: Word, safe: Word, todo: Word, broken: bool) -> Trouble {
    let text = |word| t(word).to_owned();
    Trouble {
        title: text(title),
        happened: text(happened),
        safe: text(safe),
        todo: text(todo),
        broken,
    }
}

/// The three headings, in the client's language.
#[must_use]
pub fn client_words() -> TroubleWords {
    TroubleWords { happened: t(Word::Happened), safe: t(Word::Safe), todo: t(Word::Todo) }
}

/// For a client. `typed` tells whether something was typed that can be said to be safe.
#[must_use]
pub fn for_client(error: &ClientError, typed: bool) -> Trouble {
    let safe = if typed { Word::SafeDraft } else { Word::NothingSent };
    match error {
        // The server does not know the secret: a letter of it is wrong.
        ClientError::BadLink | ClientError::SignIn => {
            say(Word::LinkBadTitle, Word::LinkBad, safe, Word::LinkBadTodo, false)
        }
        ClientError::NoSecret => {
            say(Word::LinkSecretTitle, Word::LinkSecret, safe, Word::LinkBadTodo, false)
        }
        ClientError::LinkExpired => {
            say(Word::LinkExpiredTitle, Word::LinkExpired, safe, Word::LinkExpiredTodo, false)
        }
        ClientError::LinkUsed => {
            say(Word::LinkUsedTitle, Word::LinkUsed, safe, Word::LinkUsedTodo, false)
        }
        ClientError::Missing | ClientError::Refused(Code::NotFound | Code::Unauthenticated) => {
            say(Word::LinkBadTitle, Word::LinkBad, safe, Word::LinkBadTodo, false)
        }
        ClientError::Unreachable => {
            say(Word::OfflineTitle, Word::Offline, safe, Word::OfflineTodo, false)
        }
        ClientError::NotVerified(_) | ClientError::Forked(_) => {
            say(Word::FalseTitle, Word::False, Word::FalseSafe, Word::FalseTodo, true)
        }
        ClientError::Wait(_) | ClientError::Refused(Code::Busy) => {
            say(Word::BusyTitle, Word::Busy, safe, Word::OtherTodo, false)
        }
        ClientError::Refused(Code::StorageFull) => {
            say(Word::FullTitle, Word::Full, safe, Word::FullTodo, false)
        }
        ClientError::Store => {
            say(Word::DeviceTitle, Word::Device, Word::NothingSent, Word::DeviceTodo, false)
        }
        _ => say(Word::OtherTitle, Word::Other, safe, Word::OtherTodo, false),
    }
}

/// Whether it is the link itself that does not lead on.
#[must_use]
pub const fn is_of_link(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::BadLink
            | ClientError::SignIn
            | ClientError::NoSecret
            | ClientError::LinkExpired
            | ClientError::LinkUsed
            | ClientError::Missing
            | ClientError::Refused(Code::NotFound | Code::Unauthenticated)
    )
}

/// The form is open in another tab.
#[must_use]
pub fn elsewhere() -> Trouble {
    say(Word::TabTitle, Word::Tab, Word::SafeDraft, Word::TabTodo, false)
}

/// For staff.
#[must_use]
pub fn for_staff(error: &ClientError) -> Trouble {
    let made = |title: &str, happened: &str, safe: &str, todo: &str| Trouble {
        title: title.to_owned(),
        happened: happened.to_owned(),
        safe: safe.to_owned(),
        todo: todo.to_owned(),
        broken: false,
    };
    const KEPT: &str = "Nothing was changed or lost.";
    match error {
        ClientError::Unreachable => made(
            "The portal cannot be reached",
            "There is no network, or the server is being restarted.",
            KEPT,
            "Check your network and try again.",
        ),
        ClientError::NotVerified(Thing::Key) => {
            let closed = made(
                "Your key to this matter does not open",
                "Of the keys that were given to you for it, none opens, or it is another matter’s.",
                KEPT,
                "Ask a colleague who has access to give it to you again, under Access.",
            );
            Trouble { broken: true, ..closed }
        }
        ClientError::NotVerified(thing) => Trouble { broken: true, ..not_verified(*thing) },
        ClientError::Forked(_) => Trouble {
            title: "The server shows another journal than before".to_owned(),
            happened: "Its record of what happened does not continue the one that this device verified: something was taken back, or this device is shown something else than others.".to_owned(),
            safe: "Nothing new was shown. What you saw before was verified.".to_owned(),
            todo: "Stop, and save the evidence: what the server signed before, and what it signs now. Call the person who looks after the portal, on a number you know.".to_owned(),
            ..not_verified(Thing::Journal)
        },
        ClientError::Locked | ClientError::Refused(Code::Unauthenticated) => made(
            "Your keys are locked",
            "You locked them, or the session ended after a while.",
            KEPT,
            "Unlock again to go on.",
        ),
        ClientError::SignIn => made(
            "That did not unlock your keys",
            "Name and passphrase, or the recovery words, do not belong together.",
            KEPT,
            "Check them and try again. Capital letters and spaces count in a passphrase.",
        ),
        ClientError::NewDevice => made(
            "This device is new to your account",
            "A passphrase alone does not open your keys: it takes a secret that only your own devices hold.",
            KEPT,
            "Use your twelve recovery words once on this device.",
        ),
        ClientError::NoKeysInPasskey => made(
            "This passkey opens no keys",
            "It can show that it is you, but this browser, or this passkey, cannot unlock with it.",
            KEPT,
            "Use your passphrase, and this passkey after it; or another passkey.",
        ),
        ClientError::StepUp => made(
            "Show again that it is you",
            "This needs your passkey or a code, shown within the last five minutes.",
            KEPT,
            "Try again, and show it when you are asked.",
        ),
        ClientError::Refused(Code::LastFactor) => made(
            "This is the last way in",
            "Without it, the last way to sign in and unlock would be gone.",
            KEPT,
            "Add another one first.",
        ),
        ClientError::Refused(Code::PasskeyCopied) => made(
            "This passkey may have been copied",
            "Its counter went back, which happens when somebody uses a copy of it.",
            "Your keys stay closed, and nothing was opened.",
            "Unlock in another way, remove this passkey under your account, and tell whoever looks after the portal.",
        ),
        ClientError::Wait(seconds) => made(
            "Too many tries",
            "Somebody, perhaps you, tried too often in a short time.",
            KEPT,
            &waiting(*seconds),
        ),
        ClientError::Refused(Code::StorageFull) => made(
            "The server’s storage is full",
            "There is no room for this on the server. Nothing of it was kept.",
            "Everything that was stored before is still there.",
            "Ask whoever runs the server to make room, then try again.",
        ),
        ClientError::Refused(Code::Busy | Code::StreamMoved | Code::Stale) => made(
            "Somebody else was faster",
            "The server is busy, or a colleague changed the same thing a moment ago.",
            KEPT,
            "Look at it again and repeat what you did.",
        ),
        ClientError::Refused(Code::SetupCode) => made(
            "The set-up code is missing or wrong",
            "The server asks for the code that it printed when it started.",
            KEPT,
            "Copy the code from the server’s first lines of output.",
        ),
        ClientError::Refused(Code::AlreadyFounded) => made(
            "There is a firm here already",
            "Somebody has set up this portal before you.",
            KEPT,
            "Ask a colleague to invite you.",
        ),
        ClientError::KeptFrom => made(
            "They must not see this matter",
            "A conflict wall stands between them, or their role is for another matter.",
            KEPT,
            "Ask an officer or an administrator whether that is still right.",
        ),
        ClientError::Verifier => made(
            "A colleague who verifies clients goes first",
            "The form asks for an identity paper, and the key that papers are sealed to is not made yet in this \
             matter. Only somebody who may verify clients here makes it.",
            KEPT,
            "Ask such a colleague to send this form once; after that you can.",
        ),
        ClientError::Unfit => made(
            "This cannot be done like this",
            "It is not yours to do, or something that it needs is not there yet.",
            KEPT,
            "Look at the page again. If it should be yours, ask an officer or an administrator.",
        ),
        ClientError::Missing | ClientError::Shredded | ClientError::Refused(Code::NotFound) => made(
            "There is nothing here for you",
            "It does not exist, or you have no access to it.",
            KEPT,
            "Ask a colleague who has access.",
        ),
        ClientError::Quarantined => made(
            "This waits for the client’s identity",
            "The matter needs to know first who sent it.",
            KEPT,
            "Check the client’s identity under Identity, or let the submission in.",
        ),
        ClientError::Store => made(
            "This device keeps no data",
            "Its storage is full, or switched off for this browser.",
            KEPT,
            "Make some room or allow storage for this site. A private window keeps nothing.",
        ),
        ClientError::BadLink | ClientError::NoSecret => made(
            "This link is not complete",
            "Some of its letters are missing or changed.",
            KEPT,
            "Open it from the message again, or ask for a new one.",
        ),
        ClientError::LinkExpired | ClientError::LinkUsed => made(
            "This link does not work any more",
            "It has expired, or somebody has used it.",
            KEPT,
            "Ask your colleague for a new one.",
        ),
        _ => made(
            "That did not work",
            "The portal met something it did not expect.",
            KEPT,
            "Try again. If it happens twice, tell whoever runs the server.",
        ),
    }
}

/// What is true of the rest, when this does not verify. Of the others nothing is said that was not
/// looked at: where the journal or the directory fails, everything newer rests on it.
const fn safe(thing: Thing) -> &'static str {
    match thing {
        Thing::Document | Thing::Matter | Thing::Key | Thing::Epoch | Thing::Back => {
            "Nothing of it was opened or shown. Your other matters are checked separately."
        }
        Thing::Keyring | Thing::Journal | Thing::Receipt | Thing::Seen => {
            "Nothing of it was shown. Rely on nothing newer than what this device verified before."
        }
        Thing::Account => "Your keys stay closed on this device, and nothing was opened with them.",
        Thing::Forms => {
            "No form of it was shown or sent. Links that you sent before stay as they are."
        }
        Thing::Share => "Nothing was tried with it, and nothing of it left this device.",
        Thing::Invitation => "Nothing of it was used: no keys were made, and nobody was let in.",
    }
}

fn waiting(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "Wait a minute, then try again.".to_owned(),
        minutes => format!("Wait {minutes} minutes, then try again."),
    }
}

fn not_verified(thing: Thing) -> Trouble {
    let (title, happened) = match thing {
        Thing::Keyring => (
            "The firm’s directory does not verify",
            "The list of people and keys that the server sent is not what the firm signed.",
        ),
        Thing::Matter | Thing::Key | Thing::Back => (
            "This matter does not verify",
            "Something in its record was changed, moved or left out, or is signed by a stranger.",
        ),
        Thing::Epoch => (
            "This matter’s new key is an old one",
            "A colleague’s device announced a key that the matter had before. Whoever lost access may still have it.",
        ),
        Thing::Document => (
            "This document does not verify",
            "It is not, byte for byte, what the sender sealed, or it does not belong here.",
        ),
        Thing::Seen => (
            "The sender saw another journal",
            "Whoever sent this had verified a state of the firm’s journal that is not part of the one shown here.",
        ),
        Thing::Forms => (
            "The forms do not verify",
            "The list of forms that the server sent is not what the firm signed.",
        ),
        Thing::Account => (
            "Your account does not verify",
            "The keys that the server holds for you are not the ones you made.",
        ),
        Thing::Journal | Thing::Receipt => (
            "The journal does not verify",
            "What the server shows contradicts what it showed before.",
        ),
        Thing::Share => (
            "This share does not belong here",
            "It is not the one that the firm’s directory names: a sheet of an earlier set, another number, or a wrong one.",
        ),
        Thing::Invitation => {
            ("This invitation does not verify", "What the server sent is not what the firm signed.")
        }
    };
    Trouble {
        title: title.to_owned(),
        happened: happened.to_owned(),
        safe: safe(thing).to_owned(),
        todo: "Do not rely on it. Write down the time, and call the person who looks after the portal, on a number you know.".to_owned(),
        broken: true,
    }
}
