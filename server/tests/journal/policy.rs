//! The stream `policy`: who decides for the firm which release of the app it accepts, and who reads it.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role, SigningKey, VerifyKey};
use shared::crypto::signed::Namespace;
use shared::journal::release::{AcceptedRelease, PolicyAct};
use shared::journal::stream::StreamId;
use shared::journal::wire::{From, ReadStreams};
use shared::problem::Code;

use crate::world::script::Script;
use crate::world::{Person, World};

async fn accept(world: &World, who: &Person, stream: StreamId, key: VerifyKey) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    let act = PolicyAct::ReleaseAccepted(AcceptedRelease { key, release: Hash32([4; 32]) });
    script.by(who, Namespace::Policy, stream, act);
    world.append(who, &script.finish()).await.map(drop)
}

#[tokio::test]
async fn a_release_is_accepted_by_whoever_decides_for_the_firm() {
    let world = World::new().await;
    let key = SigningKey::generate().public();
    let without = world.staff(Role::Staff, Caps(Caps::ALL.0 & !Caps::POLICY.0)).await;
    let policy = StreamId::Policy;
    assert_eq!(accept(&world, &without, policy, key).await, Err(Code::InvalidStatement));
    let no_key = VerifyKey([0; 32]);
    assert_eq!(accept(&world, &world.founder, policy, no_key).await, Err(Code::InvalidStatement));
    for other in [StreamId::Keyring, StreamId::Forms, StreamId::Matter(world.office.id)] {
        let refused = accept(&world, &world.founder, other, key).await;
        assert_eq!(refused, Err(Code::InvalidStatement), "{other}");
    }
    accept(&world, &world.founder, policy, key).await.unwrap();
    accept(&world, &world.founder, policy, key).await.unwrap();
    let question = ReadStreams { from: vec![From { stream: policy, seq: 0 }], limit: 9, seen: 0 };
    assert_eq!(world.call(&without, &question).await.unwrap().entries.len(), 2);
    let client = world.client(&world.matter().await).await;
    assert_eq!(world.call(&client, &question).await.unwrap_err(), Code::NotFound);
}
