//! Documents: objects sealed as age files, sent in parts, filed by a signed manifest.
//!
//! An object's payload goes up in parts of 64 sealed chunks (4 MiB of plaintext); a part may be
//! sent again and again, and only with the same bytes. Filing is the manifest statement
//! ([`crate::journal::statement::ManifestAct`]) with header and metadata as attachments: only then
//! does the object exist. See [`wire`].

pub mod wire;

#[cfg(feature = "plaintext")]
pub mod plain;
