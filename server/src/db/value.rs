//! The values that go into a statement and come out of a row: bytes, whole numbers, text.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::time::Timestamp;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::pool::DbError;

/// One argument. `None` is NULL of that type, which PostgreSQL wants to know.
#[derive(Clone)]
pub enum Value {
    /// BLOB or BYTEA.
    Bytes(Option<Vec<u8>>),
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}
impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}
impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}
impl From<&Vec<u8>> for Value {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::Bytes(Some(bytes.clone()))
    }
}
impl From<Hash32> for Value {
    fn from(hash: Hash32) -> Self {
        Self::Bytes(Some(hash.0.to_vec()))
    }
}
impl From<Option<Hash32>> for Value {
    fn from(hash: Option<Hash32>) -> Self {
        Self::Bytes(hash.map(|hash| hash.0.to_vec()))
    }
}
impl From<Kid> for Value {
    fn from(kid: Kid) -> Self {
        Self::Bytes(Some(kid.0.to_vec()))
    }
}
impl From<Option<Kid>> for Value {
    fn from(kid: Option<Kid>) -> Self {
        Self::Bytes(kid.map(|kid| kid.0.to_vec()))
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}
impl From<Option<u8>> for Value {
    fn from(number: Option<u8>) -> Self {
        Self::Int(number.map(i64::from))
    }
}
impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(Some(i64::from(flag)))
    }
}
impl From<u64> for Value {
    // Saturates: a number past i64 is larger than anything stored, and compares so.
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}
impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        time.0.into()
    }
}
impl From<Option<Timestamp>> for Value {
    fn from(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Int(None), Self::from)
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

macro_rules! id_values {
    ($($name:ident)*) => {$(
        impl From<shared::ids::$name> for Value {
            fn from(id: shared::ids::$name) -> Self {
                Self::Bytes(Some(id.0.to_vec()))
            }
        }
        impl From<Option<shared::ids::$name>> for Value {
            fn from(id: Option<shared::ids::$name>) -> Self {
                Self::Bytes(id.map(|id| id.0.to_vec()))
            }
        }
        impl Column for shared::ids::$name {
            fn read(row: &Row, at: usize) -> Result<Self, DbError> {
                <[u8; 16]>::read(row, at).map(Self)
            }
        }
        impl Column for Option<shared::ids::$name> {
            fn read(row: &Row, at: usize) -> Result<Self, DbError> {
                let bytes = Option::<Vec<u8>>::read(row, at)?.map(<[u8; 16]>::try_from);
                let id = bytes.transpose().map_err(|_| DbError::Shape)?;
                Ok(id.map(shared::ids::$name))
            }
        }
    )*};
}
id_values!(
    AccountId SlotId MatterId InviteId EnrolmentId ObjectId SubmissionId FormId RecordId SessionId
    ReviewId WallId BackId
);

/// One row of either engine.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// The column at `at`, as whatever the caller expects.
    ///
    /// # Errors
    /// When the stored value is not of that type.
    pub fn get<T: Column>(&self, at: usize) -> Result<T, DbError> {
        T::read(self, at)
    }
}

/// A type that can be read from a column.
pub trait Column: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// When the stored value is not of this type.
    fn read(row: &Row, at: usize) -> Result<Self, DbError>;
}

macro_rules! plain_columns {
    ($($type:ty)*) => {$(
        impl Column for $type {
            fn read(row: &Row, at: usize) -> Result<Self, DbError> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get(at)?,
                    Row::Postgres(row) => row.try_get(at)?,
                })
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row, at: usize) -> Result<Self, DbError> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get(at)?,
                    Row::Postgres(row) => row.try_get(at)?,
                })
            }
        }
    )*};
}
plain_columns!(Vec<u8> i64 String);

impl<const N: usize> Column for [u8; N] {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Vec::<u8>::read(row, at)?.try_into().map_err(|_| DbError::Shape)
    }
}
impl Column for Hash32 {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        <[u8; 32]>::read(row, at).map(Self)
    }
}
impl Column for Kid {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        <[u8; 32]>::read(row, at).map(Self)
    }
}
impl Column for Option<Kid> {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Ok(Option::<Hash32>::read(row, at)?.map(|hash| Kid(hash.0)))
    }
}
impl Column for Option<Hash32> {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        let Some(bytes) = Option::<Vec<u8>>::read(row, at)? else {
            return Ok(None);
        };
        bytes.try_into().map(|bytes| Some(Hash32(bytes))).map_err(|_| DbError::Shape)
    }
}
impl Column for u64 {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Self::try_from(i64::read(row, at)?).map_err(|_| DbError::Shape)
    }
}
impl Column for u32 {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Self::try_from(i64::read(row, at)?).map_err(|_| DbError::Shape)
    }
}
impl Column for u8 {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Self::try_from(i64::read(row, at)?).map_err(|_| DbError::Shape)
    }
}
impl Column for bool {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        Ok(i64::read(row, at)? != 0)
    }
}
impl Column for Option<Timestamp> {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        let time = Option::<i64>::read(row, at)?.map(u64::try_from).transpose();
        Ok(time.map_err(|_| DbError::Shape)?.map(Timestamp))
    }
}
impl Column for Timestamp {
    fn read(row: &Row, at: usize) -> Result<Self, DbError> {
        u64::read(row, at).map(Self)
    }
}
