//! What the door takes, and every way in which a statement is turned away.

use axum::http::{Request, StatusCode};
use server::journal::signer::Authority;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{Caps, Identity, Kid, Role, SigningKey};
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::ids::{AccountId, EnrolmentId, MatterId, RecordId};
use shared::journal::receipt::Receipt;
use shared::journal::statement::{Admitted, KeyringAct, MatterAct};
use shared::journal::stream::{Head, StreamId};
use shared::journal::wire::{Append, Appended, MAX_ATTACHMENT, ReadHead};
use shared::problem::Code;
use shared::time::DAY;

use crate::described;
use crate::harness::TestApp;
use crate::world::script::{Script, recovery, root_act, self_signed};
use crate::world::{NOW, Person, World, log_key, noise, person};

fn receipts(world: &World, appended: &Appended) -> Vec<Receipt> {
    let read = |bytes: &B64| {
        let signed = Signed::parse(&bytes.0).unwrap();
        assert_eq!(signed.signer(), world.app.secrets.log_kid);
        signed.body_as(Namespace::Receipt, &log_key(world)).unwrap()
    };
    appended.receipts.iter().map(read).collect()
}

fn copy(person: &Person) -> Person {
    Person {
        account: person.account,
        keys: Identity { signing: SigningKey::from_seed(*person.keys.signing.seed()), kem: None },
        bundle: person.bundle.clone(),
        cookie: person.cookie.clone(),
    }
}

#[tokio::test]
async fn every_statement_earns_a_receipt_for_its_leaf() {
    let world = World::new().await;
    let stream = StreamId::Matter(world.office.id);
    let mut script = Script::new(&world).await;
    script.describe(&world.office, &world.founder);
    script.describe(&world.office, &world.founder);
    let acts = script.finish();
    let appended = world.append(&world.founder, &acts).await.unwrap();
    let receipts = receipts(&world, &appended);
    // Three keyring statements and three of the office came with the founding.
    let places: Vec<_> = receipts.iter().map(|r| (r.leaf, r.seq)).collect();
    assert_eq!(places, [(6, 3), (7, 4)]);
    for (receipt, statement) in receipts.iter().zip(&acts.statements) {
        assert_eq!((receipt.statement, receipt.stream), (sha256(&statement.0), stream));
        assert_eq!(receipt.time, NOW);
    }
    let head: Head = world.call(&world.founder, &ReadHead { stream }).await.unwrap();
    assert_eq!(head, Head { next: 5, last: receipts[1].statement });
}

#[tokio::test]
async fn the_same_statements_again_earn_the_same_receipts() {
    let world = World::new().await;
    let mut script = Script::new(&world).await;
    script.describe(&world.office, &world.founder);
    let acts = script.finish();
    let first = world.append(&world.founder, &acts).await.unwrap();
    world.pass(60_000);
    let world = world.restart().await;
    let again = world.append(&world.founder, &acts).await.unwrap();
    assert_eq!(first.receipts, again.receipts);
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, 7);
    // Somebody else's session does not even learn that they are there.
    let other = world.staff(Role::Staff, Caps::ALL).await;
    assert_eq!(world.append(&other, &acts).await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn a_call_that_mixes_old_and_new_is_refused_whole() {
    let world = World::new().await;
    let mut script = Script::new(&world).await;
    script.describe(&world.office, &world.founder);
    let first =
        Append { statements: script.statements.clone(), attachments: script.attachments.clone() };
    world.append(&world.founder, &first).await.unwrap();
    script.describe(&world.office, &world.founder);
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::StreamMoved);
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, 7);
}

