//! Forward-only changes of the schema: the same text for both engines, with `BYTES` read as BLOB
//! or BYTEA. A change that shipped is never edited: its digest is checked at every start.

use shared::crypto::hash::{Hash32, sha256};
use sqlx::AssertSqlSafe;

use super::args;
use super::pool::{Db, DbError};
use super::tx::{Conn, Tx};
use crate::journal::store::tiles;

/// Every change, oldest first.
const CHANGES: &[(&str, &str)] = &[
    ("0001_identity", include_str!("../../migrations/0001_identity.sql")),
    ("0002_journal", include_str!("../../migrations/0002_journal.sql")),
    ("0003_matters", include_str!("../../migrations/0003_matters.sql")),
    ("0004_documents", include_str!("../../migrations/0004_documents.sql")),
    ("0005_versions", include_str!("../../migrations/0005_versions.sql")),
    ("0006_cosignatures", include_str!("../../migrations/0006_cosignatures.sql")),
    ("0007_tiles", include_str!("../../migrations/0007_tiles.sql")),
    ("0008_parts", include_str!("../../migrations/0008_parts.sql")),
    ("0009_factors", include_str!("../../migrations/0009_factors.sql")),
    ("0010_leaving", include_str!("../../migrations/0010_leaving.sql")),
    ("0011_reviews", include_str!("../../migrations/0011_reviews.sql")),
    ("0012_roles", include_str!("../../migrations/0012_roles.sql")),
    ("0014_client_identity", include_str!("../../migrations/0014_client_identity.sql")),
    ("0015_client_code", include_str!("../../migrations/0015_client_code.sql")),
    ("0016_policy", include_str!("../../migrations/0016_policy.sql")),
    ("0017_client_back", include_str!("../../migrations/0017_client_back.sql")),
    ("0018_papers", include_str!("../../migrations/0018_papers.sql")),
    ("0021_back_words", include_str!("../../migrations/0021_back_words.sql")),
];

/// Why the schema is not what this build needs.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database is of a newer version.
    #[error("the database was made by a newer version of underseal")]
    Newer,
    /// A change that ran has another text now.
    #[error("the schema change {0} is not the one that ran on this database")]
    Edited(&'static str),
    /// Changes wait to be run.
    #[error("the database needs `underseal migrate`")]
    Pending,
    /// The engine refused.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Runs what is missing; answers how many changes ran.
///
/// # Errors
/// See [`MigrateError`]; a change that fails leaves nothing behind.
pub async fn run(db: &Db) -> Result<usize, MigrateError> {
    let mut tx = db.begin().await?;
    tx.lock_journal().await?;
    script(
        &mut tx,
        "CREATE TABLE IF NOT EXISTS schema_change \
         (number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest BYTES NOT NULL)",
    )
    .await?;
    let done = ran(&mut tx).await?;
    for (number, (name, text)) in CHANGES.iter().enumerate().skip(done) {
        script(&mut tx, text).await?;
        tx.execute(
            "INSERT INTO schema_change (number, name, digest) VALUES ($1, $2, $3)",
            args![number as u64, *name, digest(text)],
        )
        .await?;
    }
    if done < CHANGES.len() {
        tiles::fill(&mut tx).await?;
    }
    tx.without_statement("the schema is not the firm's doing").await?;
    Ok(CHANGES.len() - done)
}

/// Checks that nothing is missing.
///
/// # Errors
/// See [`MigrateError`].
pub async fn check(db: &Db) -> Result<(), MigrateError> {
    let mut tx = db.read().await?;
    if ran(&mut tx).await? < CHANGES.len() {
        return Err(MigrateError::Pending);
    }
    Ok(())
}

async fn ran(conn: &mut Conn) -> Result<usize, MigrateError> {
    let rows = conn.fetch_all("SELECT digest FROM schema_change ORDER BY number", &[]).await?;
    for (at, row) in rows.iter().enumerate() {
        let (name, text) = CHANGES.get(at).ok_or(MigrateError::Newer)?;
        if row.get::<Hash32>(0)? != digest(text) {
            return Err(MigrateError::Edited(name));
        }
    }
    Ok(rows.len())
}

async fn script(tx: &mut Tx, text: &str) -> Result<(), DbError> {
    match &mut **tx {
        Conn::Sqlite(tx) => {
            let text = text.replace("BYTES", "BLOB");
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await?;
        }
        Conn::Postgres(tx) => {
            let text = text.replace("BYTES", "BYTEA");
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

fn digest(text: &str) -> Hash32 {
    sha256(text.as_bytes())
}
