//! Accounts, sign-in, sessions.
//!
//! A person of staff proves a passphrase through OPAQUE: the server learns neither it nor anything
//! it could test guesses against without its own key, and the proof's `export_key`, mixed with a
//! secret of the device, opens the account's slot. A client has no account: it proves the key that
//! its browser made. The server's sessions are opaque cookies.
//!
//! A passkey signs in and, by its PRF, opens a slot of its own in the same touch. Where there is a
//! passphrase, a passkey or an authenticator app's code comes after it.

pub mod agent;
#[cfg(feature = "plaintext")]
pub mod alike;
pub mod back;
#[cfg(feature = "plaintext")]
pub mod mrz;
pub mod otpauth;
#[cfg(feature = "plaintext")]
pub mod passphrase;
pub mod wire;
