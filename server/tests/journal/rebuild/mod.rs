//! The tables that say what the journal says, made again of it alone: the same to the byte, and told
//! apart where somebody changed them.

mod asked;
mod older;
mod papers;
mod tables;

use server::db::{Row, Value, migrate};
use server::journal::rebuild::{Rebuilt, Unreadable, rebuild};
use server::journal::store::projections::{self, Was};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Namespace;
use shared::ids::{FormId, RecordId, ReviewId, WallId};
use shared::journal::policy::SessionRules;
use shared::journal::posts::WallRaised;
use shared::journal::release::PolicyAct;
use shared::journal::review::{Closed, Opened, ReviewAct};
use shared::journal::statement::{
    AccessAct, ClientAccepted, Decided, Decision, FormPublished, KeyringAct, MatterAct, Verb,
};
use shared::journal::stream::StreamId;
use shared::journal::verdict::{Finding, IdentityAct, Lessened, Need, Verdict, Ways};
use shared::journal::wire::Cosign;
use shared::time::{DAY, Timestamp};

use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{World, noise};

/// Enough for a second tile.
const WHOLE: u32 = 5;

/// A firm in which everything was done that can be done, and so many times fifty documents opened.
async fn journey(opened: u32) -> World {
    let world = World::new().await;
    let founder = &world.founder;
    let colleague = world.staff(Role::Staff, Caps::GRANT | Caps::INVITE).await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let answers = Sealed::new(&world, &matter, &client, b"answers");
    let document = Sealed::new(&world, &matter, &client, &noise(70_000));
    for file in [&answers, &document] {
        file.upload(&world, &matter, &client).await.unwrap();
    }
    let mut script = Script::new(&world).await;
    answers.file(&mut script, &matter, &client);
    document.file(&mut script, &matter, &client);
    let submission = script.submit(&matter, answers.object, &[document.object], &client);
    world.append(&client, &script.finish()).await.unwrap();
    world.pass(60_000);
    let letter = Sealed::new(&world, &matter, founder, b"a letter");
    letter.upload(&world, &matter, founder).await.unwrap();
    // One that is begun and not filed is nobody's projection.
    let begun = Sealed::new(&world, &matter, founder, b"half a letter");
    begun.upload(&world, &matter, founder).await.unwrap();
    papers::filed(&world, &matter, &client).await;
    let mut script = Script::new(&world).await;
    let invite = {
        let mut read = world.app.db.read().await.unwrap();
        let sql = "SELECT id FROM invite WHERE used_by IS NOT NULL";
        read.fetch_optional(sql, &[]).await.unwrap().unwrap().get(0).unwrap()
    };
    let accepted = ClientAccepted { client: client.kid(), invite, level: 2 };
    script.at(&matter, founder, MatterAct::Accepted(accepted));
    let decided = Decided { submission, decision: Decision::Accepted };
    script.at(&matter, founder, MatterAct::Decided(decided));
    script.describe(&matter, founder);
    script.grant(&matter, &colleague.bundle, founder);
    script.grant(&matter, &client.bundle, founder);
    letter.file(&mut script, &matter, founder);
    let verdict = Verdict {
        client: client.kid(),
        finding: Finding::Verified,
        ways: Ways::MET,
        expires: Some(world.app.now().plus(DAY)),
        paper: None,
        reason: None,
        shred: Some(world.app.now()),
    };
    let need = Need { enough: vec![Ways::MET], again: Some(9) };
    for act in
        [IdentityAct::Found(verdict), IdentityAct::Needed(need), IdentityAct::Released(submission)]
    {
        script.by(founder, Namespace::IdVerdict, StreamId::Matter(matter.id), act);
    }
    let reason = script.garbled(&matter, RecordKind::Less, RecordId::random());
    let act = IdentityAct::NeededLess(Lessened { need: Need::NOTHING, reason });
    script.by(founder, Namespace::IdVerdict, StreamId::Matter(matter.id), act);
    let rules = SessionRules { idle_minutes: 5, absolute_hours: 20 };
    let kinds = script.garbled(&world.office, RecordKind::Kinds, RecordId::random());
    for act in [PolicyAct::Sessions(rules), PolicyAct::Kinds(kinds)] {
        script.by(founder, Namespace::Policy, StreamId::Policy, act);
    }
    let next = crate::world::room(world.firm, matter.id);
    script.take_back(&next, 1, &[colleague.kid()], founder);
    let form = FormId::random();
    for version in [1, 2] {
        let definition = script.record(&world.office);
        let act = FormPublished { form, version, form_hash: Hash32([4; 32]), definition };
        script.by(founder, Namespace::Form, StreamId::Forms, act);
    }
    let begun = Opened { review: ReviewId::random(), due: Timestamp(1) };
    script.by(founder, Namespace::Review, StreamId::Reviews, ReviewAct::Opened(begun));
    let closed = Closed { review: begun.review };
    script.by(founder, Namespace::Review, StreamId::Reviews, ReviewAct::Closed(closed));
    let (wall, account, kid) = (WallId::random(), colleague.account, colleague.kid());
    let act = KeyringAct::WallRaised(WallRaised { wall, account, kid, matter: matter.id });
    script.by(founder, Namespace::Keyring, StreamId::Keyring, act);
    world.append(founder, &script.finish()).await.unwrap();
    asked::answered(&world, &matter, &client).await;
    asked::ended(&world, &next, &client).await;
    world.staff(Role::Admin, Caps::ADMIT).await;
    for _ in 0..opened {
        let mut script = Script::new(&world).await;
        for _ in 0..50 {
            let act = AccessAct { object: Some(document.object), verb: Verb::Opened };
            script.by(founder, Namespace::Access, StreamId::Access(matter.id), act);
        }
        world.append(founder, &script.finish()).await.unwrap();
    }
    world
}