#[tokio::test]
async fn a_gap_a_fork_and_a_wrong_link_are_turned_away() {
    let world = World::new().await;
    let stream = StreamId::Matter(world.office.id);
    let head = Script::new(&world).await.head(stream);
    for wrong in [
        Head { next: head.next + 1, ..head },
        Head { next: head.next - 1, ..head },
        Head { last: Hash32([1; 32]), ..head },
        Head::EMPTY,
    ] {
        let refused = described(&world, |script| script.move_head(stream, wrong)).await;
        assert_eq!(refused.unwrap_err(), Code::StreamMoved, "{wrong:?}");
    }
    described(&world, |_| {}).await.unwrap();
    // A fork: another statement at the place that was just taken.
    let fork = described(&world, |script| script.move_head(stream, head)).await;
    assert_eq!(fork.unwrap_err(), Code::StreamMoved);
}

#[tokio::test]
async fn statements_out_of_order_are_refused_whole() {
    let world = World::new().await;
    let mut script = Script::new(&world).await;
    script.describe(&world.office, &world.founder);
    script.describe(&world.office, &world.founder);
    script.statements.reverse();
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::StreamMoved);
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, 6);
    let bytes = "SELECT CAST(LENGTH(hashes) AS BIGINT) FROM tile";
    assert_eq!(world.count(bytes).await, 6 * 32);
}

#[tokio::test]
async fn a_bad_signature_a_stranger_and_a_borrowed_name_are_refused() {
    let world = World::new().await;
    let room = &world.office;
    let stranger = person(world.firm, Role::Staff, Caps::ALL);
    let borrowed = Person { keys: Identity::generate(Role::Staff), ..copy(&world.founder) };
    for signer in [&stranger, &borrowed] {
        let mut script = Script::new(&world).await;
        script.describe(room, signer);
        let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement);
    }
    for at in [0, 5, 6, 20, 60, 200] {
        let mut script = Script::new(&world).await;
        script.describe(room, &world.founder);
        script.statements[0].0[at] ^= 1;
        let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement, "byte {at}");
    }
    let mut script = Script::new(&world).await;
    script.describe(room, &world.founder);
    script.statements[0].0.push(0);
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
}

#[tokio::test]
async fn a_statement_is_handed_in_by_whoever_signed_it() {
    let world = World::new().await;
    let other = world.staff(Role::Staff, Caps::ALL).await;
    let mut script = Script::new(&world).await;
    script.describe(&world.office, &world.founder);
    let acts = script.finish();
    assert_eq!(world.append(&other, &acts).await.unwrap_err(), Code::InvalidStatement);
    let nobody = Person { cookie: String::new(), ..copy(&other) };
    assert_eq!(world.append(&nobody, &acts).await.unwrap_err(), Code::Unauthenticated);
    world.append(&world.founder, &acts).await.unwrap();
}

#[tokio::test]
async fn a_namespace_stands_only_in_its_own_stream() {
    let world = World::new().await;
    let matter = world.office.id;
    let act = || MatterAct::Created(matter);
    for stream in [StreamId::Keyring, StreamId::Forms, StreamId::Policy, StreamId::Access(matter)] {
        let mut script = Script::new(&world).await;
        script.by(&world.founder, Namespace::Matter, stream, act());
        let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement, "{stream}");
    }
    for ns in [Namespace::Session, Namespace::Receipt, Namespace::StaffBundle, Namespace::Grant] {
        let mut script = Script::new(&world).await;
        script.by(&world.founder, ns, StreamId::Matter(matter), act());
        let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement, "{ns:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_a_day_loses_nothing() {
    let world = World::new().await;
    for time in [NOW.0 - DAY, NOW.0 + DAY, 0] {
        described(&world, |script| script.time.0 = time).await.unwrap();
    }
}

