//! Matters: one client matter, its keys, and who sits at it.
//!
//! A matter is its stream `matter/<id>`: created, an epoch key, grants, a sealed description,
//! invitations, clients, objects, submissions. Who holds a grant has a *seat*. The list below only
//! says which streams there are for a caller.

pub mod mail;
pub mod wire;

#[cfg(feature = "plaintext")]
pub mod plain;
