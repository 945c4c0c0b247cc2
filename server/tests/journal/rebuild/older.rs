//! A database that an earlier program left.

use super::*;

#[tokio::test]
async fn a_database_of_before_the_tiles_is_brought_up_to_date() {
    let world = journey(WHOLE).await;
    let before = dump(&world).await;
    let mut tx = world.app.db.begin().await.unwrap();
    for sql in [
        "DELETE FROM schema_change WHERE number >= 5",
        "DROP TABLE review",
        "DROP TABLE paper",
        "DROP TABLE papers_key",
        "DROP TABLE shredded",
        "DROP TABLE code_asked",
        "DROP TABLE code_answer",
        "DROP TABLE code_mail",
        "DROP TABLE session_rules",
        "DROP TABLE matter_need",
        "DROP TABLE released",
        "DROP TABLE client_identity",
        "DROP TABLE passkey",
        "DROP TABLE authenticator",
        "DROP TABLE ceremony",
        "DROP TABLE way_back",
        "DROP TABLE cosignature",
        "DROP TABLE tile",
        "DROP TABLE wall",
        "ALTER TABLE enrolment_offer RENAME TO offer_now",
        "CREATE TABLE enrolment_offer AS SELECT id, leaf, auth_hash, blob_hash, expires, role, caps, \
         admitted FROM offer_now",
        "DROP TABLE offer_now",
        "CREATE TABLE node (level BIGINT, idx BIGINT)",
        "ALTER TABLE signer RENAME TO signer_now",
        "CREATE TABLE signer AS SELECT kid, kind, verify_key, caps, can_open, account, matter, \
         invite, level FROM signer_now",
        "DROP TABLE signer_now",
        "ALTER TABLE part ADD COLUMN sha256 TEXT",
    ] {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.without_statement("a test goes back in time").await.unwrap();
    assert_eq!(migrate::run(&world.app.db).await.unwrap(), 13);
    // What came later than that is made of the journal.
    again(&world).await.unwrap();
    assert_eq!(dump(&world).await, before);
    assert!(again(&world).await.unwrap().differences.is_empty());
}
