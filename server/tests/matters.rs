//! Acts at a matter, through the router: who may, and who is turned away.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use server::journal::signer::Authority;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Kid, Role};
use shared::crypto::signed::Namespace;
use shared::ids::{InviteId, MatterId, SubmissionId};
use shared::journal::statement::{ClientAccepted, Decided, Decision, EpochAct, Granted, MatterAct};
use shared::journal::stream::{Head, StreamId};
use shared::matters::wire::ListMatters;
use shared::problem::Code;
use shared::time::{HOUR, Timestamp};
use world::script::Script;
use world::{NOW, Person, Room, World, person, room};

async fn send(
    world: &World,
    who: &Person,
    write: impl FnOnce(&mut Script<'_>),
) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    write(&mut script);
    world.append(who, &script.finish()).await.map(drop)
}

#[tokio::test]
async fn a_matter_begins_once_at_the_start_of_its_own_stream() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let again = send(&world, founder, |script| {
        script.move_head(StreamId::Matter(matter.id), Head::EMPTY);
        // The same statement to the byte would be a repetition.
        script.time = NOW.plus(1);
        script.at(&matter, founder, MatterAct::Created(matter.id));
    });
    assert_eq!(again.await.unwrap_err(), Code::StreamMoved);
    let later = send(&world, founder, |script| {
        script.at(&matter, founder, MatterAct::Created(matter.id));
    });
    assert_eq!(later.await.unwrap_err(), Code::InvalidStatement);
    let other = room(world.firm, MatterId::random());
    let misnamed = send(&world, founder, |script| {
        script.at(&other, founder, MatterAct::Created(MatterId::random()));
    });
    assert_eq!(misnamed.await.unwrap_err(), Code::InvalidStatement);
    let unbegun = send(&world, founder, |script| script.epoch(&other, 0, founder));
    assert_eq!(unbegun.await.unwrap_err(), Code::NotFound);
    let without = world.staff(Role::Staff, Caps::GRANT).await;
    let may_not = send(&world, &without, |script| {
        script.at(&other, &without, MatterAct::Created(other.id));
    });
    assert_eq!(may_not.await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn epochs_follow_each_other_with_keys_of_this_matter() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let try_epoch = async |epoch, key: &Room, named: MatterId| {
        send(&world, founder, |script| {
            let act = EpochAct {
                matter: named,
                epoch,
                key: key.bundle.clone(),
                unseated: None,
                known: None,
            };
            script.by(founder, Namespace::EpochKey, StreamId::Matter(matter.id), act);
        })
        .await
    };
    let next = room(world.firm, matter.id);
    let refused = Code::InvalidStatement;
    assert_eq!(try_epoch(0, &next, matter.id).await.unwrap_err(), refused);
    assert_eq!(try_epoch(2, &next, matter.id).await.unwrap_err(), refused);
    assert_eq!(try_epoch(1, &next, MatterId::random()).await.unwrap_err(), refused);
    let elsewhere = room(world.firm, MatterId::random());
    assert_eq!(try_epoch(1, &elsewhere, matter.id).await.unwrap_err(), refused);
    let foreign = room(Hash32([7; 32]), matter.id);
    assert_eq!(try_epoch(1, &foreign, matter.id).await.unwrap_err(), refused);
    assert_eq!(try_epoch(1, &matter, matter.id).await.unwrap_err(), refused);
    try_epoch(1, &next, matter.id).await.unwrap();
    // No key comes back, neither the newest nor an older one, under another date either.
    assert_eq!(try_epoch(2, &matter, matter.id).await.unwrap_err(), refused);
    let bundle = next.key.bundle(matter.id, world.firm, NOW.plus(1), Some(next.bundle.kid()));
    let later = Room { bundle, ..room(world.firm, matter.id) };
    assert_ne!(later.bundle.kid(), next.bundle.kid());
    assert_eq!(try_epoch(2, &later, matter.id).await.unwrap_err(), refused);
    try_epoch(2, &room(world.firm, matter.id), matter.id).await.unwrap();
}

