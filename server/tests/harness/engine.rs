//! The database that a test runs on: a file of its own, or, when `UNDERSEAL_TEST_POSTGRES` names a
//! server, a schema of its own there. The same tests run on both.

use std::path::Path;

use server::db::Db;
use sqlx::Connection as _;

/// An empty database.
pub async fn open(folder: &Path) -> Db {
    let Ok(url) = std::env::var("UNDERSEAL_TEST_POSTGRES") else {
        return Db::sqlite(folder).await.unwrap();
    };
    // The same folder means the same database, so that a test can restart its server.
    let name = format!("t_{}", shared::encoding::to_hex(&schema_name(folder)));
    let mut admin = sqlx::PgConnection::connect(&url).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {name}"));
    sqlx::raw_sql(create).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    let joint = if url.contains('?') { '&' } else { '?' };
    Db::postgres(&format!("{url}{joint}options[search_path]={name}")).await.unwrap()
}

fn schema_name(folder: &Path) -> [u8; 16] {
    let hash = shared::crypto::hash::sha256(folder.as_os_str().as_encoded_bytes());
    let mut name = [0; 16];
    name.copy_from_slice(&hash.0[..16]);
    name
}
