//! What the server refuses to take into a matter's stream, a reader refuses to believe: for each
//! statement both are asked, and each has an honest twin that both take.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use server::journal::signer::Authority;
use shared::client::room::Room as Verified;
use shared::client::{ClientError, Thing};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::ids::{InviteId, MatterId, ObjectId, SubmissionId};
use shared::journal::statement::{MatterAct, RecordRef, Submitted};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, Entry};
use shared::time::HOUR;
use world::file::Sealed;
use world::script::Script;
use world::{Person, Room, World, noise, person, room};

/// What a reader makes of the statements, after the stream as it stands.
async fn read(world: &World, matter: MatterId, acts: &Append) -> Result<(), ClientError> {
    let directory = world.directory().await;
    let mut verified = Verified::empty(matter);
    for entry in world.entries(StreamId::Matter(matter)).await {
        verified.apply(entry, &directory).unwrap();
    }
    let entry = |statement: &shared::encoding::B64| Entry {
        statement: shared::encoding::B64(statement.0.clone()),
        leaf: 0,
        blind: Hash32([0; 32]),
        arrived: 0,
        attachments: acts.attachments.clone(),
    };
    acts.statements.iter().try_for_each(|bytes| verified.apply(entry(bytes), &directory))
}

async fn both_refuse(world: &World, at: &Room, who: &Person, write: impl FnOnce(&mut Script<'_>)) {
    let mut script = Script::new(world).await;
    write(&mut script);
    let acts = script.finish();
    let said = read(world, at.id, &acts).await;
    assert_eq!(said.err(), Some(ClientError::NotVerified(Thing::Matter)));
    assert!(world.append(who, &acts).await.is_err());
}

async fn both_take(world: &World, at: &Room, who: &Person, write: impl FnOnce(&mut Script<'_>)) {
    let mut script = Script::new(world).await;
    write(&mut script);
    let acts = script.finish();
    read(world, at.id, &acts).await.unwrap();
    world.append(who, &acts).await.unwrap();
}

fn described(script: &mut Script<'_>, at: &Room, who: &Person, epoch: u32) {
    let record = script.record(at);
    script.at(at, who, MatterAct::Described(RecordRef { epoch, ..record }));
}

fn invited(script: &mut Script<'_>, at: &Room, who: &Person, invite: InviteId, epoch: u32) {
    let blob_hash = script.attach(noise(700));
    let secret = RecordRef { epoch, ..script.record(at) };
    let expires = script.time.plus(HOUR);
    let act = shared::journal::statement::ClientInvited {
        invite,
        auth_hash: Hash32([5; 32]),
        blob_hash,
        expires,
        secret,
    };
    script.at(at, who, MatterAct::Invited(act));
}

fn submitted(script: &mut Script<'_>, at: &Room, who: &Person, objects: &[ObjectId]) {
    let act = Submitted {
        submission: SubmissionId::random(),
        answers: objects[0],
        documents: objects[1..].to_vec(),
        form_hash: Hash32([1; 32]),
        notice_hash: Hash32([2; 32]),
    };
    script.at(at, who, MatterAct::Submitted(act));
}

#[tokio::test]
async fn records_are_of_a_key_epoch_that_there_is() {
    let world = World::new().await;
    let (matter, founder) = (world.matter().await, &world.founder);
    both_refuse(&world, &matter, founder, |s| described(s, &matter, founder, 1)).await;
    both_take(&world, &matter, founder, |s| described(s, &matter, founder, 0)).await;
    let invite = InviteId::random();
    both_refuse(&world, &matter, founder, |s| invited(s, &matter, founder, invite, 1)).await;
    both_take(&world, &matter, founder, |s| invited(s, &matter, founder, invite, 0)).await;
    // The same invitation is not said twice.
    both_refuse(&world, &matter, founder, |s| invited(s, &matter, founder, invite, 0)).await;
}

#[tokio::test]
async fn a_submission_names_each_object_once() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let mut objects = Vec::new();
    for _ in 0..2 {
        let file = Sealed::new(&world, &matter, &client, b"a letter");
        file.store(&world, &matter, &client).await.unwrap();
        objects.push(file.object);
    }
    let (a, b) = (objects[0], objects[1]);
    for twice in [[a, a].as_slice(), &[a, b, b], &[a, b, a]] {
        both_refuse(&world, &matter, &client, |s| submitted(s, &matter, &client, twice)).await;
    }
    both_take(&world, &matter, &client, |s| submitted(s, &matter, &client, &[a, b])).await;
}

#[tokio::test]
async fn who_files_sits_there_and_says_who_it_is() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let outsider = world.staff(Role::Staff, Caps::ALL).await;
    let theirs = Sealed::new(&world, &matter, &outsider, b"a letter");
    both_refuse(&world, &matter, &outsider, |s| theirs.file(s, &matter, &outsider)).await;
    let mut nobody = Sealed::new(&world, &matter, &client, b"a letter");
    nobody.name_client(None, &matter);
    nobody.upload(&world, &matter, &client).await.unwrap();
    both_refuse(&world, &matter, &client, |s| nobody.file(s, &matter, &client)).await;
    let after = Some((1, Hash32([1; 32])));
    let second = Sealed::after(&world, &matter, &client, b"a letter", after);
    second.upload(&world, &matter, &client).await.unwrap();
    both_refuse(&world, &matter, &client, |s| second.file(s, &matter, &client)).await;
    let first = Sealed::new(&world, &matter, &client, b"a letter");
    first.upload(&world, &matter, &client).await.unwrap();
    both_take(&world, &matter, &client, |s| first.file(s, &matter, &client)).await;
}