#[tokio::test]
async fn a_seat_comes_by_a_grant_and_opens_the_matter() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let lawyer = world.staff(Role::Staff, Caps::NONE).await;
    let describe = |script: &mut Script<'_>| script.describe(&matter, &lawyer);
    assert_eq!(send(&world, &lawyer, describe).await.unwrap_err(), Code::NotFound);
    send(&world, founder, |script| script.grant(&matter, &lawyer.bundle, founder)).await.unwrap();
    let describe = |script: &mut Script<'_>| script.describe(&matter, &lawyer);
    send(&world, &lawyer, describe).await.unwrap();
    // A seat is no capability.
    let colleague = world.staff(Role::Staff, Caps::NONE).await;
    let grant = send(&world, &lawyer, |script| script.grant(&matter, &colleague.bundle, &lawyer));
    assert_eq!(grant.await.unwrap_err(), Code::InvalidStatement);
    let invite = send(&world, &lawyer, |script| {
        script.invite(&matter, InviteId::random(), NOW.plus(HOUR), &lawyer);
    });
    assert_eq!(invite.await.unwrap_err(), Code::InvalidStatement);
    let epoch = send(&world, &lawyer, |script| script.epoch(&matter, 1, &lawyer));
    assert_eq!(epoch.await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn seats_end_with_a_new_key_and_only_those_of_colleagues() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let lawyer = world.staff(Role::Staff, Caps::MATTERS).await;
    let other = world.staff(Role::Staff, Caps::ALL).await;
    let client = world.client(&matter).await;
    send(&world, founder, |script| {
        script.grant(&matter, &lawyer.bundle, founder);
        script.grant(&matter, &other.bundle, founder);
    })
    .await
    .unwrap();
    let mut two = [lawyer.kid(), other.kid()];
    two.sort_by_key(|kid| kid.0);
    let [first, second] = two;
    let next = room(world.firm, matter.id);
    let refused = Code::InvalidStatement;
    let stranger = world.staff(Role::Staff, Caps::ALL).await;
    for from in [
        &[][..],
        &[second, first],
        &[first, first],
        // Nearly as long as a statement may be.
        &[first; 1_500],
        &[founder.kid()],
        &[stranger.kid()],
        &[client.kid()],
    ] {
        let sent = send(&world, founder, |script| script.take_back(&next, 1, from, founder));
        assert_eq!(sent.await.unwrap_err(), refused, "{from:?}");
    }
    let from = [other.kid()];
    let without = send(&world, &lawyer, |script| script.take_back(&next, 1, &from, &lawyer));
    assert_eq!(without.await.unwrap_err(), refused);
    send(&world, founder, |script| script.take_back(&next, 1, &two, founder)).await.unwrap();
    for gone in [&lawyer, &other] {
        let describe = send(&world, gone, |script| script.describe(&matter, gone));
        assert_eq!(describe.await.unwrap_err(), Code::NotFound);
    }
    send(&world, founder, |script| script.grant(&matter, &other.bundle, founder)).await.unwrap();
    send(&world, &other, |script| script.describe(&matter, &other)).await.unwrap();
}

