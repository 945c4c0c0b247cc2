//! What the server refuses to take of policy, from requests that no honest device sends.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Namespace;
use shared::ids::RecordId;
use shared::journal::release::PolicyAct;
use shared::journal::statement::RecordRef;
use shared::journal::stream::StreamId;
use shared::journal::wire::{From, ReadStreams};
use shared::problem::Code;

use crate::rules;
use crate::world::script::Script;
use crate::world::{Person, World};

const INVALID: Result<(), Code> = Err(Code::InvalidStatement);

async fn say(world: &World, by: &Person, act: PolicyAct) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.by(by, Namespace::Policy, StreamId::Policy, act);
    world.append(by, &script.finish()).await.map(drop)
}

async fn name_kinds(world: &World, by: &Person, kind: RecordKind, epoch: u32) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    let record = script.garbled(&world.office, kind, RecordId::random());
    let act = PolicyAct::Kinds(RecordRef { epoch, ..record });
    script.by(by, Namespace::Policy, StreamId::Policy, act);
    world.append(by, &script.finish()).await.map(drop)
}

#[tokio::test]
async fn how_long_staff_stay_is_said_by_whoever_decides_within_bounds() {
    let world = World::new().await;
    let without = world.staff(Role::Staff, Caps(Caps::ALL.0 & !Caps::POLICY.0)).await;
    assert_eq!(say(&world, &without, PolicyAct::Sessions(rules(5, 2))).await, INVALID);
    for bad in [rules(0, 1), rules(61, 1), rules(1, 0), rules(1, 25), rules(u32::MAX, 1)] {
        let said = say(&world, &world.founder, PolicyAct::Sessions(bad)).await;
        assert_eq!(said, INVALID, "{bad:?}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM session_rules").await, 0);
    say(&world, &world.founder, PolicyAct::Sessions(rules(5, 2))).await.unwrap();
    say(&world, &world.founder, PolicyAct::Sessions(rules(6, 2))).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM session_rules WHERE idle_minutes = 6").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM session_rules").await, 1);
}

#[tokio::test]
async fn kinds_are_a_record_of_the_firms_own_room_from_somebody_there() {
    let world = World::new().await;
    let outside = world.staff(Role::Staff, Caps::ALL).await;
    assert_eq!(name_kinds(&world, &outside, RecordKind::Kinds, 0).await, INVALID);
    let founder = &world.founder;
    assert_eq!(name_kinds(&world, founder, RecordKind::Firm, 0).await, INVALID);
    assert_eq!(name_kinds(&world, founder, RecordKind::Kinds, 1).await, INVALID);
    let nothing = RecordRef { record: RecordId([1; 16]), epoch: 0, hash: Hash32([2; 32]) };
    assert!(say(&world, founder, PolicyAct::Kinds(nothing)).await.is_err());
    name_kinds(&world, founder, RecordKind::Kinds, 0).await.unwrap();
}

#[tokio::test]
async fn what_is_sealed_for_the_firms_own_room_is_given_to_those_in_it_alone() {
    let world = World::new().await;
    let outside = world.staff(Role::Staff, Caps::ALL).await;
    name_kinds(&world, &world.founder, RecordKind::Kinds, 0).await.unwrap();
    let from = vec![From { stream: StreamId::Policy, seq: 0 }];
    let question = ReadStreams { from, limit: 9, seen: 0 };
    let inside = world.call(&world.founder, &question).await.unwrap();
    assert_eq!(inside.entries[0].attachments.len(), 1);
    let outside = world.call(&outside, &question).await.unwrap();
    assert_eq!((outside.entries.len(), outside.entries[0].attachments.len()), (1, 0));
    let client = world.client(&world.matter().await).await;
    assert_eq!(world.call(&client, &question).await.unwrap_err(), Code::NotFound);
}