async fn again(world: &World) -> Result<Rebuilt, Unreadable> {
    rebuild(&world.app.db, &world.app.secrets).await
}

/// Every row of every projection, in bytes.
async fn dump(world: &World) -> Vec<(&'static str, Vec<String>)> {
    const ALL: [&str; 22] = [
        "SELECT * FROM paper",
        "SELECT * FROM papers_key",
        "SELECT * FROM code_answer",
        "SELECT * FROM code_asked",
        "SELECT * FROM session_rules",
        "SELECT * FROM matter_need",
        "SELECT * FROM released",
        "SELECT * FROM client_identity",
        "SELECT * FROM object",
        "SELECT * FROM submission",
        "SELECT * FROM review",
        "SELECT * FROM invite",
        "SELECT * FROM seat",
        "SELECT * FROM epoch",
        "SELECT * FROM matter",
        "SELECT * FROM form",
        "SELECT * FROM enrolment_offer",
        "SELECT * FROM wall",
        "SELECT * FROM signer",
        "SELECT * FROM firm",
        "SELECT * FROM stream",
        "SELECT * FROM tile",
    ];
    assert!(projections::names().eq(ALL.iter().map(|sql| sql.rsplit(' ').next().unwrap())));
    let mut read = world.app.db.read().await.unwrap();
    let mut tables = Vec::new();
    for sql in ALL {
        let mut rows: Vec<String> =
            read.fetch_all(sql, &[]).await.unwrap().iter().map(written).collect();
        rows.sort();
        assert!(!rows.is_empty(), "{sql} gives nothing: the journey leaves something out");
        tables.push((sql, rows));
    }
    tables
}

fn written(row: &Row) -> String {
    let mut columns = Vec::new();
    while let Some(column) = column(row, columns.len()) {
        columns.push(column);
    }
    assert!(columns.len() > 1);
    columns.join(" ")
}

fn column(row: &Row, at: usize) -> Option<String> {
    if let Ok(number) = row.get::<Option<i64>>(at) {
        return Some(format!("{number:?}"));
    }
    if let Ok(bytes) = row.get::<Option<Vec<u8>>>(at) {
        return Some(shared::encoding::to_hex(&bytes.unwrap_or_default()));
    }
    row.get::<String>(at).ok()
}

async fn change(world: &World, sql: &'static str, args: &[Value]) {
    let mut tx = world.app.db.begin().await.unwrap();
    let touched = tx.execute(sql, args).await.unwrap();
    assert!(touched > 0, "{sql} changed nothing");
    tx.without_statement("somebody with the database's password").await.unwrap();
}