#[tokio::test]
async fn two_versions_do_not_follow_the_same_one() {
    let world = World::new().await;
    let (matter, founder) = (world.matter().await, &world.founder);
    let first = Sealed::new(&world, &matter, founder, b"a letter");
    let first = first.store(&world, &matter, founder).await.unwrap();
    let next = async || {
        let file = Sealed::after(&world, &matter, founder, b"a letter", Some((1, first)));
        file.upload(&world, &matter, founder).await.unwrap();
        file
    };
    let (one, other) = (next().await, next().await);
    both_take(&world, &matter, founder, |s| one.file(s, &matter, founder)).await;
    both_refuse(&world, &matter, founder, |s| other.file(s, &matter, founder)).await;
}

#[tokio::test]
async fn one_client_comes_by_an_invitation() {
    let world = World::new().await;
    let (matter, founder) = (world.matter().await, &world.founder);
    let invite = InviteId::random();
    both_take(&world, &matter, founder, |s| invited(s, &matter, founder, invite, 0)).await;
    let join = async |client: &Person| {
        let mut script = Script::new(&world).await;
        script.join(&matter, invite, client);
        let acts = script.finish();
        let believed = read(&world, matter.id, &acts).await.is_ok();
        let taken = world.take(Authority::Redeeming { invite }, &acts).await.is_ok();
        (believed, taken)
    };
    let foreign = person(Hash32([7; 32]), Role::Client, Caps::NONE);
    assert_eq!(join(&foreign).await, (false, false));
    assert_eq!(join(&person(world.firm, Role::Client, Caps::NONE)).await, (true, true));
    assert_eq!(join(&person(world.firm, Role::Client, Caps::NONE)).await, (false, false));
}

#[tokio::test]
async fn a_matter_begins_with_its_creation() {
    let world = World::new().await;
    let founder = &world.founder;
    let begun = room(world.firm, MatterId::random());
    // Nobody can ask the server for a stream that is not there.
    let directory = world.directory().await;
    let first = |acts: Append| {
        let entry = Entry {
            statement: acts.statements.into_iter().next().unwrap(),
            leaf: 0,
            blind: Hash32([0; 32]),
            arrived: 0,
            attachments: acts.attachments,
        };
        Verified::empty(begun.id).apply(entry, &directory)
    };
    let mut script = Script::new(&world).await;
    script.epoch(&begun, 0, founder);
    let unbegun = script.finish();
    assert!(world.append(founder, &unbegun).await.is_err());
    assert!(first(unbegun).is_err());
    let mut script = Script::new(&world).await;
    script.create(&begun, founder);
    let created = script.finish();
    world.append(founder, &created).await.unwrap();
    first(created).unwrap();
}
