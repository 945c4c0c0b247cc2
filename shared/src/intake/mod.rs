//! Intake: a stranger writes to the firm.
//!
//! A lawyer's invitation is a link whose fragment the server never sees. What it opens ([`wire`])
//! is a blob sealed under the fragment's secret: the firm's keys, the matter's key, the form. The
//! client's browser makes its own keys, joins, and files answers and documents as statements of the
//! matter's stream.

pub mod wire;

#[cfg(feature = "plaintext")]
pub mod answers;
#[cfg(feature = "plaintext")]
pub mod check;
#[cfg(feature = "plaintext")]
pub mod codec;
#[cfg(feature = "plaintext")]
pub mod coherent;
#[cfg(feature = "plaintext")]
pub mod draft;
#[cfg(feature = "plaintext")]
pub mod figures;
#[cfg(feature = "plaintext")]
mod fits;
#[cfg(feature = "plaintext")]
pub mod flaw;
#[cfg(feature = "plaintext")]
pub mod form;
#[cfg(feature = "plaintext")]
pub mod kind;
#[cfg(feature = "plaintext")]
pub mod logic;
#[cfg(feature = "plaintext")]
pub mod plain;
#[cfg(feature = "plaintext")]
pub mod questions;
#[cfg(feature = "plaintext")]
pub mod seal;
#[cfg(feature = "plaintext")]
pub mod templates;
#[cfg(feature = "plaintext")]
pub mod value;
#[cfg(feature = "plaintext")]
pub mod words;

#[cfg(all(test, feature = "plaintext", not(target_arch = "wasm32")))]
mod tests;