#[tokio::test]
async fn attachments_are_all_named_and_all_sent() {
    let world = World::new().await;
    let turned_away = async |change: &dyn Fn(&mut Script<'_>)| {
        let mut script = Script::new(&world).await;
        script.describe(&world.office, &world.founder);
        change(&mut script);
        world.append(&world.founder, &script.finish()).await.unwrap_err()
    };
    let attach = |script: &mut Script<'_>, bytes| script.attachments.push(B64(bytes));
    let unnamed = turned_away(&|script| attach(script, noise(10))).await;
    assert_eq!(unnamed, Code::InvalidStatement);
    let missing = turned_away(&|script| script.attachments.clear()).await;
    assert_eq!(missing, Code::InvalidStatement);
    let changed = turned_away(&|script| script.attachments[0].0[90] ^= 1).await;
    assert_eq!(changed, Code::InvalidStatement);
    let twice = turned_away(&|script| script.attachments.extend_from_within(..)).await;
    assert_eq!(twice, Code::InvalidStatement);
    let large = turned_away(&|script| attach(script, vec![0; MAX_ATTACHMENT + 1])).await;
    assert_eq!(large, Code::TooLarge);
    assert_eq!(world.count("SELECT COUNT(*) FROM statement").await, 6);
    described(&world, |_| {}).await.unwrap();
}

#[tokio::test]
async fn an_attachment_is_of_the_kind_that_its_statement_says() {
    let world = World::new().await;
    let mut script = Script::new(&world).await;
    let mut record = script.record(&world.office);
    // The bytes are a record, and not this one.
    record.record = RecordId::random();
    script.at(&world.office, &world.founder, MatterAct::Described(record));
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
}

#[tokio::test]
async fn a_call_has_statements_and_not_too_many() {
    let world = World::new().await;
    let none = Append { statements: Vec::new(), attachments: Vec::new() };
    assert_eq!(world.append(&world.founder, &none).await.unwrap_err(), Code::BadRequest);
    let mut script = Script::new(&world).await;
    (0..65).for_each(|_| script.describe(&world.office, &world.founder));
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::BadRequest);
}

#[tokio::test]
async fn a_firm_is_founded_once() {
    let world = World::new().await;
    let second = SigningKey::generate();
    let begun = async |head| {
        let (firm, root) = root_act(&second, &log_key(&world), MatterId::random());
        let mut script = Script::new(&world).await;
        script.move_head(StreamId::Keyring, head);
        script.write(Namespace::Root, StreamId::Keyring, root, &second, Kid::of_root(firm));
        script.finish()
    };
    let end = Script::new(&world).await.head(StreamId::Keyring);
    for (head, refused) in [(Head::EMPTY, Code::StreamMoved), (end, Code::AlreadyFounded)] {
        let acts = begun(head).await;
        assert_eq!(world.append(&world.founder, &acts).await.unwrap_err(), refused);
        let account = AccountId::random();
        let again = world.take(Authority::Founding { account }, &acts).await;
        assert_eq!(again.unwrap_err(), Code::AlreadyFounded);
    }
}

#[tokio::test]
async fn a_firm_is_founded_whole_or_not_at_all() {
    let (world, root) = World::unfounded(TestApp::new().await);
    let account = world.founder.account;
    let mut script = Script::new(&world).await;
    script.found(root);
    let whole = script.finish();
    // The fifth gives the office its key.
    for count in 1..=4 {
        let part =
            Append { statements: whole.statements[..count].to_vec(), attachments: Vec::new() };
        let refused = world.take(Authority::Founding { account }, &part).await;
        assert_eq!(refused.unwrap_err(), Code::InvalidStatement, "{count} statements");
    }
    world.take(Authority::Founding { account }, &whole).await.unwrap();
}

