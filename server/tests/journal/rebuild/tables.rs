//! No table is forgotten.

use super::*;

/// What cannot be made of the journal, and so is never touched.
const KEPT: [&str; 20] = [
    "account",
    "attachment",
    "attempt",
    "authenticator",
    "ceremony",
    "challenge",
    "code_mail",
    "cosignature",
    "counter",
    "enrolled",
    "part",
    "passkey",
    "schema_change",
    "server_state",
    "session",
    "slot",
    "statement",
    "upload",
    "shredded",
    "way_back",
];

#[test]
fn the_operators_page_names_every_table() {
    let page = include_str!("../../../../docs/OPERATING.md");
    for name in projections::names().chain(KEPT) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[tokio::test]
async fn every_table_is_kept_or_made_of_the_journal() {
    let world = World::new().await;
    let sql = if std::env::var_os("UNDERSEAL_TEST_POSTGRES").is_some() {
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
         WHERE table_schema = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    let mut read = world.app.db.read().await.unwrap();
    let rows = read.fetch_all(sql, &[]).await.unwrap();
    let mut tables: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    tables.sort();
    let mut sorted: Vec<&str> = projections::names().chain(KEPT).collect();
    sorted.sort_unstable();
    assert_eq!(tables, sorted);
}
