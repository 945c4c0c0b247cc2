//! Posts, walls and duties at the append door: what the server refuses whatever a device says.

use server::extract::caller::For;
use server::journal::rebuild::rebuild;
use server::journal::signer::Authority;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::signed::Namespace;
use shared::ids::{MatterId, WallId};
use shared::journal::posts::{Duty, DutyGiven, Placing, Post, Posted, WallLifted, WallRaised};
use shared::journal::statement::KeyringAct;
use shared::journal::stream::StreamId;
use shared::problem::Code;
use shared::time::MINUTE;

use crate::harness::NOW;
use crate::world::script::Script;
use crate::world::{Person, Room, World};

async fn say(world: &World, by: &Person, act: KeyringAct) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.by(by, Namespace::Keyring, StreamId::Keyring, act);
    world.append(by, &script.finish()).await.map(drop)
}

fn posted(of: &Person, placing: Placing) -> KeyringAct {
    let caps = placing.post.caps();
    KeyringAct::Posted(Posted { account: of.account, kid: of.kid(), placing, caps })
}

fn raised(of: &Person, matter: MatterId) -> (WallId, KeyringAct) {
    let wall = WallId::random();
    let act = WallRaised { wall, account: of.account, kid: of.kid(), matter };
    (wall, KeyringAct::WallRaised(act))
}

async fn grant(world: &World, room: &Room, to: &Person) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.grant(room, &to.bundle, &world.founder);
    world.append(&world.founder, &script.finish()).await.map(drop)
}

async fn describe(world: &World, room: &Room, by: &Person) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    script.describe(room, by);
    world.append(by, &script.finish()).await.map(drop)
}

async fn rebuilt(world: &World) {
    let rebuilt = rebuild(&world.app.db, &world.app.secrets).await.unwrap();
    assert_eq!(rebuilt.differences, Vec::new());
}

const REFUSED: Result<(), Code> = Err(Code::InvalidStatement);

#[tokio::test]
async fn a_post_is_given_by_those_who_may_and_fits() {
    let world = World::new().await;
    let founder = &world.founder;
    let bo = world.staff(Role::Staff, Post::Lawyer.caps()).await;
    let ada = world.staff(Role::Admin, Post::Administrator.caps()).await;
    let plain = Placing::of;
    for (by, of, placing, why) in [
        (&bo, &ada, plain(Post::Auditor), "a lawyer"),
        (&ada, &ada, plain(Post::Auditor), "oneself"),
        (&ada, &bo, plain(Post::Officer), "an administrator makes an officer"),
        (&ada, founder, plain(Post::Lawyer), "or unmakes one"),
        (founder, &bo, plain(Post::Administrator), "keys that open"),
        (founder, &ada, plain(Post::Paralegal), "keys that do not"),
        (founder, &bo, plain(Post::Contractor), "no end"),
        (founder, &bo, plain(Post::ThirdParty), "no matter"),
        (founder, &bo, Placing { matter: Some(world.office.id), ..plain(Post::ThirdParty) }, ""),
    ] {
        assert_eq!(say(&world, by, posted(of, placing)).await, REFUSED, "{why}");
    }
    let matter = world.matter().await;
    grant(&world, &matter, &bo).await.unwrap();
    say(&world, &ada, posted(&bo, plain(Post::Paralegal))).await.unwrap();
    let mut script = Script::new(&world).await;
    script.grant(&matter, &bo.bundle, &bo);
    assert_eq!(world.append(&bo, &script.finish()).await.unwrap_err(), Code::InvalidStatement);
    describe(&world, &matter, &bo).await.unwrap();
    say(&world, founder, posted(&bo, plain(Post::Officer))).await.unwrap();
    say(&world, &bo, posted(founder, plain(Post::Lawyer))).await.unwrap();
    say(&world, &bo, posted(&ada, plain(Post::Auditor))).await.unwrap();
    assert_eq!(say(&world, &ada, posted(&bo, plain(Post::Lawyer))).await, REFUSED, "no more");
    rebuilt(&world).await;
}

