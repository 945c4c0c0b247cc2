//! Whose time with the firm ended, at the append door: what the server refuses whatever a device says.

use server::extract::caller::For;
use server::journal::rebuild::rebuild;
use server::journal::signer::Authority;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::signed::Namespace;
use shared::ids::AccountId;
use shared::journal::statement::{EndKind, Ended, EpochAct, KeyringAct, Restored};
use shared::journal::stream::{Head, StreamId};
use shared::keys::wire::{CountSeats, SeatsCounted};
use shared::problem::Code;

use crate::world::script::Script;
use crate::world::{Person, World, room};

async fn say(world: &World, by: &Person, act: KeyringAct) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.by(by, Namespace::Keyring, StreamId::Keyring, act);
    world.append(by, &script.finish()).await.map(drop)
}

fn ended(of: &Person, kind: EndKind) -> KeyringAct {
    KeyringAct::Ended(Ended { account: of.account, kid: of.kid(), kind })
}

fn restored(of: &Person) -> KeyringAct {
    KeyringAct::Restored(Restored { account: of.account, kid: of.kid() })
}

const REFUSED: Result<(), Code> = Err(Code::InvalidStatement);

#[tokio::test]
async fn an_end_is_said_by_those_who_may_and_leaves_somebody_who_admits() {
    let world = World::new().await;
    let (left, suspended) = (EndKind::Left, EndKind::Suspended);
    let founder = &world.founder;
    let bo = world.staff(Role::Staff, Caps::GRANT).await;
    let officer = world.staff(Role::Admin, Caps::KEYS).await;
    assert_eq!(say(&world, &bo, ended(&officer, left)).await, REFUSED, "may not");
    assert_eq!(say(&world, founder, ended(founder, left)).await, REFUSED, "oneself");
    assert_eq!(say(&world, &officer, ended(founder, left)).await, REFUSED, "the last who admits");
    let other = Ended { account: AccountId::random(), kid: bo.kid(), kind: left };
    assert_eq!(say(&world, founder, KeyringAct::Ended(other)).await, REFUSED, "another name");
    assert_eq!(say(&world, founder, restored(&bo)).await, REFUSED, "who is with the firm");
    say(&world, &officer, ended(&bo, suspended)).await.unwrap();
    assert_eq!(say(&world, founder, ended(&bo, suspended)).await, REFUSED, "twice");
    say(&world, founder, restored(&bo)).await.unwrap();
    say(&world, founder, ended(&bo, suspended)).await.unwrap();
    say(&world, founder, ended(&bo, left)).await.unwrap();
    assert_eq!(say(&world, founder, restored(&bo)).await, REFUSED, "who left");
    // A device reads the same.
    assert!(world.directory().await.is_ended(bo.kid()));
    let rebuilt = rebuild(&world.app.db, &world.app.secrets).await.unwrap();
    assert_eq!(rebuilt.differences, Vec::new());
}

#[tokio::test]
async fn nothing_of_somebody_who_left_is_taken_on_any_authority() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Caps::ALL).await;
    let matter = world.matter().await;
    let mut script = Script::new(&world).await;
    script.grant(&matter, &bo.bundle, &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let mut script = Script::new(&world).await;
    script.describe(&matter, &bo);
    let before = script.finish();
    world.append(&bo, &before).await.unwrap();
    say(&world, &world.founder, ended(&bo, EndKind::Suspended)).await.unwrap();

    let mut script = Script::new(&world).await;
    script.describe(&matter, &bo);
    let after = script.finish();
    assert_eq!(world.append(&bo, &after).await.unwrap_err(), Code::Unauthenticated);
    let authority = || Authority::Staff(bo.account);
    assert_eq!(world.take(authority(), &after).await.unwrap_err(), Code::InvalidStatement);
    assert_eq!(world.take(authority(), &before).await.unwrap_err(), Code::InvalidStatement);
    // A session that was opened in the same moment is none.
    let again = Person { cookie: world.session(For::Account(bo.account)).await, ..bo };
    assert_eq!(world.append(&again, &after).await.unwrap_err(), Code::Unauthenticated);
    // Nor is a key granted to them.
    let mut script = Script::new(&world).await;
    script.grant(&matter, &again.bundle, &world.founder);
    let granted = world.append(&world.founder, &script.finish()).await;
    assert_eq!(granted.unwrap_err(), Code::InvalidStatement);
}

#[tokio::test]
async fn an_epoch_names_no_more_of_the_keyring_than_there_is() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Caps::ALL).await;
    let matter = world.matter().await;
    let mut script = Script::new(&world).await;
    script.grant(&matter, &bo.bundle, &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    say(&world, &world.founder, ended(&bo, EndKind::Left)).await.unwrap();
    let end = Script::new(&world).await.head(StreamId::Keyring);
    for (known, taken) in [
        (Head { next: end.next + 1, ..end }, false),
        (Head { last: Hash32([4; 32]), ..end }, false),
        (Head::EMPTY, false),
        (end, true),
    ] {
        let mut script = Script::new(&world).await;
        let next = room(world.firm, matter.id);
        let act = EpochAct {
            matter: matter.id,
            epoch: 1,
            key: next.bundle,
            unseated: Some(vec![bo.kid()]),
            known: Some(known),
        };
        let stream = StreamId::Matter(matter.id);
        script.by(&world.founder, Namespace::EpochKey, stream, act);
        let outcome = world.append(&world.founder, &script.finish()).await;
        assert_eq!(outcome.is_ok(), taken, "{known:?}");
    }
}

#[tokio::test]
async fn how_much_hangs_on_somebody_is_told_to_those_who_may_end_their_time() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Caps::GRANT).await;
    let admin = world.staff(Role::Admin, Caps::ADMIT).await;
    world.matter().await;
    let matter = world.matter().await;
    let mut script = Script::new(&world).await;
    script.grant(&matter, &bo.bundle, &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let ask = CountSeats { account: world.founder.account };
    assert_eq!(world.call(&bo, &ask).await.unwrap_err(), Code::NotFound);
    let told = world.call(&admin, &ask).await.unwrap();
    assert_eq!(told, SeatsCounted { matters: 2, alone: 1, lost: 1, links: 0 });
}
