//! Transactions: one snapshot to read, or one writer that commits with a proof.

use core::ops::{Deref, DerefMut};

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite, Transaction};

use super::pool::DbError;
use super::value::{Row, Value};

/// What a read and a write have in common: asking.
pub enum Conn {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Conn {
    /// The first row, if any.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn fetch_optional(
        &mut self,
        sql: &'static str,
        args: &[Value],
    ) -> Result<Option<Row>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite(sql, args).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Self::Postgres(tx) => {
                postgres(sql, args).fetch_optional(&mut **tx).await?.map(Row::Postgres)
            }
        })
    }

    /// All rows.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn fetch_all(
        &mut self,
        sql: &'static str,
        args: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let rows = sqlite(sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                let rows = postgres(sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// How many rows the statement touched.
    async fn touch(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite(sql, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres(sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }
}

/// A snapshot to read from.
pub struct Read(pub(super) Conn);

impl Deref for Read {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}
impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// A write. Dropping it undoes everything.
pub struct Tx(pub(super) Conn);

/// The journal took a statement in this transaction; only `journal::store` makes one.
#[must_use]
pub struct Journaled(());

impl Journaled {
    /// Called where a leaf was added, and nowhere else.
    pub(crate) const fn leaf_added() -> Self {
        Self(())
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Tx {
    /// Runs a statement that changes rows; answers how many.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn execute(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, DbError> {
        self.0.touch(sql, args).await
    }

    /// Makes the writers of the journal take turns. SQLite has one writer anyway.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn lock_journal(&mut self) -> Result<(), DbError> {
        if let Conn::Postgres(tx) = &mut self.0 {
            postgres("SELECT pg_advisory_xact_lock(7290135)", &[]).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Commits a change that the journal knows of.
    ///
    /// # Errors
    /// When the engine refuses; then nothing is changed.
    pub async fn commit(self, _proof: Journaled) -> Result<(), DbError> {
        self.end().await
    }

    /// Commits a change that needs no statement, for the given reason.
    ///
    /// # Errors
    /// When the engine refuses; then nothing is changed.
    pub async fn without_statement(self, reason: &'static str) -> Result<(), DbError> {
        tracing::trace!(reason, "commit without a statement");
        self.end().await
    }

    async fn end(self) -> Result<(), DbError> {
        match self.0 {
            Conn::Sqlite(tx) => tx.commit().await?,
            Conn::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

fn sqlite<'a>(sql: &'static str, args: &[Value]) -> Query<'a, Sqlite, SqliteArguments> {
    args.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
    })
}

fn postgres<'a>(sql: &'static str, args: &[Value]) -> Query<'a, Postgres, PgArguments> {
    args.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
    })
}
