//! The database: one SQL text for SQLite and PostgreSQL.
//!
//! Ids and hashes are bytes, instants are milliseconds in a BIGINT, flags and kinds are BIGINT, so
//! that the few types of [`value::Value`] say everything on both engines. Reads see one snapshot
//! ([`tx::Read`]); a write ([`tx::Tx`]) commits only with the proof that the journal took a
//! statement, or with a reason why it did not need one.

pub mod migrate;
pub mod own;
pub mod pool;
pub mod tx;
pub mod value;

pub use pool::Db;
pub use tx::{Conn, Read, Tx};
pub use value::{Row, Value};

/// The arguments of a statement, in the order of `$1`, `$2`, …
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::Value::from($value)),*]
    };
}
pub(crate) use args;