#[tokio::test]
async fn nothing_is_taken_of_somebody_whose_time_is_over() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Caps::NONE).await;
    let matter = world.matter().await;
    grant(&world, &matter, &bo).await.unwrap();
    let until = |minutes| {
        let until = Some(NOW.plus(minutes * MINUTE));
        posted(&bo, Placing { until, ..Placing::of(Post::Contractor) })
    };
    say(&world, &world.founder, until(2)).await.unwrap();
    describe(&world, &matter, &bo).await.unwrap();
    world.server.pass(2 * MINUTE);
    describe(&world, &matter, &bo).await.unwrap();
    world.server.pass(1);
    assert_eq!(describe(&world, &matter, &bo).await, Err(Code::Unauthenticated));
    let mut script = Script::new(&world).await;
    script.describe(&matter, &bo);
    let late = script.finish();
    let taken = world.take(Authority::Staff(bo.account), &late).await;
    assert_eq!(taken.unwrap_err(), Code::InvalidStatement);
    let again = Person { cookie: world.session(For::Account(bo.account)).await, ..bo };
    assert_eq!(world.append(&again, &late).await.unwrap_err(), Code::Unauthenticated);
    assert_eq!(grant(&world, &matter, &again).await, REFUSED);
    // Longer, and everything goes on.
    let until = Some(NOW.plus(20 * MINUTE));
    let longer = posted(&again, Placing { until, ..Placing::of(Post::Contractor) });
    say(&world, &world.founder, longer).await.unwrap();
    describe(&world, &matter, &again).await.unwrap();
    rebuilt(&world).await;
}

#[tokio::test]
async fn a_third_party_is_let_into_one_matter() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Caps::NONE).await;
    let (one, other) = (world.matter().await, world.matter().await);
    grant(&world, &other, &bo).await.unwrap();
    let placing = Placing { matter: Some(one.id), ..Placing::of(Post::ThirdParty) };
    say(&world, &world.founder, posted(&bo, placing)).await.unwrap();
    assert_eq!(describe(&world, &other, &bo).await, Err(Code::NotFound), "where they sat");
    assert_eq!(grant(&world, &other, &bo).await, REFUSED);
    assert_eq!(grant(&world, &world.office, &bo).await, REFUSED);
    grant(&world, &one, &bo).await.unwrap();
    describe(&world, &one, &bo).await.unwrap();
    rebuilt(&world).await;
}

#[tokio::test]
async fn a_wall_keeps_out_until_it_is_lifted() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Post::Lawyer.caps()).await;
    let cy = world.staff(Role::Staff, Post::Lawyer.caps()).await;
    let mia = world.staff(Role::Admin, Post::Compliance.caps()).await;
    let matter = world.matter().await;
    grant(&world, &matter, &bo).await.unwrap();
    let (wall, act) = raised(&bo, matter.id);
    assert_eq!(say(&world, &cy, act.clone()).await, REFUSED, "no seat");
    assert_eq!(say(&world, &bo, act.clone()).await, REFUSED, "oneself");
    assert_eq!(say(&world, &mia, raised(&bo, world.office.id).1).await, REFUSED, "the office");
    assert_eq!(say(&world, &mia, raised(&mia, matter.id).1).await, REFUSED);
    grant(&world, &matter, &cy).await.unwrap();
    say(&world, &cy, act).await.unwrap();
    assert_eq!(say(&world, &mia, raised(&bo, matter.id).1).await, REFUSED, "a second one");
    assert_eq!(describe(&world, &matter, &bo).await, Err(Code::NotFound));
    assert_eq!(grant(&world, &matter, &bo).await, REFUSED);
    let lifted = |wall, of: &Person| KeyringAct::WallLifted(WallLifted { wall, kid: of.kid() });
    assert_eq!(say(&world, &cy, lifted(wall, &bo)).await, REFUSED, "a lawyer");
    assert_eq!(say(&world, &mia, lifted(WallId::random(), &bo)).await, REFUSED);
    assert_eq!(say(&world, &mia, lifted(wall, &cy)).await, REFUSED, "before somebody else");
    say(&world, &mia, lifted(wall, &bo)).await.unwrap();
    assert_eq!(say(&world, &mia, lifted(wall, &bo)).await, REFUSED, "twice");
    grant(&world, &matter, &bo).await.unwrap();
    describe(&world, &matter, &bo).await.unwrap();
    rebuilt(&world).await;
}

#[tokio::test]
async fn a_duty_is_given_to_people_of_the_firm() {
    let world = World::new().await;
    let bo = world.staff(Role::Staff, Post::Lawyer.caps()).await;
    let given = |holder: Option<&Person>, deputy: Option<&Person>| {
        let (holder, deputy) = (holder.map(Person::kid), deputy.map(Person::kid));
        KeyringAct::DutyGiven(DutyGiven { duty: Duty::Supervision, holder, deputy })
    };
    let (founder, client) = (&world.founder, world.client(&world.matter().await).await);
    assert_eq!(say(&world, &bo, given(Some(&bo), None)).await, REFUSED);
    assert_eq!(say(&world, founder, given(Some(&bo), Some(&bo))).await, REFUSED);
    assert_eq!(say(&world, founder, given(Some(&client), None)).await, REFUSED, "a client");
    say(&world, founder, given(Some(founder), Some(&bo))).await.unwrap();
    say(&world, founder, given(None, None)).await.unwrap();
    rebuilt(&world).await;
}
