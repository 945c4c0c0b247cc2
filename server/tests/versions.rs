//! What a manifest says about its sender and about the version before it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use shared::crypto::hash::{Hash32, sha256};
use shared::ids::ClientId;
use shared::journal::stream::StreamId;
use shared::journal::wire::ReadHead;
use shared::problem::Code;
use world::file::Sealed;
use world::script::Script;
use world::{Person, Room, World};

#[tokio::test]
async fn a_manifest_names_its_own_sender_and_the_version_before() {
    let world = World::new().await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let sibling = world.client(&matter).await;
    let founder = &world.founder;
    // For somebody else, and for nobody although a client sends it.
    for (who, named) in [(&client, None), (&client, Some(&sibling)), (founder, Some(&client))] {
        let mut file = Sealed::new(&world, &matter, who, b"a letter");
        file.name_client(named.map(|person| ClientId(person.bundle.subject)), &matter);
        let refused = file.store(&world, &matter, who).await.unwrap_err();
        assert_eq!(refused, Code::InvalidStatement);
    }
    let version = async |who: &Person, room: &Room, before| {
        Sealed::after(&world, room, who, b"a letter", Some(before)).store(&world, room, who).await
    };
    let first = Sealed::new(&world, &matter, &client, b"a letter");
    let first = first.store(&world, &matter, &client).await.unwrap();
    let other = world.matter().await;
    let elsewhere = Sealed::new(&world, &other, founder, b"a letter");
    let elsewhere = elsewhere.store(&world, &other, founder).await.unwrap();
    let refused = Code::InvalidStatement;
    assert_eq!(version(&client, &matter, (1, Hash32([1; 32]))).await.unwrap_err(), refused);
    assert_eq!(version(&client, &matter, (2, first)).await.unwrap_err(), refused);
    assert_eq!(version(&client, &matter, (1, elsewhere)).await.unwrap_err(), refused);
    assert_eq!(version(&sibling, &matter, (1, first)).await.unwrap_err(), refused);
    assert_eq!(version(founder, &matter, (1, first)).await.unwrap_err(), refused);
    let head = ReadHead { stream: StreamId::Matter(matter.id) };
    let newest = version(&client, &matter, (1, first)).await.unwrap();
    // Two versions do not follow the same one.
    assert_eq!(version(&client, &matter, (1, first)).await.unwrap_err(), Code::AlreadyExists);
    let last = version(&client, &matter, (2, newest)).await.unwrap();
    assert_eq!(world.call(founder, &head).await.unwrap().last, last);
    // A statement that is no manifest is no version.
    let mut script = Script::new(&world).await;
    script.describe(&matter, founder);
    let acts = script.finish();
    world.append(founder, &acts).await.unwrap();
    let described = sha256(&acts.statements[0].0);
    assert_eq!(version(founder, &matter, (1, described)).await.unwrap_err(), refused);
}