#[tokio::test]
async fn what_the_journal_gives_is_what_was_there() {
    let world = journey(WHOLE).await;
    let before = dump(&world).await;
    let statements = world.count("SELECT COUNT(*) FROM statement").await;
    assert!(statements > 256);
    let same = Rebuilt { statements, differences: Vec::new() };
    assert_eq!(again(&world).await.unwrap(), same);
    assert_eq!(dump(&world).await, before);
    // And the firm goes on.
    crate::described(&world, |_| {}).await.unwrap();
    let after = Rebuilt { statements: statements + 1, differences: Vec::new() };
    assert_eq!(again(&world).await.unwrap(), after);
    // A firm that is not founded has an empty journal.
    let (empty, _) = World::unfounded(crate::harness::TestApp::new().await);
    let nothing = Rebuilt { statements: 0, differences: Vec::new() };
    assert_eq!(again(&empty).await.unwrap(), nothing);
}

#[tokio::test]
async fn tables_that_were_emptied_come_back_to_the_byte() {
    let world = journey(WHOLE).await;
    let before = dump(&world).await;
    for sql in [
        "DELETE FROM paper",
        "DELETE FROM papers_key",
        "DELETE FROM code_answer",
        "DELETE FROM code_asked",
        "DELETE FROM session_rules",
        "DELETE FROM matter_need",
        "DELETE FROM released",
        "DELETE FROM client_identity",
        "DELETE FROM object",
        "DELETE FROM submission",
        "DELETE FROM review",
        "DELETE FROM invite",
        "DELETE FROM seat",
        "DELETE FROM epoch",
        "DELETE FROM matter",
        "DELETE FROM form",
        "DELETE FROM enrolment_offer",
        "DELETE FROM wall",
        "DELETE FROM signer",
        "DELETE FROM firm",
        "DELETE FROM stream",
        "DELETE FROM tile",
    ] {
        change(&world, sql, &[]).await;
    }
    let differences = again(&world).await.unwrap().differences;
    let said: Vec<_> = differences.iter().map(|one| (one.table, one.was, one.count)).collect();
    let expected: Vec<_> = projections::names()
        .zip(&before)
        .map(|(table, (_, rows))| (table, Was::Lacking, rows.len() as u64))
        .collect();
    assert_eq!(said, expected);
    assert_eq!(dump(&world).await, before);
    assert!(again(&world).await.unwrap().differences.is_empty());
    crate::described(&world, |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_changed_row_is_named_and_made_again() {
    let world = journey(WHOLE).await;
    let before = dump(&world).await;
    let other = || Value::from([7; 32]);
    for (sql, args, table, was) in [
        ("DELETE FROM submission", vec![], "submission", Was::Lacking),
        ("UPDATE submission SET decision = NULL", vec![], "submission", Was::Other),
        ("UPDATE signer SET caps = 65535", vec![], "signer", Was::Other),
        ("UPDATE signer SET level = NULL WHERE level = 2", vec![], "signer", Was::Other),
        ("UPDATE firm SET recovery = NULL", vec![], "firm", Was::Other),
        ("UPDATE stream SET next = next + 1 WHERE name = 'keyring'", vec![], "stream", Was::Other),
        ("UPDATE invite SET used_by = NULL", vec![], "invite", Was::Other),
        ("UPDATE object SET sealed_len = 1", vec![], "object", Was::Other),
        ("UPDATE object SET ct_root = $1", vec![other()], "object", Was::Other),
        ("UPDATE matter SET created = created + 1", vec![], "matter", Was::Other),
        ("UPDATE epoch SET kid = $1", vec![other()], "epoch", Was::Other),
        ("UPDATE form SET leaf = 0 WHERE version = 2", vec![], "form", Was::Other),
        ("UPDATE enrolment_offer SET admitted = NULL", vec![], "enrolment_offer", Was::Other),
        ("DELETE FROM tile WHERE level = 1", vec![], "tile", Was::Lacking),
        ("UPDATE tile SET hashes = $1 WHERE level = 1", vec![other()], "tile", Was::Other),
        (
            "INSERT INTO seat (kid, matter) SELECT $1, id FROM matter",
            vec![other()],
            "seat",
            Was::Surplus,
        ),
    ] {
        change(&world, sql, &args).await;
        let differences = again(&world).await.unwrap().differences;
        let [one] = differences.as_slice() else { panic!("{sql}: {differences:?}") };
        assert_eq!((one.table, one.was), (table, was), "{sql}");
        assert!(one.to_string().contains(&format!("`{table}`")) && !one.rows.is_empty());
        assert_eq!(dump(&world).await, before, "{sql}");
        assert!(again(&world).await.unwrap().differences.is_empty());
    }
}

#[tokio::test]
async fn a_row_with_another_key_is_lacking_and_surplus_at_once() {
    let world = journey(WHOLE).await;
    change(
        &world,
        "UPDATE seat SET kid = $1 WHERE kid = (SELECT kid FROM signer WHERE kind = 2)",
        &[Value::from([7; 32])],
    )
    .await;
    let differences = again(&world).await.unwrap().differences;
    let said: Vec<_> = differences.iter().map(|one| (one.table, one.was, one.count)).collect();
    assert_eq!(said, [("seat", Was::Lacking, 1), ("seat", Was::Surplus, 1)]);
    let sentence = differences[1].to_string();
    assert!(
        sentence.starts_with("Table `seat` had 1 row that the journal does not give: kid 0707")
    );
    assert!(sentence.ends_with('.'));
}

/// What is kept cannot be made of anything: where it does not hold, nothing is touched.
#[tokio::test]
async fn a_journal_that_does_not_hold_changes_nothing() {
    let changed: [(&'static str, Vec<Value>); 9] = [
        ("UPDATE statement SET arrived = arrived + 1 WHERE leaf = 4", vec![]),
        ("UPDATE statement SET seq = 9999 WHERE leaf = 4", vec![]),
        ("UPDATE statement SET blind = $1 WHERE leaf = 4", vec![Value::from([7; 32])]),
        ("UPDATE statement SET body = $1 WHERE leaf = 4", vec![Value::from([7; 200])]),
        (
            "UPDATE statement SET receipt = (SELECT receipt FROM statement WHERE leaf = 3) \
             WHERE leaf = 4",
            vec![],
        ),
        ("DELETE FROM attachment", vec![]),
        ("UPDATE attachment SET body = $1", vec![Value::from([7; 200])]),
        ("DELETE FROM part", vec![]),
        ("DELETE FROM enrolled", vec![]),
    ];
    for (sql, args) in changed {
        let world = journey(0).await;
        change(&world, "UPDATE matter SET created = 1", &[]).await;
        let before = dump(&world).await;
        change(&world, sql, &args).await;
        let refused = again(&world).await.unwrap_err();
        assert!(matches!(refused, Unreadable::Leaf { .. }), "{sql}: {refused}");
        assert_eq!(dump(&world).await, before, "{sql}");
    }
}

/// To make the tables again of a shorter journal would take back what devices hold the server to.
#[tokio::test]
async fn a_journal_that_lost_its_end_is_not_made_the_truth() {
    let world = journey(1).await;
    let before = dump(&world).await;
    let last = "DELETE FROM statement WHERE leaf = (SELECT MAX(leaf) FROM statement)";
    change(&world, last, &[]).await;
    let refused = again(&world).await.unwrap_err();
    assert!(matches!(refused, Unreadable::Shorter { .. }), "{refused}");
    assert_eq!(dump(&world).await, before);
    // A member's word for the lost tree stays where the tree itself is lost too.
    let world = journey(1).await;
    let size = world.count("SELECT COUNT(*) FROM statement").await;
    let asked = shared::journal::wire::ReadProof { seen: 0, leaves: Vec::new(), size: None };
    let note = world.call(&world.founder, &asked).await.unwrap().note;
    let checkpoint = shared::journal::checkpoint::Note::parse(&note).unwrap().checkpoint;
    let founder = &world.founder;
    let (kid, key) = (founder.kid(), &founder.keys.signing);
    let line = checkpoint.cosign(world.firm, kid, key, world.app.now()).unwrap();
    world.call(founder, &Cosign { size, line }).await.unwrap();
    change(&world, last, &[]).await;
    change(&world, "DELETE FROM tile", &[]).await;
    let refused = again(&world).await.unwrap_err();
    assert!(matches!(refused, Unreadable::Shorter { .. }), "{refused}");
}