#[tokio::test]
async fn a_capability_is_no_seat() {
    let world = World::new().await;
    let matter = world.matter().await;
    let other = world.staff(Role::Staff, Caps::ALL).await;
    let founder = world.founder.kid();
    let writes: [fn(&mut Script<'_>, &Room, &Person, Kid); 6] = [
        |script, matter, who, _| script.describe(matter, who),
        |script, matter, who, _| script.grant(matter, &who.bundle, who),
        |script, matter, who, _| script.epoch(matter, 1, who),
        |script, matter, who, _| script.invite(matter, InviteId::random(), NOW.plus(HOUR), who),
        // Whether the list is in order, and who of it has a seat, is not told either.
        |script, matter, who, seated| script.take_back(matter, 1, &[seated], who),
        |script, matter, who, seated| script.take_back(matter, 1, &[seated; 2], who),
    ];
    for write in writes {
        let refused = send(&world, &other, |script| write(script, &matter, &other, founder)).await;
        assert_eq!(refused.unwrap_err(), Code::NotFound);
    }
}

#[tokio::test]
async fn keys_go_to_those_who_can_hold_them() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let admin = world.staff(Role::Admin, Caps::KEYS | Caps::ADMIT).await;
    let stranger = person(world.firm, Role::Staff, Caps::ALL);
    // An administrator opens nothing, a stranger is nobody, a client waits for acceptance.
    for to in [&admin.bundle, &stranger.bundle, &client.bundle, &matter.bundle] {
        let refused = send(&world, founder, |script| script.grant(&matter, to, founder)).await;
        assert_eq!(refused.unwrap_err(), Code::InvalidStatement);
    }
    let mut read = world.app.db.read().await.unwrap();
    let recovery =
        server::journal::store::directory::firm(&mut read).await.unwrap().unwrap().recovery;
    drop(read);
    // The envelope is the stranger's, the statement says it is the recovery key's.
    let mixed = send(&world, founder, |script| {
        let envelope_hash = script.envelope(&matter, &stranger.bundle, founder);
        let act = Granted { epoch: 0, recipient: recovery.unwrap(), envelope_hash };
        script.at(&matter, founder, MatterAct::Granted(act));
    });
    assert_eq!(mixed.await.unwrap_err(), Code::InvalidStatement);
    let later = send(&world, founder, |script| {
        let envelope_hash = script.envelope(&matter, &founder.bundle, founder);
        let act = Granted { epoch: 1, recipient: founder.kid(), envelope_hash };
        script.at(&matter, founder, MatterAct::Granted(act));
    });
    assert_eq!(later.await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn an_invitation_admits_one_client_in_time() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let other = world.matter().await;
    let invite = InviteId::random();
    let expires = NOW.plus(1000);
    send(&world, founder, |script| script.invite(&matter, invite, expires, founder)).await.unwrap();
    let join = async |room: &Room, named: InviteId, client: &Person| {
        let mut script = Script::new(&world).await;
        script.join(room, named, client);
        world.take(Authority::Redeeming { invite }, &script.finish()).await.map(drop)
    };
    let client = person(world.firm, Role::Client, Caps::NONE);
    let foreign = person(Hash32([1; 32]), Role::Client, Caps::NONE);
    let staff = person(world.firm, Role::Staff, Caps::NONE);
    assert_eq!(
        join(&matter, InviteId::random(), &client).await.unwrap_err(),
        Code::InvalidStatement
    );
    assert_eq!(join(&other, invite, &client).await.unwrap_err(), Code::NotFound);
    assert_eq!(join(&matter, invite, &foreign).await.unwrap_err(), Code::InvalidStatement);
    assert_eq!(join(&matter, invite, &staff).await.unwrap_err(), Code::InvalidStatement);
    world.pass(1001);
    assert_eq!(join(&matter, invite, &client).await.unwrap_err(), Code::InvitationExpired);
    let invite = InviteId::random();
    let expires = world.app.now();
    send(&world, founder, |script| script.invite(&matter, invite, expires, founder)).await.unwrap();
    let mut script = Script::new(&world).await;
    script.join(&matter, invite, &client);
    let joined = script.finish();
    let first = world.take(Authority::Redeeming { invite }, &joined).await.unwrap();
    // The answer was lost: the same browser asks again.
    let again = world.take(Authority::Redeeming { invite }, &joined).await.unwrap();
    assert_eq!(first.receipts, again.receipts);
    let mut script = Script::new(&world).await;
    script.join(&matter, invite, &person(world.firm, Role::Client, Caps::NONE));
    let used = world.take(Authority::Redeeming { invite }, &script.finish()).await;
    assert_eq!(used.unwrap_err(), Code::InvitationUsed);
}

#[tokio::test]
async fn two_clients_of_a_matter_have_two_names() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let invite = InviteId::random();
    send(&world, founder, |script| script.invite(&matter, invite, NOW.plus(HOUR), founder))
        .await
        .unwrap();
    let mut twin = person(world.firm, Role::Client, Caps::NONE);
    twin.bundle.subject = client.bundle.subject;
    let mut script = Script::new(&world).await;
    script.join(&matter, invite, &twin);
    let refused = world.take(Authority::Redeeming { invite }, &script.finish()).await;
    assert_eq!(refused.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn nobody_joins_through_a_session_or_redeems_anything_else() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let invite = InviteId::random();
    send(&world, founder, |script| script.invite(&matter, invite, NOW.plus(HOUR), founder))
        .await
        .unwrap();
    let client = person(world.firm, Role::Client, Caps::NONE);
    let refused = send(&world, founder, |script| script.join(&matter, invite, &client)).await;
    assert_eq!(refused.unwrap_err(), Code::InvalidStatement);
    let mut script = Script::new(&world).await;
    script.describe(&matter, founder);
    let refused = world.take(Authority::Redeeming { invite }, &script.finish()).await;
    assert_eq!(refused.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn a_client_is_accepted_by_its_own_invitation() {
    let world = World::new().await;
    let founder = &world.founder;
    let matter = world.matter().await;
    let other = world.matter().await;
    let client = world.client(&matter).await;
    let mut read = world.app.db.read().await.unwrap();
    let came_by = server::matters::store::came_by(&mut read, matter.id, client.kid()).await;
    drop(read);
    let invite = came_by.unwrap().unwrap();
    let accept = async |room: &Room, invite, level| {
        send(&world, founder, |script| {
            let act = ClientAccepted { client: client.kid(), invite, level };
            script.at(room, founder, MatterAct::Accepted(act));
        })
        .await
    };
    let refused = Code::InvalidStatement;
    assert_eq!(accept(&matter, InviteId::random(), 1).await.unwrap_err(), refused);
    assert_eq!(accept(&other, invite, 1).await.unwrap_err(), refused);
    assert_eq!(accept(&matter, invite, 0).await.unwrap_err(), refused);
    assert_eq!(accept(&matter, invite, 3).await.unwrap_err(), refused);
    accept(&matter, invite, 1).await.unwrap();
    // Now the client can be given the key of this matter, and of no other.
    let elsewhere = send(&world, founder, |script| script.grant(&other, &client.bundle, founder));
    assert_eq!(elsewhere.await.unwrap_err(), refused);
    send(&world, founder, |script| script.grant(&matter, &client.bundle, founder)).await.unwrap();
}

#[tokio::test]
async fn clients_write_nothing_that_is_staffs() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let decided = Decided { submission: SubmissionId::random(), decision: Decision::Accepted };
    let writes: [&dyn Fn(&mut Script<'_>); 4] = [
        &|script| script.describe(&matter, &client),
        &|script| script.grant(&matter, &client.bundle, &client),
        &|script| script.invite(&matter, InviteId::random(), NOW.plus(HOUR), &client),
        &|script| script.at(&matter, &client, MatterAct::Decided(decided.clone())),
    ];
    for write in writes {
        let refused = send(&world, &client, write).await.unwrap_err();
        assert_eq!(refused, Code::NotFound);
    }
    let created = room(world.firm, MatterId::random());
    let refused = send(&world, &client, |script| {
        script.at(&created, &client, MatterAct::Created(created.id));
    });
    assert_eq!(refused.await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn a_submission_that_is_not_here_cannot_be_decided() {
    let world = World::new().await;
    let matter = world.matter().await;
    let decided = Decided { submission: SubmissionId::random(), decision: Decision::Declined };
    let refused = send(&world, &world.founder, |script| {
        script.at(&matter, &world.founder, MatterAct::Decided(decided));
    });
    assert_eq!(refused.await.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn everybody_sees_the_matters_they_sit_at_page_by_page() {
    let world = World::new().await;
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    let mut expected = vec![world.office.id];
    for _ in 0..4 {
        expected.push(world.matter().await.id);
    }
    expected.sort_unstable();
    let mut listed = Vec::new();
    loop {
        let after = listed.last().copied();
        let page = world.call(&world.founder, &ListMatters { after, limit: 2 }).await.unwrap();
        assert!(page.matters.iter().all(|row| Timestamp(row.changed) == NOW && row.head.next == 3));
        listed.extend(page.matters.iter().map(|row| row.matter));
        if !page.more {
            break;
        }
    }
    assert_eq!(listed, expected);
    let none = world.call(&outsider, &ListMatters { after: None, limit: 9 }).await.unwrap();
    assert!(none.matters.is_empty() && !none.more);
    let client = world.client(&world.office).await;
    let refused = world.call(&client, &ListMatters { after: None, limit: 9 }).await.unwrap_err();
    assert_eq!(refused, Code::NotFound);
}