#[tokio::test]
async fn staff_is_admitted_as_offered_and_enrolled_or_not_at_all() {
    let world = World::new().await;
    let lawyer = world.staff(Role::Staff, Caps::GRANT | Caps::MATTERS).await;
    // Without an invitation.
    let friend = person(world.firm, Role::Staff, Caps::ALL);
    for enrolment in [None, Some(EnrolmentId::random())] {
        let mut script = Script::new(&world).await;
        script.admit(&friend, enrolment);
        let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement);
    }
    // Offered, and nobody enrolled.
    let enrolment = EnrolmentId::random();
    let mut script = Script::new(&world).await;
    script.offer(enrolment, &friend.bundle);
    script.admit(&friend, Some(enrolment));
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
    // By somebody without ADMIT.
    let mut script = Script::new(&world).await;
    let act = KeyringAct::RecoveryKey(recovery(world.firm));
    script.by(&lawyer, Namespace::Keyring, StreamId::Keyring, act);
    let refused = world.append(&lawyer, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
    let mut script = Script::new(&world).await;
    let act = Admitted { account: friend.account, bundle: self_signed(&friend), enrolment: None };
    script.by(&lawyer, Namespace::Keyring, StreamId::Keyring, KeyringAct::Admitted(act));
    let refused = world.append(&lawyer, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
}

#[tokio::test]
async fn nobody_but_the_maker_of_an_offer_admits_by_it() {
    let world = World::new().await;
    let admin = world.staff(Role::Admin, Caps::ADMIT).await;
    let friend = person(world.firm, Role::Staff, Caps::GRANT);
    let enrolment = world.enrolled(&friend).await;
    let mut script = Script::new(&world).await;
    script.offer(enrolment, &friend.bundle);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let admitted = || {
        let bundle = self_signed(&friend);
        let act = Admitted { account: friend.account, bundle, enrolment: Some(enrolment) };
        KeyringAct::Admitted(act)
    };
    let mut script = Script::new(&world).await;
    script.by(&admin, Namespace::Keyring, StreamId::Keyring, admitted());
    let refused = world.append(&admin, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
    let mut script = Script::new(&world).await;
    script.by_root(Namespace::Keyring, admitted());
    let refused = world.append(&world.founder, &script.finish()).await.unwrap_err();
    assert_eq!(refused, Code::InvalidStatement);
    let mut script = Script::new(&world).await;
    script.admit(&friend, Some(enrolment));
    world.append(&world.founder, &script.finish()).await.unwrap();
}

#[tokio::test]
async fn the_recovery_key_is_the_roots_word() {
    let world = World::new().await;
    let act = || KeyringAct::RecoveryKey(recovery(world.firm));
    let mut script = Script::new(&world).await;
    script.by(&world.founder, Namespace::Keyring, StreamId::Keyring, act());
    assert!(world.append(&world.founder, &script.finish()).await.is_err());
    // And said once, in founding.
    let mut script = Script::new(&world).await;
    script.by_root(Namespace::Keyring, act());
    assert!(world.append(&world.founder, &script.finish()).await.is_err());
}

#[tokio::test]
async fn a_request_that_is_no_append_is_a_bad_request() {
    let world = World::new().await;
    let route = "/api/v1/journal/append";
    for body in ["", "{}", "[]", r#"{"statements":["=="]}"#, r#"{"statements":[],"more":1}"#] {
        let answer = world.post(&world.founder.cookie, route, body.into()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::BAD_REQUEST, Code::BadRequest),
            "{body}"
        );
    }
    let get = Request::get(route).body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_write_at_once_one_comes_first() {
    let world = World::new().await;
    let mut acts = Vec::new();
    for _ in 0..8 {
        let mut script = Script::new(&world).await;
        script.describe(&world.office, &world.founder);
        acts.push(script.finish());
    }
    let rivals = acts.iter().map(|acts| world.append(&world.founder, acts));
    let answers = futures::future::join_all(rivals).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refusals: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert_eq!(refusals, [Code::StreamMoved; 7]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_of_different_streams_all_get_through() {
    let world = World::new().await;
    let mut rooms = Vec::new();
    for _ in 0..6 {
        rooms.push(world.matter().await);
    }
    let mut acts = Vec::new();
    for room in &rooms {
        let mut script = Script::new(&world).await;
        script.describe(room, &world.founder);
        acts.push(script.finish());
    }
    let writers = acts.iter().map(|acts| world.append(&world.founder, acts));
    let answers = futures::future::join_all(writers).await;
    let mut leaves: Vec<_> =
        answers.iter().map(|answer| receipts(&world, answer.as_ref().unwrap())[0].leaf).collect();
    leaves.sort_unstable();
    assert_eq!(leaves, (24..30).collect::<Vec<_>>());
}
