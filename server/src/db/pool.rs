//! Opening the database, and its errors sorted by who can act on them.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use shared::journal::tile::TileId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, Row as _, SqlitePool};

use super::tx::{Conn, Read, Tx};

/// First SQLite without the WAL-reset corruption.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const READERS: u32 = 4;

/// What the database answered, as far as anybody can act on it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The disk is full: nothing was stored.
    #[error("the database's disk is full")]
    Full,
    /// Another writer holds it, or it is restarting.
    #[error("the database is busy")]
    Busy,
    /// A row with this key exists.
    #[error("a row with this key exists")]
    Taken,
    /// A stored value is not what the schema says.
    #[error("a stored value has the wrong shape")]
    Shape,
    /// A tile of the journal's tree is missing, or not as wide as the tree says.
    #[error(
        "tile {0} of the journal's tree is missing or not whole; `check --rebuild` makes it again"
    )]
    Tile(TileId),
    /// Anything else.
    #[error("database: {0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Busy,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            sqlx::Error::Io(_) => Self::Busy,
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(inner) => match inner.code().as_deref() {
                // SQLITE_FULL; SQLITE_IOERR_WRITE and _SHMSIZE, which are what a quota or a limit on
                // files comes out as, and a disk too full for the index of the log; PostgreSQL
                // disk_full.
                Some("13" | "778" | "4874" | "53100") => Self::Full,
                // SQLITE_BUSY, _LOCKED, _BUSY_RECOVERY, _BUSY_SNAPSHOT; serialization, deadlock,
                // lock timeout, too many connections, shutting down, starting up.
                Some(
                    "5" | "6" | "261" | "517" | "40001" | "40P01" | "55P03" | "53300" | "57P01"
                    | "57P03",
                ) => Self::Busy,
                _ => Self::Other(error),
            },
            _ => Self::Other(error),
        }
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenDbError {
    /// Another process uses the same folder.
    #[error("another underseal process already uses it")]
    InUse,
    /// The folder cannot be used.
    #[error("{0}")]
    Folder(#[source] std::io::Error),
    /// The SQLite in this build has a corruption bug.
    #[error("this build's SQLite {0} is older than 3.51.3")]
    OldSqlite(String),
    /// The address is no PostgreSQL address, or the server does not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
}

/// The open database. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// One writer and some readers on one file.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that see the last commit.
        readers: SqlitePool,
        /// Held as long as the database is open, so that a second process is refused.
        lock: std::sync::Arc<File>,
    },
    /// A pool on a server.
    Postgres(PgPool),
}

impl Db {
    /// Opens (and makes, the first time) the SQLite file in a folder.
    ///
    /// # Errors
    /// See [`OpenDbError`].
    pub async fn sqlite(folder: &Path) -> Result<Self, OpenDbError> {
        crate::folder::make(folder).map_err(OpenDbError::Folder)?;
        let lock = hold(folder)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("underseal.sqlite"))
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may lose acknowledged commits at power loss.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            // A full disk makes SQLite undo the transaction by itself; the driver's own ROLLBACK
            // then fails and its count of open transactions is wrong for ever. Such a connection is
            // replaced. (The pool pings first, so the ROLLBACK has run by now.)
            .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
            .connect_with(options.clone())
            .await
            .map_err(OpenDbError::Unreachable)?;
        check_version(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(OpenDbError::Unreachable)?;
        Ok(Self::Sqlite { writer, readers, lock: std::sync::Arc::new(lock) })
    }

    /// Connects to PostgreSQL.
    ///
    /// # Errors
    /// See [`OpenDbError`].
    pub async fn postgres(url: &str) -> Result<Self, OpenDbError> {
        let options: PgConnectOptions = url.parse().map_err(OpenDbError::Unreachable)?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await
            .map_err(OpenDbError::Unreachable)?;
        Ok(Self::Postgres(pool))
    }

    /// A snapshot to read from.
    ///
    /// # Errors
    /// When no connection comes free, or the engine refuses.
    pub async fn read(&self) -> Result<Read, DbError> {
        Ok(Read(match self {
            Self::Sqlite { readers, .. } => Conn::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Conn::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        }))
    }

    /// Begins a write.
    ///
    /// # Errors
    /// When no connection comes free, or the engine refuses.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(Tx(match self {
            // A deferred transaction that reads before it writes fails at once when somebody
            // else wrote in between; IMMEDIATE waits its turn.
            Self::Sqlite { writer, .. } => {
                Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        }))
    }

    /// Finishes what is under way and closes.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn hold(folder: &Path) -> Result<File, OpenDbError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("underseal.lock"))
        .map_err(OpenDbError::Folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenDbError::InUse),
        Err(TryLockError::Error(error)) => Err(OpenDbError::Folder(error)),
    }
}

async fn check_version(pool: &SqlitePool) -> Result<(), OpenDbError> {
    let row = sqlx::query("SELECT sqlite_version()")
        .fetch_one(pool)
        .await
        .map_err(OpenDbError::Unreachable)?;
    let text: String = row.try_get(0).map_err(OpenDbError::Unreachable)?;
    let mut numbers = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE {
        return Err(OpenDbError::OldSqlite(text));
    }
    Ok(())
}
