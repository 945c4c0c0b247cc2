//! A06: the server puts a matter of its own making among a lawyer's matters, with a key that it knows.

use server::db::Value;
use shared::client::matters::Closed;
use shared::client::room::Room;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::{Caps, Role};
use shared::crypto::sealed::RecordKind;
use shared::ids::{MatterId, RecordId};
use shared::journal::statement::MatterAct;
use shared::journal::stream::StreamId;

use crate::frame::forge::{entries_of, keyed, puppet};
use crate::frame::journal::Journal;
use crate::frame::scene::{described, fresh, sign_in};
use crate::frame::{attempt, plainly, refused, tamper, twist};
use crate::harness::NOW;
use crate::harness::acts::Firm;
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A06";

/// A whole matter in the founder's name: made, keyed, granted, described. The honest server would not
/// list it; this one has a seat for the founder in its tables.
#[test]
fn a_matter_that_nobody_made_is_not_shown() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let world = puppet(&firm, &thief).await;
        let room = keyed(&thief, world.firm, MatterId::random());
        let mut script = Script::new(&world).await;
        script.create(&room, &world.founder);
        let description = described("A planted matter");
        let kind = RecordKind::Matter;
        let record = script.sealed(&room, kind, RecordId::random(), &description);
        script.at(&room, &world.founder, MatterAct::Described(record));
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        seat(&firm, &world, room.id).await;
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        twist(&portal, journal.twist());
        let listed = portal.matters(&ring).await?;
        let row = listed.iter().find(|row| row.matter == room.id);
        let title = row.map(|row| row.description.as_ref().map(|about| about.title.as_str()));
        match title {
            Some(Ok("A planted matter")) => return Ok(()),
            // It is named as something that does not verify, and the true one stands beside it.
            Some(Err(Closed::Stream)) => {}
            other => panic!("{other:?}"),
        }
        let honest = listed.iter().find(|row| row.matter == firm.matter).unwrap();
        assert!(honest.description.is_ok());
        portal.matter(&ring, room.id).await?;
        refused("the matter was opened without a name")
    });
}

/// The tables say that the founder sits there.
async fn seat(firm: &Firm, world: &World, matter: MatterId) {
    let kid = || Value::from(world.founder.kid().0);
    let id = || Value::from(matter);
    let time = || Value::from(NOW.0);
    let made = "INSERT INTO matter (id, creator, created) VALUES ($1, $2, $3)";
    tamper(firm, made, &[id(), kid(), time()]).await;
    tamper(firm, "INSERT INTO seat (kid, matter) VALUES ($1, $2)", &[kid(), id()]).await;
    let stream = "INSERT INTO stream (name, next, last, changed) VALUES ($1, $2, $3, $4)";
    let name = Value::from(StreamId::Matter(matter).to_string());
    let head = [name, Value::from(0_u64), Value::from([0; 32]), time()];
    tamper(firm, stream, &head).await;
}

/// A colleague who may give access but make no matters makes none, with a server that lets it pass.
#[test]
fn a_matter_by_somebody_who_may_make_none_is_refused() {
    plainly(async {
        let world = World::new().await;
        for (caps, holds) in [(Caps::ALL, true), (Caps::GRANT.union(Caps::INVITE), false)] {
            let maker = world.staff(Role::Staff, caps).await;
            let room = crate::world::room(world.firm, MatterId::random());
            let mut script = Script::new(&world).await;
            script.create(&room, &maker);
            let directory = world.directory().await;
            let mut fold = Room::empty(room.id);
            let mut entries = entries_of(script.finish()).into_iter();
            let outcome = entries.try_for_each(|entry| fold.apply(entry, &directory));
            let refused = Some(ClientError::NotVerified(Thing::Matter)).filter(|_| !holds);
            assert_eq!(outcome.err(), refused);
        }
    });
}
